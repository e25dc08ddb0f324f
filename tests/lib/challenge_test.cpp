#include "sipauth/challenge.hpp"

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
  std::optional<bool> stale = std::nullopt;
};

void PrintTo(const Case& row, std::ostream* out) { *out << row.text; }

class ChallengeTest : public testing::TestWithParam<Case> {};

TEST_P(ChallengeTest, IsReadAndReported) {
  Diagnostics diagnostics;
  const auto challenge = Challenge::parse(GetParam().text, diagnostics);
  ASSERT_TRUE(challenge) << challenge.error().sentence();
  EXPECT_EQ(reading(*challenge), GetParam().reading);
  EXPECT_EQ(reported(diagnostics), GetParam().reported);
  EXPECT_EQ(challenge->stale(), GetParam().stale);
}

std::string name_of(const testing::TestParamInfo<Case>& row) {
  return std::string{row.param.proves};
}

const std::vector<Case> legal{
    {.proves = "ParametersKeepTheirOrderAndOffsets",
     .text = R"(Digest realm="asterisk", nonce="397d281a", stale=true, qop="auth")",
     .reading = R"(7 realm="asterisk" | 25 nonce="397d281a" | 43 stale=true | 55 qop="auth")",
     .stale = true},
    {.proves = "BlankBeforeTheComma",
     .text = R"(Digest qop="auth", realm="asterisk", nonce="397d281a" , stale=true)",
     .reading = R"(7 qop="auth" | 19 realm="asterisk" | 37 nonce="397d281a" | 56 stale=true)",
     .stale = true},
    {.proves = "BlankAtTheEnd",
     .text = R"(Digest realm="r", qop="auth", nonce="n" )",
     .reading = R"(7 realm="r" | 18 qop="auth" | 30 nonce="n")"},
    {.proves = "SchemeNamesAndStaleInAnyCase",
     .text = R"(DIGEST Realm="r", NONCE="n", Qop="auth", Stale=TRUE)",
     .reading = R"(7 Realm="r" | 18 NONCE="n" | 29 Qop="auth" | 41 Stale=TRUE)",
     .stale = true},
    {.proves = "StaleFalseIsNotAbsent",
     .text = R"(Digest realm="r", nonce="n", qop="auth", stale=FALSE)",
     .reading = R"(7 realm="r" | 18 nonce="n" | 29 qop="auth" | 41 stale=FALSE)",
     .stale = false},
    {.proves = "FoldingCountsAsBlank",
     .text = "Digest\r\n realm=\"r\",\r\n nonce=\"n\",\r\n\tqop=\"auth\"",
     .reading = R"(9 realm="r" | 22 nonce="n" | 35 qop="auth")"},
    {.proves = "BlanksAroundTheEqualsSign",
     .text = R"(Digest realm = "r", nonce= "n", stale =true, qop="auth")",
     .reading = R"(7 realm="r" | 20 nonce="n" | 32 stale=true | 45 qop="auth")",
     .stale = true},
    {.proves = "NoBlankBehindTheComma",
     .text = R"(Digest realm="r",nonce="n",algorithm=MD5,qop="auth")",
     .reading = R"(7 realm="r" | 17 nonce="n" | 27 algorithm=MD5 | 41 qop="auth")"},
    {.proves = "CommaEqualsAndEscapedQuoteInsideAString",
     .text = R"(Digest realm="a, b=\"c\"", nonce="n", qop="auth")",
     .reading = R"(7 realm="a, b=\"c\"" | 27 nonce="n" | 38 qop="auth")"},
    {.proves = "AStringMayEndLikeTheNextParameter",
     .text = R"(Digest realm="a, nonce=", nonce="n", qop="auth")",
     .reading = R"(7 realm="a, nonce=" | 26 nonce="n" | 37 qop="auth")"},
    {.proves = "TabUtf8AndEscapedControlInsideAString",
     .text = "Digest realm=\"\t\xC3\xA9\\\x01\", nonce=\"n\", qop=\"auth\"",
     .reading = "7 realm=\"\t\xC3\xA9\\\x01\" | 22 nonce=\"n\" | 33 qop=\"auth\""},
    {.proves = "EmptyOpaque",
     .text = R"(Digest realm="r", nonce="n", qop="auth", opaque="")",
     .reading = R"(7 realm="r" | 18 nonce="n" | 29 qop="auth" | 41 opaque="")"},
    {.proves = "ImsKeysAreKnown",
     .text = R"(Digest realm="r", nonce="AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", )"
             R"(qop="auth", algorithm=AKAv1-MD5, ik="00", ck="11")",
     .reading = R"(7 realm="r" | 18 nonce="AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=" | )"
                R"(72 qop="auth" | 84 algorithm=AKAv1-MD5 | 105 ik="00" | 114 ck="11")"},
    {.proves = "SessionAlgorithmWithQop",
     .text = R"(Digest realm="r", nonce="n", qop="auth", algorithm=SHA-512-256-sess)",
     .reading = R"(7 realm="r" | 18 nonce="n" | 29 qop="auth" | 41 algorithm=SHA-512-256-sess)"},
    {.proves = "CharsetAndUserhash",
     .text = R"(Digest realm="r", nonce="n", qop="auth", charset=utf-8, userhash=false)",
     .reading = R"(7 realm="r" | 18 nonce="n" | 29 qop="auth" | 41 charset=utf-8 | )"
                R"(56 userhash=false)"},
};
INSTANTIATE_TEST_SUITE_P(Legal, ChallengeTest, testing::ValuesIn(legal), name_of);

