#include "checks/counting.hpp"

#include "checks/outcome.hpp"

namespace sipauth::checks {

using enum Verdict;
using namespace std::chrono_literals;

Verdict letter(const Letters& letters, const sip::Exchange& answered) {
  switch (outcome_of(answered)) {
    case Outcome::accepted:
      return letters.accepted;
    case Outcome::stale:
      return letters.stale;
    case Outcome::plain:
      return letters.plain;
    case Outcome::forbidden:
      return letters.forbidden;
    case Outcome::bad_request:
      return letters.bad_request;
    case Outcome::broken:
      return letters.broken;
    case Outcome::dead_challenge:
      // All challenges of one second may share a nonce; with stale=true that is SA-STALE-05's.
      return answered.challenged() && !answered.stale() ? letters.plain : warn;
    default:
      return answered.status >= 400 ? warn : inconclusive;
  }
}

Counting::Counting(Context& context, Freshness freshness) : dialogue_{context.dialogue()} {
  offered_ = dialogue_.challenge();
  const auto* replay = context.finding("SA-NC-01");
  const bool any_will_do = freshness == Freshness::where_counts_are_kept && replay &&
                           !replay->evidence.empty() && replay->evidence.back().accepted();
  const auto is_taken = [&] {
    return !any_will_do && offered_.challenged() &&
           context.session().nonce_was_used(offered_.offer()->nonce);
  };
  if (is_taken()) {
    dialogue_.wait(1100ms);  // nonces of one second may be the same
    offered_ = dialogue_.challenge();
  }
  if (!offered_.challenged()) {
    problem_ = no_challenge(offered_);
  } else if (offered_.offer()->qop == Qop::none) {
    problem_ = Finding{skip, "no qop is offered, so nothing is counted (SA-CH-06)", {offered_}};
  } else if (is_taken()) {
    problem_ = Finding{skip, "every challenge has the same nonce (SA-NONCE-13)", {offered_}};
  }
}

std::string nc_text(std::uint32_t count) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text(8, '0');
  for (std::size_t i = text.size(); i-- > 0; count >>= 4U) text[i] = digits[count & 15U];
  return text;
}

std::optional<Finding> one_use_only(Context& context) {
  const auto& reuse = context.shared.reuse;
  if (reuse && reuse->accepted()) return std::nullopt;
  return Finding{skip, "a nonce is good for one use here (SA-NONCE-01)"};
}

Finding not_begun(const sip::Exchange& first, std::uint32_t nc) {
  return {inconclusive,
          "the first use of the nonce, with nc=" + nc_text(nc) + ", was answered with " +
              describe(first),
          {first}};
}

std::optional<Finding> add_pair(Context& context, Worst& worst, const Letters& letters,
                                std::uint32_t first, std::uint32_t then) {
  Counting counting{context};
  if (counting.problem()) return counting.problem();
  const auto begun = counting.answer(first);
  if (!begun.accepted()) {
    // What is not begun with 1 is SA-NC-05's.
    if (first == 1) return not_begun(begun, first);
    worst.add(skip, "a nonce count must begin with 1 here (SA-NC-05)", begun);
    return std::nullopt;
  }
  const auto answered = counting.answer(then);
  worst.add(letter(letters, answered),
            "nc=" + nc_text(then) + " after " + nc_text(first) + " was answered with " +
                describe(answered),
            answered);
  return std::nullopt;
}

Finding judge_pair(Context& context, const Letters& letters, std::uint32_t first,
                   std::uint32_t then) {
  if (auto finding = one_use_only(context)) return *std::move(finding);
  Worst worst;
  if (auto finding = add_pair(context, worst, letters, first, then)) return *std::move(finding);
  return worst.finding();
}

}  // namespace sipauth::checks
