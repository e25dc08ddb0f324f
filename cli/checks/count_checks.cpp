// SA-NC: what becomes of a nonce count that is repeated, skipped, restarted or misshapen (RFC 7616
// 3.4). Without qop nothing is counted.

#include <array>
#include <cstdint>
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

/// What each answer to the last request of a procedure is worth. What stands in no column of the
/// catalogue is a warning when it refuses, and proves nothing else.
struct Letters {
  Verdict accepted = pass;
  Verdict stale = pass;
  Verdict plain = warn;
  Verdict forbidden = warn;
  Verdict bad_request = warn;
  Verdict broken = warn;
};

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

sip::Deviation with_count(std::uint32_t count) { return {.nc = count}; }

// A dialogue with a nonce that no other check has counted on, or why there is none.
class Counting {
 public:
  explicit Counting(Context& context) : dialogue_{context.dialogue()} {
    offered_ = dialogue_.challenge();
    if (is_usable() && context.session().nonce_was_used(offered_.offer()->nonce)) {
      dialogue_.wait(1100ms);  // nonces of one second may be the same
      offered_ = dialogue_.challenge();
    }
    if (!offered_.challenged()) {
      problem_ = no_challenge(offered_);
    } else if (offered_.offer()->qop == Qop::none) {
      problem_ = Finding{skip, "no qop is offered, so nothing is counted (SA-CH-06)", {offered_}};
    } else if (context.session().nonce_was_used(offered_.offer()->nonce)) {
      problem_ = Finding{skip, "every challenge has the same nonce (SA-NONCE-13)", {offered_}};
    }
  }

  [[nodiscard]] const std::optional<Finding>& problem() const { return problem_; }
  [[nodiscard]] sip::Exchange answer(const sip::Deviation& deviation) {
    return dialogue_.answer(offered_, deviation);
  }
  [[nodiscard]] sip::Exchange answer(std::uint32_t count) { return answer(with_count(count)); }
  [[nodiscard]] sip::Dialogue& dialogue() { return dialogue_; }

 private:
  [[nodiscard]] bool is_usable() const { return offered_.challenged(); }

  sip::Dialogue dialogue_;
  sip::Exchange offered_;
  std::optional<Finding> problem_;
};

// Where a nonce is good for one use, its second use is refused whatever nc says.
std::optional<Finding> one_use_only(Context& context) {
  const auto& reuse = context.shared.reuse;
  if (reuse && reuse->accepted()) return std::nullopt;
  return Finding{skip, "a nonce is good for one use here (SA-NONCE-01)"};
}

Finding not_begun(const sip::Exchange& first, std::string_view nc) {
  return {inconclusive,
          "the first use of the nonce, with nc=" + std::string{nc} + ", was answered with " +
              describe(first),
          {first}};
}

std::string hex(std::uint32_t count) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text(8, '0');
  for (std::size_t i = text.size(); i-- > 0; count >>= 4U) text[i] = digits[count & 15U];
  return text;
}

// One nonce: `first` has to be taken, and the answer to `then` is judged.
std::optional<Finding> add_pair(Context& context, Worst& worst, const Letters& letters,
                                std::uint32_t first, std::uint32_t then) {
  Counting counting{context};
  if (counting.problem()) return counting.problem();
  const auto begun = counting.answer(first);
  if (!begun.accepted()) {
    // What is not begun with 1 is SA-NC-05's.
    if (first == 1) return not_begun(begun, hex(first));
    worst.add(skip, "a nonce count must begin with 1 here (SA-NC-05)", begun);
    return std::nullopt;
  }
  const auto answered = counting.answer(then);
  worst.add(letter(letters, answered),
            "nc=" + hex(then) + " after " + hex(first) + " was answered with " + describe(answered),
            answered);
  return std::nullopt;
}

Finding pair(Context& context, const Letters& letters, std::uint32_t first, std::uint32_t then) {
  if (auto finding = one_use_only(context)) return *std::move(finding);
  Worst worst;
  if (auto finding = add_pair(context, worst, letters, first, then)) return *std::move(finding);
  return worst.finding();
}

Finding replayed(Context& context) {
  auto finding = pair(context, {.accepted = warn, .forbidden = fail}, 1, 1);
  if (finding.verdict == warn && finding.evidence.back().accepted()) {
    finding.observed += ": whoever hears an answer can use it again";
  }
  return finding;
}

// A window takes a count once, in whatever order: RFC 7616 wants replays found, not a rising count.
Finding lower(Context& context) {
  const auto* replay = context.finding("SA-NC-01");
  const bool finds_replays = replay && replay->verdict == pass;
  auto finding = pair(context, {.accepted = finds_replays ? pass : warn}, 5, 3);
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

Finding first_use(Context& context) {
  Worst worst;
  for (const std::uint32_t count : {2U, 0x1000U}) {
    Counting counting{context};
    if (counting.problem()) return *counting.problem();
    const auto answered = counting.answer(count);
    worst.add(letter({}, answered),
              "the first use of a nonce with nc=" + hex(count) + " was answered with " +
                  describe(answered),
              answered);
  }
  return worst.finding();
}

Finding hexadecimal(Context& context) { return pair(context, {.forbidden = fail}, 9, 10); }

Finding zero(Context& context) {
  Counting counting{context};
  if (counting.problem()) return *counting.problem();
  const auto answered = counting.answer(0);
  return {letter({.accepted = info, .plain = pass, .bad_request = pass, .broken = fail}, answered),
          "nc=00000000 was answered with " + describe(answered),
          {answered}};
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
    if (!begun.accepted()) return not_begun(begun, hex(1));
    for (const auto count : counts) {
      const auto answered = counting.answer(count);
      worst.add(letter(letters, answered),
                "nc=" + hex(count) + " was answered with " + describe(answered), answered);
      if (!answered.accepted()) break;
    }
  }
  return worst.finding();
}

