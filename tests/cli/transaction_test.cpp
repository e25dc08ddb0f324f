#include "sip/transaction.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "cli/peers.hpp"
#include "sipauth/write.hpp"

namespace sipauth::sip {
namespace {

using namespace std::chrono_literals;
using peers::replaced;
using peers::response_to;
using peers::ScriptedTransport;

constexpr std::string_view branch = "z9hG4bKours";

std::string request() {
  return write_request({.request_uri = "sip:127.0.0.1",
                        .via_host = "127.0.0.1:5062",
                        .branch = std::string{branch},
                        .from = "<sip:alice@example.com>;tag=1",
                        .to = "<sip:alice@example.com>",
                        .call_id = "call-1",
                        .cseq = 7});
}

class TransactionTest : public testing::Test {
 protected:
  TransactionResult run() {
    return run_transaction(transport, recorder, noise, timers, request(), branch);
  }

  // When the request was sent, in milliseconds.
  std::vector<long> sendings() const {
    std::vector<long> times;
    for (const auto at : transport.sent_at()) times.push_back(static_cast<long>(at / 1ms));
    return times;
  }

  std::vector<std::string> notes() const {
    std::vector<std::string> list;
    for (const auto& message : recorder.all()) list.push_back(message.note);
    return list;
  }

  void answers(std::function<void(ScriptedTransport&, const std::string&)> script) {
    transport.on_send = [script, first = true](auto& way, const std::string& sent) mutable {
      if (std::exchange(first, false)) script(way, sent);
    };
  }

