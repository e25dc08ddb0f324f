#include <array>

#include "explain_change.hpp"

namespace sipauth::explain {
namespace {

void other_method(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  constexpr auto methods = std::to_array<std::string_view>(
      {"REGISTER", "INVITE", "SUBSCRIBE", "OPTIONS", "MESSAGE", "PUBLISH", "BYE", "ACK", "CANCEL",
       "NOTIFY", "REFER", "INFO", "UPDATE", "PRACK"});
  for (const auto method : methods) with(candidate, &DigestInput::method, method, sink);
}

void method_case(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  with(candidate, &DigestInput::method, lower_case(candidate.input.method), sink);
  with(candidate, &DigestInput::method, upper_case(candidate.input.method), sink);
}

void no_method(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  with(candidate, &DigestInput::method, "", sink);
}

// Code that came from the web, where everything is one of these two.
void method_of_http(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  for (const auto method : {"GET", "POST"}) with(candidate, &DigestInput::method, method, sink);
}

constexpr auto table = std::to_array<Cause>({
    {"other-method", "method", "The digest was made for the method {}, not {given}.",
     "A digest counts for one method: the phone reused one of another request, or this is judged "
     "as another request than it stood in.",
     Rank::usual, Composes::no, other_method},
    {"method-case", "method", "The method that was hashed is {}, not {given}; its case counts.",
     "Methods are case-sensitive: the side that changes the case has to stop that.", Rank::rare,
     Composes::no, method_case},
    {"no-method", "method", "The digest was made without a method, as an rspauth is.",
     "The phone hashes what only a server hashes, or the response of the server was taken for the "
     "phone's.",
     Rank::rare, Composes::no, no_method},
    {"http-method", "method", "The digest was made for {}, a method of HTTP.",
     "The phone uses an HTTP library with its method fixed: it has to hash the SIP method.",
     Rank::rare, Composes::no, method_of_http},
});

}  // namespace

std::span<const Cause> method_causes() noexcept { return table; }

}  // namespace sipauth::explain
