#include "fuzz/auth_targets.hpp"

#include <array>
#include <string_view>

#include "fuzz/auth_oracle.hpp"
#include "sipauth/authentication_info.hpp"
#include "sipauth/challenge.hpp"
#include "sipauth/credentials.hpp"

namespace sipauth::fuzz {
namespace {

// RFC 7616 3.3 to 3.5. Of charset and userhash either is let through.
constexpr auto quoted_in_challenge =
    std::to_array<std::string_view>({"realm", "nonce", "opaque", "domain", "qop"});
constexpr auto tokens_in_challenge = std::to_array<std::string_view>({"stale", "algorithm"});
constexpr Notations of_challenge{quoted_in_challenge, tokens_in_challenge};

constexpr auto quoted_in_credentials = std::to_array<std::string_view>(
    {"username", "realm", "nonce", "uri", "response", "cnonce", "opaque", "auts"});
constexpr auto tokens_in_credentials =
    std::to_array<std::string_view>({"algorithm", "qop", "nc", "username*"});
constexpr Notations of_credentials{quoted_in_credentials, tokens_in_credentials};

constexpr auto quoted_in_info = std::to_array<std::string_view>({"nextnonce", "rspauth", "cnonce"});
constexpr auto tokens_in_info = std::to_array<std::string_view>({"qop", "nc"});
constexpr Notations of_info{quoted_in_info, tokens_in_info};

template <typename List>
std::string_view behind_scheme(const List& list, std::string_view text) {
  return text.substr(span_of(list.scheme(), text).offset + list.scheme().size());
}

}  // namespace

void challenge(std::string_view input) {
  Diagnostics diagnostics;
  const auto read = without_allocating([&] { return Challenge::parse(input, diagnostics); });
  require_within(diagnostics, input);
  if (!read) {
    require_within(read.error(), input);
    return;
  }
  require(is_token(read->scheme()) && lies_in(read->scheme(), input), "a scheme is a token");
  require(read->stale().has_value() == (read->find("stale") != nullptr), "stale is there or not");
  const auto next = read->next_challenge();
  require(!next || *next < input.size(), "the next challenge lies ahead");
  require(!next || diagnostics.has("SL-merged-challenges") || diagnostics.dropped() > 0,
          "a merged challenge is reported");
  require_list(*read, input);
  if (!is_due_for_costly_claims(input)) return;

  if (read->is_digest()) {
    require_agreement(*read, behind_scheme(*read, input), of_challenge, diagnostics);
  }
  require_undisturbed(*read, input, diagnostics);
  require_reading_of_a_part<Challenge>(input);
  require_round_trip(*read, true, [&](const auto& parameters) {
    return write_challenge(parameters, {}, read->scheme());
  });
}

void credentials(std::string_view input) {
  Diagnostics diagnostics;
  const auto read = without_allocating([&] { return Credentials::parse(input, diagnostics); });
  require_within(diagnostics, input);
  if (!read) {
    require_within(read.error(), input);
    return;
  }
  require_list(*read, input);
  if (!is_due_for_costly_claims(input)) return;

  if (read->is_digest()) {
    require_agreement(*read, behind_scheme(*read, input), of_credentials, diagnostics);
  }
  require_undisturbed(*read, input, diagnostics);
  require_reading_of_a_part<Credentials>(input);
  require_round_trip(*read, false, [&](const auto& parameters) {
    return write_credentials(parameters, {}, read->scheme());
  });
}

void authentication_info(std::string_view input) {
  Diagnostics diagnostics;
  const auto read =
      without_allocating([&] { return AuthenticationInfo::parse(input, diagnostics); });
  require_within(diagnostics, input);
  if (!read) {
    require_within(read.error(), input);
    return;
  }
  require_list(*read, input);
  // What Microsoft's schemes say here is no Digest's, and is read without its rules.
  if (diagnostics.has("SL-other-scheme") || !is_due_for_costly_claims(input)) return;

  require_agreement(*read, input, of_info, diagnostics);
  require_undisturbed(*read, input, diagnostics);
  require_reading_of_a_part<AuthenticationInfo>(input);
  require_round_trip(*read, false,
                     [&](const auto& parameters) { return write_authentication_info(parameters); });
}

}  // namespace sipauth::fuzz
