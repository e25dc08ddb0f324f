// The card in a phone (RFC 3310, RFC 4169): which AKA challenges it can answer, and with what.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "sip/exchange.hpp"
#include "sip/random.hpp"
#include "sipauth/aka.hpp"
#include "sipauth/secret.hpp"

namespace sipauth::sip {

/// What stands in the place of the password in the answer to an AKA challenge.
struct AkaPassword {
  Secret secret = {};
  std::string auts = {};  ///< asks for resynchronisation, over an empty password
};

class AkaCard {
 public:
  /// `highest` is the highest SQN taken before this run. `alone`: there is no password for other
  /// challenges.
  AkaCard(AkaKeys keys, std::uint64_t highest, bool alone)
      : keys_{std::move(keys)}, highest_{highest}, alone_{alone} {}

  /// Makes the offers of a new answer answerable that the card can answer, chooses one of `realm`
  /// (empty: of any) and reads it. A card reads what it means to answer only, because its SQN rises
  /// with that. AKAv2 is chosen where AKAv1 is offered too (RFC 4169 4.1).
  void choose(Exchange& exchange, std::string_view realm);

  /// For `nonce`, which is that of `offer` or one that was chosen earlier; nullopt when the card
  /// can say nothing to it. `wrong`: not the right one for certain.
  [[nodiscard]] std::optional<AkaPassword> password(const Offer& offer, const std::string& nonce,
                                                    bool wrong, Random& random) const;

 private:
  void read(Offer& offer);

  AkaKeys keys_;
  std::uint64_t highest_;
  bool alone_;
  std::map<std::string, std::shared_ptr<const AkaAnswer>> fresh_;  // by nonce
};

}  // namespace sipauth::sip
