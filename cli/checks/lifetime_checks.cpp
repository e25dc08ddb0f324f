// SA-NONCE-15 to -17: how long a nonce lives, whether its use lengthens that, and what becomes of
// it when the registrar is restarted.

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "checks/aged_nonces.hpp"
#include "checks/check.hpp"
#include "checks/context.hpp"
#include "checks/counting.hpp"
#include "checks/fresh_nonce.hpp"
#include "checks/lifetime.hpp"
#include "checks/outcome.hpp"
#include "checks/worst.hpp"

namespace sipauth::checks {
namespace {

using enum Verdict;
using namespace std::chrono_literals;

/// The confirming nonces are so much younger and older than the bounds: where whole seconds are
/// counted, nonces of one second differ in their lives by nearly as much.
constexpr net::Duration margin = 1500ms;

constexpr Letters edge_letters{.accepted = skip, .forbidden = fail};

std::int64_t ms(net::Duration duration) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
}

// Why there is no bound to begin with.
std::optional<Finding> unknown(Context& context) {
  const auto& lifetime = context.lifetime();
  if (context.settings().nonce_lifetime) {
    return Finding{skip, "the lifetime was given (--nonce-lifetime), so it is not measured"};
  }
  if (!lifetime.why_lost().empty()) {
    return Finding{
        skip, "the lifetime of a nonce could not be measured: " + std::string{lifetime.why_lost()}};
  }
  if (!lifetime.started()) return Finding{skip, "the lifetime of a nonce was not measured"};
  if (!lifetime.first_refused()) {
    const auto oldest = lifetime.longest_accepted();
    if (!oldest) return Finding{inconclusive, "no aged nonce got an answer that tells anything"};
    return Finding{.verdict = info,
                   .observed = "no nonce expired within " + in_seconds(*oldest),
                   .facts = {{"lifetime_at_least_ms", ms(*oldest)}}};
  }
  const auto& confirmed = context.shared.expired;
  if (confirmed && confirmed->accepted()) {
    return Finding{skip, "where the life of a nonce ends is not known (SA-STALE-01)"};
  }
  return std::nullopt;
}

Finding contradicted(const sip::Exchange& answered) {
  return {skip,
          "nonces of the same age are taken at one time and refused at another, so their lifetime "
          "is not known",
          {answered}};
}

struct Confirmation {
  std::optional<sip::Exchange> young, old;         // just below the bound and just above
  std::optional<AgedAnswer> young_used, old_used;  // the same of nonces that were used once
};

// What was fetched together may have been superseded, so the bound is tried again with few nonces.
std::expected<Confirmation, std::string> confirm(Context& context, const LifeEnd& end) {
  const auto below = std::max(end.taken - margin, end.taken / 2);
  const auto above = end.refused + margin;
  const bool reuse = context.shared.reuse && context.shared.reuse->accepted();
  AgedPlan plan;
  for (const auto age : {below, above}) {
    plan.nonces.push_back({age, false});
    if (reuse) plan.nonces.push_back({age, true});
  }
  auto answers = answer_aged(context, plan);
  if (!answers) return std::unexpected{std::move(answers.error())};
  Confirmation confirmation;
  for (auto& answer : *answers) {
    const bool is_old = answer.nonce.age >= above;
    if (answer.nonce.used_before) {
      (is_old ? confirmation.old_used : confirmation.young_used) = std::move(answer);
    } else {
      (is_old ? confirmation.old : confirmation.young) = std::move(answer.answered);
    }
  }
  return confirmation;
}

// A sentence when one that was used once does not die at the same age; empty: it does, or nobody
// knows.
std::string difference_of_used(Context& context, const Confirmation& confirmed) {
  const auto& [young, old] = std::pair{confirmed.young_used, confirmed.old_used};
  if (!young || !old) return {};
  if (old->answered.accepted()) {
    return "one that was used once is still taken at " + in_seconds(old->nonce.age);
  }
  if (young->answered.accepted()) return {};
  LifeEnd used{.taken = net::Duration{0}, .refused = young->nonce.age};
  if (!narrow(context, used, true)) return {};
  if (used.taken == net::Duration{0}) {
    return "one that was used once is refused at any age: by now a nonce is good for one use";
  }
  return "one that was used once dies between " + in_seconds(used.taken) + " and " +
         in_seconds(used.refused);
}

Finding lifetime(Context& context) {
  if (auto finding = unknown(context)) return *std::move(finding);
  const auto before = context.session().counters().requests;
  LifeEnd end{.taken = context.lifetime().longest_accepted().value_or(net::Duration{0}),
              .refused = *context.lifetime().first_refused()};
  constexpr int most_rounds = 3;
  for (int round = 0; round < most_rounds && !end.is_known_to_a_second(); ++round) {
    if (const auto step = narrow(context, end, false); !step) return {skip, step.error()};
    if (end.taken >= end.refused) return contradicted(*end.refusal);
  }
  const auto confirmed = confirm(context, end);
  if (!confirmed) return {skip, confirmed.error()};
  const auto& [young, old] = std::pair{confirmed->young, confirmed->old};
  if (!young || !old) return {inconclusive, "answers were lost on the way"};
  if (!young->accepted()) return contradicted(*young);
  if (old->accepted()) return contradicted(*old);
  context.shared.longest_life = end.refused;

  Worst worst;
  for (const auto& refusal : {old, end.refusal}) {
    if (!refusal) continue;
    worst.add(letter(edge_letters, *refusal), "its end was told by " + describe(*refusal),
              *refusal);
  }
  auto finding = worst.finding();
  finding.observed = "an unused nonce lives between " + in_seconds(end.taken) + " and " +
                     in_seconds(end.refused) + "; " + finding.observed;
  if (const auto difference = difference_of_used(context, *confirmed); !difference.empty()) {
    finding.verdict = std::min(finding.verdict, info);
    finding.observed += "; " + difference;
  }
  finding.facts = {
      {"lifetime_at_least_ms", ms(end.taken)},
      {"lifetime_at_most_ms", ms(end.refused)},
      {"requests", static_cast<std::int64_t>(context.session().counters().requests - before)}};
  return finding;
}

Finding sliding(Context& context) {
  constexpr int rounds = 4;
  if (auto finding = one_use_only(context)) return *std::move(finding);
  const auto life = context.settings().nonce_lifetime ? context.settings().nonce_lifetime
                                                      : context.shared.longest_life;
  if (!life) return {skip, "how long a nonce lives is not known (SA-NONCE-15)"};
  auto dialogue = context.dialogue();
  const auto fresh = fresh_nonce(context, dialogue, {}, NonceWanted::unused);
  if (fresh.problem) return *fresh.problem;
  sip::Exchange answered;
  int used = 0;
  for (; used < rounds; ++used) {
    context.session().wait_until(fresh.offered.sent_at + *life / 2 * (used + 1));
    answered = dialogue.answer(fresh.offered);
    if (!answered.accepted()) break;
  }
  const auto age = in_seconds(answered.sent_at - fresh.offered.sent_at);
  const auto seen = "a nonce that was used every " + in_seconds(*life / 2) + " was answered with " +
                    describe(answered) + " at an age of " + age;
  if (answered.accepted()) {
    return {info, seen + ": each use makes it live on", {answered}};
  }
  if (used == 0) return {inconclusive, seen + ", in the middle of its life", {answered}};
  return {pass, seen + ": its use does not make it live on", {answered}};
}

// The registrar may need a while until it is back.
std::optional<sip::Exchange> challenge_after_restart(Context& context) {
  constexpr net::Duration longest = 30s;
  const auto last = context.session().clock().now() + longest;
  while (true) {
    try {
      auto dialogue = context.dialogue();
      auto offered = dialogue.challenge();
      if (offered.challenged()) return offered;
    } catch (const sip::NoAnswer&) {
      // not yet
    }
    if (context.session().clock().now() >= last) return std::nullopt;
    context.session().wait_until(context.session().clock().now() + 500ms);
  }
}

Finding restarted(Context& context) {
  const auto& foreign = context.shared.never_issued;
  if (foreign && foreign->accepted()) return {skip, "nonces are not checked (SA-NONCE-02)"};
  auto dialogue = context.dialogue();
  const auto fresh = fresh_nonce(context, dialogue);
  if (fresh.problem) return *fresh.problem;
  if (const auto done = context.settings().restart(); !done) {
    return {inconclusive, "the registrar was not restarted: " + done.error(), {fresh.offered}};
  }
  const auto back = challenge_after_restart(context);
  if (!back) {
    return {inconclusive, "after the restart no query was challenged for 30 s", {fresh.offered}};
  }
  const auto answered = dialogue.answer(fresh.offered);
  const auto age = answered.sent_at - fresh.offered.sent_at;
  auto seen = "a nonce from before the restart, with the right password, was answered with " +
              describe(answered);
  const auto& life = context.shared.longest_life;
  if (life && age >= *life && !answered.accepted()) {
    return {inconclusive, seen + ", but the restart took longer than it lives", {answered}};
  }
  if (answered.accepted()) {
    return {inconclusive,
            seen + ": nonces outlive a restart here, or the hook restarted nothing",
            {answered}};
  }
  return {.verdict = letter({.plain = pass, .forbidden = fail}, answered),
          .observed = seen,
          .evidence = {answered},
          .stands_on_liveness = answered.status == 403};
}

constexpr auto checks = std::to_array<Check>({
    {
        .id = "SA-NONCE-15",
        .title = "How long a nonce lives",
        .question = "At what age is a nonce refused, and how?",
        .right = "401 with stale=true and a new nonce at the end of its life",
        .acceptable = "no end within --max-wait (note)",
        .failing = "403 at the end; a plain 401 (warning); another life of nonces that were used "
                   "once (note)",
        .harm = "A phone that comes a moment too late is refused as if its password were wrong, or "
                "for good.",
        .references = {"RFC 7616 3.3", "RFC 2617 3.3"},
        .stage = Stage::aged,
        .needs = {.credentials = true, .waiting = true},
        .cost = {.requests = 160, .refused = 6, .lifetimes = 4},
        .priority = 150,
        .builds_on = {"SA-STALE-01", "SA-NONCE-01"},
        .repeatable = false,
        .passes_on = {"strict"},
        .fails_on = {"strict", "forbid-expired"},
        .run = lifetime,
    },
    {
        .id = "SA-NONCE-16",
        .title = "Whether use makes a nonce live longer",
        .question = "Does a nonce live on when it is used twice in each lifetime?",
        .right = "it ends at its age, used or not",
        .failing = "it lives on (note)",
        .harm = "None to phones; an answer that was overheard stays good for longer.",
        .references = {"RFC 7616 3.3"},
        .stage = Stage::aged,
        .needs = {.credentials = true, .waiting = true},
        .cost = {.requests = 6, .refused = 1, .lifetimes = 2},
        .priority = 160,
        .builds_on = {"SA-NONCE-15", "SA-NONCE-01"},
        .repeatable = false,
        .worst = info,
        .passes_on = {"asterisk-pjsip"},
        .fails_on = {"freeswitch"},
        .run = sliding,
    },
    {
        .id = "SA-NONCE-17",
        .title = "The registrar is restarted",
        .question = "Is a phone led on that holds a nonce from before a restart?",
        .right = "401 with stale=true and a new nonce",
        .acceptable = "401 with a new nonce, without stale",
        .failing = "403",
        .harm = "After a restart no phone comes back by itself.",
        .references = {"RFC 7616 3.6", "RFC 3261 21.4.4"},
        .stage = Stage::burst,
        .needs = {.credentials = true, .restart = true},
        .cost = {.requests = 20, .refused = 1, .waiting = 30s},
        .priority = 300,
        .builds_on = {"SA-NONCE-02"},
        .repeatable = false,
        .passes_on = {"strict"},
        .fails_on = {"strict", "forbid-foreign"},
        .run = restarted,
    },
});

}  // namespace

std::span<const Check> lifetime_suite() { return checks; }

}  // namespace sipauth::checks
