#include "sipauth/write.hpp"

#include <gtest/gtest.h>

#include "sipauth/authentication_info.hpp"
#include "sipauth/challenge.hpp"
#include "sipauth/credentials.hpp"
#include "sipauth/message.hpp"
#include "sipauth/text.hpp"

namespace sipauth {
namespace {

using Parameters = std::vector<WrittenParameter>;

TEST(WriteChallenge, QuotesWhatRfc7616Section3_3WantsInQuotes) {
  const Parameters parameters{{"realm", "r"},       {"nonce", "n"},       {"opaque", "o"},
                              {"domain", "sip:r"},  {"qop", "auth"},      {"stale", "true"},
                              {"algorithm", "MD5"}, {"charset", "UTF-8"}, {"userhash", "true"}};
  EXPECT_EQ(write_challenge(parameters),
            R"(Digest realm="r", nonce="n", opaque="o", domain="sip:r", qop="auth", stale=true, )"
            R"(algorithm=MD5, charset=UTF-8, userhash=true)");
}

TEST(WriteCredentials, QuotesWhatRfc7616Section3_4WantsInQuotes) {
  const Parameters parameters{{"username", "alice"}, {"realm", "r"},   {"nonce", "n"},
                              {"uri", "sip:r"},      {"response", ""}, {"algorithm", "MD5"},
                              {"cnonce", "c"},       {"opaque", "o"},  {"qop", "auth"},
                              {"nc", "00000001"},    {"auts", "YQ=="}};
  EXPECT_EQ(write_credentials(parameters),
            R"(Digest username="alice", realm="r", nonce="n", uri="sip:r", response="", )"
            R"(algorithm=MD5, cnonce="c", opaque="o", qop=auth, nc=00000001, auts="YQ==")");
}

TEST(WriteAuthenticationInfo, HasNoScheme) {
  const Parameters parameters{
      {"nextnonce", "n"}, {"qop", "auth"}, {"rspauth", "0f"}, {"cnonce", "c"}, {"nc", "00000001"}};
  EXPECT_EQ(write_authentication_info(parameters),
            R"(nextnonce="n", qop=auth, rspauth="0f", cnonce="c", nc=00000001)");
}

TEST(WriteChallenge, UnknownParametersAreQuotedWhenTheyAreNoToken) {
  EXPECT_EQ(write_challenge(Parameters{{"x", "1"}, {"y", "a b"}, {"z", ""}}),
            R"(Digest x=1, y="a b", z="")");
}

TEST(WriteChallenge, EscapesQuotesAndBackslashes) {
  EXPECT_EQ(write_challenge(Parameters{{"realm", R"(a "b" \)"}}), R"(Digest realm="a \"b\" \\")");
}

TEST(WriteChallenge, DeviatesInQuotingWhereAsked) {
  const Parameters parameters{{"realm", "r", Quoting::bare},
                              {"nonce", "n", Quoting::single_quoted},
                              {"stale", "true", Quoting::quoted}};
  EXPECT_EQ(write_challenge(parameters), R"(Digest realm=r, nonce='n', stale="true")");
}

struct Layout {
  std::string_view proves;
  ListLayout layout;
  std::string_view written;
};

TEST(WriteChallenge, DeviatesInLayoutWhereAsked) {
  const Parameters parameters{{"realm", "r"}, {"nonce", "n"}, {"stale", "true"}};
  const std::vector<Layout> rows{
      {"FirstAsteriskPatch", {.before_stale = " "}, R"(Digest realm="r", nonce="n" stale=true)"},
      {"AsteriskR5834", {.before_stale = " , "}, R"(Digest realm="r", nonce="n" , stale=true)"},
      {"NoBlank", {.separator = ","}, R"(Digest realm="r",nonce="n",stale=true)"},
      {"Semicolon", {.separator = "; "}, R"(Digest realm="r"; nonce="n"; stale=true)"},
      {"TrailingComma", {.trailing = ","}, R"(Digest realm="r", nonce="n", stale=true,)"},
      {"Folded", {.separator = ",\r\n "}, "Digest realm=\"r\",\r\n nonce=\"n\",\r\n stale=true"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(write_challenge(parameters, row.layout), row.written) << row.proves;
  }
}

TEST(WriteChallenge, StaleInFrontHasNothingBeforeIt) {
  EXPECT_EQ(write_challenge(Parameters{{"stale", "true"}}, {.before_stale = " , "}),
            "Digest stale=true");
}

TEST(WriteChallenge, NoValueCanBeginAnotherRow) {
  for (const auto quoting :
       {Quoting::as_due, Quoting::quoted, Quoting::bare, Quoting::single_quoted}) {
    const auto row = write_challenge(
        Parameters{{"realm\r\nX: 1", "a\r\nX: 2", quoting}, {"qop", "\n\r", quoting}}, {}, "D\r\n");
    EXPECT_FALSE(row.contains('\r')) << row;
    EXPECT_FALSE(row.contains('\n')) << row;
  }
}

// Any text survives writing and reading but for CR and LF, which no header row can hold.
TEST(RoundTrip, OfAnyValue) {
  for (const std::string_view value :
       {"", "plain", "with blank", R"("quoted")", R"(\)", R"(a\"b\\)", "comma, name=\"x\"", "=",
        "t\tab", "J\xc3\xa4s", "\xff\x80", "'"}) {
    const Parameters parameters{{"realm", std::string{value}}, {"nonce", "n"}, {"x", "y z"}};
    const auto text = write_challenge(parameters);
    Diagnostics diagnostics;
    const auto challenge = Challenge::parse(text, diagnostics);
    ASSERT_TRUE(challenge) << text;
    ASSERT_EQ(challenge->parameters().size(), 3U) << text;
    EXPECT_EQ(unquote(*challenge->realm()), value) << text;
    EXPECT_EQ(challenge->nonce(), "n") << text;
    EXPECT_EQ(challenge->value("x"), "y z") << text;
  }
}

TEST(RoundTrip, OfCredentialsWithoutADiagnostic) {
  const auto text = write_credentials(Parameters{{"username", "al\"ice"},
                                                 {"realm", "example.com"},
                                                 {"nonce", "dcd98b7102dd2f0e8b11d0f600bfb0c093"},
                                                 {"uri", "sip:example.com"},
                                                 {"response", "7fd96a22ed1d64a974701dbd8f92a14e"},
                                                 {"algorithm", "MD5"},
                                                 {"cnonce", "0a4f113b"},
                                                 {"qop", "auth"},
                                                 {"nc", "00000001"}});
  Diagnostics diagnostics;
  const auto credentials = Credentials::parse(text, diagnostics);
  ASSERT_TRUE(credentials);
  EXPECT_EQ(unquote(*credentials->username()), "al\"ice");
  EXPECT_EQ(credentials->nc(), "00000001");
  for (const auto& [rule, where] : diagnostics.list()) {
    EXPECT_EQ(rule->severity, Severity::note) << rule->name << " at " << where.offset;
  }
}

WrittenRequest register_request() {
  return {.request_uri = "sip:example.com",
          .transport = "UDP",
          .via_host = "127.0.0.1:5062",
          .branch = "z9hG4bK1",
          .from = "<sip:alice@example.com>;tag=1",
          .to = "<sip:alice@example.com>",
          .call_id = "abc@127.0.0.1",
          .cseq = 7,
          .user_agent = "sipauth"};
}

TEST(WriteRequest, HasWhatRfc3261Section8_1_1Wants) {
  auto request = register_request();
  request.headers = {{"Expires", "0"}};
  EXPECT_EQ(write_request(request),
            "REGISTER sip:example.com SIP/2.0\r\n"
            "Via: SIP/2.0/UDP 127.0.0.1:5062;branch=z9hG4bK1;rport\r\n"
            "Max-Forwards: 70\r\n"
            "From: <sip:alice@example.com>;tag=1\r\n"
            "To: <sip:alice@example.com>\r\n"
            "Call-ID: abc@127.0.0.1\r\n"
            "CSeq: 7 REGISTER\r\n"
            "User-Agent: sipauth\r\n"
            "Expires: 0\r\n"
            "Content-Length: 0\r\n\r\n");
}

TEST(WriteRequest, CountsTheBody) {
  auto request = register_request();
  request.body = "v=0\r\n";
  request.content_type = "application/sdp";
  EXPECT_TRUE(write_request(request).ends_with(
      "Content-Type: application/sdp\r\nContent-Length: 5\r\n\r\nv=0\r\n"));
}

TEST(WriteRequest, GivenContentLengthTakesThePlaceOfTheRightOne) {
  auto request = register_request();
  for (const auto name : {"Content-Length", "content-length", "l"}) {
    request.headers = {{name, "99"}};
    EXPECT_TRUE(write_request(request).ends_with(std::string{name} + ": 99\r\n\r\n")) << name;
    EXPECT_FALSE(write_request(request).contains("Content-Length: 0")) << name;
  }
}

TEST(WriteRequest, NothingButARawHeaderCanBeginAnotherRow) {
  const std::string evil = "x\r\nEvil: 1";
  WrittenRequest request{.method = evil,
                         .request_uri = evil,
                         .transport = evil,
                         .via_host = evil,
                         .branch = evil,
                         .from = evil,
                         .to = evil,
                         .call_id = evil,
                         .user_agent = evil,
                         .headers = {{evil, evil}},
                         .content_type = evil};
  EXPECT_FALSE(write_request(request).contains("\nEvil"));
  request.headers = {{"X", evil, true}};
  EXPECT_TRUE(write_request(request).contains("X: x\r\nEvil: 1\r\n"));
}

TEST(WriteResponse, NothingButARawHeaderCanBeginAnotherRow) {
  const std::vector<WrittenHeader> headers{{"X", "a\nEvil: 1"}};
  EXPECT_EQ(write_response(401, "No\r\nEvil: 1", headers),
            "SIP/2.0 401 NoEvil: 1\r\nX: aEvil: 1\r\nContent-Length: 0\r\n\r\n");
}

TEST(WriteResponse, CountsTheBody) {
  EXPECT_EQ(write_response(200, "OK", {}, "body"),
            "SIP/2.0 200 OK\r\nContent-Length: 4\r\n\r\nbody");
}

TEST(RoundTrip, OfARequest) {
  auto request = register_request();
  request.headers = {{"Authorization", R"(Digest username="alice")"}};
  request.body = "body";
  const auto text = write_request(request);
  Diagnostics diagnostics;
  const auto message = Message::parse(text, diagnostics);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->method(), "REGISTER");
  EXPECT_EQ(message->request_uri(), "sip:example.com");
  EXPECT_EQ(message->value(HeaderId::call_id), "abc@127.0.0.1");
  EXPECT_EQ(message->value(HeaderId::authorization), R"(Digest username="alice")");
  EXPECT_EQ(message->body(), "body");
  EXPECT_TRUE(diagnostics.list().empty());
}

TEST(RoundTrip, OfAResponse) {
  const std::vector<WrittenHeader> headers{
      {"Via", "SIP/2.0/UDP 127.0.0.1:5062;branch=z9hG4bK1"},
      {"From", "<sip:alice@example.com>;tag=1"},
      {"To", "<sip:alice@example.com>;tag=2"},
      {"Call-ID", "abc"},
      {"CSeq", "1 REGISTER"},
      {"WWW-Authenticate", "Digest realm=\"r\",\r\n nonce=\"n\"", true}};
  const auto text = write_response(401, "Unauthorized", headers);
  Diagnostics diagnostics;
  const auto message = Message::parse(text, diagnostics);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->status(), 401);
  EXPECT_EQ(message->reason(), "Unauthorized");
  const auto challenge = Challenge::parse(message->value(HeaderId::www_authenticate), diagnostics);
  ASSERT_TRUE(challenge);
  EXPECT_EQ(challenge->nonce(), "n");
}

}  // namespace
}  // namespace sipauth
