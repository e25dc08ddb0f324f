// When the messages of a text were seen: what one line tells, and what all of them do together.

#include "sipauth/trace_times.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "lib/trace_rows.hpp"

namespace sipauth {
namespace {

using enum TraceDateOrder;

constexpr std::int64_t second = 1'000'000;

struct LineCase {
  std::string_view proves;
  std::string_view line;
  std::string_view text;  ///< of the line, what is the time; empty: nothing is
  TraceMoment moment = {};
};

constexpr std::int64_t ten = 36'000 * second;  // in the morning

const LineCase lines[]{
    {"TimeOfDay",
     "10:00:00.25 x",
     "10:00:00.25",
     {.microseconds = ten + 250'000, .has_fraction = true}},
    {"Iso",
     "2021-03-25T10:00:00Z x",
     "2021-03-25T10:00:00Z",
     {.microseconds = ten, .year = 2021, .month = 3, .day = 25, .zone = std::int16_t{0}}},
    {"IsoWithOffset",
     "2021-03-25T10:00:00-03:30 x",
     "2021-03-25T10:00:00-03:30",
     {.microseconds = ten, .year = 2021, .month = 3, .day = 25, .zone = std::int16_t{-210}}},
    {"AsteriskWithOffset",
     "[2021-03-25 10:00:00+0100] VERBOSE",
     "2021-03-25 10:00:00+0100",
     {.microseconds = ten, .year = 2021, .month = 3, .day = 25, .zone = std::int16_t{60}}},
    {"ZoneByName",
     "2021-03-25 10:00:00 GMT+0530 x",
     "2021-03-25 10:00:00 GMT+0530",
     {.microseconds = ten, .year = 2021, .month = 3, .day = 25, .zone = std::int16_t{330}}},
    {"NoZoneButAnAddress", "10:00:00 -10.0.0.1", "10:00:00", {.microseconds = ten}},
    {"NoZoneButALength",
     "10:00:00-1200",
     "10:00:00-1200",
     {.microseconds = ten, .zone = std::int16_t{-720}}},
    {"Syslog",
     "Mar  1 10:00:00 h x[1]:",
     "Mar  1 10:00:00",
     {.microseconds = ten, .month = 3, .day = 1}},
    {"SippWithTabs",
     "---- 2021-03-25\t10:00:00.5\t1616662800.500000",
     "2021-03-25\t10:00:00.5",
     {.microseconds = ten + 500'000, .year = 2021, .month = 3, .day = 25, .has_fraction = true}},
    {"Snom",
     "Sent to udp:10.0.0.1:5060 at 25/3/2021 10:00:00:125 (5 bytes):",
     "25/3/2021 10:00:00:125",
     {.microseconds = ten + 125'000,
      .year = 2021,
      .month = 3,
      .day = 25,
      .order = day_first,
      .has_fraction = true}},
    {"Twinkle",
     "+++ 25-3-2021 10:00:00.5 INFO SIP ::send_sip_udp",
     "25-3-2021 10:00:00.5",
     {.microseconds = ten + 500'000,
      .year = 2021,
      .month = 3,
      .day = 25,
      .order = day_first,
      .has_fraction = true}},
    {"Lync",
     "TL_INFO(TF_PROTOCOL) [0]0A4C.0D44::03/25/2021-10:00:00.125.000a1b2c",
     "03/25/2021-10:00:00.125",
     {.microseconds = ten + 125'000,
      .year = 2021,
      .month = 3,
      .day = 25,
      .order = month_first,
      .has_fraction = true}},
    {"EitherWay",
     "03/12/2021 10:00:00",
     "03/12/2021 10:00:00",
     {.microseconds = ten, .year = 2021, .month = 12, .day = 3, .order = either}},
    {"DotsPutTheDayFirst",
     "03.12.2021 10:00:00",
     "03.12.2021 10:00:00",
     {.microseconds = ten, .year = 2021, .month = 12, .day = 3}},
    {"ClockOfUnix",
     "Mon Mar  1 10:00:00 2021",
     "Mar  1 10:00:00 2021",
     {.microseconds = ten, .year = 2021, .month = 3, .day = 1}},
    {"ClockOfUnixWithAZone",
     "Mon Mar  1 10:00:00 CET 2021",
     "Mar  1 10:00:00 CET 2021",
     {.microseconds = ten, .year = 2021, .month = 3, .day = 1}},
    {"SecondsSince1970",
     "1614592800.123456 IP 10.0.0.1.5060 > 10.0.0.2.5060",
     "1614592800.123456",
     {.microseconds = ten + 123'456,
      .year = 2021,
      .month = 3,
      .day = 1,
      .has_fraction = true,
      .zone = std::int16_t{0}}},
    {"ChannelIsNoTime", "-- Channel 1614592800.123 hangs up", "", {}},
    {"CallIdIsNoTime", "Call-ID 1614592800.123456@10.0.0.1", "", {}},
    {"WebServer",
     "[25/Mar/2021:10:00:00 +0000] x",
     "25/Mar/2021:10:00:00 +0000",
     {.microseconds = ten, .year = 2021, .month = 3, .day = 25, .zone = std::int16_t{0}}},
    {"Afternoon",
     "3/25/2021 10:00:00 PM x",
     "3/25/2021 10:00:00 PM",
     {.microseconds = ten + 12 * 3600 * second,
      .year = 2021,
      .month = 3,
      .day = 25,
      .order = month_first,
      .has_half_day = true}},
    {"AfterMidnight",
     "3/25/2021, 12:00:00 am",
     "3/25/2021, 12:00:00 am",
     {.year = 2021, .month = 3, .day = 25, .order = month_first, .has_half_day = true}},
    {"HourOfOneDigit",
     "3/25/2021 9:00:00AM",
     "3/25/2021 9:00:00AM",
     {.microseconds = ten - 3600 * second,
      .year = 2021,
      .month = 3,
      .day = 25,
      .order = month_first,
      .has_half_day = true}},
    {"Kibana",
     "Mar 25, 2021 @ 10:00:00.400",
     "Mar 25, 2021 @ 10:00:00.400",
     {.microseconds = ten + 400'000, .year = 2021, .month = 3, .day = 25, .has_fraction = true}},
    {"Mail",
     "Thu, 25 Mar 2021 10:00:00 +0100",
     "25 Mar 2021 10:00:00 +0100",
     {.microseconds = ten, .year = 2021, .month = 3, .day = 25, .zone = std::int16_t{60}}},
    {"NoHourOfADay", "25:00:00 x", "", {}},
    {"HardwareAddressIsNoTime", "10:00:00:0a:0b:0c x", "", {}},
    {"MonthThatThereIsNot", "2021-13-25 10:00:00", "10:00:00", {.microseconds = ten}},
};

class TimeOfLine : public testing::TestWithParam<LineCase> {};

TEST_P(TimeOfLine, IsReadAsWritten) {
  const auto text = std::string{GetParam().line} + "\n" + written(request_rows);
  const auto messages = all_of(text);
  ASSERT_EQ(messages.size(), 1U);
  EXPECT_EQ(messages[0].time, GetParam().text);
  ASSERT_EQ(messages[0].moment.has_value(), !GetParam().text.empty());
  if (!messages[0].moment) return;
  const auto& read = *messages[0].moment;
  const auto& wanted = GetParam().moment;
  EXPECT_EQ(read.microseconds, wanted.microseconds);
  EXPECT_EQ(read.year, wanted.year);
  EXPECT_EQ(read.month, wanted.month);
  EXPECT_EQ(read.day, wanted.day);
  EXPECT_EQ(read.zone, wanted.zone);
  EXPECT_EQ(read, wanted);
}

INSTANTIATE_TEST_SUITE_P(Rows, TimeOfLine, testing::ValuesIn(lines),
                         [](const auto& row) { return std::string{row.param.proves}; });

struct TextCase {
  std::string_view proves;
  std::vector<std::string_view> times;    ///< above a request and its answers, "" for none
  std::vector<std::string_view> written;  ///< what is read: date, time, thousandths; in UTC
  TimesKnown known = TimesKnown::calendar;
  std::optional<int> zone = {};
  bool is_newest_first = false;
  TraceDateOrder guessed = told;
};

using enum TimesKnown;

const TextCase texts[]{
    {"MidnightWithTheDay",
     {"Mar  1 23:59:58", "Mar  2 00:00:01"},
     {"1971-03-01 23:59:58.000", "1971-03-02 00:00:01.000"},
     TimesKnown::day},
    {"MidnightWithoutTheDay",
     {"23:59:58", "23:59:59.1", "00:00:01.1", "23:59:59"},
     {"1971-01-02 23:59:58.000", "1971-01-02 23:59:59.100", "1971-01-03 00:00:01.100",
      "1971-01-02 23:59:59.000"},
     time_of_day},
    {"JitterIsNoMidnight",
     {"10:00:01", "10:00:00.9", "10:00:02"},
     {"1971-01-02 10:00:01.000", "1971-01-02 10:00:00.900", "1971-01-02 10:00:02.000"},
     time_of_day},
    {"NewYear",
     {"Dec 31 23:59:58", "Jan  1 00:00:01", "Dec 31 23:59:59"},
     {"1971-12-31 23:59:58.000", "1972-01-01 00:00:01.000", "1971-12-31 23:59:59.000"},
     TimesKnown::day},
    {"LeapDay",
     {"Feb 28 23:59:58", "Feb 29 00:00:01", "Mar  1 00:00:00"},
     {"1972-02-28 23:59:58.000", "1972-02-29 00:00:01.000", "1972-03-01 00:00:00.000"},
     TimesKnown::day},
    {"EndOfFebruary",
     {"Feb 28 23:59:58", "Mar  1 00:00:01"},
     {"1971-02-28 23:59:58.000", "1971-03-01 00:00:01.000"},
     TimesKnown::day},
    {"TimesBesideADate",
     {"23:59:58", "2024-03-01 00:00:01", "", "23:00:00", "01:00:00"},
     {"2024-02-29 23:59:58.000", "2024-03-01 00:00:01.000", "2024-03-01 00:00:01.000",
      "2024-03-01 23:00:00.000", "2024-03-02 01:00:00.000"}},
    {"FirstWithoutATime",
     {"", "2024-03-01 10:00:00.2", "", "2024-03-01 10:00:00.3"},
     {"2024-03-01 10:00:00.200", "2024-03-01 10:00:00.200", "2024-03-01 10:00:00.200",
      "2024-03-01 10:00:00.300"}},
    {"NoTime", {"", ""}, {"", ""}, nothing},
    {"Backwards",
     {"2024-03-01 10:00:03", "2024-03-01 10:00:02", "2024-03-01 10:00:01"},
     {"2024-03-01 10:00:03.000", "2024-03-01 10:00:02.000", "2024-03-01 10:00:01.000"},
     calendar,
     {},
     true},
    {"BackwardsOverMidnight",
     {"00:00:02", "00:00:01", "23:59:59", "23:59:58"},
     {"1971-01-03 00:00:02.000", "1971-01-03 00:00:01.000", "1971-01-02 23:59:59.000",
      "1971-01-02 23:59:58.000"},
     time_of_day,
     {},
     true},
    {"SeldomATimeIsNotBackwards",
     {"10:00:03", "", "", "10:00:02", "", "10:00:01"},
     {"1971-01-02 10:00:03.000", "1971-01-02 10:00:03.000", "1971-01-02 10:00:03.000",
      "1971-01-02 10:00:02.000", "1971-01-02 10:00:02.000", "1971-01-02 10:00:01.000"},
     time_of_day},
    {"AnswerJustBeforeItsRequestIsJitter",
     {"10:00:00.3", "10:00:00.2"},
     {"1971-01-02 10:00:00.300", "1971-01-02 10:00:00.200"},
     time_of_day},
    {"Zone",
     {"2024-03-01T10:00:00+01:00", "2024-03-01T10:00:01+01:00"},
     {"2024-03-01 09:00:00.000", "2024-03-01 09:00:01.000"},
     calendar,
     60},
    {"ZonesThatDiffer",
     {"2024-03-31T01:59:59+01:00", "2024-03-31T03:00:00+02:00"},
     {"2024-03-31 00:59:59.000", "2024-03-31 01:00:00.000"},
     calendar,
     0},
    {"ZoneOfANeighbour",
     {"2024-03-01T10:00:00+01:00", "10:00:01"},
     {"2024-03-01 09:00:00.000", "2024-03-01 09:00:01.000"},
     calendar,
     60},
    {"LaterDateDecides",
     {"03/12/2021-10:00:00", "03/13/2021-10:00:00"},
     {"2021-03-12 10:00:00.000", "2021-03-13 10:00:00.000"}},
    {"EarlierDateDecides",
     {"31/01/2021 10:00:00", "01/02/2021 10:00:00"},
     {"2021-01-31 10:00:00.000", "2021-02-01 10:00:00.000"}},
    {"NeighboursDecide",
     {"03/01/2021 23:59:59", "03/02/2021 00:00:01"},
     {"2021-03-01 23:59:59.000", "2021-03-02 00:00:01.000"}},
    {"AscentDecides",
     {"02/01/2021 10:00:00", "01/02/2021 10:00:00", "03/03/2021 10:00:00"},
     {"2021-01-02 10:00:00.000", "2021-02-01 10:00:00.000", "2021-03-03 10:00:00.000"}},
    {"DayFirstWhereNothingDecides",
     {"03/12/2021 10:00:00", "03/12/2021 10:00:01"},
     {"2021-12-03 10:00:00.000", "2021-12-03 10:00:01.000"},
     calendar,
     {},
     false,
     day_first},
    {"MonthFirstWhereHalvesOfTheDayFollow",
     {"3/12/2021 9:00:00 AM", "3/12/2021 10:00:01 PM"},
     {"2021-03-12 09:00:00.000", "2021-03-12 22:00:01.000"},
     calendar,
     {},
     false,
     month_first},
};

std::string shown(std::int64_t microseconds) {
  using namespace std::chrono;
  if (microseconds == 0) return {};
  const sys_time<std::chrono::microseconds> time{std::chrono::microseconds{microseconds}};
  const auto date = floor<days>(time);
  const year_month_day calendar{date};
  const hh_mm_ss clock{floor<milliseconds>(time - date)};
  char text[32]{};
  static_cast<void>(std::snprintf(
      text, sizeof text, "%04d-%02u-%02u %02d:%02d:%02d.%03d", static_cast<int>(calendar.year()),
      static_cast<unsigned>(calendar.month()), static_cast<unsigned>(calendar.day()),
      static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
      static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count())));
  return text;
}

class TimesOfText : public testing::TestWithParam<TextCase> {};

TEST_P(TimesOfText, AreReadTogether) {
  std::string text;
  for (const auto time : GetParam().times) {
    text.append(time).append(" x\n");
    text += written(text.size() < 30 ? request_rows : response_rows) + "\n";
  }
  const auto messages = all_of(text);
  ASSERT_EQ(messages.size(), GetParam().times.size());
  const auto times = read_times(messages);
  std::vector<std::string> read;
  for (const auto time : times.microseconds) read.push_back(shown(time));
  EXPECT_EQ(read, std::vector<std::string>(GetParam().written.begin(), GetParam().written.end()));
  EXPECT_EQ(times.known, GetParam().known);
  EXPECT_EQ(times.zone, GetParam().zone);
  EXPECT_EQ(times.is_newest_first, GetParam().is_newest_first);
  EXPECT_EQ(times.guessed, GetParam().guessed);
}

INSTANTIATE_TEST_SUITE_P(Rows, TimesOfText, testing::ValuesIn(texts),
                         [](const auto& row) { return std::string{row.param.proves}; });

TEST(TimesOfText, AnAnswerAboveItsRequestStandsThereInReverse) {
  const auto text =
      "10:00:00.3 x\n" + written(response_rows) + "10:00:00.2 x\n" + written(request_rows);
  EXPECT_TRUE(read_times(all_of(text)).is_newest_first);
}

// The years of a text that turns them at every message stay within what can be counted.
TEST(TimesOfText, NoTimeRunsOutOfItsNumber) {
  std::vector<TracedMessage> messages(3000);
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const auto month = static_cast<std::uint8_t>(i % 2 == 0 ? 8 : 1);
    messages[i].moment = TraceMoment{.month = month, .day = 1};
  }
  for (const auto time : read_times(messages).microseconds) {
    EXPECT_GT(time, 0);
    EXPECT_LT(time, std::int64_t{9'000'000'000} * second);
  }
}

TEST(TimesOfText, OfSeveralTimesAboveAMessageTheOneWithAZoneCounts) {
  const auto text = std::string{"time: 1614592800.123456\ndate: Mon Mar  1 11:00:00 2021\n"} +
                    written(request_rows);
  const auto messages = all_of(text);
  ASSERT_EQ(messages.size(), 1U);
  EXPECT_EQ(messages[0].time, "1614592800.123456");
}

}  // namespace
}  // namespace sipauth
