// `sipauth fuzz server` on a real registrar: it gets past the digest, and has no finding.

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "e2e/tool.hpp"
#include "interop/kamailio.hpp"
#include "interop/kamailio_target.hpp"

namespace sipauth::interop {
namespace {

TEST(FuzzServer, HasNoFindingOnKamailio) {
  const Variant variant{.name = "fuzzed", .qop = true};
  const Kamailio kamailio{variant};
  const auto outcome =
      e2e::run({"fuzz", "server", target_of(kamailio, variant), "--domain", std::string{realm},
                "--password-file", "-", "--json", "--seed", "1", "--runs", "200"},
               "secret\n");
  EXPECT_EQ(outcome.exit, 0) << outcome.out << outcome.err << kamailio.log();
  const auto document = nlohmann::json::parse(outcome.out);
  EXPECT_EQ(document["runs"], 200);
  EXPECT_GT(document["answers"].value("200", 0), 20) << outcome.out;
}

}  // namespace
}  // namespace sipauth::interop
