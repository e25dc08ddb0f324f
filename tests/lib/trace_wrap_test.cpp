// Rows that a window, a mail or a tracker broke, and those that a peer sent so.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "lib/trace_rows.hpp"
#include "sipauth/lint.hpp"
#include "sipauth/trace.hpp"

namespace sipauth {
namespace {

const std::string parameters =
    "Authorization: Digest username=\"alice\", realm=\"example.com\", "
    "nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", uri=\"sip:example.com:5060\", "
    "response=\"7fd96a22ed1d64a974701dbd8f92a14e\", qop=auth, nc=00000001, "
    "cnonce=\"0a4f113b\", algorithm=MD5";

std::string broken(std::string_view rest, std::size_t width, bool at_blanks) {
  std::string text;
  while (!rest.empty()) {
    auto end = std::min(width, rest.size());
    if (at_blanks && end < rest.size()) end = rest.substr(0, end + 1).rfind(' ');
    text.append(rest.substr(0, end)).append("\n");
    rest.remove_prefix(end);
    if (at_blanks && !rest.empty()) rest.remove_prefix(1);
  }
  return text;
}

// What was cut before a blank is folded, as RFC 3261 7.3.1 has it.
std::string unfolded(std::string text) {
  for (auto at = text.find("\r\n "); at != std::string::npos; at = text.find("\r\n ")) {
    text.erase(at, 2);
  }
  return text;
}

TEST(TraceWrap, ParametersArePutTogetherWhateverTheWidth) {
  for (std::size_t width = 60; width < 133; ++width) {
    for (const bool at_blanks : {false, true}) {
      const auto lines = broken(parameters, width, at_blanks);
      const auto alone = all_of(lines);
      ASSERT_EQ(alone.size(), 1U) << lines;
      EXPECT_EQ(unfolded(alone[0].text), parameters + "\r\n") << width << at_blanks;

      auto rows = request_rows;
      rows.insert(rows.end() - 2, lines.substr(0, lines.size() - 1));
      const auto messages = all_of(written(rows));
      ASSERT_EQ(messages.size(), 1U) << lines;
      EXPECT_TRUE(unfolded(messages[0].text).contains("\r\n" + parameters + "\r\n"))
          << messages[0].text;
    }
  }
}

// Every row cut, as a terminal cuts them.
TEST(TraceWrap, RowsAreCutAtOneWidth) {
  const std::string via =
      "Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1abcdefabcdefabcdefabcdefabcdef;rport=5060;"
      "received=192.0.2.1";
  for (std::size_t width = 60; width < 133; ++width) {
    std::string text;
    for (const auto& row : {request_rows[0], via, request_rows[3], request_rows[4], request_rows[5],
                            request_rows[6], parameters}) {
      text += broken(row, width, false);
    }
    const auto messages = all_of(text + "\n");
    ASSERT_EQ(messages.size(), 1U) << width;
    EXPECT_TRUE(unfolded(messages[0].text).contains("\r\n" + via + "\r\n")) << messages[0].text;
    EXPECT_TRUE(unfolded(messages[0].text).contains("\r\n" + parameters + "\r\n"))
        << messages[0].text;
  }
}

struct Below {
  std::string above, below, gives;
};

TEST(TraceWrap, WhatGoesOnAndWhatIsARowOfItsOwn) {
  const std::vector<Below> rows{
      {"Digest a=\"1\",", "b=2", "Digest a=\"1\", b=2"},
      {"Digest", "a=\"1\"", "Digest a=\"1\""},
      {"Dig", "est a=\"1\"", "Digest a=\"1\""},
      {"Digest nonce=\"ab", "cd\", a=1", "Digest nonce=\"abcd\", a=1"},
      {"Digest nonce=\"ab", "cd", "Digest nonce=\"abcd"},
      {"Digest uri=\"sip:ho", "st:5060\"", "Digest uri=\"sip:host:5060\""},
      {"Digest uri=\"sip:ho", "t:5060\"", "Digest uri=\"sip:hot:5060\""},
      {"Digest realm=\"My", "PBX\"", "Digest realm=\"My PBX\""},
      {"Digest algorithm=M", "D5, a=1", "Digest algorithm=MD5, a=1"},
      {"Digest a=\"1\", respon", "se=\"2\"", "Digest a=\"1\", response=\"2\""},
      {"Digest nonce=", "\"ab\"", "Digest nonce=\"ab\""},
      {"Digest a=\"1\"", ", b=2", "Digest a=\"1\", b=2"},
      {"Digest nonce=\"ab", "Content-Length: 0", "Digest nonce=\"ab\r\nContent-Length: 0"},
      {"Digest nonce=\"ab", "X-Row: 1", "Digest nonce=\"ab\r\nX-Row: 1"},
      {"Digest a=1,", "t: <sip:a@b>", "Digest a=1,\r\nt: <sip:a@b>"},
      // Nothing says that it belongs to the header: it ends the rows.
      {"Digest a=\"1\"", "b=2", "Digest a=\"1\""},
  };
  for (const auto& [above, below, gives] : rows) {
    const auto messages = all_of("Authorization: " + above + "\n" + below + "\n");
    ASSERT_EQ(messages.size(), 1U) << above;
    EXPECT_EQ(messages[0].text, "Authorization: " + gives + "\r\n");
    EXPECT_EQ(messages[0].is_unwrapped, gives != above && !gives.contains("\r\n")) << gives;
  }
}

// A line end that a peer sent stays, and is told, in what is otherwise written with CR LF.
TEST(TraceWrap, ALineEndWithinAValueStaysWhereRowsEndInCrLf) {
  for (const std::string injected : {"\n", "\r\n"}) {
    auto rows = request_rows;
    rows.insert(rows.end() - 2,
                "Authorization: Digest realm=\"ab" + injected + "cd\", nonce=\"n\"");
    const auto text = written(rows, "", "\r\n");
    for (const auto& input : {text, text + response}) {
      const auto messages = all_of(input);
      ASSERT_FALSE(messages.empty());
      EXPECT_FALSE(messages[0].is_unwrapped);
      Diagnostics diagnostics;
      ASSERT_TRUE(lint_traced(messages[0], diagnostics));
      EXPECT_TRUE(std::ranges::any_of(diagnostics.list(), [](const Diagnostic& found) {
        return found.rule == RuleId{"SL-no-colon"};
      })) << input;
    }
  }
}

}  // namespace
}  // namespace sipauth
