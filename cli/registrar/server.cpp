#include "registrar/server.hpp"

#include <array>
#include <asio/buffer.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/ip/udp.hpp>
#include <asio/post.hpp>
#include <asio/signal_set.hpp>
#include <asio/steady_timer.hpp>
#include <asio/write.hpp>
#include <csignal>
#include <deque>
#include <list>
#include <optional>
#include <utility>

#include "net/resolve.hpp"
#include "registrar/request.hpp"
#include "sipauth/framer.hpp"
#include "sipauth/limits.hpp"
#include "sipauth/text.hpp"

namespace sipauth::registrar {
namespace {

using asio::ip::tcp;
using asio::ip::udp;
using std::error_code;

}  // namespace

class Server::Sockets {
 public:
  explicit Sockets(Handler handler) : handler_{std::move(handler)} {}

  std::expected<std::string, std::string> listen(const std::string& address, std::uint16_t port);
  int run();
  int run_for(net::Duration time);
  void stop();

 private:
  class Stream;
  using Streams = std::list<std::shared_ptr<Stream>>;  // silent longest first

  void begin();
  error_code open(const asio::ip::address& address, std::uint16_t port);
  void close();
  void receive();
  void accept();
  void take(std::string_view request, std::string_view transport, const std::string& source,
            const Send& send);
  void send_later(Answer answer, const Send& send);
  void send_datagram(const Answer& answer, udp::endpoint to);

  asio::io_context context_;
  asio::signal_set signals_{context_};
  asio::steady_timer pause_{context_};
  udp::socket udp_{context_};
  udp::socket elsewhere_{context_};  // opened when something is sent from there
  tcp::acceptor acceptor_{context_};
  Handler handler_;
  std::array<char, limits::message_bytes> datagram_{};
  udp::endpoint sender_;
  Streams streams_;
  std::size_t delayed_ = 0;
  bool sees_signals_ = false;
  int signal_ = 0;
};

// One TCP connection. It lives as long as an operation of its own is pending.
class Server::Sockets::Stream : public std::enable_shared_from_this<Stream> {
 public:
  Stream(Sockets& owner, tcp::socket socket, std::string source)
      : owner_{owner}, socket_{std::move(socket)}, source_{std::move(source)} {}

  void start(Streams::iterator place) {
    place_ = place;
    read();
  }

  void close() {
    if (!place_) return;
    owner_.streams_.erase(*std::exchange(place_, std::nullopt));
    error_code ignored;
    socket_.close(ignored);
  }

 private:
  void read() {
    socket_.async_read_some(asio::buffer(chunk_),
                            [self = shared_from_this()](error_code failed, std::size_t size) {
                              self->arrived(failed, size);
                            });
  }

  void arrived(error_code failed, std::size_t size) {
    if (!place_) return;
    if (failed) return close();
    owner_.streams_.splice(owner_.streams_.end(), owner_.streams_, *place_);
    unread_.append(chunk_.data(), size);
    if (!cut()) return close();
    if (place_) read();
  }

  // False when the stream cannot be cut into messages any more.
  bool cut() {
    std::string_view rest{unread_};
    while (place_) {
      const auto frame = framer_.next(rest);
      if (!frame) return false;
      if (frame->kind == StreamFramer::Frame::Kind::incomplete) break;
      if (frame->kind == StreamFramer::Frame::Kind::message) serve(frame->message);
      // RFC 5626 3.5.1: a pong for the ping of two line ends.
      constexpr std::size_t ping = 4;
      const bool is_ping =
          frame->kind == StreamFramer::Frame::Kind::keep_alive && frame->consumed >= ping;
      if (is_ping) send("\r\n");
      rest.remove_prefix(frame->consumed);
    }
    unread_.erase(0, unread_.size() - rest.size());
    return true;
  }

  void serve(std::string_view message) {
    const auto send = [weak = weak_from_this()](Answer answer) {
      if (const auto self = weak.lock()) self->send(std::move(answer.bytes));
    };
    owner_.take(message, "tcp", source_, send);
  }

  void send(std::string bytes) {
    if (!place_) return;
    unsent_bytes_ += bytes.size();
    if (unsent_bytes_ > max_unsent_bytes) return close();
    unsent_.push_back(std::move(bytes));
    if (unsent_.size() == 1) write();
  }

  void write() {
    asio::async_write(socket_, asio::buffer(unsent_.front()),
                      [self = shared_from_this()](error_code failed, std::size_t) {
                        if (failed) return self->close();
                        self->unsent_bytes_ -= self->unsent_.front().size();
                        self->unsent_.pop_front();
                        if (!self->unsent_.empty()) self->write();
                      });
  }

