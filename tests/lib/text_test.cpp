#include "sipauth/text.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "sipauth/diagnostic.hpp"

namespace sipauth {
namespace {

using namespace std::string_view_literals;

TEST(Token, ConsistsOfTheseCharactersAlone) {
  std::string tokens;
  for (int byte = 0; byte < 256; ++byte) {
    if (is_token(static_cast<char>(byte))) tokens += static_cast<char>(byte);
  }
  EXPECT_EQ(tokens, "!%'*+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_`abcdefghijklmnopqrstuvwxyz~");
  EXPECT_FALSE(is_token(""sv));
  EXPECT_TRUE(is_token("INVITE"sv));
  EXPECT_FALSE(is_token("IN VITE"sv));
}

TEST(Case, OfAsciiLettersAloneIsIgnored) {
  EXPECT_TRUE(same("Call-ID", "cALL-id"));
  EXPECT_FALSE(same("[", "{"));
  EXPECT_FALSE(same("@", "`"));
  EXPECT_FALSE(same("\xc4", "\xe4"));
  EXPECT_FALSE(same("Via", "Vi"));
}

TEST(Trim, TakesBlanksAndFoldingOffBothEndsAndKeepsThePlace) {
  constexpr auto text = " \t\r\n a \r\n b\r\n\t"sv;
  EXPECT_EQ(trim(text), "a \r\n b");
  EXPECT_EQ(span_of(trim(text), text), (Span{5, 6}));
  EXPECT_EQ(trim(" \t"), "");
  EXPECT_EQ(trim(""), "");
}

struct NumberCase {
  std::string_view digits;
  std::uint32_t most = 0;
  std::optional<std::uint32_t> value;
};

TEST(Number, IsReadUpToItsBoundAndNotBeyond) {
  const auto cases = std::to_array<NumberCase>({
      {"0", 0, 0},
      {"1", 0, std::nullopt},
      {"2147483647", 0x7fff'ffff, 0x7fff'ffff},
      {"2147483648", 0x7fff'ffff, std::nullopt},
      {"4294967295", 0xffff'ffff, 0xffff'ffff},
      {"4294967296", 0xffff'ffff, std::nullopt},
      {"4294967328", 0xffff'ffff, std::nullopt},  // 2^32 + 32: a truncated 32
      {"9223372036854775808", 0xffff'ffff, std::nullopt},
      {"18446744073709551616", 0xffff'ffff, std::nullopt},
      {"18446744073709551648", 0xffff'ffff, std::nullopt},  // 2^64 + 32
      {"9999999999999999999999999999999999999999", 0xffff'ffff, std::nullopt},
      {"00000000000000000000000000000000000000007", 7, 7},
      {"", 9, std::nullopt},
      {"+1", 9, std::nullopt},
      {"-1", 9, std::nullopt},
      {" 1", 9, std::nullopt},
      {"1 ", 9, std::nullopt},
      {"1e9", 0xffff'ffff, std::nullopt},
      {"0x1", 9, std::nullopt},
      {"1\0"sv, 9, std::nullopt},
      {"\xd9\xa1", 9, std::nullopt},
  });
  for (const auto& [digits, most, value] : cases) EXPECT_EQ(number(digits, most), value) << digits;
}

TEST(Quote, EscapesWhatAQuotedStringCannotHoldBare) {
  EXPECT_EQ(quote(""), R"("")");
  EXPECT_EQ(quote("asterisk"), R"("asterisk")");
  EXPECT_EQ(quote(R"(a"b\c)"), R"("a\"b\\c")");
  EXPECT_EQ(quote("tab\tstays"), "\"tab\tstays\"");
  EXPECT_EQ(quote("\0\x7f"sv), "\"\\\0\\\x7f\""sv);
  EXPECT_EQ(quote("\xc3\xa4"), "\"\xc3\xa4\"");
}

TEST(Quote, LeavesLineEndsOutSoThatNoHeaderIsSplit) {
  EXPECT_EQ(quote("r\r\nContact: <sip:evil>"), R"("rContact: <sip:evil>")");
}

TEST(Unquote, RemovesTheQuotingBackslashes) {
  EXPECT_EQ(unquote(""), "");
  EXPECT_EQ(unquote(R"(a\"b\\c)"), R"(a"b\c)");
  EXPECT_EQ(unquote(R"(\a)"), "a");
  EXPECT_EQ(unquote(R"(ends\)"), R"(ends\)");
  EXPECT_EQ(unquote("\\\0"sv), "\0"sv);
}

TEST(Unquote, UndoesQuoteForEveryByteButLineEnds) {
  std::string bytes;
  for (int byte = 0; byte < 256; ++byte) {
    if (byte != '\r' && byte != '\n') bytes += static_cast<char>(byte);
  }
  const auto quoted = quote(bytes);
  EXPECT_EQ(unquote(std::string_view{quoted}.substr(1, quoted.size() - 2)), bytes);
}

TEST(ParseErrors, EachHaveASentence) {
  for (int kind = 0; kind <= static_cast<int>(ParseError::Kind::bad_content_length); ++kind) {
    const ParseError error{static_cast<ParseError::Kind>(kind), 0};
    EXPECT_TRUE(error.sentence().ends_with('.')) << kind;
    EXPECT_GE(error.sentence().size(), 25U) << kind;
  }
}

TEST(DiagnosticsSink, KeepsTheFirstAndCountsTheRest) {
  Diagnostics diagnostics;
  for (std::uint32_t i = 0; i < Diagnostics::capacity + 3; ++i) {
    diagnostics.report("SL-port", {i, 1});
  }
  EXPECT_EQ(diagnostics.list().size(), Diagnostics::capacity);
  EXPECT_EQ(diagnostics.list().back().where.offset, Diagnostics::capacity - 1);
  EXPECT_EQ(diagnostics.dropped(), 3U);
  EXPECT_TRUE(diagnostics.has("SL-port"));
  EXPECT_FALSE(diagnostics.has("SL-method"));
}

TEST(DiagnosticsSink, ShiftsWhatWasFoundInAPart) {
  Diagnostics part;
  part.report("SL-port", {2, 3});
  Diagnostics whole;
  whole.append(part, 40);
  ASSERT_EQ(whole.list().size(), 1U);
  EXPECT_EQ(whole.list().front(), (Diagnostic{"SL-port", {42, 3}}));
}

}  // namespace
}  // namespace sipauth
