#include "results/escape.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <vector>

#include "net/base64.hpp"

namespace sipauth::results {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

struct Case {
  std::string_view proves;
  std::string_view text;
  std::string_view terminal;
  std::string_view json = {};  ///< empty: `text` itself
};

void PrintTo(const Case& row, std::ostream* out) { *out << for_terminal(row.text); }

class EscapeTest : public testing::TestWithParam<Case> {};

TEST_P(EscapeTest, ForEachSink) {
  const auto& row = GetParam();
  EXPECT_EQ(for_terminal(row.text), row.terminal);
  EXPECT_EQ(for_json(row.text), row.json.empty() ? row.text : row.json);
}

const std::vector<Case> cases{
    {"NothingStaysNothing", "", ""},
    {"PlainTextStays", "401 Unauthorized", "401 Unauthorized"},
    {"LettersBeyondAsciiStay", "Grüße, 北京, 🦊", "Grüße, 北京, 🦊"},
    {"BackslashIsDoubledOnATerminal", R"(a\x1B)", R"(a\\x1B)"},
    {"EscapeSequence", "\x1b[31mred", R"(\x1B[31mred)"},
    {"NulInside", "a\0b"sv, R"(a\x00b)"},
    {"TabAndBell", "\t\a", R"(\x09\x07)"},
    {"LineEndsAreEscapedToo", "a\r\nb", R"(a\x0D\x0Ab)"},
    {"Delete", "\x7f", R"(\x7F)", R"(\u{007F})"},
    {"C1AsOneByteIsBrokenUtf8",
     "\x9b"
     "31m",
     R"(\x9B31m)",
     "\xef\xbf\xbd"
     "31m"},
    {"C1AsUtf8",
     "\xc2\x9b"
     "31m",
     R"(\xC2\x9B31m)", R"(\u{009B}31m)"},
    {"NextLine", "\xc2\x85", R"(\xC2\x85)", R"(\u{0085})"},
    {"NoBreakSpaceIsNoControl", "\xc2\xa0", "\xc2\xa0"},
    {"SoftHyphen", "\xc2\xad", R"(\u{00AD})", R"(\u{00AD})"},
    {"LeftToRightOverride", "\u202d", R"(\u{202D})", R"(\u{202D})"},
    {"RightToLeftOverride", "a\u202eb", R"(a\u{202E}b)", R"(a\u{202E}b)"},
    {"PopDirectionalIsolate", "\u2069", R"(\u{2069})", R"(\u{2069})"},
    {"LineSeparator", "\u2028", R"(\u{2028})", R"(\u{2028})"},
    {"ByteOrderMark", "\ufeff", R"(\u{FEFF})", R"(\u{FEFF})"},
    {"TagBeyondTheFirstPlane", "\U000e0041", R"(\u{E0041})", R"(\u{E0041})"},
    {"LastCodePointStays", "\U0010ffff", "\U0010ffff"},
    {"OverlongSlash", "\xc0\xaf", R"(\xC0\xAF)", "\xef\xbf\xbd\xef\xbf\xbd"},
    {"OverlongNul", "\xc0\x80", R"(\xC0\x80)", "\xef\xbf\xbd\xef\xbf\xbd"},
    {"OverlongThreeBytes", "\xe0\x80\x9b", R"(\xE0\x80\x9B)",
     "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
    {"OverlongFourBytes", "\xf0\x80\x80\x9b", R"(\xF0\x80\x80\x9B)",
     "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
    {"Surrogate", "\xed\xa0\x80", R"(\xED\xA0\x80)", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
    {"BeyondUnicode", "\xf4\x90\x80\x80", R"(\xF4\x90\x80\x80)",
     "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
    {"CutInTheMiddle", "a\xe5\x8c", R"(a\xE5\x8C)", "a\xef\xbf\xbd\xef\xbf\xbd"},
    {"LeadByteInFrontOfALetterDoesNotSwallowIt",
     "\xe5"
     "A",
     R"(\xE5A)",
     "\xef\xbf\xbd"
     "A"},
    {"LeadByteInFrontOfAnEscapeDoesNotSwallowIt", "\xf0\x1b[2J", R"(\xF0\x1B[2J)",
     "\xef\xbf\xbd\x1b[2J"},
};
INSTANTIATE_TEST_SUITE_P(All, EscapeTest, testing::ValuesIn(cases),
                         [](const auto& row) { return std::string{row.param.proves}; });

std::string utf8(char32_t value) {
  const auto byte = [](char32_t bits) {
    return static_cast<char>(static_cast<unsigned char>(bits));
  };
  if (value < 0x80) return {byte(value)};
  if (value < 0x800) return {byte(0xc0 | value >> 6), byte(0x80 | (value & 0x3f))};
  if (value < 0x10000) {
    return {byte(0xe0 | value >> 12), byte(0x80 | (value >> 6 & 0x3f)),
            byte(0x80 | (value & 0x3f))};
  }
  return {byte(0xf0 | value >> 18), byte(0x80 | (value >> 12 & 0x3f)),
          byte(0x80 | (value >> 6 & 0x3f)), byte(0x80 | (value & 0x3f))};
}

// The characters the contract names, each of them.
bool must_not_pass(char32_t value) {
  const auto within = [&](char32_t first, char32_t last) {
    return first <= value && value <= last;
  };
  return within(0, 0x1f) || within(0x7f, 0x9f) || within(0x202a, 0x202e) ||
         within(0x2066, 0x2069) || within(0x200b, 0x200f) || within(0x2028, 0x2029) ||
         value == 0x061c || value == 0xfeff;
}

TEST(EscapeForTerminal, LetsNoControlAndNothingInvisiblePass) {
  for (char32_t value = 0; value <= 0x10ffff; ++value) {
    if (value == 0xd800) value = 0xe000;
    const auto text = utf8(value);
    const auto escaped = for_terminal(text);
    if (must_not_pass(value)) {
      ASSERT_TRUE(escaped.starts_with('\\') && escaped.size() >= 4) << std::hex << int(value);
      ASSERT_TRUE(std::ranges::all_of(escaped, [](char c) { return c >= 0x20 && c < 0x7f; }));
    }
    // Whatever passes, passes whole.
    ASSERT_TRUE(escaped == text || escaped.starts_with('\\')) << std::hex << int(value);
  }
}

TEST(EscapeForTerminal, EveryPairOfBytesIsHarmlessAndNoneIsLost) {
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      const std::string text{static_cast<char>(first), static_cast<char>(second)};
      const auto escaped = for_terminal(text);
      ASSERT_TRUE(
          std::ranges::none_of(escaped, [](char c) { return (c >= 0 && c < 0x20) || c == 0x7f; }))
          << first << ' ' << second;
      // Escaped twice it is the same but for the backslashes: nothing broken was left in it.
      std::string doubled;
      for (const char c : escaped) doubled += c == '\\' ? "\\\\"s : std::string{c};
      ASSERT_EQ(for_terminal(escaped), doubled) << first << ' ' << second;
    }
  }
}

TEST(EscapeForJson, LeavesOnlyC0ToTheWriter) {
  for (char32_t value = 0x20; value <= 0x10ffff; ++value) {
    if (value == 0xd800) value = 0xe000;
    const auto text = utf8(value);
    const auto escaped = for_json(text);
    ASSERT_EQ(escaped == text, !escaped.starts_with("\\u{")) << std::hex << int(value);
    if (must_not_pass(value)) {
      ASSERT_NE(escaped, text) << std::hex << int(value);
    }
  }
}

TEST(EscapeSentence, KeepsBackslashesSoThatItCanBeDoneTwice) {
  const auto once = sentence_for_terminal("a\\b \x1b \u202e \xff");
  EXPECT_EQ(once, R"(a\b \x1B \u{202E} \xFF)");
  EXPECT_EQ(sentence_for_terminal(once), once);
}

TEST(EscapeMessage, ShowsLineEndsAsLineEndsAndBareOnesByName) {
  EXPECT_EQ(message_for_terminal("A: b\r\nC: d\r\n\r\n"), "A: b\nC: d\n\n");
  EXPECT_EQ(message_for_terminal("A: b\nC\rD"), "A: b\\x0A\nC\\x0D\nD");
  EXPECT_EQ(message_for_terminal("A: \x1b[2J\\\r\n"), "A: \\x1B[2J\\\\\n");
  EXPECT_EQ(message_for_terminal(""), "");
}

TEST(EscapeAscii, LeavesAsciiAloneAndShowsTheRestAsBytes) {
  EXPECT_EQ(ascii_only("a\x1b[0m\n"), "a\x1b[0m\n");
  EXPECT_EQ(ascii_only("\xc2\x9b"), R"(\xC2\x9B)");
}

TEST(Escape, TakesTimeInProportion) {
  for (const auto* const pattern : {"\xf4", "\\", "\r", "\u202e", "response=", "Authorization",
                                    "Authorization: Digest response=\"", "response =\n "}) {
    std::string text;
    while (text.size() < (std::size_t{1} << 20U)) text += pattern;
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_GE(for_terminal(text).size(), text.size());
    EXPECT_GE(message_for_terminal(text).size(), 1U);
    EXPECT_GE(for_json(text).size(), text.size());
    EXPECT_GE(redact(text).first.size(), 1U);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds{10}) << pattern;
  }
}

struct RedactCase {
  std::string_view proves;
  std::string_view message;
  std::string_view redacted;  ///< empty: nothing is taken out
};

void PrintTo(const RedactCase& row, std::ostream* out) { *out << row.message; }

class RedactTest : public testing::TestWithParam<RedactCase> {};

TEST_P(RedactTest, TakesOutWhatAThiefCouldUse) {
  const auto& row = GetParam();
  const auto [text, redacted] = redact(row.message);
  EXPECT_EQ(text, row.redacted.empty() ? row.message : row.redacted);
  EXPECT_EQ(redacted, !row.redacted.empty());
}

const std::vector<RedactCase> redact_cases{
    {"NothingSecretStays", "REGISTER sip:a SIP/2.0\r\nCall-ID: 1\r\n\r\n", ""},
    {"ChallengesHoldNoSecret", "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\"\r\n", ""},
    {"ResponseAndCnonce",
     "Authorization: Digest username=\"a\", response=\"0123\", cnonce=\"45\", nc=00000001\r\n",
     "Authorization: Digest username=\"a\", response=\"***\", cnonce=\"***\", nc=00000001\r\n"},
    {"OfAProxyToo", "Proxy-Authorization: Digest response=\"0123\"\r\n",
     "Proxy-Authorization: Digest response=\"***\"\r\n"},
    {"NamesInAnyCaseAndBlanks", "authorization : DIGEST Response = \"0123\" ,CNONCE=x\r\n",
     "authorization : DIGEST Response = \"***\" ,CNONCE=***\r\n"},
    {"FoldedHeader", "Authorization: Digest a=b,\r\n response=\r\n\t\"0123\"\r\nTo: x\r\n",
     "Authorization: Digest a=b,\r\n response=\r\n\t\"***\"\r\nTo: x\r\n"},
    {"WithoutQuotes", "Authorization: Digest response=0123, a=b\r\n",
     "Authorization: Digest response=***, a=b\r\n"},
    {"InSingleQuotes", "Authorization: Digest response='0123'\r\n",
     "Authorization: Digest response=***\r\n"},
    {"QuoteThatIsNeverClosedEndsWithItsHeader",
     "Authorization: Digest response=\"0123, a=b\r\nTo: x\r\n",
     "Authorization: Digest response=\"***\r\nTo: x\r\n"},
    {"EscapedQuoteInside", R"(Authorization: Digest response="01\"23", a=b)",
     R"(Authorization: Digest response="***", a=b)"},
    {"WhatSticksToTheQuoteGoesToo", "Authorization: Digest response=\"\"0123\"\"\r\n",
     "Authorization: Digest response=\"\"***\r\n"},
    {"AllOfThem", "Authorization: Digest response=\"1\", response=\"2\"\r\n",
     "Authorization: Digest response=\"***\", response=\"***\"\r\n"},
    {"LongerNamesAreOthers", "Authorization: Digest xresponse=\"1\", responses=\"2\"\r\n", ""},
    {"EmptyValueIsNoSecret", "Authorization: Digest response=\"\"\r\n", ""},
    {"BasicAltogether", "Authorization: Basic YWxpY2U6c2VjcmV0\r\nTo: x\r\n",
     "Authorization: Basic ***\r\nTo: x\r\n"},
    {"BearerFoldedAltogether", "Authorization: Bearer abc\r\n def\r\nTo: x\r\n",
     "Authorization: Bearer ***\r\nTo: x\r\n"},
    {"NoSchemeAltogether", "Authorization: \"Digest\" abc\r\n", "Authorization: ***\r\n"},
    {"SchemeAloneIsNoSecret", "Authorization: Basic\r\n", ""},
    {"LineEndsOfAnyKind", "A: b\nAuthorization: Basic abc\nC: d\rAuthorization: Basic e\r",
     "A: b\nAuthorization: Basic ***\nC: d\rAuthorization: Basic ***\r"},
    {"EchoInAnotherHeader", "Warning: 399 h \"bad response=0123, sorry\"\r\n",
     "Warning: 399 h \"bad response=***, sorry\"\r\n"},
    {"EchoInABody", "SIP/2.0 400 x\r\n\r\nAuthorization: Basic abc\r\ncnonce=\"1\"",
     "SIP/2.0 400 x\r\n\r\nAuthorization: Basic ***\r\ncnonce=\"***\""},
    {"AuthenticationInfo", "Authentication-Info: rspauth=\"01\", cnonce=\"23\", nc=00000001\r\n",
     "Authentication-Info: rspauth=\"***\", cnonce=\"***\", nc=00000001\r\n"},
    {"CutBehindTheName", "Authorization", ""},
    {"CutBehindTheEqualSign", "Authorization: Digest response=", ""},
    {"CutInsideTheValue", "Authorization: Digest response=\"0\\",
     "Authorization: Digest response=\"***"},
};
INSTANTIATE_TEST_SUITE_P(All, RedactTest, testing::ValuesIn(redact_cases),
                         [](const auto& row) { return std::string{row.param.proves}; });

TEST(Base64, IsThatOfRfc4648) {
  constexpr auto rows =
      std::to_array<std::pair<std::string_view, std::string_view>>({{"", ""},
                                                                    {"f", "Zg=="},
                                                                    {"fo", "Zm8="},
                                                                    {"foo", "Zm9v"},
                                                                    {"foob", "Zm9vYg=="},
                                                                    {"fooba", "Zm9vYmE="},
                                                                    {"foobar", "Zm9vYmFy"},
                                                                    {"\xff\xfe\xfd", "//79"},
                                                                    {"\x00\x10\x83"sv, "ABCD"}});
  for (const auto& [bytes, text] : rows) EXPECT_EQ(net::base64(bytes), text);
}

}  // namespace
}  // namespace sipauth::results