  ScriptedTransport transport;
  Recorder recorder;
  Noise noise;
  Timers timers;
};

const net::NetError refused{net::NetError::Kind::refused, "refused"};

TEST_F(TransactionTest, FinalAnswerEndsIt) {
  answers([](auto& way, const auto& sent) { way.arrives(response_to(sent, 401), 30ms); });
  const auto result = run();
  ASSERT_TRUE(result.response);
  EXPECT_EQ(result.request, 0U);
  EXPECT_EQ(*result.response, 1U);
  EXPECT_EQ(result.rtt, 30ms);
  EXPECT_EQ(result.retransmissions, 0);
  EXPECT_FALSE(result.error);
  EXPECT_EQ(recorder.at(0).bytes, request());
  EXPECT_EQ(recorder.at(0).direction, Direction::out);
  EXPECT_EQ(recorder.at(1).direction, Direction::in);
  EXPECT_EQ(recorder.at(1).at, 30ms);
}

TEST_F(TransactionTest, SilenceIsRetransmittedByTimerEAndEndsAfterTheTimeout) {
  const auto result = run();
  EXPECT_EQ(sendings(), (std::vector<long>{0, 500, 1500, 3500}));
  EXPECT_EQ(result.retransmissions, 3);
  EXPECT_FALSE(result.response);
  EXPECT_FALSE(result.error);
  EXPECT_EQ(transport.clock().now(), 5s);
  for (const auto& sent : transport.sent()) EXPECT_EQ(sent, request());
  EXPECT_EQ(notes(),
            (std::vector<std::string>{"", "retransmission", "retransmission", "retransmission"}));
}

TEST_F(TransactionTest, TimerEIsBoundedByT2AndTimerFIsTheRfcs) {
  timers.timeout = 32s;
  const auto result = run();
  EXPECT_EQ(sendings(), (std::vector<long>{0, 500, 1500, 3500, 7500, 11500, 15500, 19500, 23500,
                                           27500, 31500}));
  EXPECT_EQ(result.retransmissions, 10);
}

TEST_F(TransactionTest, AfterAProvisionalAnswerTimerERunsAtT2) {
  timers.timeout = 20s;
  answers([](auto& way, const auto& sent) { way.arrives(response_to(sent, 100), 600ms); });
  const auto result = run();
  EXPECT_EQ(sendings(), (std::vector<long>{0, 500, 1500, 5500, 9500, 13500, 17500}));
  EXPECT_EQ(result.provisional, (std::vector<std::uint32_t>{2}));
  EXPECT_FALSE(result.response);
  EXPECT_EQ(notes().at(2), "provisional");
}

TEST_F(TransactionTest, RttCountsFromTheLastSending) {
  answers([](auto& way, const auto& sent) { way.arrives(response_to(sent, 200), 520ms); });
  const auto result = run();
  EXPECT_EQ(result.rtt, 20ms);
  EXPECT_EQ(result.retransmissions, 1);
}

TEST_F(TransactionTest, NothingIsRetransmittedOnAStream) {
  transport.reliable = true;
  const auto result = run();
  EXPECT_EQ(sendings(), (std::vector<long>{0}));
  EXPECT_EQ(result.retransmissions, 0);
  EXPECT_EQ(transport.clock().now(), 5s);
}

TEST_F(TransactionTest, BranchIsComparedWithoutCaseAsTokensAre) {
  answers([](auto& way, const auto& sent) {
    way.arrives(replaced(response_to(sent, 200), "z9hG4bKours", "Z9HG4BKOURS"));
  });
  EXPECT_TRUE(run().response);
}

TEST_F(TransactionTest, AnswerOfAnotherMethodIsAStray) {
  answers([](auto& way, const auto& sent) {
    way.arrives(replaced(response_to(sent, 200), "7 REGISTER", "7 OPTIONS"));
  });
  const auto result = run();
  EXPECT_FALSE(result.response);
  EXPECT_FALSE(result.wrong_branch);
  EXPECT_EQ(noise.strays, 1U);
}

TEST_F(TransactionTest, OurCallIdAndCSeqWithAnotherBranchIsTold) {
  answers([](auto& way, const auto& sent) {
    way.arrives(replaced(response_to(sent, 200), "z9hG4bKours", "z9hG4bKhers"));
  });
  const auto result = run();
  EXPECT_FALSE(result.response);
  EXPECT_TRUE(result.wrong_branch);
  EXPECT_EQ(noise.strays, 1U);
}

TEST_F(TransactionTest, AnswerFromElsewhereIsNoAnswer) {
  answers([](auto& way, const auto& sent) { way.arrives(response_to(sent, 200), 1ms, false); });
  const auto result = run();
  EXPECT_FALSE(result.response);
  EXPECT_EQ(noise.strays, 1U);
  EXPECT_EQ(recorder.at(1).note, "from elsewhere");
  EXPECT_EQ(recorder.at(1).remote, "127.0.0.1:9");
}

TEST_F(TransactionTest, NoiseIsCountedByItsKindAndHidesNothing) {
  answers([](auto& way, const auto& sent) {
    way.arrives(std::string(4, char{0}), 1ms);
    way.arrives(replaced(request(), "REGISTER sip", "OPTIONS sip"), 2ms);
    way.arrives(replaced(response_to(sent, 200), "z9hG4bKours", "z9hG4bKold"), 3ms);
    way.arrives(response_to(sent, 403), 4ms);
  });
  recorder.mark_answered("z9hG4bKold");
  const auto result = run();
  ASSERT_TRUE(result.response);
  EXPECT_EQ(noise.unreadable, 1U);
  EXPECT_EQ(noise.requests, 1U);
  EXPECT_EQ(noise.duplicates, 1U);
  EXPECT_EQ(noise.strays, 0U);
  EXPECT_EQ(notes(),
            (std::vector<std::string>{"", "not SIP", "request of the peer", "duplicate", ""}));
}

TEST_F(TransactionTest, SecondAnswerIsADuplicateOfTheNextTransaction) {
  answers([](auto& way, const auto& sent) {
    way.arrives(response_to(sent, 401), 1ms);
    way.arrives(response_to(sent, 401), 2ms);
  });
  EXPECT_TRUE(run().response);
  const auto next = replaced(request(), branch, "z9hG4bKnext");
  const auto result = run_transaction(transport, recorder, noise, timers, next, "z9hG4bKnext");
  EXPECT_FALSE(result.response);
  EXPECT_EQ(noise.duplicates, 1U);
}

TEST_F(TransactionTest, IcmpErrorEndsItAfterT1) {
  answers([](auto& way, const auto&) { way.fails(refused, 1ms); });
  const auto result = run();
  ASSERT_TRUE(result.error);
  EXPECT_EQ(result.error->kind, net::NetError::Kind::refused);
  EXPECT_EQ(transport.clock().now(), 501ms);
  EXPECT_EQ(result.retransmissions, 0);
}

TEST_F(TransactionTest, AnswerWithinT1OutrunsAnIcmpError) {
  answers([](auto& way, const auto& sent) {
    way.fails(refused, 1ms);
    way.arrives(response_to(sent, 200), 400ms);
  });
  const auto result = run();
  EXPECT_TRUE(result.response);
  EXPECT_FALSE(result.error);
}

TEST_F(TransactionTest, ClosedStreamEndsItAtOnce) {
  transport.reliable = true;
  answers([](auto& way, const auto&) { way.fails({net::NetError::Kind::closed, "closed"}, 5ms); });
  const auto result = run();
  ASSERT_TRUE(result.error);
  EXPECT_EQ(result.error->kind, net::NetError::Kind::closed);
  EXPECT_EQ(transport.clock().now(), 5ms);
}

TEST_F(TransactionTest, InterruptEndsItAtOnce) {
  answers([](auto& way, const auto&) {
    way.fails({net::NetError::Kind::interrupted, "Interrupted."}, 5ms);
  });
  EXPECT_EQ(run().error->kind, net::NetError::Kind::interrupted);
  EXPECT_EQ(transport.clock().now(), 5ms);
}

TEST_F(TransactionTest, EndlessProvisionalAnswersAreBoundedInNumberAndTime) {
  timers = peers::short_timers;
  answers([](auto& way, const auto& sent) {
    for (int i = 0; i < 1000; ++i) way.arrives(response_to(sent, 100), i * 1ms);
  });
  const auto result = run();
  EXPECT_FALSE(result.response);
  EXPECT_EQ(result.provisional.size(), 64U);
  EXPECT_EQ(transport.clock().now(), 200ms);
}

TEST_F(TransactionTest, NoiseFillsBoundedMemory) {
  timers.timeout = 60s;
  answers([](auto& way, const auto&) {
    for (int i = 0; i < 1000; ++i) way.arrives(std::string(60'000, 'x'), i * 1ms);
  });
  EXPECT_FALSE(run().response);
  EXPECT_EQ(noise.unreadable, 1000U);
  std::size_t kept = 0;
  for (const auto& message : recorder.all()) {
    if (message.direction == Direction::in) kept += message.bytes.size();
  }
  EXPECT_LE(kept, Recorder::max_noise_bytes);
  EXPECT_GT(kept, Recorder::max_noise_bytes / 2);
}

}  // namespace
}  // namespace sipauth::sip
