// SIP over WebSocket (RFC 7118), with a server that does as a row of a table says.

#ifdef SIPAUTH_TEST_WEBSOCKET

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include "cli/tls_peer.hpp"
#include "cli/websocket_peer.hpp"
#include "net/module_loader.hpp"
#include "net/transport.hpp"
#include "sip/dialogue.hpp"

namespace sipauth::net {
namespace {

using namespace std::chrono_literals;
using peers::challenge_to;
using peers::frame_of;
using peers::loopback;
using peers::Opcode;
using peers::opened;
using peers::response_to;
using peers::TcpConnection;
using peers::TcpPeer;
using peers::websocket;
using peers::WebSocketConnection;
using testing::HasSubstr;

constexpr std::string_view request =
    "OPTIONS sip:127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/WS a;branch=z9hG4bKa\r\nFrom: "
    "<sip:a@a>;tag=1\r\n"
    "To: <sip:a@a>\r\nCall-ID: a\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n";

// The next message, or what came instead.
std::string next(Transport& transport, Duration within = 20s) {
  const auto received = transport.receive(transport.clock().now() + within);
  if (!received) return "error: " + received.error().text;
  return *received ? (*received)->bytes : "silence";
}

void answer_requests(WebSocketConnection& connection) {
  for (auto message = connection.read(); message.opcode != Opcode::close;
       message = connection.read()) {
    connection.write(challenge_to(message.bytes, "in a frame"));
  }
}

const auto ok = response_to(request, 200);
const auto trying = response_to(request, 100);
const auto without_length = [] {
  return peers::replaced(response_to(request, 200), "Content-Length: 0\r\n", "");
};

struct Case {
  std::string_view proves;
  std::function<void(WebSocketConnection&)> script;  ///< after the request was read
  std::vector<std::string> received;                 ///< in full, but of errors only a part
};

void PrintTo(const Case& row, std::ostream* out) { *out << row.proves; }

class WebSocketTest : public testing::TestWithParam<Case> {};

TEST_P(WebSocketTest, EndsClearly) {
  TcpPeer peer{websocket([&](WebSocketConnection& connection) {
    if (connection.read().bytes.empty()) return;
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
       c.write(without_length() + "body");
       c.wait_for_close();
     },
     {without_length() + "body"}},
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

struct NoWebSocket {
  std::string_view proves;
  TcpPeer::Script script;
  NetError::Kind kind;
  std::string_view says;
};

class NoWebSocketTest : public testing::TestWithParam<NoWebSocket> {};

TEST_P(NoWebSocketTest, SaysSo) {
  TcpPeer peer{GetParam().script};
  auto options = loopback(peer.port());
  options.timeout = GetParam().kind == NetError::Kind::timeout ? 300ms : 20s;
  const auto transport = connect(TransportKind::ws, options);
  ASSERT_FALSE(transport);
  EXPECT_EQ(transport.error().kind, GetParam().kind) << transport.error().text;
  EXPECT_THAT(transport.error().text, HasSubstr(std::string{GetParam().says}));
}

TcpPeer::Script answer(std::string text) {
  return [text = std::move(text)](TcpConnection& connection) {
    connection.read_request();
    connection.write(text);
    connection.wait_for_close();
  };
}

INSTANTIATE_TEST_SUITE_P(
    Rows, NoWebSocketTest,
    testing::ValuesIn(std::vector<NoWebSocket>{
        {"Unauthorised", answer("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"),
         NetError::Kind::refused, "HTTP 401 Unauthorized"},
        {"Sip", answer("SIP/2.0 400 Bad Request\r\n\r\n"), NetError::Kind::framing,
         "does not speak WebSocket"},
        {"AcceptOfAnotherKey",
         answer("HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"),
         NetError::Kind::framing, "wrong Sec-WebSocket-Accept"},
        {"NoSubprotocol",
         [](TcpConnection& tcp) {
           WebSocketConnection connection{tcp};
           connection.accept("");
           connection.wait_for_close();
         },
         NetError::Kind::framing, "did not take the subprotocol sip"},
        {"Silence", [](TcpConnection& connection) { connection.wait_for_close(); },
         NetError::Kind::timeout, "did not finish the WebSocket handshake"},
        {"Trickle",
         [](TcpConnection& connection) {
           connection.read_request();
           connection.write("HTTP/1.1 101 X\r\nA: ");
           while (connection.write("x")) std::this_thread::yield();
         },
         NetError::Kind::framing, "more than 16384 bytes"},
        {"Close", [](TcpConnection& connection) { connection.read_request(); },
         NetError::Kind::closed, "during the WebSocket handshake"},
    }),
    [](const auto& row) { return std::string{row.param.proves}; });

TEST(WebSocketModule, AcceptIsThatOfTheRfc) {
  ASSERT_TRUE(websocket_api()) << websocket_api().error();
  EXPECT_EQ((*websocket_api())->accept_for("dGhlIHNhbXBsZSBub25jZQ=="),
            "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  EXPECT_EQ((*websocket_api())->draw_key().size(), 24U);
  EXPECT_NE((*websocket_api())->draw_key(), (*websocket_api())->draw_key());
}

TEST(WebSocket, CarriesDialoguesOverOneConnection) {
  TcpPeer peer{websocket(answer_requests)};
  const auto transport = opened(TransportKind::ws, loopback(peer.port()));
  EXPECT_EQ(transport->kind(), TransportKind::ws);
  EXPECT_TRUE(transport->is_reliable());
  EXPECT_FALSE(transport->tls());
  EXPECT_FALSE(transport->websocket());
  sip::Session session{*transport, peers::alice(), {}, {}, 1};
  sip::Dialogue dialogue{session};
  for (int i = 0; i < 3; ++i) {
    const auto challenged = dialogue.challenge();
    ASSERT_TRUE(challenged.usable());
    EXPECT_EQ(challenged.offer()->nonce, "in a frame");
    EXPECT_THAT(session.recorder().all()[challenged.request].bytes,
                HasSubstr("Via: SIP/2.0/WS 127.0.0.1:"));
  }
  EXPECT_EQ(peer.accepted(), 1);
}

// The server's thread has ended when the peer has gone, and only then are its notes read.
TEST(WebSocket, AsksForItsPathAndSubprotocol) {
  std::string plain;
  std::string wished;
  {
    TcpPeer peer{[&](TcpConnection& tcp) {
      WebSocketConnection connection{tcp};
      connection.accept(plain.empty() ? "sip" : "");
      (plain.empty() ? plain : wished) = connection.upgrade();
      connection.wait_for_close();
    }};
    auto options = loopback(peer.port());
    (void)opened(TransportKind::ws, options);
    options.websocket = {.authority = "pbx", .path = "/ws?a=b", .offer_sip = false};
    (void)opened(TransportKind::ws, options);
    EXPECT_THAT(peer.accepted(), 2);
  }
  EXPECT_TRUE(plain.starts_with("GET / HTTP/1.1\r\n")) << plain;
  EXPECT_THAT(plain, HasSubstr("\r\nHost: 127.0.0.1:"));
  EXPECT_THAT(plain, HasSubstr("\r\nSec-WebSocket-Protocol: sip\r\n"));
  EXPECT_TRUE(wished.starts_with("GET /ws?a=b HTTP/1.1\r\nHost: pbx\r\n")) << wished;
  EXPECT_EQ(wished.find("Protocol"), std::string::npos);
}

TEST(WebSocket, GoesOutAsTextAndAsBinaryOnlyWhereItMust) {
  std::vector<Opcode> opcodes;
  const auto latin = peers::replaced(std::string{request}, "Call-ID: a", "Call-ID: \xfc");
  {
    TcpPeer peer{websocket([&](WebSocketConnection& connection) {
      for (auto message = connection.read(); message.opcode != Opcode::close;
           message = connection.read()) {
        opcodes.push_back(message.opcode);
        connection.write(ok);
      }
    })};
    const auto transport = opened(TransportKind::ws, loopback(peer.port()));
    for (const std::string_view message : {request, std::string_view{latin}}) {
      ASSERT_TRUE(transport->send(message));
      EXPECT_EQ(next(*transport), ok);
    }
    transport->send_next_as(WebSocketFrame::binary);
    for (int i = 0; i < 2; ++i) {
      ASSERT_TRUE(transport->send(request));
      EXPECT_EQ(next(*transport), ok);
    }
  }
  EXPECT_EQ(opcodes, (std::vector{Opcode::text, Opcode::binary, Opcode::binary, Opcode::text}));
}

TEST(WebSocket, TellsHowMessagesCame) {
  TcpPeer peer{websocket([](WebSocketConnection& connection) {
    connection.read();
    connection.write(trying, {.opcode = Opcode::binary});
    connection.read();
    connection.write(trying + ok);
    connection.wait_for_close();
  })};
  const auto transport = opened(TransportKind::ws, loopback(peer.port()));
  ASSERT_TRUE(transport->send(request));
  EXPECT_EQ(next(*transport), trying);
  EXPECT_EQ(transport->websocket()->frame, WebSocketFrame::binary);
  EXPECT_EQ(transport->websocket()->most_messages, 1U);
  ASSERT_TRUE(transport->send(request));
  EXPECT_EQ(next(*transport), trying);
  EXPECT_EQ(transport->websocket()->frame, WebSocketFrame::text);
  EXPECT_EQ(transport->websocket()->most_messages, 2U);
}

TEST(WebSocket, ClosedOneIsOpenedAgain) {
  TcpPeer peer{websocket([](WebSocketConnection& connection) {
    connection.write(challenge_to(connection.read().bytes, "once"));
    connection.write("\x03\xe8", {.opcode = Opcode::close});
  })};
  const auto transport = opened(TransportKind::ws, loopback(peer.port()));
  sip::Session session{*transport, peers::alice(), {}, {}, 1};
  sip::Dialogue dialogue{session};
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(dialogue.challenge().usable());
  EXPECT_EQ(peer.accepted(), 3);
}

TEST(WebSocket, CloseThatCrossesARequestLeavesItUnseen) {
  TcpPeer peer{websocket([](WebSocketConnection& connection) {
    connection.write(response_to(connection.read().bytes, 200));
    connection.read();
    connection.write_raw(frame_of("ping", {.opcode = Opcode::ping}) +
                         frame_of("\x03\xe8", {.opcode = Opcode::close}));
    connection.wait_for_close();
  })};
  const auto transport = opened(TransportKind::ws, loopback(peer.port()));
  ASSERT_TRUE(transport->send(request));
  EXPECT_EQ(next(*transport), ok);
  ASSERT_TRUE(transport->send(request));
  const auto received = transport->receive(transport->clock().now() + 20s);
  ASSERT_FALSE(received);
  EXPECT_EQ(received.error().kind, NetError::Kind::closed);
  EXPECT_TRUE(received.error().may_be_unseen);
}

TEST(WebSocket, PingsWithoutEndDoNotHoldReceive) {
  TcpPeer peer{websocket([](WebSocketConnection& connection) {
    while (connection.write("", {.opcode = Opcode::ping})) {
      if (connection.read().opcode != Opcode::pong) return;
    }
  })};
  const auto transport = opened(TransportKind::ws, loopback(peer.port()));
  EXPECT_EQ(next(*transport, 100ms), "silence");
}

TEST(WebSocket, SaysGoodbye) {
  std::promise<WebSocketConnection::Message> last;
  TcpPeer peer{
      websocket([&](WebSocketConnection& connection) { last.set_value(connection.read()); })};
  (void)opened(TransportKind::ws, loopback(peer.port()));
  const auto message = last.get_future().get();
  EXPECT_EQ(message.opcode, Opcode::close);
  EXPECT_EQ(message.bytes, "\x03\xe8");
}

TEST(SecureWebSocket, CarriesMessagesAndChecksTheCertificate) {
  peers::TlsPeer peer{{.alternative_names = "DNS:*.example.com"},
                      [](peers::TlsConnection& connection) {
                        const auto upgrade = connection.read_request();
                        if (upgrade.empty()) return;
                        connection.write(peers::upgrade_answer(upgrade) + frame_of(ok));
                      }};
  const peers::TemporaryFile trusted{peers::authority()};
  auto options = loopback(peer.port());
  options.timeout = 20s;
  options.ca_file = trusted.path();
  options.tls_name = "pbx.example.com";
  const auto transport = opened(TransportKind::wss, options);
  EXPECT_EQ(transport->kind(), TransportKind::wss);
  EXPECT_TRUE(transport->tls()->verified);
  EXPECT_FALSE(transport->tls()->by_wildcard);  // as on the web
  EXPECT_EQ(next(*transport), ok);

  options.tls_name = "other.example";
  const auto refused = connect(TransportKind::wss, options);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, NetError::Kind::tls);
}

TEST(SecureWebSocket, PlainServerIsNamed) {
  TcpPeer peer{[](TcpConnection& connection) {
    connection.write("HTTP/1.1 400 Bad Request\r\n\r\n");
    connection.wait_for_close();
  }};
  const auto transport = connect(TransportKind::wss, loopback(peer.port()));
  ASSERT_FALSE(transport);
  EXPECT_THAT(transport.error().text, HasSubstr("Try transport=ws, or the TLS port (443"));
}

}  // namespace
}  // namespace sipauth::net

#endif