struct Misshapen {
  std::string_view nc;
  Quoting quoting = Quoting::as_due;
  bool may_be_taken = false;  ///< a tolerant reading is 1, or a right count
};

Finding misshapen(Context& context) {
  constexpr auto variants = std::to_array<Misshapen>({
      {.nc = "1"},
      {.nc = "0000001"},
      {.nc = "000000001"},
      {.nc = "0000000G"},
      {.nc = "0000000A", .may_be_taken = true},
      {.nc = "00000001", .quoting = Quoting::quoted, .may_be_taken = true},
  });
  Worst worst;
  for (const auto& variant : variants) {
    Counting counting{context};
    if (counting.problem()) return *counting.problem();
    sip::Deviation deviation;
    deviation.nc_text = variant.nc;
    deviation.nc_quoting = variant.quoting;
    const auto answered = counting.answer(deviation);
    const bool quoted = variant.quoting == Quoting::quoted;
    worst.add(letter({.accepted = variant.may_be_taken ? pass : info,
                      .plain = pass,
                      .bad_request = pass,
                      .broken = fail},
                     answered),
              "nc=" + std::string{quoted ? "\"" : ""} + std::string{variant.nc} +
                  std::string{quoted ? "\"" : ""} + " was answered with " + describe(answered),
              answered);
  }
  return worst.finding();
}

// Whoever overheard a nonce could use up all counts without knowing the password.
Finding poisoned(Context& context) {
  if (auto finding = one_use_only(context)) return *std::move(finding);
  Counting counting{context};
  if (counting.problem()) return *counting.problem();
  const auto begun = counting.answer(1);
  if (!begun.accepted()) return not_begun(begun, hex(1));
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
  Counting counting{context};
  if (counting.problem()) return *counting.problem();
  const auto cnonce = context.session().random().hex(24);
  const auto begun = counting.answer(with_cnonce(1, cnonce));
  if (!begun.accepted()) return not_begun(begun, hex(1));
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
  Counting counting{context};
  if (counting.problem()) return *counting.problem();
  const auto begun = counting.answer(1);
  if (!begun.accepted()) return not_begun(begun, hex(1));
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
        .priority = 200,
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
        .id = "SA-NC-05",
        .title = "A nonce count does not begin with 1",
        .question = "Is a fresh nonce taken whose first count is 2, or 00001000?",
        .right = "200",
        .acceptable = "401 with stale=true and a new nonce",
        .failing = "a plain 401 or 403 (warnings)",
        .harm = "Stacks that go on counting after stale=true never get in.",
        .references = {"RFC 7616 3.4"},
        .needs = password,
        .cost = {.requests = 6, .refused = 2},
        .priority = 200,
        .worst = warn,
        .passes_on = {"strict"},
        .fails_on = {"strict", "nc-no-gaps-403"},
        .run = first_use,
    },
    {
        .id = "SA-NC-06",
        .title = "A nonce count is hexadecimal",
        .question = "Is nc=0000000a taken after nc=00000009?",
        .right = "200",
        .acceptable = "401 with stale=true and a new nonce",
        .failing = "403; a plain 401 (warning)",
        .harm = "Every tenth registration of a phone is refused.",
        .references = {"RFC 7616 3.4", "RFC 3261 25.1"},
        .needs = password,
        .cost = {.requests = 4, .refused = 2},
        .priority = 200,
        .builds_on = {"SA-NONCE-01"},
        .passes_on = {"strict"},
        .fails_on = {"strict", "nc-decimal-403"},
        .run = hexadecimal,
    },
    {
        .id = "SA-NC-07",
        .title = "A nonce count of zero",
        .question = "Is nc=00000000 refused, though the count includes the request itself?",
        .right = "a challenge or 400",
        .acceptable = "200 (note)",
        .failing = "5xx",
        .harm = "The registrar breaks on what a faulty phone sends.",
        .references = {"RFC 7616 3.4"},
        .needs = password,
        .cost = {.requests = 3, .refused = 1},
        .priority = 200,
        .passes_on = {"strict"},
        .fails_on = {"strict", "nc-restart-500"},
        .run = zero,
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
        .id = "SA-NC-09",
        .title = "Misshapen nonce counts",
        .question = "Does the registrar live through counts of 1, 7 and 9 digits, with a G, with a "
                    "capital, and in quotes?",
        .right = "a challenge or 400; 200 for a capital and for quotes",
        .acceptable = "200 for the others (note)",
        .failing = "5xx or silence; 403 (warning)",
        .harm = "One faulty phone stops the registrar for all.",
        .references = {"RFC 7616 3.4", "RFC 3261 25.1"},
        .needs = password,
        .cost = {.requests = 18, .refused = 6},
        .priority = 210,
        .on_silence = fail,
        .passes_on = {"strict"},
        .fails_on = {"strict", "malformed-500"},
        .run = misshapen,
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
