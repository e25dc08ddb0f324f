// What `sipauth fuzz` makes of a finding, with targets that fail in every way a target can. Where
// there is no engine in the build, what needs one is left out.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>

#include "e2e/tool.hpp"

namespace sipauth::e2e {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

namespace files = std::filesystem;

// A folder with a name that a shell would take apart.
class FuzzPlanted : public testing::Test {
 protected:
  FuzzPlanted() : folder_{scratch_.path() + "/it's $(a) folder"} {
    files::create_directory(folder_);
  }

  // What a person types there; standard error goes to a file.
  Outcome shell(const std::string& typed) const {
    const auto script = scratch_.file("script", "cd \"$1\" && " + typed + " 2>\"$2\"");
    const auto error_file = scratch_.path() + "/stderr";
    const auto command =
        "sh " + script + " \"" + scratch_.path() + "/it's \\$(a) folder\" " + error_file;
    std::FILE* const pipe = ::popen(command.c_str(), "r");
    Outcome outcome;
    std::array<char, 4096> buffer;
    while (const auto size = std::fread(buffer.data(), 1, buffer.size(), pipe)) {
      outcome.out.append(buffer.data(), size);
    }
    const int status = ::pclose(pipe);
    outcome.exit = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    std::ifstream error{error_file};
    outcome.err.assign(std::istreambuf_iterator<char>{error}, {});
    return outcome;
  }

  Outcome fuzz(const std::string& arguments) const {
    return shell(std::string{SIPAUTH_PLANTED} + " fuzz " + arguments);
  }

  json fuzz_json(const std::string& arguments) const {
    return json::parse(fuzz("--json " + arguments).out);
  }

  bool has_engine() const { return fuzz("clean --runs 1").exit != 3; }

  std::string put(const std::string& name, std::string_view bytes) const {
    std::ofstream{folder_ + '/' + name, std::ios::binary} << bytes;
    return name;
  }

