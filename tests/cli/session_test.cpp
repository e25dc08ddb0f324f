#include "sip/session.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "cli/peers.hpp"
#include "sip/dialogue.hpp"

namespace sipauth::sip {
namespace {

using namespace std::chrono_literals;
using peers::alice;
using peers::challenge_to;
using peers::response_to;
using peers::ScriptedTransport;

// The offers of an answer with these rows, as a client of `realm` reads them.
Exchange offered(std::string_view rows, std::string_view realm = "") {
  const std::string request =
      "REGISTER sip:a SIP/2.0\r\nVia: SIP/2.0/UDP a;branch=z9hG4bKa\r\nFrom: <sip:a@a>;tag=1\r\n"
      "To: <sip:a@a>\r\nCall-ID: a\r\nCSeq: 1 REGISTER\r\n\r\n";
  Exchange exchange{.status = 401};
  read_offers(exchange, response_to(request, 401, rows), realm);
  return exchange;
}

struct OfferCase {
  std::string_view proves;
  std::string_view rows;
  std::string_view chosen_nonce;  ///< empty: none can be answered
  std::string_view realm = "";
  std::size_t offers = 1;
};

class OfferTest : public testing::TestWithParam<OfferCase> {};

TEST_P(OfferTest, TheTopmostAnswerableOfTheRealmIsChosen) {
  const auto exchange = offered(GetParam().rows, GetParam().realm);
  EXPECT_EQ(exchange.offers.size(), GetParam().offers);
  EXPECT_EQ(exchange.offer() ? exchange.offer()->nonce : "", GetParam().chosen_nonce);
  EXPECT_EQ(exchange.usable(), !GetParam().chosen_nonce.empty());
}

const std::vector<OfferCase> offer_cases{
    {"Plain", "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\"\r\n", "n"},
    {"BrokenCommaIsRead", "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\" stale=true\r\n", "n"},
    {"EmptyRealmIsARealm", "WWW-Authenticate: Digest realm=\"\", nonce=\"n\"\r\n", "n"},
    {"NoRealm", "WWW-Authenticate: Digest nonce=\"n\"\r\n", ""},
    {"NoNonce", "WWW-Authenticate: Digest realm=\"r\"\r\n", ""},
    {"EmptyNonce", "WWW-Authenticate: Digest realm=\"r\", nonce=\"\"\r\n", ""},
    {"Basic", "WWW-Authenticate: Basic realm=\"r\", nonce=\"n\"\r\n", ""},
    {"Md5InAnyCase", "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", algorithm=md5\r\n", "n"},
    {"QuotedAlgorithm",
     "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", algorithm=\"SHA-256\"\r\n", "n"},
    {"AkaIsNotAnswered",
     "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", algorithm=AKAv1-MD5\r\n", ""},
    {"UnknownAlgorithmIsPassedOver",
     "WWW-Authenticate: Digest realm=\"r\", nonce=\"1\", algorithm=X\r\n"
     "WWW-Authenticate: Digest realm=\"r\", nonce=\"2\"\r\n",
     "2", "", 2},
    {"UnknownQopAlone", "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"x\"\r\n", ""},
    {"EmptyQopIsNone", "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"\"\r\n", "n"},
    {"FirstOfTwo",
     "WWW-Authenticate: Digest realm=\"a\", nonce=\"1\"\r\n"
     "WWW-Authenticate: Digest realm=\"b\", nonce=\"2\"\r\n",
     "1", "", 2},
    {"WantedRealm",
     "WWW-Authenticate: Digest realm=\"a\", nonce=\"1\"\r\n"
     "WWW-Authenticate: Digest realm=\"b\", nonce=\"2\"\r\n",
     "2", "b", 2},
    {"RealmsHaveCase", "WWW-Authenticate: Digest realm=\"A\", nonce=\"1\"\r\n", "", "a"},
    {"MergedRow",
     "WWW-Authenticate: Digest realm=\"a\", nonce=\"1\", Digest realm=\"b\", nonce=\"2\"\r\n", "2",
     "b", 2},
    {"WwwBeforeProxy",
     "Proxy-Authenticate: Digest realm=\"a\", nonce=\"1\"\r\n"
     "WWW-Authenticate: Digest realm=\"b\", nonce=\"2\"\r\n",
     "2", "", 2},
    {"NoneAtAll", "", "", "", 0},
};
INSTANTIATE_TEST_SUITE_P(Rows, OfferTest, testing::ValuesIn(offer_cases),
                         [](const auto& row) { return std::string{row.param.proves}; });

TEST(Offer, IsUnquotedAndUnfolded) {
  const auto exchange = offered(
      "Proxy-Authenticate: Digest realm=\"a \\\"b\\\"\r\n  c\", nonce=\"n\", opaque=\"\",\r\n"
      " qop=\"auth-int,auth\", stale=TRUE, algorithm=SHA-256-sess, userhash=true\r\n");
  ASSERT_TRUE(exchange.offer());
  const auto& offer = *exchange.offer();
  EXPECT_TRUE(offer.proxy);
  EXPECT_EQ(offer.realm, "a \"b\" c");
  EXPECT_EQ(offer.opaque, "");
  EXPECT_EQ(offer.algorithm_text, "SHA-256-sess");
  EXPECT_EQ(offer.qop_text, "auth-int,auth");
  EXPECT_EQ(offer.qop, Qop::auth);
  EXPECT_EQ(offer.stale, true);
  EXPECT_TRUE(offer.userhash);
  EXPECT_TRUE(exchange.stale());
}

TEST(Offer, AuthIntWhenThereIsNoAuth) {
  const auto exchange =
      offered("WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"token, auth-int\"\r\n");
  EXPECT_EQ(exchange.offer()->qop, Qop::auth_int);
}

TEST(Offer, StatusDecidesWhetherAChallengeCounts) {
  auto exchange = offered("WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", stale=true\r\n");
  exchange.status = 403;
  EXPECT_FALSE(exchange.usable());
  EXPECT_FALSE(exchange.stale());
}

class SessionTest : public testing::Test {
 protected:
  Session session(Limits limits = {}) { return Session{transport, alice(), timers, limits, 1}; }

  void answers_after(net::Duration time) {
    transport.on_send = [time](auto& way, const std::string& sent) {
      way.arrives(challenge_to(sent, "n"), time);
    };
  }

  ScriptedTransport transport;
  Timers timers;
};

TEST_F(SessionTest, BrakeKeepsRequestsApart) {
  answers_after(10ms);
  auto run = session({.requests_per_second = 5});
  Dialogue dialogue{run};
  for (int i = 0; i < 3; ++i) dialogue.challenge();
  EXPECT_EQ(transport.sent_at(), (std::vector<net::Instant>{0ms, 200ms, 400ms}));
}

TEST_F(SessionTest, NoRequestIsSentBeyondTheLimit) {
  answers_after(1ms);
  auto run = session({.max_requests = 2});
  Dialogue dialogue{run};
  dialogue.challenge();
  dialogue.challenge();
  EXPECT_THROW(dialogue.challenge(), OverLimit);
  EXPECT_EQ(transport.sent().size(), 2U);
  EXPECT_EQ(run.counters().requests, 2U);
}

TEST_F(SessionTest, T1IsFourTimesTheFirstRttWhenThatIsMore) {
  answers_after(200ms);
  auto run = session();
  Dialogue dialogue{run};
  dialogue.challenge();
  EXPECT_EQ(run.timers().t1, 800ms);
  answers_after(1ms);
  dialogue.challenge();
  EXPECT_EQ(run.timers().t1, 800ms);
}

TEST_F(SessionTest, T1StaysWhenTheRttIsSmall) {
  answers_after(20ms);
  auto run = session();
  Dialogue{run}.challenge();
  EXPECT_EQ(run.timers().t1, 500ms);
}

TEST_F(SessionTest, LostFirstRequestDoesNotSlowTheRunForGood) {
  transport.on_send = [lost = true](auto& way, const std::string& sent) mutable {
    if (!std::exchange(lost, false)) way.arrives(challenge_to(sent, "n"), 10ms);
  };
  auto run = session();
  Dialogue dialogue{run};
  EXPECT_EQ(dialogue.challenge().retransmissions, 1);
  EXPECT_GT(run.timers().t1, 2s);
  dialogue.challenge();
  EXPECT_EQ(run.timers().t1, 500ms);
}

TEST_F(SessionTest, ExchangeIsReportedAsItEnds) {
  answers_after(5ms);
  auto run = session();
  std::vector<Exchange> seen;
  run.on_exchange = [&](const Exchange& exchange) { seen.push_back(exchange); };
  Dialogue dialogue{run};
  dialogue.challenge();
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0].call_id, dialogue.call_id());
  EXPECT_EQ(seen[0].status, 401);
  EXPECT_EQ(seen[0].reason, "Reason");
  EXPECT_EQ(seen[0].request, 0U);
  EXPECT_EQ(seen[0].response, 1U);
  EXPECT_EQ(seen[0].wall, net::WallTime{1'767'225'600s});
}

TEST_F(SessionTest, SilenceIsReportedAndThrown) {
  auto run = session();
  int seen = 0;
  run.on_exchange = [&](const Exchange& exchange) { seen += exchange.status == 0; };
  Dialogue dialogue{run};
  try {
    dialogue.challenge();
    FAIL() << "silence must throw";
  } catch (const NoAnswer& silence) {
    EXPECT_FALSE(silence.error);
    EXPECT_EQ(silence.exchange.retransmissions, 3);
    EXPECT_EQ(silence.exchange.call_id, dialogue.call_id());
  }
  EXPECT_EQ(seen, 1);
}

TEST_F(SessionTest, InterruptIsThrown) {
  transport.on_send = [](auto& way, const std::string&) {
    way.fails({net::NetError::Kind::interrupted, "Interrupted."});
  };
  auto run = session();
  Dialogue dialogue{run};
  EXPECT_THROW(dialogue.challenge(), Interrupted);
  transport.fails({net::NetError::Kind::interrupted, "Interrupted."}, 10ms);
  EXPECT_THROW(dialogue.wait(1s), Interrupted);
}

TEST_F(SessionTest, WhatArrivesWhileWaitingIsCounted) {
  auto run = session();
  transport.arrives("what?", 10ms);
  transport.fails({net::NetError::Kind::refused, "late"}, 20ms);
  transport.arrives("and?", 30ms);
  Dialogue{run}.wait(1s);
  EXPECT_EQ(run.noise().unreadable, 2U);
  EXPECT_EQ(transport.clock().now(), 1s);
}

TEST_F(SessionTest, BackgroundWorkRunsWhenItIsDue) {
  answers_after(5ms);
  auto run = session();
  std::vector<long> calls;
  run.background = [&](net::Instant now) -> std::optional<net::Instant> {
    calls.push_back(static_cast<long>(now / 1ms));
    if (now >= 1s) return std::nullopt;
    return now + 400ms;
  };
  run.wait_until(1500ms);
  EXPECT_EQ(calls, (std::vector<long>{0, 400, 800, 1200}));
}

TEST_F(SessionTest, BackgroundWorkMayWaitAndIsNotCalledWithinItself) {
  answers_after(5ms);
  auto run = session();
  int depth = 0;
  run.background = [&](net::Instant) -> std::optional<net::Instant> {
    EXPECT_EQ(++depth, 1);
    Dialogue dialogue{run};
    dialogue.challenge();
    dialogue.wait(50ms);
    --depth;
    return std::nullopt;
  };
  run.wait_until(1s);
  EXPECT_EQ(transport.clock().now(), 1s);
  EXPECT_EQ(transport.sent().size(), 1U);
}

TEST_F(SessionTest, BackgroundWorkThatThrowsCanBeCalledAgain) {
  auto run = session();
  int calls = 0;
  run.background = [&](net::Instant) -> std::optional<net::Instant> {
    if (++calls == 1) throw OverLimit{};
    return std::nullopt;
  };
  EXPECT_THROW(run.wait_until(1s), OverLimit);
  run.wait_until(1s);
  EXPECT_GE(calls, 2);
}

TEST_F(SessionTest, BackgroundWorkThatIsAlwaysDueDoesNotStopTheClock) {
  auto run = session();
  run.background = [](net::Instant now) { return std::optional{now}; };
  run.wait_until(50ms);
  EXPECT_EQ(transport.clock().now(), 50ms);
}

TEST_F(SessionTest, ChallengeThatTheHa1DoesNotFitIsNotAnswerable) {
  transport.on_send = [](auto& way, const std::string& sent) {
    way.arrives(response_to(sent, 401,
                            "WWW-Authenticate: Digest realm=\"t\", nonce=\"1\", "
                            "algorithm=SHA-256, qop=\"auth\"\r\n"
                            "WWW-Authenticate: Digest realm=\"t\", nonce=\"2\", qop=\"auth\"\r\n"));
  };
  auto identity = alice();
  identity.password = Secret{"0123456789abcdef0123456789abcdef"};
  identity.password_is_ha1 = true;
  Session run{transport, std::move(identity), timers, {}, 1};
  const auto challenged = Dialogue{run}.challenge();
  ASSERT_TRUE(challenged.usable());
  EXPECT_EQ(challenged.offer()->nonce, "2");
  EXPECT_FALSE(challenged.offers[0].answerable);
}

TEST_F(SessionTest, Ha1ThatIsNoHashAnswersNothing) {
  answers_after(1ms);
  auto identity = alice();
  identity.password = Secret{"not hexadecimal"};
  identity.password_is_ha1 = true;
  Session run{transport, std::move(identity), timers, {}, 1};
  EXPECT_FALSE(Dialogue{run}.challenge().challenged());
}

TEST_F(SessionTest, SameSeedSendsTheSameBytes) {
  answers_after(1ms);
  const auto send_two = [&](std::uint64_t seed) {
    ScriptedTransport way;
    way.on_send = transport.on_send;
    Session run{way, alice(), timers, {}, seed};
    Dialogue dialogue{run};
    const auto challenged = dialogue.challenge();
    dialogue.answer(challenged);
    return way.sent();
  };
  EXPECT_EQ(send_two(7), send_two(7));
  EXPECT_NE(send_two(7), send_two(8));
}

}  // namespace
}  // namespace sipauth::sip
