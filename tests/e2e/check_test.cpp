// sipauth check, from outside: what it runs beyond sipauth stale.

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "e2e/tool.hpp"

namespace sipauth::e2e {
namespace {

using nlohmann::json;

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
            (std::set<std::string>{"SA-CH", "SA-AUTH", "SA-NONCE", "SA-STALE", "SA-NC", "SA-TX",
                                   "SA-INFO"}));
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

TEST(Check, ListNeedsNoTargetAndShowsWhatWouldRun) {
  const auto outcome = run({"check", "--list", "--suite", "nc"});
  EXPECT_EQ(outcome.exit, 0) << outcome.err;
  EXPECT_EQ(std::ranges::count(outcome.out, '\n'), 12);
  EXPECT_TRUE(outcome.out.starts_with("SA-NC-01"));
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
