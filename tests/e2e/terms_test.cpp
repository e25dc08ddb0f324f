// --policy, --baseline, --expect-fail and the grade, from outside: what is told, and the exit code.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "e2e/tool.hpp"

namespace sipauth::e2e {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

/// Warns under field: no qop, MD5 alone. Everything else of the suite passes.
const Arguments no_qop{"check", "builtin:kamailio-default", "--suite", "ch"};

Arguments with(Arguments arguments, const Arguments& more) {
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

json document_of(const Arguments& arguments) {
  const auto outcome = run(with(arguments, {"--json"}));
  auto document = json::parse(outcome.out, nullptr, false);
  EXPECT_TRUE(document.is_object()) << outcome.out << outcome.err;
  return document;
}

json row_of(const json& document, std::string_view id) {
  const auto& rows = document["results"];
  const auto row = std::ranges::find_if(rows, [&](const json& one) { return one["id"] == id; });
  return row == rows.end() ? json{} : *row;
}

TEST(Policy, DecidesTheVerdictAndTheExitCode) {
  EXPECT_EQ(run(no_qop).exit, 0);
  EXPECT_EQ(run(with(no_qop, {"--policy", "rfc3261"})).exit, 1);
  EXPECT_EQ(
      run({"stale", "builtin:kamailio-default", "--only", "SA-CH-06", "--policy", "rfc8760"}).exit,
      1);
}

TEST(Policy, IsToldWithAllVerdictsOfAFindingThatDiffers) {
  const auto field = document_of(no_qop);
  EXPECT_EQ(field["policy"], "field");
  const auto strict = document_of(with(no_qop, {"--policy", "rfc8760"}));
  EXPECT_EQ(strict["policy"], "rfc8760");
  const json all{{"field", "warn"}, {"rfc3261", "fail"}, {"rfc8760", "fail"}};
  EXPECT_EQ(row_of(field, "SA-CH-06")["verdict"], "warn");
  EXPECT_EQ(row_of(field, "SA-CH-06")["verdicts"], all);
  EXPECT_EQ(row_of(strict, "SA-CH-06")["verdict"], "fail");
  EXPECT_EQ(row_of(strict, "SA-CH-06")["verdicts"], all);
  EXPECT_FALSE(row_of(field, "SA-CH-03").contains("verdicts"));
}

TEST(Policy, IsNamedInTheReportUnlessItIsField) {
  EXPECT_THAT(run(no_qop).out, Not(HasSubstr("Policy  ")));
  const auto text = run(with(no_qop, {"--policy", "rfc3261"})).out;
  EXPECT_THAT(text, HasSubstr("Policy       rfc3261\n"));
  EXPECT_THAT(text, HasSubstr("warn under field, fail under rfc3261, fail under rfc8760"));
}

TEST(Policy, OfAnotherNameIsAUsageError) {
  EXPECT_EQ(run(with(no_qop, {"--policy", "rfc2617"})).exit, 2);
}

TEST(GradeOfARun, IsToldWithItsReasons) {
  const auto text = run({"check", "builtin:kamailio-default"}).out;
  EXPECT_THAT(text, HasSubstr("Grade B:"));
  EXPECT_THAT(text, HasSubstr("at most B because there are warnings (SA-CH-06"));
  const auto summary = document_of({"check", "builtin:kamailio-default"})["summary"];
  EXPECT_EQ(summary["grade"], "B");
  ASSERT_GE(summary["caps"].size(), 2U);
  EXPECT_EQ(summary["caps"][0]["rule"], "warning");
  EXPECT_EQ(summary["caps"][0]["ids"][0], "SA-CH-06");
}

TEST(GradeOfARun, NothingSpeaksAgainstTheStrictRegistrar) {
  EXPECT_THAT(run({"check", "builtin:strict"}).out,
              HasSubstr("Grade A+:    nothing speaks against it\n"));
}

TEST(GradeOfARun, IsNotToldByStale) {
  EXPECT_THAT(run({"stale", "builtin:strict"}).out, Not(HasSubstr("Grade")));
}

class Known : public testing::Test {
 protected:
  std::string baseline(const Arguments& arguments) {
    return scratch_.file("baseline.json", run(with(arguments, {"--json"})).out);
  }

  ScratchDirectory scratch_;
};

const Arguments strict_ch{"check",  "builtin:kamailio-default", "--suite", "ch", "--policy",
                          "rfc3261"};

TEST_F(Known, FindingsOfTheBaselineDoNotCount) {
  const auto file = baseline(strict_ch);
  const auto outcome = run(with(strict_ch, {"--baseline", file}));
  EXPECT_EQ(outcome.exit, 0) << outcome.out;
  EXPECT_THAT(outcome.out, HasSubstr("(known: in the baseline too)"));
  const auto document = document_of(with(strict_ch, {"--baseline", file}));
  EXPECT_EQ(row_of(document, "SA-CH-06")["known"], true);
  EXPECT_EQ(document["baseline"]["known"], json{"SA-CH-06"});
  EXPECT_EQ(document["exit_code"], 0);
}

TEST_F(Known, FindingsThatAreWorseCount) {
  // Of the qop that was only warned about nothing usable is left.
  const auto file = baseline(no_qop);
  const auto worse =
      run({"check", "builtin:strict;fault=qop-authint-only", "--suite", "ch", "--baseline", file});
  EXPECT_EQ(worse.exit, 1) << worse.out;
  EXPECT_THAT(worse.out, HasSubstr("new or worse: SA-CH-06"));
}

TEST_F(Known, WhatIsMendedIsTold) {
  const auto file = baseline(strict_ch);
  const auto mended = run({"check", "builtin:strict", "--suite", "ch", "--baseline", file});
  EXPECT_EQ(mended.exit, 0);
  EXPECT_THAT(mended.out, HasSubstr("no more: SA-CH-06"));
}

TEST_F(Known, TheBaselineIsJudgedByThePolicyOfThisRun) {
  EXPECT_EQ(run(with(strict_ch, {"--baseline", baseline(no_qop)})).exit, 0);
}

TEST_F(Known, ABaselineMayComeFromStandardInput) {
  const auto text = run(with(strict_ch, {"--json"})).out;
  EXPECT_EQ(run(with(strict_ch, {"--baseline", "-"}), text).exit, 0);
}

TEST_F(Known, AMissingOrWrongBaselineIsAUsageError) {
  const auto missing = run(with(strict_ch, {"--baseline", scratch_.path() + "/none.json"}));
  EXPECT_EQ(missing.exit, 2);
  EXPECT_THAT(missing.err, HasSubstr("No such file"));
  const auto text = scratch_.file("run.txt", run(strict_ch).out);
  const auto wrong = run(with(strict_ch, {"--baseline", text}));
  EXPECT_EQ(wrong.exit, 2);
  EXPECT_THAT(wrong.err, HasSubstr("run.txt is no JSON"));
  const auto document = document_of(with(strict_ch, {"--baseline", text}));
  EXPECT_EQ(document["error"]["kind"], "usage");
}

TEST(ExpectFail, DoesNotCountWhatFailsAsExpected) {
  const auto outcome = run(with(strict_ch, {"--expect-fail", "SA-CH-06"}));
  EXPECT_EQ(outcome.exit, 0) << outcome.out;
  EXPECT_THAT(outcome.out, HasSubstr("(expected to fail)"));
}

TEST(ExpectFail, CountsWhatPassesThough) {
  const auto outcome = run(with(strict_ch, {"--expect-fail", "SA-CH-06,SA-CH-03"}));
  EXPECT_EQ(outcome.exit, 1) << outcome.out;
  EXPECT_THAT(outcome.out, HasSubstr("SA-CH-03  expected to fail, but passed: "));
  const auto document = document_of(with(strict_ch, {"--expect-fail", "SA-CH-03"}));
  EXPECT_EQ(row_of(document, "SA-CH-03")["expected_to_fail"], true);
  EXPECT_EQ(run(with(strict_ch, {"--expect-fail", "SA-CH-06,SA-CH-03", "--fail-on", "never"})).exit,
            0);
}

TEST(ExpectFail, OfAnUnknownCheckIsAUsageError) {
  const auto outcome = run(with(strict_ch, {"--expect-fail", "SA-CH-6"}));
  EXPECT_EQ(outcome.exit, 2);
  EXPECT_THAT(outcome.err, HasSubstr("Did you mean SA-CH-06?"));
}

}  // namespace
}  // namespace sipauth::e2e
