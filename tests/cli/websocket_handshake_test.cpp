#include "net/websocket_handshake.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "sipauth/text.hpp"

namespace sipauth::net {
namespace {

using testing::HasSubstr;

constexpr std::string_view accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

TEST(WriteUpgrade, AsksForSipAtThePath) {
  EXPECT_EQ(write_upgrade({.authority = "pbx:8088", .path = "/ws?a=b"}, "KEY"),
            "GET /ws?a=b HTTP/1.1\r\nHost: pbx:8088\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Key: KEY\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Protocol: sip\r\n\r\n");
  EXPECT_EQ(write_upgrade({.authority = "pbx", .offer_sip = false}, "KEY").find("Protocol"),
            std::string::npos);
}

struct Answer {
  std::string_view proves;
  std::string text;
  std::string_view says = "";  ///< a part of the sentence; empty: taken
  NetError::Kind kind = NetError::Kind::framing;
  bool offer_sip = true;
};

void PrintTo(const Answer& row, std::ostream* out) { *out << row.text; }

std::string switching(std::string_view rows) {
  return "HTTP/1.1 101 Switching Protocols\r\n" + std::string{rows} + "\r\n";
}

const std::string upgraded = "Upgrade: websocket\r\nConnection: Upgrade\r\n";
const std::string accepted = "Sec-WebSocket-Accept: " + std::string{accept} + "\r\n";
const std::string sip = "Sec-WebSocket-Protocol: sip\r\n";

class AnswerTest : public testing::TestWithParam<Answer> {};

TEST_P(AnswerTest, IsUnderstood) {
  const auto& row = GetParam();
  const auto end = end_of_upgrade(row.text, 0, "ws pbx:80");
  std::expected<void, NetError> result;
  if (!end) {
    result = std::unexpected{end.error()};
  } else {
    ASSERT_TRUE(*end);
    EXPECT_EQ(**end, row.text.size());
    result = check_upgrade(row.text, accept, {.offer_sip = row.offer_sip}, "ws pbx:80");
  }
  if (row.says.empty()) {
    EXPECT_TRUE(result) << result.error().text;
    return;
  }
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().text, HasSubstr(std::string{row.says}));
  EXPECT_THAT(result.error().text, HasSubstr("ws pbx:80"));
  EXPECT_TRUE(result.error().text.ends_with('.')) << result.error().text;
  EXPECT_EQ(result.error().kind, row.kind);
}

const std::vector<Answer> answers{
    {"AsInTheRfc", switching(upgraded + accepted + sip)},
    {"AnyCaseAndBlanksAndAList",
     switching("upgrade:  WebSocket\r\nCONNECTION: keep-alive ,upgrade\r\n" + accepted + sip)},
    {"OtherHeadersAreOfNoConcern",
     switching("Server: x\r\n" + upgraded + "no colon\r\n" + accepted + sip)},
    {"NoSubprotocolWhereNoneWasOffered", switching(upgraded + accepted), "",
     NetError::Kind::framing, false},
    {"SubprotocolWhereNoneWasOffered", switching(upgraded + accepted + sip), "none was offered",
     NetError::Kind::framing, false},
    {"NoSubprotocol", switching(upgraded + accepted), "did not take the subprotocol sip",
     NetError::Kind::subprotocol},
    {"OtherSubprotocol", switching(upgraded + accepted + "Sec-WebSocket-Protocol: xmpp\r\n"),
     "\"xmpp\" where sip was offered", NetError::Kind::subprotocol},
    {"SubprotocolTwice", switching(upgraded + accepted + sip + sip), "\"sip, sip\"",
     NetError::Kind::subprotocol},
    {"NoAccept", switching(upgraded + sip), "without Sec-WebSocket-Accept"},
    {"WrongAccept", switching(upgraded + "Sec-WebSocket-Accept: AAAA\r\n" + sip),
     "with a wrong Sec-WebSocket-Accept"},
    {"AcceptInAnotherCase",
     switching(upgraded + "Sec-WebSocket-Accept: S3PPLMBITXAQ9KYGZZHZRBK+XOO=\r\n" + sip),
     "with a wrong Sec-WebSocket-Accept"},
    {"NoUpgrade", switching("Connection: Upgrade\r\n" + accepted + sip), "without Upgrade"},
    {"UpgradeWithoutColon", switching("UpgradeX\r\nConnection: Upgrade\r\n" + accepted + sip),
     "without Upgrade"},
    {"UpgradeToSomethingElse",
     switching("Upgrade: h2c\r\nConnection: Upgrade\r\n" + accepted + sip), "without Upgrade"},
    {"NoConnection", switching("Upgrade: websocket\r\n" + accepted + sip), "Connection: Upgrade"},
    {"ExtensionThatNobodyAskedFor",
     switching(upgraded + accepted + sip + "Sec-WebSocket-Extensions: permessage-deflate\r\n"),
     "permessage-deflate"},
    {"NotFound", "HTTP/1.1 404 Not Found\r\n\r\n", "HTTP 404 Not Found: there is no WebSocket",
     NetError::Kind::refused},
    {"Unauthorised", "HTTP/1.1 401 Unauthorized\r\n\r\n", "a password of HTTP, before SIP",
     NetError::Kind::refused},
    {"Forbidden", "HTTP/1.1 403 Forbidden\r\n\r\n", "origins", NetError::Kind::refused},
    {"OtherVersion", "HTTP/1.1 426 Upgrade Required\r\nSec-WebSocket-Version: 8\r\n\r\n",
     "HTTP 426 Upgrade Required (Sec-WebSocket-Version: 8)", NetError::Kind::refused},
    {"Redirected", "HTTP/1.1 302 Found\r\nLocation: wss://pbx/ws\r\n\r\n",
     "(Location: wss://pbx/ws)", NetError::Kind::refused},
    {"WebPage", "HTTP/1.1 200 OK\r\n\r\n", "this is a web server", NetError::Kind::refused},
    {"BrokenServer", "HTTP/1.1 502 Bad Gateway\r\n\r\n", "look at its log",
     NetError::Kind::refused},
    {"StatusWithoutAReason", "HTTP/1.1 404\r\n\r\n", "HTTP 404: ", NetError::Kind::refused},
    {"ReasonOfATerminal", "HTTP/1.1 500 \x1b[2J\xff\r\n\r\n", "HTTP 500 .[2J.",
     NetError::Kind::refused},
    {"NoStatus", "HTTP/1.1\r\n\r\n", "what is no HTTP"},
    {"StatusThatIsNoNumber", "HTTP/1.1 OK\r\n\r\n", "what is no HTTP"},
    {"Sip", "SIP/2.0 400 Bad Request\r\n\r\n", "begins with \"SIP/2.0 400 Bad \""},
    {"Tls", std::string{"\x15\x03\x01\x00\x02", 5}, "speaks TLS: say wss"},
    {"HeadersWithoutEnd", "HTTP/1.1 101 X\r\nA: " + std::string(20'000, 'x'),
     "more than 16384 bytes"},
    {"EndBehindTheBound", "HTTP/1.1 101 X\r\nA: " + std::string(20'000, 'x') + "\r\n\r\n",
     "more than 16384 bytes"},
};
INSTANTIATE_TEST_SUITE_P(Rows, AnswerTest, testing::ValuesIn(answers),
                         [](const auto& row) { return std::string{row.param.proves}; });

TEST(EndOfUpgrade, IsFoundHoweverItTrickles) {
  const auto whole = switching(upgraded + accepted + sip);
  std::size_t searched = 0;
  for (std::size_t size = 1; size < whole.size(); ++size) {
    const auto end = end_of_upgrade(std::string_view{whole}.substr(0, size), searched, "ws a:80");
    ASSERT_TRUE(end) << end.error().text;
    EXPECT_FALSE(*end) << size;
    searched = size;
  }
  const auto end = end_of_upgrade(whole + "frames", searched, "ws a:80");
  ASSERT_TRUE(end && *end);
  EXPECT_EQ(**end, whole.size());
}

struct Text {
  std::string_view proves;
  std::string_view bytes;
  bool utf8;
};

TEST(Utf8, IsWhatRfc3629Says) {
  for (const auto& [proves, bytes, utf8] :
       std::vector<Text>{{"nothing", "", true},
                         {"ASCII", "REGISTER\r\n", true},
                         {"two to four bytes", "\xc3\xbc\xe2\x82\xac\xf0\x9f\x98\x80", true},
                         {"Latin-1",
                          "b\xfc"
                          "cher",
                          false},
                         {"cut off", "\xe2\x82", false},
                         {"continuation alone", "\x82", false},
                         {"overlong", "\xc0\xaf", false},
                         {"overlong of three", "\xe0\x80\xaf", false},
                         {"overlong of four", "\xf0\x80\x80\xaf", false},
                         {"surrogate", "\xed\xa0\x80", false},
                         {"last before the surrogates", "\xed\x9f\xbf", true},
                         {"above Unicode", "\xf4\x90\x80\x80", false},
                         {"last of Unicode", "\xf4\x8f\xbf\xbf", true}}) {
    EXPECT_EQ(is_utf8(bytes), utf8) << proves;
  }
}

}  // namespace
}  // namespace sipauth::net
