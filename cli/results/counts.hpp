// How many checks came out how: the same for every rendering.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "results/result.hpp"

namespace sipauth::results {

struct Counts {
  std::array<std::uint64_t, 6> by_verdict{};

  [[nodiscard]] std::uint64_t of(Verdict verdict) const {
    return by_verdict[static_cast<std::size_t>(verdict)];
  }

  /// Where the run as a whole gets no grade. F: a check failed. B: one warned. A: neither, and none
  /// stayed inconclusive. `-`: nothing was judged, or not all that was asked, so that silence does
  /// not look like health.
  [[nodiscard]] std::string_view grade() const {
    if (of(Verdict::fail) > 0) return "F";
    if (of(Verdict::warn) > 0) return "B";
    const bool judged = of(Verdict::pass) + of(Verdict::info) > 0;
    return judged && of(Verdict::inconclusive) == 0 ? "A" : "-";
  }
};

[[nodiscard]] inline Counts counts_of(const Result& result) {
  Counts counts;
  for (const auto& row : result.rows) ++counts.by_verdict[static_cast<std::size_t>(row.verdict)];
  return counts;
}

}  // namespace sipauth::results
