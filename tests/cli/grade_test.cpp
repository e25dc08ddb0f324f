// What caps the letter of a run, rule by rule.

#include "checks/grade.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "cli/builtin_run.hpp"

namespace sipauth {
namespace {

using checks::Policy;
using enum Verdict;

/// The whole catalogue passed, but for what is named.
checks::RunReport report_with(const std::vector<std::pair<std::string_view, Verdict>>& others,
                              checks::Ending ending = checks::Ending::complete) {
  checks::RunReport report;
  report.ending = ending;
  for (const auto* check : checks::catalogue()) {
    const auto other =
        std::ranges::find(others, check->id, [](const auto& row) { return row.first; });
    report.reports.push_back({check, {.verdict = other == others.end() ? pass : other->second}});
  }
  return report;
}

std::string letter(const checks::RunReport& report, Policy policy = Policy::field) {
  return std::string{checks::grade_name(checks::grade_of(report, policy).grade)};
}

struct Graded {
  std::string_view name;
  std::vector<std::pair<std::string_view, Verdict>> others;
  std::string_view letter;
  std::string_view rule;  ///< of the worst cap
};

class GradeRule : public testing::TestWithParam<Graded> {};

TEST_P(GradeRule, CapsTheLetter) {
  const auto& row = GetParam();
  const auto graded = checks::grade_of(report_with(row.others), Policy::field);
  EXPECT_EQ(checks::grade_name(graded.grade), row.letter);
  if (row.rule.empty()) {
    EXPECT_TRUE(graded.caps.empty());
  } else {
    ASSERT_FALSE(graded.caps.empty());
    EXPECT_EQ(graded.caps.front().rule, row.rule);
    EXPECT_EQ(graded.caps.front().ids.front(), row.others.front().first);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Rules, GradeRule,
    testing::Values(Graded{"AllPassed", {}, "A+", ""},
                    Graded{"ANoteIsNoFault", {{"SA-CH-09", Verdict::info}}, "A+", ""},
                    Graded{"NotApplicableIsNoFault", {{"SA-STALE-10", skip}}, "A+", ""},
                    Graded{"NoExpirySeen", {{"SA-STALE-01", skip}}, "A", "no-expiry"},
                    Graded{"OnlyMd5", {{"SA-CH-17", Verdict::info}}, "A-", "md5-only"},
                    Graded{"NoWrongPassword", {{"SA-AUTH-03", skip}}, "A-", "no-wrong-password"},
                    Graded{"AWarning", {{"SA-CH-06", warn}}, "B", "warning"},
                    Graded{"NotJudged", {{"SA-NC-04", inconclusive}}, "B", "inconclusive"},
                    Graded{"AFailure", {{"SA-CH-03", fail}}, "C", "failure"},
                    Graded{"Failures", {{"SA-CH-03", fail}, {"SA-CH-05", fail}}, "D", "failures"},
                    Graded{"Deadlock", {{"SA-NONCE-02", fail}}, "F", "locked-out"},
                    Graded{"NobodyRegisters", {{"SA-AUTH-01", fail}}, "F", "nobody-registers"},
                    Graded{"EndlessLoop", {{"SA-AUTH-03", fail}}, "F", "endless-loop"},
                    Graded{"Basic", {{"SA-CH-15", fail}}, "F", "password-in-clear"},
                    Graded{"NotRegistered", {{"SA-AUTH-01", inconclusive}}, "T", "not-registered"},
                    Graded{"StaleNotTested",
                           {{"SA-NONCE-02", skip}, {"SA-STALE-13", inconclusive}},
                           "T",
                           "stale-not-tested"},
                    Graded{"OneOfTheTwoIsEnough", {{"SA-NONCE-02", skip}}, "A+", ""},
                    Graded{"AFaultOutweighsWhatIsMissing",
                           {{"SA-STALE-13", fail}, {"SA-AUTH-01", skip}},
                           "F",
                           "locked-out"}),
    [](const auto& row) { return std::string{row.param.name}; });

TEST(Grade, IsNoneForARunThatEndedEarly) {
  for (const auto ending : {checks::Ending::banned, checks::Ending::interrupted,
                            checks::Ending::over_limit, checks::Ending::no_answer}) {
    EXPECT_EQ(letter(report_with({}, ending)), "T");
  }
}

TEST(Grade, IsNoneForAPartOfTheCatalogue) {
  const auto run = run_builtin("strict", "", {.only = {"nonce"}});
  EXPECT_EQ(letter(run.report), "T");
}

TEST(Grade, FollowsThePolicy) {
  const auto run = run_builtin("kamailio-default");
  EXPECT_EQ(letter(run.report, Policy::field), "B");
  EXPECT_EQ(letter(run.report, Policy::rfc8760), "C");
}

std::string rules_of(const checks::Graded& graded, checks::Grade grade) {
  std::string rules;
  for (const auto& cap : graded.caps) {
    if (cap.grade == grade) rules += (rules.empty() ? "" : " ") + std::string{cap.rule};
  }
  return rules;
}

struct Registrar {
  std::string_view name;
  std::string_view profile;
  std::string_view fault;
  std::string_view letter;
  std::string_view why;  ///< the rules of that letter
};

class GradedRegistrar : public testing::TestWithParam<Registrar> {};

TEST_P(GradedRegistrar, GetsTheLetterItDeserves) {
  const auto& row = GetParam();
  const auto graded = checks::grade_of(run_builtin(row.profile, row.fault).report, Policy::field);
  EXPECT_EQ(checks::grade_name(graded.grade), row.letter);
  EXPECT_EQ(rules_of(graded, graded.grade), row.why);
}

INSTANTIATE_TEST_SUITE_P(
    Profiles, GradedRegistrar,
    testing::Values(Registrar{"Strict", "strict", "", "A+", ""},
                    Registrar{"Deadlock", "asterisk-2005-before", "", "F", "locked-out"},
                    Registrar{"NonceNotChecked", "netsip-noverify", "", "F", "let-in"},
                    Registrar{"AnyPassword", "strict", "wrong-password-accepted", "F", "let-in"},
                    Registrar{"StaleForWrongPasswords", "strict", "stale-always", "F",
                              "endless-loop"},
                    Registrar{"PasswordRefused", "strict", "right-password-refused", "T",
                              "not-registered stale-not-tested"}),
    [](const auto& row) { return std::string{row.param.name}; });

}  // namespace
}  // namespace sipauth
