// The whole catalogue against the auth module of Sofia-SIP, in the ways that it can be set up.
// docs/verdicts.md tells where each line comes from.

#include <gtest/gtest.h>

#include <ostream>

#include "e2e/tool.hpp"
#include "interop/golden.hpp"
#include "interop/peer.hpp"

namespace sipauth::interop {
namespace {

const Lines stock{};

struct Row {
  std::string_view name;
  std::vector<std::string> wishes = {};
  Lines lines = {};
  std::vector<std::string> options = {"--no-wait"};
  int exit = 0;
};

std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.name; }

const std::vector<Row> rows{
    {.name = "Stock"},
    {.name = "StockOverTcp", .options = {"--no-wait", "--transport", "tcp"}},
    {.name = "Expire3", .wishes = {"expires=3"}, .options = {"--nonce-lifetime", "3"}},
    {.name = "MaxNcount", .wishes = {"counts=5"}},
    {.name = "Forbidden", .wishes = {"forbidden"}},
    {.name = "NextNonce", .wishes = {"nextnonce"}},
};

class SofiaTest : public testing::TestWithParam<Row> {};

TEST_P(SofiaTest, GivesTheVerdictsOfTheTable) {
  const auto& [name, wishes, lines, options, exit] = GetParam();
  const e2e::ScratchDirectory scratch;
  std::vector<std::string> command{
      SIPAUTH_SOFIA, scratch.file("accounts", "alice:secret:test.local\nbob:secret2:test.local\n")};
  command.insert(command.end(), wishes.begin(), wishes.end());
  const Peer peer{command};
  expect_verdicts({.arguments = peer.check(options), .server = "sofia-sip", .exit = exit},
                  joined(lines, stock), peer.log());
}

INSTANTIATE_TEST_SUITE_P(Sofia, SofiaTest, testing::ValuesIn(rows),
                         [](const auto& row) { return std::string{row.param.name}; });

}  // namespace
}  // namespace sipauth::interop
