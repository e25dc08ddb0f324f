// One connection, as bytes: plain TCP, or TLS over it. It is opened once and never again.
#pragma once

#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "net/transport.hpp"

namespace sipauth::net {

class ByteStream {
 public:
  virtual ~ByteStream() = default;

  /// Appends what arrived, at most 16 KiB of the wire at a time, to `into`. False when `deadline`
  /// came first; a deadline in the past looks once. The end of the stream is NetError::closed.
  [[nodiscard]] virtual std::expected<bool, NetError> read(std::string& into, Instant deadline) = 0;

  /// Writes all of it, or says why not; then the stream is of no more use.
  [[nodiscard]] virtual std::expected<void, NetError> write(std::string_view bytes,
                                                            Instant deadline) = 0;

  [[nodiscard]] virtual std::string local() const = 0;
  [[nodiscard]] virtual std::string remote() const = 0;
  [[nodiscard]] virtual std::optional<TlsFacts> tls() const { return std::nullopt; }
};

/// Tries every address of the host within options.timeout.
[[nodiscard]] std::expected<std::unique_ptr<ByteStream>, NetError> open_tcp(
    const ConnectOptions& options, const Clock& clock);

/// TCP, then the handshake, then the certificate, within options.timeout each. `kind` is tls or
/// wss, for what is said when it fails.
[[nodiscard]] std::expected<std::unique_ptr<ByteStream>, NetError> open_tls(
    TransportKind kind, const ConnectOptions& options, const Clock& clock);

}  // namespace sipauth::net
