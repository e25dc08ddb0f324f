// A capture for people: one line per registration attempt, and ladders.

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <string_view>

#include "results/capture.hpp"
#include "results/escape.hpp"
#include "results/text_page.hpp"

namespace sipauth::results {
namespace {

constexpr std::int64_t second = 1'000'000'000;

std::string seconds_text(std::int64_t nanoseconds) {
  return fmt::format("{:.3f}", static_cast<double>(nanoseconds) / static_cast<double>(second));
}

// `+01:00`, of no minutes `none`.
std::string offset_text(int minutes, std::string_view none) {
  if (minutes == 0) return std::string{none};
  const auto size = std::abs(minutes);
  return fmt::format("{}{:02}:{:02}", minutes < 0 ? '-' : '+', size / 60, size % 60);
}

// A text may tell none.
bool has_times(const FlowAttempt& attempt) { return attempt.begin != 0 || attempt.end != 0; }

std::string plural(std::uint64_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

std::string digests_text(const FlowAttempt& attempt) {
  if (attempt.digests_wrong > 0) {
    auto text = attempt.digests_right > 0
                    ? fmt::format("{} right and {} wrong digests", attempt.digests_right,
                                  attempt.digests_wrong)
                    : std::string{"digest wrong"};
    if (!attempt.digest_text.empty()) text += ": " + for_terminal(attempt.digest_text);
    return text;
  }
  return attempt.digests_right > 0 ? "digest right" : "";
}

std::string outcome_text(const FlowAttempt& attempt) {
  std::string text{outcome_name(attempt.outcome)};
  if (attempt.status >= 300) text += fmt::format(" {}", attempt.status);
  auto detail = attempt.requests > 0 ? plural(attempt.requests, "request", "requests")
                                     : std::string{"its request was not seen"};
  if (attempt.challenges > 0) {
    detail += ", " + plural(attempt.challenges, "challenge", "challenges");
    if (attempt.stale > 0) detail += fmt::format(" ({} stale)", attempt.stale);
  }
  if (attempt.retransmissions > 0) {
    detail += ", " + plural(attempt.retransmissions, "retransmission", "retransmissions");
  }
  text += ": " + detail;
  if (has_times(attempt))
    text += fmt::format(" in {} s", seconds_text(attempt.end - attempt.begin));
  if (const auto digests = digests_text(attempt); !digests.empty()) text += "; " + digests;
  return text;
}

std::string who(const FlowAttempt& attempt) {
  auto text = attempt.aor.empty() ? std::string{"somebody"} : for_terminal(attempt.aor);
  if (attempt.method != "REGISTER") text = for_terminal(attempt.method) + ' ' + text;
  const auto user = attempt.aor.substr(0, attempt.aor.find('@'));
  if (!attempt.username.empty() && attempt.username != user && attempt.username != attempt.aor) {
    text += " as " + for_terminal(attempt.username);
  }
  return text;
}

std::string where(const FlowAttempt& attempt) {
  if (attempt.client.empty() && attempt.server.empty()) return {};
  return fmt::format("{} > {}{}{}", for_terminal(attempt.client), for_terminal(attempt.server),
                     attempt.transport.empty() ? "" : " ", for_terminal(attempt.transport));
}

// `messages in HEP`: `message in HEP`.
std::string of_one(std::string_view label) {
  const auto end = std::min(label.find(' '), label.size());
  auto word = label.substr(0, end);
  if (word.ends_with('s')) word.remove_suffix(1);
  return std::string{word}.append(label.substr(end));
}

// Control characters of a hostile text are escaped, so that bytes beyond ASCII are letters.
std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80; }));
}

void add_attempts(TextPage& page, const Capture& capture) {
  if (capture.attempts_seen == 0) {
    page.paragraph("", "No registration attempt and no authentication is in it.");
    return;
  }
  page.paragraph("1", plural(capture.attempts_seen, "attempt", "attempts") +
                          (capture.clock.known == TimesKnown::nothing
                               ? std::string{}
                               : fmt::format(", by their time ({})", zone_text(capture.clock))));
  const auto width = std::to_string(capture.attempts.size()).size();
  for (const auto& attempt : capture.attempts) {
    auto head = fmt::format("{:>{}}  ", attempt.index, width);
    if (const auto time = time_text(attempt.begin, capture.clock); !time.empty()) {
      head += time + "  ";
    }
    const auto place = where(attempt);
    page.hanging(head, head.size(), head.size(),
                 fmt::format("{}{}{}: {}", who(attempt), place.empty() ? "" : "  ", place,
                             outcome_text(attempt)));
  }
  if (capture.attempts.size() < capture.attempts_seen) {
    page.paragraph("33", fmt::format("{} more are counted, and not told one by one.",
                                     capture.attempts_seen - capture.attempts.size()));
  }
}

}  // namespace

