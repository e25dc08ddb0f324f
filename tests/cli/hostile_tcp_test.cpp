// A registrar that means ill, or is merely broken, over TCP: every run ends clearly and in time.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "cli/peers.hpp"
#include "sip/dialogue.hpp"

namespace sipauth::sip {
namespace {

using namespace std::chrono_literals;
using peers::challenge_to;
using peers::replaced;
using peers::response_to;
using peers::TcpConnection;
using peers::TcpPeer;
using testing::HasSubstr;

struct Attempt {
  explicit Attempt(TcpPeer::Script script, Timers timers = peers::short_timers)
      : peer{std::move(script)},
        transport{peers::opened(net::TransportKind::tcp, peers::loopback(peer.port()))},
        session{*transport, peers::alice(), timers, {}, 1} {}

  TcpPeer peer;
  std::unique_ptr<net::Transport> transport;
  Session session;
  Dialogue dialogue{session};
};

constexpr Timers patient{.t1 = 50ms, .t2 = 400ms, .timeout = 20s};

// Ends a step that must get no answer: the error's kind and text, or nullopt for silence.
std::optional<net::NetError> error_of(Dialogue& dialogue) {
  try {
    ADD_FAILURE() << "answered with " << dialogue.challenge().status;
  } catch (const NoAnswer& silence) {
    EXPECT_EQ(silence.exchange.status, 0);
    EXPECT_EQ(silence.exchange.retransmissions, 0);
    return silence.error;
  }
  return std::nullopt;
}

void send_byte_by_byte(const TcpConnection& connection, std::string_view text) {
  const int on = 1;
  setsockopt(connection.descriptor(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  for (const char& byte : text) connection.write({&byte, 1});
}

TEST(HostileTcp, StreamThatTricklesByteByByteIsRead) {
  Attempt run{[](TcpConnection& connection) {
                const auto request = connection.read_request();
                send_byte_by_byte(connection, "\r\n" + response_to(request, 100));
                send_byte_by_byte(connection, challenge_to(request, "n"));
                connection.wait_for_close();
              },
              patient};
  const auto challenged = run.dialogue.challenge();
  ASSERT_TRUE(challenged.usable());
  EXPECT_EQ(challenged.offer()->nonce, "n");
}

TEST(HostileTcp, TrickleWithoutEndEndsInItsTime) {
  Attempt run{[](TcpConnection& connection) {
    connection.read_request();
    connection.write("SIP/2.0 401 Unauthorized\r\nX: ");
    while (connection.write("y")) std::this_thread::sleep_for(1ms);  // a byte now and then
  }};
  EXPECT_FALSE(error_of(run.dialogue));
  EXPECT_LT(run.transport->clock().now(), 5s);
}

TEST(HostileTcp, ConnectionClosedInsteadOfAnAnswer) {
  Attempt run{[](TcpConnection& connection) { connection.read_request(); }, patient};
  for (int i = 0; i < 2; ++i) {
    const auto error = error_of(run.dialogue);
    ASSERT_TRUE(error);
    EXPECT_EQ(error->kind, net::NetError::Kind::closed);
  }
  EXPECT_EQ(run.peer.accepted(), 2);
}

TEST(HostileTcp, ConnectionClosedWithinAMessage) {
  Attempt run{[](TcpConnection& connection) {
                const auto answer = challenge_to(connection.read_request(), "n");
                connection.write(std::string_view{answer}.substr(0, answer.size() / 2));
              },
              patient};
  const auto error = error_of(run.dialogue);
  ASSERT_TRUE(error);
  EXPECT_EQ(error->kind, net::NetError::Kind::closed);
  EXPECT_THAT(error->text, HasSubstr("in the middle of a message"));
}

// Nothing less than the whole answer counts as one, wherever the stream ends.
TEST(HostileTcp, ConnectionClosedAtEveryPointOfAnAnswer) {
  std::size_t size = 1;
  for (std::size_t sent = 0; sent < size; ++sent) {
    std::size_t whole = 0;
    {
      Attempt run{[&](TcpConnection& connection) {
                    const auto answer = challenge_to(connection.read_request(), "n");
                    whole = answer.size();
                    connection.write(std::string_view{answer}.substr(0, sent));
                  },
                  patient};
      const auto error = error_of(run.dialogue);
      ASSERT_TRUE(error) << sent;
      EXPECT_EQ(error->kind, net::NetError::Kind::closed) << sent;
    }
    size = whole;
  }
  EXPECT_GT(size, 100U);
}

TEST(HostileTcp, ServerThatClosesAfterEveryAnswerIsFollowed) {
  Attempt run{[](TcpConnection& connection) {
                connection.write(challenge_to(connection.read_request(), "n"));
              },
              patient};
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(run.dialogue.challenge().usable());
}

TEST(HostileTcp, RequestThatCrossedTheCloseIsSentOnceMoreAndCountsAsSentTwice) {
  Attempt run{[](TcpConnection& connection) {
                connection.write(challenge_to(connection.read_request(), "n"));
                (void)connection.wait_readable();  // the next request, which is never read
              },
              patient};
  EXPECT_EQ(run.dialogue.challenge().retransmissions, 0);
  for (int i = 0; i < 3; ++i) {
    const auto challenged = run.dialogue.challenge();
    EXPECT_TRUE(challenged.usable());
    EXPECT_EQ(challenged.retransmissions, 1);
  }
  EXPECT_EQ(run.peer.accepted(), 4);
}

TEST(HostileTcp, RequestThatIsReadAndNotAnsweredIsSentTwiceAtMost) {
  Attempt run{[first = true](TcpConnection& connection) mutable {
                const auto request = connection.read_request();
                if (!std::exchange(first, false)) return;
                connection.write(challenge_to(request, "n"));
                connection.read_request();
              },
              patient};
  EXPECT_TRUE(run.dialogue.challenge().usable());
  try {
    run.dialogue.challenge();
    ADD_FAILURE() << "answered";
  } catch (const NoAnswer& silence) {
    EXPECT_EQ(silence.exchange.retransmissions, 1);
    EXPECT_EQ(silence.error->kind, net::NetError::Kind::closed);
  }
  EXPECT_EQ(run.peer.accepted(), 2);
}

struct BadFraming {
  std::string_view proves;
  std::string_view instead_of_length;  ///< of the row Content-Length: 0
};

class HostileFraming : public testing::TestWithParam<BadFraming> {};

TEST_P(HostileFraming, EndsTheStreamAndTheNextRequestOpensItAgain) {
  Attempt run{[first = true](TcpConnection& connection) mutable {
                const auto request = connection.read_request();
                auto answer = challenge_to(request, "n");
                if (std::exchange(first, false)) {
                  answer = replaced(answer, "Content-Length: 0\r\n", GetParam().instead_of_length);
                }
                connection.write(answer);
                connection.wait_for_close();
              },
              patient};
  const auto error = error_of(run.dialogue);
  ASSERT_TRUE(error);
  EXPECT_EQ(error->kind, net::NetError::Kind::framing);
  EXPECT_THAT(error->text, HasSubstr("cannot be cut into messages"));
  EXPECT_TRUE(run.dialogue.challenge().usable());
  EXPECT_EQ(run.peer.accepted(), 2);
}

INSTANTIATE_TEST_SUITE_P(Rows, HostileFraming,
                         testing::ValuesIn(std::vector<BadFraming>{
                             {"NoContentLength", ""},
                             {"ContentLengthBeyondTheBound", "Content-Length: 10000000\r\n"},
                             {"ContentLengthBeyond32Bits", "Content-Length: 4294967296\r\n"},
                             {"ContentLengthBeyond64Bits",
                              "Content-Length: 99999999999999999999999999\r\n"},
                             {"NegativeContentLength", "Content-Length: -1\r\n"},
                             {"ContentLengthIsNoNumber", "Content-Length: x\r\n"},
                         }),
                         [](const auto& row) { return std::string{row.param.proves}; });

TEST(HostileTcp, BodyThatNeverComesIsSilence) {
  Attempt run{[](TcpConnection& connection) {
    const auto answer = challenge_to(connection.read_request(), "n");
    connection.write(replaced(answer, "Content-Length: 0", "Content-Length: 60000"));
    connection.wait_for_close();
  }};
  EXPECT_FALSE(error_of(run.dialogue));
}

TEST(HostileTcp, HeadersWithoutEndAreCutOff) {
  Attempt run{[](TcpConnection& connection) {
                connection.read_request();
                connection.write("SIP/2.0 401 Unauthorized\r\n");
                while (connection.write("X-Header: and so on\r\n")) {
                }
              },
              patient};
  const auto error = error_of(run.dialogue);
  ASSERT_TRUE(error);
  EXPECT_EQ(error->kind, net::NetError::Kind::framing);
}

TEST(HostileTcp, KeepAlivesWithoutEndEndInTheirTime) {
  Attempt run{[](TcpConnection& connection) {
    connection.read_request();
    while (connection.write("\r\n\r\n")) {
    }
  }};
  EXPECT_FALSE(error_of(run.dialogue));
  EXPECT_LT(run.transport->clock().now(), 5s);
}

TEST(HostileTcp, ForeignAnswersWithoutEndEndInTheirTimeAndAreBounded) {
  Attempt run{[](TcpConnection& connection) {
    auto foreign = replaced(challenge_to(connection.read_request(), "n"), "z9hG4bK", "z9hG4bKx");
    foreign = replaced(foreign, "Call-ID: ", "Call-ID: x");
    while (connection.write(foreign)) {
    }
  }};
  EXPECT_FALSE(error_of(run.dialogue));
  EXPECT_LT(run.transport->clock().now(), 5s);
  EXPECT_GT(run.session.noise().strays, 0U);
  EXPECT_LE(run.session.recorder().all().size(), Recorder::max_noise_messages + 100);
}

TEST(HostileTcp, AnswerOfAWebServerIsNoAnswer) {
  Attempt run{[](TcpConnection& connection) {
                connection.read_request();
                connection.write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
                connection.wait_for_close();
              },
              {.timeout = 1s}};
  EXPECT_FALSE(error_of(run.dialogue));
  EXPECT_EQ(run.session.noise().unreadable, 1U);
}

TEST(HostileTcp, ServerThatIsGoneIsRefused) {
  auto peer = std::make_unique<TcpPeer>([](TcpConnection& connection) {
    connection.write(challenge_to(connection.read_request(), "n"));
  });
  const auto transport = peers::opened(net::TransportKind::tcp, peers::loopback(peer->port()));
  Session session{*transport, peers::alice(), patient, {}, 1};
  Dialogue dialogue{session};
  EXPECT_TRUE(dialogue.challenge().usable());
  peer.reset();
  const auto error = error_of(dialogue);
  ASSERT_TRUE(error);
  EXPECT_EQ(error->kind, net::NetError::Kind::refused);
}

}  // namespace
}  // namespace sipauth::sip
