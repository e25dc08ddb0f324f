// What `pcap` found in a capture beside the rows of its checks.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sipauth/flow.hpp"
#include "sipauth/trace_times.hpp"

namespace sipauth::results {

class TextPage;

/// What is known of the times of a capture or a log.
struct CaptureClock {
  TimesKnown known = TimesKnown::calendar;
  std::optional<int> zone = 0;  ///< minutes east of Greenwich; nullopt: as logged, in any zone
  bool has_fractions = true;    ///< of a second
};

struct Capture {
  struct Finding {
    std::string id = {};
    FlowFinding finding = {};
  };

  std::string file = {};
  CaptureClock clock = {};
  std::int64_t first = 0;  ///< nanoseconds since 1970
  std::int64_t last = 0;
  std::vector<std::pair<std::string, std::uint64_t>> counts = {};  ///< `packets`, `messages`, ...
  std::vector<FlowAttempt> attempts = {};
  std::uint64_t attempts_seen = 0;
  std::vector<Finding> findings = {};
  std::vector<std::size_t> ladders = {};  ///< places in `attempts`, to be drawn
};

void add_capture(TextPage& page, const Capture& capture);

/// A ladder alone, as lines; harmless for a terminal. Without seconds where there are no times.
[[nodiscard]] std::string ladder_text(const FlowAttempt& attempt, bool utf8);

/// In the zone of the clock, as far as it is known: `2026-11-30 10:00:00.123`, `Nov  3 10:00:00`,
/// `10:00:00.123`; empty where nothing is.
[[nodiscard]] std::string time_text(std::int64_t nanoseconds, const CaptureClock& clock);

/// `UTC`, `UTC+01:00`, `as logged`.
[[nodiscard]] std::string zone_text(const CaptureClock& clock);

/// RFC 3339, and without an offset where no zone is known; empty where the date is not known.
[[nodiscard]] std::string rfc3339_text(std::int64_t nanoseconds, const CaptureClock& clock);

}  // namespace sipauth::results
