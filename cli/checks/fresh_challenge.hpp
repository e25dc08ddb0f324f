// A challenge that no other check has spoiled.
#pragma once

#include "sip/dialogue.hpp"

namespace sipauth::checks {

/// A challenge whose nonce was not used before in this run, where there is one: all challenges of
/// one second may share a nonce, and a nonce may be good for one use. At most two requests.
[[nodiscard]] sip::Exchange fresh_challenge(sip::Dialogue& dialogue, sip::Shape shape = {});

}  // namespace sipauth::checks
