// A Registrar, or whatever answers in its place, on UDP and TCP sockets of one address and port.
// Single-threaded: everything happens inside run() and run_for().
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "net/clock.hpp"
#include "registrar/registrar.hpp"

namespace sipauth::registrar {

/// A request that was answered.
struct Served {
  std::string_view transport;  ///< `udp` or `tcp`
  std::string_view source;     ///< `127.0.0.1:40000`
  std::string_view request;
  std::span<const Answer> answers;  ///< the last one is the final one
};

/// What arrived: one datagram, or one message of a stream.
struct Incoming {
  std::string_view transport;  ///< `udp` or `tcp`
  std::string_view source;     ///< `127.0.0.1:40000`
  std::string_view bytes;
};

class Server {
 public:
  /// Sends one answer to whoever asked. It may be kept, and called again, as long as the Server
  /// lives; after the end of a stream it does nothing.
  using Send = std::function<void(Answer)>;
  using Handler = std::function<void(const Incoming&, const Send&)>;

  /// Streams that are open at once; one more closes the one that was silent longest, so that nobody
  /// can keep others out by holding streams open.
  static constexpr std::size_t max_streams = 128;
  /// What a peer may leave unread of its answers before its stream is closed.
  static constexpr std::size_t max_unsent_bytes = 1 << 20;
  /// Answers that wait for their delay; more are sent at once.
  static constexpr std::size_t max_delayed = 1024;

  Server(Registrar registrar, std::function<void(const Served&)> on_served);
  explicit Server(Handler handler);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// `address` is an IP address, without brackets; port 0 takes any that is free on both. Returns
  /// `127.0.0.1:54321`, or a sentence that says why not.
  [[nodiscard]] std::expected<std::string, std::string> listen(const std::string& address,
                                                               std::uint16_t port);

  /// Serves until SIGINT, SIGTERM or stop(); returns the signal, or 0.
  int run();

  /// Serves for so long; returns the signal that came, now or in an earlier call, or 0.
  int run_for(net::Duration time);

  /// From any thread.
  void stop();

 private:
  class Sockets;
  std::unique_ptr<Sockets> sockets_;
};

}  // namespace sipauth::registrar
