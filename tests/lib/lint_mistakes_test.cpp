// Mistakes as people and devices make them: each is found by its rule, at its place, and mended
// where there is no doubt about what was meant.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "sipauth/fix.hpp"
#include "sipauth/lint.hpp"

namespace sipauth {
namespace {

struct Mistake {
  std::string_view proves = {};
  std::string_view wrong = {};
  std::string_view rule = {};    ///< without SL-
  std::size_t offset = 0;        ///< of the mark, from the first byte of `wrong`
  std::string_view marked = {};  ///< empty: something is missing there
  std::string_view mended = {};  ///< empty: nobody can tell what was meant
};

void PrintTo(const Mistake& row, std::ostream* out) { *out << row.wrong; }

class MistakeTest : public testing::TestWithParam<Mistake> {};

TEST_P(MistakeTest, IsFoundAtItsPlace) {
  const auto& row = GetParam();
  Diagnostics found;
  ExchangeLint exchange;
  ASSERT_TRUE(lint_pasted(row.wrong, found, &exchange));
  std::string all;
  bool is_found = false;
  for (const auto& [rule, where] : found.list()) {
    all.append(rule->name).append(" ").append(std::to_string(where.offset)).append(" [");
    all.append(row.wrong.substr(where.offset, where.length)).append("]\n");
    is_found = is_found || (rule->name.substr(3) == row.rule && where.offset == row.offset &&
                            row.wrong.substr(where.offset, where.length) == row.marked);
  }
  EXPECT_TRUE(is_found) << all;
}

TEST_P(MistakeTest, IsMendedWhereItCanBe) {
  const auto& row = GetParam();
  const auto result = fixed(row.wrong);
  EXPECT_EQ(result.text, row.mended.empty() ? row.wrong : row.mended);
}

const std::vector<Mistake> mistakes{
    // Separators.
    {"NoCommaBeforeStale",
     R"(WWW-Authenticate: Digest realm="r", nonce="n" stale=true, qop="auth")", "missing-comma", 45,
     "", R"(WWW-Authenticate: Digest realm="r", nonce="n", stale=true, qop="auth")"},
    {"NoCommaInCredentials",
     R"(Authorization: Digest username="u" realm="r", nonce="n", uri="sip:r", response="0badc0de0badc0de0badc0de0badc0de")",
     "missing-comma", 34, "",
     R"(Authorization: Digest username="u", realm="r", nonce="n", uri="sip:r", response="0badc0de0badc0de0badc0de0badc0de")"},
    {"NoCommaAndNoBlank", R"(WWW-Authenticate: Digest realm="r",nonce="n"qop="auth")",
     "missing-comma", 44, "", R"(WWW-Authenticate: Digest realm="r",nonce="n",qop="auth")"},
    {"Semicolons", R"(WWW-Authenticate: Digest realm="r"; nonce="n"; qop="auth")", "semicolon", 34,
     ";", R"(WWW-Authenticate: Digest realm="r", nonce="n", qop="auth")"},
    {"TrailingComma", R"(WWW-Authenticate: Digest realm="r", nonce="n", qop="auth",)",
     "empty-element", 58, "", R"(WWW-Authenticate: Digest realm="r", nonce="n", qop="auth")"},
    {"LeadingComma", R"(WWW-Authenticate: Digest ,realm="r", nonce="n", qop="auth")",
     "empty-element", 25, "", R"(WWW-Authenticate: Digest realm="r", nonce="n", qop="auth")"},
    {"DoubledComma", R"(WWW-Authenticate: Digest realm="r",,nonce="n", qop="auth")",
     "empty-element", 35, "", R"(WWW-Authenticate: Digest realm="r",nonce="n", qop="auth")"},
    {"ACommaBehindTheScheme", R"(WWW-Authenticate: Digest, realm="r", nonce="n", qop="auth")",
     "empty-element", 24, "", R"(WWW-Authenticate: Digest realm="r", nonce="n", qop="auth")"},
    {"AColonForTheEqualsSign", R"(WWW-Authenticate: Digest realm:"r", nonce="n", qop="auth")",
     "not-a-parameter", 25, R"(realm:"r")", ""},
    {"ParameterWithoutValue", R"(WWW-Authenticate: Digest realm="r", nonce="n", qop="auth", stale)",
     "not-a-parameter", 59, "stale", ""},
    {"TwoChallengesInARow",
     R"(WWW-Authenticate: Digest realm="r", nonce="n", qop="auth", Digest realm="r", nonce="n", qop="auth", algorithm=SHA-256)",
     "merged-challenges", 59, "Digest",
     "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"\r\n"
     "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\", algorithm=SHA-256"},
    {"TwoCredentialsInARow",
     R"(Authorization: Digest username="u", realm="r", nonce="n", uri="sip:r", response="0badc0de0badc0de0badc0de0badc0de", Digest username="v", realm="s")",
     "merged-credentials", 116, "Digest", ""},
    {"SchemeMissing", R"(WWW-Authenticate: realm="r", nonce="n", qop="auth")", "not-a-scheme", 18,
     R"(realm="r", nonce="n", qop="auth")",
     R"(WWW-Authenticate: Digest realm="r", nonce="n", qop="auth")"},
    {"SchemeMissingInABareValue", R"(realm="r", nonce="n", qop="auth")", "not-a-scheme", 0,
     R"(realm="r", nonce="n", qop="auth")", R"(Digest realm="r", nonce="n", qop="auth")"},
    {"SchemeMissingInCredentials",
     R"(Authorization: username="u", realm="r", nonce="n", uri="sip:r", response="0badc0de0badc0de0badc0de0badc0de")",
     "not-a-scheme", 15,
     R"(username="u", realm="r", nonce="n", uri="sip:r", response="0badc0de0badc0de0badc0de0badc0de")",
     R"(Authorization: Digest username="u", realm="r", nonce="n", uri="sip:r", response="0badc0de0badc0de0badc0de0badc0de")"},
    // Quotes.
    {"UnquotedRealm", R"(WWW-Authenticate: Digest realm=pbx.example, nonce="n", qop="auth")",
     "unquoted-string", 31, "pbx.example",
     R"(WWW-Authenticate: Digest realm="pbx.example", nonce="n", qop="auth")"},
    {"UnquotedNonceOfBase64", R"(WWW-Authenticate: Digest realm="r", nonce=ab/+c==, qop="auth")",
     "unquoted-string", 42,
     "ab/+c==", R"(WWW-Authenticate: Digest realm="r", nonce="ab/+c==", qop="auth")"},
    {"UnquotedUri",
     R"(Authorization: Digest username="u", realm="r", nonce="n", uri=sip:r;transport=tcp, response="0badc0de0badc0de0badc0de0badc0de")",
     "unquoted-string", 62, "sip:r;transport=tcp",
     R"(Authorization: Digest username="u", realm="r", nonce="n", uri="sip:r;transport=tcp", response="0badc0de0badc0de0badc0de0badc0de")"},
    {"UnquotedUserNameAndResponse",
     R"(Authorization: Digest username=u, realm="r", nonce="n", uri="sip:r", response=0badc0de0badc0de0badc0de0badc0de)",
     "unquoted-string", 31, "u",
     R"(Authorization: Digest username="u", realm="r", nonce="n", uri="sip:r", response="0badc0de0badc0de0badc0de0badc0de")"},
    {"UnquotedCnonce",
     R"(Authorization: Digest username="u", realm="r", nonce="n", uri="sip:r", response="0badc0de0badc0de0badc0de0badc0de", qop=auth, nc=00000001, cnonce=abc)",
     "unquoted-string", 146, "abc",
     R"(Authorization: Digest username="u", realm="r", nonce="n", uri="sip:r", response="0badc0de0badc0de0badc0de0badc0de", qop=auth, nc=00000001, cnonce="abc")"},
    {"UnquotedQopOfAChallenge", R"(WWW-Authenticate: Digest realm="r", nonce="n", qop=auth)",
     "unquoted-qop", 51, "auth", R"(WWW-Authenticate: Digest realm="r", nonce="n", qop="auth")"},
    {"UnquotedOpaque", R"(WWW-Authenticate: Digest realm="r", nonce="n", qop="auth", opaque=a1)",
     "unquoted-opaque", 66, "a1",
     R"(WWW-Authenticate: Digest realm="r", nonce="n", qop="auth", opaque="a1")"},
    {"UnquotedDomain",
     R"(WWW-Authenticate: Digest realm="r", nonce="n", qop="auth", domain=sip:r.example)",
     "unquoted-domain", 66, "sip:r.example",
     R"(WWW-Authenticate: Digest realm="r", nonce="n", qop="auth", domain="sip:r.example")"},
    {"QuotedAlgorithm",
     R"(Authorization: Digest username="u", realm="r", nonce="n", uri="sip:r", response="0badc0de0badc0de0badc0de0badc0de", algorithm="MD5")",
     "quoted-algorithm", 127, "MD5",
     R"(Authorization: Digest username="u", realm="r", nonce="n", uri="sip:r", response="0badc0de0badc0de0badc0de0badc0de", algorithm=MD5)"},
    {"QuotedStale", R"(WWW-Authenticate: Digest realm="r", nonce="n", qop="auth", stale="FALSE")",
     "quoted-stale", 66, "FALSE",
     R"(WWW-Authenticate: Digest realm="r", nonce="n", qop="auth", stale=FALSE)"},
    {"QuotedNcAndQop",
     R"(Authorization: Digest username="u", realm="r", nonce="n", uri="sip:r", response="0badc0de0badc0de0badc0de0badc0de", cnonce="c", qop="auth", nc="00000001")",
     "quoted-nc", 144, "00000001",
     R"(Authorization: Digest username="u", realm="r", nonce="n", uri="sip:r", response="0badc0de0badc0de0badc0de0badc0de", cnonce="c", qop=auth, nc=00000001)"},
    {"QuotedQopInCredentials",
     R"(Authorization: Digest username="u", realm="r", nonce="n", uri="sip:r", response="0badc0de0badc0de0badc0de0badc0de", cnonce="c", nc=00000001, qop="auth")",
     "quoted-qop", 146, "auth",
     R"(Authorization: Digest username="u", realm="r", nonce="n", uri="sip:r", response="0badc0de0badc0de0badc0de0badc0de", cnonce="c", nc=00000001, qop=auth)"},
    {"SingleQuotes", R"(WWW-Authenticate: Digest realm='r', nonce='n', qop='auth')",
     "single-quotes", 31, "'r'", R"(WWW-Authenticate: Digest realm="r", nonce="n", qop="auth")"},
    {"QuotesOfAWordProcessor",
     "WWW-Authenticate: Digest realm=\xE2\x80\x9CMy PBX\xE2\x80\x9D, "
     "nonce=\xE2\x80\x9En\xE2\x80\x9C, "
     "qop=\"auth\"",
     "typographic-quotes", 31, "\xE2\x80\x9CMy PBX\xE2\x80\x9D",
     R"(WWW-Authenticate: Digest realm="My PBX", nonce="n", qop="auth")"},
    {"QuotesOfWindows1252", "WWW-Authenticate: Digest realm=\x93r\x94, nonce=\"n\", qop=\"auth\"",
     "typographic-quotes", 31, "\x93r\x94",
     R"(WWW-Authenticate: Digest realm="r", nonce="n", qop="auth")"},
    {"QuotesOfHtml", "WWW-Authenticate: Digest realm=&quot;r&quot;, nonce=\"n\", qop=\"auth\"",
     "typographic-quotes", 31, "&quot;r&quot;",
     R"(WWW-Authenticate: Digest realm="r", nonce="n", qop="auth")"},
    {"TypographicQuotesRoundAToken",
     "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\", "
     "algorithm=\xE2\x80\x9CMD5\xE2\x80\x9D",
     "typographic-quotes", 69, "\xE2\x80\x9CMD5\xE2\x80\x9D",
     R"(WWW-Authenticate: Digest realm="r", nonce="n", qop="auth", algorithm=MD5)"},
    {"OpenQuote", R"(WWW-Authenticate: Digest realm="r, nonce="n", qop="auth")", "open-string", 31,
     "\"", R"(WWW-Authenticate: Digest realm="r", nonce="n", qop="auth")"},
    {"OpenQuoteAtTheEnd", R"(WWW-Authenticate: Digest realm="r", qop="auth", nonce="n)",
     "open-string", 54, "\"", R"(WWW-Authenticate: Digest realm="r", qop="auth", nonce="n")"},
    {"QuotesWithinTheRealm", R"(WWW-Authenticate: Digest realm="Bob"s", nonce="n", qop="auth")",
     "text-after-value", 36, "s\"", ""},
    {"NothingBehindTheEqualsSign",
     R"(WWW-Authenticate: Digest realm="r", nonce="n", qop="auth", opaque=)", "empty-value", 66, "",
     R"(WWW-Authenticate: Digest realm="r", nonce="n", qop="auth", opaque="")"},
    // Bytes.
    {"Latin1Realm", "WWW-Authenticate: Digest realm=\"B\xFCro\", nonce=\"n\", qop=\"auth\"",
     "not-utf-8", 33, "\xFC",
     "WWW-Authenticate: Digest realm=\"B\xC3\xBCro\", nonce=\"n\", qop=\"auth\""},
    {"FoldBetweenParameters",
     "WWW-Authenticate: Digest realm=\"r\",\r\n\tnonce=\"n\", qop=\"auth\"", "folded-challenge", 35,
     "\r\n\t", R"(WWW-Authenticate: Digest realm="r", nonce="n", qop="auth")"},
    {"FoldOfALineFeedAlone", "WWW-Authenticate: Digest realm=\"r\",\n nonce=\"n\", qop=\"auth\"",
     "folded-challenge", 35, "\n ", R"(WWW-Authenticate: Digest realm="r", nonce="n", qop="auth")"},
    {"FoldWithinAValue", "WWW-Authenticate: Digest realm=\"r\r\n s\", nonce=\"n\", qop=\"auth\"",
     "fold-in-value", 33, "\r\n", R"(WWW-Authenticate: Digest realm="r s", nonce="n", qop="auth")"},
    {"BlankAtTheEnd", "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\" \r\n",
     "blank-behind-challenge", 57, " ",
     "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"\r\n"},
    {"BackslashInTheNonce", R"(WWW-Authenticate: Digest realm="r", nonce="a\b", qop="auth")",
     "backslash-in-nonce", 44, "\\", ""},
    // What a challenge says.
    {"StaleIsOne", R"(WWW-Authenticate: Digest realm="r", nonce="n", qop="auth", stale=1)",
     "stale-not-boolean", 65, "1", ""},
    {"StaleIsYes", R"(WWW-Authenticate: Digest realm="r", nonce="n", qop="auth", stale=yes)",
     "stale-not-boolean", 65, "yes", ""},
    {"BlankInQop", R"(WWW-Authenticate: Digest realm="r", nonce="n", qop="auth, auth-int")",
     "blank-in-qop", 57, " ",
     R"(WWW-Authenticate: Digest realm="r", nonce="n", qop="auth,auth-int")"},
    {"QopListWithASemicolon",
     R"(WWW-Authenticate: Digest realm="r", nonce="n", qop="auth;auth-int")", "malformed-qop", 52,
     "auth;auth-int", ""},
    {"EmptyQop", R"(WWW-Authenticate: Digest realm="r", nonce="n", qop="")", "empty-qop", 52, "",
     ""},
    {"AlgorithmWithoutItsDash",
     R"(WWW-Authenticate: Digest realm="r", nonce="n", qop="auth", algorithm=SHA256)",
     "unknown-algorithm", 69, "SHA256",
     R"(WWW-Authenticate: Digest realm="r", nonce="n", qop="auth", algorithm=SHA-256)"},
    {"AlgorithmWithASlash",
     R"(WWW-Authenticate: Digest realm="r", nonce="n", qop="auth", algorithm=SHA-512/256)",
     "unknown-algorithm", 69, "SHA-512/256",
     R"(WWW-Authenticate: Digest realm="r", nonce="n", qop="auth", algorithm=SHA-512-256)"},
    {"AlgorithmNobodyKnows",
     R"(WWW-Authenticate: Digest realm="r", nonce="n", qop="auth", algorithm=SHA1)",
     "unknown-algorithm", 69, "SHA1", ""},
    {"EmptyNonce", R"(WWW-Authenticate: Digest realm="r", nonce="", qop="auth")", "empty-nonce", 43,
     "", ""},
    {"NoNonce", R"(WWW-Authenticate: Digest realm="r", qop="auth")", "missing-nonce", 46, "", ""},
    {"RealmTwice", R"(WWW-Authenticate: Digest realm="r", realm="r", nonce="n", qop="auth")",
     "duplicate-required", 36, "realm",
     R"(WWW-Authenticate: Digest realm="r", nonce="n", qop="auth")"},
    {"TwoNonces", R"(WWW-Authenticate: Digest realm="r", nonce="n", nonce="m", qop="auth")",
     "duplicate-required", 47, "nonce", ""},
    {"OpaqueTwice",
     R"(WWW-Authenticate: Digest realm="r", nonce="n", opaque="1", qop="auth", opaque="2")",
     "duplicate-parameter", 71, "opaque",
     R"(WWW-Authenticate: Digest realm="r", nonce="n", opaque="1", qop="auth")"},
    {"Basic", R"(WWW-Authenticate: Basic realm="r")", "basic-offered", 18, "Basic", ""},
    // What credentials say.
    {"NcOfSevenDigits",
     R"(Authorization: Digest username="u", realm="r", nonce="n", uri="sip:r", response="0badc0de0badc0de0badc0de0badc0de", qop=auth, cnonce="c", nc=0000001)",
     "bad-nc", 141, "0000001",
     R"(Authorization: Digest username="u", realm="r", nonce="n", uri="sip:r", response="0badc0de0badc0de0badc0de0badc0de", qop=auth, cnonce="c", nc=00000001)"},
    {"NcOfNineDigits",
     R"(Authorization: Digest username="u", realm="r", nonce="n", uri="sip:r", response="0badc0de0badc0de0badc0de0badc0de", qop=auth, cnonce="c", nc=000000001)",
     "bad-nc", 141, "000000001", ""},
    {"NcOfNoDigits",
     R"(Authorization: Digest username="u", realm="r", nonce="n", uri="sip:r", response="0badc0de0badc0de0badc0de0badc0de", qop=auth, cnonce="c", nc=0000000g)",
     "bad-nc", 141, "0000000g", ""},
    {"NcOfZero",
     R"(Authorization: Digest username="u", realm="r", nonce="n", uri="sip:r", response="0badc0de0badc0de0badc0de0badc0de", qop=auth, cnonce="c", nc=00000000)",
     "zero-nc", 141, "00000000", ""},
    {"UpperCaseNc",
     R"(Authorization: Digest username="u", realm="r", nonce="n", uri="sip:r", response="0badc0de0badc0de0badc0de0badc0de", qop=auth, cnonce="c", nc=0000000A)",
     "upper-case-nc", 141, "0000000A", ""},
    {"UpperCaseResponse",
     R"(Authorization: Digest username="u", realm="r", nonce="n", uri="sip:r", response="0BADC0DE0BADC0DE0BADC0DE0BADC0DE")",
     "upper-case-response", 81, "0BADC0DE0BADC0DE0BADC0DE0BADC0DE",
     R"(Authorization: Digest username="u", realm="r", nonce="n", uri="sip:r", response="0badc0de0badc0de0badc0de0badc0de")"},
    {"ResponseOf31Digits",
     R"(Authorization: Digest username="u", realm="r", nonce="n", uri="sip:r", response="0badc0de0badc0de0badc0de0badc0d")",
     "response-length", 81, "0badc0de0badc0de0badc0de0badc0d", ""},
    {"ResponseOf33Digits",
     R"(Authorization: Digest username="u", realm="r", nonce="n", uri="sip:r", response="0badc0de0badc0de0badc0de0badc0de0")",
     "response-length", 81, "0badc0de0badc0de0badc0de0badc0de0", ""},
    {"ResponseOfMd5ForSha",
     R"(Authorization: Digest username="u", realm="r", nonce="n", uri="sip:r", algorithm=SHA-256, response="0badc0de0badc0de0badc0de0badc0de", qop=auth, cnonce="c", nc=00000001)",
     "response-length", 100, "0badc0de0badc0de0badc0de0badc0de", ""},
    {"ResponseIsBase64",
     R"(Authorization: Digest username="u", realm="r", nonce="n", uri="sip:r", response="C63A3gutwN4Lrc==")",
     "response-not-hex", 81, "C63A3gutwN4Lrc==", ""},
    {"CnonceWithoutQop",
     R"(Authorization: Digest username="u", realm="r", nonce="n", uri="sip:r", response="0badc0de0badc0de0badc0de0badc0de", cnonce="c1")",
     "cnonce-without-qop", 124, "c1", ""},
    {"QopWithoutCnonceAndNc",
     R"(Authorization: Digest username="u", realm="r", nonce="n", uri="sip:r", response="0badc0de0badc0de0badc0de0badc0de", qop=auth)",
     "missing-cnonce", 124, "", ""},
    {"QopListTakenWhole",
     R"(Authorization: Digest username="u", realm="r", nonce="n", uri="sip:r", response="0badc0de0badc0de0badc0de0badc0de", cnonce="c", nc=00000001, qop="auth,auth-int")",
     "unknown-qop", 146, "auth,auth-int", ""},
    {"UsernameTwiceInTwoForms",
     R"(Authorization: Digest username="u", username*=UTF-8''u, realm="r", nonce="n", uri="sip:r", response="0badc0de0badc0de0badc0de0badc0de")",
     "two-usernames", 36, "username*", ""},
    {"ExtendedUsernameInQuotes",
     R"(Authorization: Digest username*="UTF-8''u", realm="r", nonce="n", uri="sip:r", response="0badc0de0badc0de0badc0de0badc0de")",
     "quoted-ext-value", 33, "UTF-8''u",
     R"(Authorization: Digest username*=UTF-8''u, realm="r", nonce="n", uri="sip:r", response="0badc0de0badc0de0badc0de0badc0de")"},
    {"UserhashOfAPlainName",
     R"(Authorization: Digest username="alice", realm="r", nonce="n", uri="sip:r", response="0badc0de0badc0de0badc0de0badc0de", userhash=true)",
     "userhash-not-a-hash", 32, "alice", ""},
    {"UserhashOfAnotherHash",
     R"(Authorization: Digest username="0badc0de0badc0de0badc0de0badc0de0badc0de0badc0de0badc0de0badc0de", realm="r", nonce="n", uri="sip:r", response="0badc0de0badc0de0badc0de0badc0de", userhash=true)",
     "userhash-not-a-hash", 32, "0badc0de0badc0de0badc0de0badc0de0badc0de0badc0de0badc0de0badc0de",
     ""},
    {"EmptyUri",
     R"(Authorization: Digest username="u", realm="r", nonce="n", uri="", response="0badc0de0badc0de0badc0de0badc0de")",
     "empty-uri", 63, "", ""},
    {"NoUsername",
     R"(Authorization: Digest realm="r", nonce="n", uri="sip:r", response="0badc0de0badc0de0badc0de0badc0de")",
     "missing-username", 100, "", ""},
    {"SessionWithoutQop",
     R"(Authorization: Digest username="u", realm="r", nonce="n", uri="sip:r", algorithm=MD5-sess, response="0badc0de0badc0de0badc0de0badc0de")",
     "session-without-qop", 81, "MD5-sess", ""},
    {"UriIsNotTheRequestUri",
     "REGISTER sip:r.example SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nMax-Forwards: 70\r\n"
     "From: <sip:u@r.example>;tag=1\r\nTo: <sip:u@r.example>\r\nCall-ID: 1\r\nCSeq: 1 REGISTER\r\n"
     "Authorization: Digest username=\"u\", realm=\"r\", nonce=\"n\", uri=\"sip:other\", "
     "response=\"0badc0de0badc0de0badc0de0badc0de\"\r\nContent-Length: 0\r\n\r\n",
     "digest-uri-differs", 233, "sip:other", ""},
};
INSTANTIATE_TEST_SUITE_P(Rows, MistakeTest, testing::ValuesIn(mistakes),
                         [](const auto& row) { return std::string{row.param.proves}; });

}  // namespace
}  // namespace sipauth
