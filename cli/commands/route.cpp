#include "commands/route.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "results/escape.hpp"

namespace sipauth::commands {
namespace {

using Outcome = net::Candidate::Outcome;
using Kind = net::NetError::Kind;

std::string sentence_of(const net::Candidate& candidate) {
  return fmt::format("{} was passed over: {}", results::for_terminal(candidate.text()),
                     candidate.why);
}

}  // namespace

std::expected<void, net::NetError> Route::open_next() {
  std::optional<Kind> first;
  for (auto& candidate : resolution_.candidates) {
    if (candidate.outcome != Outcome::not_tried) continue;
    way_.host = candidate.address;
    way_.port = candidate.port;
    auto transport = net::connect(candidate.transport, way_);
    if (transport) {
      candidate.outcome = Outcome::used;
      transport_ = std::move(*transport);
      return {};
    }
    if (transport.error().kind == Kind::interrupted) return std::unexpected{transport.error()};
    if (!first) first = transport.error().kind;
    pass_over(candidate, std::move(transport.error().text));
  }
  return std::unexpected{none_is_left(first.value_or(Kind::unreachable))};
}

net::NetError Route::none_is_left(Kind kind) const {
  const auto& candidates = resolution_.candidates;
  if (candidates.size() == 1) return {kind, candidates.front().why};
  auto text = fmt::format("None of the {} servers of {} can be reached.", candidates.size(),
                          resolution_.domain);
  for (const auto& candidate : candidates) {
    text += fmt::format(" {}: {}", results::for_terminal(candidate.text()), candidate.why);
  }
  return {kind, std::move(text)};
}

void Route::pass_over(std::string why) {
  const auto used =
      std::ranges::find(resolution_.candidates, Outcome::used, &net::Candidate::outcome);
  if (used != resolution_.candidates.end()) pass_over(*used, std::move(why));
}

void Route::pass_over(net::Candidate& candidate, std::string why) {
  candidate.outcome = Outcome::passed_over;
  candidate.why = std::move(why);
  if (on_passed_over && resolution_.candidates.size() > 1) on_passed_over(sentence_of(candidate));
}

std::vector<std::string> Route::passed_over() const {
  std::vector<std::string> sentences;
  if (resolution_.candidates.size() < 2) return sentences;
  for (const auto& candidate : resolution_.candidates) {
    if (candidate.outcome == Outcome::passed_over) sentences.push_back(sentence_of(candidate));
  }
  return sentences;
}

}  // namespace sipauth::commands
