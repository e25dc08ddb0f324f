#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "commands/fuzz_engine.hpp"
#include "fuzz/engine.hpp"
#include "fuzz/isolated_run.hpp"
#include "fuzz/oracle.hpp"
#include "fuzz/strict_list.hpp"
#include "fuzz/targets.hpp"

namespace sipauth::fuzz {
namespace {

const std::filesystem::path corpus = std::filesystem::path{SIPAUTH_SOURCE_DIR} / "corpus";

TEST(FuzzTargets, EachHasSeedsAndNoneHasTheNameOfAnotherCommand) {
  for (const auto& target : targets()) {
    // What is compared with other libraries has the seeds of what it compares.
    constexpr std::string_view differential = "differential_";
    const auto seeds = target.name.starts_with(differential)
                           ? target.name.substr(differential.size())
                           : target.name;
    EXPECT_TRUE(std::filesystem::is_directory(corpus / seeds)) << target.name;
    EXPECT_EQ(find_target(target.name), &target);
    EXPECT_NE(target.name, "server");
    EXPECT_NE(target.name, "client");
  }
  EXPECT_EQ(find_target("nosuch"), nullptr);
}

TEST(FuzzTargets, EveryParserHasOne) {
  for (const auto* name : {"start_line", "message_udp", "message_stream", "uri", "name_addr", "via",
                           "cseq", "challenge", "challenge_list", "credentials",
                           "authentication_info", "digest_end_to_end", "lint", "escape", "aka"}) {
    EXPECT_NE(find_target(name), nullptr) << name;
  }
}

TEST(FuzzTargets, EachFolderOfSeedsAndRegressionsBelongsToOne) {
  for (const auto& parent : {corpus, corpus / "regressions"}) {
    for (const auto& folder : std::filesystem::directory_iterator{parent}) {
      const auto name = folder.path().filename().string();
      EXPECT_TRUE(name == "regressions" || find_target(name) != nullptr) << folder.path();
    }
  }
}

// --- An input in a process of its own. ---

void accepts(std::string_view) {}
void claims(std::string_view input) { require(!input.contains('x'), "there is no x"); }
void crashes(std::string_view input) {
  if (input.contains("ab")) std::abort();
}

struct Case {
  std::string_view proves;
  Target target;
  std::string_view input;
  Outcome outcome = Outcome::clean;
  std::string_view claim = "";
  std::string_view shortest = "";
};

class IsolatedRunTest : public testing::TestWithParam<Case> {};

TEST_P(IsolatedRunTest, TellsItsOutcomeAndIsMinimizedToIt) {
  const auto& row = GetParam();
  const auto run = run_isolated(row.target, row.input, Told::nowhere);
  EXPECT_EQ(run.outcome, row.outcome);
  EXPECT_EQ(run.claim, row.claim);
  EXPECT_EQ(minimized(row.target, std::string{row.input}, row.outcome, std::chrono::seconds{20}),
            row.shortest);
}

const std::vector<Case> cases{
    {"WhatHoldsIsClean", {"t", "", accepts}, "abc", Outcome::clean, "", ""},
    {"AClaimIsAnOracle", {"t", "", claims}, "abcxdefx", Outcome::oracle, "there is no x", "x"},
    {"AnAbortIsACrash", {"t", "", crashes}, "xxaaabbbxx", Outcome::crash, "", "ab"},
};
INSTANTIATE_TEST_SUITE_P(Rows, IsolatedRunTest, testing::ValuesIn(cases),
                         [](const auto& row) { return std::string{row.param.proves}; });

TEST(SharedRunTest, InputsInOneProcessAreToldApart) {
  const Target target{"t", "", claims};
  const std::vector<std::string> inputs{"a", "", "bx", "c"};
  const auto run = run_together(target, inputs);
  EXPECT_EQ(run.clean, 2U);
  EXPECT_EQ(run.end.outcome, Outcome::oracle);
  EXPECT_EQ(run.end.claim, "there is no x");

  const auto behind = run_together(target, std::span{inputs}.subspan(3));
  EXPECT_EQ(behind.clean, 1U);
  EXPECT_EQ(behind.end.outcome, Outcome::clean);
}

TEST(SharedRunTest, ACrashEndsTheProcessAndNothingElse) {
  const std::vector<std::string> inputs{"a", "ab", "c"};
  const auto run = run_together({"t", "", crashes}, inputs);
  EXPECT_EQ(run.clean, 1U);
  EXPECT_EQ(run.end.outcome, Outcome::crash);
}

// --- Oracles see what they look for. ---

TEST(FuzzOracles, ASpanBeyondTheTextIsAViolation) {
  Diagnostics diagnostics;
  diagnostics.report("SL-missing-comma", {3, 0});
  EXPECT_NO_THROW(require_within(diagnostics, "abc"));
  diagnostics.report("SL-missing-comma", {2, 2});
  EXPECT_THROW(require_within(diagnostics, "abc"), OracleViolation);
  EXPECT_THROW(require_within(ParseError{ParseError::Kind::empty, 4}, "abc"), OracleViolation);
}

TEST(FuzzOracles, AViewOfAnotherTextLiesOutside) {
  const std::string_view text = "abc";
  const std::string other = "abc";
  EXPECT_TRUE(lies_in(text.substr(1), text));
  EXPECT_TRUE(lies_in(std::string_view{}, text));
  EXPECT_FALSE(lies_in(std::string_view{other}, text));
  EXPECT_FALSE(lies_in(text, text.substr(0, 2)));
}

TEST(FuzzOracles, CostlyClaimsAreHeldAgainstOneInputOfEightByItsBytes) {
  std::size_t due = 0;
  for (int i = 0; i < 8000; ++i) {
    const auto text = std::to_string(i);
    due += is_due_for_costly_claims(text) ? 1 : 0;
    EXPECT_EQ(is_due_for_costly_claims(text), is_due_for_costly_claims(std::string{text}));
  }
  EXPECT_GT(due, 500U);
  EXPECT_LT(due, 2000U);
}

void costly(std::string_view input) {
  if (is_due_for_costly_claims(input)) require(false, "it was due");
}

TEST(FuzzOracles, AReplayHoldsCostlyClaimsAgainstEveryInput) {
  const Target target{"t", "", costly};
  for (int i = 0; i < 8; ++i) {
    EXPECT_EQ(run_isolated(target, std::to_string(i), Told::nowhere).outcome, Outcome::oracle);
  }
}

TEST(FuzzOracles, AnAllocationIsSeenWhereTheyAreCounted) {
  const auto allocate = [] { return std::string(100, 'a').size(); };
  if (counts_allocations()) {
    EXPECT_THROW(without_allocating(allocate), OracleViolation);
  } else {
    EXPECT_NO_THROW(without_allocating(allocate));
  }
  EXPECT_NO_THROW(without_allocating([] { return 1; }));
}

struct ListCase {
  std::string_view proves;
  std::string_view text;
  std::size_t parameters = 0;  // 0: not legal
};

class StrictListTest : public testing::TestWithParam<ListCase> {};

TEST_P(StrictListTest, FollowsTheLetterOfTheGrammar) {
  constexpr auto quoted = std::to_array<std::string_view>({"realm"});
  constexpr auto tokens = std::to_array<std::string_view>({"stale"});
  const StrictList list{GetParam().text, {quoted, tokens}};
  EXPECT_EQ(list.is_legal() ? list.parameters().size() : 0, GetParam().parameters);
}

const std::vector<ListCase> lists{
    {"OneParameter", " realm=\"r\"", 1},
    {"BlanksRoundEveryMark", " realm = \"r\" , a\t=\tb ", 2},
    {"FoldBetween", " realm=\"r\",\r\n a=b", 2},
    {"FoldWithin", " realm=\"r\r\n s\"", 1},
    {"QuotedPairs", R"( realm="\\\"")", 1},
    {"Utf8", " realm=\"\xd0\xb4\"", 1},
    {"UnknownNameEitherWay", " a=b, c=\"d\"", 2},
    {"NameInAnyCase", " REALM=r"},
    {"TokenWhereQuotesAreDue", " realm=r"},
    {"QuotesWhereATokenIsDue", " stale=\"true\""},
    {"CommaMissing", " realm=\"r\" a=b"},
    {"CommaDoubled", " realm=\"r\",,a=b"},
    {"CommaAtTheEnd", " realm=\"r\","},
    {"ValueMissing", " a="},
    {"EqualsMissing", " a"},
    {"QuoteNeverClosed", " realm=\"r"},
    {"BackslashAtTheEnd", " realm=\"r\\"},
    {"ControlWithin", " realm=\"\x01\""},
    {"LineBreakWithin", " realm=\"r\r\ns\""},
    {"Utf8Overlong", " realm=\"\xc0\xaf\""},
    {"Utf8Surrogate", " realm=\"\xed\xa0\x80\""},
    {"Nothing", ""},
};
INSTANTIATE_TEST_SUITE_P(Rows, StrictListTest, testing::ValuesIn(lists),
                         [](const auto& row) { return std::string{row.param.proves}; });

// --- The engine's command line. ---

TEST(FuzzEngine, ArgumentsThatAShellWouldReadAreRefused) {
  for (const auto* safe : {"-max_len=100", "corpus/challenge", "-dict=a,b:c@d%e+f_g.h"}) {
    EXPECT_TRUE(commands::is_safe_argument(safe)) << safe;
  }
  for (const auto* unsafe : {"", "$(id)", "a b", "a;b", "`id`", "a|b", "a>b", "a\nb", "a'b", "~"}) {
    EXPECT_FALSE(commands::is_safe_argument(unsafe)) << unsafe;
  }
}

TEST(FuzzEngine, IsThisProgramOrACompanionOrNone) {
  const auto engine = commands::find_engine();
  EXPECT_EQ(engine.has_value(), has_engine());
  EXPECT_TRUE(commands::own_path().ends_with("cli_tests"));
}

}  // namespace
}  // namespace sipauth::fuzz
