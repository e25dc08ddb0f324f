// SA-STALE-07, -08 and -10 to -13: phones that hold a dead nonce, rehearsed.

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "checks/check.hpp"
#include "checks/context.hpp"
#include "checks/outcome.hpp"
#include "checks/worst.hpp"

namespace sipauth::checks {
namespace {

using enum Verdict;
using namespace std::chrono_literals;

constexpr int rehearsals = 5;
constexpr int rehearsals_afar = 3;

/// A client that answers challenges needs no more than two, and gives up after ten at the latest.
constexpr int most_challenges = 10;

std::string list_of(const std::vector<sip::Exchange>& answers) {
  std::string text;
  for (const auto& answer : answers) {
    if (!text.empty()) text += ", ";
    text += std::to_string(answer.status);
    if (says_stale(answer)) text += " stale";
  }
  return text;
}

template <typename Holds>
bool all_of(const std::vector<sip::Exchange>& answers, Holds holds) {
  return std::ranges::all_of(answers, holds);
}

bool is_forbidden(const sip::Exchange& exchange) { return exchange.status == 403; }

// The Sipura of 2005: the same credentials again and again, on the same Call-ID.
Finding deadlock_rehearsal(Context& context) {
  const auto apart = context.settings().no_wait ? net::Duration{200ms} : net::Duration{3s};
  const int tries = context.settings().loopback ? rehearsals : rehearsals_afar;
  auto dialogue = context.dialogue();
  const auto offered = dialogue.challenge();
  if (!offered.challenged()) return no_challenge(offered);

  // The very nonce that decided SA-NONCE-02: another draw might be read as a time long past.
  const auto nonce = context.shared.decisive_nonce.empty()
                         ? context.mutated(offered, Mutation::random)
                         : context.shared.decisive_nonce;
  std::vector<sip::Exchange> answers{dialogue.answer(offered, sip::Deviation::with_nonce(nonce))};
  if (answers.front().accepted()) {
    return {skip, "nonces are not checked: SA-NONCE-02", answers};
  }
  while (static_cast<int>(answers.size()) < tries) {
    dialogue.wait(apart);
    answers.push_back(dialogue.send_again(answers.front()));
  }
  const auto again = dialogue.challenge();

  const auto seen = "the same refused credentials, sent " + std::to_string(tries) +
                    " times on one Call-ID, were answered with " + list_of(answers);
  const std::string recovery =
      again.challenged()
          ? "; only starting over without credentials is challenged again"
          : "; not even starting over without credentials helps (" + describe(again) + ")";
  answers.push_back(again);
  const std::vector<sip::Exchange> refusals{answers.begin(), answers.end() - 1};
  if (all_of(refusals, &leads_on)) return {pass, seen, answers};
  Finding finding{.verdict = warn, .observed = seen, .evidence = answers};
  if (all_of(refusals, is_forbidden)) {
    finding.verdict = fail;
    finding.observed = "registration deadlock (the class of ASTERISK-04240): " + seen + recovery;
    finding.stands_on_liveness = true;
  } else if (std::ranges::none_of(refusals, &leads_on) &&
             std::ranges::none_of(refusals, &sip::Exchange::accepted)) {
    finding.verdict = fail;
    finding.observed = seen + ", never with a challenge" + recovery;
  }
  return finding;
}

Finding bounded_challenges(Context& context) {
  auto dialogue = context.dialogue();
  const auto offered = dialogue.challenge();
  if (!offered.challenged()) return no_challenge(offered);
  auto last = dialogue.answer(
      offered, sip::Deviation::with_nonce(context.mutated(offered, Mutation::random)));
  if (!last.usable()) {
    return {
        skip, "a never-issued nonce brought no challenge (SA-NONCE-02): " + describe(last), {last}};
  }
  int answers = 0;
  while (answers < most_challenges && last.challenged()) {
    last = dialogue.answer(last);
    ++answers;
    if (last.accepted()) break;
  }
  const auto count = std::to_string(answers);
  if (!last.accepted()) {
    if (last.challenged()) {
      return {fail, count + " right answers in a row were challenged again, with no end", {last}};
    }
    return {.verdict = warn,
            .observed = "right answer number " + count + " was answered with " + describe(last),
            .evidence = {last},
            .stands_on_liveness = true};
  }
  const auto seen = "200 at right answer number " + count + " after a never-issued nonce";
  return {answers > 3 ? warn : pass, seen, {last}};
}

Finding one_time_refusal(Context& context) {
  const auto& reuse = context.shared.reuse;
  const auto* finding = context.finding("SA-NONCE-01");
  if (!reuse) {
    return {finding && finding->verdict == skip ? skip : inconclusive,
            "the second use of a nonce was not seen (SA-NONCE-01)"};
  }
  if (reuse->accepted()) return {skip, "nonces may be used again (SA-NONCE-01)", {*reuse}};
  const auto seen = "the second use of a nonce was answered with " + describe(*reuse);
  if (reuse->stale() && reuse->usable()) return {pass, seen, {*reuse}};
  if (is_forbidden(*reuse)) {
    return {.verdict = fail, .observed = seen, .evidence = {*reuse}, .stands_on_liveness = true};
  }
  return {warn, seen, {*reuse}};
}

Finding unknown_user(Context& context) {
  const auto probe = [&](const std::string& user, sip::Exchange& first) {
    auto dialogue = context.dialogue(user);
    first = dialogue.challenge();
    if (!first.challenged()) return first;
    sip::Deviation deviation = sip::Deviation::with_wrong_password();
    deviation.nonce = context.mutated(first, Mutation::random);
    return dialogue.answer(first, deviation);
  };
  sip::Exchange known_first;
  sip::Exchange unknown_first;
  const auto known = probe({}, known_first);
  const auto unknown = probe("nobody-" + context.session().random().hex(8), unknown_first);
  const auto seen = "a never-issued nonce and a wrong password brought a known user " +
                    describe(known) + " and an unknown one " + describe(unknown);
  const bool alike = known.status == unknown.status && says_stale(known) == says_stale(unknown) &&
                     known_first.status == unknown_first.status;
  return {alike ? pass : info, seen, {known, unknown}};
}

// From a challenge that was taken for `again` tries: how many right answers until 200, or 0.
int answers_until_accepted(sip::Dialogue& dialogue, sip::Exchange challenge, int most,
                           sip::Exchange& last) {
  for (int tries = 1; tries <= most && challenge.challenged(); ++tries) {
    challenge = last = dialogue.answer(challenge);
    if (last.accepted()) return tries;
  }
  return 0;
}

Finding old_nonce_after_stale(Context& context) {
  auto dialogue = context.dialogue();
  const auto offered = dialogue.challenge();
  if (!offered.challenged()) return no_challenge(offered);
  const auto stale = dialogue.answer(
      offered, sip::Deviation::with_nonce(context.mutated(offered, Mutation::random)));
  if (!stale.stale() || !stale.usable()) {
    return {skip,
            "a never-issued nonce was not called stale (SA-NONCE-02): " + describe(stale),
            {stale}};
  }
  const auto repeated = dialogue.send_again(stale);
  if (repeated.accepted()) {
    return {warn, "the nonce just called stale was taken when it was sent again", {repeated}};
  }
  sip::Exchange last;
  const int tries = answers_until_accepted(dialogue, stale, 3, last);
  const std::string what = "the new nonce, answered after the stale one had been sent again,";
  if (tries == 1) return {pass, what + " was taken", {repeated, last}};
  if (tries == 2) {
    return {pass, what + " was refused with a challenge that was then taken", {repeated, last}};
  }
  if (tries == 3) return {warn, what + " and the one after it were refused", {repeated, last}};
  return {.verdict = fail,
          .observed = what + " led to no 200 within 3 requests: " + describe(last),
          .evidence = {repeated, last},
          .stands_on_liveness = last.status == 403};
}

// What the phone of 2005 did: it kept a genuine nonce that the registrar had replaced.
Finding superseded_nonce(Context& context) {
  auto dialogue = context.dialogue();
  const auto first = dialogue.challenge();
  if (!first.challenged()) return no_challenge(first);
  dialogue.wait(1100ms);
  const auto second = dialogue.challenge();
  if (!second.challenged()) return no_challenge(second);
  if (second.offer()->nonce == first.offer()->nonce) {
    return {skip, "a second challenge offered the same nonce, so none was superseded", {second}};
  }

  std::vector<sip::Exchange> answers{dialogue.answer(first)};
  while (!answers.back().accepted() && answers.size() < 3) {
    answers.push_back(dialogue.send_again(answers.front()));
  }
  sip::Exchange last;
  const int tries = answers_until_accepted(dialogue, second, 3, last);

  const auto& decisive = answers.front();
  const auto seen =
      "a superseded nonce with the right password was answered with " + list_of(answers);
  auto evidence = answers;
  evidence.push_back(last);
  Finding finding{.verdict = fail, .observed = seen, .evidence = evidence};
  if (all_of(answers, is_forbidden)) {
    finding.observed =
        "registration deadlock: " + seen + ", though the registrar itself had issued that nonce";
    finding.stands_on_liveness = true;
  } else if (std::ranges::any_of(answers, is_forbidden)) {
    finding.verdict = warn;
    finding.observed = seen + ": a lock-out";
  } else if (tries == 0) {
    finding.observed =
        seen + ", and the newer nonce led to no 200 within 3 requests: " + describe(last);
  } else if (answers.back().accepted()) {
    finding.verdict = pass;
    finding.observed = "an older nonce stays valid: " + seen;
  } else if (all_of(answers, &leads_on)) {
    finding.verdict = pass;
    if (tries > 1) finding.observed += "; the newer one was replaced with each refusal";
  } else {
    const auto outcome = outcome_of(decisive);
    finding.verdict = outcome == Outcome::bad_request || outcome == Outcome::not_found ||
                              outcome == Outcome::broken
                          ? fail
                      : decisive.status >= 400 ? warn
                                               : inconclusive;
  }
  return finding;
}

constexpr auto checks = std::to_array<Check>({
    {
        .id = "SA-STALE-07",
        .title = "Deadlock rehearsal",
        .question = "Does a phone that repeats a dead nonce ever get a challenge again?",
        .right = "every try is answered with 401 and a usable challenge",
        .failing = "403 from the first try on, every time: registration deadlock; any other "
                   "refusal without a challenge every time; a mixture is a warning (lock-out)",
        .harm = "The phone repeats the same request every few seconds for ever, and each try "
                "keeps the registrar's bad state alive: nobody can call until somebody restarts "
                "one of the two.",
        .references = {"RFC 7616 3.6", "RFC 2617 3.3", "RFC 3261 21.4.4"},
        .needs = {.credentials = true},
        .cost = {.requests = 7,
                 .refused = rehearsals,
                 .waiting = 12000ms,
                 .refused_afar = rehearsals_afar,
                 .waiting_hurried = 800ms},
        .priority = 4,
        .builds_on = {"SA-NONCE-02"},
        .passes_on = {"strict"},
        .fails_on = {"asterisk-2005-before"},
        .run = deadlock_rehearsal,
    },
    {
        .id = "SA-STALE-08",
        .title = "Challenges come to an end",
        .question = "How many right answers does it take to get in after a foreign nonce?",
        .right = "200 at the first or second",
        .acceptable = "at the third",
        .failing = "more (warning), or never",
        .harm = "Phones give up after 1 to 16 challenges; those that do not, loop for ever.",
        .references = {"RFC 7616 3.3", "RFC 3261 22.1"},
        .needs = {.credentials = true},
        .cost = {.requests = 12, .refused = 11},
        .passes_on = {"strict"},
        .fails_on = {"strict", "stale-again"},
        .run = bounded_challenges,
    },
    {
        .id = "SA-STALE-10",
        .title = "One-time nonces say stale=true",
        .question = "Where a nonce can be used once only, is its second use called stale?",
        .right = "401 with stale=true",
        .failing = "a plain 401 (warning), 403",
        .harm = "A phone that sends credentials ahead takes its right password for wrong.",
        .references = {"RFC 7616 3.3", "RFC 7616 3.6"},
        .needs = {.credentials = true},
        .builds_on = {"SA-NONCE-01"},
        .worst = warn,
        .passes_on = {"asterisk-chansip"},
        .fails_on = {"kamailio-otn"},
        .run = one_time_refusal,
    },
    {
        .id = "SA-STALE-11",
        .title = "Unknown users get the same answer",
        .question = "Can a foreign nonce tell which users exist?",
        .right = "the same answer to a known and an unknown user",
        .failing = "a difference (note)",
        .harm = "User names can be harvested.",
        .references = {"RFC 3261 26", "RFC 7616 5"},
        .needs = {.credentials = true, .wrong_password = true},
        .cost = {.requests = 4, .refused = 2},
        .worst = info,
        .passes_on = {"strict"},
        .fails_on = {"asterisk-2005-r5834"},
        .run = unknown_user,
    },
    {
        .id = "SA-STALE-12",
        .title = "The stale nonce is sent once more",
        .question = "Does a duplicate of the stale request kill the fresh nonce?",
        .right = "the fresh nonce is taken",
        .acceptable = "it is refused with a challenge that is then taken",
        .failing = "200 only at the third request (warning), or not within three",
        .harm = "One duplicated packet, and phone and registrar chase each other's nonces.",
        .references = {"RFC 7616 3.3"},
        .needs = {.credentials = true},
        .cost = {.requests = 6, .refused = 4},
        .passes_on = {"strict"},
        .fails_on = {"strict", "stale-again"},
        .run = old_nonce_after_stale,
    },
    {
        .id = "SA-STALE-13",
        .title = "A genuine nonce that was superseded",
        .question = "Does a phone get in that answers the challenge before the last?",
        .right = "200, or 401 with stale=true",
        .acceptable = "401 without stale; a newer nonce that is replaced and then taken",
        .failing = "403 from the first try on: registration deadlock; 403 later (warning: "
                   "lock-out); 400, 404, 5xx; no 200 within three requests after it",
        .harm = "The phone kept a nonce that the registrar has replaced, is told to stop, and "
                "repeats it for ever: the deadlock of 2005, as it happened.",
        .references = {"RFC 7616 3.6", "RFC 2617 3.3", "RFC 3261 21.4.4"},
        .needs = {.credentials = true},
        .cost = {.requests = 8, .refused = 6, .waiting = 1100ms},
        .priority = 2,
        .passes_on = {"strict"},
        .fails_on = {"asterisk-2005-before"},
        .run = superseded_nonce,
    },
});

}  // namespace

std::span<const Check> stale_suite() { return checks; }

}  // namespace sipauth::checks
