// One way to a registrar. Procedures block on it; the event loop, where there is one, turns inside.
//
// A transport knows no SIP but for the framing of streams: what comes out of receive() is one
// datagram, or one message cut from a stream by its Content-Length, or one WebSocket message.
#pragma once

#include <atomic>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "net/certificate_names.hpp"
#include "net/clock.hpp"

namespace sipauth::net {

enum class TransportKind { udp, tcp, tls, ws, wss, builtin };

struct TransportRow {
  TransportKind kind;
  std::string_view name;  ///< as in ;transport= and --transport
  std::string_view via;   ///< as in Via (RFC 3261 20.42, RFC 7118 5.2)
  std::uint16_t port;     ///< when none is named (RFC 3261 19.1.2, RFC 7118 5.2.4)
  bool reliable;          ///< requests are not retransmitted
  bool secure;
  TransportKind secure_form;  ///< what a sips URI makes of it (RFC 3261 26.2.2); udp: nothing
};

/// Those that a person can name, in the order of sentences: udp, tcp, tls, ws, wss.
[[nodiscard]] std::span<const TransportRow> transports();
inline constexpr std::string_view transport_choice = "udp, tcp, tls, ws or wss";

/// Null: there is no such transport. Case does not matter.
[[nodiscard]] const TransportRow* find_transport(std::string_view name);

/// A built-in registrar is reached over what passes for udp.
[[nodiscard]] const TransportRow& transport_row(TransportKind kind);

[[nodiscard]] std::string_view transport_name(TransportKind kind);

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
    subprotocol,  ///< a WebSocket, and its 101 does not take sip (RFC 7118 4.1)
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
  CertificateNames identities = {};
  bool verified = false;
  std::string verify_error;  ///< what verification said when --insecure let it pass
  bool by_wildcard = false;  ///< matched by a wildcard that RFC 5922 7.2 does not allow
};

enum class WebSocketFrame { text, binary };

/// How SIP messages came in WebSocket messages (RFC 7118 5): each in one of its own, text or
/// binary.
struct WebSocketFacts {
  WebSocketFrame frame = WebSocketFrame::text;  ///< of the last one
  std::size_t most_messages = 0;                ///< the most SIP messages that one of them held
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
  /// Nothing before the first message came, and on every other transport.
  [[nodiscard]] virtual std::optional<WebSocketFacts> websocket() const { return std::nullopt; }

  /// The next message goes out in such a frame, on a WebSocket. Left alone, a message that is UTF-8
  /// goes out as text and any other as binary.
  virtual void send_next_as(WebSocketFrame) {}

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

struct WebSocketOptions {
  std::string authority = {};  ///< HOST[:PORT] for the Host header; empty: where it connects to
  std::string path = "/";      ///< with its query
  bool offer_sip = true;       ///< the subprotocol; a server may refuse who does not (RFC 7118 4.1)
};

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
  std::string certificate_file = {};  ///< PEM, what the client shows; empty: nothing
  std::string key_file = {};          ///< PEM, of that certificate
  std::string key_log_file = {};      ///< TLS secrets are appended to it; empty: nowhere
  WebSocketOptions websocket = {};
};

/// Opens a way to the target. UDP is connected, so that ICMP errors come back; datagrams of other
/// sources are delivered with from_target = false by a second look where the system allows it.
[[nodiscard]] std::expected<std::unique_ptr<Transport>, NetError> connect(
    TransportKind kind, const ConnectOptions& options);

}  // namespace sipauth::net
