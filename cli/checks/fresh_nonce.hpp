// A nonce that no request of the run has answered yet.
//
// Registrars that make one nonce a second give it to all who ask: a check that judges what becomes
// of its nonce must not be given one that another check has used up.
#pragma once

#include <cstdint>
#include <optional>

#include "checks/context.hpp"

namespace sipauth::checks {

struct FreshNonce {
  sip::Exchange offered = {};
  std::optional<Finding> problem = std::nullopt;  ///< why there is none
};

enum class NonceWanted : std::uint8_t {
  usable,  ///< a used one will do where a nonce may be used again (SA-NONCE-01)
  unused,
};

/// Asks in `dialogue`, and once more a second later where that is needed.
[[nodiscard]] FreshNonce fresh_nonce(Context& context, sip::Dialogue& dialogue,
                                     const sip::Shape& shape = {},
                                     NonceWanted wanted = NonceWanted::usable);

}  // namespace sipauth::checks
