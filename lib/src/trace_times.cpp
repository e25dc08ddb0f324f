#include "sipauth/trace_times.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <tuple>

namespace sipauth {
namespace {

using std::chrono::days;

constexpr std::int64_t second = 1'000'000;
constexpr std::int64_t minute = 60 * second;
constexpr std::int64_t hour = 60 * minute;
constexpr std::int64_t day = 24 * hour;
constexpr std::int64_t year = 365 * day;

// Nanoseconds of it have room in 64 bits; nothing is counted beyond.
constexpr std::int64_t latest = 280 * year;

// Of dates without a year. 1972 has a 29 February.
constexpr int any_year = 1971;
constexpr int any_leap_year = 1972;

std::int64_t day_number(int of_year, unsigned month, unsigned of_month) noexcept {
  using namespace std::chrono;
  const year_month_day first{std::chrono::year{of_year}, std::chrono::month{month},
                             std::chrono::day{1}};
  return sys_days{first}.time_since_epoch().count() + static_cast<std::int64_t>(of_month) - 1;
}

std::int64_t floor_to(std::int64_t time, std::int64_t unit) noexcept {
  const auto rest = time % unit;
  return time - rest - (rest < 0 ? unit : 0);
}

std::chrono::year_month_day date_at(std::int64_t time) noexcept {
  const auto number = static_cast<days::rep>(floor_to(time, day) / day);
  return std::chrono::sys_days{days{number}};
}

int year_at(std::int64_t time) noexcept { return static_cast<int>(date_at(time).year()); }

// `difference` when it is taken round a clock of that period, the short way.
std::int64_t around(std::int64_t difference, std::int64_t period) noexcept {
  difference %= period;
  if (difference > period / 2) return difference - period;
  return difference < -period / 2 ? difference + period : difference;
}

TimesKnown known_of(const TraceMoment& moment) noexcept {
  if (moment.year > 0) return TimesKnown::calendar;
  return moment.month > 0 ? TimesKnown::day : TimesKnown::time_of_day;
}

void swap_day_and_month(TraceMoment& moment) noexcept { std::swap(moment.day, moment.month); }

// From one to the other, as far as both tell.
std::int64_t step_between(const TraceMoment& a, const TraceMoment& b) noexcept {
  auto step = b.microseconds - a.microseconds;
  if (a.zone && b.zone) step -= (*b.zone - *a.zone) * minute;
  switch (std::min(known_of(a), known_of(b))) {
    case TimesKnown::calendar:
      return step + (day_number(b.year, b.month, b.day) - day_number(a.year, a.month, a.day)) * day;
    case TimesKnown::day:
      return around(
          step +
              (day_number(any_year, b.month, b.day) - day_number(any_year, a.month, a.day)) * day,
          year);
    default:
      return around(step, day);
  }
}

class TimesReader {
 public:
  explicit TimesReader(std::span<const TracedMessage> messages) : messages_{messages} {
    moments_.reserve(messages.size());
    for (const auto& message : messages) {
      moments_.push_back(message.moment);
      if (message.moment) note(*message.moment);
    }
  }

  TraceTimes read() {
    if (times_.known == TimesKnown::nothing) {
      times_.microseconds.assign(moments_.size(), 0);
      return std::move(times_);
    }
    settle_dates();
    times_.is_newest_first = runs_backwards();
    if (times_.is_newest_first) std::ranges::reverse(moments_);
    place_all();
    if (times_.is_newest_first) std::ranges::reverse(times_.microseconds);
    return std::move(times_);
  }

 private:
  void note(const TraceMoment& moment) noexcept {
    ++timed_;
    times_.known = std::max(times_.known, known_of(moment));
    times_.has_fractions = times_.has_fractions || moment.has_fraction;
    has_leap_day_ = has_leap_day_ || (moment.month == 2 && moment.day == 29);
    if (!moment.zone) return;
    if (!times_.zone) zone_ = *moment.zone;
    zones_differ_ = zones_differ_ || zone_ != *moment.zone;
    times_.zone = zones_differ_ ? 0 : zone_;
  }

  // `03/12/2026`: another date of the text decides; otherwise the order in which they ascend, and
  // lie next to one another.
  void settle_dates() {
    using enum TraceDateOrder;
    std::array<std::size_t, 4> count{};
    bool has_half_days = false;
    for (const auto& moment : moments_) {
      if (!moment) continue;
      ++count[static_cast<std::size_t>(moment->order)];
      has_half_days = has_half_days || (moment->order == either && moment->has_half_day);
    }
    const auto of = [&](TraceDateOrder order) { return count[static_cast<std::size_t>(order)]; };
    if (of(either) == 0) return;
    bool is_month_first = of(month_first) > of(day_first);
    if (of(month_first) + of(day_first) == 0) {
      const auto by_day = disorder();
      swap_dates();
      const auto by_month = disorder();
      swap_dates();
      is_month_first = by_day == by_month ? has_half_days : by_month < by_day;
      if (by_day == by_month) times_.guessed = is_month_first ? month_first : day_first;
    }
    if (is_month_first) swap_dates();
  }

  void swap_dates() noexcept {
    for (auto& moment : moments_) {
      if (moment && moment->order == TraceDateOrder::either) swap_day_and_month(*moment);
    }
  }

