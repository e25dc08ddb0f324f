#include "commands/suggest.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "commands/values.hpp"

namespace sipauth::commands {
namespace {

constexpr auto commands = std::to_array<std::string_view>(
    {"probe", "stale", "digest", "lint", "serve", "fuzz", "explain"});

TEST(DidYouMean, NamesTheNearest) {
  EXPECT_EQ(did_you_mean("prob", commands), " Did you mean probe?");
  EXPECT_EQ(did_you_mean("list", commands), " Did you mean lint?");
  EXPECT_EQ(did_you_mean("steal", commands), " Did you mean stale?");
  EXPECT_EQ(did_you_mean("PROBE", commands), " Did you mean probe?");
}

TEST(DidYouMean, KeepsTheSpellingOfTheName) {
  constexpr auto ids = std::to_array<std::string_view>({"SA-STALE-01", "SL-missing-comma"});
  EXPECT_EQ(did_you_mean("sl-mising-comma", ids), " Did you mean SL-missing-comma?");
}

TEST(DidYouMean, SaysNothingWhereNothingIsNear) {
  EXPECT_EQ(did_you_mean("register", commands), "");
  EXPECT_EQ(did_you_mean("", commands), "");
  EXPECT_EQ(did_you_mean("probe", {}), "");
  EXPECT_EQ(did_you_mean(std::string(100'000, 'p'), commands), "");
}

struct TimeCase {
  std::string_view text;
  std::optional<double> seconds;
};

TEST(SecondsOf, ReadsUnitsAndNothingElse) {
  constexpr auto rows = std::to_array<TimeCase>({
      {"500ms", 0.5},
      {"5s", 5},
      {"32s", 32},
      {"2m", 120},
      {"2min", 120},
      {"1h", 3600},
      {"5", 5},
      {"1.5s", 1.5},
      {"0", 0},
      {"", std::nullopt},
      {"s", std::nullopt},
      {"5 s", std::nullopt},
      {"5x", std::nullopt},
      {"-5s", std::nullopt},
      {"+5s", std::nullopt},
      {"1e3s", std::nullopt},
      {"1.2.3s", std::nullopt},
      {"inf", std::nullopt},
      {"nan", std::nullopt},
      {"0x10", std::nullopt},
      {"99999999999h", std::nullopt},
      {"5S", std::nullopt},
  });
  for (const auto& [text, seconds] : rows) {
    const auto read = seconds_of(text);
    ASSERT_EQ(read.has_value(), seconds.has_value()) << text;
    if (seconds) {
      EXPECT_DOUBLE_EQ(*read, *seconds) << text;
    }
  }
  EXPECT_EQ(seconds_of("x").error(), "takes a time, as in 500ms, 5s or 2m");
}

TEST(WholeOf, ReadsDigitsWithinItsType) {
  EXPECT_EQ(whole_of<int>("2147483647"), 2147483647);
  EXPECT_EQ(whole_of<std::uint64_t>("18446744073709551615"), 18446744073709551615U);
  for (const auto* text : {"", "-1", "-0", "+1", "1x", " 1", "0x1", "2147483648", "1.0"}) {
    EXPECT_FALSE(whole_of<int>(text)) << text;
  }
  EXPECT_FALSE(whole_of<std::uint64_t>("18446744073709551616"));
}

TEST(RealOf, ReadsPlainNumbers) {
  EXPECT_DOUBLE_EQ(*real_of("0.5"), 0.5);
  EXPECT_DOUBLE_EQ(*real_of("20"), 20);
  for (const auto* text : {"", "-1", "-0", "1e3", "inf", "nan", "1 ", "one"}) {
    EXPECT_FALSE(real_of(text)) << text;
  }
}

}  // namespace
}  // namespace sipauth::commands
