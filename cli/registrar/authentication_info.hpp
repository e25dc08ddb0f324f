// What a registrar says after a success (RFC 7616 3.5), rightly or as its profile has it.
#pragma once

#include <string>

#include "registrar/profile.hpp"
#include "sipauth/digest.hpp"
#include "sipauth/write.hpp"

namespace sipauth::registrar {

[[nodiscard]] bool has_next_nonce(AuthInfo how);

/// `input` is the digest of the request; its body is not looked at, for the answer has none.
/// `next_nonce` is written where `how` has one.
[[nodiscard]] WrittenHeader authentication_info(AuthInfo how, DigestInput input,
                                                std::string next_nonce);

}  // namespace sipauth::registrar
