// What the tool says about a real registrar: Kamailio, its script changed one knob at a time.
//
// The expected verdicts follow from the checks' own rules and from what each variant was seen to
// answer, never from what the tool said before.

#include "interop/kamailio.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "e2e/tool.hpp"
#include "interop/kamailio_target.hpp"

namespace sipauth::interop {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using Verdicts = std::map<std::string, std::string>;

/// Kamailio as Debian ships it: no qop, nonces of 300 s that are reused freely and are the same
/// within a second, and one answer to whatever it refuses: a 401 without stale.
const Verdicts stock{
    {"SA-CH-01", "pass"},    {"SA-CH-02", "pass"},    {"SA-CH-03", "pass"},
    {"SA-CH-04", "pass"},    {"SA-CH-05", "pass"},    {"SA-CH-06", "warn"},
    {"SA-CH-07", "pass"},    {"SA-CH-08", "pass"},    {"SA-CH-09", "pass"},
    {"SA-CH-10", "pass"},    {"SA-CH-11", "pass"},    {"SA-CH-12", "pass"},
    {"SA-CH-13", "pass"},    {"SA-CH-14", "pass"},    {"SA-CH-15", "pass"},
    {"SA-CH-16", "pass"},    {"SA-CH-17", "info"},    {"SA-CH-18", "pass"},
    {"SA-AUTH-01", "pass"},  {"SA-AUTH-03", "pass"},  {"SA-NONCE-01", "pass"},
    {"SA-NONCE-02", "pass"}, {"SA-NONCE-03", "pass"}, {"SA-NONCE-04", "pass"},
    {"SA-NONCE-05", "pass"}, {"SA-NONCE-06", "pass"}, {"SA-NONCE-07", "pass"},
    {"SA-NONCE-13", "info"}, {"SA-STALE-01", "skip"}, {"SA-STALE-02", "pass"},
    {"SA-STALE-03", "skip"}, {"SA-STALE-04", "pass"}, {"SA-STALE-05", "skip"},
    {"SA-STALE-06", "pass"}, {"SA-STALE-07", "pass"}, {"SA-STALE-08", "pass"},
    {"SA-STALE-09", "skip"}, {"SA-STALE-10", "skip"}, {"SA-STALE-11", "pass"},
    {"SA-STALE-12", "skip"}, {"SA-STALE-13", "pass"},
};

struct Row {
  Variant variant = {};
  Verdicts differs = {};  ///< from `stock`
  std::vector<std::string> options = {"--max-wait", "2"};
  int exit = 0;
};

std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.variant.name; }

const std::vector<Row> rows{
    {.variant = {.name = "StockNeverSaysStale"}, .differs = {}},

    // A plain 401 makes a phone ask for a password that was right.
    {.variant = {.name = "ShortExpiryIsFoundAndHasNoStale", .nonce_lifetime = 3s},
     .differs = {{"SA-STALE-01", "warn"}, {"SA-STALE-03", "pass"}},
     .options = {"--max-wait", "10"}},

    // auth.so looks at the time before it looks at the digest, so a wrong password is stale too.
    {.variant = {.name = "Flag16SaysStaleOnExpiry", .nonce_lifetime = 3s, .stale_when_old = true},
     .differs = {{"SA-STALE-01", "pass"},
                 {"SA-STALE-03", "warn"},
                 {"SA-STALE-05", "pass"},
                 {"SA-STALE-09", "pass"},
                 {"SA-STALE-12", "pass"}},
     .options = {"--nonce-lifetime", "3"}},

    // The index at the end of these nonces leaves bits of the last character without meaning.
    {.variant = {.name = "NonceCountMakesNoncesUnique", .qop = true, .nonce_count = true},
     .differs = {{"SA-CH-06", "pass"}, {"SA-NONCE-06", "info"}, {"SA-NONCE-13", "pass"}}},

    {.variant = {.name = "OneTimeNonceRefusesReuseWithoutStale", .one_time_nonce = true},
     .differs = {{"SA-NONCE-01", "warn"},
                 {"SA-NONCE-06", "info"},
                 {"SA-NONCE-13", "pass"},
                 {"SA-STALE-10", "warn"}}},

    {.variant = {.name = "Sha256IsAnsweredInKind", .qop = true, .algorithm = "SHA-256"},
     .differs = {{"SA-CH-06", "pass"}, {"SA-CH-17", "pass"}}},

    // Beside a port of its own, where the other transports are is not known.
    {.variant = {.name = "TlsChangesNoVerdict", .tls = true}},

#ifdef SIPAUTH_TEST_WEBSOCKET
    {.variant = {.name = "WebSocketChangesNoVerdict", .websocket = true}},
    {.variant = {.name = "SecureWebSocketChangesNoVerdict", .tls = true, .websocket = true}},
#endif

    // What a script does that answers every refusal with 403: the deadlock, on a registrar of
    // today.
    {.variant = {.name = "ForbiddenForOldNoncesIsTheDeadlock",
                 .nonce_lifetime = 3s,
                 .forbid_refused = true},
     .differs = {{"SA-NONCE-02", "fail"},
                 {"SA-NONCE-03", "fail"},
                 {"SA-NONCE-04", "fail"},
                 {"SA-NONCE-05", "fail"},
                 {"SA-NONCE-06", "warn"},
                 {"SA-NONCE-07", "warn"},
                 {"SA-STALE-01", "fail"},
                 {"SA-STALE-02", "skip"},
                 {"SA-STALE-03", "info"},
                 {"SA-STALE-06", "skip"},
                 {"SA-STALE-07", "fail"},
                 {"SA-STALE-08", "skip"}},
     .options = {"--nonce-lifetime", "3"},
     .exit = 1},
};

