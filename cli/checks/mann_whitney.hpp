// The test of Mann and Whitney: were two samples drawn from the same distribution? It looks at
// ranks, so a few answers that took very long change little.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <span>
#include <utility>
#include <vector>

namespace sipauth::checks {

struct MannWhitney {
  double u = 0;  ///< pairs in which the first sample's value is greater; a tie counts half
  double p = 1;  ///< two-sided, by the normal approximation, corrected for ties and continuity
};

/// Good from about 20 values each. Equal values share the mean of their ranks.
[[nodiscard]] inline MannWhitney mann_whitney(std::span<const double> first,
                                              std::span<const double> second) {
  const auto n = static_cast<double>(first.size());
  const auto m = static_cast<double>(second.size());
  if (first.empty() || second.empty()) return {};
  std::vector<std::pair<double, bool>> all;
  all.reserve(first.size() + second.size());
  for (const auto value : first) all.emplace_back(value, true);
  for (const auto value : second) all.emplace_back(value, false);
  std::ranges::sort(all);

  double rank_sum = 0;  // of the first sample
  double ties = 0;      // sum of t^3 - t
  for (std::size_t begin = 0; begin < all.size();) {
    auto end = begin;
    std::size_t of_first = 0;
    for (; end < all.size() && all[end].first == all[begin].first; ++end) {
      of_first += all[end].second ? 1 : 0;
    }
    const auto tied = static_cast<double>(end - begin);
    const auto mean_rank = static_cast<double>(begin + 1 + end) / 2;
    rank_sum += static_cast<double>(of_first) * mean_rank;
    ties += tied * tied * tied - tied;
    begin = end;
  }
  const auto total = n + m;
  const auto u = rank_sum - n * (n + 1) / 2;
  const auto variance = n * m / 12 * (total + 1 - ties / (total * (total - 1)));
  if (variance <= 0) return {.u = u, .p = 1};
  const auto distance = std::max(std::abs(u - n * m / 2) - 0.5, 0.0);
  return {.u = u, .p = std::erfc(distance / std::sqrt(variance) / std::numbers::sqrt2)};
}

}  // namespace sipauth::checks
