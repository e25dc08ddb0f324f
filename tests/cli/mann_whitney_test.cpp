#include "checks/mann_whitney.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

namespace sipauth::checks {
namespace {

struct Sample {
  std::vector<double> first;
  std::vector<double> second;
  double u;
  double p;
};

// p of another program: two-sided, corrected for continuity.
TEST(MannWhitney, CountsPairsAndApproximatesTheirChance) {
  const std::vector<Sample> table{
      // No tie: u = 0, mean 12.5, variance 25/12 * 11.
      {{1, 2, 3, 4, 5}, {6, 7, 8, 9, 10}, 0, 0.012185780355344818},
      {{6, 7, 8, 9, 10}, {1, 2, 3, 4, 5}, 25, 0.012185780355344818},
      {{1, 3, 5}, {2, 4, 6}, 3, 0.6625205835400574},
      // A tie counts half, and makes the variance smaller: 9/12 * (7 - 24 / 30).
      {{1, 2, 2}, {2, 3, 4}, 1, 0.16415972847851523},
  };
  for (const auto& [first, second, u, p] : table) {
    const auto result = mann_whitney(first, second);
    EXPECT_DOUBLE_EQ(result.u, u);
    EXPECT_NEAR(result.p, p, 1e-9);
  }
}

TEST(MannWhitney, FindsNothingInEqualValues) {
  const std::vector<double> same(40, 2.0);
  EXPECT_DOUBLE_EQ(mann_whitney(same, same).p, 1);
  EXPECT_DOUBLE_EQ(mann_whitney({}, same).p, 1);
}

TEST(MannWhitney, TellsApartWhatDoesNotOverlap) {
  std::vector<double> low(40);
  std::iota(low.begin(), low.end(), 0.0);
  auto high = low;
  for (auto& value : high) value += 100;
  EXPECT_LT(mann_whitney(low, high).p, 1e-12);
}

// One answer that took a minute says nothing about the others.
TEST(MannWhitney, IsNotLedByOutliers) {
  std::vector<double> first(40);
  std::iota(first.begin(), first.end(), 0.0);
  auto second = first;
  second.back() = 60'000;
  EXPECT_GT(mann_whitney(first, second).p, 0.9);
}

}  // namespace
}  // namespace sipauth::checks
