// What is read from libFuzzer, sanitizers and llvm-cov, and how it is told.
#include "commands/fuzz_report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "commands/fuzz_coverage.hpp"
#include "commands/fuzz_inputs.hpp"
#include "commands/fuzz_listener.hpp"

namespace sipauth::commands {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// --- A line to paste. ---

struct Quoting {
  std::string_view argument;
  std::string_view typed;
};

TEST(FuzzReport, WhatIsPastedIsReadByAShellAsItWasMeant) {
  for (const auto& row : std::to_array<Quoting>({{"findings/crash-1", "findings/crash-1"},
                                                 {"a b", "'a b'"},
                                                 {"it's", R"('it'\''s')"},
                                                 {"$(id)", "'$(id)'"},
                                                 {"", "''"},
                                                 {"-x", "./-x"},
                                                 {"-x y", "'./-x y'"},
                                                 {"-", "-"}})) {
    EXPECT_EQ(for_shell(row.argument), row.typed);
  }
}

// --- Stacks. ---

TEST(FuzzReport, AStackEndsWhereTheEngineBeginsAndOnlyTheFirstIsTold) {
  const auto frames = stack_of(
      "==7==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x1\n"
      "READ of size 1 at 0x1 thread T0\n"
      "    #0 0x55 in __asan_memcpy (/p+0x1)\n"
      "    #1 0x56 in sipauth::read(char) /lib/src/a.cpp:1:2\n"
      "    #2 0x57 in challenge /fuzz/a.cpp:3:4\n"
      "    #3 0x58 in sipauth::fuzz::(anonymous namespace)::run_one(unsigned char) /e.cpp:1:1\n"
      "    #4 0x59 in fuzzer::Fuzzer::ExecuteCallback(unsigned char const*) (/p+0x2)\n"
      "\n"
      "0x1 is located 0 bytes after 3-byte region\n"
      "allocated by thread T0 here:\n"
      "    #0 0x60 in operator new(unsigned long) (/p+0x3)\n");
  EXPECT_THAT(frames,
              ElementsAre("sipauth::read(char) /lib/src/a.cpp:1:2", "challenge /fuzz/a.cpp:3:4"));
  EXPECT_THAT(stack_of("no stack at all\n"), IsEmpty());
}

TEST(FuzzReport, AFrameWithoutASymbolIsToldByItsAddress) {
  EXPECT_THAT(stack_of("    #0 0x55d1 (/bin/sipauth+0x9) (BuildId: 1)\n"),
              ElementsAre("0x55d1 (/bin/sipauth+0x9) (BuildId: 1)"));
}

// --- What the engine says. ---

FuzzReport listened(std::string_view text, std::string* last = nullptr) {
  const GlobalOptions quiet{.quiet = true};
  FuzzReport report{.target = "t"};
  EngineListener listener{quiet, report};
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = text.find('\n', begin);
    listener.line(text.substr(begin, end - begin));
    begin = end + 1;
  }
  if (last != nullptr) *last = listener.last_words();
  return report;
}

TEST(FuzzReport, FiguresAreThoseOfTheLastLines) {
  const auto report = listened(
      "INFO: Running with entropic power schedule (0xFF, 100).\n"
      "#2\tINITED cov: 7 ft: 8 corp: 1/1b exec/s: 0 rss: 30Mb\n"
      "#900\tNEW    cov: 70 ft: 80 corp: 12/1b lim: 4 exec/s: 0 rss: 30Mb L: 1/1 MS: 1 X-\n"
      "stat::number_of_executed_units: 1000\n");
  EXPECT_EQ(report.runs, 1000U);
  EXPECT_EQ(report.edges, 70U);
  EXPECT_EQ(report.features, 80U);
  EXPECT_EQ(report.corpus, 12U);
  EXPECT_THAT(report.findings, IsEmpty());
}

TEST(FuzzReport, AnArtifactIsAFindingOfTheKindThatItsNameSays) {
  for (const auto* kind : {"crash", "timeout", "oom", "leak"}) {
    const auto report =
        listened(std::string{"artifact_prefix='f/'; Test unit written to f/"} + kind + "-1\n");
    ASSERT_EQ(report.findings.size(), 1U);
    EXPECT_EQ(report.findings[0].kind, kind);
    EXPECT_EQ(report.findings[0].file, std::string{"f/"} + kind + "-1");
  }
  EXPECT_THAT(listened("Test unit written to f/slow-unit-1\n").findings, IsEmpty());
}