const std::vector<Case> separators{
    {.proves = "LostCommaBelongsBehindTheValue",
     .text = R"(Digest realm="asterisk", nonce="397d281a" stale=true)",
     .reading = R"(7 realm="asterisk" | 25 nonce="397d281a" | 42 stale=true)",
     .reported = "SL-missing-comma 41+0 | SL-missing-qop 52+0",
     .stale = true},
    {.proves = "LostCommaAndBlank",
     .text = R"(Digest realm="r"nonce="n", qop="auth")",
     .reading = R"(7 realm="r" | 16 nonce="n" | 27 qop="auth")",
     .reported = "SL-missing-comma 16+0"},
    {.proves = "LostCommaBehindAToken",
     .text = R"(Digest realm="r", nonce="n", stale=true qop="auth")",
     .reading = R"(7 realm="r" | 18 nonce="n" | 29 stale=true | 40 qop="auth")",
     .reported = "SL-missing-comma 39+0",
     .stale = true},
    {.proves = "SemicolonSeparatesLikeAComma",
     .text = R"(Digest realm="r"; nonce="n", stale=true;qop="auth")",
     .reading = R"(7 realm="r" | 18 nonce="n" | 29 stale=true | 40 qop="auth")",
     .reported = "SL-semicolon 16+1 | SL-semicolon 39+1",
     .stale = true},
    {.proves = "SemicolonOfAnUnquotedUriStays",
     .text = R"(Digest realm="r", nonce="n", domain=sip:r;lr, qop="auth")",
     .reading = R"(7 realm="r" | 18 nonce="n" | 29 domain=sip:r;lr | 46 qop="auth")",
     .reported = "SL-unquoted-domain 36+8"},
    {.proves = "LeadingDoubledAndTrailingComma",
     .text = R"(Digest , realm="r",, nonce="n", qop="auth",)",
     .reading = R"(9 realm="r" | 21 nonce="n" | 32 qop="auth")",
     .reported = "SL-empty-element 7+0 | SL-empty-element 19+0 | SL-empty-element 43+0"},
    {.proves = "NameAloneIsSkipped",
     .text = R"(Digest realm="r", stale , nonce="n", qop="auth")",
     .reading = R"(7 realm="r" | 26 nonce="n" | 37 qop="auth")",
     .reported = "SL-not-a-parameter 18+5"},
    {.proves = "NameAloneAndALostCommaAreNoScheme",
     .text = R"(Digest realm="r", stale nonce="n", qop="auth")",
     .reading = R"(7 realm="r" | 24 nonce="n" | 35 qop="auth")",
     .reported = "SL-not-a-parameter 18+5 | SL-missing-comma 23+0"},
    {.proves = "NoiseIsSkippedAndReportedOnce",
     .text = R"(Digest realm="r", @#! "a, b" ?, nonce="n", qop="auth")",
     .reading = R"(7 realm="r" | 32 nonce="n" | 43 qop="auth")",
     .reported = "SL-not-a-parameter 18+12"},
    {.proves = "UnescapedQuoteInARealm",
     .text = R"(Digest realm="Joe "the" Voice", nonce="n", qop="auth")",
     .reading = R"(7 realm="Joe " | 32 nonce="n" | 43 qop="auth")",
     .reported = "SL-text-after-value 19+11"},
    {.proves = "NothingButNoise",
     .text = "Digest ?",
     .reading = "",
     .reported = "SL-not-a-parameter 7+1 | SL-missing-realm 8+0 | SL-missing-nonce 8+0 | "
                 "SL-missing-qop 8+0"},
    {.proves = "SchemeAloneLacksEverything",
     .text = "Digest",
     .reading = "",
     .reported = "SL-missing-realm 6+0 | SL-missing-nonce 6+0 | SL-missing-qop 6+0"},
    {.proves = "MissingThingsBelongBehindTheLastParameter",
     .text = R"(Digest nonce="n" )",
     .reading = R"(7 nonce="n")",
     .reported = "SL-missing-realm 16+0 | SL-missing-qop 16+0"},
    {.proves = "DuplicatesKeepTheFirst",
     .text = R"(Digest realm="r", nonce="n", qop="auth", stale=false, STALE=true, Realm="s")",
     .reading = R"(7 realm="r" | 18 nonce="n" | 29 qop="auth" | 41 stale=false | )"
                R"(54 STALE=true | 66 Realm="s")",
     .reported = "SL-duplicate-parameter 54+5 | SL-duplicate-required 66+5",
     .stale = false},
    {.proves = "UnknownParametersAreKeptAndNoted",
     .text = R"(Digest realm="r", nonce="n", qop="auth", uri="sip:r", x=-.!%*_+`'~aZ09)",
     .reading = R"(7 realm="r" | 18 nonce="n" | 29 qop="auth" | 41 uri="sip:r" | )"
                R"(54 x=-.!%*_+`'~aZ09)",
     .reported = "SL-unknown-parameter 41+3 | SL-unknown-parameter 54+1"},
};
INSTANTIATE_TEST_SUITE_P(Separators, ChallengeTest, testing::ValuesIn(separators), name_of);

