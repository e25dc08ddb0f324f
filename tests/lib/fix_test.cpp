// What is mended is mended: by the examples of the rules themselves.
#include "sipauth/fix.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "sipauth/lint.hpp"
#include "sipauth/rules.hpp"

namespace sipauth {
namespace {

std::string_view name_of(ExampleOf kind) {
  switch (kind) {
    case ExampleOf::challenge:
      return "WWW-Authenticate: ";
    case ExampleOf::credentials:
      return "Authorization: ";
    case ExampleOf::authentication_info:
      return "Authentication-Info: ";
    case ExampleOf::message:
    case ExampleOf::exchange:
      return "";
  }
  return "";
}

std::string example(ExampleOf kind, std::string_view text) {
  return std::string{name_of(kind)}.append(text);
}

bool tells(std::string_view text, std::string_view rule) {
  Diagnostics diagnostics;
  static_cast<void>(lint_pasted(text, diagnostics));
  for (const auto& diagnostic : diagnostics.list()) {
    if (diagnostic.rule->name == rule) return true;
  }
  return false;
}

bool has_fix_of_name(std::string_view name) {
  const auto result = fixed("");
  static_cast<void>(result);
  Diagnostics diagnostics;
  for (const auto& rule : rules) {
    if (rule.name != name) continue;
    static_cast<void>(lint_pasted(example(rule.example_of, rule.wrong), diagnostics));
    for (const auto& diagnostic : diagnostics.list()) {
      if (diagnostic.rule->name == name) return has_fix(diagnostic.rule);
    }
  }
  return false;
}

TEST(Fix, TheExampleOfARuleWithAFixIsCleanOfItAfterwards) {
  int mended = 0;
  for (const auto& rule : rules) {
    if (!has_fix_of_name(rule.name)) continue;
    // Which of two different nonces is meant nobody knows.
    if (rule.name == "SL-duplicate-required") continue;
    const auto wrong = example(rule.example_of, rule.wrong);
    const auto result = fixed(wrong);
    EXPECT_TRUE(tells(wrong, rule.name)) << rule.name;
    EXPECT_FALSE(tells(result.text, rule.name)) << rule.name << "\n" << result.text;
    for (const auto& left : result.left) EXPECT_NE(left.rule->name, rule.name);
    ++mended;
  }
  EXPECT_GE(mended, 40);
}

TEST(Fix, WhatIsRightStaysAsItIsByteForByte) {
  for (const auto& rule : rules) {
    const auto right = example(rule.example_of, rule.right);
    Diagnostics diagnostics;
    static_cast<void>(lint_pasted(right, diagnostics));
    if (!diagnostics.list().empty()) continue;
    const auto result = fixed(right);
    EXPECT_EQ(result.text, right) << rule.name;
    EXPECT_TRUE(result.mended.empty()) << rule.name;
  }
}

struct FixCase {
  std::string_view proves = {};
  std::string_view wrong = {};
  std::string_view right = {};
};

void PrintTo(const FixCase& row, std::ostream* out) { *out << row.wrong; }

class FixTest : public testing::TestWithParam<FixCase> {};

TEST_P(FixTest, GivesTheHeaderAsItWasMeant) {
  EXPECT_EQ(fixed(GetParam().wrong).text, GetParam().right);
}

const std::vector<FixCase> cases{
    {"TheFirstPatch", R"(WWW-Authenticate: Digest realm="asterisk", nonce="397d281a" stale=true)",
     R"(WWW-Authenticate: Digest realm="asterisk", nonce="397d281a", stale=true)"},
    {"ABareChallenge", R"(Digest realm="asterisk" nonce="397d281a" stale="true")",
     R"(Digest realm="asterisk", nonce="397d281a", stale=true)"},
    {"SemicolonsAndSingleQuotes", R"(WWW-Authenticate: Digest realm='r'; nonce='n'; qop=auth)",
     R"(WWW-Authenticate: Digest realm="r", nonce="n", qop="auth")"},
    {"QuotesOfCredentials",
     R"(Authorization: Digest username=u,realm="r",nonce=n,uri=sip:r;transport=udp,response="0123456789abcdef0123456789abcdef",qop="auth",nc="1",cnonce=c,algorithm="md5")",
     R"(Authorization: Digest username="u",realm="r",nonce="n",uri="sip:r;transport=udp",response="0123456789abcdef0123456789abcdef",qop=auth,nc=00000001,cnonce="c",algorithm=MD5)"},
    {"CommasTooMany", R"(WWW-Authenticate: Digest ,realm="r",, nonce="n" , qop="auth",)",
     R"(WWW-Authenticate: Digest realm="r", nonce="n" , qop="auth")"},
    {"AnOpenQuote", R"(WWW-Authenticate: Digest realm="r, nonce="n", qop="auth")",
     R"(WWW-Authenticate: Digest realm="r", nonce="n", qop="auth")"},
    {"MergedRows",
     R"(WWW-Authenticate: Digest realm="r",nonce="n",qop="auth", Digest realm="r",nonce="n",qop="auth",algorithm=SHA-256)",
     "WWW-Authenticate: Digest realm=\"r\",nonce=\"n\",qop=\"auth\"\r\n"
     "WWW-Authenticate: Digest realm=\"r\",nonce=\"n\",qop=\"auth\",algorithm=SHA-256"},
    {"KamailioWithoutQop", R"(Authentication-Info: nextnonce="n", qop=, cnonce="", nc=)",
     R"(Authentication-Info: nextnonce="n", cnonce="")"},
    {"WhatIsMissingStaysMissing", "WWW-Authenticate: Digest nonce=n",
     "WWW-Authenticate: Digest nonce=\"n\""},
    {"BackslashesInFrontOfWhatMayNotBeQuoted",
     "WWW-Authenticate: Digest realm=\"\\\xC3\xA9\\\xC3\xA9\\\"\", nonce=\"n\"",
     "WWW-Authenticate: Digest realm=\"\xC3\xA9\xC3\xA9\\\"\", nonce=\"n\""},
    {"ARedactedResponse",
     R"(Authorization: Digest username=u, realm="r", nonce="n", uri="sip:r", response="***")",
     R"(Authorization: Digest username="u", realm="r", nonce="n", uri="sip:r", response="***")"},
};
INSTANTIATE_TEST_SUITE_P(Rows, FixTest, testing::ValuesIn(cases),
                         [](const auto& row) { return std::string{row.param.proves}; });

TEST(Fix, SaysWhatIsLeft) {
  const auto result = fixed("WWW-Authenticate: Digest nonce=n, qop=\"auth\"");
  ASSERT_EQ(result.mended.size(), 1U);
  EXPECT_EQ(result.mended[0], RuleId{"SL-unquoted-string"});
  ASSERT_EQ(result.left.size(), 1U);
  EXPECT_EQ(result.left[0].rule, RuleId{"SL-missing-realm"});
}

TEST(Fix, ManyBreaksAreAllMended) {
  std::string text = "WWW-Authenticate: Digest realm=\"r\"";
  for (char name = 'a'; name < 'v'; ++name) text.append(" ").append(1, name).append("=1");
  const auto result = fixed(text);
  EXPECT_FALSE(tells(result.text, "SL-missing-comma")) << result.text;
}

// More of each than a text may have passes.
TEST(Fix, WhatIsToldOnceForAllIsMendedEverywhere) {
  struct Many {
    std::string_view rule = {};
    std::string_view one = {};
    std::string_view mended = {};
  };
  constexpr auto many = std::to_array<Many>({
      {"SL-control-in-value", "a\x01", "a"},
      {"SL-line-break-in-value", "a\n", "a "},
      {"SL-fold-in-value", "a\r\n ", "a "},
      {"SL-not-utf-8", "a\xE9", "a\xC3\xA9"},
      {"SL-bad-quoted-pair", "\\\xC3\xA9", "\xC3\xA9"},
  });
  for (const auto& [rule, one, mended] : many) {
    std::string wrong;
    std::string right;
    for (int i = 0; i < 300; ++i) {
      wrong.append(one);
      right.append(mended);
    }
    const auto result = fixed("Digest realm=\"" + wrong + "b\", nonce=\"n\"");
    EXPECT_EQ(result.text, "Digest realm=\"" + right + "b\", nonce=\"n\"") << rule;
    ASSERT_EQ(result.mended.size(), 1U) << rule;
    EXPECT_EQ(result.mended[0]->name, rule);
  }
}

TEST(Fix, EveryLineOfAMessageGetsItsCarriageReturn) {
  std::string wrong = "OPTIONS sip:u@r SIP/2.0\n";
  std::string right;
  for (int i = 0; i < 200; ++i) {
    wrong.append("X-Row: a\x01 b\x02\x7f\n");
    right.append("X-Row: a b\r\n");
  }
  const auto result = fixed(wrong + "\nv=0\n");
  EXPECT_TRUE(result.text.contains(right)) << result.text.substr(0, 200);
  EXPECT_TRUE(result.text.ends_with("\r\n\r\nv=0\n"));
}

}  // namespace
}  // namespace sipauth
