#include "registrar/builtin_transport.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "net/socket_error.hpp"

namespace sipauth::registrar {
namespace {

/// What a message takes from here to there.
constexpr std::chrono::milliseconds way{1};

}  // namespace

BuiltinTransport::BuiltinTransport(Registrar registrar, net::TransportKind kind)
    : BuiltinTransport{std::make_shared<net::JumpingClock>(),
                       std::make_shared<Registrar>(std::move(registrar)), kind, "127.0.0.1:5062"} {}

BuiltinTransport::BuiltinTransport(std::shared_ptr<net::JumpingClock> clock,
                                   std::shared_ptr<Registrar> registrar, net::TransportKind kind,
                                   std::string local)
    : clock_{std::move(clock)},
      registrar_{std::move(registrar)},
      kind_{kind},
      local_{std::move(local)} {}

std::unique_ptr<BuiltinTransport> BuiltinTransport::another(net::TransportKind kind,
                                                            std::string local) const {
  return std::unique_ptr<BuiltinTransport>{
      new BuiltinTransport{clock_, registrar_, kind, std::move(local)}};
}

std::unique_ptr<BuiltinTransport> BuiltinTransport::elsewhere(Registrar registrar) const {
  return std::unique_ptr<BuiltinTransport>{new BuiltinTransport{
      clock_, std::make_shared<Registrar>(std::move(registrar)), kind_, local_}};
}

std::expected<void, net::NetError> BuiltinTransport::send(std::string_view message) {
  clock_->advance(way);
  auto due = clock_->now();
  for (auto& answer :
       registrar_->handle(message, local_, clock_->now(), clock_->wall(), is_reliable())) {
    due += way;
    const auto arrives = due + answer.delay;
    const auto behind = std::ranges::upper_bound(in_flight_, arrives, {}, &InFlight::due);
    in_flight_.insert(behind, {arrives, std::move(answer.bytes)});
  }
  return {};
}

std::expected<std::optional<net::Received>, net::NetError> BuiltinTransport::receive(
    net::Instant deadline) {
  if (net::stop_requested) return std::unexpected{net::interrupted_error()};
  if (in_flight_.empty() || in_flight_.front().due > deadline) {
    clock_->jump_to(deadline);
    return std::nullopt;
  }
  auto [due, bytes] = std::move(in_flight_.front());
  in_flight_.pop_front();
  clock_->jump_to(due);
  return net::Received{.bytes = std::move(bytes), .remote = remote(), .from_target = true};
}

}  // namespace sipauth::registrar
