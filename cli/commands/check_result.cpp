#include "commands/check_result.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <string>

#include "checks/grade.hpp"
#include "checks/outcome.hpp"
#include "checks/policy.hpp"
#include "commands/advice.hpp"

namespace sipauth::commands {
namespace {

bool is_judged(Verdict verdict) {
  return verdict != Verdict::skip && verdict != Verdict::inconclusive;
}

const checks::Report* find_report(const checks::RunReport& report, std::string_view id) {
  for (const auto& row : report.reports) {
    if (row.check->id == id) return &row;
  }
  return nullptr;
}

/// The two checks that tell whether phones lock themselves out.
constexpr std::string_view telling[] = {"SA-NONCE-02", "SA-STALE-13"};

// Why neither of them was judged; empty when one was, or when nobody asked for them.
std::string why_untested(const checks::RunReport& report) {
  std::string why;
  for (const auto id : telling) {
    const auto* row = find_report(report, id);
    if (!row) continue;
    if (is_judged(row->finding.verdict)) return {};
    if (why.empty()) why = row->finding.observed;
  }
  return why;
}

bool any_counts(const results::Result& result, Verdict verdict) {
  return std::ranges::any_of(
      result.rows, [&](const results::Row& row) { return row.counts && row.verdict == verdict; });
}

std::optional<results::Error> error_of_run(const checks::RunReport& report, sip::Session& session,
                                           const checks::Settings& settings, bool needs_password) {
  constexpr std::string_view no_password =
      "no password: give --password-file FILE, --ha1-file FILE or SIPAUTH_PASSWORD, or select "
      "checks that need none (--only SA-CH)";
  const bool lacks_password = !settings.has_password && needs_password;
  switch (report.ending) {
    case checks::Ending::no_answer: {
      auto error = error_of(sip::NoAnswer{.exchange = {}, .error = report.error}, session);
      if (!lacks_password) return error;
      return results::Error{"no-password",
                            error.text + " Besides, there is " + std::string{no_password}};
    }
    case checks::Ending::banned:
      if (report.error) {
        auto error = error_of(*report.error);
        error.text = "the registrar answered, and now answers nothing more: " + error.text +
                     " The last answer came to " + report.silent_after;
        return error;
      }
      return results::Error{
          "banned",
          "the registrar answered, and now answers nothing more: it has probably banned "
          "or limited this address. Silence began after " +
              report.silent_after};
    default:
      break;
  }
  if (lacks_password) return results::Error{"no-password", std::string{no_password}};
  if (report.credentials_refused) {
    return results::Error{"credentials",
                          "the registrar refuses these credentials; check user, --auth-user, "
                          "--domain and password"};
  }
  return std::nullopt;
}

bool reaches(const results::Result& result, const std::string& threshold) {
  if (threshold == "never") return false;
  return any_counts(result, Verdict::fail) ||
         (threshold == "warn" && any_counts(result, Verdict::warn)) ||
         std::ranges::any_of(result.rows, &results::Row::passed_unexpectedly);
}

// The contract's precedence: 130, 5, 2, 1, 4, 3, 0.
int exit_code(const results::Result& result, checks::Ending ending, const std::string& threshold,
              bool untested) {
  if (ending == checks::Ending::interrupted) return 130;
  const int of_error = result.error ? exit_code_of(result.error->kind) : 0;
  if (of_error == 5 || of_error == 2) return of_error;
  if (reaches(result, threshold)) return 1;
  if (of_error == 4) return 4;
  if (of_error != 0 || untested || any_counts(result, Verdict::inconclusive)) return 3;
  return 0;
}

void tell_lifetime(results::Result& result, const checks::RunReport& report) {
  const auto* row = find_report(report, "SA-STALE-01");
  if (!row) return;
  std::optional<std::int64_t> least;
  std::optional<std::int64_t> most;
  for (const auto& [name, value] : row->finding.facts) {
    if (name == "lifetime_at_least_ms") least = value;
    if (name == "lifetime_at_most_ms") most = value;
  }
  const auto in_seconds = [](std::int64_t ms) { return static_cast<double>(ms) / 1000; };
  if (least && most) {
    result.notes.push_back(fmt::format("An unused nonce lives between {:.1f} and {:.1f} s.",
                                       in_seconds(*least), in_seconds(*most)));
  } else if (least) {
    result.notes.push_back(
        fmt::format("An unused nonce lives {:.1f} s or longer.", in_seconds(*least)));
  }
}

void tell_bindings(results::Result& result, const checks::RunReport& report) {
  for (const auto& contact : report.left_bound) {
    result.notes.push_back(fmt::format(
        "The registrar did not remove the Contact {}: it goes away within 60 s.", contact));
  }
}

void tell_noise(results::Result& result, sip::Session& session) {
  const auto& noise = session.noise();
  const auto tell = [&](std::uint64_t count, std::string_view what) {
    if (count > 0) result.notes.push_back(fmt::format("{} {}", count, what));
  };
  tell(noise.duplicates, "duplicate answer(s) came and were ignored.");
  tell(noise.strays, "answer(s) came that belong to no request of this run.");
  tell(noise.requests, "request(s) of the peer came and were ignored.");
  tell(noise.unreadable, "datagram(s) came that are no SIP.");
}

}  // namespace

results::Row row_of(const checks::Check& check, const checks::Finding& finding,
                    checks::Policy policy) {
  results::Row row{.id = std::string{check.id},
                   .title = std::string{check.title},
                   .verdict = checks::verdict_under(policy, finding),
                   .summary = finding.observed,
                   .expected = std::string{check.right},
                   .harm = std::string{check.harm}};
  for (const auto reference : check.references) {
    if (!reference.empty()) row.references.emplace_back(reference);
  }
  if (!finding.evidence.empty()) {
    const auto& last = finding.evidence.back();
    row.call_id = last.call_id;
    row.wall = last.wall;
    row.observed.emplace_back("status", std::int64_t{last.status});
    if (last.is_401_or_407()) {
      row.observed.emplace_back("stale", std::string{checks::says_stale(last) ? "true" : "false"});
      if (last.sent) row.observed.emplace_back("nonce_changed", last.usable());
    }
  }
  for (const auto& exchange : finding.evidence) {
    row.messages.push_back(exchange.request);
    if (exchange.response) row.messages.push_back(*exchange.response);
  }
  for (const auto& [name, value] : finding.facts) row.observed.emplace_back(name, value);
  if (checks::depends_on_policy(finding)) {
    for (const auto& [each, name, meaning] : checks::policies) {
      row.by_policy.emplace_back(name, checks::verdict_under(each, finding));
    }
  }
  return row;
}

results::Grade grade_of(const checks::RunReport& report, checks::Policy policy) {
  const auto graded = checks::grade_of(report, policy);
  results::Grade grade{.letter = std::string{checks::grade_name(graded.grade)}};
  for (const auto& cap : graded.caps) {
    grade.caps.push_back({.rule = std::string{cap.rule},
                          .grade = std::string{checks::grade_name(cap.grade)},
                          .reason = std::string{cap.reason},
                          .ids = {cap.ids.begin(), cap.ids.end()}});
  }
  return grade;
}

results::Result check_result(const Run& run, const checks::RunReport& report,
                             const CheckOptions& options, const checks::Settings& settings,
                             const Terms& terms) {
  auto& session = *run.session;
  results::Result result{
      .target = target_facts(run.target, &run.route->transport(), &session.recorder()),
      .seed = run.seed,
      .policy = std::string{checks::policy_name(terms.policy)},
      .recorder = &session.recorder(),
      .requests = session.counters().requests,
      .refused = session.counters().refused};
  bool needs_password = false;
  for (const auto& [check, finding] : report.reports) {
    result.rows.push_back(row_of(*check, finding, terms.policy));
    needs_password = needs_password || check->needs.credentials;
  }
  apply(terms, result);
  add_mending(result);
  result.client_impact = shown(report.client_impact);

  result.error = error_of_run(report, session, settings, needs_password);
  const auto untested = why_untested(report);
  if (!settings.has_password && needs_password) {
    result.headlines.emplace_back("stale handling NOT tested: no password");
  } else if (!untested.empty()) {
    result.headlines.push_back("stale handling NOT tested: " + untested);
  }
  result.exit_code = exit_code(result, report.ending, options.fail_on, !untested.empty());
  if (result.exit_code == 3 && !result.error) {
    result.error = results::Error{"inconclusive",
                                  untested.empty() ? "a selected check could not be judged"
                                                   : "stale handling was not tested: " + untested};
  }
  if (report.ending == checks::Ending::over_limit) {
    result.notes.emplace_back("--max-requests was reached before all checks had their turn.");
  }
  for (auto& sentence : run.route->passed_over()) result.notes.push_back(std::move(sentence));
  for (const auto& note : run.route->resolution().notes) result.notes.push_back(note);
  tell_lifetime(result, report);
  tell_bindings(result, report);
  tell_noise(result, session);
  return result;
}

}  // namespace sipauth::commands
