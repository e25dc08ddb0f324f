// Which messages make an attempt, and what became of it.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "lib/flow_script.hpp"

namespace sipauth {
namespace {

using test::row_of;

// Without the messages of these numbers, as where a capture began late.
FlowReport report_without(std::string_view script, const std::vector<std::uint64_t>& numbers) {
  FlowAnalysis analysis;
  for (const auto& message : test::messages_of(script)) {
    bool is_left_out = false;
    for (const auto number : numbers) is_left_out = is_left_out || number == message.number;
    if (!is_left_out) analysis.add(message.view());
  }
  return analysis.finish();
}

std::string told(const FlowReport& report) {
  std::string text;
  for (const auto& attempt : report.attempts) {
    text += std::string{outcome_name(attempt.outcome)} + ' ' + std::to_string(attempt.status) +
            ": " + std::to_string(attempt.requests) + " requests, " +
            std::to_string(attempt.challenges) + " challenges\n";
  }
  return text;
}

std::string findings_of(const FlowReport& report) {
  std::string text;
  for (const auto& row : report.rows) {
    if (row.verdict == FlowVerdict::fail || row.verdict == FlowVerdict::warn) {
      text += std::string{row.check->id} + ' ';
    }
  }
  return text;
}

struct Case {
  std::string_view proves = {};
  std::string_view script = {};
  std::vector<std::uint64_t> left_out = {};
  std::string_view attempts = {};
  std::uint64_t unasked = 0;
};

void PrintTo(const Case& row, std::ostream* out) { *out << row.script; }

constexpr std::string_view wrong_password =
    "0.0 > REGISTER cseq=1\n0.1 < 401 nonce=n1\n"
    "0.2 > REGISTER cseq=2 nonce=n1 nc=1 password=wrong\n0.3 < 401 nonce=n2\n";

class FlowAttempts : public testing::TestWithParam<Case> {};

TEST_P(FlowAttempts, AreToldAsTheyWere) {
  const auto report = report_without(GetParam().script, GetParam().left_out);
  EXPECT_EQ(told(report), GetParam().attempts);
  EXPECT_EQ(report.unasked, GetParam().unasked);
  EXPECT_EQ(findings_of(report), "");
}

const std::vector<Case> cases{
    {.proves = "AChallengeToCredentialsRefusesThem",
     .script = wrong_password,
     .attempts = "refused 401: 2 requests, 2 challenges\n"},
    {.proves = "AChallengeAloneIsNone",
     .script = "0.0 > REGISTER cseq=1\n0.1 < 401 nonce=n1\n",
     .attempts = "challenged 401: 1 requests, 1 challenges\n"},
    {.proves = "AStaleNonceIsNoRefusal",
     .script = "0.0 > REGISTER cseq=1\n0.1 < 401 nonce=n1\n"
               "0.2 > REGISTER cseq=2 nonce=n1 nc=1\n0.3 < 401 nonce=n2 stale=true\n",
     .attempts = "challenged 401: 2 requests, 2 challenges\n"},
    {.proves = "ARefusedPhoneThatBeginsAnewMakesAnotherAttempt",
     .script = "0.0 > REGISTER cseq=1\n0.1 < 401 nonce=n1\n"
               "0.2 > REGISTER cseq=2 nonce=n1 nc=1 password=wrong\n0.3 < 401 nonce=n2\n"
               "30.0 > REGISTER cseq=3\n30.1 < 401 nonce=n3\n"
               "30.2 > REGISTER cseq=4 nonce=n3 nc=1 password=wrong\n30.3 < 401 nonce=n4\n",
     .attempts = "refused 401: 2 requests, 2 challenges\n"
                 "refused 401: 2 requests, 2 challenges\n"},
    {.proves = "RemovalIsToldOfTheRequestThatWasAnswered",
     .script = "0.0 > REGISTER cseq=1\n0.1 < 200\n9.0 > REGISTER cseq=2\n9.1 < 401 nonce=n1\n",
     .attempts = "accepted 200: 1 requests, 0 challenges\n"
                 "challenged 401: 1 requests, 1 challenges\n"},
    {.proves = "AChallengeWithoutItsRequestIsAnswered",
     .script = "0.0 > REGISTER cseq=1\n0.1 < 401 nonce=n1\n"
               "0.2 > REGISTER cseq=2 nonce=n1 nc=1\n0.3 < 200\n",
     .left_out = {1},
     .attempts = "accepted 200: 1 requests, 1 challenges\n",
     .unasked = 1},
    {.proves = "ARefusalWithoutItsRequestIsTold",
     .script = "0.0 > REGISTER cseq=2 nonce=n1 nc=1\n0.1 < 403\n9.0 > REGISTER cseq=3\n9.1 < 200\n",
     .left_out = {1},
     .attempts = "refused 403: 0 requests, 0 challenges\naccepted 200: 1 requests, 0 challenges\n",
     .unasked = 1},
    {.proves = "NobodyKnowsWhatARequestThatWasNotSeenCarried",
     .script = "0.0 > REGISTER cseq=2 nonce=n0 nc=1\n0.1 < 401 nonce=n1 stale=true\n"
               "0.2 > REGISTER cseq=3 nonce=n1 nc=1\n0.3 < 200\n"
               "60.0 > REGISTER cseq=4\n60.1 < 401 nonce=n2\n",
     .left_out = {1, 5},
     .attempts = "accepted 200: 1 requests, 1 challenges\n"
                 "challenged 401: 0 requests, 1 challenges\n",
     .unasked = 2},
    {.proves = "AnAnswerThatIsSentAgainCountsOnce",
     .script = "0.0 > REGISTER cseq=1\n0.1 < 401 nonce=n1\n0.2 < 401 nonce=n1\n",
     .left_out = {1},
     .attempts = "challenged 401: 0 requests, 1 challenges\n",
     .unasked = 1},
};
INSTANTIATE_TEST_SUITE_P(Rows, FlowAttempts, testing::ValuesIn(cases),
                         [](const auto& row) { return std::string{row.param.proves}; });

// Every second challenge is met by a request without credentials: somebody typed the password
// wrongly, and the phone asks once an hour.
TEST(FlowLoops, AreNoneWhereAPhoneWithAWrongPasswordTriesOnceInAWhile) {
  for (const int pause : {40, 3600}) {
    std::string script;
    for (int i = 0; i < 6; ++i) {
      const auto second = std::to_string(i * pause);
      const auto n = std::to_string(i);
      script += second + ".0 > REGISTER cseq=" + std::to_string(2 * i + 1) + '\n' + second +
                ".1 < 401 nonce=a" + n + '\n' + second +
                ".2 > REGISTER cseq=" + std::to_string(2 * i + 2) + " nonce=a" + n +
                " nc=1 password=wrong\n" + second + ".3 < 401 nonce=b" + n + '\n';
    }
    const auto report = test::report_on(script, false);
    EXPECT_TRUE(row_of(report, "SP-LOOP-01").findings.empty()) << pause;
    EXPECT_EQ(report.attempts_seen, 6U) << pause;
  }
}

// The server's address in a text is known of some messages only.
TEST(FlowDialogues, AreToldByCallIdAndTagWhereANonceIsAnswered) {
  const auto messages = test::messages_of(
      "0.0 > REGISTER cseq=1\n0.1 < 401 nonce=n1\n0.2 > REGISTER cseq=2 nonce=n1 nc=1\n0.3 < "
      "200\n");
  FlowAnalysis analysis;
  for (const auto& message : messages) {
    auto seen = message.view();
    if (message.number > 2) seen.source = seen.destination = {};
    analysis.add(seen);
  }
  const auto report = analysis.finish();
  EXPECT_TRUE(row_of(report, "SP-CSEQ-02").findings.empty());
}

}  // namespace
}  // namespace sipauth
