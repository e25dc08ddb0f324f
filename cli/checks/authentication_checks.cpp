// SA-AUTH: are right credentials taken, and wrong ones refused in a way that a phone understands?

#include <algorithm>
#include <array>
#include <string>

#include "checks/check.hpp"
#include "checks/context.hpp"
#include "checks/outcome.hpp"

namespace sipauth::checks {
namespace {

using enum Verdict;

/// pjsip, baresip, sofia-sip and the browsers' stacks give up by then.
constexpr int most_stale_answers = 3;

struct Registration {
  sip::Exchange last;
  int stale_answers = 0;
};

// Another request than REGISTER may fail for reasons of its own once the password was taken: 405,
// 489, 404 ... That answer means "accepted" from then on. What may still speak of the password, or
// of a server in trouble, does not.
void learn_acceptance(Context& context, sip::Exchange& answered) {
  constexpr std::array not_beyond_doubt{400, 401, 403, 407, 408, 494};
  const bool taken = answered.status >= 300 && answered.status < 500 &&
                     std::ranges::find(not_beyond_doubt, answered.status) == not_beyond_doubt.end();
  if (context.session().identity().method == "REGISTER" || !taken) return;
  context.session().learn_acceptance(answered.status);
  answered.past_authentication = true;
}

// R0, then the right password, following stale=true as a phone does.
Registration registration(Context& context) {
  auto dialogue = context.dialogue();
  Registration result{.last = dialogue.challenge()};
  while (result.last.challenged()) {
    result.last = dialogue.answer(result.last);
    learn_acceptance(context, result.last);
    if (!result.last.stale()) break;
    if (++result.stale_answers > most_stale_answers) break;
  }
  return result;
}

Finding accepted(const Registration& seen) {
  if (seen.stale_answers == 0) {
    return {pass,
            "the right password on a fresh nonce was answered with " + describe(seen.last),
            {seen.last}};
  }
  return {warn,
          "a fresh nonce was called stale " + std::to_string(seen.stale_answers) +
              " time(s) before the right password was taken",
          {seen.last}};
}

Finding right_password(Context& context) {
  const auto first = registration(context);
  if (first.last.accepted()) return accepted(first);
  if (first.stale_answers > most_stale_answers) {
    return {fail,
            "every right answer to a fresh nonce was called stale: stale=true came " +
                std::to_string(first.stale_answers) + " times and no answer is ever accepted",
            {first.last}};
  }
  const auto outcome = outcome_of(first.last);
  if (outcome == Outcome::broken) {
    return {fail, "the right password was answered with " + describe(first.last), {first.last}};
  }
  if (outcome != Outcome::plain && outcome != Outcome::forbidden &&
      outcome != Outcome::dead_challenge) {
    return {.verdict = inconclusive,
            .observed = "the password was answered with " + describe(first.last),
            .evidence = {first.last},
            .credentials_refused = first.last.status >= 400};
  }

  // One refusal may be chance; two on two fresh challenges are the password.
  const auto second = registration(context);
  if (second.last.accepted()) {
    return {warn,
            "the right password was refused once (" + describe(first.last) +
                ") and taken on the next fresh nonce",
            {first.last, second.last}};
  }
  return {.verdict = inconclusive,
          .observed = "the password was refused on two fresh challenges: " + describe(first.last) +
                      ", then " + describe(second.last),
          .evidence = {first.last, second.last},
          .credentials_refused = true};
}

Finding wrong_password(Context& context) {
  auto dialogue = context.dialogue();
  const auto offered = dialogue.challenge();
  if (!offered.challenged()) return {inconclusive, "no challenge to answer wrongly", {offered}};
  const auto refused = dialogue.answer(offered, sip::Deviation::with_wrong_password());
  context.shared.wrong_password = refused;

  const auto seen = "a wrong password was answered with " + describe(refused);
  switch (outcome_of(refused)) {
    case Outcome::accepted:
      return {fail, seen, {refused}};
    case Outcome::stale:
      return {
          fail, seen + ", so a phone tries it again for ever and never asks its user", {refused}};
    case Outcome::plain:
    case Outcome::forbidden:
      return {pass, seen, {refused}};
    case Outcome::dead_challenge:
      if (says_stale(refused)) return {fail, seen, {refused}};
      // All challenges of one second may share a nonce.
      return refused.challenged() ? Finding{pass, seen, {refused}} : Finding{warn, seen, {refused}};
    default:
      return {refused.status >= 400 ? warn : inconclusive, seen, {refused}};
  }
}

constexpr auto checks = std::to_array<Check>({
    {
        .id = "SA-AUTH-01",
        .title = "Fresh nonce, right password",
        .question = "Is the right password on a fresh nonce taken at once?",
        .right = "200",
        .acceptable = "200 after stale=true was followed (warning)",
        .failing = "stale=true without end, 5xx, or silence; a plain 401 or 403 on two fresh "
                   "challenges means that the password is taken to be wrong",
        .harm = "The phone follows stale=true for ever, or gives up: it never registers.",
        .references = {"RFC 7616 3.3", "RFC 3261 10.3"},
        .stage = Stage::registration,
        .needs = {.credentials = true},
        .cost = {.requests = 9, .refused = 4},
        .priority = 0,
        .on_silence = fail,
        .passes_on = {"strict"},
        .fails_on = {"asterisk-2005-first-patch"},
        .run = right_password,
    },
    {
        .id = "SA-AUTH-03",
        .title = "Fresh nonce, wrong password",
        .question = "Is a wrong password refused so that a phone asks for another one?",
        .right = "401 without stale=true",
        .acceptable = "403",
        .failing = "stale=true or 200; silence is a warning, for it looks like a ban",
        .harm = "With stale=true the phone repeats the wrong password in silence and never asks.",
        .references = {"RFC 7616 3.3", "RFC 2617 3.2.1", "RFC 3261 22.1"},
        .needs = {.credentials = true, .wrong_password = true},
        .cost = {.requests = 2, .refused = 1},
        .priority = 5,
        .on_silence = warn,
        .passes_on = {"strict"},
        .fails_on = {"strict", "stale-always"},
        .run = wrong_password,
    },
});

}  // namespace

std::span<const Check> authentication_suite() { return checks; }

}  // namespace sipauth::checks