class StaleTest : public testing::TestWithParam<Row> {};

TEST_P(StaleTest, JudgesEachCheck) {
  const auto& [variant, differs, options, exit] = GetParam();
  const Kamailio kamailio{variant};
  const auto outcome = e2e::run(arguments("stale", kamailio, variant, options), "secret\n");
  const auto document = json::parse(outcome.out, nullptr, false);
  ASSERT_TRUE(document.is_object()) << outcome.out << outcome.err << kamailio.log();

  Verdicts found;
  std::string summaries;
  for (const auto& result : document["results"]) {
    found.emplace(result["id"], result["verdict"]);
    summaries +=
        fmt::format("{} {}: {}\n", result["id"].get<std::string>(),
                    result["verdict"].get<std::string>(), result["summary"].get<std::string>());
  }
  auto expected = differs;
  expected.insert(stock.begin(), stock.end());
  EXPECT_EQ(found, expected) << summaries;

  EXPECT_EQ(outcome.exit, exit) << outcome.err;
  EXPECT_EQ(document["exit_code"], exit);
  EXPECT_TRUE(document["target"]["server"].get<std::string>().starts_with("kamailio"));
}

INSTANTIATE_TEST_SUITE_P(Kamailio, StaleTest, testing::ValuesIn(rows),
                         [](const auto& row) { return std::string{row.param.variant.name}; });

json result_of(const json& document, std::string_view id) {
  for (const auto& result : document["results"]) {
    if (result["id"] == id) return result;
  }
  return nullptr;
}

TEST(KamailioStale, LifetimeIsBoundedFromBothSides) {
  const Variant variant{.name = "short", .nonce_lifetime = 3s};
  const Kamailio kamailio{variant};
  const auto outcome =
      e2e::run(arguments("stale", kamailio, variant, {"--only", "SA-STALE-01", "--max-wait", "8"}),
               "secret\n");
  const auto document = json::parse(outcome.out, nullptr, false);
  ASSERT_TRUE(document.is_object()) << outcome.out << outcome.err;
  const auto observed = result_of(document, "SA-STALE-01")["observed"];
  // Its clock has whole seconds, so a nonce of 3 s lives for 2 to 4.
  EXPECT_LE(observed.value("lifetime_at_least_ms", 0), 4000) << observed;
  EXPECT_GE(observed.value("lifetime_at_least_ms", 0), 1000) << observed;
  EXPECT_GE(observed.value("lifetime_at_most_ms", 0), 2000) << observed;
  EXPECT_LE(observed.value("lifetime_at_most_ms", 0), 8500) << observed;
}

TEST(KamailioStale, DeadlockIsCalledByItsName) {
  const Variant variant{.name = "forbids", .forbid_refused = true};
  const Kamailio kamailio{variant};
  const auto outcome = e2e::run(
      arguments("stale", kamailio, variant, {"--only", "SA-NONCE-02", "--no-wait"}), "secret\n");
  const auto document = json::parse(outcome.out, nullptr, false);
  ASSERT_TRUE(document.is_object()) << outcome.out << outcome.err;
  const auto result = result_of(document, "SA-NONCE-02");
  EXPECT_EQ(result["verdict"], "fail");
  EXPECT_TRUE(result["summary"].get<std::string>().contains("registration deadlock")) << result;
  EXPECT_EQ(outcome.exit, 1);
}

TEST(KamailioStale, WrongPasswordIsNoVerdictOnTheRegistrar) {
  const Variant variant{.name = "stock"};
  const Kamailio kamailio{variant};
  const auto outcome =
      e2e::run(arguments("stale", kamailio, variant, {"--no-wait"}), "not the password\n");
  const auto document = json::parse(outcome.out, nullptr, false);
  ASSERT_TRUE(document.is_object()) << outcome.out << outcome.err;
  EXPECT_EQ(outcome.exit, 4) << outcome.err;
  EXPECT_EQ(result_of(document, "SA-AUTH-01")["verdict"], "inconclusive");
  EXPECT_EQ(result_of(document, "SA-NONCE-02")["verdict"], "skip");
  EXPECT_EQ(document["summary"]["fail"], 0);
}

