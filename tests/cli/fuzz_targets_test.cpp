#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "commands/fuzz_engine.hpp"
#include "fuzz/engine.hpp"
#include "fuzz/isolated_run.hpp"
#include "fuzz/oracle.hpp"
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
