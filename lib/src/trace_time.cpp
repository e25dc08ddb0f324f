#include "trace_time.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "sipauth/text.hpp"

namespace sipauth::trace {
namespace {

constexpr std::int64_t microseconds_of_second = 1'000'000;
constexpr std::int64_t seconds_of_day = 86'400;

constexpr auto months = std::to_array<std::string_view>(
    {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"});

struct Date {
  std::size_t begin = 0;
  int year = 0;  // 0: not written
  int month = 1;
  int day = 1;
};

// Days since 1970-01-01 of a date in the Gregorian calendar, counted from March so that the leap
// day comes last.
constexpr std::int64_t days_since_1970(int year, int month, int day) noexcept {
  const int from_march = (month + 9) % 12;
  const std::int64_t years = year - (month <= 2 ? 1 : 0);
  const std::int64_t leap_days = years / 4 - years / 100 + years / 400;
  return years * 365 + leap_days + (from_march * 153 + 2) / 5 + day - 1 - 719'468;
}
static_assert(days_since_1970(1970, 1, 1) == 0 && days_since_1970(2000, 3, 1) == 11'017);

int two_digits(std::string_view text, std::size_t at) noexcept {
  return (text[at] - '0') * 10 + (text[at + 1] - '0');
}

// `9` for a digit, anything else for itself or, as `?`, for one of the marks a date is written
// with.
bool fits(std::string_view text, std::string_view pattern) noexcept {
  return text.size() >= pattern.size() &&
         std::ranges::equal(text.substr(0, pattern.size()), pattern, [](char c, char wanted) {
           if (wanted == '9') return is_digit(c);
           return wanted == '?' ? std::string_view{"-/."}.contains(c) : c == wanted;
         });
}

int month_of(std::string_view name) noexcept {
  const auto* month = std::ranges::find(months, name);
  return month == months.end() ? 0 : static_cast<int>(month - months.begin()) + 1;
}

// `2026-11-30` or `30/11/2026`, at the end of `text`.
std::optional<Date> numeric_date(std::string_view text) noexcept {
  if (text.size() < 10) return std::nullopt;
  const auto begin = text.size() - 10;
  const auto date = text.substr(begin);
  if (fits(date, "9999?99?99")) {
    return Date{begin, two_digits(date, 0) * 100 + two_digits(date, 2), two_digits(date, 5),
                two_digits(date, 8)};
  }
  if (fits(date, "99?99?9999")) {
    return Date{begin, two_digits(date, 6) * 100 + two_digits(date, 8), two_digits(date, 3),
                two_digits(date, 0)};
  }
  return std::nullopt;
}

// `Nov 30`, `Nov  3`, `Nov 30 2026`, `Nov 30, 2026`, at the end of `text`.
std::optional<Date> date_in_words(std::string_view text) noexcept {
  Date date;
  if (text.size() >= 5 && fits(text.substr(text.size() - 5), " 9999")) {
    date.year = two_digits(text, text.size() - 4) * 100 + two_digits(text, text.size() - 2);
    text.remove_suffix(5);
    if (text.ends_with(',')) text.remove_suffix(1);
  }
  auto day = text.size();
  while (day > 0 && text.size() - day < 2 && is_digit(text[day - 1])) --day;
  if (day == text.size()) return std::nullopt;
  date.day = static_cast<int>(number(text.substr(day), 99).value_or(0));
  auto end = day;
  while (end > 0 && day - end < 2 && text[end - 1] == ' ') --end;
  if (end < 3 || end == day) return std::nullopt;
  date.month = month_of(text.substr(end - 3, 3));
  date.begin = end - 3;
  return date.month > 0 ? std::optional{date} : std::nullopt;
}

std::optional<Date> date_before(std::string_view line, std::size_t time) noexcept {
  if (time == 0 || !std::string_view{" T_-"}.contains(line[time - 1])) return std::nullopt;
  const auto text = line.substr(0, time - 1);
  const auto date = numeric_date(text);
  return date ? date : date_in_words(text);
}

// No part of a hardware address or of an IPv6 address.
bool stands_alone(std::string_view line, std::size_t begin, std::size_t end) noexcept {
  if (begin > 0 && (is_digit(line[begin - 1]) || line[begin - 1] == ':')) return false;
  if (end == line.size()) return true;
  if (line[end] != ':') return !is_hex(line[end]);
  return end + 1 == line.size() || !is_hex(line[end + 1]) || fits(line.substr(end), ":999");
}

}  // namespace

std::optional<WrittenTime> find_time(std::string_view line) noexcept {
  for (std::size_t at = 0; at + 8 <= line.size(); ++at) {
    if (!fits(line.substr(at), "99:99:99") || !stands_alone(line, at, at + 8)) continue;
    std::int64_t seconds =
        two_digits(line, at) * 3600 + two_digits(line, at + 3) * 60 + two_digits(line, at + 6);
    auto end = at + 8;
    std::int64_t fraction = 0;
    if (end + 1 < line.size() && std::string_view{".,:"}.contains(line[end]) &&
        is_digit(line[end + 1])) {
      std::int64_t unit = microseconds_of_second;
      for (++end; end < line.size() && is_digit(line[end]); ++end) {
        unit /= 10;
        fraction += unit * (line[end] - '0');
      }
    }
    auto begin = at;
    if (const auto date = date_before(line, at)) {
      begin = date->begin;
      if (date->year > 0 && date->month >= 1 && date->month <= 12) {
        seconds += days_since_1970(date->year, date->month, date->day) * seconds_of_day;
      }
    }
    return WrittenTime{line.substr(begin, end - begin),
                       seconds * microseconds_of_second + fraction};
  }
  return std::nullopt;
}

}  // namespace sipauth::trace
