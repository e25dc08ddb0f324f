// SA-NONCE-15 to -17 and SA-INFO on the registrars that bring out each of their verdicts.

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "cli/builtin_run.hpp"

namespace sipauth {
namespace {

struct Row {
  std::string_view id;
  std::string_view profile;
  std::string_view fault;
  std::string_view verdict;
  std::string_view told;  ///< in its sentence
};

void PrintTo(const Row& row, std::ostream* out) {
  *out << row.id << " on " << row.profile << ' ' << row.fault;
}

const std::vector<Row> table{
    {"SA-NONCE-15", "strict", "", "pass", "stale=true"},
    {"SA-NONCE-15", "strict", "short-life", "pass", "lives between 3"},
    {"SA-NONCE-15", "strict", "one-time", "pass", "stale=true"},
    {"SA-NONCE-15", "asterisk-pjsip", "", "pass", "stale=true"},
    {"SA-NONCE-15", "kamailio-stale16", "", "pass", "stale=true"},
    {"SA-NONCE-15", "resip-dum", "", "pass", "stale=true"},
    {"SA-NONCE-15", "kamailio-default", "", "warn", "without stale"},
    {"SA-NONCE-15", "asterisk-chansip", "", "warn", "without stale"},
    {"SA-NONCE-15", "strict", "forbid-expired", "fail", "403"},
    {"SA-NONCE-15", "strict", "used-dies-early", "info", "used once dies between 1"},
    {"SA-NONCE-15", "netsip-noverify", "", "info", "no nonce expired within 4096"},
    {"SA-NONCE-15", "strict", "nonce-constant", "skip", "same nonce"},
    {"SA-NONCE-16", "asterisk-pjsip", "", "pass", "does not make it live on"},
    {"SA-NONCE-16", "strict", "", "pass", "does not make it live on"},
    {"SA-NONCE-16", "strict", "nonce-slides", "info", "live on"},
    {"SA-NONCE-16", "freeswitch", "", "info", "live on"},
    {"SA-NONCE-16", "strict", "one-time", "skip", "SA-NONCE-01"},
    {"SA-NONCE-16", "netsip-noverify", "", "skip", "SA-NONCE-15"},
    {"SA-NONCE-17", "strict", "", "pass", "stale=true"},
    {"SA-NONCE-17", "asterisk-pjsip", "", "pass", "stale=true"},
    {"SA-NONCE-17", "asterisk-2005-before", "", "pass", "without stale"},
    {"SA-NONCE-17", "kamailio-default", "", "pass", "without stale"},
    {"SA-NONCE-17", "resip-dum", "", "fail", "403"},
    {"SA-NONCE-17", "netsip-noverify", "", "skip", "SA-NONCE-02"},
    {"SA-INFO-01", "strict", "", "pass", ""},
    {"SA-INFO-01", "strict", "qop-authint-only", "pass", ""},
    {"SA-INFO-01", "strict", "no-qop", "pass", ""},
    {"SA-INFO-01", "kamailio-authinfo", "", "pass", ""},
    {"SA-INFO-01", "strict", "wrong-rspauth", "warn", ""},
    {"SA-INFO-01", "strict", "nextnonce-only", "skip", "no rspauth"},
    {"SA-INFO-01", "freeswitch", "", "skip", "no Authentication-Info"},
    {"SA-INFO-02", "kamailio-authinfo", "", "pass", ""},
    {"SA-INFO-02", "strict", "authinfo-quoted", "warn", "quotes"},
    {"SA-INFO-02", "strict", "authinfo-other-cnonce", "warn", "cnonce"},
    {"SA-INFO-02", "strict", "authinfo-no-nc", "warn", "no nc"},
    {"SA-INFO-02", "strict", "authinfo-no-qop", "info", "qop is not said"},
    {"SA-INFO-02", "strict", "nextnonce-only", "info", "nextnonce"},
    {"SA-INFO-02", "strict", "empty-authinfo", "info", "nothing"},
    {"SA-INFO-02", "strict", "no-qop", "skip", "no qop"},
    {"SA-INFO-02", "freeswitch", "", "skip", "no Authentication-Info"},
    {"SA-INFO-03", "strict", "", "pass", ""},
    {"SA-INFO-03", "kamailio-authinfo", "", "warn", "without qop"},
    {"SA-INFO-03", "strict", "empty-authinfo", "warn", "empty Authentication-Info"},
    {"SA-INFO-03", "freeswitch", "", "skip", "no Authentication-Info"},
    {"SA-INFO-04", "kamailio-authinfo", "", "pass", "200"},
    {"SA-INFO-04", "kamailio-authinfo", "nextnonce-dead", "warn", "401"},
    {"SA-INFO-04", "strict", "", "skip", "no nextnonce"},
    {"SA-INFO-04", "freeswitch", "", "skip", "no Authentication-Info"},
    {"SA-INFO-05", "strict", "", "pass", "2xx alone"},
    {"SA-INFO-05", "strict", "authinfo-on-401", "info", "401"},
    {"SA-INFO-05", "freeswitch", "", "skip", "no Authentication-Info"},
};

class LifetimeAndInformation : public testing::TestWithParam<Row> {};

TEST_P(LifetimeAndInformation, AreJudgedByWhatTheRegistrarDoes) {
  const auto& [id, profile, fault, verdict, told] = GetParam();
  const auto run = run_builtin(profile, fault, {.only = {std::string{id}}});
  const auto& finding = run[id];
  EXPECT_EQ(verdict_name(finding.verdict), verdict) << finding.observed;
  EXPECT_TRUE(finding.observed.contains(told)) << finding.observed;
}

INSTANTIATE_TEST_SUITE_P(Rows, LifetimeAndInformation, testing::ValuesIn(table));

TEST(Lifetime, IsBoundedToASecondOrTwo) {
  for (const auto& [profile, seconds] :
       std::map<std::string_view, std::int64_t>{{"strict", 60},
                                                {"yate", 10},
                                                {"asterisk-pjsip", 32},
                                                {"kamailio-default", 300},
                                                {"opensips-default", 30},
                                                {"resip-dum", 3000},
                                                {"sofia", 3600}}) {
    const auto run = run_builtin(profile, "", {.only = {"SA-NONCE-15"}});
    std::map<std::string, std::int64_t> facts;
    for (const auto& [name, value] : run["SA-NONCE-15"].facts) facts[name] = value;
    const auto observed = std::string{profile} + ": " + run["SA-NONCE-15"].observed;
    EXPECT_LE(facts["lifetime_at_least_ms"], seconds * 1000) << observed;
    EXPECT_GE(facts["lifetime_at_most_ms"], (seconds - 1) * 1000) << observed;
    EXPECT_LE(facts["lifetime_at_most_ms"] - facts["lifetime_at_least_ms"], 2000) << observed;
    EXPECT_GT(facts["requests"], 0) << observed;
  }
}

TEST(Lifetime, IsNotMeasuredWhereItIsGiven) {
  RunOptions options{.only = {"SA-NONCE-15", "SA-NONCE-16"}};
  options.settings.nonce_lifetime = std::chrono::seconds{60};
  const auto run = run_builtin("strict", "", options);
  EXPECT_EQ(verdict_name(run["SA-NONCE-15"].verdict), "skip");
  EXPECT_EQ(verdict_name(run["SA-NONCE-16"].verdict), "pass") << run["SA-NONCE-16"].observed;
}

TEST(Restart, AfterWhichAllIsAsBeforeIsInconclusive) {
  RunOptions options{.only = {"SA-NONCE-17"}};
  options.settings.restart = [] { return std::expected<void, std::string>{}; };
  const auto run = run_builtin("strict", "", options);
  EXPECT_EQ(verdict_name(run["SA-NONCE-17"].verdict), "inconclusive");
  EXPECT_TRUE(run["SA-NONCE-17"].observed.contains("restarted nothing"));
}

TEST(Restart, ThatFailsIsInconclusive) {
  RunOptions options{.only = {"SA-NONCE-17"}};
  options.settings.restart = [] { return std::unexpected{std::string{"the hook failed"}}; };
  const auto run = run_builtin("strict", "", options);
  EXPECT_EQ(verdict_name(run["SA-NONCE-17"].verdict), "inconclusive");
  EXPECT_TRUE(run["SA-NONCE-17"].observed.contains("the hook failed"));
}

}  // namespace
}  // namespace sipauth
