// The same facts under another policy: which verdicts change, and that no other does.

#include "checks/policy.hpp"

#include <gtest/gtest.h>

#include "checks/worst.hpp"
#include "cli/builtin_run.hpp"

namespace sipauth {
namespace {

using checks::Finding;
using checks::Policy;
using checks::verdict_under;
using enum Verdict;

struct Judgement {
  std::string_view name;
  std::string_view check;
  std::string_view profile;
  std::string_view fault;
  Verdict field;
  Verdict rfc3261;
  Verdict rfc8760;
  net::TransportKind kind = net::TransportKind::builtin;
};

class EveryPolicy : public testing::TestWithParam<Judgement> {};

TEST_P(EveryPolicy, JudgesByItsText) {
  const auto& row = GetParam();
  const auto run =
      run_builtin(row.profile, row.fault, {.only = {std::string{row.check}}, .kind = row.kind});
  const auto& finding = run[row.check];
  EXPECT_EQ(verdict_name(verdict_under(Policy::field, finding)), verdict_name(row.field))
      << finding.observed;
  EXPECT_EQ(verdict_name(verdict_under(Policy::rfc3261, finding)), verdict_name(row.rfc3261));
  EXPECT_EQ(verdict_name(verdict_under(Policy::rfc8760, finding)), verdict_name(row.rfc8760));
}

constexpr auto tcp = net::TransportKind::tcp;

INSTANTIATE_TEST_SUITE_P(
    Checks, EveryPolicy,
    testing::Values(
        Judgement{"NoQop", "SA-CH-06", "strict", "no-qop", warn, fail, fail},
        Judgement{"BlankInQop", "SA-CH-06", "strict", "qop-space", warn, warn, warn},
        Judgement{"AuthIntFirst", "SA-CH-06", "strict", "qop-authint-first", warn, warn, warn},
        Judgement{"StaleAtFirst", "SA-CH-08", "strict", "stale-on-r0", warn, fail, fail},
        Judgement{"SixteenBits", "SA-CH-10", "strict", "weak-nonce", warn, fail, fail},
        Judgement{"ThirtyTwoBits", "SA-CH-10", "asterisk-2005-before", "", warn, warn, warn},
        Judgement{"UnquotedQop", "SA-CH-04", "strict", "unquoted-qop", warn, warn, fail},
        Judgement{"QuotedAlgorithm", "SA-CH-04", "strict", "quoted-algorithm", warn, warn, fail},
        Judgement{"BackslashInNonce", "SA-CH-04", "strict", "nonce-backslash", warn, warn, warn},
        Judgement{"UnquotedNonce", "SA-CH-04", "strict", "unquoted-nonce", fail, fail, fail},
        Judgement{"NoToTag", "SA-CH-16", "strict", "no-to-tag", warn, fail, fail},
        Judgement{"NoLengthOfADatagram", "SA-CH-16", "strict", "no-content-length", Verdict::info,
                  Verdict::info, Verdict::info},
        Judgement{"NoLengthOnAStream", "SA-CH-16", "strict", "no-content-length", warn, fail, fail,
                  tcp},
        Judgement{"RegistrarAsProxy", "SA-CH-12", "strict", "407", warn, warn, warn},
        Judgement{"OnlyMd5", "SA-CH-17", "asterisk-pjsip", "", Verdict::info, Verdict::info, warn},
        Judgement{"Md5First", "SA-CH-13", "strict", "md5-first", warn, warn, warn},
        Judgement{"StaleQuoted", "SA-STALE-09", "strict", "stale-quoted", warn, warn, fail},
        Judgement{"StaleNotTold", "SA-STALE-01", "kamailio-default", "", warn, warn, warn}),
    [](const auto& row) { return std::string{row.param.name}; });

TEST(Policies, AreKindToTheStrictRegistrar) {
  const auto run = run_builtin("strict");
  for (const auto& [check, finding] : run.report.reports) {
    EXPECT_FALSE(checks::depends_on_policy(finding)) << check->id;
  }
}

TEST(Policies, ChangeOnlyWhatTheRowOfTheCheckTells) {
  for (const auto* profile : {"asterisk-2005-before", "kamailio-default", "netsip-noverify"}) {
    const auto run = run_builtin(profile);
    for (const auto& [check, finding] : run.report.reports) {
      EXPECT_TRUE(!checks::depends_on_policy(finding) || !check->strict.empty()) << check->id;
    }
  }
}

TEST(Policies, LeaveUnjudgedWhatWasWithdrawn) {
  for (const auto verdict : {inconclusive, skip}) {
    const Finding finding{.verdict = verdict, .strict = against_rfc3261};
    for (const auto& row : checks::policies) EXPECT_EQ(verdict_under(row.policy, finding), verdict);
    EXPECT_FALSE(checks::depends_on_policy(finding));
  }
}

TEST(Policies, AreFoundByNameOnly) {
  for (const auto& row : checks::policies) {
    ASSERT_NE(checks::find_policy(row.name), nullptr);
    EXPECT_EQ(checks::find_policy(row.name)->policy, row.policy);
  }
  EXPECT_EQ(checks::find_policy("rfc2617"), nullptr);
}

TEST(WorstOfSeveral, IsTheWorstUnderEachPolicy) {
  const sip::Exchange evidence{};
  checks::Worst worst;
  worst.add(warn, "a", evidence);
  worst.add(info, "b", evidence, {.rfc8760 = fail});
  worst.add(pass, "c", evidence, {.rfc8760 = warn});
  EXPECT_EQ(verdict_under(Policy::field, worst.finding()), warn);
  EXPECT_EQ(verdict_under(Policy::rfc3261, worst.finding()), warn);
  EXPECT_EQ(verdict_under(Policy::rfc8760, worst.finding()), fail);
  EXPECT_EQ(worst.finding().observed, "a; worse under a strict policy: b");
}

TEST(WorstOfSeveral, PrefersAmongEqualsWhatAStrictPolicyCallsWorse) {
  const sip::Exchange evidence{};
  checks::Worst worst;
  worst.add(warn, "a", evidence);
  worst.add(warn, "b", evidence, against_rfc3261);
  worst.add(warn, "c", evidence);
  EXPECT_EQ(worst.finding().observed, "b");
  EXPECT_EQ(verdict_under(Policy::rfc3261, worst.finding()), fail);
}

}  // namespace
}  // namespace sipauth
