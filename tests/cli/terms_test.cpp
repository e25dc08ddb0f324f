// What counts for the exit code: findings of an earlier run are known, expected ones are expected.

#include "commands/terms.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace sipauth::commands {
namespace {

using checks::Policy;
using testing::ElementsAre;
using testing::HasSubstr;
using enum Verdict;

std::string document(std::string_view rows) {
  return R"({"schema": "sipauth/1", "started": "2026-01-01T00:00:00.000Z", "results": [)" +
         std::string{rows} + "]}";
}

struct Wrong {
  std::string_view name;
  std::string text;
  std::string_view error;
};

class WrongBaseline : public testing::TestWithParam<Wrong> {};

TEST_P(WrongBaseline, IsToldInASentence) {
  const auto read = read_earlier_run(GetParam().text, Policy::field);
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error(), HasSubstr(std::string{GetParam().error}));
}

INSTANTIATE_TEST_SUITE_P(
    Documents, WrongBaseline,
    testing::Values(
        Wrong{"Empty", "", "is no JSON"}, Wrong{"Text", "1 failed.", "is no JSON"},
        Wrong{"CutOff", R"({"schema": "sipauth/1", "results": [)", "is no JSON"},
        Wrong{"Array", "[]", "schema sipauth/1"},
        Wrong{"OtherSchema", R"({"schema": "sipauth/2", "results": []})", "schema sipauth/1"},
        Wrong{"Lint", R"({"schema": "sipauth/1", "inputs": []})", "holds no results"},
        Wrong{"ErrorOnly", document(""), "holds no results"},
        Wrong{"NumberForARow", document("1"), "without an id"},
        Wrong{"NoId", document(R"({"verdict": "fail"})"), "without an id"},
        Wrong{"NoVerdict", document(R"({"id": "SA-CH-01"})"), "no verdict of SA-CH-01"},
        Wrong{"OddVerdict", document(R"({"id": "SA-CH-01", "verdict": "bad"})"), "no verdict"},
        Wrong{"VerdictOfAnotherPolicy",
              document(R"({"id": "SA-CH-01", "verdict": "fail", "verdicts": {"rfc1": "fail"}})"),
              "no verdict"},
        Wrong{"Twice",
              document(R"({"id": "SA-1", "verdict": "fail"}, {"id": "SA-1", "verdict": "pass"})"),
              "two results of SA-1"}),
    [](const auto& row) { return std::string{row.param.name}; });

TEST(EarlierRun, IsReadUnderThePolicyOfThisRun) {
  const auto text = document(
      R"({"id": "SA-1", "verdict": "warn", "verdicts": {"field": "warn", "rfc8760": "fail"}})");
  EXPECT_EQ(read_earlier_run(text, Policy::field)->verdicts.at("SA-1"), warn);
  EXPECT_EQ(read_earlier_run(text, Policy::rfc8760)->verdicts.at("SA-1"), fail);
}

results::Result result_of(Verdict verdict) {
  return {.rows = {{.id = "SA-CH-06", .verdict = verdict}}};
}

struct Held {
  std::string_view name;
  Verdict then;
  Verdict now;
  bool known;
};

class HeldAgainst : public testing::TestWithParam<Held> {};

TEST_P(HeldAgainst, IsKnownUnlessNewOrWorse) {
  auto result = result_of(GetParam().now);
  apply({.baseline = EarlierRun{.verdicts = {{"SA-CH-06", GetParam().then}}}}, result);
  EXPECT_EQ(result.rows[0].known, GetParam().known);
  EXPECT_EQ(result.rows[0].counts, !GetParam().known);
}

INSTANTIATE_TEST_SUITE_P(Findings, HeldAgainst,
                         testing::Values(Held{"TheSame", fail, fail, true},
                                         Held{"Better", fail, warn, true},
                                         Held{"Worse", warn, fail, false},
                                         Held{"New", pass, fail, false},
                                         Held{"NotJudgedThen", inconclusive, fail, false},
                                         Held{"LeftOutThen", skip, warn, false},
                                         Held{"NotJudgedAgain", inconclusive, inconclusive, true},
                                         Held{"NotJudgedAnyMore", fail, inconclusive, false},
                                         Held{"Mended", fail, pass, false}),
                         [](const auto& row) { return std::string{row.param.name}; });

TEST(Baseline, TellsWhatIsNewAndWhatIsGone) {
  results::Result result{.rows = {{.id = "SA-1", .verdict = fail},
                                  {.id = "SA-2", .verdict = warn},
                                  {.id = "SA-3", .verdict = pass},
                                  {.id = "SA-4", .verdict = skip}}};
  apply({.baseline = EarlierRun{.verdicts = {{"SA-2", warn}, {"SA-3", fail}, {"SA-4", fail}}}},
        result);
  ASSERT_TRUE(result.baseline);
  EXPECT_THAT(result.baseline->news, ElementsAre("SA-1"));
  EXPECT_THAT(result.baseline->known, ElementsAre("SA-2"));
  EXPECT_THAT(result.baseline->gone, ElementsAre("SA-3"));
}

TEST(ExpectedFailure, CountsOnlyWhenItPasses) {
  for (const auto verdict : {fail, warn, inconclusive, skip}) {
    auto result = result_of(verdict);
    apply({.expected_to_fail = {"SA-CH-06"}}, result);
    EXPECT_FALSE(result.rows[0].counts) << verdict_name(verdict);
    EXPECT_FALSE(result.rows[0].passed_unexpectedly()) << verdict_name(verdict);
  }
  for (const auto verdict : {pass, info}) {
    auto result = result_of(verdict);
    apply({.expected_to_fail = {"SA-CH-06"}}, result);
    EXPECT_TRUE(result.rows[0].passed_unexpectedly()) << verdict_name(verdict);
    EXPECT_THAT(result.notes, ElementsAre(HasSubstr("but passed")));
  }
}

TEST(ExpectedFailure, IsToldWhenItWasNotSelected) {
  auto result = result_of(pass);
  apply({.expected_to_fail = {"SA-CH-05"}}, result);
  EXPECT_THAT(result.notes, ElementsAre(HasSubstr("was not selected")));
}

TEST(ExpectedFailure, MayBeWrittenAsEverywhere) {
  CheckOptions options;
  options.expect_fail = {"SA-CH-06, ch-05", "sa-nc-01"};
  EXPECT_THAT(terms_of(options)->expected_to_fail, ElementsAre("SA-CH-06", "SA-CH-05", "SA-NC-01"));
  options.expect_fail = {"SA-CH-66"};
  EXPECT_THAT(terms_of(options).error().text, HasSubstr("there is no check SA-CH-66"));
}

}  // namespace
}  // namespace sipauth::commands
