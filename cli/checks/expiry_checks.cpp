// SA-STALE-01 to -04 and -06: nonces that have outlived their time, and what follows their refusal.

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "checks/check.hpp"
#include "checks/context.hpp"
#include "checks/lifetime.hpp"
#include "checks/outcome.hpp"
#include "checks/worst.hpp"

namespace sipauth::checks {
namespace {

using enum Verdict;
using namespace std::chrono_literals;

// nullopt when the same answer was met by silence twice though the registrar lives on.
std::optional<sip::Exchange> answer_aged(Context& context, Lifetime::Aged& aged,
                                         const sip::Deviation& deviation = {}) {
  for (int tries = 0; tries < 2; ++tries) {
    try {
      return aged.dialogue->answer(aged.offered, deviation);
    } catch (const sip::NoAnswer&) {
      if (context.liveness() != Liveness::alive) throw;
    }
  }
  return std::nullopt;
}

Finding with_lifetime(Finding finding, const Lifetime& lifetime) {
  const auto ms = [](net::Duration d) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(d).count();
  };
  if (const auto age = lifetime.longest_accepted()) {
    finding.facts.emplace_back("lifetime_at_least_ms", ms(*age));
  }
  if (const auto age = lifetime.first_refused()) {
    finding.facts.emplace_back("lifetime_at_most_ms", ms(*age));
  }
  return finding;
}

std::string not_expired(const Context& context, const Lifetime& lifetime) {
  if (!lifetime.why_lost().empty()) {
    return "the lifetime of a nonce could not be measured: " + std::string{lifetime.why_lost()};
  }
  if (!lifetime.started()) return "the lifetime of a nonce was not measured";
  return "no nonce expired within " + in_seconds(context.settings().max_wait) +
         "; a longer --max-wait, or the registrar's --nonce-lifetime, would judge this";
}

Finding expired_right_password(Context& context) {
  auto& lifetime = context.lifetime();
  auto& aged = lifetime.expired();
  if (!aged) return with_lifetime({skip, not_expired(context, lifetime)}, lifetime);

  const auto answered = answer_aged(context, *aged);
  if (!answered) {
    return with_lifetime({fail, "an expired nonce with the right password gets no answer at all"},
                         lifetime);
  }
  context.shared.expired = answered;
  context.shared.expired_dialogue = aged->dialogue;

  const auto age = in_seconds(answered->sent_at - aged->issued);
  auto seen = "an unused nonce of " + age + " with the right password was answered with " +
              describe(*answered);
  Finding finding{.evidence = {*answered}};
  switch (outcome_of(*answered)) {
    case Outcome::accepted:
      finding.verdict = skip;
      seen += ", so where its life ends is not known";
      break;
    case Outcome::stale:
      finding.verdict = pass;
      break;
    case Outcome::plain:
      finding.verdict = warn;
      seen += ": no stale on expiry";
      break;
    case Outcome::forbidden:
    case Outcome::bad_request:
    case Outcome::not_found:
    case Outcome::broken:
      finding.verdict = fail;
      finding.stands_on_liveness = answered->status == 403;
      break;
    default:
      finding.verdict = answered->status >= 400 ? warn : inconclusive;
  }
  if (auto& used = lifetime.expired_used()) {
    const auto second = answer_aged(context, *used);
    if (second && outcome_of(*second) != outcome_of(*answered)) {
      seen += "; one used before and as old, with " + describe(*second);
      finding.evidence.insert(finding.evidence.begin(), *second);
    }
  }
  finding.observed = std::move(seen);
  return with_lifetime(std::move(finding), lifetime);
}

Finding followed(const sip::Exchange& first, const std::optional<sip::Exchange>& second,
                 const std::string& what) {
  if (first.accepted()) {
    return {pass, "the new nonce " + what + " was answered with " + describe(first), {first}};
  }
  if (second && second->accepted()) {
    return {warn,
            "the new nonce " + what + " was called stale once more before it was taken",
            {first, *second}};
  }
  const auto& last = second ? *second : first;
  return {.verdict = fail,
          .observed = "the new nonce " + what + " was answered with " + describe(last),
          .evidence = {first, last},
          .stands_on_liveness = last.status == 403};
}

Finding retry_after_refusal(Context& context) {
  auto& shared = context.shared;
  if (shared.expired && shared.expired->usable()) {
    const auto first = shared.expired_dialogue->answer(*shared.expired);
    std::optional<sip::Exchange> second;
    if (first.stale() && first.usable()) second = shared.expired_dialogue->answer(first);
    return followed(first, second, "that came for an expired one");
  }
  const auto& after = shared.after_never_issued;
  if (after.empty()) return {skip, "no refusal brought a challenge to go on with (SA-NONCE-02)"};
  return followed(after.front(), after.size() > 1 ? std::optional{after[1]} : std::nullopt,
                  "that came for a never-issued one");
}

Finding expired_wrong_password(Context& context) {
  const auto& confirmed = context.shared.expired;
  if (!confirmed || confirmed->accepted()) {
    return {skip, "no nonce is known to have expired (SA-STALE-01)"};
  }
  auto& aged = context.lifetime().expired_for_wrong_password();
  if (!aged) return {skip, "no nonce is known to have expired (SA-STALE-01)"};
  const auto answered =
      aged->dialogue->answer(aged->offered, sip::Deviation::with_wrong_password());
  context.shared.expired_wrong = answered;
  context.shared.expired_wrong_dialogue = aged->dialogue;

  const auto seen =
      "an expired nonce with a wrong password was answered with " + describe(answered);
  switch (outcome_of(answered)) {
    case Outcome::accepted:
      return {fail, seen, {answered}};
    case Outcome::plain:
      return {pass, seen, {answered}};
    case Outcome::stale:
      return {warn, seen + ": the phone retries once in silence", {answered}};
    case Outcome::forbidden:
      return {info, seen, {answered}};
    default:
      return {answered.status >= 400 ? warn : inconclusive, seen, {answered}};
  }
}

Finding wrong_password_never_loops(Context& context) {
  const auto& fresh = context.shared.wrong_password;
  if (!fresh) return {inconclusive, "a wrong password got no answer (SA-AUTH-03)"};
  Worst worst;
  worst.add(says_stale(*fresh) ? fail : pass,
            "a wrong password on a fresh nonce was answered with " + describe(*fresh), *fresh);

  const auto& expired = context.shared.expired_wrong;
  if (expired && expired->stale() && expired->usable()) {
    const auto again = context.shared.expired_wrong_dialogue->answer(
        *expired, sip::Deviation::with_wrong_password());
    const auto seen = "a wrong password, called stale on an expired nonce, was answered with " +
                      describe(again) + " on the new one";
    const bool ends = outcome_of(again) == Outcome::plain ||
                      outcome_of(again) == Outcome::forbidden || again.challenged();
    worst.add(says_stale(again) || again.accepted() ? fail : ends ? pass : warn, seen, again);
  }
  return worst.finding();
}

// How long the second try waits: long enough for a slow phone, well within the nonce's life.
net::Duration slow_answer(Context& context) {
  constexpr net::Duration slow = 5s;
  const auto& lifetime = context.lifetime();
  if (context.settings().no_wait) return net::Duration{0};
  if (context.settings().nonce_lifetime)
    return std::min(slow, *context.settings().nonce_lifetime / 2);
  if (!lifetime.first_refused()) return slow;
  return std::min(slow, lifetime.longest_accepted().value_or(net::Duration{0}) / 2);
}

Finding new_nonce_is_alive(Context& context) {
  const bool known = context.settings().nonce_lifetime || context.lifetime().first_refused() ||
                     context.lifetime().longest_accepted().value_or(net::Duration{0}) >= 5s;
  Worst worst;
  const auto slow = slow_answer(context);
  for (const auto delay : {net::Duration{0}, slow}) {
    if (worst.any() && delay == net::Duration{0}) break;
    auto dialogue = context.dialogue();
    const auto offered = dialogue.challenge();
    if (!offered.challenged()) return no_challenge(offered);
    const auto refused = dialogue.answer(
        offered, sip::Deviation::with_nonce(context.mutated(offered, Mutation::random)));
    if (!refused.usable()) {
      return {skip, "a never-issued nonce brought no challenge (SA-NONCE-02)", {refused}};
    }
    if (delay > net::Duration{0}) dialogue.wait(delay);
    const auto answered = dialogue.answer(refused);
    const auto seen =
        "the new nonce, answered after " + in_seconds(delay) + ", brought " + describe(answered);
    if (answered.accepted()) {
      worst.add(pass, seen, answered);
    } else if (delay > net::Duration{0} && !known) {
      worst.add(inconclusive, seen + "; it may have expired, for the lifetime is not known",
                answered);
    } else {
      worst.add(says_stale(answered)     ? fail
                : answered.status >= 400 ? warn
                                         : inconclusive,
                seen, answered);
    }
  }
  auto finding = worst.finding();
  if (finding.verdict == pass && slow > net::Duration{0}) {
    finding.observed =
        "the new nonce was taken at once, and one answered after " + in_seconds(slow) + " as well";
  }
  return finding;
}

constexpr auto checks = std::to_array<Check>({
    {
        .id = "SA-STALE-01",
        .title = "Expired nonce, right password",
        .question = "Does an expired nonce with the right password get stale=true?",
        .right = "401 with stale=true and a new nonce",
        .failing = "a plain 401 (warning); 403, 404, 400, 5xx or silence",
        .harm = "Without stale=true a phone takes its right password for wrong: it shows an error "
                "or asks its user. With 403 it stops for good.",
        .references = {"RFC 7616 3.3", "RFC 2617 3.3"},
        .stage = Stage::aged,
        .needs = {.credentials = true, .waiting = true},
        .cost = {.requests = 8, .refused = 3},
        .priority = 3,
        .builds_on = {"SA-NONCE-01"},
        .repeatable = false,
        .worst = warn,
        .passes_on = {"strict"},
        .fails_on = {"kamailio-default"},
        .run = expired_right_password,
    },
    {
        .id = "SA-STALE-02",
        .title = "Retry after a refused nonce works",
        .question = "Does the new nonce of the refusal let the phone in?",
        .right = "200",
        .acceptable = "200 after one more stale=true (warning)",
        .failing = "anything else",
        .harm = "The phone does what the registrar told it, and is still refused.",
        .references = {"RFC 7616 3.3", "RFC 3261 22.1"},
        .stage = Stage::aged,
        .needs = {.credentials = true},
        .cost = {.requests = 2, .refused = 2},
        .priority = 10,
        .builds_on = {"SA-NONCE-02"},
        .repeatable = false,
        .passes_on = {"strict"},
        .fails_on = {"strict", "forbid-after-stale"},
        .run = retry_after_refusal,
    },
    {
        .id = "SA-STALE-03",
        .title = "Expired nonce, wrong password",
        .question = "Does a wrong password on an expired nonce get a plain 401?",
        .right = "401 without stale=true",
        .acceptable = "403 (note)",
        .failing = "stale=true (warning: RFC 2617 forbids it, RFC 7616 does not), 200",
        .harm = "The phone tries the wrong password once more in silence.",
        .references = {"RFC 2617 3.2.1", "RFC 7616 3.3"},
        .stage = Stage::aged,
        .needs = {.credentials = true, .wrong_password = true, .waiting = true},
        .cost = {.requests = 1, .refused = 1},
        .priority = 7,
        .builds_on = {"SA-STALE-01"},
        .repeatable = false,
        .worst = warn,
        .passes_on = {"strict"},
        .fails_on = {"opensips-default"},
        .run = expired_wrong_password,
    },
    {
        .id = "SA-STALE-04",
        .title = "A wrong password never loops",
        .question = "Does a wrong password end in a plain refusal, whatever the nonce was?",
        .right = "401 without stale=true, or 403",
        .failing = "stale=true for a wrong password on a valid nonce",
        .harm = "The phone repeats a wrong password for ever and never asks for another.",
        .references = {"RFC 2617 3.2.1", "RFC 7616 3.3"},
        .stage = Stage::aged,
        .needs = {.credentials = true, .wrong_password = true},
        .cost = {.requests = 1, .refused = 1},
        .priority = 8,
        .builds_on = {"SA-AUTH-03", "SA-STALE-03"},
        .repeatable = false,
        .passes_on = {"strict"},
        .fails_on = {"strict", "stale-always"},
        .run = wrong_password_never_loops,
    },
    {
        .id = "SA-STALE-06",
        .title = "The new nonce is alive",
        .question = "Is the nonce of a refusal still good at once and some seconds later?",
        .right = "200 both times",
        .failing = "stale=true again",
        .harm = "A slow phone never gets in: each nonce is dead before it can answer.",
        .references = {"RFC 7616 3.3"},
        .stage = Stage::aged,
        .needs = {.credentials = true},
        .cost = {.requests = 6, .refused = 4, .waiting = 5000ms, .waiting_hurried = 0ms},
        .passes_on = {"strict"},
        .fails_on = {"strict", "stale-again"},
        .run = new_nonce_is_alive,
    },
});

}  // namespace

std::span<const Check> expiry_suite() { return checks; }

}  // namespace sipauth::checks
