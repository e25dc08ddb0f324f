#include "commands/trace_endpoints.hpp"

#include <fmt/format.h>

#include <optional>
#include <string_view>
#include <utility>

#include "sipauth/address.hpp"
#include "sipauth/message.hpp"
#include "sipauth/text.hpp"

namespace sipauth::commands {
namespace {

std::string endpoint_of(const TraceAddress& address) {
  if (address.host.empty()) return {};
  const auto host =
      address.host.contains(':') ? fmt::format("[{}]", address.host) : std::string{address.host};
  return address.port == 0 ? host : fmt::format("{}:{}", host, address.port);
}

struct Place {
  std::string dialogue = {};
  std::string transaction = {};
  bool is_request = false;
};

std::optional<Place> place_of(const TracedMessage& traced) {
  Diagnostics ignored;
  const auto message = Message::parse(traced.text, ignored);
  if (!message) return std::nullopt;
  const auto from = NameAddr::parse(message->value(HeaderId::from), ignored);
  const auto via = Via::parse(message->value(HeaderId::via), ignored);
  Place place{.dialogue = fmt::format("{}\n{}", trim(message->value(HeaderId::call_id)),
                                      from ? from->tag().value_or("") : ""),
              .is_request = message->is_request()};
  place.transaction =
      fmt::format("{}\n{}\n{}", place.dialogue, via ? via->branch().value_or("") : "",
                  trim(message->value(HeaderId::cseq)));
  return place;
}

// The one with a port, of two that name the same host.
bool tells_more(std::string_view candidate, std::string_view known) {
  return known.empty() || (candidate.size() > known.size() && candidate.starts_with(known) &&
                           candidate[known.size()] == ':');
}

void learn_end(const std::string& end, std::string& known, bool& several) {
  if (end.empty() || end == known || tells_more(known, end)) return;
  if (tells_more(end, known)) {
    known = end;
  } else {
    several = true;
  }
}

void fill(std::string& end, const std::string& known, bool several) {
  if (!several && !known.empty() && tells_more(known, end)) end = known;
}

}  // namespace

void TraceEndpoints::Known::learn(const std::string& a_client, const std::string& a_server) {
  learn_end(a_client, client, several_clients);
  learn_end(a_server, server, several_servers);
}

TraceEndpoints::TraceEndpoints(std::span<const TracedMessage> messages) {
  for (const auto& message : messages) {
    auto client = endpoint_of(message.source);
    auto server = endpoint_of(message.destination);
    if (client.empty() && server.empty()) continue;
    const auto place = place_of(message);
    if (!place) continue;
    if (!place->is_request) std::swap(client, server);
    transactions_[place->transaction].learn(client, server);
    dialogues_[place->dialogue].learn(client, server);
  }
}

TraceEndpoints::Ends TraceEndpoints::of(const TracedMessage& message) const {
  Ends ends{endpoint_of(message.source), endpoint_of(message.destination)};
  const auto place = dialogues_.empty() ? std::nullopt : place_of(message);
  if (!place) return ends;
  auto& client = place->is_request ? ends.source : ends.destination;
  auto& server = place->is_request ? ends.destination : ends.source;
  for (const auto& [table, key] :
       {std::pair{&transactions_, &place->transaction}, std::pair{&dialogues_, &place->dialogue}}) {
    const auto known = table->find(*key);
    if (known == table->end()) continue;
    fill(client, known->second.client, known->second.several_clients);
    fill(server, known->second.server, known->second.several_servers);
  }
  return ends;
}

}  // namespace sipauth::commands
