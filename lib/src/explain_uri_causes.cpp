#include <array>

#include "explain_change.hpp"
#include "explain_uri.hpp"
#include "sipauth/text.hpp"

namespace sipauth::explain {
namespace {

constexpr Text uri_member = &DigestInput::uri;

template <auto Respell>
void uri(const Candidate& candidate, const ExplainContext& context, Sink& sink) {
  for (const auto& other : Respell(candidate.input, context)) {
    with(candidate, uri_member, other, sink);
  }
}

void uri_backslashes(const Candidate& candidate, const ExplainContext& context, Sink& sink) {
  from_context<uri_member, &ExplainContext::raw_uri>(candidate, context, sink);
  with(candidate, uri_member, unquote(candidate.input.uri), sink);
}

void other_uri(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  for (const auto text : {"", "*", "/", "sip:"}) with(candidate, uri_member, text, sink);
}

constexpr std::string_view hash_the_header =
    "A server hashes the uri that stands in the header, so the phone has to hash that one; a proxy "
    "that rewrites the header breaks every digest.";

constexpr auto table = std::to_array<Cause>({
    {"uri-with-port", "uri", "The digest was made for {}, with a port in it, not for {given}.",
     hash_the_header, Rank::usual, Composes::yes, uri<uri_with_port>},
    {"uri-without-port", "uri", "The digest was made for {}, without the port, not for {given}.",
     hash_the_header, Rank::usual, Composes::yes, uri<uri_without_port>},
    {"uri-without-parameters", "uri",
     "The digest was made for {}, without the parameters, not for {given}.", hash_the_header,
     Rank::usual, Composes::yes, uri<uri_without_parameters>},
    {"uri-of-host", "uri", "The digest was made for {}, the host alone, not for {given}.",
     hash_the_header, Rank::usual, Composes::yes, uri<uri_of_host>},
    {"request-uri", "uri", "The digest was made for the Request-URI, {}, not for {given}.",
     "The phone writes one uri into the header and hashes another, the Request-URI: they may "
     "differ, but the header's has to be the hashed one.",
     Rank::usual, Composes::yes, from_context<uri_member, &ExplainContext::request_uri>},
    {"uri-without-user", "uri", "The digest was made for {}, without the user, not for {given}.",
     hash_the_header, Rank::usual, Composes::yes, uri<uri_without_user>},
    {"uri-with-user", "uri", "The digest was made for {}, with a user in it, not for {given}.",
     hash_the_header, Rank::usual, Composes::yes, uri<uri_with_user>},
    {"uri-scheme", "uri", "The digest was made for {}, with the other scheme, not for {given}.",
     "One side takes sip: for sips: or the reverse: the scheme of the header counts.", Rank::usual,
     Composes::yes, uri<uri_scheme>},
    {"uri-with-parameters", "uri",
     "The digest was made for {}, with a parameter more, not for {given}.", hash_the_header,
     Rank::usual, Composes::yes, uri<uri_with_parameters>},
    {"uri-without-scheme", "uri", "The digest was made for {}, without sip: in front.",
     hash_the_header, Rank::seen, Composes::yes, uri<uri_without_scheme>},
    {"uri-with-scheme", "uri", "The digest was made for {}; the header has no scheme.",
     hash_the_header, Rank::seen, Composes::yes, uri<uri_with_scheme>},
    {"uri-with-host", "uri", "The digest was made for {}, another host than {given}.",
     "The phone hashes its domain where the header has the address of a server, or the reverse: "
     "the uri of the header counts.",
     Rank::seen, Composes::yes, uri<uri_with_host>},
    {"uri-in-brackets", "uri", "The digest was made for {}, angle brackets included.",
     "The brackets belong to From and To, not to a uri: the phone has to hash without them.",
     Rank::seen, Composes::yes, uri<uri_in_brackets>},
    {"uri-without-brackets", "uri", "The digest was made for {}, without the angle brackets.",
     "The phone writes brackets into the header's uri where none belong.", Rank::seen,
     Composes::yes, uri<uri_without_brackets>},
    {"uri-in-quotes", "uri", "The digest was made for {}, quotes included.",
     "The quotes of the header are no part of the value: the phone has to leave them out.",
     Rank::seen, Composes::yes, uri<uri_in_quotes>},
    {"uri-case", "uri", "The digest was made for {}, in lower case.",
     "The uri is hashed byte by byte: nobody may change its case.", Rank::seen, Composes::yes,
     uri<uri_case>},
    {"uri-decoded", "uri", "The digest was made for {}, with its %XX decoded.",
     "The uri is hashed byte by byte, escapes included.", Rank::seen, Composes::yes,
     uri<uri_decoded>},
    {"uri-encoded", "uri", "The digest was made for {}, with %XX for characters of the user.",
     "The uri is hashed byte by byte: the phone escapes it after it wrote the header, or the "
     "reverse.",
     Rank::rare, Composes::yes, uri<uri_encoded>},
    {"uri-backslashes", "uri", "The digest was made for {}: the backslashes of the header differ.",
     "A uri needs no backslashes: the phone has to leave them out.", Rank::rare, Composes::yes,
     uri_backslashes},
    {"uri-space", "uri", "The digest was made for \"{}\": a blank differs.",
     "A blank at an end of the uri was typed on the phone or trimmed on the way.", Rank::rare,
     Composes::yes, uri<uri_space>},
    {"other-uri", "uri", "The digest was made for the uri \"{}\".",
     "The phone had no uri yet when it computed the digest, or takes that of HTTP.", Rank::rare,
     Composes::no, other_uri},
});

}  // namespace

std::span<const Cause> uri_causes() noexcept { return table; }

}  // namespace sipauth::explain
