// The times of a pasted text: what `sipauth pcap` makes of them, and shows.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "e2e/tool.hpp"

namespace sipauth::e2e {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

std::string message(std::string_view start, int cseq, std::string_view row = "") {
  const auto number = std::to_string(cseq);
  return std::string{start} + "\nVia: SIP/2.0/UDP 192.0.2.7;branch=z9hG4bK" + number +
         "\nFrom: <sip:1@a.example>;tag=1\nTo: <sip:1@a.example>\nCall-ID: c\nCSeq: " + number +
         " REGISTER\n" + std::string{row} + (row.empty() ? "\n" : "\n\n");
}

// A request, a challenge, the request with credentials, 403; each below its line.
std::string refused(const std::vector<std::string>& above, bool is_newest_first = false,
                    std::string_view nonce = "5f3a9c1e7b2d4068a1c5") {
  const std::string value = "realm=\"a\", nonce=\"" + std::string{nonce} + "\", algorithm=MD5, ";
  std::vector<std::string> messages{
      message("REGISTER sip:a.example SIP/2.0", 1),
      message("SIP/2.0 401 Unauthorized", 1, "WWW-Authenticate: Digest " + value + "qop=\"auth\""),
      message("REGISTER sip:a.example SIP/2.0", 2,
              "Authorization: Digest username=\"1\", " + value +
                  "uri=\"sip:a.example\", response=\"8d1f2c3b4a5968778695a4b3c2d1e0f1\", "
                  "qop=auth, nc=00000001, cnonce=\"x\""),
      message("SIP/2.0 403 Forbidden", 2)};
  std::string text;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    text += above[i] + messages[is_newest_first ? messages.size() - 1 - i : i];
  }
  return text;
}

struct TimesCase {
  std::string_view proves;
  std::vector<std::string> above;
  std::vector<std::string_view> shown;
  json time;      ///< of the attempt
  json duration;  ///< in milliseconds
  bool is_newest_first = false;
};

const TimesCase cases[]{
    {"MidnightOfSyslog",
     {"Mar  1 23:59:58 h x[1]:\n", "Mar  1 23:59:59 h x[1]:\n", "Mar  2 00:00:01 h x[1]:\n",
      "Mar  2 00:00:02 h x[1]:\n"},
     {"1 attempt, by their time (as logged)", "Mar  1 23:59:58  1@a.example", "in 4.000 s"},
     nullptr,
     4000.0},
    {"MidnightOfTimesOfDay",
     {"23:59:58.1 x\n", "23:59:59.1 x\n", "00:00:01.1 x\n", "00:00:02.1 x\n"},
     {"1  23:59:58.100  1@a.example", "in 4.000 s"},
     nullptr,
     4000.0},
    {"FirstMessageWithoutATime",
     {"", "2024-03-01 10:00:00.2 x\n", "2024-03-01 10:00:00.3 x\n", "2024-03-01 10:00:00.4 x\n"},
     {"2024-03-01 10:00:00.200  1@a.example", "in 0.200 s"},
     "2024-03-01T10:00:00.200",
     200.0},
    {"NewestFirst",
     {"2024-03-01 10:00:00.4 x\n", "2024-03-01 10:00:00.3 x\n", "2024-03-01 10:00:00.2 x\n",
      "2024-03-01 10:00:00.1 x\n"},
     {"2024-03-01 10:00:00.100 to 2024-03-01 10:00:00.400 as logged", "in 0.300 s",
      "The newest message stands at the top"},
     "2024-03-01T10:00:00.100",
     300.0,
     true},
    {"WithAZone",
     {"2024-03-01T10:00:00.1+01:00 x\n", "2024-03-01T10:00:00.2+01:00 x\n",
      "2024-03-01T10:00:00.3+01:00 x\n", "2024-03-01T10:00:00.4+01:00 x\n"},
     {"by their time (UTC+01:00)", "2024-03-01 10:00:00.100  1@a.example"},
     "2024-03-01T10:00:00.100+01:00",
     300.0},
    {"InUtc",
     {"2024-03-01T10:00:00.1Z x\n", "2024-03-01T10:00:00.2Z x\n", "2024-03-01T10:00:00.3Z x\n",
      "2024-03-01T10:00:00.4Z x\n"},
     {"by their time (UTC)"},
     "2024-03-01T10:00:00.100Z",
     300.0},
    {"DatesThatGoEitherWay",
     {"03/12/2021 10:00:00 x\n", "03/12/2021 10:00:00 x\n", "03/12/2021 10:00:01 x\n",
      "03/12/2021 10:00:01 x\n"},
     {"2021-12-03 10:00:00.000", "they were read as\n             day/month/year"},
     "2021-12-03T10:00:00.000",
     1000.0},
    {"WithoutTimes", {"", "", "", ""}, {"\n1 attempt\n1  1@a.example"}, nullptr, nullptr},
};

class TimesOfPcap : public testing::TestWithParam<TimesCase> {};

TEST_P(TimesOfPcap, PairRequestsAndAreShownAsFarAsTheyAreKnown) {
  const auto text = refused(GetParam().above, GetParam().is_newest_first);
  const auto outcome = run({"pcap", "-", "--ladder", "1"}, text);
  EXPECT_THAT(outcome.out, HasSubstr("refused 403: 2 requests, 1 challenge"));
  for (const auto shown : GetParam().shown) {
    EXPECT_THAT(outcome.out, HasSubstr(std::string{shown}));
  }
  EXPECT_THAT(outcome.out, Not(HasSubstr("1970")));
  const auto document = json::parse(run({"pcap", "-", "--json"}, text).out);
  ASSERT_EQ(document["capture"]["attempts"].size(), 1U);
  const auto& attempt = document["capture"]["attempts"][0];
  EXPECT_EQ(attempt["time"], GetParam().time);
  EXPECT_EQ(attempt["duration_ms"], GetParam().duration);
  if (GetParam().duration.is_null()) {
    EXPECT_THAT(outcome.out, Not(HasSubstr("0.000")));
    EXPECT_TRUE(attempt["steps"][1]["at_ms"].is_null());
  }
}

INSTANTIATE_TEST_SUITE_P(Rows, TimesOfPcap, testing::ValuesIn(cases),
                         [](const auto& row) { return std::string{row.param.proves}; });

TEST(PcapTimes, TheZoneOfALogIsNoFaultOfTheClock) {
  constexpr std::string_view nonce = "1709283600/0123456789abcdef0123456789abcdef";  // 09:00 UTC
  for (const std::string_view zone : {"+01:00", " GMT+0100", ""}) {
    const auto line = "2024-03-01T10:00:00" + std::string{zone} + " x\n";
    const auto outcome = run({"pcap", "-"}, refused({line, line, line, line}, false, nonce));
    EXPECT_THAT(outcome.out, Not(HasSubstr("behind"))) << zone;
  }
  const std::string line = "2024-03-01T10:00:00Z x\n";
  const auto outcome = run({"pcap", "-"}, refused({line, line, line, line}, false, nonce));
  EXPECT_THAT(outcome.out, HasSubstr("60 min 0 s behind"));
}

}  // namespace
}  // namespace sipauth::e2e
