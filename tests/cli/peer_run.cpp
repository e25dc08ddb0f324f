#include "cli/peer_run.hpp"

#ifdef SIPAUTH_TEST_WEBSOCKET

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <utility>

#include "cli/builtin_run.hpp"
#include "cli/websocket_peer.hpp"
#include "registrar/profile.hpp"

namespace sipauth {
namespace {

using namespace std::chrono_literals;

// One registrar for all connections of a server.
class Shared {
 public:
  explicit Shared(registrar::Profile profile)
      : registrar_{std::move(profile), registrar::built_in_accounts(), 1} {}

  std::vector<registrar::Answer> answers(std::string_view request) {
    const std::lock_guard guard{mutex_};
    return registrar_.handle(request, "127.0.0.1:40000", clock_.now(), clock_.wall(), true);
  }

 private:
  std::mutex mutex_;
  net::SystemClock clock_;
  registrar::Registrar registrar_;
};

// A TCP server with a thread for each connection.
class Listener {
 public:
  explicit Listener(std::function<void(peers::TcpConnection&, int number)> script)
      : script_{std::move(script)},
        socket_{peers::bound_socket(SOCK_STREAM, peers::Family::ipv4, port_)},
        stop_{eventfd(0, EFD_CLOEXEC)} {
    if (listen(socket_.number(), 8) != 0) throw std::runtime_error{"listen"};
    thread_ = std::thread{[this] { run(); }};
  }
  ~Listener() {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(stop_.number(), &one, sizeof one);
    thread_.join();
    for (auto& connection : connections_) connection.join();
  }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  void run() {
    for (int number = 1;; ++number) {
      std::array<pollfd, 2> waiting{{{socket_.number(), POLLIN, 0}, {stop_.number(), POLLIN, 0}}};
      ::poll(waiting.data(), waiting.size(), -1);
      if (waiting[1].revents != 0) return;
      peers::Descriptor accepted{accept4(socket_.number(), nullptr, nullptr, SOCK_CLOEXEC)};
      if (!accepted.is_open()) continue;
      connections_.emplace_back([this, number, socket = std::move(accepted)]() mutable {
        peers::TcpConnection connection{std::move(socket), stop_.number()};
        script_(connection, number);
      });
    }
  }

  std::function<void(peers::TcpConnection&, int)> script_;
  std::uint16_t port_ = 0;
  peers::Descriptor socket_;
  peers::Descriptor stop_;
  std::vector<std::thread> connections_;
  std::thread thread_;
};

class TlsRegistrar final : public RegistrarPeer {
 public:
  TlsRegistrar(registrar::Profile profile, const peers::CertificateWish& wish)
      : shared_{std::move(profile)},
        peer_{wish, [this](peers::TlsConnection& connection) { serve(connection); }} {}

  [[nodiscard]] std::expected<std::unique_ptr<net::Transport>, net::NetError> connect(
      bool) const override {
    auto way = peers::loopback(peer_.port());
    way.insecure = true;
    return net::connect(net::TransportKind::tls, way);
  }

 private:
  void serve(peers::TlsConnection& connection) {
    for (auto request = connection.read_request(); !request.empty();
         request = connection.read_request()) {
      for (const auto& answer : shared_.answers(request)) connection.write(answer.bytes);
    }
  }

  Shared shared_;
  peers::TlsPeer peer_;
};

class WebSocketRegistrar final : public RegistrarPeer {
 public:
  WebSocketRegistrar(registrar::Profile profile, const WebSocketManners& manners)
      : manners_{manners},
        shared_{std::move(profile)},
        listener_{[this](peers::TcpConnection& tcp, int number) { serve(tcp, number); }} {}

  [[nodiscard]] std::expected<std::unique_ptr<net::Transport>, net::NetError> connect(
      bool offer_sip) const override {
    auto way = peers::loopback(listener_.port());
    way.websocket.offer_sip = offer_sip;
    return net::connect(net::TransportKind::ws, way);
  }

 private:
  void serve(peers::TcpConnection& tcp, int number) {
    const auto upgrade = tcp.read_request();
    const bool offered = upgrade.contains("Sec-WebSocket-Protocol: sip");
    if (!offered && manners_.refuses_without_sip) {
      tcp.write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
      return;
    }
    const bool takes = offered && (number == 1 || manners_.takes_sip_again);
    tcp.write(peers::upgrade_answer(upgrade, takes ? "sip" : ""));
    peers::WebSocketConnection connection{tcp};
    for (auto message = connection.read(); message.opcode != peers::Opcode::close;
         message = connection.read()) {
      if (is_taken(message)) answer(connection, message.bytes);
    }
  }

