#include "trace_time.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "sipauth/text.hpp"
#include "trace_date.hpp"

namespace sipauth::trace {
namespace {

constexpr std::int64_t microseconds_of_second = 1'000'000;
constexpr std::int64_t seconds_of_day = 86'400;

int two_digits(std::string_view text) noexcept { return (text[0] - '0') * 10 + (text[1] - '0'); }

// `9` for a digit, anything else for itself.
bool fits(std::string_view text, std::string_view pattern) noexcept {
  return text.size() >= pattern.size() &&
         std::ranges::equal(text.substr(0, pattern.size()), pattern, [](char c, char wanted) {
           return wanted == '9' ? is_digit(c) : c == wanted;
         });
}

bool is_word(char c) noexcept { return is_alpha(c) || is_digit(c); }

bool ends_word(std::string_view behind) noexcept { return behind.empty() || !is_word(behind[0]); }

std::size_t count_digits(std::string_view text) noexcept {
  return static_cast<std::size_t>(std::ranges::find_if_not(text, is_digit) - text.begin());
}

std::int64_t fraction_of(std::string_view digits) noexcept {
  std::int64_t unit = microseconds_of_second;
  std::int64_t fraction = 0;
  for (const char c : digits) {
    unit /= 10;
    fraction += unit * (c - '0');
  }
  return fraction;
}

// `AM`, ` PM`, also behind the narrow blank that browsers put there; its length, 0 for none.
std::size_t half_day(std::string_view behind, bool& is_afternoon) noexcept {
  constexpr std::string_view narrow_blank = "\u202f";
  std::size_t at = 0;
  if (behind.starts_with(' ')) at = 1;
  if (behind.starts_with(narrow_blank)) at = narrow_blank.size();
  const auto mark = behind.substr(at, 2);
  is_afternoon = same(mark, "PM");
  if ((!is_afternoon && !same(mark, "AM")) || !ends_word(behind.substr(at + 2))) return 0;
  return at + 2;
}

struct Zone {
  std::size_t length = 0;  // 0: there is none
  std::int16_t minutes = 0;
};

// `+0100`, `+01:00`, `+01`; bare hours only right behind the time or a name, where they are no
// other number.
Zone numeric_zone(std::string_view text, bool may_be_short) noexcept {
  if (text.empty() || (text[0] != '+' && text[0] != '-')) return {};
  const auto digits = text.substr(1);
  int hours = 0;
  int minutes = 0;
  std::size_t length = 0;
  const auto count = count_digits(digits);
  if (count == 2 && fits(digits, "99:99") && count_digits(digits.substr(3)) == 2) {
    minutes = two_digits(digits.substr(3));
    length = 5;
  } else if (count == 4) {
    minutes = two_digits(digits.substr(2));
    length = 4;
  } else if (may_be_short && (count == 1 || count == 2)) {
    length = count;
  } else {
    return {};
  }
  hours = count == 1 ? digits[0] - '0' : two_digits(digits);
  const auto behind = digits.substr(length);
  const bool goes_on = !ends_word(behind) || (behind.size() > 1 && is_digit(behind[1]) &&
                                              std::string_view{".:-/"}.contains(behind[0]));
  constexpr int farthest = 14;
  constexpr int quarter = 15;
  if (goes_on || hours > farthest || minutes > 59 || minutes % quarter != 0) return {};
  const int all = hours * 60 + minutes;
  return {length + 1, static_cast<std::int16_t>(text[0] == '-' ? -all : all)};
}

// `Z`, ` UTC`, `+01:00`, ` GMT+0530`, right behind a time.
Zone zone_at(std::string_view behind) noexcept {
  const std::size_t blank = behind.starts_with(' ') ? 1 : 0;
  const auto text = behind.substr(blank);
  if (blank == 0 && text.starts_with('Z') && ends_word(text.substr(1))) return {1, 0};
  const bool has_name = text.starts_with("UTC") || text.starts_with("GMT");
  const std::size_t name = has_name ? 3 : 0;
  const auto zone = numeric_zone(text.substr(name), has_name || blank == 0);
  if (zone.length > 0) return {blank + name + zone.length, zone.minutes};
  return has_name && ends_word(text.substr(name)) ? Zone{blank + name, 0} : Zone{};
}

// ` 2021`, ` CET 2021` behind the time of `Mon Mar  1 10:00:00 2021`; its length, 0 for none.
std::size_t year_behind(std::string_view behind, std::int16_t& year) noexcept {
  std::size_t at = 0;
  if (behind.size() > 1 && behind[0] == ' ' && is_alpha(behind[1])) {
    constexpr std::size_t longest_name = 5;
    at = 1;
    while (at < behind.size() && at <= longest_name && is_alpha(behind[at])) ++at;
  }
  const auto text = behind.substr(at);
  if (!fits(text, " 9999") || !ends_word(text.substr(5))) return 0;
  year = year_of(text.substr(1, 4));
  return year == 0 ? 0 : at + 5;
}

// No part of a hardware address or of an IPv6 address.
bool stands_alone(std::string_view line, std::size_t begin, std::size_t end,
                  bool has_date) noexcept {
  if (begin > 0 && line[begin - 1] == ':' && !has_date) return false;
  if (end == line.size()) return true;
  if (line[end] != ':') return !is_hex(line[end]);
  return end + 1 == line.size() || !is_hex(line[end + 1]) || fits(line.substr(end), ":999");
}

std::optional<WrittenTime> clock_at(std::string_view line, std::size_t at) noexcept {
  const auto text = line.substr(at);
  const std::size_t hour_digits = fits(text, "99:99:99") ? 2 : 1;
  if (hour_digits == 1 && !fits(text, "9:99:99")) return std::nullopt;
  int hours = hour_digits == 2 ? two_digits(text) : text[0] - '0';
  const int minutes = two_digits(text.substr(hour_digits + 1));
  const int seconds = two_digits(text.substr(hour_digits + 4));
  if (hours > 23 || minutes > 59 || seconds > 60) return std::nullopt;
  auto end = at + hour_digits + 6;
  const auto date = date_before(line, at);
  bool is_afternoon = false;
  const bool has_mark_at_once = half_day(line.substr(end), is_afternoon) > 0;
  if (!has_mark_at_once && !stands_alone(line, at, end, date.has_value())) return std::nullopt;

  WrittenTime time;
  auto& moment = time.moment;
  if (end + 1 < line.size() && std::string_view{".,:"}.contains(line[end]) &&
      is_digit(line[end + 1])) {
    const auto digits = line.substr(end + 1, count_digits(line.substr(end + 1)));
    moment.microseconds = fraction_of(digits);
    moment.has_fraction = true;
    end += 1 + digits.size();
  }
  if (const auto length = half_day(line.substr(end), is_afternoon);
      length > 0 && hours >= 1 && hours <= 12) {
    moment.has_half_day = true;
    hours = hours % 12 + (is_afternoon ? 12 : 0);
    end += length;
  }
  if (hour_digits == 1 && !date && !moment.has_half_day) return std::nullopt;
  moment.microseconds += (hours * 3600 + minutes * 60 + seconds) * microseconds_of_second;
  const auto add_zone = [&] {
    const auto zone = zone_at(line.substr(end));
    if (zone.length == 0) return;
    moment.zone = zone.minutes;
    end += zone.length;
  };
  add_zone();
  if (date) {
    moment.year = date->year;
    moment.month = date->month;
    moment.day = date->day;
    moment.order = date->order;
    if (date->year == 0) end += year_behind(line.substr(end), moment.year);
    if (!moment.zone) add_zone();
  }
  const auto begin = date ? date->begin : at;
  time.text = line.substr(begin, end - begin);
  return time;
}

// `1614592800.123456`: of the years 2001 to 2033; with milliseconds only at the line's beginning,
// since channels have such names too.
std::optional<WrittenTime> seconds_at(std::string_view line, std::size_t at) noexcept {
  constexpr std::size_t seconds_digits = 10;
  if (at > 0 && !std::string_view{" \t[(\"'=:,#"}.contains(line[at - 1])) return std::nullopt;
  const auto text = line.substr(at);
  if (text[0] != '1' || !fits(text, "9999999999.999")) return std::nullopt;
  const auto count = count_digits(text.substr(seconds_digits + 1));
  const auto behind = text.substr(seconds_digits + 1 + count);
  const bool is_first = line.find_first_not_of(" \t[(") == at;
  if ((count != 6 && count != 9 && (count != 3 || !is_first)) ||
      (!behind.empty() && !std::string_view{" \t])\"',:;"}.contains(behind[0]))) {
    return std::nullopt;
  }
  std::int64_t seconds = 0;
  for (const char c : text.substr(0, seconds_digits)) seconds = seconds * 10 + (c - '0');
  using std::chrono::days;
  const std::chrono::year_month_day date{
      std::chrono::sys_days{days{static_cast<int>(seconds / seconds_of_day)}}};
  return WrittenTime{
      .text = text.substr(0, seconds_digits + 1 + count),
      .moment = {.microseconds = seconds % seconds_of_day * microseconds_of_second +
                                 fraction_of(text.substr(seconds_digits + 1, count)),
                 .year = static_cast<std::int16_t>(static_cast<int>(date.year())),
                 .month = static_cast<std::uint8_t>(static_cast<unsigned>(date.month())),
                 .day = static_cast<std::uint8_t>(static_cast<unsigned>(date.day())),
                 .has_fraction = true,
                 .zone = std::int16_t{0}}};
}

}  // namespace

std::optional<WrittenTime> find_time(std::string_view line) noexcept {
  for (const auto read : {clock_at, seconds_at}) {
    for (std::size_t at = 0; at < line.size(); ++at) {
      if (!is_digit(line[at]) || (at > 0 && is_digit(line[at - 1]))) continue;
      if (const auto time = read(line, at)) return time;
    }
  }
  return std::nullopt;
}

}  // namespace sipauth::trace
