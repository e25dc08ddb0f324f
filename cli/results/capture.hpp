// What `pcap` found in a capture beside the rows of its checks.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sipauth/flow.hpp"

namespace sipauth::results {

class TextPage;

struct Capture {
  struct Finding {
    std::string id = {};
    FlowFinding finding = {};
  };

  std::string file = {};
  bool has_times = true;   ///< of the calendar
  std::int64_t first = 0;  ///< nanoseconds since 1970
  std::int64_t last = 0;
  std::vector<std::pair<std::string, std::uint64_t>> counts = {};  ///< `packets`, `messages`, ...
  std::vector<FlowAttempt> attempts = {};
  std::uint64_t attempts_seen = 0;
  std::vector<Finding> findings = {};
  std::vector<std::size_t> ladders = {};  ///< places in `attempts`, to be drawn
};

void add_capture(TextPage& page, const Capture& capture);

/// A ladder alone, as lines; harmless for a terminal.
[[nodiscard]] std::string ladder_text(const FlowAttempt& attempt, bool utf8);

/// `2026-11-30 10:00:00.123`, UTC.
[[nodiscard]] std::string time_text(std::int64_t nanoseconds);

}  // namespace sipauth::results
