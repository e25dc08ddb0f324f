// `sipauth fuzz` as a user runs it. Whether there is an engine depends on the build; what holds
// in both is told by the exit code.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

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
  EXPECT_FALSE(json["targets"][0]["about"].get<std::string>().empty());
  EXPECT_FALSE(json["targets"][0]["mutations"].empty());
  for (const auto& target : json["targets"]) EXPECT_GT(target["seeds"], 0) << target["name"];
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

TEST(Fuzz, TheCorpusIsFoundFromTheProgramWhereverItIsStarted) {
  const auto list = "cd / && " SIPAUTH_TOOL " fuzz --list --json | grep -q '\"seeds\": [1-9]'";
  EXPECT_EQ(WEXITSTATUS(std::system(list)), 0);
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

nlohmann::json fuzzed(const Arguments& more, const std::string& corpus_folder) {
  Arguments arguments{"fuzz", "cseq", "--json", "--corpus", corpus_folder};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return nlohmann::json::parse(run(arguments).out);
}

std::vector<std::string> names_in(const std::string& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator{folder}) {
    names.push_back(entry.path().filename().string());
  }
  std::ranges::sort(names);
  return names;
}

TEST(Fuzz, TheSameSeedAndRunsGiveTheSameRun) {
  const ScratchDirectory scratch;
  const Arguments limits{"--runs", "20000", "--seed", "7"};
  const auto first = fuzzed(limits, scratch.path() + "/a");
  if (first["exit_code"] == 3) GTEST_SKIP() << "no engine in this build";
  const auto second = fuzzed(limits, scratch.path() + "/b");
  for (const auto* figure : {"runs", "edges", "features", "corpus"}) {
    EXPECT_EQ(first[figure], second[figure]) << figure;
  }
  EXPECT_EQ(names_in(scratch.path() + "/a"), names_in(scratch.path() + "/b"));
}

TEST(Fuzz, SeedsAreReadAndNeverWritten) {
  const ScratchDirectory scratch;
  const auto seeds = scratch.path() + "/seeds";
  std::filesystem::create_directory(seeds);
  const auto one = scratch.file("seeds/one", "1 INVITE");
  const auto alone = scratch.file("alone", "2 BYE");
  const auto report =
      fuzzed({"--runs", "20000", "--seed", "7", seeds, alone}, scratch.path() + "/corpus");
  if (report["exit_code"] == 3) GTEST_SKIP() << "no engine in this build";
  EXPECT_EQ(report["exit_code"], 0);
  EXPECT_EQ(names_in(seeds), std::vector<std::string>{"one"});
  EXPECT_FALSE(std::filesystem::is_empty(scratch.path() + "/corpus"));
  const auto missing = fuzzed({"--runs", "1", seeds + "/nosuch"}, scratch.path() + "/corpus");
  EXPECT_EQ(missing["exit_code"], 2);
}

TEST(Fuzz, AnInterruptedRunTellsWhatItSaw) {
  const ScratchDirectory scratch;
  Tool tool{{"fuzz", "cseq", "--seconds", "60", "-v", "--corpus", scratch.path() + "/corpus"}};
  if (!tool.wait_for("INITED")) GTEST_SKIP() << "no engine in this build";
  tool.send_signal(SIGINT);
  const auto outcome = tool.finish();
  EXPECT_EQ(outcome.exit, 130) << outcome.err;
  EXPECT_NE(outcome.out.find("Interrupted."), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.out.find("per CPU second"), std::string::npos) << outcome.out;
}

TEST(Fuzz, TellsWhatTheCorpusReachesOfTheLibrary) {
  const auto outcome = run({"fuzz", "--coverage", "cseq", "--json"});
  const auto json = nlohmann::json::parse(outcome.out);
  if (outcome.exit == 3) GTEST_SKIP() << "no counters in this build";
  if (outcome.exit == 2) GTEST_SKIP() << json["error"]["text"];
  EXPECT_EQ(outcome.exit, 0);
  const auto& lines = json["coverage"]["lines"];
  EXPECT_GT(lines["percent"], 0.5);
  EXPECT_LT(lines["percent"], 100.0);
  const auto& files = json["files"];
  EXPECT_TRUE(std::ranges::any_of(files, [](const auto& file) {
    return file["file"].template get<std::string>().starts_with("lib/src/") &&
           file["functions"]["reached"] > 0;
  }));
}

// --- The companion of a build without an engine. ---

TEST(Fuzz, ABuildWithoutAnEngineMakesWayForItsCompanion) {
  const ScratchDirectory scratch;
  if (run({"fuzz", "cseq", "--runs", "1", "--corpus", scratch.path() + "/corpus"}).exit != 3) {
    GTEST_SKIP() << "this build has an engine";
  }
  std::filesystem::create_directory(scratch.path() + "/bin");
  const auto tool = scratch.path() + "/bin/sipauth";
  std::filesystem::copy_file(SIPAUTH_TOOL, tool);
  const auto companion = scratch.file(
      "bin/sipauth-fuzz", "#!/bin/sh\nprintf '<%s>' \"$@\" >\"${0%/*}/said\"\nexit 7\n", 0700);
  const auto command = tool + " fuzz cseq --runs 5 'a b' -- -max_len=9";
  EXPECT_EQ(WEXITSTATUS(std::system(command.c_str())), 7);
  std::ifstream said{scratch.path() + "/bin/said"};
  EXPECT_EQ((std::string{std::istreambuf_iterator<char>{said}, {}}),
            "<fuzz><cseq><--runs><5><a b><--><-max_len=9>");

  // The program itself under that name is no engine either, and starts nothing without end.
  std::filesystem::remove(companion);
  std::filesystem::create_symlink(tool, companion);
  EXPECT_EQ(WEXITSTATUS(std::system((tool + " fuzz cseq 2>&1 >/dev/null").c_str())), 3);
}

TEST(Fuzz, NothingThatAShellCouldReadIsHandedOn) {
  const auto outcome = run({"fuzz", "cseq", "--runs", "1", "--", "-artifact_prefix=$(touch x)"});
  EXPECT_TRUE(outcome.exit == 2 || outcome.exit == 3) << outcome.exit;
  EXPECT_FALSE(std::filesystem::exists("x"));
}

}  // namespace
}  // namespace sipauth::e2e