const std::vector<Case> quotes{
    {.proves = "FiveStandInQuotes",
     .text = "Digest realm=r, nonce=n, domain=d, opaque=o, qop=auth",
     .reading = "7 realm=r | 16 nonce=n | 25 domain=d | 35 opaque=o | 45 qop=auth",
     .reported = "SL-unquoted-string 13+1 | SL-unquoted-string 22+1 | SL-unquoted-domain 32+1 | "
                 "SL-unquoted-opaque 42+1 | SL-unquoted-qop 49+4"},
    {.proves = "FourStandWithoutQuotes",
     .text = R"(Digest realm="r", nonce="n", qop="auth", stale="True", algorithm="MD5", )"
             R"(charset="UTF-8", userhash="true")",
     .reading = R"(7 realm="r" | 18 nonce="n" | 29 qop="auth" | 41 stale="True" | )"
                R"(55 algorithm="MD5" | 72 charset="UTF-8" | 89 userhash="true")",
     .reported = "SL-quoted-stale 48+4 | SL-quoted-algorithm 66+3 | SL-quoted-extension 81+5 | "
                 "SL-quoted-extension 99+4",
     .stale = true},
    {.proves = "UnquotedNonceInBase64IsReadWhole",
     .text = R"(Digest realm="r", nonce=YWJj/w==, qop="auth")",
     .reading = R"(7 realm="r" | 18 nonce=YWJj/w== | 34 qop="auth")",
     .reported = "SL-unquoted-string 24+8"},
    {.proves = "SingleQuotesAreTakenOff",
     .text = "Digest realm='a, b', nonce='n', qop='auth', stale='true'",
     .reading = R"(7 realm="a, b" | 21 nonce="n" | 32 qop="auth" | 44 stale="true")",
     .reported = "SL-single-quotes 13+6 | SL-single-quotes 27+3 | SL-single-quotes 36+6 | "
                 "SL-single-quotes 50+6",
     .stale = true},
    {.proves = "OneSingleQuoteIsNone",
     .text = R"(Digest realm="r", nonce='n, qop="auth")",
     .reading = R"(7 realm="r" | 18 nonce='n | 28 qop="auth")",
     .reported = "SL-unquoted-string 24+2"},
    {.proves = "SingleQuotesReachOverNoOtherParameter",
     .text = R"(Digest realm="r", nonce="n", qop="auth", stale=', algorithm=')",
     .reading = R"(7 realm="r" | 18 nonce="n" | 29 qop="auth" | 41 stale=' | 50 algorithm=')",
     .reported = "SL-stale-not-boolean 47+1 | SL-unknown-algorithm 60+1",
     .stale = false},
    {.proves = "AnOpenStringEndsBeforeTheNextParameter",
     .text = R"(Digest realm="r, nonce="n", qop="auth")",
     .reading = R"(7 realm="r" | 17 nonce="n" | 28 qop="auth")",
     .reported = "SL-open-string 13+1"},
    {.proves = "AnOpenStringEndsBeforeAToken",
     .text = R"(Digest realm="r", qop="auth", nonce="n, stale=true)",
     .reading = R"(7 realm="r" | 18 qop="auth" | 30 nonce="n" | 40 stale=true)",
     .reported = "SL-open-string 36+1",
     .stale = true},
    {.proves = "AnOpenStringEndsBeforeTokensInFrontOfTheNextQuote",
     .text = R"(Digest realm="r, stale=true, algorithm=MD5, nonce="n", qop="auth")",
     .reading = R"(7 realm="r" | 17 stale=true | 29 algorithm=MD5 | 44 nonce="n" | 55 qop="auth")",
     .reported = "SL-open-string 13+1",
     .stale = true},
    {.proves = "AnOpenStringWithNothingBehindTakesTheRest",
     .text = R"(Digest realm="r", qop="auth", nonce="n, x)",
     .reading = R"(7 realm="r" | 18 qop="auth" | 30 nonce="n, x")",
     .reported = "SL-open-string 36+1"},
    {.proves = "BackslashAtTheEndEscapesNothing",
     .text = R"(Digest nonce="n", qop="auth", realm="r\)",
     .reading = R"(7 nonce="n" | 18 qop="auth" | 30 realm="r\")",
     .reported = "SL-open-string 36+1"},
    {.proves = "EmptyValueIsKept",
     .text = R"(Digest realm="r", nonce= , qop="auth", opaque=)",
     .reading = R"(7 realm="r" | 18 nonce= | 27 qop="auth" | 39 opaque=)",
     .reported = "SL-empty-value 24+0 | SL-empty-value 46+0 | SL-empty-nonce 24+0"},
    {.proves = "ControlBytesAreNamedOnce",
     .text = std::string_view{"Digest realm=\"r\0\x7f\", nonce=\"n\", qop=\"auth\"", 41},
     .reading = std::string_view{"7 realm=\"r\0\x7f\" | 20 nonce=\"n\" | 31 qop=\"auth\"", 44},
     .reported = "SL-control-in-value 15+1"},
    {.proves = "ControlBehindAnEscapedBackslash",
     .text = "Digest realm=\"r\\\\\x01\", nonce=\"n\", qop=\"auth\"",
     .reading = "7 realm=\"r\\\\\x01\" | 21 nonce=\"n\" | 32 qop=\"auth\"",
     .reported = "SL-control-in-value 17+1"},
    {.proves = "QuotedPairOutsideOfAsciiIsNamedOnce",
     .text = "Digest realm=\"\\\xC3\xA9\\\xC3\xA9\", nonce=\"\\\\\xC3\xA9\", qop=\"auth\"",
     .reading = "7 realm=\"\\\xC3\xA9\\\xC3\xA9\" | 23 nonce=\"\\\\\xC3\xA9\" | 37 qop=\"auth\"",
     .reported = "SL-bad-quoted-pair 14+3 | SL-backslash-in-nonce 30+1"},
    {.proves = "LineBreaksThatAreNoFold",
     .text = "Digest realm=\"r\r\nVia: x\", nonce=\"n\ra\", qop=\"auth\"",
     .reading = "7 realm=\"r\r\nVia: x\" | 26 nonce=\"n\ra\" | 39 qop=\"auth\"",
     .reported = "SL-line-break-in-value 15+1 | SL-line-break-in-value 34+1"},
    {.proves = "FoldInsideAString",
     .text = "Digest realm=\"r\r\n s\r\n\tt\", nonce=\"n\", qop=\"auth\"",
     .reading = "7 realm=\"r\r\n s\r\n\tt\" | 26 nonce=\"n\" | 37 qop=\"auth\"",
     .reported = "SL-fold-in-value 15+2"},
    {.proves = "OverlongUtf8AndSurrogates",
     .text = "Digest realm=\"\xC0\x80\", nonce=\"\xED\xA0\x80\", opaque=\"\xF4\x90\x80\x80\", "
             "qop=\"auth\"",
     .reading = "7 realm=\"\xC0\x80\" | 19 nonce=\"\xED\xA0\x80\" | "
                "32 opaque=\"\xF4\x90\x80\x80\" | 47 qop=\"auth\"",
     .reported = "SL-not-utf-8 14+1 | SL-not-utf-8 26+1 | SL-not-utf-8 40+1"},
};
INSTANTIATE_TEST_SUITE_P(Quotes, ChallengeTest, testing::ValuesIn(quotes), name_of);

