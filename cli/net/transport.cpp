#include "net/transport.hpp"

#include <algorithm>
#include <array>

#include "net/stream_transport.hpp"
#include "net/udp_transport.hpp"

namespace sipauth::net {

std::atomic<bool> stop_requested{false};

std::string_view transport_name(TransportKind kind) {
  switch (kind) {
    case TransportKind::tcp:
      return "tcp";
    case TransportKind::tls:
      return "tls";
    case TransportKind::udp:
    case TransportKind::builtin:
      break;
  }
  return "udp";
}

std::string transport_in_capitals(TransportKind kind) {
  std::string name{transport_name(kind)};
  std::ranges::transform(name, name.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return name;
}

std::uint16_t default_port(TransportKind kind) { return kind == TransportKind::tls ? 5061 : 5060; }

std::expected<std::unique_ptr<Transport>, NetError> connect(TransportKind kind,
                                                            const ConnectOptions& options) {
  switch (kind) {
    case TransportKind::udp:
      return UdpTransport::open(options);
    case TransportKind::tcp:
    case TransportKind::tls:
      return StreamTransport::open(kind, options);
    case TransportKind::builtin:
      break;
  }
  return std::unexpected{
      NetError{NetError::Kind::internal, "A built-in registrar is reached without a socket."}};
}

}  // namespace sipauth::net
