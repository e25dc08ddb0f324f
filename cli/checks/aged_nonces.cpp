#include "checks/aged_nonces.hpp"

#include <algorithm>
#include <chrono>
#include <set>
#include <utility>

#include "checks/outcome.hpp"

namespace sipauth::checks {
namespace {

using namespace std::chrono_literals;

/// All challenges of one second may share a nonce.
constexpr net::Duration apart = 1100ms;

/// A registrar whose nonce stays the same that often has only one.
constexpr int most_repeats = 4;

/// Nonces that age side by side. More find the end in fewer rounds, at the price of their requests.
constexpr int most_at_once = 15;

struct Aging {
  sip::Dialogue dialogue;
  sip::Exchange offered;
  AgedNonce wanted;
};

}  // namespace

bool LifeEnd::is_known_to_a_second() const { return refused - taken <= 1500ms; }

std::expected<std::vector<AgedAnswer>, std::string> answer_aged(Context& context,
                                                                const AgedPlan& plan) {
  auto& session = context.session();
  std::vector<Aging> aging;
  std::set<std::string> nonces;
  int repeats = 0;
  while (aging.size() < plan.nonces.size()) {
    auto dialogue = context.dialogue();
    auto offered = dialogue.challenge();
    if (!offered.challenged()) {
      return std::unexpected{"a query was not challenged any more: " + describe(offered)};
    }
    const auto& nonce = offered.offer()->nonce;
    if (session.nonce_was_used(nonce) || !nonces.insert(nonce).second) {
      if (++repeats > most_repeats) {
        return std::unexpected{"every challenge offers the same nonce (SA-NONCE-13)"};
      }
      session.wait_until(session.clock().now() + apart);
      continue;
    }
    repeats = 0;
    const auto& wanted = plan.nonces[aging.size()];
    if (wanted.used_before) {
      const auto used = dialogue.answer(offered);
      if (!used.accepted()) {
        return std::unexpected{"the first use of a nonce was answered with " + describe(used)};
      }
    }
    aging.push_back({std::move(dialogue), std::move(offered), wanted});
  }

  std::vector<AgedAnswer> answers;
  for (auto& one : aging) {
    session.wait_until(one.offered.sent_at + one.wanted.age);
    auto answered = one.dialogue.answer(one.offered);
    if (!answered.accepted() && answered.retransmissions > 0) continue;
    const auto age = answered.sent_at - one.offered.sent_at;
    const bool ends = plan.until_refused && !answered.accepted();
    answers.push_back({{age, one.wanted.used_before}, std::move(answered)});
    if (ends) break;
  }
  return answers;
}

std::expected<void, std::string> narrow(Context& context, LifeEnd& end, bool used_before) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(end.refused - end.taken).count();
  const auto step = std::chrono::seconds{
      std::max<std::int64_t>(1, (seconds + most_at_once) / (most_at_once + 1))};
  AgedPlan plan{.until_refused = true};
  for (auto age = end.taken + step; age + 500ms < end.refused; age += step) {
    plan.nonces.push_back({age, used_before});
  }
  const auto answers = answer_aged(context, plan);
  if (!answers) return std::unexpected{answers.error()};
  for (const auto& [nonce, answered] : *answers) {
    const auto age = nonce.age;
    if (answered.accepted()) {
      end.taken = std::max(end.taken, age);
    } else if (age < end.refused) {
      end.refused = age;
      end.refusal = answered;
    }
  }
  return {};
}

}  // namespace sipauth::checks
