// The request that the cases of a registrar are made of: a REGISTER as a phone sends it, its digest
// right where that can be.
#pragma once

#include <cstdint>

#include "fuzzing/cases.hpp"
#include "sip/exchange.hpp"
#include "sip/session.hpp"

namespace sipauth::fuzzing {

/// `challenged` chose the challenge that is answered; null: there is none, and no credentials.
/// `over` is the way it is to take; `seed` decides Call-ID, branch, tag and cnonce.
[[nodiscard]] ValidMessage make_valid_request(sip::Session& session,
                                              const sip::Exchange* challenged,
                                              const net::Transport& over, std::uint64_t seed);

}  // namespace sipauth::fuzzing
