#include "trace_date.hpp"

#include <algorithm>
#include <array>

#include "sipauth/text.hpp"
#include "trace_lines.hpp"

namespace sipauth::trace {
namespace {

constexpr auto months = std::to_array<std::string_view>(
    {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"});

// What stands between a date and its time; longer ones first where one ends in another.
constexpr auto separators =
    std::to_array<std::string_view>({" @ ", " - ", " at ", ", ", " ", "\t", "T", "_", "-", ":"});

constexpr unsigned most_days = 31;
constexpr unsigned most_months = 12;

struct Digits {
  unsigned value = 0;
  std::size_t count = 0;
};

// The digits at the end of `text`, at most five, taken off.
Digits take_digits(std::string_view& text) noexcept {
  constexpr std::size_t most = 5;
  Digits digits;
  while (digits.count < most && digits.count < text.size() &&
         is_digit(text[text.size() - digits.count - 1])) {
    ++digits.count;
  }
  for (const char c : text.substr(text.size() - digits.count)) {
    digits.value = digits.value * 10 + static_cast<unsigned>(c - '0');
  }
  text.remove_suffix(digits.count);
  return digits;
}

// One of `marks` at the end of `text`, taken off; 0 when there is none.
char take_mark(std::string_view& text, std::string_view marks) noexcept {
  if (text.empty() || !marks.contains(text.back())) return 0;
  const char mark = text.back();
  text.remove_suffix(1);
  return mark;
}

bool is_day(Digits digits) noexcept {
  return digits.count > 0 && digits.count <= 2 && digits.value >= 1 && digits.value <= most_days;
}

bool is_month(Digits digits) noexcept { return is_day(digits) && digits.value <= most_months; }

std::int16_t year_of(Digits digits) noexcept {
  // Nanoseconds of later years have no room in 64 bits.
  constexpr unsigned last_year = 2199;
  const bool is_year = digits.count == 4 && digits.value >= 1970 && digits.value <= last_year;
  return is_year ? static_cast<std::int16_t>(digits.value) : std::int16_t{0};
}

std::optional<WrittenDate> date(std::string_view before, std::int16_t year, Digits month,
                                Digits day, TraceDateOrder order = TraceDateOrder::told) noexcept {
  if (!is_month(month) || !is_day(day)) return std::nullopt;
  return WrittenDate{.begin = before.size(),
                     .year = year,
                     .month = static_cast<std::uint8_t>(month.value),
                     .day = static_cast<std::uint8_t>(day.value),
                     .order = order};
}

// `2026-11-30`, `30.11.2026`, `30/11/2026`, `11/3/2026`, at the end of `text`.
std::optional<WrittenDate> numeric_date(std::string_view text) noexcept {
  using enum TraceDateOrder;
  const auto last = take_digits(text);
  const auto mark = take_mark(text, "-/.");
  const auto middle = take_digits(text);
  if (mark == 0 || take_mark(text, "-/.") != mark) return std::nullopt;
  const auto first = take_digits(text);
  if (!text.empty() && (is_digit(text.back()) || text.back() == mark)) return std::nullopt;
  if (const auto year = year_of(first)) return date(text, year, middle, last);
  const auto year = year_of(last);
  if (year == 0) return std::nullopt;
  if (!is_month(middle)) return date(text, year, first, middle, month_first);
  if (!is_month(first)) return date(text, year, middle, first, day_first);
  const bool is_told = mark == '.' || first.value == middle.value;
  return date(text, year, middle, first, is_told ? told : either);
}

// The name of a month at the end of `text`, taken off.
Digits take_month(std::string_view& text) noexcept {
  if (text.size() < 3) return {};
  const auto name = text.substr(text.size() - 3);
  const auto* month =
      std::ranges::find_if(months, [&](std::string_view one) { return same(one, name); });
  if (month == months.end()) return {};
  text.remove_suffix(3);
  if (!text.empty() && is_alpha(text.back())) return {};
  return {static_cast<unsigned>(month - months.begin()) + 1, 2};
}

// `30 Nov 2026`, `30/Nov/2026`, `30-Nov-2026`, at the end of `text`.
std::optional<WrittenDate> date_with_name_within(std::string_view text) noexcept {
  const auto year = year_of(take_digits(text));
  const auto mark = take_mark(text, " -/");
  const auto month = take_month(text);
  if (year == 0 || mark == 0 || month.count == 0 || take_mark(text, " -/") != mark) {
    return std::nullopt;
  }
  const auto day = take_digits(text);
  return date(text, year, month, day);
}

// `Nov 30`, `Nov  3`, `Nov 30 2026`, `Nov 30, 2026`, at the end of `text`.
std::optional<WrittenDate> date_with_name_first(std::string_view text) noexcept {
  auto before = text;
  const auto year = year_of(take_digits(before));
  if (year != 0 && before.ends_with(' ')) {
    text = trim_blanks_at_end(before);
    if (text.ends_with(',')) text.remove_suffix(1);
  }
  const auto day = take_digits(text);
  const auto month_end = trim_blanks_at_end(text);
  const auto blanks = text.size() - month_end.size();
  if (blanks == 0 || blanks > 2) return std::nullopt;
  text = month_end;
  const auto month = take_month(text);
  return date(text, year, month, day);
}

}  // namespace

std::int16_t year_of(std::string_view digits) noexcept { return year_of(take_digits(digits)); }

std::optional<WrittenDate> date_before(std::string_view line, std::size_t time) noexcept {
  const auto text = line.substr(0, time);
  const auto* separator =
      std::ranges::find_if(separators, [&](std::string_view one) { return text.ends_with(one); });
  if (separator == separators.end()) return std::nullopt;
  const auto written = trim_blanks_at_end(text.substr(0, text.size() - separator->size()));
  for (const auto read : {numeric_date, date_with_name_within, date_with_name_first}) {
    if (const auto found = read(written)) return found;
  }
  return std::nullopt;
}

}  // namespace sipauth::trace
