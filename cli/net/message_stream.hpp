// One connection, as messages: SIP cut from TCP or TLS by Content-Length, or WebSocket messages. It
// is opened once and never again.
#pragma once

#include <cstdint>
#include <deque>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "net/transport.hpp"

namespace sipauth::net {

/// What came in, on one connection after another.
struct Arrivals {
  std::deque<Received> messages;
  std::uint64_t keep_alives = 0;  ///< CR LFs that stood between messages, once for each run of them
  std::optional<WebSocketFacts> websocket;
};

class MessageStream {
 public:
  virtual ~MessageStream() = default;

  /// True when at least a part of a message came, false when `deadline` did; a deadline in the past
  /// looks once. After an error, be it interrupted or not, messages that were whole are in `into`.
  [[nodiscard]] virtual std::expected<bool, NetError> read(Arrivals& into, Instant deadline) = 0;

  /// Writes one message whole, or says why not; then the stream is of no more use. `frame` is for
  /// WebSockets.
  [[nodiscard]] virtual std::expected<void, NetError> write(std::string_view message,
                                                            std::optional<WebSocketFrame> frame,
                                                            Instant deadline) = 0;

  [[nodiscard]] virtual std::string local() const = 0;
  [[nodiscard]] virtual std::string remote() const = 0;
  [[nodiscard]] virtual std::optional<TlsFacts> tls() const = 0;
};

/// Said behind the end of a stream that came too early.
inline constexpr std::string_view in_mid_message = " It did so in the middle of a message.";

/// `kind` is tcp or tls.
[[nodiscard]] std::expected<std::unique_ptr<MessageStream>, NetError> open_framed(
    TransportKind kind, const ConnectOptions& options, const Clock& clock);

/// `kind` is ws or wss. The opening handshake may take options.timeout as well.
[[nodiscard]] std::expected<std::unique_ptr<MessageStream>, NetError> open_websocket(
    TransportKind kind, const ConnectOptions& options, const Clock& clock);

}  // namespace sipauth::net
