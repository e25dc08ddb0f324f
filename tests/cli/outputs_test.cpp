#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "commands/run.hpp"
#include "commands/trace.hpp"

namespace sipauth::commands {
namespace {

using testing::HasSubstr;

struct OutputCase {
  std::vector<std::string> given;
  std::vector<std::pair<std::string, std::string>> understood;  ///< empty: refused
  std::string_view says = {};
};

TEST(OutputsOf, ReadsFormatsAndFilesAndRefusesTheRest) {
  const std::vector<OutputCase> cases{
      {{}, {{"text", ""}}},
      {{"json"}, {{"json", ""}}},
      {{"text", "json:a.json"}, {{"text", ""}, {"json", "a.json"}}},
      {{"json:-"}, {{"json", ""}}},
      {{"json:a:b"}, {{"json", "a:b"}}},
      {{"json", "text"}, {}, "Only one output can go to standard output"},
      {{"json:a", "text:a"}, {}, "Two outputs"},
      {{"json:"}, {}, "names no file"},
      {{"x.html"}, {}, "did you mean html:x.html?"},
      {{"out.json"}, {}, "did you mean json:out.json?"},
      {{"junit:x.xml"}, {}, "this version writes text and json"},
      {{"nagios"}, {}, "this version writes text and json"},
      {{"jsn"}, {}, "Did you mean json?"},
      {{""}, {}, "There is no output format"},
      {{"\x1b[2J"}, {}, "\\x1B[2J"},
  };
  for (const auto& [given, understood, says] : cases) {
    const auto outputs = outputs_of({.outputs = given});
    ASSERT_EQ(outputs.has_value(), !understood.empty()) << testing::PrintToString(given);
    if (!outputs) {
      EXPECT_EQ(outputs.error().kind, "usage");
      EXPECT_THAT(outputs.error().text, HasSubstr(says));
      continue;
    }
    std::vector<std::pair<std::string, std::string>> read;
    for (const auto& output : *outputs) read.emplace_back(output.format, output.file);
    EXPECT_EQ(read, understood);
  }
}

TEST(PutOutError, KeepsTheFormatThatWasAskedFor) {
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  const int code = put_out_error({.outputs = {"json"}}, "stale", {"dns", "no \x1b host"}, "sip:x");
  std::fflush(stdout);
  const auto json = nlohmann::json::parse(testing::internal::GetCapturedStdout());
  const auto told = testing::internal::GetCapturedStderr();
  EXPECT_EQ(code, 3);
  EXPECT_EQ(json["command"], "stale");
  EXPECT_EQ(json["error"]["kind"], "dns");
  EXPECT_EQ(json["target"]["input"], "sip:x");
  EXPECT_EQ(json["exit_code"], 3);
  EXPECT_EQ(told, "sipauth: no \\x1B host\n");
}

TEST(PutOutError, WritesNothingButASentenceOtherwise) {
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  EXPECT_EQ(put_out_error({}, "stale", {"usage", "why"}), 2);
  std::fflush(stdout);
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "sipauth: why\n");
}

TEST(Trace, IsOneLineAndTheWholeMessageWhenAskedForMore) {
  const sip::RecordedMessage message{
      .index = 3,
      .at = std::chrono::milliseconds{1500},
      .direction = sip::Direction::out,
      .bytes =
          "REGISTER sip:a SIP/2.0\r\nAuthorization: Digest response=\"0123\"\r\n"
          "X: \x1b[2J\r\n\r\n",
      .note = "stray"};
  EXPECT_EQ(trace_of(message, 1, false), "    1.500 -> REGISTER sip:a SIP/2.0 [3] (stray)");
  EXPECT_EQ(trace_of(message, 2, false),
            "    1.500 -> REGISTER sip:a SIP/2.0 [3] (stray)\n"
            "    REGISTER sip:a SIP/2.0\n"
            "    Authorization: Digest response=\"***\"\n"
            "    X: \\x1B[2J\n"
            "    ");
  EXPECT_THAT(trace_of(message, 2, true), HasSubstr("response=\"0123\""));
}

}  // namespace
}  // namespace sipauth::commands
