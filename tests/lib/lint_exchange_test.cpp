// Rules about what only several messages show: told where they show it, and silent elsewhere.
#include "sipauth/lint_exchange.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "lib/reported.hpp"
#include "sipauth/lint.hpp"
#include "sipauth/lint_policy.hpp"
#include "sipauth/rules.hpp"
#include "sipauth/trace.hpp"

namespace sipauth {
namespace {

// All of a trace, with offsets of the trace.
Diagnostics lint_all(std::string_view text) {
  Diagnostics diagnostics;
  ExchangeLint exchange;
  TraceReader reader{text};
  auto message = reader.next();
  if (!message || message->is_fragment) {
    static_cast<void>(lint_pasted(text, diagnostics, &exchange));
    return diagnostics;
  }
  for (; message; message = reader.next()) {
    static_cast<void>(lint_traced(*message, diagnostics, &exchange));
  }
  return diagnostics;
}

// What ExchangeLint said of it: `rule` and the marked text, of each.
std::string told_of(std::string_view text) {
  std::string all;
  for (const auto& [rule, where] : lint_all(text).list()) {
    if (!is_of_exchange(rule)) continue;
    if (!all.empty()) all += " | ";
    all.append(rule->name).append(" ").append(text.substr(where.offset, where.length));
  }
  return all;
}

TEST(ExchangeRules, WrongBreaksItsRuleAloneAndRightBreaksNone) {
  for (const auto& rule : exchange_rules) {
    EXPECT_EQ(rule.example_of, ExampleOf::exchange) << rule.name;
    const auto wrong = lint_all(rule.wrong);
    ASSERT_EQ(wrong.list().size(), 1U) << rule.name << ": " << reported(wrong);
    EXPECT_EQ(wrong.list().front().rule->name, rule.name);
    EXPECT_TRUE(is_of_exchange(wrong.list().front().rule));
    EXPECT_EQ(reported(lint_all(rule.right)), "") << rule.name;
  }
}

TEST(ExchangeRules, AreGraverByPolicy) {
  const auto severity = [](LintPolicy policy, RuleId rule) { return severity_under(policy, rule); };
  EXPECT_EQ(severity(LintPolicy::field, "SL-md5-only"), Severity::note);
  EXPECT_EQ(severity(LintPolicy::rfc3261, "SL-md5-only"), Severity::note);
  EXPECT_EQ(severity(LintPolicy::rfc8760, "SL-md5-only"), Severity::warning);
  EXPECT_EQ(severity(LintPolicy::field, "SL-stale-at-first"), Severity::warning);
  EXPECT_EQ(severity(LintPolicy::rfc3261, "SL-stale-at-first"), Severity::error);
  EXPECT_EQ(severity(LintPolicy::rfc8760, "SL-guessable-nonce"), Severity::error);
  EXPECT_EQ(severity(LintPolicy::rfc8760, "SL-short-nonce"), Severity::warning);
}

// --- Messages to put together. ---

const std::string nonce = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";

std::string rows(const std::string& start, int number, const std::string& more,
                 const std::string& method = "REGISTER") {
  const auto text = std::to_string(number);
  return start + "\r\nVia: SIP/2.0/UDP 192.0.2.1:5062;branch=z9hG4bKa" + text +
         "\r\nMax-Forwards: 70\r\nFrom: <sip:u@pbx.example>;tag=f\r\nTo: <sip:u@pbx.example>" +
         (start.starts_with("SIP") ? ";tag=t" : "") + "\r\nCall-ID: c\r\nCSeq: " + text + " " +
         method + "\r\n" + more + "Content-Length: 0\r\n\r\n";
}

std::string registration(int number, const std::string& more = "") {
  return rows("REGISTER sip:pbx.example SIP/2.0", number, more);
}

std::string unauthorized(int number, const std::string& parameters) {
  return rows("SIP/2.0 401 Unauthorized", number,
              "WWW-Authenticate: Digest " + parameters + ", algorithm=SHA-256\r\n");
}

std::string challenge(const std::string& more = ", qop=\"auth\"",
                      const std::string& realm = "pbx.example") {
  return "realm=\"" + realm + "\", nonce=\"" + nonce + "\"" + more;
}

std::string answer(const std::string& more, const std::string& header = "Authorization") {
  return header + ": Digest username=\"u\", realm=\"pbx.example\", nonce=\"" + nonce +
         "\", uri=\"sip:pbx.example\", algorithm=SHA-256, response=\"" + std::string(64, 'a') +
         "\"" + more + "\r\n";
}

const std::string counted = ", cnonce=\"c\", nc=00000001";

struct Case {
  std::string_view proves = {};
  std::string text = {};
  std::string_view told = {};
};

void PrintTo(const Case& row, std::ostream* out) { *out << row.text; }

class ExchangeLintTest : public testing::TestWithParam<Case> {};

TEST_P(ExchangeLintTest, TellsWhatTheTraceShows) {
  EXPECT_EQ(told_of(GetParam().text), GetParam().told);
}

const std::vector<Case> cases{
    // stale on a first challenge
    {"StaleAnswersNoCredentials",
     registration(1) + unauthorized(1, challenge(", qop=\"auth\", stale=TRUE")),
     "SL-stale-at-first TRUE"},
    {"StaleAnswersCredentials",
     registration(1, answer("")) + unauthorized(1, challenge(", qop=\"auth\", stale=true")), ""},
    {"StaleWithoutItsRequest", unauthorized(1, challenge(", qop=\"auth\", stale=true")), ""},
    {"StaleToAnotherRequest",
     registration(2) + unauthorized(1, challenge(", qop=\"auth\", stale=true")), ""},
    {"StaleIsFalse", registration(1) + unauthorized(1, challenge(", qop=\"auth\", stale=FALSE")),
     ""},
    {"StaleToEmptyCredentialsOfIms",
     registration(1,
                  "Authorization: Digest username=\"u\", realm=\"pbx.example\", "
                  "uri=\"sip:pbx.example\", nonce=\"\", response=\"\"\r\n") +
         unauthorized(1, challenge(", qop=\"auth\", stale=true")),
     ""},
    {"StaleOfAProxyThatWasNeverAnswered",
     registration(1, answer(", qop=auth" + counted)) +
         rows("SIP/2.0 407 Proxy Authentication Required", 1,
              "Proxy-Authenticate: Digest " + challenge(", qop=\"auth\", stale=true") +
                  ", algorithm=SHA-256\r\n"),
     "SL-stale-at-first true"},
    {"StaleToARequestOfWhichRowsAreLeftOut",
     "REGISTER sip:pbx.example SIP/2.0\nVia: SIP/2.0/UDP 192.0.2.1:5062;branch=z9hG4bKa1\n"
     "From: <sip:u@pbx.example>;tag=f\nTo: <sip:u@pbx.example>\nCall-ID: c\nCSeq: 1 REGISTER\n"
     "...\nContent-Length: 0\n\n" +
         unauthorized(1, challenge(", qop=\"auth\", stale=true")),
     ""},
    // realms
    {"AnotherRealm",
     registration(1) + unauthorized(1, challenge()) + registration(2) +
         unauthorized(2, challenge(", qop=\"auth\"", "other.example")),
     "SL-realm-changes other.example"},
    {"AnotherRealmOfAnotherRegistrar",
     registration(1) + unauthorized(1, challenge()) +
         rows("REGISTER sip:spare.example SIP/2.0", 2, "") +
         unauthorized(2, challenge(", qop=\"auth\"", "spare.example")),
     ""},
    {"RealmsOfCallsDiffer",
     rows("INVITE sip:b@pbx.example SIP/2.0", 1, "", "INVITE") +
         rows("SIP/2.0 401 Unauthorized", 1,
              "WWW-Authenticate: Digest " + challenge() + ", algorithm=SHA-256\r\n", "INVITE") +
         rows("INVITE sip:b@pbx.example SIP/2.0", 2, "", "INVITE") +
         rows("SIP/2.0 401 Unauthorized", 2,
              "WWW-Authenticate: Digest " + challenge(", qop=\"auth\"", "b.example") +
                  ", algorithm=SHA-256\r\n",
              "INVITE"),
     ""},
    {"ADefaultRealmIsToldOnce",
     registration(1) + unauthorized(1, challenge(", qop=\"auth\"", "Asterisk")) + registration(2) +
         unauthorized(2, challenge(", qop=\"auth\"", "Asterisk")),
     "SL-default-realm Asterisk"},
    // nonces
    {"EightHexadecimalDigits", "WWW-Authenticate: Digest realm=\"r\", nonce=\"1f2e3d4c\"",
     "SL-short-nonce 1f2e3d4c"},
    {"SixteenHexadecimalDigits", "WWW-Authenticate: Digest realm=\"r\", nonce=\"A1B2C3D4E5F60718\"",
     ""},
    {"ElevenCharactersOfBase64", "WWW-Authenticate: Digest realm=\"r\", nonce=\"xY12345678z\"", ""},
    {"TenCharactersOfBase64", "WWW-Authenticate: Digest realm=\"r\", nonce=\"xY1234567z\"",
     "SL-short-nonce xY1234567z"},
    {"SevenDigits", R"(Digest realm="r", nonce="1234567")", "SL-guessable-nonce 1234567"},
    {"AnUnreadableNonce", "WWW-Authenticate: Digest realm=\"r\", nonce=\"xxx\"", ""},
    {"ACutNonce", "WWW-Authenticate: Digest realm=\"r\", nonce=\"1f2e...\"", ""},
    {"EachRealmOnce",
     "WWW-Authenticate: Digest realm=\"r\", nonce=\"1f2e3d4c\"\r\n"
     "WWW-Authenticate: Digest realm=\"r\", nonce=\"2f2e3d4c\"\r\n"
     "WWW-Authenticate: Digest realm=\"s\", nonce=\"3f2e3d4c\"\r\n",
     "SL-short-nonce 1f2e3d4c | SL-short-nonce 3f2e3d4c"},
    // MD5
    {"Md5Alone",
     rows("SIP/2.0 401 Unauthorized", 1, "WWW-Authenticate: Digest " + challenge() + "\r\n"),
     "SL-md5-only Digest"},
    {"Md5BesideSha",
     rows("SIP/2.0 401 Unauthorized", 1,
          "WWW-Authenticate: Digest " + challenge(", qop=\"auth\", algorithm=SHA-256") +
              "\r\nWWW-Authenticate: Digest " + challenge() + "\r\n"),
     ""},
    {"Md5BesideBearer",
     rows("SIP/2.0 401 Unauthorized", 1,
          "WWW-Authenticate: Digest " + challenge() +
              "\r\nWWW-Authenticate: Bearer authz_server=\"https://a.example\"\r\n"),
     ""},
    {"AkaIsNotMd5",
     rows("SIP/2.0 401 Unauthorized", 1,
          "WWW-Authenticate: Digest " + challenge(", qop=\"auth\", algorithm=AKAv1-MD5") + "\r\n"),
     ""},
    {"OfOneRowNobodyKnowsTheOthers", "WWW-Authenticate: Digest " + challenge(), ""},
    // qop
    {"QopWhereNoneWasOffered",
     unauthorized(1, challenge("")) + registration(2, answer(", qop=auth" + counted)),
     "SL-qop-not-offered auth"},
    {"QopOfTheListOffered",
     unauthorized(1, challenge(", qop=\"auth, auth-int\"")) +
         registration(2, answer(", qop=auth-int" + counted)),
     ""},
    {"QopInOtherCase",
     unauthorized(1, challenge()) + registration(2, answer(", qop=AUTH" + counted)), ""},
    {"QopNotInTheList",
     unauthorized(1, challenge()) + registration(2, answer(", qop=auth-int" + counted)),
     "SL-qop-not-offered auth-int"},
    {"QopOfAnUnknownChallenge", registration(2, answer(", qop=auth" + counted)), ""},
    {"QopOfHeaderRowsAlone",
     "WWW-Authenticate: Digest " + challenge("") + "\r\n" + answer(", qop=auth" + counted),
     "SL-qop-not-offered auth"},
    {"QopOfAnotherRealm",
     unauthorized(1, challenge("", "other.example")) +
         registration(2, answer(", qop=auth" + counted)),
     ""},
    {"QopWhereTheListIsUnreadable",
     unauthorized(1, challenge(", qop=\"xxx\"")) + registration(2, answer(", qop=auth" + counted)),
     ""},
    {"QopOfOneOfTwoRows",
     rows("SIP/2.0 401 Unauthorized", 1,
          "WWW-Authenticate: Digest " + challenge(", algorithm=SHA-256, qop=\"auth\"") +
              "\r\nWWW-Authenticate: Digest " + challenge(", algorithm=MD5") + "\r\n") +
         registration(2, answer(", qop=auth" + counted)) + registration(3, answer("")),
     ""},
    {"QopLeftOut", unauthorized(1, challenge()) + registration(2, answer("")),
     "SL-qop-left-out Digest"},
    {"NoQopForNone", unauthorized(1, challenge("")) + registration(2, answer("")), ""},
    // the echo of a response
    {"AnotherPortInTheVia",
     registration(1) + "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 192.0.2.1:5099;branch=z9hG4bKa1\r\n"
                       "From: <sip:u@pbx.example>;tag=f\r\nTo: <sip:u@pbx.example>;tag=t\r\n"
                       "Call-ID: c\r\nCSeq: 1 REGISTER\r\nContent-Length: 0\r\n\r\n",
     "SL-response-via 192.0.2.1"},
    {"ReceivedAndRportAreAdded",
     registration(1) + "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP "
                       "192.0.2.1:5062;branch=z9hG4bKa1;received=198.51.100.1;rport=1024\r\n"
                       "From: <sip:u@pbx.example>;tag=f\r\nTo: <sip:u@pbx.example>;tag=t\r\n"
                       "Call-ID: c\r\nCSeq: 1 REGISTER\r\nContent-Length: 0\r\n\r\n",
     ""},
    {"TheSameRequestSeenOnTwoHops",
     registration(1) +
         "REGISTER sip:pbx.example SIP/2.0\r\n"
         "Via: SIP/2.0/UDP 198.51.100.1:1024;branch=z9hG4bKa1\r\n"
         "Max-Forwards: 70\r\nFrom: <sip:u@pbx.example>;tag=f\r\n"
         "To: <sip:u@pbx.example>\r\nCall-ID: c\r\nCSeq: 1 REGISTER\r\n"
         "Content-Length: 0\r\n\r\n" +
         rows("SIP/2.0 200 OK", 1, ""),
     ""},
    {"AnotherFromTag",
     registration(1) + "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 192.0.2.1:5062;branch=z9hG4bKa1\r\n"
                       "From: <sip:u@pbx.example>;tag=g\r\nTo: <sip:u@pbx.example>;tag=t\r\n"
                       "Call-ID: c\r\nCSeq: 1 REGISTER\r\nContent-Length: 0\r\n\r\n",
     "SL-response-from g"},
    {"AnotherCallId",
     registration(1) + "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 192.0.2.1:5062;branch=z9hG4bKa1\r\n"
                       "From: <sip:u@pbx.example>;tag=f\r\nTo: <sip:u@pbx.example>;tag=t\r\n"
                       "Call-ID: d\r\nCSeq: 1 REGISTER\r\nContent-Length: 0\r\n\r\n",
     "SL-response-call-id d"},
    {"AnotherCSeq",
     registration(1) + "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 192.0.2.1:5062;branch=z9hG4bKa1\r\n"
                       "From: <sip:u@pbx.example>;tag=f\r\nTo: <sip:u@pbx.example>;tag=t\r\n"
                       "Call-ID: c\r\nCSeq: 9 REGISTER\r\nContent-Length: 0\r\n\r\n",
     "SL-response-cseq 9 REGISTER"},
    {"ABranchOfAnotherExample",
     registration(1) + "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 192.0.2.1:5062;branch=z9hG4bKa1\r\n"
                       "From: <sip:u@pbx.example>;tag=f\r\nTo: <sip:u@pbx.example>;tag=t\r\n"
                       "Call-ID: d\r\nCSeq: 9 REGISTER\r\nContent-Length: 0\r\n\r\n",
     ""},
    {"AnAddressMadeUnreadable",
     registration(1) + "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP x.x.x.x:5062;branch=z9hG4bKa1\r\n"
                       "From: <sip:u@pbx.example>;tag=f\r\nTo: <sip:u@pbx.example>;tag=t\r\n"
                       "Call-ID: c\r\nCSeq: 1 REGISTER\r\nContent-Length: 0\r\n\r\n",
     ""},
};
INSTANTIATE_TEST_SUITE_P(Rows, ExchangeLintTest, testing::ValuesIn(cases),
                         [](const auto& row) { return std::string{row.param.proves}; });

TEST(ExchangeLint, IsPatientWithAPeerThatUsesOneBranchForEver) {
  std::string text;
  for (int i = 0; i < 200; ++i) text += registration(1);
  EXPECT_EQ(told_of(text + unauthorized(1, challenge())), "");
}

}  // namespace
}  // namespace sipauth
