// What the times in nonces say of the clocks, and what is left out where there are no times.

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "lib/flow_script.hpp"

namespace sipauth {
namespace {

constexpr std::int64_t second = 1'000'000'000;
constexpr std::int64_t noon = 1'709'294'400 * second;  // 2024-03-01 12:00:00

struct ClockCase {
  std::string_view proves;
  FlowClock clock;
  std::int64_t nonce_ahead;  ///< seconds
  std::string_view told;     ///< empty: nothing is
};

const ClockCase cases[]{
    {"SameTime", FlowClock::utc, -2, ""},
    {"HourBehind", FlowClock::utc, -3600, "60 min 0 s behind that of the capture."},
    {"HourThatMayBeTheZone", FlowClock::local, -3600, ""},
    {"ZoneOfNepal", FlowClock::local, 5 * 3600 + 45 * 60 + 3, ""},
    {"MinutesBesideTheZone", FlowClock::local, 2 * 3600 + 180,
     "3 min 0 s ahead of that of the capture, in whichever zone that is."},
    {"FartherThanAnyZone", FlowClock::local, -86'400,
     "1440 min 0 s behind that of the capture, in whichever zone that is."},
    {"TimeOfNoCalendar", FlowClock::any, 7200, ""},
};

class NonceTime : public testing::TestWithParam<ClockCase> {};

TEST_P(NonceTime, IsHeldAgainstTheLog) {
  const auto seconds = std::to_string(noon / second + GetParam().nonce_ahead);
  const auto script =
      "0.0 > REGISTER cseq=1\n0.1 < 401 nonce=" + seconds + "/0123456789abcdef0123456789abcdef\n";
  FlowAnalysis analysis;
  for (const auto& message : test::messages_of(script)) {
    auto view = message.view();
    view.time += noon;
    view.clock = GetParam().clock;
    analysis.add(view);
  }
  const auto report = analysis.finish();
  const auto& row = test::row_of(report, "SP-TIME-01");
  ASSERT_EQ(row.findings.empty(), GetParam().told.empty());
  if (!row.findings.empty()) {
    EXPECT_TRUE(row.findings[0].text.ends_with(GetParam().told)) << row.findings[0].text;
  }
}

INSTANTIATE_TEST_SUITE_P(Rows, NonceTime, testing::ValuesIn(cases),
                         [](const auto& row) { return std::string{row.param.proves}; });

TEST(MessagesWithoutTimes, AreToldWithoutDurations) {
  std::size_t findings = 0;
  for (const auto& check : flow_checks) {
    FlowAnalysis analysis;
    for (const auto& message : test::messages_of(check.fails_on)) {
      auto view = message.view();
      view.time = 0;
      analysis.add(view);
    }
    const auto report = analysis.finish();
    for (const auto& row : report.rows) {
      for (const auto& finding : row.findings) {
        ++findings;
        EXPECT_EQ(finding.text.find("0 ms"), std::string::npos) << finding.text;
        EXPECT_EQ(finding.text.find("within 0"), std::string::npos) << finding.text;
        EXPECT_NE(row.check->id, "SP-TIME-02") << finding.text;
      }
    }
  }
  EXPECT_GT(findings, 10U);
}

}  // namespace
}  // namespace sipauth
