#include "checks/grade.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>

namespace sipauth::checks {
namespace {

constexpr auto any_number = std::numeric_limits<std::size_t>::max();

/// On what a rule looks.
enum class When : std::uint8_t {
  found,        ///< as many of `ids` as it says have the verdict
  let_in,       ///< the same, and a try that had to be refused was accepted
  not_judged,   ///< none of `ids` was judged
  ended_early,  ///< the run did
  in_part,      ///< not the whole catalogue was asked for
};

struct Rule {
  std::string_view name;
  Grade cap = Grade::f;
  When when = When::found;
  std::string_view ids = "";  ///< separated by blanks; empty: any check
  Verdict verdict = Verdict::fail;
  std::size_t at_least = 1;
  std::size_t at_most = any_number;
  std::string_view reason;
};

// The worst cap first, and a report tells them in this order.
constexpr auto rules = std::to_array<Rule>({
    {.name = "let-in",
     .cap = Grade::f,
     .when = When::let_in,
     .reason = "something was accepted that has to be refused"},
    {.name = "locked-out",
     .cap = Grade::f,
     .ids = "SA-NONCE-02 SA-STALE-01 SA-STALE-02 SA-STALE-07 SA-STALE-08 SA-STALE-13",
     .reason = "a phone with the right password is locked out by an old or unknown nonce"},
    {.name = "nobody-registers",
     .cap = Grade::f,
     .ids = "SA-CH-01 SA-AUTH-01",
     .reason = "no phone can register"},
    {.name = "endless-loop",
     .cap = Grade::f,
     .ids = "SA-AUTH-03 SA-STALE-04",
     .reason = "a phone with a wrong password tries it for ever"},
    {.name = "password-in-clear",
     .cap = Grade::f,
     .ids = "SA-CH-15",
     .reason = "phones are asked to show their passwords"},
    {.name = "not-registered",
     .cap = Grade::not_gradable,
     .when = When::not_judged,
     .ids = "SA-AUTH-01",
     .reason = "no registration with a password succeeded"},
    {.name = "stale-not-tested",
     .cap = Grade::not_gradable,
     .when = When::not_judged,
     .ids = "SA-NONCE-02 SA-STALE-13",
     .reason = "the handling of stale nonces was not tested"},
    {.name = "ended-early",
     .cap = Grade::not_gradable,
     .when = When::ended_early,
     .reason = "the run ended before all checks had their turn"},
    {.name = "in-part",
     .cap = Grade::not_gradable,
     .when = When::in_part,
     .reason = "only a part of the catalogue was asked for"},
    {.name = "failures", .cap = Grade::d, .at_least = 2, .reason = "more than one check failed"},
    {.name = "failure", .cap = Grade::c, .at_most = 1, .reason = "a check failed"},
    {.name = "warning", .cap = Grade::b, .verdict = Verdict::warn, .reason = "there are warnings"},
    {.name = "inconclusive",
     .cap = Grade::b,
     .verdict = Verdict::inconclusive,
     .reason = "something could not be judged"},
    {.name = "md5-only",
     .cap = Grade::a_minus,
     .ids = "SA-CH-17",
     .verdict = Verdict::info,
     .reason = "no algorithm but MD5 is offered"},
    {.name = "no-wrong-password",
     .cap = Grade::a_minus,
     .when = When::not_judged,
     .ids = "SA-AUTH-03",
     .reason = "no wrong password was tried"},
    {.name = "no-expiry",
     .cap = Grade::a,
     .when = When::not_judged,
     .ids = "SA-STALE-01",
     .reason = "no nonce was seen to expire"},
});

struct Judged {
  const Check* check = nullptr;
  Verdict verdict = Verdict::inconclusive;
  bool let_in = false;
};

bool is_judged(const Judged& row) {
  return row.verdict != Verdict::skip && row.verdict != Verdict::inconclusive;
}

// A failure of a check that makes tries which must be refused, and nothing that it shows was
// refused. A policy makes no intruder: what was accepted is a failure under `field` then.
bool let_in(const Report& report) {
  const auto& [check, finding] = report;
  const auto is_sent = [](const sip::Exchange& exchange) { return exchange.sent.has_value(); };
  return finding.verdict == Verdict::fail && check->cost.refused > 0 &&
         std::ranges::any_of(finding.evidence, is_sent) &&
         std::ranges::all_of(finding.evidence, [&](const sip::Exchange& exchange) {
           return !is_sent(exchange) || exchange.accepted();
         });
}

bool names(std::string_view ids, std::string_view id) {
  while (!ids.empty()) {
    const auto end = std::min(ids.find(' '), ids.size());
    if (ids.substr(0, end) == id) return true;
    ids.remove_prefix(std::min(end + 1, ids.size()));
  }
  return false;
}

// What a rule of named checks calls a lock-out is none when somebody was let in.
bool is_found(const Rule& rule, const Judged& row) {
  if (row.verdict != rule.verdict) return false;
  if (rule.when == When::let_in) return row.let_in;
  return rule.ids.empty() || (names(rule.ids, row.check->id) && !row.let_in);
}

std::vector<std::string_view> found_by(const Rule& rule, const std::vector<Judged>& rows) {
  std::vector<std::string_view> ids;
  for (const auto& row : rows) {
    if (is_found(rule, row)) ids.push_back(row.check->id);
  }
  if (ids.size() < rule.at_least || ids.size() > rule.at_most) ids.clear();
  return ids;
}

std::vector<std::string_view> unjudged_by(const Rule& rule, const std::vector<Judged>& rows) {
  std::vector<std::string_view> ids;
  for (const auto& row : rows) {
    if (!names(rule.ids, row.check->id)) continue;
    if (is_judged(row)) return {};
    ids.push_back(row.check->id);
  }
  return ids;
}

std::vector<Judged> judged(const RunReport& report, Policy policy) {
  std::vector<Judged> rows;
  for (const auto& row : report.reports) {
    const auto verdict = verdict_under(policy, row.finding);
    rows.push_back({row.check, verdict, let_in(row)});
  }
  return rows;
}

}  // namespace

std::string_view grade_name(Grade grade) {
  constexpr auto names =
      std::to_array<std::string_view>({"A+", "A", "A-", "B", "C", "D", "T", "F"});
  return names[static_cast<std::size_t>(grade)];
}

Graded grade_of(const RunReport& report, Policy policy) {
  const auto rows = judged(report, policy);
  Graded graded;
  for (const auto& rule : rules) {
    std::vector<std::string_view> ids;
    bool applies = false;
    switch (rule.when) {
      case When::found:
      case When::let_in:
        ids = found_by(rule, rows);
        applies = !ids.empty();
        break;
      case When::not_judged:
        ids = unjudged_by(rule, rows);
        applies = !ids.empty();
        break;
      case When::ended_early:
        applies = report.ending != Ending::complete;
        break;
      case When::in_part:
        applies = report.reports.size() < catalogue().size();
        break;
    }
    if (!applies) continue;
    graded.caps.push_back({rule.name, rule.cap, rule.reason, std::move(ids)});
    graded.grade = std::max(graded.grade, rule.cap);
  }
  return graded;
}

}  // namespace sipauth::checks
