// One way to a registrar. Procedures block on it; the event loop, where there is one, turns inside.
//
// A transport knows no SIP but for the framing of streams: what comes out of receive() is one
// datagram, or one message cut from a stream by its Content-Length.
#pragma once

#include <atomic>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "net/clock.hpp"

namespace sipauth::net {

enum class TransportKind { udp, tcp, tls, builtin };

/// `udp`, `tcp`, `tls`; a built-in registrar is reached over `udp`.
[[nodiscard]] std::string_view transport_name(TransportKind kind);

/// `UDP`, for sentences.
[[nodiscard]] std::string transport_in_capitals(TransportKind kind);

/// When none is named (RFC 3261 19.1.2).
[[nodiscard]] std::uint16_t default_port(TransportKind kind);

/// Why nothing could be sent or received. `text` is a sentence that says what to do next.
struct NetError {
  enum class Kind {
    dns,          ///< the name does not resolve
    refused,      ///< connection refused, or ICMP port unreachable
    unreachable,  ///< no route, network down
    timeout,      ///< connecting or shaking hands took too long
    tls,          ///< handshake or certificate
    closed,       ///< the peer closed the stream
    framing,      ///< the stream cannot be cut into messages
    interrupted,  ///< Ctrl-C
    usage,        ///< an address that cannot be used
    internal,
  };
  Kind kind = Kind::internal;
  std::string text;
  /// A stream that had carried other requests was closed before a byte came that could answer the
  /// last one: the peer may have closed it before it saw that request.
  bool may_be_unseen = false;
};

/// What arrived. `bytes` is owned; `keep_alive` CRLFs are counted by the transport, not delivered.
struct Received {
  std::string bytes;
  std::string remote;       ///< `127.0.0.1:5060`
  bool from_target = true;  ///< false: a datagram from somewhere else
};

/// Facts about TLS for people.
struct TlsFacts {
  std::string version;
  std::string cipher;
  std::string subject;
  std::string issuer;
  std::string not_after;
  std::string names;  ///< subjectAltName entries, comma-separated
  bool verified = false;
  std::string verify_error;  ///< what verification said when --insecure let it pass
  bool by_wildcard = false;  ///< matched by a wildcard that RFC 5922 7.2 does not allow
};

class Transport {
 public:
  virtual ~Transport() = default;

  [[nodiscard]] virtual TransportKind kind() const = 0;
  /// Datagrams may be lost, so requests are retransmitted on this transport.
  [[nodiscard]] virtual bool is_reliable() const = 0;
  [[nodiscard]] virtual const Clock& clock() const = 0;

  /// `127.0.0.1:51234`; of an IPv6 address with brackets. Fit for a Via's sent-by.
  [[nodiscard]] virtual std::string local() const = 0;
  [[nodiscard]] virtual std::string remote() const = 0;
  [[nodiscard]] virtual std::optional<TlsFacts> tls() const { return std::nullopt; }

  /// Sends one whole message. A stream that the peer closed is opened again first.
  [[nodiscard]] virtual std::expected<void, NetError> send(std::string_view message) = 0;

  /// The next message, or nullopt when `deadline` came first. An error is reported once: a closed
  /// stream is NetError::closed, an ICMP error NetError::refused or unreachable; afterwards receive
  /// goes on waiting (a stream: until the next send opens it again).
  [[nodiscard]] virtual std::expected<std::optional<Received>, NetError> receive(
      Instant deadline) = 0;
};

/// Set by the signal handler; every blocking call looks at it at least ten times a second and then
/// returns NetError::interrupted.
extern std::atomic<bool> stop_requested;

struct ConnectOptions {
  std::string host = {};  ///< a name or an address, without brackets
  std::uint16_t port = 5060;
  bool ipv4_only = false;
  bool ipv6_only = false;
  std::string source = {};  ///< local address, or empty
  Duration timeout = std::chrono::seconds{5};
  // TLS
  std::string tls_name = {};  ///< the name the certificate must hold: the SIP domain (RFC 5922)
  std::string ca_file = {};   ///< empty: the system's trust store
  bool insecure = false;
};

/// Opens a way to the target. UDP is connected, so that ICMP errors come back; datagrams of other
/// sources are delivered with from_target = false by a second look where the system allows it.
[[nodiscard]] std::expected<std::unique_ptr<Transport>, NetError> connect(
    TransportKind kind, const ConnectOptions& options);

}  // namespace sipauth::net
