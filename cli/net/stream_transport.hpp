// SIP over TCP or TLS (RFC 3261 18.3): messages cut from a stream, and a stream that is opened
// again when the peer closed it.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "net/byte_stream.hpp"
#include "net/transport.hpp"
#include "sipauth/framer.hpp"

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
  [[nodiscard]] std::expected<void, NetError> send(std::string_view message) override;
  [[nodiscard]] std::expected<std::optional<Received>, NetError> receive(Instant deadline) override;

  /// CR LFs that stood between messages, counted once for each run of them.
  [[nodiscard]] std::uint64_t keep_alives() const { return keep_alives_; }

 private:
  [[nodiscard]] std::expected<void, NetError> reopen();
  [[nodiscard]] std::expected<bool, NetError> fill(Instant deadline);
  [[nodiscard]] std::expected<void, NetError> cut();
  void close();

  TransportKind kind_;
  ConnectOptions options_;
  SystemClock clock_;
  std::unique_ptr<ByteStream> stream_;  // null: closed
  StreamFramer framer_;
  std::string buffer_;  // arrived, and not yet a whole message
  std::deque<Received> messages_;
  std::optional<NetError> closed_with_;  // while messages that came before wait
  bool was_used_ = false;                // the stream has carried a request
  bool reused_ = false;                  // ... and another one since
  bool arrived_since_sent_ = false;
  std::string local_;
  std::string remote_;
  std::optional<TlsFacts> tls_;
  std::uint64_t keep_alives_ = 0;
};

}  // namespace sipauth::net
