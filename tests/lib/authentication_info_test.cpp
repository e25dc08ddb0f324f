#include "sipauth/authentication_info.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "lib/auth_reading.hpp"
#include "lib/reported.hpp"

namespace sipauth {
namespace {

struct Case {
  std::string_view proves = {};
  std::string_view text = {};
  std::string_view reading = {};
  std::string_view reported = "";
};

void PrintTo(const Case& row, std::ostream* out) { *out << row.text; }

class AuthenticationInfoTest : public testing::TestWithParam<Case> {};

TEST_P(AuthenticationInfoTest, IsReadAndReported) {
  Diagnostics diagnostics;
  const auto info = AuthenticationInfo::parse(GetParam().text, diagnostics);
  ASSERT_TRUE(info) << info.error().sentence();
  EXPECT_EQ(reading(*info), GetParam().reading);
  EXPECT_EQ(reported(diagnostics), GetParam().reported);
}

const std::vector<Case> rows{
    {"NextnonceAloneIsEnough", R"(nextnonce="47364c23")", R"(0 nextnonce="47364c23")"},
    {"QopWithItsCompany",
     R"(qop=auth, rspauth="0123456789abcdef0123456789abcdef", cnonce="c", nc=00000001)",
     R"(0 qop=auth | 10 rspauth="0123456789abcdef0123456789abcdef" | 54 cnonce="c" | )"
     R"(66 nc=00000001)"},
    {"AsKamailioAnswersAClientWithoutQop",
     R"(nextnonce="n", qop=, rspauth="0123456789abcdef0123456789abcdef", cnonce="", nc=)",
     R"(0 nextnonce="n" | 15 qop= | 21 rspauth="0123456789abcdef0123456789abcdef" | )"
     R"(65 cnonce="" | 76 nc=)",
     "SL-empty-value 19+0 | SL-empty-value 79+0"},
    {"QopWithoutCompany", "qop=auth", "0 qop=auth",
     "SL-missing-rspauth 8+0 | SL-missing-cnonce 8+0 | SL-missing-nc 8+0"},
    {"QuotesTheOtherWayRound",
     R"(qop="auth", rspauth=0123456789ABCDEF0123456789abcdef, cnonce=c, nc="00000001", )"
     R"(nextnonce=n)",
     R"(0 qop="auth" | 12 rspauth=0123456789ABCDEF0123456789abcdef | 54 cnonce=c | )"
     R"(64 nc="00000001" | 79 nextnonce=n)",
     "SL-quoted-qop 5+4 | SL-unquoted-string 20+32 | SL-unquoted-string 61+1 | "
     "SL-quoted-nc 68+8 | SL-unquoted-string 89+1 | SL-upper-case-response 20+32"},
    {"EmptyNextnonce", R"(nextnonce="")", R"(0 nextnonce="")", "SL-empty-nonce 11+0"},
    {"RspauthIsHex", R"(rspauth="xyz")", R"(0 rspauth="xyz")", "SL-response-not-hex 9+3"},
    {"RspauthIsADigest", R"(rspauth="0123")", R"(0 rspauth="0123")", "SL-response-length 9+4"},
    {"AnotherSchemesParametersAreItsOwn", R"(NTLM qop="auth", srand="9F", version=4)",
     R"(5 qop="auth" | 17 srand="9F" | 29 version=4)", "SL-other-scheme 0+4"},
    {"NothingAtAll", "", "", "SL-empty-element 0+0"},
    {"BlanksOnly", " \r\n ", "", "SL-empty-element 0+0"},
    {"ASchemeDoesNotBelongHere", R"(Digest nextnonce="n")", R"(7 nextnonce="n")",
     "SL-not-a-parameter 0+6 | SL-missing-comma 6+0"},
    {"UnknownParametersAreNoted", R"(nextnonce="n", x=1)", R"(0 nextnonce="n" | 15 x=1)",
     "SL-unknown-parameter 15+1"},
};
INSTANTIATE_TEST_SUITE_P(Rows, AuthenticationInfoTest, testing::ValuesIn(rows),
                         [](const auto& row) { return std::string{row.param.proves}; });

TEST(AuthenticationInfoAccessors, ReadWhatTheyAreNamedAfter) {
  const std::string_view text = R"(nextnonce="a", rspauth="b", qop=c, cnonce="d", nc=e)";
  Diagnostics diagnostics;
  const auto info = AuthenticationInfo::parse(text, diagnostics);
  ASSERT_TRUE(info);
  std::string all;
  for (const auto value :
       {info->nextnonce(), info->rspauth(), info->qop(), info->cnonce(), info->nc()}) {
    all += value.value_or("-");
  }
  EXPECT_EQ(all, "abcde");
}

TEST(AuthenticationInfoBounds, OneByteAndOneParameterTooMany) {
  Diagnostics diagnostics;
  const auto long_text = AuthenticationInfo::parse(std::string(65'537, 'a'), diagnostics);
  ASSERT_FALSE(long_text);
  EXPECT_EQ(long_text.error(), (ParseError{ParseError::Kind::too_long, 65'536}));

  std::string most;
  for (std::size_t i = 0; i < AuthParams::max_parameters; ++i) most += "x=1,";
  const auto many = AuthenticationInfo::parse(most + "x=1", diagnostics);
  ASSERT_FALSE(many);
  EXPECT_EQ(many.error(), (ParseError{ParseError::Kind::too_many_parameters, 96}));
}

}  // namespace
}  // namespace sipauth
