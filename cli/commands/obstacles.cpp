#include "commands/obstacles.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "sipauth/aka.hpp"
#include "sipauth/auth_params.hpp"
#include "sipauth/digest.hpp"
#include "sipauth/text.hpp"

namespace sipauth::commands {
namespace {

std::optional<std::string> value_of(const results::ShownChallenge& challenge,
                                    std::string_view name) {
  for (const auto& [known, value] : challenge.parameters) {
    if (same(known, name)) return value;
  }
  return std::nullopt;
}

std::string obstacle_of(const results::ShownChallenge& challenge, const sip::Identity& identity) {
  if (!same(challenge.scheme, "Digest")) {
    return fmt::format("is of the scheme {}, not Digest", challenge.scheme);
  }
  const auto& wanted = identity.realm;
  const auto realm = value_of(challenge, "realm");
  const auto algorithm = value_of(challenge, "algorithm").value_or("MD5");
  const auto qop = value_of(challenge, "qop").value_or("");
  const bool is_aka = find_aka_algorithm(algorithm).has_value();
  if (!realm) return "has no realm";
  if (value_of(challenge, "nonce").value_or("").empty()) return "has no nonce";
  if (!is_aka && !find_algorithm(algorithm)) {
    return fmt::format("wants the algorithm {}", algorithm);
  }
  if (!trim(qop).empty() && !qop_offers(qop, "auth") && !qop_offers(qop, "auth-int")) {
    return fmt::format("offers only the qop {}", qop);
  }
  if (!wanted.empty() && *realm != wanted) {
    return fmt::format("is of the realm {}, not {}", *realm, wanted);
  }
  if (is_aka) return fmt::format("wants {}, and so the keys of a card (--aka-file)", algorithm);
  if (identity.card) return fmt::format("wants {}, and so a password", algorithm);
  return fmt::format("wants {}, which this password or HA1 does not allow", algorithm);
}

}  // namespace

results::Error why_unanswerable(const results::Probe& probe, const sip::Exchange& challenged,
                                const sip::Identity& identity) {
  const auto refused = std::ranges::find_if(
      challenged.offers, [](const sip::Offer& offer) { return !offer.obstacle.empty(); });
  if (refused != challenged.offers.end()) {
    const std::string_view header = refused->proxy ? "Proxy-Authenticate" : "WWW-Authenticate";
    return {"credentials", fmt::format("{} {}.", header, refused->obstacle)};
  }
  if (probe.challenges.empty()) return {"inconclusive", "there is no challenge to answer."};
  std::string why;
  for (const auto& challenge : probe.challenges) {
    why += (why.empty() ? "" : "; ") + challenge.header + ' ' + obstacle_of(challenge, identity);
  }
  return {"inconclusive", why + '.'};
}

}  // namespace sipauth::commands
