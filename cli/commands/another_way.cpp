#include "commands/another_way.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "net/host_text.hpp"
#include "registrar/builtin_transport.hpp"

namespace sipauth::commands {
namespace {

using Opened = std::expected<std::unique_ptr<net::Transport>, net::NetError>;
using net::TransportKind;

std::unexpected<net::NetError> not_here(std::string text) {
  return std::unexpected{net::NetError{net::NetError::Kind::usage, std::move(text)}};
}

// Where the server takes another transport: what records say, else the same port where the
// transport differs in no more than UDP and TCP do, else the usual one beside the usual one.
std::optional<std::uint16_t> port_of(const Route& route, TransportKind used, TransportKind wanted) {
  const auto& way = route.way();
  if (used == wanted) return way.port;
  const auto& candidates = route.resolution().candidates;
  const auto named = std::ranges::find_if(candidates, [&](const net::Candidate& candidate) {
    return candidate.transport == wanted && candidate.address == way.host;
  });
  if (named != candidates.end()) return named->port;
  const auto& from = net::transport_row(used);
  const auto& to = net::transport_row(wanted);
  if (from.port == to.port) return way.port;
  if (way.port == from.port) return to.port;
  return std::nullopt;
}

Opened open_beside(const Route& route, TransportKind used, const sip::AnotherWay& another) {
  auto way = route.way();
  const auto wanted = another.transport.value_or(used);
  const auto port = port_of(route, used, wanted);
  if (!port) {
    return not_here(fmt::format("no port is known for {} beside {}:{}", net::transport_name(wanted),
                                net::transport_name(used), way.port));
  }
  way.port = *port;
  if (another.other_address) {
    if (!way.host.starts_with("127.") || !way.source.empty()) {
      return not_here("there is no second address to send from: only 127.0.0.1 has one beside it");
    }
    way.source = "127.0.0.2";
  }
  way.websocket.offer_sip = another.offer_sip;
  return net::connect(wanted, way);
}

Opened open_second(const Route& route, TransportKind used, const net::Target& second) {
  auto way = route.way();
  way.host = net::without_brackets(second.host);
  way.port = second.port_or_default();
  return net::connect(second.transport_was_named ? second.transport : used, way);
}

}  // namespace

ConnectAnother another_way(const Route& route, std::optional<net::Target> second) {
  const auto used = route.transport().kind();
  return [&route, used, second = std::move(second)](const sip::AnotherWay& another) -> Opened {
    if (!another.second_target) return open_beside(route, used, another);
    if (!second) return not_here("there is no second registrar: --second-target names one");
    return open_second(route, used, *second);
  };
}

ConnectAnother another_builtin_way(const net::Transport& first, registrar::Profile profile,
                                   std::uint64_t seed) {
  const auto& builtin = dynamic_cast<const registrar::BuiltinTransport&>(first);
  return [&builtin, profile = std::move(profile), seed,
          port = 5062](const sip::AnotherWay& another) mutable -> Opened {
    const auto wanted = another.transport.value_or(builtin.kind());
    const bool known = wanted == TransportKind::builtin || wanted == TransportKind::udp ||
                       wanted == TransportKind::tcp;
    if (!known) return not_here("a built-in registrar is reached over udp or tcp");
    if (another.second_target) {
      return builtin.elsewhere(
          registrar::Registrar{profile, registrar::built_in_accounts(), seed + 1});
    }
    port += 2;
    const auto kind = wanted == TransportKind::udp ? TransportKind::builtin : wanted;
    return builtin.another(kind, fmt::format("127.0.0.{}:{}", another.other_address ? 2 : 1, port));
  };
}

}  // namespace sipauth::commands
