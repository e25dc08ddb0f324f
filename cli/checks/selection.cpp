#include <algorithm>
#include <set>

#include "checks/needs.hpp"
#include "checks/runner.hpp"
#include "sipauth/text.hpp"

namespace sipauth::checks {
namespace {

using namespace std::chrono_literals;

std::vector<std::string_view> words_of(std::span<const std::string> lists) {
  std::vector<std::string_view> words;
  for (const std::string_view list : lists) {
    std::size_t begin = 0;
    while (begin <= list.size()) {
      const auto end = std::min(list.find(',', begin), list.size());
      const auto word = trim(list.substr(begin, end - begin));
      if (!word.empty()) words.push_back(word);
      begin = end + 1;
    }
  }
  return words;
}

bool names(std::string_view word, const Check& check) {
  const auto is = [&](std::string_view name) {
    return same(word, name) || same(word, name.substr(3));
  };
  return is(check.id) || is(check.suite());
}

std::expected<std::set<const Check*>, std::string> named_by(std::span<const std::string> lists) {
  std::set<const Check*> found;
  for (const auto word : words_of(lists)) {
    const auto before = found.size();
    bool known = false;
    for (const auto* check : catalogue()) {
      if (!names(word, *check)) continue;
      found.insert(check);
      known = true;
    }
    if (!known && found.size() == before) return std::unexpected{std::string{word}};
  }
  return found;
}

void add_with_foundations(std::set<const Check*>& running, const Check* check) {
  if (!running.insert(check).second) return;
  for (const auto id : check->builds_on) {
    if (!id.empty()) add_with_foundations(running, find(id));
  }
}

}  // namespace

std::expected<Selection, std::string> select(std::span<const std::string> only,
                                             std::span<const std::string> skip) {
  const auto wanted = named_by(only);
  if (!wanted) return std::unexpected{wanted.error()};
  const auto unwanted = named_by(skip);
  if (!unwanted) return std::unexpected{unwanted.error()};

  std::set<const Check*> reported;
  std::set<const Check*> running{find("SA-CH-01")};
  for (const auto* check : catalogue()) {
    if ((!words_of(only).empty() && !wanted->contains(check)) || unwanted->contains(check))
      continue;
    reported.insert(check);
    add_with_foundations(running, check);
    if (check->needs.credentials) running.insert(find("SA-AUTH-01"));
  }
  Selection selection;
  for (const auto* check : catalogue()) {
    if (reported.contains(check)) selection.reported.push_back(check);
    if (running.contains(check)) selection.running.push_back(check);
  }
  return selection;
}

Estimate estimate(const Selection& selection, const Settings& settings) {
  constexpr int liveness_requests = 2;
  Estimate sum;
  bool measures_lifetime = false;
  for (const auto* check : selection.running) {
    if (!lacking(check->needs, settings).empty()) continue;
    sum.requests += check->cost.requests;
    const int refused = check->cost.refused_on(settings.loopback);
    sum.refused += refused;
    if (refused > 0) sum.requests += liveness_requests;
    if (!settings.no_wait || check->stage == Stage::burst) sum.longest += check->cost.waiting;
    measures_lifetime = measures_lifetime || check->needs.waiting;
  }
  if (measures_lifetime && settings.nonce_lifetime) {
    sum.longest += *settings.nonce_lifetime + 1s;
  } else if (measures_lifetime) {
    for (net::Duration age = 1s; age < settings.max_wait; age *= 2) sum.requests += 2;
    sum.requests += 2;
    // Refused at the last age, it is confirmed by one a second older.
    sum.longest += 2 * settings.max_wait + 1s;
  }
  sum.refused = std::min(sum.refused, settings.max_refused);
  return sum;
}

}  // namespace sipauth::checks