  // How often the dates turn round, and how far they lie apart.
  [[nodiscard]] std::tuple<std::size_t, std::int64_t> disorder() const noexcept {
    std::size_t up = 0;
    std::size_t down = 0;
    std::int64_t apart = 0;
    const TraceMoment* before = nullptr;
    for (const auto& moment : moments_) {
      if (!moment || moment->year == 0) continue;
      if (before != nullptr) {
        const auto step = day_number(moment->year, moment->month, moment->day) -
                          day_number(before->year, before->month, before->day);
        up += step > 0 ? 1 : 0;
        down += step < 0 ? 1 : 0;
        apart += std::abs(step);
      }
      before = &*moment;
    }
    return {std::min(up, down), apart};
  }

  // Exports put the newest at the top. A few times that changed places do not make one.
  [[nodiscard]] bool runs_backwards() const noexcept {
    constexpr std::size_t nearly = 10;
    if ((moments_.size() - timed_) * nearly > moments_.size()) return false;
    std::size_t up = 0;
    std::size_t down = 0;
    const TraceMoment* before = nullptr;
    for (const auto& moment : moments_) {
      if (!moment) continue;
      const auto step = before == nullptr ? 0 : step_between(*before, *moment);
      up += step > 0 ? 1 : 0;
      down += step < 0 ? 1 : 0;
      before = &*moment;
    }
    if (down >= 2) return up * nearly <= down;
    // Of two times the messages tell: what is answered below was sent there.
    const auto is_response = [](const TracedMessage& message) {
      return message.text.starts_with("SIP/");
    };
    return down == 1 && up == 0 && is_response(messages_.front()) && !is_response(messages_.back());
  }

  void place_all() {
    auto& placed = times_.microseconds;
    placed.assign(moments_.size(), 0);
    // The first that tells as much as any.
    const auto anchor =
        std::ranges::find_if(moments_, [&](const std::optional<TraceMoment>& moment) {
          return moment && known_of(*moment) == times_.known;
        });
    const auto at = static_cast<std::size_t>(anchor - moments_.begin());
    placed[at] = place(**anchor, day_number(has_leap_day_ ? any_leap_year : any_year, 1, 2) * day,
                       Way::nowhere);
    auto last = placed[at];
    for (auto i = at + 1; i < moments_.size(); ++i) {
      if (moments_[i]) last = place(*moments_[i], last, Way::forwards);
      placed[i] = last;
    }
    last = placed[at];
    for (auto i = at; i-- > 0;) {
      if (moments_[i]) placed[i] = last = place(*moments_[i], last, Way::backwards);
    }
    // What has no time before the anchor: that of the one before it, the first that of the next.
    auto before = *std::ranges::find_if(placed, [](std::int64_t time) { return time != 0; });
    for (std::size_t i = 0; i < at; ++i) {
      if (placed[i] == 0) placed[i] = before;
      before = placed[i];
    }
  }

  enum class Way : std::uint8_t { nowhere, forwards, backwards };

  // What the moment leaves out it has from `last`, of the message next to it: the day or the year,
  // or the one behind or before that.
  std::int64_t place(const TraceMoment& moment, std::int64_t last, Way way) noexcept {
    if (moment.zone) zone_ = *moment.zone;
    const auto zone = zone_ * minute;
    const auto near = last + zone;
    std::int64_t begin = floor_to(near, day);
    if (moment.month > 0) {
      begin =
          day_number(moment.year > 0 ? moment.year : year_at(near), moment.month, moment.day) * day;
    }
    auto time = begin + moment.microseconds - zone;
    if (moment.year == 0 && way != Way::nowhere) {
      time = moment.month > 0 ? turned(time, last, year, day, way)
                              : turned(time, last, day, minute, way);
    }
    return std::max<std::int64_t>(time, 1);
  }

  // The next period has begun where time would run the wrong way by half of one; a time that
  // changed places with another, at the turn of it, belongs to the one before.
  static std::int64_t turned(std::int64_t time, std::int64_t last, std::int64_t period,
                             std::int64_t jitter, Way way) noexcept {
    const std::int64_t sign = way == Way::forwards ? 1 : -1;
    const auto ahead = (time - last) * sign;
    auto turned = time;
    if (ahead < -period / 2) turned = next(time, period, sign);
    if (ahead > period - jitter) turned = next(time, period, -sign);
    return turned > 0 && turned < latest ? turned : time;
  }

  static std::int64_t next(std::int64_t time, std::int64_t period, std::int64_t sign) noexcept {
    if (period != year) return time + sign * period;
    const auto date = date_at(time);
    return day_number(static_cast<int>(date.year()) + static_cast<int>(sign),
                      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day())) *
               day +
           (time - floor_to(time, day));
  }

  std::span<const TracedMessage> messages_;
  std::vector<std::optional<TraceMoment>> moments_;
  TraceTimes times_;
  std::size_t timed_ = 0;
  bool has_leap_day_ = false;
  bool zones_differ_ = false;
  int zone_ = 0;  // of messages that tell none
};

}  // namespace

TraceTimes read_times(std::span<const TracedMessage> messages) {
  return TimesReader{messages}.read();
}

}  // namespace sipauth
