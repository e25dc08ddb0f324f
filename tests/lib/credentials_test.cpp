#include "sipauth/credentials.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "lib/auth_reading.hpp"
#include "lib/reported.hpp"

namespace sipauth {
namespace {

// Most rows are about the tail behind these parameters, which begins at offset 54.
constexpr std::string_view start = R"(Digest username="u", realm="r", nonce="n", uri="sip:r")";
constexpr std::string_view md5 = R"(, response="0123456789abcdef0123456789abcdef")";
constexpr std::string_view start_reading =
    R"(7 username="u" | 21 realm="r" | 32 nonce="n" | 43 uri="sip:r")";

struct TailCase {
  std::string_view proves = {};
  std::string tail = {};
  std::string_view reported = "";
};

void PrintTo(const TailCase& row, std::ostream* out) { *out << start << row.tail; }

class CredentialsTailTest : public testing::TestWithParam<TailCase> {};

TEST_P(CredentialsTailTest, IsReported) {
  const auto text = std::string{start} + GetParam().tail;
  Diagnostics diagnostics;
  const auto credentials = Credentials::parse(text, diagnostics);
  ASSERT_TRUE(credentials) << credentials.error().sentence();
  EXPECT_TRUE(reading(*credentials).starts_with(start_reading)) << reading(*credentials);
  EXPECT_EQ(reported(diagnostics), GetParam().reported);
}

std::string tail_name(const testing::TestParamInfo<TailCase>& row) {
  return std::string{row.param.proves};
}

std::string with_md5(std::string_view tail) { return std::string{md5} + std::string{tail}; }

const std::vector<TailCase> legal{
    {"Rfc2069Form", with_md5("")},
    {"QopWithItsCompany", with_md5(R"(, qop=auth, nc=0000000a, cnonce="")")},
    {"AuthIntInAnyCase", with_md5(R"(, qop=Auth-Int, nc=00000001, cnonce="c")")},
    {"OpaqueUserhashAndProtection",
     with_md5(R"(, opaque="", userhash=false, integrity-protected="no")")},
    {"SessionWithQop", with_md5(R"(, qop=auth, nc=00000001, cnonce="c", algorithm=MD5-sess)")},
    {"AkaResynchronisation", with_md5(R"(, algorithm=AKAv1-MD5, auts="CjkyMzRi")")},
    {"AkaMayAnswerNothing", R"(, algorithm=AKAv1-MD5, response="")"},
    {"Sha512256IsOf64Digits",
     R"(, algorithm=SHA-512-256, qop=auth, nc=00000001, cnonce="c", response=")" +
         std::string(64, 'a') + '"'},
    {"AnUnknownAlgorithmHasAnyLength", R"(, algorithm=X, response="ab")",
     "SL-unknown-algorithm 66+1"},
};
INSTANTIATE_TEST_SUITE_P(Legal, CredentialsTailTest, testing::ValuesIn(legal), tail_name);

const std::vector<TailCase> illegal{
    {"ThreeStandWithoutQuotes",
     with_md5(R"(, qop="auth", nc="00000001", cnonce="c", algorithm="MD5")"),
     "SL-quoted-qop 106+4 | SL-quoted-nc 117+8 | SL-quoted-algorithm 151+3"},
    {"UnquotedStrings",
     ", response=0123456789abcdef0123456789abcdef, qop=auth, nc=00000001, cnonce=c, opaque=o, "
     "auts=a=",
     "SL-unquoted-string 65+32 | SL-unquoted-string 129+1 | SL-unquoted-opaque 139+1 | "
     "SL-unquoted-string 147+2"},
    {"QopWithoutCompany", with_md5(", qop=auth"), "SL-missing-cnonce 109+0 | SL-missing-nc 109+0"},
    {"CompanyWithoutQop", with_md5(R"(, nc=00000001)"), "SL-cnonce-without-qop 104+8"},
    {"UnknownQop", with_md5(R"(, qop=token, nc=00000001, cnonce="c")"), "SL-unknown-qop 105+5"},
    {"NineDigitsOfNc", with_md5(R"(, qop=auth, nc=000000001, cnonce="c")"), "SL-bad-nc 114+9"},
    {"NcIsNotHex", with_md5(R"(, qop=auth, nc=0000000g, cnonce="c")"), "SL-bad-nc 114+8"},
    {"UpperCaseNc", with_md5(R"(, qop=auth, nc=0000000A, cnonce="c")"), "SL-upper-case-nc 114+8"},
    {"NoResponse", "", "SL-missing-response 54+0"},
    {"EmptyResponseToANonce", R"(, response="")", "SL-empty-response 66+0"},
    {"ShortAndUpperCaseResponse", R"(, response="ABC")",
     "SL-upper-case-response 66+3 | SL-response-length 66+3"},
    {"ResponseOfTheWrongAlgorithm", with_md5(", algorithm=SHA-256"),
     "SL-sha-without-qop 111+7 | SL-response-length 66+32"},
    {"NoHexAtAll", R"(, response="zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz")", "SL-response-not-hex 66+32"},
    {"BothUsernames", with_md5(R"(, username*=UTF-8''u)"), "SL-two-usernames 101+9"},
    {"SessionWithoutQop", with_md5(", algorithm=MD5-sess"), "SL-session-without-qop 111+8"},
    {"UserhashMaybe", with_md5(", userhash=maybe"), "SL-userhash-not-boolean 110+5"},
    {"SecondUriAndSecondOpaque", with_md5(R"(, uri="sip:x", opaque="", opaque="")"),
     "SL-duplicate-required 101+3 | SL-duplicate-parameter 125+6"},
    {"SecondCredentialsInTheRow", with_md5(R"(, Digest username="v")"),
     "SL-merged-credentials 101+6"},
    {"RealmOfAChallengeOnly", with_md5(", stale=true"), "SL-unknown-parameter 101+5"},
};
INSTANTIATE_TEST_SUITE_P(Illegal, CredentialsTailTest, testing::ValuesIn(illegal), tail_name);

struct WholeCase {
  std::string_view proves = {};
  std::string_view text = {};
  std::string_view reading = {};
  std::string_view reported = "";
};

void PrintTo(const WholeCase& row, std::ostream* out) { *out << row.text; }

class CredentialsTest : public testing::TestWithParam<WholeCase> {};

TEST_P(CredentialsTest, IsReadAndReported) {
  Diagnostics diagnostics;
  const auto credentials = Credentials::parse(GetParam().text, diagnostics);
  ASSERT_TRUE(credentials) << credentials.error().sentence();
  EXPECT_EQ(reading(*credentials), GetParam().reading);
  EXPECT_EQ(reported(diagnostics), GetParam().reported);
}

const std::vector<WholeCase> whole{
    {"EmptyResponseToAnEmptyNonce",
     R"(Digest username="u@r", realm="r", nonce="", uri="sip:r", response="")",
     R"(7 username="u@r" | 23 realm="r" | 34 nonce="" | 44 uri="sip:r" | 57 response="")"},
    {"AnAnswerToAnEmptyNonce",
     R"(Digest username="u", realm="r", nonce="", uri="sip:r", )"
     R"(response="0123456789abcdef0123456789abcdef")",
     R"(7 username="u" | 21 realm="r" | 32 nonce="" | 42 uri="sip:r" | )"
     R"(55 response="0123456789abcdef0123456789abcdef")",
     "SL-empty-nonce 39+0"},
    {"SchemeAloneLacksEverything", "digest ", "",
     "SL-missing-username 6+0 | SL-missing-realm 6+0 | SL-missing-nonce 6+0 | "
     "SL-missing-uri 6+0 | SL-missing-response 6+0"},
    {"EndsInsideAName", R"(Digest username="u", realm="r", nonc)",
     R"(7 username="u" | 21 realm="r")",
     "SL-not-a-parameter 32+4 | SL-missing-nonce 36+0 | SL-missing-uri 36+0 | "
     "SL-missing-response 36+0"},
    {"EndsInsideTheUsername", R"(Digest username="bob)", R"(7 username="bob")",
     "SL-open-string 16+1 | SL-missing-realm 20+0 | SL-missing-nonce 20+0 | "
     "SL-missing-uri 20+0 | SL-missing-response 20+0"},
    {"ExtendedUsername",
     R"(Digest username*=UTF-8'en'J%C3%A4s%6f, realm="r", nonce="n", uri="sip:r", )"
     R"(response="0123456789abcdef0123456789abcdef")",
     R"(7 username*=UTF-8'en'J%C3%A4s%6f | 39 realm="r" | 50 nonce="n" | 61 uri="sip:r" | )"
     R"(74 response="0123456789abcdef0123456789abcdef")"},
    {"TheUriHasNoBrackets",
     R"(Digest username="u", realm="r", nonce="n", )"
     R"(uri="<sip:r>", response="0123456789abcdef0123456789abcdef")",
     R"(7 username="u" | 21 realm="r" | 32 nonce="n" | 43 uri="<sip:)"
     R"(r>" | 58 response="0123456789abcdef0123456789abcdef")",
     "SL-digest-uri 48+7"},
    {"TheUriHasNoBlanks",
     R"(Digest username="u", realm="r", nonce="n", )"
     R"(uri="sip: r", response="0123456789abcdef0123456789abcdef")",
     R"(7 username="u" | 21 realm="r" | 32 nonce="n" | 43 uri="sip: )"
     R"(r" | 57 response="0123456789abcdef0123456789abcdef")",
     "SL-digest-uri 48+6"},
    {"TheUriHasAScheme",
     R"(Digest username="u", realm="r", nonce="n", )"
     R"(uri="r.example", response="0123456789abcdef0123456789abcdef")",
     R"(7 username="u" | 21 realm="r" | 32 nonce="n" | 43 uri="r.exa)"
     R"(mple" | 60 response="0123456789abcdef0123456789abcdef")",
     "SL-digest-uri 48+9"},
    {"AnAsteriskIsAUri",
     R"(Digest username="u", realm="r", nonce="n", )"
     R"(uri="*", response="0123456789abcdef0123456789abcdef")",
     R"(7 username="u" | 21 realm="r" | 32 nonce="n" | 43 uri="*" | )"
     R"(52 response="0123456789abcdef0123456789abcdef")",
     ""},
    {"AUriMayBeAPath",
     R"(Digest username="u", realm="r", nonce="n", )"
     R"(uri="/r", response="0123456789abcdef0123456789abcdef")",
     R"(7 username="u" | 21 realm="r" | 32 nonce="n" | 43 uri="/r" |)"
     R"( 53 response="0123456789abcdef0123456789abcdef")",
     ""},
    {"ExtendedUsernameWithABadEscape",
     R"(Digest username*=UTF-8''J%C, realm="r", nonce="n", uri="", )"
     R"(response="0123456789abcdef0123456789abcdef")",
     R"(7 username*=UTF-8''J%C | 29 realm="r" | 40 nonce="n" | 51 uri="" | )"
     R"(59 response="0123456789abcdef0123456789abcdef")",
     "SL-bad-ext-value 17+10 | SL-empty-uri 56+0"},
    {"UnquotedUriKeepsItsParameters",
     R"(Digest username="u", realm="r", nonce="n", uri=sip:r;transport=tcp?a=b, )"
     R"(response="0123456789abcdef0123456789abcdef")",
     R"(7 username="u" | 21 realm="r" | 32 nonce="n" | 43 uri=sip:r;transport=tcp?a=b | )"
     R"(72 response="0123456789abcdef0123456789abcdef")",
     "SL-unquoted-string 47+23"},
    {"BasicIsNotDecoded", "Basic dXNlcjpwYXNzd29yZA==", "", "SL-basic-sent 0+5"},
    {"BearerIsNotOurs", "Bearer mF_9.B5f-4.1JqM", ""},
};
INSTANTIATE_TEST_SUITE_P(Whole, CredentialsTest, testing::ValuesIn(whole),
                         [](const auto& row) { return std::string{row.param.proves}; });

TEST(CredentialsAccessors, ReadWhatTheyAreNamedAfter) {
  const std::string_view text =
      R"(Digest username="a", realm="b", nonce="c", uri="d", response="e", algorithm=f, )"
      R"(cnonce="g", opaque="h", qop=i, nc=j, userhash=k, auts="l")";
  Diagnostics diagnostics;
  const auto read = Credentials::parse(text, diagnostics);
  ASSERT_TRUE(read);
  std::string all;
  for (const auto value : {read->username(), read->realm(), read->nonce(), read->uri(),
                           read->response(), read->algorithm(), read->cnonce(), read->opaque(),
                           read->qop(), read->nc(), read->userhash(), read->auts()}) {
    all += value.value_or("-");
  }
  EXPECT_EQ(all, "abcdefghijkl");
  EXPECT_TRUE(read->is_digest());
}

TEST(CredentialsError, WithoutAScheme) {
  Diagnostics diagnostics;
  const auto read = Credentials::parse(R"(username="u")", diagnostics);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error(), (ParseError{ParseError::Kind::not_a_scheme, 0}));
}

}  // namespace
}  // namespace sipauth
