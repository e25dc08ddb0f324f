// `sipauth fuzz` as a user runs it. Whether there is an engine depends on the build; what holds
// in both is told by the exit code.
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "e2e/tool.hpp"

namespace sipauth::e2e {
namespace {

const std::string corpus = std::string{SIPAUTH_SOURCE_DIR} + "/corpus/";

TEST(Fuzz, ListsItsTargets) {
  const auto text = run({"fuzz", "--list"});
  EXPECT_EQ(text.exit, 0);
  EXPECT_NE(text.out.find("challenge"), std::string::npos);

  const auto json = nlohmann::json::parse(run({"fuzz", "--list", "--json"}).out);
  EXPECT_EQ(json["command"], "fuzz");
  EXPECT_EQ(json["targets"][0]["name"], "challenge");
}

TEST(Fuzz, AMisspeltTargetIsAUsageErrorWithASuggestion) {
  const auto outcome = run({"fuzz", "chalenge"});
  EXPECT_EQ(outcome.exit, 2);
  EXPECT_NE(outcome.err.find("Did you mean challenge?"), std::string::npos) << outcome.err;
}

TEST(Fuzz, ReplaysAFolderAndAFileInEveryBuild) {
  const auto folder = run({"fuzz", "challenge", "--replay", corpus + "challenge", "--json"});
  EXPECT_EQ(folder.exit, 0) << folder.err;
  const auto json = nlohmann::json::parse(folder.out);
  EXPECT_EQ(json["target"], "challenge");
  EXPECT_GT(json["runs"], 40);
  EXPECT_TRUE(json["seed"].is_null());
  EXPECT_TRUE(json["findings"].empty());

  const auto file = run({"fuzz", "challenge", "--replay", corpus + "challenge/folded"});
  EXPECT_EQ(file.exit, 0);
  EXPECT_NE(file.out.find("1 input replayed"), std::string::npos) << file.out;
}

TEST(Fuzz, NothingToReplayIsAUsageError) {
  const ScratchDirectory scratch;
  EXPECT_EQ(run({"fuzz", "challenge", "--replay", scratch.path()}).exit, 2);
  EXPECT_EQ(run({"fuzz", "challenge", "--replay", scratch.path() + "/nosuch"}).exit, 2);
}

TEST(Fuzz, RunsItsEngineOrSaysHowToGetOne) {
  const ScratchDirectory scratch;
  const auto outcome = run({"fuzz", "cseq", "--runs", "2000", "--seed", "7", "--json", "--corpus",
                            scratch.path() + "/corpus"});
  const auto json = nlohmann::json::parse(outcome.out);
  if (outcome.exit == 3) {
    const auto text = json["error"]["text"].get<std::string>();
    EXPECT_NE(text.find("--preset fuzz"), std::string::npos) << text;
    EXPECT_NE(text.find("--replay"), std::string::npos) << text;
    return;
  }
  EXPECT_EQ(outcome.exit, 0) << outcome.err;
  EXPECT_EQ(json["seed"], 7);
  EXPECT_GE(json["runs"], 2000);
  EXPECT_GT(json["edges"], 0);
  EXPECT_FALSE(std::filesystem::is_empty(scratch.path() + "/corpus"));
}

TEST(Fuzz, NothingThatAShellCouldReadIsHandedOn) {
  const auto outcome = run({"fuzz", "cseq", "--runs", "1", "--", "-artifact_prefix=$(touch x)"});
  EXPECT_TRUE(outcome.exit == 2 || outcome.exit == 3) << outcome.exit;
  EXPECT_FALSE(std::filesystem::exists("x"));
}

}  // namespace
}  // namespace sipauth::e2e
