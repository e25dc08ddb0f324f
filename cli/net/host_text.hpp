// Hosts and addresses as text: IPv6 stands in brackets in a URI and before a port (RFC 3986 3.2.2),
// and without them where sockets and resolvers read it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sipauth::net {

/// `[::1]` becomes `::1`; everything else stays as it is.
constexpr std::string_view without_brackets(std::string_view host) {
  if (host.starts_with('[') && host.ends_with(']')) return host.substr(1, host.size() - 2);
  return host;
}

/// `127.0.0.1:5060`, `[::1]:5060`; of a host without brackets.
inline std::string with_port(std::string_view host, std::uint16_t port) {
  std::string text{host};
  if (host.contains(':')) text = '[' + text + ']';
  return text + ':' + std::to_string(port);
}

}  // namespace sipauth::net
