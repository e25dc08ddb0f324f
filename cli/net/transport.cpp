#include "net/transport.hpp"

#include <algorithm>
#include <array>

#include "net/stream_transport.hpp"
#include "net/udp_transport.hpp"
#include "sipauth/text.hpp"

namespace sipauth::net {
namespace {

using enum TransportKind;

constexpr auto rows = std::to_array<TransportRow>({
    {udp, "udp", "UDP", 5060, false, false, udp},
    {tcp, "tcp", "TCP", 5060, true, false, tls},
    {tls, "tls", "TLS", 5061, true, true, tls},
    {ws, "ws", "WS", 80, true, false, wss},
    {wss, "wss", "WSS", 443, true, true, wss},
});

}  // namespace

std::atomic<bool> stop_requested{false};

std::span<const TransportRow> transports() { return rows; }

const TransportRow* find_transport(std::string_view name) {
  const auto row =
      std::ranges::find_if(rows, [&](const TransportRow& r) { return same(r.name, name); });
  return row == rows.end() ? nullptr : &*row;
}

const TransportRow& transport_row(TransportKind kind) {
  const auto row = std::ranges::find(rows, kind, &TransportRow::kind);
  return row == rows.end() ? rows.front() : *row;
}

std::string_view transport_name(TransportKind kind) { return transport_row(kind).name; }

std::expected<std::unique_ptr<Transport>, NetError> connect(TransportKind kind,
                                                            const ConnectOptions& options) {
  switch (kind) {
    case udp:
      return UdpTransport::open(options);
    case tcp:
    case tls:
    case ws:
    case wss:
      return StreamTransport::open(kind, options);
    case builtin:
      break;
  }
  return std::unexpected{
      NetError{NetError::Kind::internal, "A built-in registrar is reached without a socket."}};
}

}  // namespace sipauth::net
