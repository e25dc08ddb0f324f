#include "commands/paste.hpp"

#include <gtest/gtest.h>

#include <string>

namespace sipauth::commands {
namespace {

const std::string headers =
    "Via: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\n"
    "Call-ID: 1\r\nCSeq: 7 REGISTER\r\n";

TEST(Paste, BareValueHasNoName) {
  const auto paste = read_paste("\n  Digest username=\"a\", realm=\"r\" \n", Wanted::credentials);
  ASSERT_EQ(paste.rows.size(), 1U);
  EXPECT_EQ(paste.rows[0].name, "");
  EXPECT_EQ(paste.rows[0].value, "Digest username=\"a\", realm=\"r\"");
  EXPECT_FALSE(paste.is_message);
}

TEST(Paste, HeaderRowsKeepTheirFoldingAndOthersAreLeftOut) {
  const auto paste = read_paste(
      "To: <sip:a@b>\nAuthorization: Digest a=1,\n b=2\nPROXY-authorization : Digest c=3\n",
      Wanted::credentials);
  ASSERT_EQ(paste.rows.size(), 2U);
  EXPECT_EQ(paste.rows[0].value, "Digest a=1,\n b=2");
  EXPECT_EQ(paste.rows[1].name, "PROXY-authorization");
  EXPECT_EQ(paste.rows[1].value, "Digest c=3");
}

TEST(Paste, ABacktickIsNoPartOfAName) {
  const auto paste =
      read_paste("`WWW-Authenticate: Digest realm=\"a\"` is what I get.\n", Wanted::challenges);
  ASSERT_EQ(paste.rows.size(), 1U);
  EXPECT_EQ(paste.rows[0].name, "WWW-Authenticate");
  EXPECT_EQ(paste.rows[0].value, "Digest realm=\"a\"");
}

TEST(Paste, WantedKindCounts) {
  const std::string text = "Authorization: Digest a=1\nWWW-Authenticate: Digest b=2\n";
  EXPECT_EQ(read_paste(text, Wanted::credentials).rows.at(0).value, "Digest a=1");
  EXPECT_EQ(read_paste(text, Wanted::challenges).rows.at(0).value, "Digest b=2");
}

TEST(Paste, RequestGivesMethodUriAndBody) {
  const std::string text = "INVITE sip:b SIP/2.0\r\n" + headers +
                           "Authorization: Digest a=1\r\nContent-Length: 4\r\n\r\nbodyrest";
  const auto paste = read_paste(text, Wanted::credentials);
  EXPECT_TRUE(paste.is_message);
  EXPECT_EQ(paste.method, "INVITE");
  EXPECT_EQ(paste.request_uri, "sip:b");
  EXPECT_EQ(paste.body, "body");
  EXPECT_FALSE(paste.body_with_crlf);
}

TEST(Paste, ResponseGivesTheMethodOfItsCSeq) {
  const std::string text = "SIP/2.0 401 Unauthorized\r\n" + headers +
                           "WWW-Authenticate: Digest a=1\r\nContent-Length: 0\r\n\r\n";
  const auto paste = read_paste(text, Wanted::challenges);
  EXPECT_EQ(paste.method, "REGISTER");
  EXPECT_EQ(paste.request_uri, "");
}

TEST(Paste, FirstMessageWithAWantedRowCounts) {
  const std::string text = "10:00:01 sent\nREGISTER sip:a SIP/2.0\n" + headers +
                           "\n10:00:02 sent\nREGISTER sip:b SIP/2.0\n" + headers +
                           "Authorization: Digest a=2\n\n10:00:03 sent\nINVITE sip:c SIP/2.0\n" +
                           headers + "Authorization: Digest a=3\n\n";
  const auto paste = read_paste(text, Wanted::credentials);
  ASSERT_EQ(paste.rows.size(), 1U);
  EXPECT_EQ(paste.rows[0].value, "Digest a=2");
  EXPECT_EQ(paste.request_uri, "sip:b");
}

TEST(Paste, EveryMessageWithAWantedRowIsOne) {
  const std::string text =
      "REGISTER sip:a SIP/2.0\n" + headers + "\nlog\nSIP/2.0 401 Unauthorized\n" + headers +
      "WWW-Authenticate: Digest b=1\n\nREGISTER sip:c SIP/2.0\n" + headers +
      "Contact: <sip:a@c>\nAuthorization: Digest c=1\n\nINVITE sip:d SIP/2.0\n" + headers +
      "Authorization: Digest d=1\n\n";
  const auto pastes = read_pastes(text, Wanted::credentials);
  ASSERT_EQ(pastes.size(), 2U);
  EXPECT_EQ(pastes[0].request_uri, "sip:c");
  EXPECT_EQ(pastes[0].from, "<sip:a@b>;tag=1");
  EXPECT_EQ(pastes[0].to, "<sip:a@b>");
  EXPECT_EQ(pastes[0].contact, "<sip:a@c>");
  EXPECT_EQ(pastes[1].method, "INVITE");
  EXPECT_EQ(read_pastes(text, Wanted::challenges).size(), 1U);
  EXPECT_EQ(first_request(text)->request_uri, "sip:a");
}

TEST(Paste, FirstRequestOfATextWithoutAnyIsNone) {
  EXPECT_FALSE(first_request("SIP/2.0 401 Unauthorized\r\n" + headers + "\r\n"));
  EXPECT_FALSE(first_request("Authorization: Digest a=1\n"));
}

TEST(Paste, BodyGetsBackItsCrLfAndIsCutByItsLength) {
  const std::string text = "INVITE sip:b SIP/2.0\n" + headers +
                           "Authorization: Digest a=1\nContent-Length: 6\n\nv=0\ns=-\n";
  const auto paste = read_paste(text, Wanted::credentials);
  ASSERT_TRUE(paste.body_with_crlf);
  EXPECT_EQ(*paste.body_with_crlf, "v=0\r\ns");
}

TEST(Paste, MessageWithoutAWantedRowHasNone) {
  const auto paste =
      read_paste("REGISTER sip:a SIP/2.0\r\n" + headers + "\r\n", Wanted::credentials);
  EXPECT_TRUE(paste.rows.empty());
}

TEST(Paste, StandsAnyText) {
  std::string text = "SIP/2.0 \n:\r\n \tDigest\n\"\\ SIP/2.0\n";
  text += '\0';
  for (std::size_t length = 0; length <= text.size(); ++length) {
    for (const auto wanted : {Wanted::challenges, Wanted::credentials}) {
      const auto part = text.substr(0, length);
      for (const auto& row : read_paste(part, wanted).rows) {
        EXPECT_TRUE(part.contains(row.value));
      }
    }
  }
}

TEST(HeaderRows, AreCutAtLineEndsThatNoBlankFollows) {
  const auto rows = header_rows("A: 1\r\n\tfolded\r\n\r\nB: 2\nC: 3");
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0], "A: 1\r\n\tfolded");
  EXPECT_EQ(rows[1], "B: 2");
  EXPECT_EQ(rows[2], "C: 3");
}

}  // namespace
}  // namespace sipauth::commands