struct ProbeRow {
  std::string_view name;
  std::vector<std::string> options = {};
  std::string_view password;
  int exit = 0;
};

std::ostream& operator<<(std::ostream& out, const ProbeRow& row) { return out << row.name; }

class ProbeTest : public testing::TestWithParam<ProbeRow> {};

TEST_P(ProbeTest, ExitsAsTheContractSays) {
  const auto& [name, options, password, exit] = GetParam();
  const Variant variant{.name = name};
  const Kamailio kamailio{variant};
  const auto outcome = e2e::run(arguments("probe", kamailio, variant, options), password);
  EXPECT_EQ(outcome.exit, exit) << outcome.out << outcome.err;
  const auto document = json::parse(outcome.out, nullptr, false);
  ASSERT_TRUE(document.is_object()) << outcome.out << outcome.err;
  EXPECT_EQ(document["exit_code"], exit);
  EXPECT_TRUE(document["target"]["server"].get<std::string>().starts_with("kamailio"));
}

const std::vector<ProbeRow> probe_rows{
    {.name = "RightPasswordOverUdp", .options = {}, .password = "secret\n"},
    {.name = "RightPasswordOverTcp", .options = {"--transport", "tcp"}, .password = "secret\n"},
    {.name = "WrongPassword", .options = {}, .password = "wrong\n", .exit = 4},
    {.name = "AnotherAccount", .options = {"--user", "bob"}, .password = "secret2\n"},
};
INSTANTIATE_TEST_SUITE_P(Kamailio, ProbeTest, testing::ValuesIn(probe_rows),
                         [](const auto& row) { return std::string{row.param.name}; });

#ifdef SIPAUTH_TEST_WEBSOCKET
TEST(KamailioWebSocket, IsRefusedWhereTheScriptHasNone) {
  const Variant websocket{.name = "none", .websocket = true};
  const Kamailio kamailio{Variant{.name = "none"}};
  const auto outcome = e2e::run(arguments("probe", kamailio, websocket), "secret\n");
  EXPECT_EQ(outcome.exit, 3) << outcome.out << outcome.err;
  const auto document = json::parse(outcome.out, nullptr, false);
  ASSERT_TRUE(document.is_object()) << outcome.out << outcome.err;
  EXPECT_TRUE(document["error"]["text"].get<std::string>().contains("WebSocket")) << outcome.out;
}
#endif

TEST(KamailioTls, CertificateIsCheckedAgainstTheName) {
  const Variant variant{.name = "tls", .tls = true};
  const Kamailio kamailio{variant};
  const auto target = target_of(kamailio, variant);
  const auto run = [&](const e2e::Arguments& more) {
    e2e::Arguments all{"probe", target, "--domain", std::string{realm}, "--no-input", "--json"};
    all.insert(all.end(), more.begin(), more.end());
    return e2e::run(all);
  };
  const std::string ca = kamailio.certificate();

  EXPECT_EQ(run({"--ca-file", ca, "--tls-name", std::string{realm}}).exit, 0);
  EXPECT_EQ(run({"--insecure"}).exit, 0);
  for (const auto& refused : {run({"--tls-name", std::string{realm}}),
                              run({"--ca-file", ca, "--tls-name", "other.example"})}) {
    EXPECT_EQ(refused.exit, 3) << refused.out;
    const auto document = json::parse(refused.out, nullptr, false);
    ASSERT_TRUE(document.is_object()) << refused.out << refused.err;
    EXPECT_EQ(document["error"]["kind"], "tls");
  }
}

TEST(KamailioTls, SecretsAreLoggedWithANotice) {
  const Variant variant{.name = "tls", .tls = true};
  const Kamailio kamailio{variant};
  const e2e::ScratchDirectory scratch;
  const std::string log = scratch.path() + "/keys";
  const auto noticed =
      e2e::run(arguments("probe", kamailio, variant, {"--tls-key-log", log}), "secret\n");
  EXPECT_EQ(noticed.exit, 0) << noticed.err;
  EXPECT_TRUE(noticed.err.contains("TLS secrets go to " + log)) << noticed.err;
  std::ifstream file{log};
  const std::string keys{std::istreambuf_iterator<char>{file}, {}};
  EXPECT_TRUE(keys.contains("CLIENT_TRAFFIC_SECRET_0 ")) << keys;

  const auto quiet =
      e2e::run(arguments("probe", kamailio, variant, {"-q", "--tls-key-log", log}), "secret\n");
  EXPECT_EQ(quiet.exit, 0);
  EXPECT_EQ(quiet.err, "");
}

}  // namespace
}  // namespace sipauth::interop