const std::vector<Case> values{
    {.proves = "AnAkaNonceOfTooFewBytesIsNone",
     .text = R"(Digest realm="r", nonce="AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh", )"
             R"(qop="auth", algorithm=AKAv2-MD5)",
     .reading = R"(7 realm="r" | 18 nonce="AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh" | )"
                R"(70 qop="auth" | 82 algorithm=AKAv2-MD5)",
     .reported = "SL-aka-nonce 25+42"},
    {.proves = "AnAkaNonceThatIsNoBase64StandsForOne",
     .text = R"(Digest realm="r", nonce="AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh_=", )"
             R"(qop="auth", algorithm=AKAv1-MD5)",
     .reading = R"(7 realm="r" | 18 nonce="AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh_=" | )"
                R"(72 qop="auth" | 84 algorithm=AKAv1-MD5)"},
    {.proves = "StaleOneIsNotTrue",
     .text = R"(Digest realm="r", nonce="n", qop="auth", stale=1)",
     .reading = R"(7 realm="r" | 18 nonce="n" | 29 qop="auth" | 41 stale=1)",
     .reported = "SL-stale-not-boolean 47+1",
     .stale = false},
    {.proves = "EmptyRealmAndNonce",
     .text = R"(Digest realm="", nonce="", qop="auth")",
     .reading = R"(7 realm="" | 17 nonce="" | 27 qop="auth")",
     .reported = "SL-empty-realm 14+0 | SL-empty-nonce 24+0"},
    {.proves = "EscapedQuoteInANonce",
     .text = R"(Digest realm="r", nonce="a\"b", qop="auth")",
     .reading = R"(7 realm="r" | 18 nonce="a\"b" | 32 qop="auth")",
     .reported = "SL-backslash-in-nonce 26+1"},
    {.proves = "QopListWithABlank",
     .text = R"(Digest realm="r", nonce="n", qop="auth, auth-int")",
     .reading = R"(7 realm="r" | 18 nonce="n" | 29 qop="auth, auth-int")",
     .reported = "SL-blank-in-qop 39+1 | SL-qop-list 34+14"},
    {.proves = "AuthIntBeforeAuth",
     .text = R"(Digest realm="r", nonce="n", qop="auth-int,AUTH")",
     .reading = R"(7 realm="r" | 18 nonce="n" | 29 qop="auth-int,AUTH")",
     .reported = "SL-qop-auth-int-first 34+8"},
    {.proves = "UnknownWordsBesideAuthAreIgnored",
     .text = R"(Digest realm="r", nonce="n", qop="x,auth")",
     .reading = R"(7 realm="r" | 18 nonce="n" | 29 qop="x,auth")"},
    {.proves = "UnknownWordsBesideAuthIntAreIgnored",
     .text = R"(Digest realm="r", nonce="n", qop="x,auth-int")",
     .reading = R"(7 realm="r" | 18 nonce="n" | 29 qop="x,auth-int")",
     .reported = "SL-qop-auth-int-only 36+8"},
    {.proves = "QopOfBlanksIsEmpty",
     .text = R"(Digest realm="r", nonce="n", qop=" ")",
     .reading = R"(7 realm="r" | 18 nonce="n" | 29 qop=" ")",
     .reported = "SL-empty-qop 34+1"},
    {.proves = "QopOfCommasOffersNothing",
     .text = R"(Digest realm="r", nonce="n", qop=",")",
     .reading = R"(7 realm="r" | 18 nonce="n" | 29 qop=",")",
     .reported = "SL-malformed-qop 34+0 | SL-malformed-qop 35+0 | SL-unknown-qop 34+1"},
    {.proves = "UnquotedQopListIsCutAtItsComma",
     .text = R"(Digest realm="r", nonce="n", qop=auth,auth-int)",
     .reading = R"(7 realm="r" | 18 nonce="n" | 29 qop=auth)",
     .reported = "SL-unquoted-qop 33+4 | SL-not-a-parameter 38+8"},
    {.proves = "SessionWithoutQop",
     .text = R"(Digest realm="r", nonce="n", algorithm=MD5-sess)",
     .reading = R"(7 realm="r" | 18 nonce="n" | 29 algorithm=MD5-sess)",
     .reported = "SL-missing-qop 47+0 | SL-session-without-qop 39+8"},
    {.proves = "ShaWithoutQop",
     .text = R"(Digest realm="r", nonce="n", algorithm=SHA-256)",
     .reading = R"(7 realm="r" | 18 nonce="n" | 29 algorithm=SHA-256)",
     .reported = "SL-missing-qop 46+0 | SL-sha-without-qop 39+7"},
    {.proves = "Sha512IsAnotherHashThanSha512256",
     .text = R"(Digest realm="r", nonce="n", qop="auth", algorithm=SHA-512-sess)",
     .reading = R"(7 realm="r" | 18 nonce="n" | 29 qop="auth" | 41 algorithm=SHA-512-sess)",
     .reported = "SL-unregistered-algorithm 51+12"},
    {.proves = "OddCaseOfTheSuffixToo",
     .text = R"(Digest realm="r", nonce="n", qop="auth", algorithm=MD5-SESS)",
     .reading = R"(7 realm="r" | 18 nonce="n" | 29 qop="auth" | 41 algorithm=MD5-SESS)",
     .reported = "SL-odd-case-algorithm 51+8"},
    {.proves = "NamesAreComparedWhole",
     .text = R"(Digest realm="r", nonce="n", qop="auth", algorithm=MD51, charset=UTF-16)",
     .reading = R"(7 realm="r" | 18 nonce="n" | 29 qop="auth" | 41 algorithm=MD51 | )"
                R"(57 charset=UTF-16)",
     .reported = "SL-unknown-algorithm 51+4 | SL-charset-not-utf-8 65+6"},
    {.proves = "SlashInAnAlgorithmNeedsQuotesAndIsUnknown",
     .text = R"(Digest realm="r", nonce="n", qop="auth", algorithm=SHA-512/256)",
     .reading = R"(7 realm="r" | 18 nonce="n" | 29 qop="auth" | 41 algorithm=SHA-512/256)",
     .reported = "SL-not-a-token 51+11 | SL-unknown-algorithm 51+11"},
};
INSTANTIATE_TEST_SUITE_P(Values, ChallengeTest, testing::ValuesIn(values), name_of);

