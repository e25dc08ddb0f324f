// SIP over a connection, be it TCP, TLS or a WebSocket: it is opened again when the peer closed it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "net/message_stream.hpp"
#include "net/transport.hpp"

namespace sipauth::net {

class StreamTransport final : public Transport {
 public:
  [[nodiscard]] static std::expected<std::unique_ptr<Transport>, NetError> open(
      TransportKind kind, const ConnectOptions& options);

  StreamTransport(TransportKind kind, ConnectOptions options)
      : kind_{kind}, options_{std::move(options)} {}

  [[nodiscard]] TransportKind kind() const override { return kind_; }
  [[nodiscard]] bool is_reliable() const override { return true; }
  [[nodiscard]] const Clock& clock() const override { return clock_; }
  [[nodiscard]] std::string local() const override { return local_; }
  [[nodiscard]] std::string remote() const override { return remote_; }
  [[nodiscard]] std::optional<TlsFacts> tls() const override { return tls_; }
  [[nodiscard]] std::optional<WebSocketFacts> websocket() const override {
    return arrivals_.websocket;
  }
  void send_next_as(WebSocketFrame frame) override { next_frame_ = frame; }
  [[nodiscard]] std::expected<void, NetError> send(std::string_view message) override;
  [[nodiscard]] std::expected<std::optional<Received>, NetError> receive(Instant deadline) override;

  /// CR LFs that stood between messages, counted once for each run of them.
  [[nodiscard]] std::uint64_t keep_alives() const { return arrivals_.keep_alives; }

 private:
  [[nodiscard]] std::expected<void, NetError> reopen();
  [[nodiscard]] std::expected<bool, NetError> fill(Instant deadline);
  [[nodiscard]] std::expected<void, NetError> write(std::string_view message);

  TransportKind kind_;
  ConnectOptions options_;
  SystemClock clock_;
  std::unique_ptr<MessageStream> stream_;  // null: closed
  Arrivals arrivals_;
  std::optional<WebSocketFrame> next_frame_;
  std::optional<NetError> closed_with_;  // while messages that came before wait
  bool was_used_ = false;                // the stream has carried a request
  bool reused_ = false;                  // ... and another one since
  bool arrived_since_sent_ = false;
  std::string local_;
  std::string remote_;
  std::optional<TlsFacts> tls_;
};

}  // namespace sipauth::net
