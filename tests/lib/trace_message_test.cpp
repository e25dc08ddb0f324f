// Single messages of a trace, their bodies, fragments, and what is no message.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "lib/trace_rows.hpp"
#include "sipauth/trace.hpp"

namespace sipauth {
namespace {

TEST(Trace, OneMessageWithItsCrLfIsTakenAsItIs) {
  for (const auto& text : {request, response, "\r\n" + request, request + "\r\n"}) {
    const auto messages = all_of(text);
    ASSERT_EQ(messages.size(), 1U);
    EXPECT_TRUE(messages[0].is_verbatim);
    EXPECT_EQ(messages[0].text, text);
    EXPECT_EQ(messages[0].in_input({7, 3}), (Span{7, 3}));
  }
}

TEST(Trace, OneMessageWithoutCrIsBare) {
  const auto messages = all_of(written(request_rows));
  ASSERT_EQ(messages.size(), 1U);
  EXPECT_TRUE(messages[0].is_bare);
  EXPECT_FALSE(messages[0].is_verbatim);
  EXPECT_TRUE(messages[0].has_end_of_headers);
  EXPECT_EQ(messages[0].text, request);
}

// As mails and trackers of old break lines, within a word at column 80 and at blanks before it.
TEST(Trace, LinesThatAMailBrokeAreOneRow) {
  const std::string text =
      "SIP/2.0 401 Unauthorized\nVia: SIP/2.0/UDP\n"
      "192.0.2.104:32959;branch=z9hG4bKa1b2c3d4e5f60718293a4b5c6d7e8f90a1;rport=32959;r\n"
      "eceived=192.0.2.104\nFrom: <sip:u@r>;tag=1\nTo: <sip:u@r>;tag=2\nCall-ID: 1\n"
      "CSeq: 1 REGISTER\n"
      "Allow: INVITE, ACK, CANCEL, OPTIONS, BYE, REFER, SUBSCRIBE, NOTIFY, PUBLISH,\n"
      "MESSAGE, INFO\n"
      "WWW-Authenticate: Digest realm=\"r.example\", qop=\"auth\", algorithm=MD5,\n"
      "nonce=\"0f1e2d3c4b5a69788796a5b4c3d2e1f0\"\nContent-Length: 0\n\n";
  const auto messages = all_of(text);
  ASSERT_EQ(messages.size(), 1U);
  const auto& read = messages[0].text;
  EXPECT_TRUE(read.contains("Via: SIP/2.0/UDP 192.0.2.104:32959;")) << read;
  EXPECT_TRUE(read.contains(";rport=32959;received=192.0.2.104\r\n")) << read;
  EXPECT_TRUE(read.contains("PUBLISH, MESSAGE, INFO\r\n")) << read;
  EXPECT_TRUE(read.contains("algorithm=MD5, nonce=\"0f")) << read;
  const auto nonce = static_cast<std::uint32_t>(read.find("0f1e2d"));
  EXPECT_EQ(messages[0].in_input({nonce, 32}).offset, text.find("0f1e2d"));
}

// Short rows are no broken ones, and a heading is none either.
TEST(Trace, WhatHadRoomInTheRowAboveIsARowOfItsOwn) {
  auto rows = request_rows;
  rows.insert(rows.begin() + 2, "Supported path");
  const auto messages = all_of(written(rows));
  ASSERT_EQ(messages.size(), 1U);
  EXPECT_TRUE(messages[0].text.contains("\r\nSupported path\r\n"));
  // Of a text that stays: what is told of a message are views of it.
  const std::string text =
      "SIP/2.0 200 OK\nVia: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bKnashds8abcdefghij;rport=5060\n"
      "2026/11/30 12:00:00.123456 10.0.0.1:5060 -> 10.0.0.2:5060\n" +
      written(request_rows);
  const auto two = all_of(text);
  ASSERT_EQ(two.size(), 2U);
  EXPECT_EQ(two[1].source.host, "10.0.0.1");
}

TEST(Trace, TheEmptyLineIsAddedWhereNobodyCopiedIt) {
  auto text = written(request_rows);
  text.resize(text.size() - 2);
  const auto messages = all_of(text);
  ASSERT_EQ(messages.size(), 1U);
  EXPECT_FALSE(messages[0].has_end_of_headers);
  EXPECT_EQ(messages[0].text, request);
}

TEST(Trace, ABodyIsAsLongAsItsLengthSaysWithCrLf) {
  const std::vector<std::string> rows{"INVITE sip:bob@example.com SIP/2.0",
                                      "Via: SIP/2.0/UDP h;branch=z9hG4bK1",
                                      "Content-Type: application/sdp",
                                      "Content-Length: 17",
                                      "",
                                      "v=0",
                                      "o=- 1 1 IN"};
  for (const std::string_view before : {"", "   ", "> ", "Nov 30 12:00:00 h p[1]: "}) {
    const auto messages = all_of(written(rows, before) + written(response_rows, before));
    ASSERT_EQ(messages.size(), 2U) << before;
    EXPECT_TRUE(messages[0].text.ends_with("\r\n\r\nv=0\r\no=- 1 1 IN\r\n")) << messages[0].text;
    EXPECT_EQ(messages[1].text, response);
  }
}

TEST(Trace, ABodyMayHoldAStatusLine) {
  const std::vector<std::string> rows{"NOTIFY sip:bob@example.com SIP/2.0",
                                      "Via: SIP/2.0/UDP h;branch=z9hG4bK1",
                                      "Content-Type: message/sipfrag;version=2.0",
                                      "Content-Length: 16",
                                      "",
                                      "SIP/2.0 200 OK"};
  for (const std::string_view behind : {"\n", "\r\n"}) {
    const auto messages = all_of(written(rows, "", behind));
    ASSERT_EQ(messages.size(), 1U);
    EXPECT_TRUE(messages[0].text.ends_with("\r\n\r\nSIP/2.0 200 OK\r\n")) << messages[0].text;
  }
}

TEST(Trace, RowsThatWereLeftOutAreTold) {
  auto rows = request_rows;
  rows.insert(rows.begin() + 3, "[...]");
  const auto messages = all_of(written(rows));
  ASSERT_EQ(messages.size(), 1U);
  EXPECT_TRUE(messages[0].is_abridged);
  EXPECT_EQ(messages[0].text, request);
}

TEST(Trace, RowsThatWiresharkCutAreTold) {
  for (const std::string_view row : {"         [truncated]Authorization: Digest username=\"al",
                                     "        Authorization [truncated]: Digest username=\"al"}) {
    const auto messages = all_of(
        "Session Initiation Protocol (REGISTER)\n"
        "    Request-Line: REGISTER sip:example.com SIP/2.0\n    Message Header\n"
        "        Via: SIP/2.0/UDP h;branch=z9hG4bK1\n" +
        std::string{row} + "\n            Username: \"al\n        Expires: 60\n");
    ASSERT_EQ(messages.size(), 1U);
    EXPECT_TRUE(messages[0].is_abridged);
    EXPECT_EQ(messages[0].text,
              "REGISTER sip:example.com SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\n"
              "Authorization: Digest username=\"al\r\nExpires: 60\r\n\r\n");
  }
}

TEST(Trace, RowsWithoutAStartLineAreAFragment) {
  const std::string row = R"(WWW-Authenticate: Digest realm="r", nonce="n" stale=true)";
  for (const std::string_view before :
       {"   ", "> ", "* ", "`", "- '", "Nov 30 12:00:00 h p[1]: "}) {
    std::string text{before};
    text += row;
    if (before == "`" || before == "- '") text += before.back();
    const auto messages = all_of(text + "\n");
    ASSERT_EQ(messages.size(), 1U) << before;
    EXPECT_TRUE(messages[0].is_fragment);
    EXPECT_EQ(messages[0].text, row + "\r\n");
    EXPECT_EQ(messages[0].where.offset, before.size());
  }
}

TEST(Trace, ProseIsNoMessage) {
  for (const std::string_view text :
       {"", "\n\n", "hello", "The phone sends REGISTER with SIP/2.0 and gets SIP/2.0 401 back.\n",
        "REGISTER sip:example.com SIP/2.0\n", "SIP/2.0 401 Unauthorized", "GET / HTTP/1.1\r\n\r\n",
        "From: Bob <bob@example.com>\nSubject: SIP\n\nHello\n"}) {
    EXPECT_TRUE(all_of(text).empty()) << text;
  }
}

}  // namespace
}  // namespace sipauth
