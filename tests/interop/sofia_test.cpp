// The whole catalogue against the auth module of Sofia-SIP, in the ways that it can be set up.
// docs/verdicts.md tells where each line comes from.

#include <gtest/gtest.h>

#include <ostream>

#include "e2e/tool.hpp"
#include "interop/golden.hpp"
#include "interop/peer.hpp"

namespace sipauth::interop {
namespace {

const Lines stock{
    {"SA-CH-17", "info", "MD5 is all that it knows"},
    {"SA-AUTH-22", "info",
     "auth_get_params() compares it with the one it wants in the digest only"},
    {"SA-AUTH-25", "warn", "a missing cnonce is hashed as an empty one"},
    {"SA-AUTH-26", "warn", "a missing nc is hashed as an empty one"},
    {"SA-AUTH-27", "info", "the first of two parameters counts"},
    {"SA-AUTH-28", "warn", "username* is a parameter like any other that it does not know"},
    {"SA-NONCE-04", "pass|fail", "chance decides"},
    {"SA-NONCE-05", "pass|warn", "chance decides"},
    {"SA-NONCE-06", "warn", "33 characters are 24 bytes to base64_d(), as 32 are"},
    {"SA-STALE-01", "skip", "left out by --no-wait"},
    {"SA-STALE-03", "skip", "left out by --no-wait"},
    {"SA-STALE-05", "skip", "no nonce was called stale"},
    {"SA-STALE-09", "skip", "no nonce was called stale"},
    {"SA-STALE-10", "skip", "nonces may be used again"},
    {"SA-STALE-12", "skip", "was not called stale"},
    {"SA-NC-01", "warn", "auth_validate_digest_nonce() looks at nc only with a maximum"},
    {"SA-NC-03", "warn", "as SA-NC-01"},
    {"SA-NC-07", "info", "as SA-NC-01"},
    {"SA-NC-09", "info", "as SA-NC-01"},
    {"SA-NC-12", "info", "as SA-NC-01"},
};

/// The maximum is a bit (am_max_ncount): 1 is one use of each nonce, and all other odd numbers too.
const Lines one_use{
    {"SA-STALE-05", "pass", "a second use is stale"},
    {"SA-STALE-09", "pass", "a second use is stale"},
    {"SA-STALE-10", "pass", "a second use is stale"},
    {"SA-NC-01", "skip", "a nonce is good for one use here"},
    {"SA-NC-03", "skip", "a nonce is good for one use here"},
    {"SA-NC-04", "skip", "a nonce is good for one use here"},
    {"SA-NC-06", "skip", "a nonce is good for one use here"},
    {"SA-NC-07", "pass", "a count of 0 is stale"},
    {"SA-NC-08", "skip", "a nonce is good for one use here"},
    {"SA-NC-10", "skip", "a nonce is good for one use here"},
    {"SA-NC-11", "skip", "so another one tells nothing"},
    {"SA-NC-12", "skip", "a nonce is good for one use here"},
};

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
    {.name = "StockOverTcp",
     .lines = {{"SA-TX-01", "skip", "nothing is retransmitted"},
               {"SA-TX-02", "skip", "nothing is retransmitted"},
               {"SA-TX-13", "skip", "keep to their connection"}},
     .options = {"--no-wait", "--transport", "tcp"}},
    {.name = "Expire3",
     .wishes = {"expires=3"},
     .lines = {{"SA-NONCE-15", "skip", "the lifetime was given"},
               {"SA-NONCE-16", "pass", "no use makes a nonce live longer"},
               {"SA-STALE-01", "pass", "as_stale says so"},
               {"SA-STALE-03", "warn", "auth_check_digest() challenges before it knows the digest"},
               {"SA-STALE-05", "pass", "an expired nonce is stale"},
               {"SA-STALE-09", "pass", "an expired nonce is stale"}},
     .options = {"--nonce-lifetime", "3"}},
    {.name = "OneUseOfANonce", .wishes = {"counts=1"}, .lines = one_use},
    {.name = "ForbiddenForAWrongPassword",
     .wishes = {"forbidden"},
     .lines = {{"SA-AUTH-09", "info", "digits are compared as they are"},
               {"SA-AUTH-17", "info", "a user name is looked up as it is"}}},
    {.name = "NextNonce",
     .wishes = {"nextnonce"},
     .lines = {{"SA-INFO-01", "skip", "rspauth"},
               {"SA-INFO-02", "info", "auth_info_digest() writes nothing else"},
               {"SA-INFO-03", "pass", "no value is empty"},
               {"SA-INFO-04", "pass", "it is a nonce like those of challenges"},
               {"SA-INFO-05", "pass", "in 200 alone"}}},
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
