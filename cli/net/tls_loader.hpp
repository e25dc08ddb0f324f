// Finds and loads the TLS module when it is first asked for, so that the tool starts without
// libssl.
#pragma once

#include <expected>
#include <string>

#include "net/tls_api.hpp"

namespace sipauth::net {

/// The error is a sentence. May be called from several threads.
[[nodiscard]] const std::expected<const TlsApi*, std::string>& tls_api();

}  // namespace sipauth::net
