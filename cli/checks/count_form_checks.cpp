// SA-NC-05 to -07 and -09: nonce counts that do not begin with 1, are not decimal, are zero or
// misshapen.

#include <array>
#include <string>

#include "checks/check.hpp"
#include "checks/context.hpp"
#include "checks/counting.hpp"
#include "checks/outcome.hpp"
#include "checks/worst.hpp"

namespace sipauth::checks {
namespace {

using enum Verdict;

Finding first_use(Context& context) {
  Worst worst;
  for (const std::uint32_t count : {2U, 0x1000U}) {
    Counting counting{context};
    if (counting.problem()) return *counting.problem();
    const auto answered = counting.answer(count);
    worst.add(letter({}, answered),
              "the first use of a nonce with nc=" + nc_text(count) + " was answered with " +
                  describe(answered),
              answered);
  }
  return worst.finding();
}

Finding hexadecimal(Context& context) { return judge_pair(context, {.forbidden = fail}, 9, 10); }

Finding zero(Context& context) {
  Counting counting{context};
  if (counting.problem()) return *counting.problem();
  const auto answered = counting.answer(0);
  return {letter({.accepted = info, .plain = pass, .bad_request = pass, .broken = fail}, answered),
          "nc=00000000 was answered with " + describe(answered),
          {answered}};
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

constexpr Needs password{.credentials = true};

constexpr auto checks = std::to_array<Check>({
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
});

}  // namespace

std::span<const Check> count_form_suite() { return checks; }

}  // namespace sipauth::checks
