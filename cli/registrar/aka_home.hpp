// The home network of AKA (RFC 3310 3, RFC 4169): makes challenges, knows their answers, and lets
// cards that are ahead of it say so.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "registrar/bounded_map.hpp"
#include "registrar/profile.hpp"
#include "registrar/registrar.hpp"
#include "sip/random.hpp"
#include "sipauth/aka.hpp"

namespace sipauth::registrar {

class AkaHome {
 public:
  /// Challenges whose answers are kept, the newest; as many as the NonceBook keeps nonces.
  static constexpr std::size_t capacity = 4096;

  AkaHome(const AkaRules& rules, sip::Random& random) : rules_{rules}, random_{random} {}

  /// The next nonce for this account; nullopt when it has no keys.
  [[nodiscard]] std::optional<std::string> challenge(const Account& account);

  /// What the digest over `nonce` is computed with: an empty one with an AUTS (RFC 3310 3.4).
  /// nullptr when this account was never challenged with it.
  [[nodiscard]] std::shared_ptr<const Secret> password(const Account& account,
                                                       std::string_view nonce,
                                                       const AkaAlgorithm& algorithm,
                                                       bool has_auts);

  /// Goes on with the SQN of the card; false when the AUTS is not one of it.
  [[nodiscard]] bool resynchronise(const Account& account, std::string_view nonce,
                                   std::string_view auts);

 private:
  struct Issued {
    std::string user;
    AkaVector vector;
  };

  [[nodiscard]] Issued* issued_to(const Account& account, std::string_view nonce);
  [[nodiscard]] std::uint64_t next_sqn(const Account& account);

  const AkaRules& rules_;
  sip::Random& random_;
  std::map<std::string, std::uint64_t, std::less<>> highest_;  // by user
  BoundedMap<Issued> issued_{capacity};
};

}  // namespace sipauth::registrar
