#include "flow_neighbours.hpp"

#include <algorithm>
#include <optional>

#include "sipauth/lint.hpp"
#include "sipauth/text.hpp"

namespace sipauth::flow {
namespace {

constexpr std::size_t most_values = 8;
constexpr std::size_t longest_value = 256;

void add(std::vector<std::string>& all, std::optional<std::string_view> between_quotes) {
  if (!between_quotes || between_quotes->size() > longest_value) return;
  auto value = unquote(*between_quotes);
  std::erase(all, value);
  if (all.size() == most_values) all.pop_back();
  all.insert(all.begin(), std::move(value));
}

}  // namespace

std::vector<std::string_view> others(const std::vector<std::string>& all, std::string_view own) {
  std::vector<std::string_view> different;
  different.reserve(all.size());
  for (const auto& value : all) {
    if (value != own) different.emplace_back(value);
  }
  return different;
}

void NeighbourTable::see(const Event& event) {
  if (event.sent().empty() && !event.has_challenge()) return;
  auto& seen = phones_.find_or_add(hash_of(event.aor));
  for (const auto& sent : event.sent()) {
    if (sent.scheme != Scheme::digest) continue;
    add(seen.realms, sent.parsed.realm());
    add(seen.nonces, sent.parsed.nonce());
    add(seen.cnonces, sent.parsed.cnonce());
  }
  if (!event.has_challenge()) return;
  for_each_challenge(event.message, [&](const Header&, const Challenge& challenge, Diagnostics&) {
    if (!challenge.is_digest()) return;
    add(seen.realms, challenge.realm());
    add(seen.nonces, challenge.nonce());
    const auto qop = challenge.qop().value_or("");
    if (qop.size() <= longest_value) seen.offered_qop = qop;
  });
}

const Neighbours* NeighbourTable::of(const Event& event) {
  return phones_.find(hash_of(event.aor));
}

}  // namespace sipauth::flow
