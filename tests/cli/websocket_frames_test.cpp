// What a WebSocket server may send (RFC 6455 5, RFC 7118 5), rightly and wrongly, a row each.

#ifdef SIPAUTH_TEST_WEBSOCKET

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "cli/websocket_peer.hpp"
#include "net/transport.hpp"

namespace sipauth::net {
namespace {

using namespace std::chrono_literals;
using peers::frame_of;
using peers::loopback;
using peers::next;
using peers::Opcode;
using peers::opened;
using peers::response_to;
using peers::TcpPeer;
using peers::websocket;
using peers::WebSocketConnection;
using testing::HasSubstr;

const std::string request{peers::options_over_websocket};
const auto ok = response_to(request, 200);
const auto trying = response_to(request, 100);
const auto without_length = peers::replaced(ok, "Content-Length: 0\r\n", "");

struct Case {
  std::string_view proves;
  std::function<void(WebSocketConnection&)> script;  ///< after the request was read
  std::vector<std::string> received;                 ///< in full, but of errors only a part
};

void PrintTo(const Case& row, std::ostream* out) { *out << row.proves; }

class WebSocketTest : public testing::TestWithParam<Case> {};

TEST_P(WebSocketTest, EndsClearly) {
  TcpPeer peer{websocket([&](WebSocketConnection& connection) {
    connection.read();
    GetParam().script(connection);
  })};
  const auto transport = opened(TransportKind::ws, loopback(peer.port()));
  ASSERT_TRUE(transport->send(request));
  for (const auto& expected : GetParam().received) {
    if (expected.starts_with("error: ")) {
      EXPECT_THAT(next(*transport), HasSubstr(expected.substr(7)));
    } else {
      EXPECT_EQ(next(*transport), expected);
    }
  }
  EXPECT_EQ(next(*transport, 0s), "silence");
}

const std::vector<Case> cases{
    {"TextIsDelivered",
     [](auto& c) {
       c.write(ok);
       c.wait_for_close();
     },
     {ok}},
    {"BinaryIsDelivered",
     [](auto& c) {
       c.write(ok, {.opcode = Opcode::binary});
       c.wait_for_close();
     },
     {ok}},
    {"FragmentsAreJoined",
     [](auto& c) {
       c.write(ok.substr(0, 10), {.last = false});
       c.write("", {.opcode = Opcode::continuation, .last = false});
       c.write("ping", {.opcode = Opcode::ping});
       c.write(ok.substr(10), {.opcode = Opcode::continuation});
       c.wait_for_close();
     },
     {ok}},
    {"BytesThatTrickleAreJoined",
     [](auto& c) {
       const auto frame = frame_of(ok);
       for (const char& byte : frame) c.write_raw({&byte, 1});
       c.wait_for_close();
     },
     {ok}},
    {"TwoMessagesInOneWrite",
     [](auto& c) {
       c.write_raw(frame_of(trying) + frame_of(ok));
       c.wait_for_close();
     },
     {trying, ok}},
    {"TwoSipMessagesInOneWebSocketMessage",
     [](auto& c) {
       c.write(trying + ok);
       c.wait_for_close();
     },
     {trying, ok}},
    {"RestThatIsNoMessageStays",
     [](auto& c) {
       c.write(ok + "rest");
       c.wait_for_close();
     },
     {ok + "rest"}},
    {"ContentLengthIsNotNeeded",
     [](auto& c) {
       c.write(without_length + "body");
       c.wait_for_close();
     },
     {without_length + "body"}},
    {"KeepAlivesAreNotDelivered",
     [](auto& c) {
       c.write("\r\n\r\n");
       c.write("");
       c.write(ok);
       c.wait_for_close();
     },
     {ok}},
    {"PingIsAnsweredWithItsText",
     [](auto& c) {
       c.write("are you there", {.opcode = Opcode::ping});
       const auto pong = c.read();
       c.write(pong.opcode == Opcode::pong && pong.bytes == "are you there" ? ok : trying);
       c.wait_for_close();
     },
     {ok}},
    {"PongThatNobodyAskedForIsIgnored",
     [](auto& c) {
       c.write("", {.opcode = Opcode::pong});
       c.write(ok);
       c.wait_for_close();
     },
     {ok}},
    {"CloseSaysItsCodeAndReason",
     [](auto& c) {
       c.write("\x03\xe9going\x1b[2J", {.opcode = Opcode::close});
       c.wait_for_close();
     },
     {"error: closed the WebSocket: 1001 going.[2J."}},
    {"CloseWithoutACode",
     [](auto& c) {
       c.write("", {.opcode = Opcode::close});
       c.wait_for_close();
     },
     {"error: closed the WebSocket."}},
    {"MessageBeforeTheCloseComesFirst",
     [](auto& c) {
       c.write_raw(frame_of(ok) + frame_of("\x03\xe8", {.opcode = Opcode::close}));
       c.wait_for_close();
     },
     {ok, "error: closed the WebSocket: 1000."}},
    {"CloseWithinAMessage",
     [](auto& c) {
       c.write(ok.substr(0, 10), {.last = false});
       c.write("\x03\xe8", {.opcode = Opcode::close});
       c.wait_for_close();
     },
     {"error: in the middle of a message."}},
    {"EndOfTheStreamWithinAMessage",
     [](auto& c) { c.write_raw(frame_of(ok).substr(0, 40)); },
     {"error: closed the connection. It did so in the middle of a message."}},
    {"EndOfTheStream", [](auto&) {}, {"error: closed the connection."}},
    {"LongestMessage",
     [](auto& c) {
       c.write(std::string(65'536, 'x'));
       c.wait_for_close();
     },
     {std::string(65'536, 'x')}},
    {"LongerMessage",
     [](auto& c) {
       c.write(std::string(65'537, 'x'));
       c.wait_for_close();
     },
     {"error: a message longer than any SIP message"}},
    {"FragmentsThatAreLongerTogether",
     [](auto& c) {
       c.write(std::string(40'000, 'x'), {.last = false});
       c.write(std::string(40'000, 'x'), {.opcode = Opcode::continuation});
       c.wait_for_close();
     },
     {"error: a message longer than any SIP message"}},
    {"MaskedFrame",
     [](auto& c) {
       c.write(ok, {.masked = true});
       c.wait_for_close();
     },
     {"error: broke the WebSocket protocol"}},
    {"FrameOfAnUnknownKind",
     [](auto& c) {
       c.write(ok, {.opcode = Opcode::unknown});
       c.wait_for_close();
     },
     {"error: broke the WebSocket protocol"}},
    {"ReservedBit",
     [](auto& c) {
       c.write(ok, {.reserved_bit = true});
       c.wait_for_close();
     },
     {"error: broke the WebSocket protocol"}},
    {"ContinuationOfNothing",
     [](auto& c) {
       c.write(ok, {.opcode = Opcode::continuation});
       c.wait_for_close();
     },
     {"error: broke the WebSocket protocol"}},
    {"TextThatIsNotUtf8",
     [](auto& c) {
       c.write("SIP/2.0 200 b\xfc", {});
       c.wait_for_close();
     },
     {"error: a text message that is not UTF-8"}},
    {"SipWithoutFrames",
     [](auto& c) {
       c.write_raw(ok);
       c.wait_for_close();
     },
     {"error: broke the WebSocket protocol"}},
};
INSTANTIATE_TEST_SUITE_P(Rows, WebSocketTest, testing::ValuesIn(cases),
                         [](const auto& row) { return std::string{row.param.proves}; });

}  // namespace
}  // namespace sipauth::net

#endif
