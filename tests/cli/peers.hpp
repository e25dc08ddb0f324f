// Who a test talks to: a transport that answers by a function on a clock that jumps, and servers on
// loopback that follow a script in a thread of their own.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "net/transport.hpp"
#include "sip/session.hpp"

namespace sipauth::peers {

using namespace std::chrono_literals;

/// The value of a request's first header of that name.
[[nodiscard]] std::string header_of(std::string_view message, std::string_view name);

/// The value of that header with everything from the first to the last quote of `parameter="..."`,
/// or the token behind `parameter=`; empty when it is not there.
[[nodiscard]] std::string parameter_of(std::string_view value, std::string_view parameter);

/// A response that echoes Via, From, To (with a tag), Call-ID and CSeq of the request. `rows` are
/// whole lines with CR LF; Content-Length: 0 follows.
[[nodiscard]] std::string response_to(std::string_view request, int status,
                                      std::string_view rows = {});

/// 401 with `WWW-Authenticate: Digest realm="test", nonce="NONCE", qop="auth"` and `more`.
[[nodiscard]] std::string challenge_to(std::string_view request, std::string_view nonce,
                                       std::string_view more = {});

[[nodiscard]] std::string replaced(std::string text, std::string_view from, std::string_view to);

/// A transport without a socket. `on_send` is called for every message and says what arrives when;
/// the clock jumps from one arrival or deadline to the next.
class ScriptedTransport final : public net::Transport {
 public:
  std::function<void(ScriptedTransport&, const std::string&)> on_send;
  bool reliable = false;
  net::TransportKind transport = net::TransportKind::udp;

  /// What receive() returns `after` now. Later arrivals are put in later.
  void arrives(std::string bytes, net::Duration after = 1ms, bool from_target = true);
  void fails(net::NetError error, net::Duration after = 1ms);
  void stays_silent_for(net::Duration time) { clock_.advance(time); }

  [[nodiscard]] const std::deque<std::string>& sent() const { return sent_; }
  [[nodiscard]] const std::vector<net::Instant>& sent_at() const { return sent_at_; }

  [[nodiscard]] net::TransportKind kind() const override { return transport; }
  [[nodiscard]] bool is_reliable() const override { return reliable; }
  [[nodiscard]] const net::Clock& clock() const override { return clock_; }
  [[nodiscard]] std::string local() const override { return "127.0.0.1:5062"; }
  [[nodiscard]] std::string remote() const override { return "127.0.0.1:5060"; }
  std::expected<void, net::NetError> send(std::string_view message) override;
  std::expected<std::optional<net::Received>, net::NetError> receive(
      net::Instant deadline) override;

 private:
  struct Arrival {
    net::Instant due;
    std::expected<std::optional<net::Received>, net::NetError> what;
  };
  void put(Arrival arrival);

  net::JumpingClock clock_;
  std::deque<Arrival> arrivals_;  // by due time
  std::deque<std::string> sent_;  // references to them stay valid
  std::vector<net::Instant> sent_at_;
};

/// alice at example.com with the password `secret`; Request-URI sip:127.0.0.1.
[[nodiscard]] sip::Identity alice();

/// A file descriptor that is closed when it goes.
class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_{number} {}
  Descriptor(Descriptor&& other) noexcept : number_{std::exchange(other.number_, -1)} {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor();

  [[nodiscard]] int number() const { return number_; }
  [[nodiscard]] bool is_open() const { return number_ >= 0; }

 private:
  int number_;
};

/// A file that holds text and is removed when it goes.
class TemporaryFile {
 public:
  explicit TemporaryFile(std::string_view text);
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile();
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/// Where a server listens: 127.0.0.1, or [::1].
enum class Family { ipv4, ipv6 };

/// A socket of that type, bound to a free port of loopback.
[[nodiscard]] Descriptor bound_socket(int type, Family family, std::uint16_t& port);

/// A UDP server. The script runs in its thread, once for each datagram.
class UdpPeer {
 public:
  using Script = std::function<void(UdpPeer&, const std::string& request)>;
  explicit UdpPeer(Script script, Family family = Family::ipv4);
  ~UdpPeer();

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] int received() const { return received_; }

  /// To whom the request came from.
  void send(std::string_view datagram) const;
  /// The same from another port.
  void send_from_elsewhere(std::string_view datagram) const;

 private:
  void run();

  Script script_;
  std::uint16_t port_ = 0;
  Descriptor socket_;
  Descriptor elsewhere_;
  Descriptor stop_;
  std::vector<char> sender_;  // a sockaddr
  std::atomic<int> received_{0};
  std::thread thread_;
};

/// One accepted connection, within a script.
class TcpConnection {
 public:
  TcpConnection(Descriptor socket, int stop) : socket_{std::move(socket)}, stop_{stop} {}

  /// The next request, up to the blank line behind its headers; empty at the end of the stream, or
  /// when the test is over.
  std::string read_request();
  /// False when the other side is gone.
  bool write(std::string_view bytes) const;
  /// Waits until the other side closes, or the test is over.
  void wait_for_close();
  /// The same without reading anything.
  void wait_unread() const;
  [[nodiscard]] int descriptor() const { return socket_.number(); }
  /// Waits until there is something to read: false when the test is over.
  [[nodiscard]] bool wait_readable() const;

 private:
  Descriptor socket_;
  int stop_;
  std::string buffer_;
};

/// A TCP server. The script runs in its thread, once for each connection, which is closed when the
/// script returns.
class TcpPeer {
 public:
  using Script = std::function<void(TcpConnection&)>;
  explicit TcpPeer(Script script, Family family = Family::ipv4);
  ~TcpPeer();

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] int accepted() const { return accepted_; }

 private:
  void run();

  Script script_;
  std::uint16_t port_ = 0;
  Descriptor socket_;
  Descriptor stop_;
  std::atomic<int> accepted_{0};
  std::thread thread_;
};

/// Options to connect to a port of loopback.
[[nodiscard]] net::ConnectOptions loopback(std::uint16_t port, Family family = Family::ipv4);

/// The transport to a port of loopback; throws what connect() says.
[[nodiscard]] std::unique_ptr<net::Transport> opened(net::TransportKind kind,
                                                     const net::ConnectOptions& options);

/// A server with which there is no connection.
struct NoConnection {
  std::string_view proves;
  TcpPeer::Script script;
  net::NetError::Kind kind;
  std::string_view says;  ///< the error, somewhere in its text
};

/// Connects to a server with that script. Where that is to end by the time, it has little of it.
void expect_no_connection(net::TransportKind kind, const NoConnection& row);

/// Short enough that a test of silence takes no time: T1 10 ms, the end after 200 ms.
inline constexpr sip::Timers short_timers{.t1 = 10ms, .t2 = 80ms, .timeout = 200ms};

}  // namespace sipauth::peers
