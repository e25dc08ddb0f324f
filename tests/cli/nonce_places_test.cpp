// SA-NONCE-08 to -12, -14 and -18 on the registrars that bring out each of their verdicts.

#include <gtest/gtest.h>

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
    {"SA-NONCE-08", "kamailio-default", "", "pass", "200"},
    {"SA-NONCE-08", "strict", "one-time", "pass", "200"},
    {"SA-NONCE-08", "kamailio-checks11", "", "warn", "401 without stale"},
    {"SA-NONCE-08", "asterisk-chansip", "", "warn", "401 without stale"},
    {"SA-NONCE-08", "asterisk-2005-before", "", "warn", "401 without stale"},
    {"SA-NONCE-08", "strict", "forbid-other-call", "fail", "403"},
    {"SA-NONCE-09", "kamailio-default", "", "pass", "200"},
    {"SA-NONCE-09", "kamailio-checks11", "", "pass", "200"},
    {"SA-NONCE-09", "repro", "", "pass", "stale=true"},
    {"SA-NONCE-09", "resip-dum", "", "fail", "403"},
    {"SA-NONCE-09", "strict", "forbid-other-user", "fail", "403"},
    {"SA-NONCE-09", "strict", "forbid-other-call", "pass", "200"},
    {"SA-NONCE-10", "strict", "", "pass", "another address was given was answered with 200"},
    {"SA-NONCE-10", "asterisk-pjsip", "", "pass", "stale=true"},
    {"SA-NONCE-10", "kamailio-checks11", "", "pass", "401 without stale"},
    {"SA-NONCE-10", "strict", "forbid-other-port", "fail", "another port"},
    {"SA-NONCE-10", "strict", "forbid-other-address", "fail", "another address"},
    {"SA-NONCE-10", "strict", "silent-other-address", "fail", "no answer, twice"},
    {"SA-NONCE-11", "strict", "", "pass", "a nonce of tcp, used over udp, was answered with 200"},
    {"SA-NONCE-11", "strict", "forbid-other-transport", "fail", "used over tcp"},
    {"SA-NONCE-12", "strict", "", "pass", "stale=true"},
    {"SA-NONCE-12", "kamailio-default", "", "pass", "without stale"},
    {"SA-NONCE-12", "netsip-noverify", "", "info", "200"},
    {"SA-NONCE-12", "resip-dum", "", "fail", "403"},
    {"SA-NONCE-14", "strict", "", "pass", "nothing in them counts"},
    {"SA-NONCE-14", "freeswitch", "", "pass", "hexadecimal"},
    {"SA-NONCE-14", "opensips-default", "", "pass", "base64"},
    {"SA-NONCE-14", "asterisk-pjsip", "", "info", "decimal digits at offset 0"},
    {"SA-NONCE-14", "yate", "", "info", "decimal digits at offset 33"},
    {"SA-NONCE-14", "kamailio-default", "", "info", "32-bit number at offset 0"},
    {"SA-NONCE-14", "kamailio-nc", "", "info", "32-bit number"},
    {"SA-NONCE-14", "sofia", "", "info", "32-bit number at offset 4"},
    {"SA-NONCE-14", "asterisk-2005-before", "", "warn", "32 bits vary, fewer than 48"},
    {"SA-NONCE-14", "strict", "weak-nonce", "warn", "16 bits vary"},
    {"SA-NONCE-14", "strict", "nonce-counter", "fail", "the next one is known"},
    {"SA-NONCE-14", "strict", "nonce-no-secret", "fail", "MD5 of time, without a secret"},
    {"SA-NONCE-14", "strict", "nonce-constant", "skip", "SA-NONCE-13"},
    {"SA-NONCE-18", "strict", "", "pass", "200"},
    {"SA-NONCE-18", "kamailio-default", "", "pass", "200"},
    {"SA-NONCE-18", "kamailio-otn", "", "pass", "200"},
    {"SA-NONCE-18", "asterisk-chansip", "", "pass", "after 3 requests"},
    {"SA-NONCE-18", "asterisk-2009-loop", "", "fail", "for ever"},
    {"SA-NONCE-18", "asterisk-2005-r5834", "", "fail", "for ever"},
    {"SA-NONCE-18", "asterisk-2005-before", "", "warn", "403"},
};

class NoncePlaces : public testing::TestWithParam<Row> {};

TEST_P(NoncePlaces, AreJudgedByWhatTheRegistrarDoes) {
  const auto& [id, profile, fault, verdict, told] = GetParam();
  const auto run = run_builtin(profile, fault, {.only = {std::string{id}}});
  const auto& finding = run[id];
  EXPECT_EQ(verdict_name(finding.verdict), verdict) << finding.observed;
  EXPECT_TRUE(finding.observed.contains(told)) << finding.observed;
}

INSTANTIATE_TEST_SUITE_P(Rows, NoncePlaces, testing::ValuesIn(table));

TEST(NoncePlaces, NeedASecondAccountOrRegistrar) {
  RunOptions options{.only = {"SA-NONCE-09"}};
  options.settings.has_second_account = false;
  const auto run = run_builtin("strict", "", options);
  EXPECT_EQ(verdict_name(run["SA-NONCE-09"].verdict), "skip");
}

TEST(NoncePlaces, AreTriedFromStreamsToo) {
  for (const auto* id : {"SA-NONCE-10", "SA-NONCE-11"}) {
    const RunOptions options{.only = {id}, .kind = net::TransportKind::tcp};
    EXPECT_EQ(verdict_name(run_builtin("strict", "", options)[id].verdict), "pass") << id;
    const auto* fault =
        std::string_view{id} == "SA-NONCE-11" ? "forbid-other-transport" : "forbid-other-port";
    EXPECT_EQ(verdict_name(run_builtin("strict", fault, options)[id].verdict), "fail") << id;
  }
}

TEST(NonceUniqueness, IsJudgedOnAHundredNoncesOfTwoUsersInCheck) {
  RunOptions options{.only = {"SA-NONCE-13", "SA-NONCE-14"}};
  options.settings.nonce_sample = 100;
  const auto run = run_builtin("strict", "", options);
  EXPECT_EQ(run["SA-NONCE-13"].observed, "100 different nonces in 100 challenges");
  EXPECT_TRUE(run["SA-NONCE-14"].observed.starts_with("100 different nonces of 100"))
      << run["SA-NONCE-14"].observed;
  int of_bob = 0;
  for (const auto& message : run.session->recorder().all()) {
    of_bob += message.direction == sip::Direction::out && message.bytes.contains("From: <sip:bob@");
  }
  EXPECT_EQ(of_bob, 50);
}

TEST(NonceUniqueness, OfAHundredStillFindsRepeats) {
  RunOptions options{.only = {"SA-NONCE-13"}};
  options.settings.nonce_sample = 100;
  for (const auto& [profile, fault, verdict] : {std::tuple{"strict", "nonce-constant", "fail"},
                                                std::tuple{"strict", "nonce-repeats", "warn"},
                                                std::tuple{"kamailio-default", "", "info"}}) {
    const auto run = run_builtin(profile, fault, options);
    EXPECT_EQ(verdict_name(run["SA-NONCE-13"].verdict), verdict) << run["SA-NONCE-13"].observed;
  }
}

}  // namespace
}  // namespace sipauth
