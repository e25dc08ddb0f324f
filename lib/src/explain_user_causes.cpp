#include <array>

#include "explain_change.hpp"
#include "sipauth/text.hpp"

namespace sipauth::explain {
namespace {

constexpr Text username = &DigestInput::username;

// `before` in front of the name, and each domain behind it.
void with_domains(const Candidate& candidate, const ExplainContext& context,
                  std::string_view before, Sink& sink) {
  const auto& input = candidate.input;
  if (input.username.contains('@')) return;
  const auto domains = std::to_array<std::string_view>({context.domain, host_of(input.uri),
                                                        input.realm, host_of(uri_of(context.from)),
                                                        host_of(context.request_uri)});
  for (std::size_t i = 0; i < domains.size(); ++i) {
    const auto tried = std::span{domains}.first(i);
    if (domains[i].empty() || is_among(tried, domains[i])) continue;
    std::string user{before};
    user.append(input.username).append(1, '@').append(domains[i]);
    with_unhashed(candidate, username, user, sink);
  }
}

void user_with_domain(const Candidate& candidate, const ExplainContext& context, Sink& sink) {
  with_domains(candidate, context, "", sink);
}

void user_without_domain(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  const auto user = candidate.input.username;
  with_unhashed(candidate, username, user.substr(0, user.find('@')), sink);
}

void user_with_scheme(const Candidate& candidate, const ExplainContext& context, Sink& sink) {
  const auto user = candidate.input.username;
  for (const std::string_view scheme : {"sip:", "sips:"}) {
    if (same(user.substr(0, scheme.size()), scheme)) return;
    with_unhashed(candidate, username, std::string{scheme}.append(user), sink);
    with_domains(candidate, context, scheme, sink);
  }
}

void user_without_scheme(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  const auto user = candidate.input.username;
  for (const std::string_view scheme : {"sip:", "sips:"}) {
    if (!same(user.substr(0, scheme.size()), scheme)) continue;
    with_unhashed(candidate, username, user.substr(scheme.size()), sink);
  }
}

void user_case(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  const std::string user{candidate.input.username};
  with_unhashed(candidate, username, lower_case(user), sink);
  with_unhashed(candidate, username, upper_case(user), sink);
  auto capital = lower_case(user);
  if (!capital.empty()) capital[0] = upper_case(capital.substr(0, 1))[0];
  if (capital != upper_case(user)) with_unhashed(candidate, username, capital, sink);
}

void user_decoded(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  with_unhashed(candidate, username, percent_decoded(candidate.input.username), sink);
}

void user_encoded(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  with_unhashed(candidate, username, percent_encoded(candidate.input.username), sink);
}

// RFC 2617 hashes the quoting backslashes, RFC 7616 does not.
void user_backslashes(const Candidate& candidate, const ExplainContext& context, Sink& sink) {
  from_context<username, &ExplainContext::raw_username>(candidate, context, sink);
  with_unhashed(candidate, username, unquote(candidate.input.username), sink);
  const auto quoted = quote(candidate.input.username);
  const auto between = std::string_view{quoted}.substr(1, quoted.size() - 2);
  if (context.raw_username != between) with_unhashed(candidate, username, between, sink);
}

void user_quotes(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  with_unhashed(candidate, username, in_quotes(candidate.input.username), sink);
}

void user_without_quotes(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  std::string user{candidate.input.username};
  std::erase(user, '"');
  with_unhashed(candidate, username, user, sink);
}

void user_space(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  const std::string user{candidate.input.username};
  with_unhashed(candidate, username, user + ' ', sink);
  with_unhashed(candidate, username, ' ' + user, sink);
  with_unhashed(candidate, username, trim(user), sink);
}

void user_plus(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  const auto user = candidate.input.username;
  if (user.starts_with('+')) {
    with_unhashed(candidate, username, user.substr(1), sink);
    with_unhashed(candidate, username, std::string{"00"}.append(user.substr(1)), sink);
  } else if (!user.empty() && is_digit(user.front())) {
    with_unhashed(candidate, username, std::string{'+'}.append(user), sink);
    if (user.starts_with("00")) {
      with_unhashed(candidate, username, std::string{'+'}.append(user.substr(2)), sink);
    }
  }
}

void user_parameters(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  const auto user = candidate.input.username;
  const auto semicolon = user.find(';');
  if (semicolon == std::string_view::npos) return;
  std::string other{user.substr(0, semicolon)};
  with_unhashed(candidate, username, other, sink);
  if (const auto at = user.find('@', semicolon); at != std::string_view::npos) {
    with_unhashed(candidate, username, other.append(user.substr(at)), sink);
  }
}

void user_latin1(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  if (const auto user = latin1_of(candidate.input.username)) {
    with_unhashed(candidate, username, *user, sink);
  }
}

void user_utf8(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  if (const auto user = utf8_of_latin1(candidate.input.username)) {
    with_unhashed(candidate, username, *user, sink);
  }
}

void user_of_headers(const Candidate& candidate, const ExplainContext& context, Sink& sink) {
  const auto from = user_of(context.from);
  const auto to = user_of(context.to);
  const auto contact = user_of(context.contact);
  for (const auto user : {from, to == from ? "" : to, contact == from ? "" : contact}) {
    if (!user.empty()) with_unhashed(candidate, username, user, sink);
  }
}

void user_empty(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  with_unhashed(candidate, username, "", sink);
}

constexpr std::string_view give_what_is_hashed =
    "The name in the header and the name in A1 must be one: the phone hashes another than it "
    "sends, "
    "or the server stored its HA1 with another.";

constexpr auto table = std::to_array<Cause>({
    {"user-with-domain", "username", "The user name that was hashed is {}, with a domain.",
     "The phone takes its whole address for the user name, or the server stored its HA1 that way "
     "(Kamailio's ha1b): set the authentication user to the name alone on one side.",
     Rank::usual, Composes::yes, user_with_domain},
    {"user-without-domain", "username", "The user name that was hashed is {}, without the domain.",
     "The phone sends its whole address but hashes the name alone: set its authentication user to "
     "the name that it hashes.",
     Rank::usual, Composes::yes, user_without_domain},
    {"user-with-scheme", "username", "The user name that was hashed is {}, a whole URI.",
     "The phone hashes its address where the user name belongs: its authentication user has to be "
     "the bare name.",
     Rank::seen, Composes::yes, user_with_scheme},
    {"user-without-scheme", "username", "The user name that was hashed is {}, without sip:.",
     "The phone sends a URI as its user name but hashes what follows the scheme: set its "
     "authentication user to the bare name.",
     Rank::seen, Composes::yes, user_without_scheme},
    {"user-of-header", "username",
     "The user name that was hashed is {}, that of From, To or Contact.",
     "The phone has an authentication user of its own and hashes its number instead: server and "
     "phone must agree on which of the two counts.",
     Rank::usual, Composes::no, user_of_headers},
    {"user-backslashes", "username",
     "The user name that was hashed is {}: RFC 2617 keeps the quoting backslashes and RFC 7616 "
     "drops them, so neither side is wrong.",
     "A user name without quotes and backslashes ends this.", Rank::usual, Composes::yes,
     user_backslashes},
    {"user-case", "username", "The user name that was hashed is {}, not {given}; its case counts.",
     "One side changes the case of the user name: write it alike on both.", Rank::seen,
     Composes::yes, user_case},
    {"user-decoded", "username", "The user name that was hashed is {}, with its %XX decoded.",
     give_what_is_hashed, Rank::seen, Composes::yes, user_decoded},
    {"user-encoded", "username", "The user name that was hashed is {}, with %XX for characters.",
     give_what_is_hashed, Rank::rare, Composes::yes, user_encoded},
    {"user-parameters", "username", "The user name that was hashed is {}, without its parameters.",
     give_what_is_hashed, Rank::rare, Composes::yes, user_parameters},
    {"user-plus", "username", "The user name that was hashed is {}: the + of a number differs.",
     "One side normalises telephone numbers: the user name is a text and has to stay as it is.",
     Rank::seen, Composes::yes, user_plus},
    {"user-hashed", "username", "The hashed user name {} went into A1; the name itself is due.",
     "With userhash=true only the header holds the hash (RFC 7616 3.4.4): whoever computed this "
     "has to put the name itself into A1.",
     Rank::seen, Composes::no, from_context<username, &ExplainContext::sent_username>},
    {"user-quotes", "username", "The user name that was hashed is {}, quotes included.",
     "The quotes of the header are no part of the value: the phone has to leave them out of A1.",
     Rank::seen, Composes::yes, user_quotes},
    {"user-without-quotes", "username", "The user name that was hashed is {}, without its quotes.",
     "An escaped quote is part of the name: whoever drops it hashes another user. A name without "
     "quotes ends this.",
     Rank::rare, Composes::yes, user_without_quotes},
    {"user-space", "username", "The user name that was hashed is \"{}\": a blank differs.",
     "A blank was typed or trimmed at an end of the user name on one side.", Rank::seen,
     Composes::yes, user_space},
    {"user-latin1", "username", "The user name was hashed in Latin-1; RFC 7616 4 wants UTF-8.",
     "The side that hashes Latin-1 has to be set to UTF-8, or the name to ASCII.", Rank::seen,
     Composes::yes, user_latin1},
    {"user-utf8", "username",
     "The user name was encoded in UTF-8 once more than it is in the header.",
     "One side takes UTF-8 for Latin-1: set both to UTF-8, or the name to ASCII.", Rank::seen,
     Composes::yes, user_utf8},
    {"user-nfc", "username", "The user name was hashed with composed characters (Unicode NFC).",
     "RFC 7616 4 asks for NFC: this side is right, and the other one has to normalise.", Rank::rare,
     Composes::no, from_context<username, &ExplainContext::username_nfc>},
    {"user-nfd", "username", "The user name was hashed with decomposed characters (Unicode NFD).",
     "RFC 7616 4 asks for NFC: the side that hashed this, often a Mac, has to normalise.",
     Rank::rare, Composes::no, from_context<username, &ExplainContext::username_nfd>},
    {"user-empty", "username", "The user name that was hashed is empty.",
     "The phone has no authentication user set, or lost it while it computed.", Rank::rare,
     Composes::no, user_empty},
});

}  // namespace

std::span<const Cause> user_causes() noexcept { return table; }

}  // namespace sipauth::explain