  Sockets& owner_;
  tcp::socket socket_;
  std::string source_;
  std::optional<Streams::iterator> place_;
  StreamFramer framer_;
  std::array<char, 16'384> chunk_{};
  std::string unread_;
  std::deque<std::string> unsent_;
  std::size_t unsent_bytes_ = 0;
};

std::expected<std::string, std::string> Server::Sockets::listen(const std::string& address,
                                                                std::uint16_t port) {
  error_code failed;
  const auto where = asio::ip::make_address(address, failed);
  if (failed) return std::unexpected{"`" + address + "` is not an IP address."};
  // A port that is free for TCP may be taken for UDP; another draw soon finds one that is not.
  constexpr int draws = 16;
  for (int draw = 0; draw < (port == 0 ? draws : 1); ++draw) {
    failed = open(where, port);
    if (!failed) break;
    close();
  }
  if (failed) {
    return std::unexpected{"Cannot listen on " + net::endpoint_text(where, port) + ": " +
                           failed.message() + "."};
  }
  receive();
  accept();
  return net::endpoint_text(where, acceptor_.local_endpoint().port());
}

error_code Server::Sockets::open(const asio::ip::address& address, std::uint16_t port) {
  error_code failed;
  const tcp::endpoint stream_end{address, port};
  acceptor_.open(stream_end.protocol(), failed);
  if (!failed) acceptor_.set_option(tcp::acceptor::reuse_address{true}, failed);
  if (!failed) acceptor_.bind(stream_end, failed);
  if (!failed) acceptor_.listen(asio::socket_base::max_listen_connections, failed);
  if (failed) return failed;

  const udp::endpoint datagram_end{address, acceptor_.local_endpoint().port()};
  udp_.open(datagram_end.protocol(), failed);
  if (!failed) udp_.bind(datagram_end, failed);
  return failed;
}

void Server::Sockets::close() {
  error_code ignored;
  acceptor_.close(ignored);
  udp_.close(ignored);
}

void Server::Sockets::begin() {
  context_.restart();
  if (std::exchange(sees_signals_, true)) return;
  signals_.add(SIGINT);
  signals_.add(SIGTERM);
  signals_.async_wait([this](error_code failed, int signal) {
    if (failed) return;
    signal_ = signal;
    context_.stop();
  });
}

int Server::Sockets::run() {
  begin();
  if (signal_ == 0) context_.run();
  return signal_;
}

int Server::Sockets::run_for(net::Duration time) {
  begin();
  if (signal_ == 0) context_.run_for(time);
  return signal_;
}

void Server::Sockets::stop() {
  asio::post(context_, [this] { context_.stop(); });
}

void Server::Sockets::receive() {
  udp_.async_receive_from(
      asio::buffer(datagram_), sender_, [this](error_code failed, std::size_t size) {
        if (failed == asio::error::operation_aborted) return;
        if (!failed) {
          const auto to = sender_;
          const auto send = [this, to](const Answer& answer) { send_datagram(answer, to); };
          take({datagram_.data(), size}, "udp", net::endpoint_text(to.address(), to.port()), send);
        }
        receive();
      });
}

void Server::Sockets::accept() {
  acceptor_.async_accept([this](error_code failed, tcp::socket socket) {
    if (failed == asio::error::operation_aborted) return;
    error_code gone;
    const auto peer = failed ? tcp::endpoint{} : socket.remote_endpoint(gone);
    if (!failed && !gone) {
      if (streams_.size() == max_streams) std::shared_ptr {
          streams_.front()
        } -> close();
      const auto stream = std::make_shared<Stream>(*this, std::move(socket),
                                                   net::endpoint_text(peer.address(), peer.port()));
      streams_.push_back(stream);
      stream->start(std::prev(streams_.end()));
    }
    // Out of descriptors, say: at once it would fail again.
    if (failed) {
      pause_.expires_after(std::chrono::milliseconds{100});
      pause_.async_wait([this](error_code stopped) {
        if (!stopped) accept();
      });
      return;
    }
    accept();
  });
}

void Server::Sockets::take(std::string_view request, std::string_view transport,
                           const std::string& source, const Send& send) {
  handler_({.transport = transport, .source = source, .bytes = request},
           [this, send](Answer answer) { send_later(std::move(answer), send); });
}

// What cannot be sent is lost, as datagrams are.
void Server::Sockets::send_datagram(const Answer& answer, udp::endpoint to) {
  // Another port of the same host: whoever asks cannot send answers to others.
  if (const auto port = number(port_of(answer.to), 65'535)) {
    to.port(static_cast<std::uint16_t>(*port));
  }
  error_code lost;
  if (answer.from_elsewhere && !elsewhere_.is_open()) {
    elsewhere_.open(to.protocol(), lost);
    elsewhere_.bind({udp_.local_endpoint(lost).address(), 0}, lost);
  }
  auto& socket = answer.from_elsewhere ? elsewhere_ : udp_;
  socket.send_to(asio::buffer(answer.bytes), to, 0, lost);
}

void Server::Sockets::send_later(Answer answer, const Send& send) {
  if (answer.delay == net::Duration{0} || delayed_ == max_delayed) return send(std::move(answer));
  ++delayed_;
  const auto timer = std::make_shared<asio::steady_timer>(context_, answer.delay);
  timer->async_wait([this, timer, send, waiting = std::move(answer)](error_code failed) {
    --delayed_;
    if (!failed) send(waiting);
  });
}

Server::Server(Registrar registrar, std::function<void(const Served&)> on_served)
    : Server{[registrar = std::make_shared<Registrar>(std::move(registrar)),
              clock = net::SystemClock{},
              told = std::move(on_served)](const Incoming& request, const Send& send) {
        const auto answers = registrar->handle(request.bytes, request.source, clock.now(),
                                               clock.wall(), request.transport == "tcp");
        if (answers.empty()) return;
        told({.transport = request.transport,
              .source = request.source,
              .request = request.bytes,
              .answers = answers});
        for (const auto& answer : answers) send(answer);
      }} {}
Server::Server(Handler handler) : sockets_{std::make_unique<Sockets>(std::move(handler))} {}
Server::~Server() = default;

std::expected<std::string, std::string> Server::listen(const std::string& address,
                                                       std::uint16_t port) {
  return sockets_->listen(address, port);
}

int Server::run() { return sockets_->run(); }
int Server::run_for(net::Duration time) { return sockets_->run_for(time); }
void Server::stop() { sockets_->stop(); }

}  // namespace sipauth::registrar
