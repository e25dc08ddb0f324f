#include "sipauth/lint.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "lib/allocations.hpp"
#include "lib/reported.hpp"

namespace sipauth {
namespace {

// --- What kind of text it is. ---

struct KindCase {
  std::string_view proves = {};
  std::string_view text = {};
  InputKind kind = InputKind::message;
};

class KindTest : public testing::TestWithParam<KindCase> {};

TEST_P(KindTest, IsSeenFromItsBeginning) { EXPECT_EQ(kind_of(GetParam().text), GetParam().kind); }

const std::vector<KindCase> kinds{
    {"Response", "SIP/2.0 401 Unauthorized\r\n", InputKind::message},
    {"Request", "REGISTER sip:r SIP/2.0\r\n", InputKind::message},
    {"RequestToAnAbsoluteUri", "GET http://h/?a=b HTTP/1.1\r\n", InputKind::message},
    {"ResponseBehindBlankLines", "\r\n\r\nSIP/2.0 200 OK\r\n", InputKind::message},
    {"Nothing", "", InputKind::message},
    {"Prose", "hello world", InputKind::message},
    {"Noise", "\x01\x02", InputKind::message},
    {"HeaderRow", "WWW-Authenticate: Digest realm=\"r\"", InputKind::header},
    {"HeaderRowWithABlankBeforeTheColon", "  Via : SIP/2.0/UDP h", InputKind::header},
    {"Challenge", "Digest realm=\"r\", nonce=\"n\"", InputKind::challenge},
    {"ChallengeWithAUriAsSofiaSends", "Digest realm=\"r\", uri=\"sip:r\"", InputKind::challenge},
    {"ChallengeWithoutItsScheme", "realm=\"r\", nonce=\"n\"", InputKind::challenge},
    {"SchemeAlone", "Digest", InputKind::challenge},
    {"UnknownSchemeWithParameters", "Foo realm=\"r\"", InputKind::challenge},
    {"BasicChallenge", "Basic realm=\"r\"", InputKind::challenge},
    {"Credentials", "Digest username=\"u\", realm=\"r\"", InputKind::credentials},
    {"CredentialsWithoutAUsername", "Digest realm=\"r\", response=\"\"", InputKind::credentials},
    {"CredentialsWithAnExtendedUsername", "Digest username*=UTF-8''u", InputKind::credentials},
    {"BasicCredentials", "Basic dXNlcjpwYXNzd29yZA==", InputKind::credentials},
};
INSTANTIATE_TEST_SUITE_P(Rows, KindTest, testing::ValuesIn(kinds),
                         [](const auto& row) { return std::string{row.param.proves}; });

// --- The rule tables' own examples. ---

std::string lint_of(std::string_view text) {
  Diagnostics diagnostics;
  const auto read = lint_text(text, diagnostics);
  if (!read && diagnostics.list().empty()) return std::string{read.error().sentence()};
  std::string names;
  for (const auto& diagnostic : diagnostics.list()) names += std::string{diagnostic.rule->name};
  return names;
}

TEST(LintRules, WrongBreaksItsRuleAloneAndRightBreaksNone) {
  for (const auto& rule : lint_rules) {
    EXPECT_EQ(kind_of(rule.wrong), InputKind::message) << rule.name;
    EXPECT_EQ(lint_of(rule.wrong), rule.name);
    EXPECT_EQ(lint_of(rule.right), "") << rule.name;
  }
}

TEST(AuthRules, AreSeenFromTheKindOfTheTextToo) {
  for (const auto& rule : rules) {
    if (rule.example_of != ExampleOf::challenge && rule.example_of != ExampleOf::credentials) {
      continue;
    }
    // Merged challenges are read one after the other, so the second may break rules as well.
    EXPECT_TRUE(lint_of(rule.wrong).starts_with(rule.name)) << lint_of(rule.wrong);
    EXPECT_EQ(lint_of(rule.right), "") << rule.name;
  }
}

// --- Offsets, and what goes together. ---

constexpr std::string_view start_of_401 =
    "SIP/2.0 401 Unauthorized\r\n"
    "Via: SIP/2.0/UDP h;branch=z9hG4bK1\r\n"
    "From: <sip:u@r>;tag=1\r\n"
    "To: <sip:u@r>;tag=2\r\n"
    "Call-ID: 1\r\n"
    "CSeq: 1 REGISTER\r\n";
static_assert(start_of_401.size() == 136);

struct Case {
  std::string_view proves = {};
  std::string rows = {};
  std::string_view reported = {};
};

void PrintTo(const Case& row, std::ostream* out) { *out << row.rows; }

class LintMessageTest : public testing::TestWithParam<Case> {};

TEST_P(LintMessageTest, CountsFromTheFirstByteOfTheMessage) {
  const auto text = std::string{start_of_401} + GetParam().rows + "\r\n";
  Diagnostics diagnostics;
  const auto before = allocations();
  const auto read = lint_message(text, diagnostics);
  EXPECT_EQ(allocations(), before);
  ASSERT_TRUE(read) << read.error().sentence();
  EXPECT_EQ(reported(diagnostics), GetParam().reported);
}

std::string row_of(std::string_view parameters) {
  return "WWW-Authenticate: Digest qop=\"auth\", " + std::string{parameters} + "\r\n";
}

const std::vector<Case> cases{
    {"ACleanChallenge", row_of(R"(realm="r", nonce="n")"), ""},
    {"TheLostComma",
     "WWW-Authenticate: Digest realm=\"asterisk\", nonce=\"397d281a\" stale=true\r\n",
     "SL-missing-comma 195+0 | SL-missing-qop 206+0"},
    {"BothChallengesOfAMergedRow",
     "WWW-Authenticate: Digest realm=\"a\", nonce=\"b\", Digest realm=\"a\", nonce='d'\r\n",
     "SL-merged-challenges 183+6 | SL-missing-qop 181+0 | SL-single-quotes 207+3 | "
     "SL-missing-qop 210+0 | SL-same-challenge-twice 183+6"},
    {"ADateOfALeapSecond", "Date: Sat, 01 Jan 2000 23:59:60 GMT\r\n",
     "SL-401-without-challenge 0+24"},
    {"ADateInOtherCase", "Date: sat, 01 JAN 2000 23:59:60 gmt\r\n",
     "SL-date 142+29 | SL-401-without-challenge 0+24"},
    {"ADateOfAnotherZone", "Date: Sat, 01 Jan 2000 00:00:00 EST\r\n",
     "SL-date 142+29 | SL-401-without-challenge 0+24"},
    {"ADateOfNoMonth", "Date: Sat, 01 Foo 2000 00:00:00 GMT\r\n",
     "SL-date 142+29 | SL-401-without-challenge 0+24"},
    {"ADateOfTheDay32", "Date: Sat, 32 Jan 2000 00:00:00 GMT\r\n",
     "SL-date 142+29 | SL-401-without-challenge 0+24"},
    {"ADateOfAnotherShape", "Date: today\r\n", "SL-date 142+5 | SL-401-without-challenge 0+24"},
    {"ProxyChallengeInA401",
     "Proxy-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"\r\n",
     "SL-401-without-challenge 0+24"},
    {"ChallengesOfProxyAndRegistrarAreNoPair",
     row_of(R"(realm="r", nonce="n")") +
         "Proxy-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"\r\n",
     "SL-both-challenges 215+6"},
    {"ThreeAlgorithmsOfOneRealm",
     row_of(R"(realm="r", nonce="n", algorithm=SHA-512-256)") +
         row_of(R"(realm="r", nonce="n", algorithm=SHA-256)") +
         row_of(R"(realm="r", nonce="n", algorithm=MD5)"),
     "SL-sha-first 154+6"},
    {"Md5BetweenTwoSha",
     row_of(R"(realm="r", nonce="n", algorithm=SHA-256)") +
         row_of(R"(realm="r", nonce="n", algorithm=MD5)") +
         row_of(R"(realm="r", nonce="n", algorithm=SHA-512-256)"),
     "SL-sha-first 154+6 | SL-md5-first 232+6"},
    {"ImsBesideDigest",
     row_of(R"(realm="r", nonce="AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", )"
            R"(algorithm=AKAv1-MD5)") +
         row_of(R"(realm="r", nonce="n", algorithm=SHA-256)"),
     ""},
    {"SeveralRealmsAreNotedOnce",
     row_of(R"(realm="a", nonce="n")") + row_of(R"(realm="b", nonce="n")") +
         row_of(R"(realm="c", nonce="n")"),
     "SL-several-realms 213+6"},
    {"FoldedRow", "WWW-Authenticate: Digest qop=\"auth\",\r\n realm=\"r\" nonce=\"n\"\r\n",
     "SL-folded-challenge 172+3 | SL-missing-comma 184+0"},
    {"AFoldWithinQuotesIsToldAsThat",
     "WWW-Authenticate: Digest qop=\"auth\", realm=\"r\r\n s\", nonce=\"n\"\r\n",
     "SL-fold-in-value 181+2"},
    {"ABlankBehindTheChallenge",
     "WWW-Authenticate: Digest qop=\"auth\", realm=\"r\", nonce=\"n\" \t\r\n",
     "SL-blank-behind-challenge 193+2"},
    {"CredentialsAndInfo",
     row_of(R"(realm="r", nonce="n")") +
         "Authorization: Digest\r\nAuthentication-Info: nextnonce=n\r\n",
     "SL-missing-username 216+0 | SL-missing-realm 216+0 | SL-missing-nonce 216+0 | "
     "SL-missing-uri 216+0 | SL-missing-response 216+0 | SL-unquoted-string 249+1"},
    {"TwoToAreTold", row_of(R"(realm="r", nonce="n")") + "t: <sip:x@r>;tag=3\r\n",
     "SL-repeated-header 195+1"},
    {"EveryContactOfARow",
     row_of(R"(realm="r", nonce="n")") + "m: <sip:a@h>, <sip:b%4@h>, nobody\r\n",
     "SL-uri-escape 215+2 | SL-not-an-address 222+6"},
    {"CommasRoundAContact",
     row_of(R"(realm="r", nonce="n")") + "m: ,<sip:a@h>\r\nm: <sip:b@h>,\r\n",
     "SL-list-empty-element 198+0 | SL-list-empty-element 223+0"},
    {"NegativeExpires", row_of(R"(realm="r", nonce="n")") + "Expires: -3600\r\n",
     "SL-not-a-number 204+5"},
};
INSTANTIATE_TEST_SUITE_P(Rows, LintMessageTest, testing::ValuesIn(cases),
                         [](const auto& row) { return std::string{row.param.proves}; });

// --- Header rows and bare values. ---

struct TextCase {
  std::string_view proves = {};
  std::string_view text = {};
  std::string_view reported = {};
};

void PrintTo(const TextCase& row, std::ostream* out) { *out << row.text; }

class LintTextTest : public testing::TestWithParam<TextCase> {};

TEST_P(LintTextTest, CountsFromTheFirstByteOfTheText) {
  Diagnostics diagnostics;
  const auto read = lint_text(GetParam().text, diagnostics);
  ASSERT_TRUE(read) << read.error().sentence();
  EXPECT_EQ(reported(diagnostics), GetParam().reported);
}

const std::vector<TextCase> texts{
    {"HeaderRow", "WWW-Authenticate: Digest realm=\"asterisk\", nonce=\"397d281a\" stale=true",
     "SL-missing-comma 59+0 | SL-missing-qop 70+0"},
    {"FoldedHeaderRow", "Authentication-Info:\r\n nextnonce=n\r\n", "SL-unquoted-string 33+1"},
    {"SeveralHeaderRows", "Expires: x\r\nMax-Forwards: 256\r\n",
     "SL-not-a-number 9+1 | SL-not-a-number 26+3"},
    {"ARowWithoutAColon", "Expires: 1\r\nExpires 2\r\n", "SL-no-colon 12+9"},
    {"HeaderNameWithABracket", "Expires: 1\r\nEx(pires: 2\r\n", "SL-header-name 12+8"},
    {"EmptyChallenge", "WWW-Authenticate:", "SL-unreadable-value 17+0"},
    {"OtherHeadersAreNotLookedInto", "Subject: Digest realm=", ""},
    {"BareChallenge", R"(Digest realm="a", nonce="b", Digest realm="c", nonce="d")",
     "SL-merged-challenges 29+6 | SL-missing-qop 27+0 | SL-missing-qop 56+0"},
    {"BareValueWithoutItsScheme", R"(realm="r", nonce="n", qop="auth")", "SL-not-a-scheme 0+32"},
    {"BareCredentials", R"(Digest username="u")",
     "SL-missing-realm 19+0 | SL-missing-nonce 19+0 | SL-missing-uri 19+0 | "
     "SL-missing-response 19+0"},
};
INSTANTIATE_TEST_SUITE_P(Rows, LintTextTest, testing::ValuesIn(texts),
                         [](const auto& row) { return std::string{row.param.proves}; });

struct ErrorCase {
  std::string_view text = {};
  ParseError error = {};
};

TEST(LintError, IsThatOfTheParser) {
  for (const auto& [text, error] : {
           ErrorCase{"", {ParseError::Kind::empty, 0}},
           {"hello world", {ParseError::Kind::not_sip, 6}},
       }) {
    Diagnostics diagnostics;
    const auto read = lint_text(text, diagnostics);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error(), error) << text;
  }
  Diagnostics diagnostics;
  const auto blank = lint_header(" \r\n", diagnostics);
  ASSERT_FALSE(blank);
  EXPECT_EQ(blank.error().kind, ParseError::Kind::empty);
  const auto long_header = lint_header(std::string(65'537, 'a'), diagnostics);
  ASSERT_FALSE(long_header);
  EXPECT_EQ(long_header.error().kind, ParseError::Kind::too_long);
}

TEST(ForEachChallenge, VisitsEveryRowAndMergedOneUpToTheBound) {
  std::string text{start_of_401};
  text += "Proxy-Authenticate: Digest realm=\"a\", Basic realm=\"b\"\r\n";
  text += "WWW-Authenticate: \r\n";
  for (int i = 0; i < 12; ++i) text += "WWW-Authenticate: Digest realm=\"c\"\r\n";
  text += "\r\n";
  Diagnostics diagnostics;
  const auto message = Message::parse(text, diagnostics);
  ASSERT_TRUE(message);
  std::string seen;
  for_each_challenge(
      *message, [&](const Header& header, const Challenge& challenge, const Diagnostics& found) {
        seen += header.id == HeaderId::proxy_authenticate ? 'p' : 'w';
        seen += challenge.realm().value_or("-");
        EXPECT_FALSE(found.list().empty());
      });
  EXPECT_EQ(seen, "papbwcwcwcwcwcwcwcwcwcwc");
}

}  // namespace
}  // namespace sipauth
