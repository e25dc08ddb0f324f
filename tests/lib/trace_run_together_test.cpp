// Messages whose line ends became blanks, as tables and web pages make of them.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "lib/trace_rows.hpp"
#include "sipauth/lint.hpp"
#include "sipauth/trace.hpp"

namespace sipauth {
namespace {

const std::string credentials =
    R"(Authorization: Digest username="a: b", realm="r", nonce="0f1e2d3c4b5a6978", uri="sip:b")";
const std::vector<std::string> rows{"REGISTER sip:b SIP/2.0",
                                    "Via: SIP/2.0/UDP h;branch=z9hG4bK1",
                                    "Max-Forwards: 70",
                                    "From: \"Al: ice\" <sip:a@b>;tag=1",
                                    "To: sip:a@b",
                                    "Call-ID: 1",
                                    "CSeq: 1 REGISTER",
                                    credentials,
                                    "User-Agent: Phone 1.0 (to: be)",
                                    "Content-Length: 0"};

std::string joined(std::string_view between) {
  std::string text;
  for (const auto& row : rows) text.append(text.empty() ? "" : between).append(row);
  return text;
}

std::string with_line_ends() {
  std::string text;
  for (const auto& row : rows) text.append(row).append("\r\n");
  return text.append("\r\n");
}

struct Case {
  std::string_view proves;
  std::string_view between;
  std::string_view before = "";
  std::string_view behind = "";
};

void PrintTo(const Case& row, std::ostream* out) { *out << row.proves; }

class RunTogetherTest : public testing::TestWithParam<Case> {};

TEST_P(RunTogetherTest, IsReadRowByRow) {
  const auto& [proves, between, before, behind] = GetParam();
  const auto text = std::string{before} + joined(between) + std::string{behind} + "\n\nThanks\n";
  const auto messages = all_of(text);
  ASSERT_EQ(messages.size(), 1U);
  EXPECT_EQ(messages[0].text, with_line_ends());
  EXPECT_FALSE(messages[0].has_end_of_headers);
  for (const auto& row : rows) {
    const auto offset = static_cast<std::uint32_t>(messages[0].text.find(row));
    const auto place = messages[0].in_input({offset, static_cast<std::uint32_t>(row.size())});
    EXPECT_EQ(text.substr(place.offset, place.length), row);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Ways, RunTogetherTest,
    testing::Values(Case{"OneBlank", " "}, Case{"TwoBlanks", "  "}, Case{"Tabs", "\t"},
                    Case{"CellsBehindIt", "  ", "", " | 427 | 16:38:42.496"},
                    Case{"ABodyBehindIt", " ", "", " v=0 o=- 1 1 IN IP4 h s=- c=IN IP4 h t=0 0"},
                    Case{"ALogInFront", " ", "Nov 30 12:00:00 h p[1]: sent: "}));

TEST(RunTogether, AnswersAreReadToo) {
  const auto messages = all_of(
      "SIP/2.0 401 Unauthorized here Via: SIP/2.0/UDP h;branch=z9hG4bK1 From: <sip:a@b>;tag=1 "
      "To: <sip:a@b>;tag=2 Call-ID: 1 CSeq: 1 REGISTER Content-Length: 0\n");
  ASSERT_EQ(messages.size(), 1U);
  EXPECT_TRUE(messages[0].text.starts_with("SIP/2.0 401 Unauthorized here\r\nVia: SIP/2.0/UDP h;"));
  Diagnostics diagnostics;
  EXPECT_TRUE(lint_traced(messages[0], diagnostics));
  EXPECT_FALSE(diagnostics.has("SL-missing-call-id"));
}

// Headers that SIP does not know are told from values by two blanks, and addresses by their scheme.
TEST(RunTogether, TwoBlanksBeginAnyHeader) {
  const auto messages = all_of(
      "OPTIONS sip:b SIP/2.0  Via: SIP/2.0/UDP h;branch=z9hG4bK1  From:  sip:a@b;tag=1  To: "
      "<sip:a@b>  X-Id: a b: c  Call-ID: 1  CSeq: 1 OPTIONS\n");
  ASSERT_EQ(messages.size(), 1U);
  EXPECT_NE(messages[0].text.find("\r\nFrom:  sip:a@b;tag=1\r\n"), std::string::npos);
  EXPECT_NE(messages[0].text.find("\r\nX-Id: a b: c\r\n"), std::string::npos);
}

TEST(RunTogether, ALineWithTwoHeadersIsNone) {
  const auto messages = all_of("REGISTER sip:b SIP/2.0 Via: x From: y\nCall-ID: 1\n\n");
  ASSERT_EQ(messages.size(), 1U);
  EXPECT_EQ(messages[0].text.find("\r\nFrom:"), std::string::npos);
}

}  // namespace
}  // namespace sipauth
