// Finds and loads a module when it is first asked for, so that the tool starts without the
// libraries that only some targets need.
#pragma once

#include <expected>
#include <string>

#include "net/dns_api.hpp"
#include "net/tls_api.hpp"
#include "net/websocket_api.hpp"

namespace sipauth::net {

/// The error is a sentence. Both may be called from several threads.
[[nodiscard]] const std::expected<const TlsApi*, std::string>& tls_api();
[[nodiscard]] const std::expected<const WebSocketApi*, std::string>& websocket_api();
[[nodiscard]] const std::expected<const DnsApi*, std::string>& dns_api();

}  // namespace sipauth::net
