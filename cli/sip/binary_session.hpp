// The reading of -sess that takes the bytes of the inner hash where RFC 7616 3.4.2 means its
// digits. Some have built it; it is never right.
#pragma once

#include <string>

#include "sipauth/digest.hpp"

namespace sipauth::sip {

/// The response to a challenge, made so. Empty when it cannot be computed.
[[nodiscard]] std::string binary_session_response(const DigestInput& input);

}  // namespace sipauth::sip
