#include "registrar/builtin_transport.hpp"

#include <algorithm>
#include <chrono>
#include <deque>
#include <utility>

#include "net/socket_error.hpp"

namespace sipauth::registrar {
namespace {

/// What a message takes from here to there.
constexpr std::chrono::milliseconds way{1};

constexpr std::string_view asked_at = "127.0.0.1:5060";
constexpr std::string_view elsewhere_at = "127.0.0.1:5059";

}  // namespace

struct BuiltinTransport::Network {
  struct InFlight {
    net::Instant due{0};
    std::string to = {};
    bool from_elsewhere = false;
    std::string bytes = {};
  };

  explicit Network(Registrar of) : registrar{std::move(of)} {}

  Registrar registrar;
  std::deque<InFlight> in_flight = {};  // by due time
};

BuiltinTransport::BuiltinTransport(Registrar registrar, net::TransportKind kind)
    : BuiltinTransport{std::make_shared<net::JumpingClock>(),
                       std::make_shared<Network>(std::move(registrar)), kind, "127.0.0.1:5062"} {}

BuiltinTransport::BuiltinTransport(std::shared_ptr<net::JumpingClock> clock,
                                   std::shared_ptr<Network> network, net::TransportKind kind,
                                   std::string local)
    : clock_{std::move(clock)},
      network_{std::move(network)},
      kind_{kind},
      local_{std::move(local)} {}

std::unique_ptr<BuiltinTransport> BuiltinTransport::another(net::TransportKind kind,
                                                            std::string local) const {
  return std::unique_ptr<BuiltinTransport>{
      new BuiltinTransport{clock_, network_, kind, std::move(local)}};
}

std::unique_ptr<BuiltinTransport> BuiltinTransport::elsewhere(Registrar registrar) const {
  return std::unique_ptr<BuiltinTransport>{
      new BuiltinTransport{clock_, std::make_shared<Network>(std::move(registrar)), kind_, local_}};
}

void BuiltinTransport::restart() { network_->registrar.restart(); }

std::expected<void, net::NetError> BuiltinTransport::send(std::string_view message) {
  clock_->advance(way);
  auto due = clock_->now();
  for (auto& answer :
       network_->registrar.handle(message, local_, clock_->now(), clock_->wall(), is_reliable())) {
    due += way;
    const auto arrives = due + answer.delay;
    auto& in_flight = network_->in_flight;
    const auto behind = std::ranges::upper_bound(in_flight, arrives, {}, &Network::InFlight::due);
    in_flight.insert(behind, {.due = arrives,
                              .to = answer.to.empty() ? local_ : std::move(answer.to),
                              .from_elsewhere = answer.from_elsewhere,
                              .bytes = std::move(answer.bytes)});
  }
  return {};
}

std::expected<std::optional<net::Received>, net::NetError> BuiltinTransport::receive(
    net::Instant deadline) {
  if (net::stop_requested) return std::unexpected{net::interrupted_error()};
  auto& in_flight = network_->in_flight;
  const auto first = std::ranges::find(in_flight, local_, &Network::InFlight::to);
  if (first == in_flight.end() || first->due > deadline) {
    clock_->jump_to(deadline);
    return std::nullopt;
  }
  auto arrived = std::move(*first);
  in_flight.erase(first);
  clock_->jump_to(arrived.due);
  return net::Received{.bytes = std::move(arrived.bytes),
                       .remote = std::string{arrived.from_elsewhere ? elsewhere_at : asked_at},
                       .from_target = !arrived.from_elsewhere};
}

}  // namespace sipauth::registrar
