// What is kept where there is no room for all, and what is said of the rest.

#include <gtest/gtest.h>

#include <algorithm>

#include "lib/flow_script.hpp"

namespace sipauth {
namespace {

FlowReport report_on(std::string_view script, const FlowLimits& limits) {
  FlowAnalysis analysis{{}, limits};
  for (const auto& message : test::messages_of(script)) analysis.add(message.view());
  return analysis.finish();
}

constexpr std::string_view three =
    "0.0 > REGISTER cseq=1 call=a tag=a\n0.1 < 401 nonce=n1\n"
    "0.2 > REGISTER cseq=2 call=a tag=a nonce=n1 nc=1\n0.3 < 200\n"
    "1.0 > REGISTER cseq=1 call=b tag=b\n1.1 < 401 nonce=n2\n"
    "1.2 > REGISTER cseq=2 call=b tag=b nonce=n2 nc=1\n1.3 < 200\n"
    "2.0 > REGISTER cseq=1 call=c tag=c\n2.1 < 401 nonce=n3\n"
    "2.2 > REGISTER cseq=2 call=c tag=c nonce=n3 nc=1\n2.3 < 403\n";

TEST(FlowLimits, KeepWhatFailedBeforeWhatWentWell) {
  const auto report = report_on(three, {.attempts = 2});
  EXPECT_EQ(report.attempts_seen, 3U);
  ASSERT_EQ(report.attempts.size(), 2U);
  EXPECT_TRUE(std::ranges::any_of(report.attempts, [](const FlowAttempt& attempt) {
    return attempt.outcome == FlowOutcome::refused && attempt.call_id == "c";
  }));
}

TEST(FlowLimits, CountWhatWasForgotten) {
  const auto roomy = report_on(three, {});
  EXPECT_EQ(roomy.forgotten_dialogues + roomy.forgotten_nonces + roomy.evicted, 0U);
  const auto tight = report_on(three, {.flows = 1, .nonces = 1});
  EXPECT_EQ(tight.forgotten_dialogues, 2U);
  EXPECT_EQ(tight.forgotten_nonces, 2U);
  EXPECT_EQ(tight.evicted, 0U);
  // A dialogue that waits for its answer.
  const auto cut =
      report_on("0.0 > REGISTER cseq=1 call=a\n0.1 > REGISTER cseq=1 call=b\n", {.flows = 1});
  EXPECT_EQ(cut.evicted, 1U);
  EXPECT_EQ(cut.forgotten_dialogues, 0U);
}

}  // namespace
}  // namespace sipauth
