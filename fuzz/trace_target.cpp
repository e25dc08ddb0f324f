#include "fuzz/trace_target.hpp"

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "fuzz/oracle.hpp"
#include "sipauth/fix.hpp"
#include "sipauth/limits.hpp"
#include "sipauth/lint.hpp"
#include "sipauth/lint_exchange.hpp"
#include "sipauth/trace.hpp"
#include "sipauth/trace_times.hpp"

namespace sipauth::fuzz {
namespace {

// Runs ascend in both texts and cover the message.
void require_runs(const TracedMessage& message, std::string_view input) {
  require(!message.runs.empty() && message.runs.front().offset == 0, "runs begin with the text");
  std::size_t end_in_input = 0;
  for (std::size_t i = 0; i < message.runs.size(); ++i) {
    const auto& run = message.runs[i];
    const auto end = i + 1 < message.runs.size() ? message.runs[i + 1].offset : message.text.size();
    require(run.offset < end, "no run is empty");
    require(lies_in(run.input, input), "a run lies in the input");
    require(run.input.offset >= end_in_input, "runs ascend in the input");
    end_in_input = run.input.offset + run.input.length;
    const auto length = end - run.offset;
    require(run.input.length == length || length == 1, "a run is as long in both");
    if (run.input.length == length && length > 1) {
      require(input.substr(run.input.offset, length) ==
                  std::string_view{message.text}.substr(run.offset, length),
              "a run is the same in both");
    }
  }
}

void require_places(const TracedMessage& message, std::string_view input) {
  std::uint32_t before = 0;
  for (std::uint32_t at = 0; at <= message.text.size(); ++at) {
    const auto place = message.in_input({at, 0}).offset;
    require(place >= before && place <= input.size(), "places ascend, and lie in the input");
    before = place;
  }
  const auto all = message.in_input({0, static_cast<std::uint32_t>(message.text.size())});
  require(lies_in(all, input), "the place of the whole lies in the input");
}

void require_heading(const TracedMessage& message, std::string_view input) {
  for (const auto part : {message.source.host, message.destination.host, message.time}) {
    require(lies_in(part, input), "what a heading says lies in the input");
  }
}

void require_moment(const TracedMessage& message) {
  require(message.moment.has_value() == !message.time.empty(), "what is written can be read");
  if (!message.moment) return;
  const auto& moment = *message.moment;
  require(moment.microseconds >= 0 && moment.microseconds <= 86'401'000'000, "a day is that long");
  require(moment.month <= 12 && moment.day <= 31, "there are such days");
  require((moment.month == 0) == (moment.day == 0), "a date has a day");
  require(moment.year == 0 || moment.month > 0, "a year alone is no date");
}

void require_times(std::span<const TracedMessage> messages) {
  const auto times = read_times(messages);
  require(times.microseconds.size() == messages.size(), "every message has its time");
  constexpr std::int64_t latest = 9'200'000'000'000'000;
  for (const auto time : times.microseconds) {
    require((time == 0) == (times.known == TimesKnown::nothing), "all times are known or none");
    require(time >= 0 && time < latest, "a time can be counted in nanoseconds");
  }
}

// What the messages say together is told beside what each says, and changes nothing of that.
void require_exchange(const TracedMessage& message, std::string_view input,
                      const Diagnostics& alone, ExchangeLint& exchange) {
  Diagnostics together;
  static_cast<void>(lint_traced(message, together, &exchange));
  require_within(together, input);
  if (together.dropped() > 0) return;
  auto next = alone.list().begin();
  for (const auto& diagnostic : together.list()) {
    if (is_of_exchange(diagnostic.rule)) continue;
    require(next != alone.list().end() && *next == diagnostic,
            "what a message says alone is told as it is");
    ++next;
  }
  require(next == alone.list().end(), "nothing is lost that a message says alone");
}

}  // namespace

void trace(std::string_view input) {
  const bool is_due = is_due_for_costly_claims(input);
  TraceReader reader{input};
  std::size_t end = 0;
  std::size_t bytes = 0;
  bool fragments = false;
  ExchangeLint exchange;
  std::vector<TracedMessage> seen;
  while (const auto message = reader.next()) {
    require(message->text.size() <= limits::message_bytes, "a message is no longer than one is");
    require(lies_in(message->where, input) && message->where.length > 0,
            "a message lies in the input");
    require(message->where.offset >= end, "messages stand below one another");
    end = message->where.offset + message->where.length;
    bytes += message->text.size();
    // A line can gain a CR and a LF, and each message an empty line.
    require(bytes <= 3 * input.size() + 4, "what is read is no more than there is");
    require_runs(*message, input);
    require_places(*message, input);
    require_heading(*message, input);
    require_moment(*message);
    seen.push_back({.text = message->text, .moment = message->moment});
    fragments = fragments || message->is_fragment;
    require(message->is_fragment == fragments, "fragments stand alone");

    Diagnostics diagnostics;
    const auto linted = lint_traced(*message, diagnostics);
    require_within(diagnostics, input);
    if (!linted) require_within(linted.error(), input);
    require_exchange(*message, input, diagnostics, exchange);
    if (!is_due || message->text.size() > 4096) continue;
    const auto mended = fixed(message->text);
    require(!mended.mended.empty() || mended.text == message->text, "what is right stays as it is");
    require(
        std::ranges::none_of(
            mended.left, [&](const Diagnostic& left) { return !lies_in(left.where, mended.text); }),
        "what is left lies in the mended text");
  }
  require_times(seen);
}

}  // namespace sipauth::fuzz
