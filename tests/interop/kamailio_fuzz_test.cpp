// `sipauth fuzz server` on a real registrar: over every transport it gets past the digest, and has
// no finding.

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <ostream>
#include <string>
#include <vector>

#include "e2e/tool.hpp"
#include "interop/kamailio.hpp"
#include "interop/kamailio_target.hpp"

namespace sipauth::interop {
namespace {

class FuzzServer : public testing::TestWithParam<Variant> {};

TEST_P(FuzzServer, HasNoFindingOnKamailio) {
  const Kamailio kamailio{GetParam()};
  auto command = arguments("fuzz", kamailio, GetParam(), {"--seed", "1", "--runs", "200"});
  command.insert(command.begin() + 1, "server");
  const auto outcome = e2e::run(command, "secret\n");
  EXPECT_EQ(outcome.exit, 0) << outcome.out << outcome.err << kamailio.log();
  const auto document = nlohmann::json::parse(outcome.out);
  EXPECT_EQ(document["runs"], 200);
  EXPECT_GT(document["answers"].value("200", 0), 20) << outcome.out;
}

std::vector<Variant> variants() {
  std::vector<Variant> all{{.name = "fuzzed", .qop = true},
                           {.name = "Tls", .qop = true, .tls = true}};
#ifdef SIPAUTH_TEST_WEBSOCKET
  all.push_back({.name = "WebSocket", .qop = true, .websocket = true});
  all.push_back({.name = "SecureWebSocket", .qop = true, .tls = true, .websocket = true});
#endif
  return all;
}

INSTANTIATE_TEST_SUITE_P(Kamailio, FuzzServer, testing::ValuesIn(variants()),
                         [](const auto& row) { return std::string{row.param.name}; });

}  // namespace
}  // namespace sipauth::interop