const std::vector<Case> other_schemes{
    {.proves = "BasicIsReadAndRefused",
     .text = R"(Basic realm="r")",
     .reading = R"(6 realm="r")",
     .reported = "SL-basic-offered 0+5"},
    {.proves = "BearerHasParametersOfItsOwn",
     .text = R"(Bearer scope="sip", authz_server="https://as.example", realm="x")",
     .reading = R"(7 scope="sip" | 20 authz_server="https://as.example" | 55 realm="x")",
     .reported = "SL-other-scheme 0+6"},
    {.proves = "Token68IsNoParameter",
     .text = "NTLM TlRMTVNTUAAC/w==",
     .reading = "",
     .reported = "SL-other-scheme 0+4"},
    {.proves = "Token68EndsBeforeASemicolonAsBeforeAComma",
     .text = "Bearer YWJj=;",
     .reading = "",
     .reported = "SL-other-scheme 0+6 | SL-semicolon 12+1"},
    {.proves = "OfToken68WithTwoPadsNoneIsAName",
     .text = "Negotiate YQ== 1",
     .reading = "",
     .reported = "SL-other-scheme 0+9 | SL-not-a-parameter 15+1"},
    {.proves = "OneEqualsBelongsToANameWhereAValueFollows",
     .text = "Bearer realm= r",
     .reading = "7 realm=r",
     .reported = "SL-other-scheme 0+6"},
    {.proves = "SeparatorsCountInEveryScheme",
     .text = R"(Bearer realm="x" scope="sip")",
     .reading = R"(7 realm="x" | 17 scope="sip")",
     .reported = "SL-other-scheme 0+6 | SL-missing-comma 16+0"},
};
INSTANTIATE_TEST_SUITE_P(OtherSchemes, ChallengeTest, testing::ValuesIn(other_schemes), name_of);

}  // namespace
}  // namespace sipauth
