// A registrar that means ill, or is merely broken, over UDP: every run ends clearly and in time.

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <chrono>
#include <memory>
#include <string>

#include "cli/peers.hpp"
#include "sip/dialogue.hpp"
#include "sipauth/limits.hpp"
#include "sipauth/text.hpp"

namespace sipauth::sip {
namespace {

using namespace std::chrono_literals;
using peers::challenge_to;
using peers::header_of;
using peers::replaced;
using peers::response_to;
using peers::UdpPeer;

// A session with a server that follows the script.
struct Attempt {
  explicit Attempt(UdpPeer::Script script, Timers timers = peers::short_timers, Limits limits = {})
      : peer{std::move(script)},
        transport{peers::opened(net::TransportKind::udp, peers::loopback(peer.port()))},
        session{*transport, peers::alice(), timers, limits, 1} {}

  UdpPeer peer;
  std::unique_ptr<net::Transport> transport;
  Session session;
  Dialogue dialogue{session};
};

// Time enough for a flood under a sanitizer, and still an end.
constexpr Timers patient{.t1 = 50ms, .t2 = 400ms, .timeout = 20s};

// Nothing is sent twice, so that everything can be counted exactly.
constexpr Timers unhurried{.t1 = 20s, .t2 = 20s, .timeout = 20s};

// Silence that must come after something else arrived.
constexpr Timers a_second{.t1 = 50ms, .t2 = 400ms, .timeout = 1s};

// What NoAnswer a step ends in; a status when it did not.
NoAnswer silence_of(Dialogue& dialogue) {
  try {
    auto exchange = dialogue.challenge();
    ADD_FAILURE() << "answered with " << exchange.status;
    return {std::move(exchange), std::nullopt};
  } catch (NoAnswer& silence) {
    return std::move(silence);
  }
}

TEST(HostileUdp, SilenceEndsInItsTimeAndIsNoError) {
  Attempt run{[](UdpPeer&, const std::string&) {}};
  const auto silence = silence_of(run.dialogue);
  EXPECT_EQ(silence.exchange.status, 0);
  EXPECT_FALSE(silence.error);
  EXPECT_GE(silence.exchange.retransmissions, 1);
  EXPECT_LE(silence.exchange.retransmissions, 4);
  EXPECT_EQ(run.session.counters().requests, 1U);
}

TEST(HostileUdp, LateAnswerIsAStrayOfTheNextTransaction) {
  std::string first;
  Attempt run{[&](UdpPeer& self, const std::string& request) {
    if (header_of(request, "CSeq") == "1 REGISTER") {
      first = request;
    } else if (!first.empty()) {
      self.send(challenge_to(first, "late"));
      self.send(challenge_to(request, "in time"));
      first.clear();
    }
  }};
  silence_of(run.dialogue);
  run.session.timers() = unhurried;
  const auto challenged = run.dialogue.challenge();
  ASSERT_TRUE(challenged.usable());
  EXPECT_EQ(challenged.offer()->nonce, "in time");
  EXPECT_EQ(run.session.noise().strays, 1U);
  EXPECT_EQ(run.session.noise().duplicates, 0U);
}

TEST(HostileUdp, SecondAnswerIsADuplicate) {
  Attempt run{[](UdpPeer& self, const std::string& request) {
                self.send(challenge_to(request, "n"));
                self.send(challenge_to(request, "n"));
              },
              unhurried};
  EXPECT_EQ(run.dialogue.challenge().status, 401);
  EXPECT_EQ(run.dialogue.challenge().status, 401);
  EXPECT_EQ(run.session.noise().duplicates, 1U);
  EXPECT_EQ(run.session.noise().strays, 0U);
}

TEST(HostileUdp, GarbageIsCountedAndHidesNothing) {
  Attempt run{[](UdpPeer& self, const std::string& request) {
                self.send("");
                self.send(std::string(512, char{0}));
                self.send("\xff\xfe\x1b[2J");
                self.send("HTTP/1.1 200 OK\r\n\r\n");
                self.send(challenge_to(request, "n"));
              },
              unhurried};
  EXPECT_TRUE(run.dialogue.challenge().usable());
  EXPECT_EQ(run.session.noise().unreadable, 4U);
}

TEST(HostileUdp, FloodOfForeignDialoguesHidesNothing) {
  Attempt run{[flooded = false](UdpPeer& self, const std::string& request) mutable {
                if (!std::exchange(flooded, true)) {
                  auto foreign = replaced(challenge_to(request, "foreign"), "z9hG4bK", "z9hG4bKx");
                  foreign = replaced(foreign, "Call-ID: ", "Call-ID: x");
                  for (int i = 0; i < 10'000; ++i) self.send(foreign);
                }
                self.send(challenge_to(request, "right"));
              },
              patient};
  const auto challenged = run.dialogue.challenge();
  ASSERT_TRUE(challenged.usable());
  EXPECT_EQ(challenged.offer()->nonce, "right");
  EXPECT_FALSE(challenged.wrong_branch);
  EXPECT_GT(run.session.noise().strays, 0U);
  EXPECT_LE(run.session.recorder().all().size(), Recorder::max_noise_messages + 100);
}

TEST(HostileUdp, FloodFromAnotherPortIsNotEvenRead) {
  Attempt run{[flooded = false](UdpPeer& self, const std::string& request) mutable {
                if (!std::exchange(flooded, true)) {
                  for (int i = 0; i < 10'000; ++i)
                    self.send_from_elsewhere(response_to(request, 200));
                }
                self.send(challenge_to(request, "right"));
              },
              patient};
  EXPECT_TRUE(run.dialogue.challenge().usable());
  EXPECT_EQ(run.session.noise().strays, 0U);
}

TEST(HostileUdp, EndlessFloodEndsInItsTime) {
  Attempt run{[](UdpPeer& self, const std::string&) {
    for (int i = 0; i < 20'000; ++i) self.send("flood");
  }};
  const auto before = run.transport->clock().now();
  const auto silence = silence_of(run.dialogue);
  EXPECT_FALSE(silence.error);
  EXPECT_LT(run.transport->clock().now() - before, 5s);
  EXPECT_GT(run.session.noise().unreadable, 0U);
}

TEST(HostileUdp, AnswerWithAnotherBranchIsToldAndNotTaken) {
  Attempt run{[](UdpPeer& self, const std::string& request) {
                self.send(replaced(challenge_to(request, "n"), "z9hG4bK", "z9hG4bKx"));
              },
              a_second};
  const auto silence = silence_of(run.dialogue);
  EXPECT_TRUE(silence.exchange.wrong_branch);
  EXPECT_EQ(silence.exchange.status, 0);
}

TEST(HostileUdp, RequestsOfThePeerAreCountedAndNotAnswered) {
  Attempt run{[](UdpPeer& self, const std::string& request) {
                if (!request.starts_with("REGISTER")) return;
                self.send(replaced(request, "REGISTER sip", "OPTIONS sip"));
                self.send(challenge_to(request, "n"));
              },
              unhurried};
  EXPECT_TRUE(run.dialogue.challenge().usable());
  EXPECT_EQ(run.session.noise().requests, 1U);
  EXPECT_EQ(run.peer.received(), 1);
}

TEST(HostileUdp, RefusalWithoutAChallengeLeadsNowhere) {
  Attempt run{
      [](UdpPeer& self, const std::string& request) { self.send(response_to(request, 401)); },
      patient};
  const auto exchange = run.dialogue.challenge();
  EXPECT_EQ(exchange.status, 401);
  EXPECT_TRUE(exchange.offers.empty());
  EXPECT_FALSE(exchange.usable());
  EXPECT_FALSE(exchange.challenged());
}

// Answers every challenge, as a naive phone does, until the limit of the run.
void follow_for_ever(Attempt& run) {
  auto exchange = run.dialogue.challenge();
  while (exchange.challenged()) exchange = run.dialogue.answer(exchange);
  ADD_FAILURE() << "it ended with " << exchange.status;
}

TEST(HostileUdp, EndlessChallengesAreBoundedByTheRunAndCounted) {
  for (const std::string_view more : {"", ", stale=true"}) {
    Attempt run{[more, count = 0](UdpPeer& self, const std::string& request) mutable {
                  self.send(challenge_to(request, std::to_string(++count), more));
                },
                patient,
                {.max_requests = 30}};
    EXPECT_THROW(follow_for_ever(run), OverLimit);
    EXPECT_EQ(run.session.counters().requests, 30U);
    EXPECT_EQ(run.session.counters().refused, 29U);
  }
}

TEST(HostileUdp, DatagramFullOfHeadersIsUnreadableAndTheRunGoesOn) {
  Attempt run{
      [](UdpPeer& self, const std::string& request) {
        std::string rows;
        while (rows.size() < 64'000) rows += "X: y\r\n";
        self.send(challenge_to(request, "n").insert(challenge_to(request, "n").find("Via:"), rows));
      },
      a_second};
  const auto silence = silence_of(run.dialogue);
  EXPECT_FALSE(silence.error);
  EXPECT_GE(run.session.noise().unreadable, 1U);
}

TEST(HostileUdp, HeaderOf60KilobytesIsRead) {
  Attempt run{[](UdpPeer& self, const std::string& request) {
                self.send(challenge_to(request, std::string(60'000, 'n')));
              },
              patient};
  const auto challenged = run.dialogue.challenge();
  ASSERT_TRUE(challenged.usable());
  EXPECT_EQ(challenged.offer()->nonce.size(), 60'000U);
}

TEST(HostileUdp, TooManyChallengesAreBounded) {
  Attempt run{[](UdpPeer& self, const std::string& request) {
                std::string rows;
                for (int i = 0; i < 200; ++i) rows += "WWW-Authenticate: Digest realm=\"r\"\r\n";
                self.send(response_to(request, 401, rows));
              },
              patient};
  const auto exchange = run.dialogue.challenge();
  EXPECT_EQ(exchange.status, 401);
  EXPECT_LE(exchange.offers.size(), limits::challenges);
  EXPECT_FALSE(exchange.usable());
}

TEST(HostileUdp, EscapeSequencesInEveryFieldComeBackAsBytesAndInjectNothing) {
  Attempt run{[](UdpPeer& self, const std::string& request) {
                auto answer = challenge_to(request, "n\x1b[2J", ", opaque=\"\x1b]0;x\x07\"");
                answer = replaced(answer, "Reason", "\x1b[31mred");
                self.send(replaced(answer, "realm=\"test\"",
                                   "realm=\"\x9b"
                                   "2J\""));
              },
              unhurried};
  const auto challenged = run.dialogue.challenge();
  ASSERT_TRUE(challenged.usable());
  EXPECT_EQ(challenged.reason, "\x1b[31mred");
  EXPECT_EQ(challenged.offer()->nonce, "n\x1b[2J");
  run.dialogue.answer(challenged);
  const auto& sent = run.session.recorder().at(2).bytes;
  EXPECT_EQ(header_of(sent, "CSeq"), "2 REGISTER");
  EXPECT_EQ(unquote(peers::parameter_of(header_of(sent, "Authorization"), "nonce")), "n\x1b[2J");
}

TEST(HostileUdp, ClosedPortEndsSoonAndIsNamed) {
  std::uint16_t port = 0;
  {
    const auto given_back = peers::bound_socket(SOCK_DGRAM, peers::Family::ipv4, port);
  }
  const auto transport = peers::opened(net::TransportKind::udp, peers::loopback(port));
  Session session{*transport, peers::alice(), {.t1 = 10ms, .t2 = 80ms, .timeout = 60s}, {}, 1};
  Dialogue dialogue{session};
  const auto silence = silence_of(dialogue);
  ASSERT_TRUE(silence.error);
  EXPECT_EQ(silence.error->kind, net::NetError::Kind::refused);
  EXPECT_LT(transport->clock().now(), 10s);
}

TEST(HostileUdp, InterruptEndsARunThatWaits) {
  Attempt run{[](UdpPeer&, const std::string&) { net::stop_requested = true; },
              {.t1 = 10s, .t2 = 10s, .timeout = 60s}};
  EXPECT_THROW(run.dialogue.challenge(), Interrupted);
  net::stop_requested = false;
  EXPECT_LT(run.transport->clock().now(), 10s);
}

}  // namespace
}  // namespace sipauth::sip
