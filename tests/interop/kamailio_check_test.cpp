// The whole catalogue against Kamailio, in each way that its auth module can be set up and that a
// script can use it. docs/verdicts.md tells where each line comes from.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <ostream>

#include "interop/golden.hpp"
#include "interop/kamailio.hpp"
#include "interop/kamailio_target.hpp"

namespace sipauth::interop {
namespace {

using namespace std::chrono_literals;

const Lines stock{};

struct Row {
  Variant variant;
  Lines lines = {};
  std::vector<std::string> options = {"--no-wait"};
  int exit = 0;
};

std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.variant.name; }

const std::vector<std::string> known_lifetime{"--nonce-lifetime", "3"};

const std::vector<Row> rows{
    {.variant = {.name = "Stock"}},
    {.variant = {.name = "StockOverTcp"}, .options = {"--no-wait", "--transport", "tcp"}},
    {.variant = {.name = "Qop", .qop = true}},
    {.variant = {.name = "Expire3", .nonce_lifetime = 3s}, .options = known_lifetime},
    {.variant = {.name = "Expire3Stale16",
                 .nonce_lifetime = 3s,
                 .stale_when_old = true,
                 .stale_when_used = true},
     .options = known_lifetime},
    {.variant = {.name = "NonceCount", .qop = true, .nonce_count = true}},
    {.variant =
         {.name = "NonceCountStateless", .qop = true, .nonce_count = true, .absorbs = false}},
    {.variant = {.name = "NonceCountStale16",
                 .qop = true,
                 .stale_when_old = true,
                 .stale_when_used = true,
                 .nonce_count = true}},
    {.variant = {.name = "OneTimeNonce", .one_time_nonce = true}},
    {.variant = {.name = "OneTimeNonceStateless", .one_time_nonce = true, .absorbs = false}},
    {.variant = {.name = "OneTimeNonceStale16", .stale_when_used = true, .one_time_nonce = true}},
    {.variant = {.name = "Sha256", .qop = true, .algorithm = "SHA-256"}},
    {.variant = {.name = "Forbids", .nonce_lifetime = 3s, .forbid_refused = true},
     .options = known_lifetime},
    {.variant = {.name = "Strict403", .nonce_lifetime = 3s, .forbid_wrong = true},
     .options = known_lifetime},
    {.variant = {.name = "AuthChecksAndSanity", .qop = true, .bound_nonce = true, .sane = true}},
    {.variant = {.name = "AuthenticationInfo",
                 .qop = true,
                 .one_time_nonce = true,
                 .authentication_info = true}},
    {.variant = {.name = "Tls", .tls = true}},
    {.variant = {.name = "WebSocket", .websocket = true}},
    {.variant = {.name = "SecureWebSocket", .tls = true, .websocket = true}},
};

class CheckTest : public testing::TestWithParam<Row> {};

TEST_P(CheckTest, GivesTheVerdictsOfTheTable) {
  const auto& [variant, lines, options, exit] = GetParam();
  const Kamailio kamailio{variant};
  expect_verdicts({.arguments = arguments("check", kamailio, variant, options),
                   .server = "kamailio",
                   .exit = exit},
                  joined(lines, stock), kamailio.log());
}

INSTANTIATE_TEST_SUITE_P(Kamailio, CheckTest, testing::ValuesIn(rows),
                         [](const auto& row) { return std::string{row.param.variant.name}; });

}  // namespace
}  // namespace sipauth::interop