TEST(FuzzReport, ACrashHasItsSummaryAndItsStackAndAnOracleItsClaim) {
  const auto crash = listened(
      "==7==ERROR: AddressSanitizer: SEGV on unknown address\n"
      "    #0 0x56 in f /a.cpp:1:2\n"
      "\n"
      "SUMMARY: AddressSanitizer: SEGV /a.cpp:1:2 in f\n"
      "artifact_prefix='f/'; Test unit written to f/crash-1\n");
  ASSERT_EQ(crash.findings.size(), 1U);
  EXPECT_EQ(crash.findings[0].cause, "AddressSanitizer: SEGV /a.cpp:1:2 in f");
  EXPECT_THAT(crash.findings[0].stack, ElementsAre("f /a.cpp:1:2"));

  const auto oracle = listened(
      "oracle: the value is the same\n"
      "==7== ERROR: libFuzzer: deadly signal\n"
      "    #0 0x56 in abort\n"
      "artifact_prefix='f/'; Test unit written to f/crash-1\n");
  ASSERT_EQ(oracle.findings.size(), 1U);
  EXPECT_EQ(oracle.findings[0].kind, "oracle");
  EXPECT_EQ(oracle.findings[0].claim, "the value is the same");
  EXPECT_THAT(oracle.findings[0].stack, IsEmpty());
}

TEST(FuzzReport, WhatTheEngineDiedOfIsItsLastWordThatIsNoFigure) {
  std::string last;
  (void)listened("INFO: seed corpus\nNo such file or directory: x; exiting\n", &last);
  EXPECT_EQ(last, "No such file or directory: x; exiting");
}

TEST(FuzzReport, TheFindingIsToldWithTheLineThatReplaysItsSmallestForm) {
  const FuzzReport report{
      .target = "uri",
      .program = "./my tool",
      .findings = {{.kind = "crash", .file = "f/crash-1", .minimized = "f/crash-1.min"}},
      .exit_code = 1};
  const auto document = render_fuzz(report);
  const auto* line = "'./my tool' fuzz uri --replay f/crash-1.min";
  EXPECT_THAT(document.text, HasSubstr(line));
  const auto parsed = json::parse(document.json);
  EXPECT_EQ(parsed["findings"][0]["replay"], line);
  EXPECT_EQ(parsed["exit_code"], 1);
}

TEST(FuzzReport, NothingOfAFileNameReachesATerminal) {
  const FuzzReport report{
      .target = "uri", .findings = {{.kind = "crash", .file = "f/\x1b[2J"}}, .exit_code = 1};
  EXPECT_EQ(render_fuzz(report).text.find('\x1b'), std::string::npos);
}

// --- Coverage. ---

constexpr std::string_view summary =
    R"({"lines":{"count":10,"covered":9},"regions":{"count":8,"covered":4},)"
    R"("branches":{"count":0,"covered":0},"functions":{"count":2,"covered":1}})";

TEST(FuzzReport, OnlyTheLibraryCountsForCoverage) {
  std::string text = R"({"data":[{"files":[)";
  for (const auto* file : {"/src/cli/main.cpp", "/src/lib/src/b.cpp", "./lib/include/sipauth/a.hpp",
                           "lib/src/c.cpp", "/src/mylib/src/d.cpp"}) {
    text +=
        std::string{R"({"filename":")"} + file + R"(","summary":)" + std::string{summary} + "},";
  }
  text.back() = ']';
  const auto files = read_coverage(text + "}]}");
  ASSERT_TRUE(files) << files.error();
  std::vector<std::string> names;
  for (const auto& file : *files) names.push_back(file.file);
  EXPECT_THAT(names, ElementsAre("lib/include/sipauth/a.hpp", "lib/src/b.cpp", "lib/src/c.cpp"));
  const auto total = total_of(*files);
  EXPECT_EQ(total.lines.all, 30U);
  EXPECT_EQ(total.lines.reached, 27U);

  const auto document = json::parse(render_coverage({.files = *files, .total = total}).json);
  EXPECT_EQ(document["coverage"]["lines"]["percent"], 90.0);
  EXPECT_EQ(document["coverage"]["branches"]["percent"], 100.0);
}

TEST(FuzzReport, WhatIsNoCoverageIsAnErrorAndNoFigure) {
  for (const auto* text : {"", "{}", R"({"data":[{"files":[]}]})"}) {
    EXPECT_FALSE(read_coverage(text)) << text;
  }
}

}  // namespace
}  // namespace sipauth::commands
