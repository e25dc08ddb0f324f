// What `pcap` reads: a capture, or a text with SIP messages in it.
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "results/capture.hpp"
#include "sipauth/flow.hpp"

namespace sipauth::commands {

struct SeenFacts {
  bool is_capture = true;
  results::CaptureClock clock = {};
  std::int64_t first = 0;
  std::int64_t last = 0;
  std::vector<std::pair<std::string, std::uint64_t>> counts = {};
  std::vector<std::string> warnings = {};  ///< sentences: what could not be read, and why
};

/// Every message of `file` in turn; `-` is standard input. The error is a sentence. Views in the
/// message live through the call of `visit`.
[[nodiscard]] std::expected<SeenFacts, std::string> read_messages(
    const std::string& file, const std::function<void(const FlowMessage&)>& visit);

}  // namespace sipauth::commands
