// The order of SRV records: priorities, and lots inside of them (RFC 2782).

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "net/find_server.hpp"

namespace sipauth::net {
namespace {

struct DrawCase {
  std::string_view proves;
  std::vector<SrvRecord> records;
  std::vector<std::uint32_t> lots;
  std::vector<std::uint32_t> sums;  ///< each lot is drawn from 0 to this
  std::vector<std::string> order;
};

void PrintTo(const DrawCase& row, std::ostream* out) { *out << row.proves; }

class SrvOrder : public testing::TestWithParam<DrawCase> {};

TEST_P(SrvOrder, IsThatOfRfc2782) {
  const auto& row = GetParam();
  std::vector<std::uint32_t> sums;
  const auto ordered = in_order(row.records, [&](std::uint32_t sum) {
    sums.push_back(sum);
    return sums.size() <= row.lots.size() ? row.lots[sums.size() - 1] : 0U;
  });
  std::vector<std::string> targets;
  for (const auto& record : ordered) targets.push_back(record.target);
  EXPECT_EQ(targets, row.order);
  EXPECT_EQ(sums, row.sums);
}

const SrvRecord none{10, 0, 5060, "none"};
const SrvRecord light{10, 40, 5060, "light"};
const SrvRecord heavy{10, 60, 5060, "heavy"};
const SrvRecord last{20, 0, 5060, "last"};

const std::vector<DrawCase> draws{
    {"LowestPriorityFirst", {last, heavy}, {0, 0}, {60, 0}, {"heavy", "last"}},
    {"Lot0IsTheRecordOfWeight0",
     {heavy, light, none},
     {0, 0, 0},
     {100, 100, 60},
     {"none", "light", "heavy"}},
    {"Lot1IsTheFirstThatWeighs",
     {heavy, light, none},
     {1, 0, 0},
     {100, 60, 60},
     {"light", "none", "heavy"}},
    {"RunningSumIsReached", {heavy, light}, {40, 0}, {100, 60}, {"light", "heavy"}},
    {"RunningSumIsPassed", {heavy, light}, {41, 0}, {100, 40}, {"heavy", "light"}},
    {"WholeSumIsTheLastRecord",
     {none, light, heavy},
     {100, 40, 0},
     {100, 40, 0},
     {"heavy", "light", "none"}},
    {"OrderOfTheAnswerDoesNotMatter",
     {none, heavy, light},
     {1, 0, 0},
     {100, 60, 60},
     {"light", "none", "heavy"}},
    {"Nothing", {}, {}, {}, {}},
};
INSTANTIATE_TEST_SUITE_P(Draw, SrvOrder, testing::ValuesIn(draws),
                         [](const auto& row) { return std::string{row.param.proves}; });

TEST(SrvOrder, SharesAreThoseOfTheWeights) {
  int heavy_first = 0;
  for (std::uint32_t lot = 0; lot <= 100; ++lot) {
    const auto ordered = in_order({light, heavy}, [&](std::uint32_t) { return lot; });
    heavy_first += ordered.front().target == "heavy" ? 1 : 0;
  }
  EXPECT_EQ(heavy_first, 60);
}

}  // namespace
}  // namespace sipauth::net