  [[nodiscard]] bool is_taken(const peers::WebSocketConnection::Message& message) const {
    if (message.opcode == peers::Opcode::text && !manners_.answers_text) return false;
    if (message.opcode == peers::Opcode::binary && !manners_.answers_binary) return false;
    return !manners_.needs_content_length || message.bytes.contains("Content-Length");
  }

  void answer(const peers::WebSocketConnection& connection, std::string_view request) {
    const auto answers = shared_.answers(request);
    if (manners_.joins) {
      std::string all;
      for (const auto& answer : answers) all += answer.bytes;
      connection.write(all);
      return;
    }
    for (const auto& [bytes, delay, to, elsewhere] : answers) {
      const auto half = manners_.splits ? bytes.rfind("\r\n", bytes.size() - 5) + 2 : bytes.size();
      connection.write(std::string_view{bytes}.substr(0, half));
      if (half < bytes.size()) connection.write(std::string_view{bytes}.substr(half));
    }
  }

  WebSocketManners manners_;
  Shared shared_;
  Listener listener_;
};

registrar::Profile profile_of(const checks::BuiltIn& row) {
  std::vector<std::string> faults;
  if (!row.fault.empty()) faults.emplace_back(row.fault);
  return registrar::make_profile(row.profile, faults).value();
}

struct Kind {
  std::string_view name;
  std::unique_ptr<RegistrarPeer> (*make)(registrar::Profile);
};

constexpr auto kinds = std::to_array<Kind>({
    {"tls",
     [](registrar::Profile profile) {
       return tls_registrar(std::move(profile), {.alternative_names = "URI:sip:127.0.0.1"});
     }},
    {"tls-other-name",
     [](registrar::Profile profile) {
       return tls_registrar(std::move(profile), {.alternative_names = "DNS:other.example"});
     }},
    {"ws", [](registrar::Profile profile) { return websocket_registrar(std::move(profile), {}); }},
    {"ws-joins-answers",
     [](registrar::Profile profile) {
       profile.trying = true;
       return websocket_registrar(std::move(profile), {.joins = true});
     }},
});

}  // namespace

std::unique_ptr<RegistrarPeer> tls_registrar(registrar::Profile profile,
                                             const peers::CertificateWish& wish) {
  return std::make_unique<TlsRegistrar>(std::move(profile), wish);
}

std::unique_ptr<RegistrarPeer> websocket_registrar(registrar::Profile profile,
                                                   const WebSocketManners& manners) {
  return std::make_unique<WebSocketRegistrar>(std::move(profile), manners);
}

std::unique_ptr<RegistrarPeer> make_peer(const checks::BuiltIn& row) {
  for (const auto& kind : kinds) {
    if (kind.name == row.peer) return kind.make(profile_of(row));
  }
  throw std::invalid_argument{"no peer " + std::string{row.peer}};
}

const checks::Finding& PeerRun::operator[](std::string_view id) const {
  for (const auto& [check, finding] : report.reports) {
    if (check->id == id) return finding;
  }
  throw std::invalid_argument{"no report of " + std::string{id}};
}

PeerRun run_peer(std::unique_ptr<RegistrarPeer> peer, std::string_view id,
                 std::string_view domain) {
  PeerRun run{.peer = std::move(peer)};
  auto transport = run.peer->connect(true);
  if (!transport) throw std::runtime_error{transport.error().text};
  run.transport = std::move(*transport);
  auto identity = alice("secret");
  identity.domain = domain;
  identity.request_uri = "sip:" + identity.domain;
  run.session = std::make_unique<sip::Session>(*run.transport, std::move(identity),
                                               sip::Timers{.timeout = 200ms}, sip::Limits{}, 1);
  run.session->connect_another = [&peer = *run.peer](const sip::AnotherWay& way) {
    return peer.connect(way.offer_sip);
  };
  auto selection = checks::select(std::vector{std::string{id}}, {});
  if (!selection) throw std::invalid_argument{selection.error()};
  checks::Runner runner{*run.session, RunOptions::everything_allowed(), *selection};
  run.report = runner.run();
  return run;
}

}  // namespace sipauth

#endif
