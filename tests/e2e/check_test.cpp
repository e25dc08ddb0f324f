// sipauth check, from outside: what it runs beyond sipauth stale.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>

#include "e2e/tool.hpp"

namespace sipauth::e2e {
namespace {

using nlohmann::json;
using testing::HasSubstr;

std::set<std::string> suites_of(const Arguments& arguments) {
  const auto outcome = run(arguments);
  const auto document = json::parse(outcome.out, nullptr, false);
  EXPECT_TRUE(document.is_object()) << outcome.out << outcome.err;
  std::set<std::string> suites;
  for (const auto& result : document["results"]) {
    const auto id = result["id"].get<std::string>();
    suites.insert(id.substr(0, id.rfind('-')));
  }
  return suites;
}

TEST(Check, RunsEverySuite) {
  EXPECT_EQ(suites_of({"check", "builtin:strict", "--json"}),
            (std::set<std::string>{"SA-CH", "SA-AUTH", "SA-ENUM", "SA-NONCE", "SA-STALE", "SA-NC",
                                   "SA-TX", "SA-INFO"}));
}

TEST(Check, StaleKeepsToItsOwnSuites) {
  EXPECT_FALSE(suites_of({"stale", "builtin:strict", "--json"}).contains("SA-NC"));
}

TEST(Check, SuiteIsChosenByItsName) {
  EXPECT_EQ(suites_of({"check", "builtin:strict", "--suite", "nc", "--json"}),
            std::set<std::string>{"SA-NC"});
}

TEST(Check, SaysInItsDocumentThatItIsCheck) {
  const auto outcome = run({"check", "builtin:strict", "--suite", "nc", "--json"});
  EXPECT_EQ(json::parse(outcome.out)["command"], "check");
  EXPECT_EQ(outcome.exit, 0) << outcome.err;
}

TEST(Check, LocksOutAreFindings) {
  const auto outcome =
      run({"check", "builtin:strict;fault=nc-8-bits-403", "--only", "SA-NC-08", "--json"});
  EXPECT_EQ(outcome.exit, 1) << outcome.err;
  EXPECT_EQ(json::parse(outcome.out)["results"][0]["verdict"], "fail");
}

TEST(Check, TellsWhatMendsAFindingOnTheServerThatThePeerSaysItIs) {
  const auto outcome = run({"check", "builtin:kamailio-default", "--only", "SA-CH-06"});
  EXPECT_NE(outcome.out.find("  Mend       Kamailio: "), std::string::npos) << outcome.out;
  EXPECT_EQ(outcome.out.find("OpenSIPS: "), std::string::npos) << outcome.out;
  const auto document =
      json::parse(run({"check", "builtin:kamailio-default", "--only", "SA-CH-06", "--json"}).out);
  const auto& mending = document["results"][0]["mending"];
  ASSERT_GT(mending.size(), 1U);
  EXPECT_EQ(mending[0]["server"], "Kamailio");
  EXPECT_EQ(mending[0]["likely"], true);
  EXPECT_EQ(mending[1]["likely"], false);
}

TEST(Check, PointsToExplainWhenTheServerIsUnknown) {
  const auto outcome = run({"check", "builtin:strict;fault=no-qop", "--only", "SA-CH-06"});
  EXPECT_NE(outcome.out.find("  Mend       sipauth explain SA-CH-06\n"), std::string::npos)
      << outcome.out;
}

TEST(Check, ListNeedsNoTargetAndShowsWhatWouldRun) {
  const auto outcome = run({"check", "--list", "--suite", "nc"});
  EXPECT_EQ(outcome.exit, 0) << outcome.err;
  const auto list = json::parse(run({"check", "--list", "--suite", "nc", "--json"}).out);
  ASSERT_GT(list["checks"].size(), 1U);
  for (const auto& row : list["checks"]) {
    EXPECT_EQ(row["suite"], "SA-NC");
    EXPECT_THAT(outcome.out, HasSubstr('\n' + row["id"].get<std::string>() + ' '));
  }
  EXPECT_THAT(outcome.out, testing::Not(HasSubstr("SA-CH")));
}

TEST(Check, ListFitsAHundredColumns) {
  std::istringstream lines{run({"check", "--list"}).out};
  std::string line;
  ASSERT_TRUE(std::getline(lines, line));
  EXPECT_THAT(line, testing::MatchesRegex("ID +TITLE +WORST +SENT +REFUSED +NEEDS"));
  do {
    EXPECT_LE(line.size(), 100U) << line;
  } while (std::getline(lines, line));
}

TEST(Check, ListTellsEveryFieldOfARow) {
  const auto list = json::parse(run({"check", "--list", "--json"}).out)["checks"];
  const auto row =
      std::ranges::find_if(list, [](const auto& one) { return one["id"] == "SA-AUTH-03"; });
  ASSERT_NE(row, list.end());
  EXPECT_EQ((*row)["worst"], "fail");
  EXPECT_EQ((*row)["requests"], 2);
  EXPECT_EQ((*row)["refused"], 1);
  EXPECT_EQ((*row)["needs"], (json{"password", "wrong password"}));
  EXPECT_EQ((*row)["stage"], "refusal");
  EXPECT_EQ((*row)["fails_on"]["fault"], "stale-always");
  auto explained = json::parse(run({"explain", "SA-AUTH-03", "--json"}).out);
  for (const auto& [name, value] : row->items()) EXPECT_EQ(explained[name], value) << name;
}

TEST(Check, ListIsAManualToo) {
  const auto scdoc = run({"check", "--list", "-o", "scdoc"});
  EXPECT_EQ(scdoc.exit, 0) << scdoc.err;
  EXPECT_TRUE(scdoc.out.starts_with("sipauth-checks(7)\n"));
  EXPECT_THAT(scdoc.out, HasSubstr("## SA-STALE-13: "));
  EXPECT_THAT(run({"check", "--list", "-o", "markdown"}).out, HasSubstr("\n### SA-STALE-13: "));
  EXPECT_EQ(run({"check", "builtin:strict", "-o", "scdoc"}).exit, 2);
}

TEST(Check, RestartsABuiltInRegistrarByItself) {
  const auto outcome = run({"check", "builtin:strict", "--only", "SA-NONCE-17", "--json"});
  EXPECT_EQ(json::parse(outcome.out)["results"][0]["verdict"], "pass") << outcome.out;
  const auto hook =
      run({"check", "builtin:strict", "--only", "SA-NONCE-17", "--restart-hook", "true"});
  EXPECT_EQ(hook.exit, 2);
  EXPECT_TRUE(hook.err.contains("--restart-hook")) << hook.err;
}

TEST(Check, AsksForAHundredNoncesAndStaleForTen) {
  for (const auto& [command, told] : {std::pair{"check", "100 different nonces in 100"},
                                      std::pair{"stale", "10 different nonces in 10"}}) {
    const auto outcome = run({command, "builtin:strict", "--only", "SA-NONCE-13", "--json"});
    EXPECT_TRUE(outcome.out.contains(told)) << outcome.out;
  }
}

}  // namespace
}  // namespace sipauth::e2e
