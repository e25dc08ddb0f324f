#include <array>

#include "explain_change.hpp"
#include "sipauth/text.hpp"

namespace sipauth::explain {
namespace {

constexpr Text realm = &DigestInput::realm;

// RFC 2617 hashes the quoting backslashes, RFC 7616 does not.
void realm_backslashes(const Candidate& candidate, const ExplainContext& context, Sink& sink) {
  from_context<realm, &ExplainContext::raw_realm>(candidate, context, sink);
  with_unhashed(candidate, realm, unquote(candidate.input.realm), sink);
  const auto quoted = quote(candidate.input.realm);
  const auto between = std::string_view{quoted}.substr(1, quoted.size() - 2);
  if (context.raw_realm != between) with_unhashed(candidate, realm, between, sink);
}

void realm_case(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  with_unhashed(candidate, realm, lower_case(candidate.input.realm), sink);
  with_unhashed(candidate, realm, upper_case(candidate.input.realm), sink);
}

void realm_of_paste(const Candidate& candidate, const ExplainContext& context, Sink& sink) {
  for (const auto other : context.realms) with_unhashed(candidate, realm, other, sink);
}

void realm_of_from(const Candidate& candidate, const ExplainContext& context, Sink& sink) {
  const auto host = host_of(uri_of(context.from));
  if (!host.empty()) with_unhashed(candidate, realm, host, sink);
}

void other_realm(const Candidate& candidate, const ExplainContext& context, Sink& sink) {
  const auto host = host_of(candidate.input.uri);
  const auto user = candidate.input.username;
  const auto at = user.find('@');
  const auto domain = at == std::string_view::npos ? std::string_view{} : user.substr(at + 1);
  if (!context.domain.empty()) with_unhashed(candidate, realm, context.domain, sink);
  if (!host.empty() && host != context.domain) with_unhashed(candidate, realm, host, sink);
  if (!domain.empty() && domain != host) with_unhashed(candidate, realm, domain, sink);
  with_unhashed(candidate, realm, "", sink);
}

void default_realm(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  for (const auto other : {"asterisk", "sip", "SIP", "localhost", "*"}) {
    with_unhashed(candidate, realm, other, sink);
  }
}

void realm_quotes(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  with_unhashed(candidate, realm, in_quotes(candidate.input.realm), sink);
}

void realm_space(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  const std::string text{candidate.input.realm};
  with_unhashed(candidate, realm, text + ' ', sink);
  with_unhashed(candidate, realm, ' ' + text, sink);
  with_unhashed(candidate, realm, trim(text), sink);
}

constexpr auto table = std::to_array<Cause>({
    {"realm-backslashes", "realm",
     "The realm that was hashed is {}: RFC 2617 keeps the quoting backslashes and RFC 7616 drops "
     "them, so neither side is wrong.",
     "A realm without quotes and backslashes ends this.", Rank::usual, Composes::yes,
     realm_backslashes},
    {"realm-case", "realm", "The realm that was hashed is {}, not {given}; its case counts.",
     "A realm is an opaque text: the side that changes its case, often where HA1s are stored by "
     "domain, has to keep it.",
     Rank::usual, Composes::yes, realm_case},
    {"realm-of-other-challenge", "realm",
     "The realm that was hashed is {}, of another challenge in this text.",
     "The phone answered one challenge with the realm of another, or the stored HA1 is one of that "
     "realm.",
     Rank::usual, Composes::no, realm_of_paste},
    {"realm-of-from", "realm", "The realm that was hashed is {}, the domain of From.",
     "The phone, or whoever stored its HA1, took the SIP domain for the realm: the realm of the "
     "challenge counts.",
     Rank::seen, Composes::no, realm_of_from},
    {"other-realm", "realm", "The realm that was hashed is \"{}\".",
     "The realm of the challenge counts: the phone has a realm of its own set, or the server "
     "stored its HA1 with this one before its realm was changed.",
     Rank::seen, Composes::no, other_realm},
    {"default-realm", "realm", "The realm that was hashed is {}, a default of servers.",
     "The HA1 was made before the server's realm was set: make it anew with the realm of the "
     "challenge.",
     Rank::rare, Composes::no, default_realm},
    {"realm-quotes", "realm", "The realm that was hashed is {}, quotes included.",
     "The quotes of the header are no part of the value: leave them out of A1.", Rank::seen,
     Composes::yes, realm_quotes},
    {"realm-space", "realm", "The realm that was hashed is \"{}\": a blank differs.",
     "A blank was typed or trimmed at an end of the realm on one side.", Rank::seen, Composes::yes,
     realm_space},
});

}  // namespace

std::span<const Cause> realm_causes() noexcept { return table; }

}  // namespace sipauth::explain
