// SA-NC: what becomes of a nonce count that is repeated, falls, skips some, is high, or begins
// again (RFC 7616 3.4). Without qop nothing is counted.

#include <array>
#include <string>
#include <vector>

#include "checks/check.hpp"
#include "checks/context.hpp"
#include "checks/counting.hpp"
#include "checks/outcome.hpp"
#include "checks/worst.hpp"

namespace sipauth::checks {
namespace {

using enum Verdict;

Finding replayed(Context& context) {
  if (auto finding = one_use_only(context)) return *std::move(finding);
  Counting counting{context};
  if (counting.problem()) return *counting.problem();
  const auto begun = counting.answer(1);
  if (!begun.accepted()) return not_begun(begun, 1);
  const auto answered = counting.dialogue().send_again(begun);
  auto seen =
      "the same credentials, nc=00000001 and cnonce included, in a new request were "
      "answered with " +
      describe(answered);
  if (answered.accepted()) seen += ": whoever overhears a registration can use it again";
  return {.verdict = letter({.accepted = warn, .forbidden = fail}, answered),
          .observed = std::move(seen),
          .evidence = {begun, answered},
          .stands_on_liveness = answered.status == 403};
}

// A window takes a count once, in whatever order: RFC 7616 wants replays found, not a rising count.
Finding lower(Context& context) {
  const auto* replay = context.finding("SA-NC-01");
  const bool finds_replays = replay && replay->verdict == pass;
  auto finding = judge_pair(context, {.accepted = finds_replays ? pass : warn}, 5, 3);
  if (finds_replays && !finding.evidence.empty() && finding.evidence.back().accepted()) {
    finding.observed += ": counts may come in another order, and none twice (SA-NC-01)";
  }
  return finding;
}

Finding gap(Context& context) {
  if (auto finding = one_use_only(context)) return *std::move(finding);
  Worst worst;
  const Letters letters{.forbidden = fail};
  if (auto finding = add_pair(context, worst, letters, 1, 3)) return *std::move(finding);
  if (auto finding = add_pair(context, worst, letters, 9, 0x10)) return *std::move(finding);
  return worst.finding();
}

Finding high(Context& context) {
  if (auto finding = one_use_only(context)) return *std::move(finding);
  Worst worst;
  const Letters letters{.forbidden = fail};
  const std::vector<std::vector<std::uint32_t>> runs{{0xff, 0x100}, {0xffff'ffff, 0xffff'ffff}};
  for (const auto& counts : runs) {
    Counting counting{context};
    if (counting.problem()) return *counting.problem();
    const auto begun = counting.answer(1);
    if (!begun.accepted()) return not_begun(begun, 1);
    for (const auto count : counts) {
      const auto answered = counting.answer(count);
      worst.add(letter(letters, answered),
                "nc=" + nc_text(count) + " was answered with " + describe(answered), answered);
      if (!answered.accepted()) break;
    }
  }
  return worst.finding();
}

// Whoever overheard a nonce could use up all counts without knowing the password.
Finding poisoned(Context& context) {
  if (auto finding = one_use_only(context)) return *std::move(finding);
  Counting counting{context};
  if (counting.problem()) return *counting.problem();
  const auto begun = counting.answer(1);
  if (!begun.accepted()) return not_begun(begun, 1);
  auto wrong = sip::Deviation::with_wrong_password();
  wrong.nc = 0xffff;
  const auto refused = counting.answer(wrong);
  if (refused.accepted()) {
    return {skip, "a wrong password is taken (SA-AUTH-03)", {refused}};
  }
  const auto answered = counting.answer(2);
  auto seen =
      "after a wrong password with nc=0000ffff, the right one with nc=00000002 was "
      "answered with " +
      describe(answered);
  if (outcome_of(answered) != Outcome::stale) {
    return {.verdict = letter({.forbidden = fail}, answered),
            .observed = seen,
            .evidence = {refused, answered},
            .stands_on_liveness = answered.status == 403};
  }
  const auto followed = counting.dialogue().answer(answered);
  return {followed.accepted() ? pass : warn,
          seen + ", whose nonce was answered with " + describe(followed),
          {refused, answered, followed}};
}

sip::Deviation with_cnonce(std::uint32_t count, const std::string& cnonce) {
  sip::Deviation deviation;
  deviation.nc = count;
  deviation.cnonce = cnonce;
  return deviation;
}

// Not held to SA-NONCE-01, whose second use has another cnonce as well.
Finding other_cnonce(Context& context) {
  Counting counting{context, Freshness::always};
  if (counting.problem()) return *counting.problem();
  const auto cnonce = context.session().random().hex(24);
  const auto begun = counting.answer(with_cnonce(1, cnonce));
  if (!begun.accepted()) return not_begun(begun, 1);
  const auto again = counting.answer(with_cnonce(2, cnonce));
  if (!again.accepted()) {
    return {skip,
            "the same cnonce with nc=00000002 was answered with " + describe(again) +
                ", so another one tells nothing (SA-NONCE-01)",
            {again}};
  }
  const auto other = context.session().random().hex(24);
  const auto answered = counting.answer(with_cnonce(3, other));
  return {letter({}, answered),
          "another cnonce with nc=00000003 was answered with " + describe(answered),
          {answered}};
}

Finding restarted(Context& context) {
  if (auto finding = one_use_only(context)) return *std::move(finding);
  Counting counting{context, Freshness::always};
  if (counting.problem()) return *counting.problem();
  const auto begun = counting.answer(1);
  if (!begun.accepted()) return not_begun(begun, 1);
  // Each answer has a cnonce of its own.
  const auto answered = counting.answer(1);
  const bool forbidden = answered.status == 403;
  return {.verdict = letter(
              {.accepted = info, .forbidden = fail, .bad_request = fail, .broken = fail}, answered),
          .observed =
              "nc=00000001 with a new cnonce, on a nonce already counted, was answered "
              "with " +
              describe(answered),
          .evidence = {answered},
          .stands_on_liveness = forbidden};
}

constexpr Needs password{.credentials = true};

constexpr auto checks = std::to_array<Check>({
    {
        .id = "SA-NC-01",
        .title = "A nonce count is used twice",
        .question = "Is the same nonce with the same nonce count told from a new request?",
        .right = "401 with stale=true and a new nonce",
        .acceptable = "",
        .failing = "403; a plain 401 or 200 (warnings)",
        .harm = "With 200 whoever hears an answer can send it again; with 403 a phone that lost "
                "count is locked out.",
        .references = {"RFC 7616 3.4", "RFC 2617 3.2.2", "RFC 3261 26.4.1"},
        .needs = password,
        .cost = {.requests = 4, .refused = 2},
        .priority = 190,
        .builds_on = {"SA-NONCE-01"},
        .passes_on = {"strict"},
        .fails_on = {"strict", "nc-restart-403"},
        .run = replayed,
    },
    {
        .id = "SA-NC-03",
        .title = "A nonce count falls",
        .question = "Is nc=3 after nc=5 told from a request in order?",
        .right = "401 with stale=true and a new nonce",
        .acceptable = "200 where a count is taken once, in any order",
        .failing = "200 where counts are taken twice, or a plain 401 (warnings)",
        .harm = "What was overheard can be sent again.",
        .references = {"RFC 7616 3.4"},
        .needs = password,
        .cost = {.requests = 4, .refused = 2},
        .priority = 200,
        .builds_on = {"SA-NC-01", "SA-NONCE-01"},
        .worst = warn,
        .passes_on = {"freeswitch"},
        .fails_on = {"asterisk-pjsip"},
        .run = lower,
    },
    {
        .id = "SA-NC-04",
        .title = "A nonce count leaves some out",
        .question = "May the count jump, from 1 to 3 and from 9 to hexadecimal 10?",
        .right = "200",
        .acceptable = "401 with stale=true and a new nonce",
        .failing = "403; a plain 401 (warning)",
        .harm = "A lost request, or a phone that counts in decimal digits, ends in a lock-out.",
        .references = {"RFC 7616 3.4"},
        .needs = password,
        .cost = {.requests = 8, .refused = 4},
        .priority = 200,
        .builds_on = {"SA-NONCE-01"},
        .passes_on = {"strict"},
        .fails_on = {"strict", "nc-no-gaps-403"},
        .run = gap,
    },
    {
        .id = "SA-NC-08",
        .title = "High nonce counts",
        .question = "Are counts of 255, 256 and 4294967295 taken like others?",
        .right = "200, or 401 with stale=true and a new nonce",
        .failing = "403; a plain 401 (warning)",
        .harm = "A phone that keeps its nonce is asked for a new password, or locked out.",
        .references = {"RFC 7616 3.4"},
        .needs = password,
        .cost = {.requests = 10, .refused = 3},
        .priority = 200,
        .builds_on = {"SA-NONCE-01"},
        .passes_on = {"strict"},
        .fails_on = {"strict", "nc-8-bits-403"},
        .run = high,
    },
    {
        .id = "SA-NC-10",
        .title = "A wrong password uses no counts up",
        .question = "Is the phone taken after somebody else sent a high count with a wrong "
                    "password?",
        .right = "200",
        .acceptable = "401 with stale=true whose nonce is taken",
        .failing = "403; a plain 401 (warning)",
        .harm = "Whoever overhears a nonce can lock its phone out.",
        .references = {"RFC 7616 3.4", "RFC 7616 5.13"},
        .needs = {.credentials = true, .wrong_password = true},
        .cost = {.requests = 6, .refused = 2},
        .priority = 200,
        .builds_on = {"SA-NONCE-01"},
        .passes_on = {"strict"},
        .fails_on = {"strict", "nc-before-digest-403"},
        .run = poisoned,
    },
    {
        .id = "SA-NC-11",
        .title = "Another cnonce on the same nonce",
        .question = "May a phone draw a new cnonce for each request?",
        .right = "200",
        .acceptable = "401 with stale=true and a new nonce",
        .failing = "anything else (warning)",
        .harm = "Phones that draw a cnonce for each request ask for a password that was right.",
        .references = {"RFC 7616 3.4"},
        .needs = password,
        .cost = {.requests = 5, .refused = 2},
        .priority = 200,
        .worst = warn,
        .passes_on = {"strict"},
        .fails_on = {"strict", "cnonce-fixed"},
        .run = other_cnonce,
    },
    {
        .id = "SA-NC-12",
        .title = "A nonce count begins again with a new cnonce",
        .question = "Is a phone led on that counts per cnonce instead of per nonce?",
        .right = "401 with stale=true and a new nonce",
        .acceptable = "200 (note: nothing is counted)",
        .failing = "403, 400, 5xx; a plain 401 (warning)",
        .harm = "The phone errs, but needs a new nonce; with 403 it stays out.",
        .references = {"RFC 7616 3.4"},
        .needs = password,
        .cost = {.requests = 4, .refused = 2},
        .priority = 200,
        .builds_on = {"SA-NONCE-01"},
        .passes_on = {"strict"},
        .fails_on = {"strict", "nc-restart-403"},
        .run = restarted,
    },
});

}  // namespace

std::span<const Check> count_suite() { return checks; }

}  // namespace sipauth::checks