  std::string read(const std::string& name) const {
    std::ifstream file{folder_ + '/' + name, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
  }

  std::size_t count(const std::string& name) const {
    std::size_t number = 0;
    for (const auto& entry : files::directory_iterator{folder_ + '/' + name}) {
      number += entry.is_regular_file() ? 1 : 0;
    }
    return number;
  }

  ScratchDirectory scratch_;
  std::string folder_;
};

// --- Without an engine. ---

struct Failure {
  std::string_view target;
  std::string_view input;
  std::string_view kind;
};

TEST_F(FuzzPlanted, ReplayTellsEveryKindOfFailure) {
  const bool has_sanitizers = has_engine();
  for (const auto& row : std::to_array<Failure>({{"crash", "BUG", "crash"},
                                                 {"oracle", "ax", "oracle"},
                                                 {"timeout", "L", "timeout"},
                                                 {"oom", "M", "oom"},
                                                 {"leak", "K", "leak"}})) {
    // Without AddressSanitizer nobody counts what is lost, and 300 MB may be had.
    if (!has_sanitizers && (row.kind == "leak" || row.kind == "oom")) continue;
    put("input", row.input);
    const auto report = fuzz_json(std::string{row.target} + " --replay input");
    EXPECT_EQ(report["exit_code"], 1) << row.target;
    ASSERT_EQ(report["findings"].size(), 1U) << row.target;
    EXPECT_EQ(report["findings"][0]["kind"], row.kind);
    EXPECT_EQ(fuzz(std::string{row.target} + " --replay /dev/null").exit, 0) << row.target;
  }
}

TEST_F(FuzzPlanted, ReplayTakesFilesAndFoldersAndGoesOnBehindAFinding) {
  files::create_directories(folder_ + "/some/deeper");
  put("some/a", "BUG");
  put("some/deeper/b", "fine");
  put("c", "BUG BUG");
  const auto report = fuzz_json("crash --replay some c");
  EXPECT_EQ(report["runs"], 3);
  ASSERT_EQ(report["findings"].size(), 2U);
  EXPECT_EQ(report["findings"][0]["file"], "some/a");
  EXPECT_EQ(report["findings"][1]["file"], "c");
}

TEST_F(FuzzPlanted, MinimizeKeepsWhatFailsAndWritesItBeside) {
  put("long 'one'", "BUG and much more that is of no use");
  const auto report = fuzz_json("crash --minimize \"long 'one'\"");
  ASSERT_EQ(report["findings"].size(), 1U) << report;
  EXPECT_EQ(report["action"], "minimize");
  EXPECT_EQ(report["findings"][0]["minimized"], "long 'one'.min");
  EXPECT_EQ(read("long 'one'.min"), "BUG");
  EXPECT_EQ(shell(report["findings"][0]["replay"]).exit, 1);

  put("oracle", "aaaxbbb");
  EXPECT_EQ(fuzz("oracle --minimize oracle").exit, 1);
  EXPECT_EQ(read("oracle.min"), "x");
}

TEST_F(FuzzPlanted, MinimizeOfAnInputThatDoesNotFailIsAUsageErrorThatSaysSo) {
  put("fine", "fine");
  const auto outcome = fuzz("crash --minimize fine");
  EXPECT_EQ(outcome.exit, 2);
  EXPECT_THAT(outcome.err, HasSubstr("fine does not fail in crash"));
  EXPECT_FALSE(files::exists(folder_ + "/fine.min"));
}

TEST_F(FuzzPlanted, TwoDeedsAtOnceAreAUsageError) {
  put("input", "BUG");
  const auto outcome = fuzz("crash --minimize input --replay input");
  EXPECT_EQ(outcome.exit, 2);
  EXPECT_THAT(outcome.err, HasSubstr("--replay and --minimize"));
}

// --- With one. ---

TEST_F(FuzzPlanted, ACrashEndsWithItsInputItsStackAndTheLineThatReplaysIt) {
  if (!has_engine()) GTEST_SKIP() << "no engine in this build";
  const auto text = fuzz("crash --seed 1 --runs 300000 --mutate plain");
  EXPECT_EQ(text.exit, 1) << text.err;
  EXPECT_THAT(text.out, HasSubstr("crash: AddressSanitizer: heap-buffer-overflow"));
  EXPECT_THAT(text.out, HasSubstr("read_behind_the_end"));
  EXPECT_THAT(text.out, Not(HasSubstr("fuzzer::Fuzzer")));

  const auto report = fuzz_json("crash --seed 1 --runs 300000 --mutate plain");
  const auto& finding = report["findings"][0];
  EXPECT_EQ(finding["kind"], "crash");
  EXPECT_THAT(read(finding["file"]), testing::StartsWith("BUG"));
  EXPECT_EQ(finding["comes_again"], true);
  EXPECT_THAT(finding["stack"][0], HasSubstr("read_behind_the_end"));
  if (!finding["minimized"].is_null()) {
    EXPECT_EQ(read(finding["minimized"]), "BUG");
  }
  const auto again = shell(finding["replay"]);
  EXPECT_EQ(again.exit, 1) << finding["replay"];
  EXPECT_THAT(again.out, HasSubstr("heap-buffer-overflow"));
}

TEST_F(FuzzPlanted, AnOracleIsToldByItsClaim) {
  if (!has_engine()) GTEST_SKIP() << "no engine in this build";
  const auto report = fuzz_json("oracle --seed 1 --runs 100000");
  EXPECT_EQ(report["exit_code"], 1);
  EXPECT_EQ(report["findings"][0]["kind"], "oracle");
  EXPECT_EQ(report["findings"][0]["claim"], "there is no x");
  EXPECT_EQ(shell(report["findings"][0]["replay"]).exit, 1);
}

TEST_F(FuzzPlanted, LeaksMemoryAndTimeAreBounded) {
  if (!has_engine()) GTEST_SKIP() << "no engine in this build";
  for (const auto* target : {"leak", "oom", "timeout"}) {
    const auto report = fuzz_json(std::string{target} + " --seed 1 --runs 100000");
    ASSERT_EQ(report["findings"].size(), 1U) << report;
    EXPECT_EQ(report["findings"][0]["kind"], target);
    EXPECT_EQ(report["findings"][0]["comes_again"], true);
  }
}

TEST_F(FuzzPlanted, TheWordsOfTheDictionaryAreUsedUnlessSwitchedOff) {
  if (!has_engine()) GTEST_SKIP() << "no engine in this build";
  EXPECT_EQ(fuzz("word --seed 1 --runs 100000").exit, 1);
  EXPECT_EQ(fuzz("word --seed 1 --runs 100000 --dictionary off --corpus other").exit, 0);
}

TEST_F(FuzzPlanted, TheMutationsOfTheTargetAreUsedUnlessBytesAreAskedFor) {
  if (!has_engine()) GTEST_SKIP() << "no engine in this build";
  EXPECT_EQ(fuzz("structure --seed 1 --runs 10000 --mutate structure --corpus a").exit, 1);
  EXPECT_EQ(fuzz("structure --seed 1 --runs 10000 --mutate both --corpus b").exit, 1);
  EXPECT_EQ(fuzz("structure --seed 1 --runs 50000 --mutate plain --corpus c").exit, 0);
}

TEST_F(FuzzPlanted, MergeTellsWhatFailsAndKeepsNames) {
  if (!has_engine()) GTEST_SKIP() << "no engine in this build";
  files::create_directory(folder_ + "/in");
  put("in/begins", "X and so on");
  put("in/goes-on", "BU and so on");
  put("in/fails", "BUG");
  put("in/same-as-begins", "Y and so on");
  const auto report = fuzz_json("crash --merge in --corpus out");
  EXPECT_EQ(report["exit_code"], 1);
  EXPECT_EQ(report["runs"], 4);
  ASSERT_EQ(report["findings"].size(), 1U) << report;
  EXPECT_EQ(report["findings"][0]["file"], "in/fails");
  EXPECT_EQ(read("out/goes-on"), "BU and so on");
  EXPECT_FALSE(files::exists(folder_ + "/out/fails"));
  EXPECT_LT(count("out"), 3U);
  EXPECT_EQ(count("in"), 4U);
  // What is there already is not added twice.
  EXPECT_EQ(fuzz_json("crash --merge in --corpus out")["corpus"], 0);
}

TEST_F(FuzzPlanted, MergeWantsToKnowWhatAndWhereTo) {
  if (!has_engine()) GTEST_SKIP() << "no engine in this build";
  EXPECT_EQ(fuzz("crash --merge").exit, 2);
  EXPECT_EQ(fuzz("crash --merge nosuch --corpus out").exit, 2);
}

}  // namespace
}  // namespace sipauth::e2e
