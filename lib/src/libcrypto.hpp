// Where functions of libcrypto come from: the shared library, opened when the first is asked for,
// or in builds that have to bring everything along the static one (SIPAUTH_LINK_LIBCRYPTO).
#pragma once

namespace sipauth::crypto {

/// To be called as what the manual of OpenSSL 3 declares it to be; nullptr when it cannot be had.
[[nodiscard]] void* libcrypto_function(const char* name) noexcept;

}  // namespace sipauth::crypto
