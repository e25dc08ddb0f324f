// SIP over WebSocket (RFC 7118), with a server that does as a row of a table says.

#ifdef SIPAUTH_TEST_WEBSOCKET

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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
using peers::next;
using peers::NoConnection;
using peers::Opcode;
using peers::opened;
using peers::response_to;
using peers::TcpConnection;
using peers::TcpPeer;
using peers::websocket;
using peers::WebSocketConnection;
using testing::HasSubstr;

void answer_requests(WebSocketConnection& connection) {
  for (auto message = connection.read(); message.opcode != Opcode::close;
       message = connection.read()) {
    connection.write(challenge_to(message.bytes, "in a frame"));
  }
}

const std::string request{peers::options_over_websocket};
const auto ok = response_to(request, 200);
const auto trying = response_to(request, 100);

class NoWebSocketTest : public testing::TestWithParam<NoConnection> {};

TEST_P(NoWebSocketTest, SaysSo) { peers::expect_no_connection(TransportKind::ws, GetParam()); }

TcpPeer::Script answer(std::string text) {
  return [text = std::move(text)](TcpConnection& connection) {
    connection.read_request();
    connection.write(text);
    connection.wait_for_close();
  };
}

INSTANTIATE_TEST_SUITE_P(
    Rows, NoWebSocketTest,
    testing::ValuesIn(std::vector<NoConnection>{
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
         NetError::Kind::subprotocol, "did not take the subprotocol sip"},
        {"Silence", [](TcpConnection& connection) { connection.wait_for_close(); },
         NetError::Kind::timeout, "did not finish the WebSocket handshake"},
        {"Trickle",
         [](TcpConnection& connection) {
           connection.read_request();
           connection.write("HTTP/1.1 101 X\r\nA: ");
           while (connection.write(std::string(64, 'x'))) std::this_thread::yield();
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
  const auto latin = peers::replaced(request, "Call-ID: a", "Call-ID: \xfc");
  {
    TcpPeer peer{websocket([&](WebSocketConnection& connection) {
      for (auto message = connection.read(); message.opcode != Opcode::close;
           message = connection.read()) {
        opcodes.push_back(message.opcode);
        connection.write(ok);
      }
    })};
    const auto transport = opened(TransportKind::ws, loopback(peer.port()));
    for (const auto& message : {request, latin}) {
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