std::string time_text(std::int64_t nanoseconds, const CaptureClock& clock) {
  if (clock.known == TimesKnown::nothing) return {};
  nanoseconds += clock.zone.value_or(0) * 60 * second;
  auto seconds = nanoseconds / second;
  auto rest = nanoseconds % second;
  if (rest < 0) {
    rest += second;
    --seconds;
  }
  const auto time = static_cast<std::time_t>(seconds);
  std::tm calendar{};
  if (::gmtime_r(&time, &calendar) == nullptr) return std::to_string(seconds);
  // As syslog writes it, so that it is found there.
  const auto text = clock.known == TimesKnown::calendar ? fmt::format("{:%Y-%m-%d %T}", calendar)
                    : clock.known == TimesKnown::day    ? fmt::format("{:%b %e %T}", calendar)
                                                        : fmt::format("{:%T}", calendar);
  const bool has_fraction = clock.has_fractions || clock.known == TimesKnown::calendar;
  return has_fraction ? fmt::format("{}.{:03}", text, rest / 1'000'000) : text;
}

std::string zone_text(const CaptureClock& clock) {
  return clock.zone ? "UTC" + offset_text(*clock.zone, "") : "as logged";
}

std::string rfc3339_text(std::int64_t nanoseconds, const CaptureClock& clock) {
  if (clock.known != TimesKnown::calendar) return {};
  auto text = time_text(nanoseconds, clock);
  std::ranges::replace(text, ' ', 'T');
  return clock.zone ? text + offset_text(*clock.zone, "Z") : text;
}

std::string ladder_text(const FlowAttempt& attempt, bool utf8) {
  const std::string_view right = utf8 ? "▶" : ">";
  const std::string_view left = utf8 ? "◀" : "<";
  const std::string_view line = utf8 ? "─" : "-";
  const std::string_view bar = utf8 ? "│" : "|";
  std::vector<std::string> texts;
  std::size_t width = 24;
  for (const auto& step : attempt.steps) {
    texts.push_back(for_terminal(step.text));
    width = std::max(width, columns(texts.back()));
  }
  const auto client = attempt.client.empty() ? "phone" : for_terminal(attempt.client);
  const auto server = attempt.server.empty() ? "server" : for_terminal(attempt.server);
  const bool timed = has_times(attempt);
  const auto column = [&](std::string_view text) {
    return timed ? fmt::format("{:>10}  ", text) : std::string{};
  };
  auto out =
      fmt::format("{}{:>7}  {:<{}}  {}\n", column("seconds"), "packet", client, width + 3, server);
  for (std::size_t i = 0; i < attempt.steps.size(); ++i) {
    const auto& step = attempt.steps[i];
    std::string rest;
    for (auto at = columns(texts[i]); at < width; ++at) rest += line;
    out += fmt::format("{}{:>7}  {}{} {} {}{}{}\n", column(seconds_text(step.time - attempt.begin)),
                       step.number, bar, step.from_client ? line : left, texts[i], rest,
                       step.from_client ? right : line, bar);
  }
  if (attempt.steps_left_out > 0) {
    out += fmt::format("{}{:>7}  {} more\n", column(""), "", attempt.steps_left_out);
  }
  return out;
}

void add_capture(TextPage& page, const Capture& capture) {
  std::string seen;
  for (const auto& [name, count] : capture.counts) {
    if (count == 0) continue;
    if (!seen.empty()) seen += ", ";
    seen += count == 1 ? "1 " + of_one(name) : fmt::format("{} {}", count, name);
  }
  page.labelled("Capture", for_terminal(capture.file));
  page.labelled("Seen", seen);
  if (capture.clock.known != TimesKnown::nothing && capture.last > capture.first) {
    page.labelled("Time",
                  fmt::format("{} to {} {}", time_text(capture.first, capture.clock),
                              time_text(capture.last, capture.clock), zone_text(capture.clock)));
  }
  page.blank();
  add_attempts(page, capture);
  page.blank();
  for (const auto place : capture.ladders) {
    const auto& attempt = capture.attempts[place];
    page.paragraph("1", fmt::format("Ladder of attempt {}: {}, Call-ID {}", attempt.index,
                                    who(attempt), for_terminal(attempt.call_id)));
    const auto ladder = ladder_text(attempt, page.utf8());
    for (std::size_t at = 0; at < ladder.size();) {
      const auto end = std::min(ladder.find('\n', at), ladder.size());
      page.line(std::string_view{ladder}.substr(at, end - at));
      at = end + 1;
    }
    page.blank();
  }
}

}  // namespace sipauth::results
