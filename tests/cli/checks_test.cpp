// Every check on the registrar that passes it and on the one that fails it, and the verdicts that
// the catalogue promises about whole registrars.

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <stdexcept>
#include <string>

#include "checks/check.hpp"
#include "cli/builtin_run.hpp"
#include "cli/peer_run.hpp"

namespace sipauth {
namespace {

using checks::Check;

std::string name_of(const testing::TestParamInfo<const Check*>& row) {
  std::string name{row.param->id};
  std::erase(name, '-');
  return name;
}

// On the built-in registrar of the row, or on the server that it names.
checks::Finding found_on(const checks::BuiltIn& row, const Check& check) {
  if (row.peer.empty()) {
    return run_builtin(row.profile, row.fault, {.only = {std::string{check.id}}})[check.id];
  }
#ifdef SIPAUTH_TEST_WEBSOCKET
  return run_peer(make_peer(row), check.id)[check.id];
#else
  throw std::logic_error{"this build has no WebSocket"};
#endif
}

bool can_be_run([[maybe_unused]] const checks::BuiltIn& row) {
#ifdef SIPAUTH_TEST_WEBSOCKET
  return true;
#else
  return row.peer.empty();
#endif
}

class EveryCheck : public testing::TestWithParam<const Check*> {};

TEST_P(EveryCheck, PassesWhereItSaysSo) {
  const auto& check = *GetParam();
  if (!can_be_run(check.passes_on)) GTEST_SKIP() << "this build has no WebSocket";
  const auto finding = found_on(check.passes_on, check);
  EXPECT_EQ(verdict_name(finding.verdict), "pass") << finding.observed;
}

TEST_P(EveryCheck, FailsWhereItSaysSo) {
  const auto& check = *GetParam();
  if (!can_be_run(check.fails_on)) GTEST_SKIP() << "this build has no WebSocket";
  const auto finding = found_on(check.fails_on, check);
  EXPECT_EQ(verdict_name(finding.verdict), verdict_name(check.worst)) << finding.observed;
  EXPECT_FALSE(finding.evidence.empty()) << "a verdict needs evidence";
}

INSTANTIATE_TEST_SUITE_P(Catalogue, EveryCheck, testing::ValuesIn(checks::catalogue()), name_of);

TEST(Catalogue, IdsAreUniqueAndRowsComplete) {
  std::set<std::string_view> ids;
  for (const auto* check : checks::catalogue()) {
    EXPECT_TRUE(ids.insert(check->id).second) << check->id;
    for (const auto text :
         {check->title, check->question, check->right, check->harm, check->references[0],
          check->passes_on.profile, check->fails_on.profile}) {
      EXPECT_FALSE(text.empty()) << check->id;
    }
    EXPECT_NE(check->run, nullptr) << check->id;
    for (const auto id : check->builds_on) {
      EXPECT_TRUE(id.empty() || checks::find(id)) << check->id << " builds on " << id;
    }
  }
  for (const auto* id : {"SA-CH-01", "SA-CH-18", "SA-AUTH-01", "SA-AUTH-03", "SA-NONCE-01",
                         "SA-NONCE-07", "SA-NONCE-13", "SA-STALE-01", "SA-STALE-13"}) {
    EXPECT_TRUE(ids.contains(id)) << id;
  }
}

TEST(Catalogue, SpendsNoMoreThanItAnnounces) {
  for (const auto* check : checks::catalogue()) {
    for (const auto& [profile, fault, peer] : {check->passes_on, check->fails_on}) {
      if (!peer.empty()) continue;
      const auto selection = checks::select(std::vector{std::string{check->id}}, {});
      ASSERT_TRUE(selection);
      const auto bound = checks::estimate(*selection, RunOptions::everything_allowed());
      const auto run = run_builtin(profile, fault, {.only = {std::string{check->id}}});
      EXPECT_LE(run.session->counters().refused, static_cast<std::uint64_t>(bound.refused))
          << check->id << " on " << profile << ' ' << fault;
    }
  }
}

struct Whole {
  std::string_view profile;
  std::string_view fails;  ///< all ids that fail, exactly
  std::string_view warns;  ///< ids that must be among the warnings
};

class WholeRegistrar : public testing::TestWithParam<Whole> {};

TEST_P(WholeRegistrar, GetsTheVerdictsItDeserves) {
  const auto& [profile, fails, warns] = GetParam();
  const auto run = run_builtin(profile);
  EXPECT_EQ(run.all(Verdict::fail), fails);
  EXPECT_EQ(run.all(Verdict::inconclusive), "");
  EXPECT_EQ(run.report.ending, checks::Ending::complete);
  const auto warnings = ' ' + run.all(Verdict::warn) + ' ';
  EXPECT_TRUE(warns.empty() || warnings.contains(' ' + std::string{warns} + ' ')) << warnings;
}

std::string profile_of(const testing::TestParamInfo<Whole>& row) {
  std::string name{row.param.profile};
  std::ranges::replace_if(name, [](char c) { return c == '-' || c == '.'; }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(
    Profiles, WholeRegistrar,
    testing::Values(Whole{"strict", "", ""}, Whole{"asterisk-2005-r5834", "SA-NONCE-18", ""},
                    Whole{"asterisk-2005-1.0.8", "SA-NONCE-18", ""},
                    Whole{"asterisk-pjsip", "", ""}, Whole{"asterisk-chansip", "", ""},
                    Whole{"kamailio-default", "", "SA-STALE-01"}, Whole{"kamailio-stale16", "", ""},
                    Whole{"kamailio-nc", "", "SA-STALE-01"},
                    Whole{"kamailio-otn", "", "SA-STALE-10"}),
    profile_of);

TEST(WholeAsterisk2005, DeadlocksPhonesInThreeChecks) {
  const auto run = run_builtin("asterisk-2005-before");
  for (const auto* id : {"SA-NONCE-02", "SA-STALE-07", "SA-STALE-13"}) {
    EXPECT_EQ(verdict_name(run[id].verdict), "fail") << run[id].observed;
    EXPECT_TRUE(run[id].observed.contains("registration deadlock")) << run[id].observed;
  }
}

TEST(WholeAsterisk2005, FirstPatchLosesACommaAndLetsNobodyIn) {
  const auto run = run_builtin("asterisk-2005-first-patch");
  EXPECT_EQ(verdict_name(run["SA-CH-03"].verdict), "fail") << run["SA-CH-03"].observed;
  EXPECT_TRUE(run["SA-CH-03"].observed.contains("\" stale=true")) << run["SA-CH-03"].observed;
  EXPECT_EQ(verdict_name(run["SA-AUTH-01"].verdict), "fail") << run["SA-AUTH-01"].observed;
  EXPECT_EQ(verdict_name(run["SA-NONCE-02"].verdict), "skip");
  EXPECT_TRUE(run["SA-NONCE-02"].observed.contains("no registration ever succeeded"));
}

TEST(NetSip, AcceptsANonceThatWasNeverIssued) {
  const auto run = run_builtin("netsip-noverify");
  EXPECT_EQ(verdict_name(run["SA-NONCE-02"].verdict), "fail");
  EXPECT_TRUE(run["SA-NONCE-02"].observed.contains("200")) << run["SA-NONCE-02"].observed;
}

TEST(ResipDum, ForbidsANonceThatWasNeverIssued) {
  const auto run = run_builtin("resip-dum");
  EXPECT_EQ(verdict_name(run["SA-NONCE-02"].verdict), "fail");
  EXPECT_TRUE(run["SA-NONCE-02"].observed.contains("403")) << run["SA-NONCE-02"].observed;
}

TEST(StrictRegistrar, PassesExpiryAndRetry) {
  const auto run = run_builtin("strict");
  EXPECT_EQ(verdict_name(run["SA-STALE-01"].verdict), "pass") << run["SA-STALE-01"].observed;
  EXPECT_EQ(verdict_name(run["SA-STALE-02"].verdict), "pass") << run["SA-STALE-02"].observed;
}

TEST(Verdicts, DoNotDependOnTheSeed) {
  for (const auto* profile : {"strict", "asterisk-2005-before", "resip-dum", "kamailio-default"}) {
    const auto first = run_builtin(profile);
    for (std::uint64_t seed = 2; seed <= 4; ++seed) {
      const auto other = run_builtin(profile, "", {.seed = seed});
      EXPECT_EQ(other.all(Verdict::fail), first.all(Verdict::fail)) << profile << ' ' << seed;
    }
  }
}

TEST(Verdicts, AreTheSameOverAStream) {
  for (const auto* profile : {"strict", "asterisk-2005-before", "kamailio-nc"}) {
    const auto datagrams = run_builtin(profile);
    const auto stream = run_builtin(profile, "", {.kind = net::TransportKind::tcp});
    EXPECT_EQ(stream.all(Verdict::fail), datagrams.all(Verdict::fail)) << profile;
    EXPECT_EQ(stream.all(Verdict::warn), datagrams.all(Verdict::warn)) << profile;
    EXPECT_TRUE(stream.session->recorder().at(0).bytes.contains("Via: SIP/2.0/TCP "));
  }
}

TEST(Budget, OfADistantRegistrarStillJudgesTheTellingChecks) {
  RunOptions options;
  options.settings.loopback = false;
  options.settings.max_refused = 16;
  const auto run = run_builtin("asterisk-2005-r5834", "", options);
  for (const auto* id : {"SA-NONCE-01", "SA-NONCE-02", "SA-STALE-13", "SA-STALE-01", "SA-STALE-07",
                         "SA-AUTH-03", "SA-NONCE-04", "SA-STALE-03", "SA-STALE-04"}) {
    EXPECT_NE(verdict_name(run[id].verdict), "skip") << id << ": " << run[id].observed;
  }
  EXPECT_LE(run.session->counters().refused, 16U);
}

TEST(WrongPassword, IsInconclusiveAndSkipsTheRest) {
  const auto run = run_builtin("strict", "", {.password = "wrong"});
  EXPECT_EQ(verdict_name(run["SA-AUTH-01"].verdict), "inconclusive");
  EXPECT_TRUE(run.report.credentials_refused);
  EXPECT_EQ(verdict_name(run["SA-NONCE-02"].verdict), "skip");
  EXPECT_TRUE(run["SA-NONCE-02"].observed.contains("credentials refused"));
  EXPECT_EQ(run.all(Verdict::fail), "");
}

TEST(NoPassword, JudgesTheChallengesOnly) {
  RunOptions options;
  options.settings.has_password = false;
  const auto run = run_builtin("strict", "", options);
  EXPECT_EQ(verdict_name(run["SA-CH-01"].verdict), "pass");
  EXPECT_EQ(verdict_name(run["SA-NONCE-02"].verdict), "skip");
  EXPECT_EQ(run["SA-NONCE-02"].observed, "no password");
  EXPECT_EQ(run.session->counters().refused, 0U);
}

TEST(Budget, OfNothingLeavesTheChallengeToBeLookedAt) {
  for (const auto* fault : {"", "407"}) {
    RunOptions options;
    options.settings.max_refused = 0;
    const auto run = run_builtin("strict", fault, options);
    EXPECT_EQ(verdict_name(run["SA-CH-01"].verdict), "pass") << fault;
    EXPECT_EQ(run.session->counters().refused, 0U) << fault;
  }
}

TEST(Budget, LetsTheMostTellingChecksGoFirst) {
  RunOptions options;
  options.settings.max_refused = 9;
  const auto run = run_builtin("strict", "", options);
  EXPECT_EQ(verdict_name(run["SA-NONCE-02"].verdict), "pass");
  EXPECT_EQ(verdict_name(run["SA-STALE-13"].verdict), "pass");
  EXPECT_EQ(verdict_name(run["SA-NONCE-06"].verdict), "skip");
  EXPECT_TRUE(run["SA-NONCE-06"].observed.contains("--max-refused")) << run["SA-NONCE-06"].observed;
  EXPECT_LE(run.session->counters().refused, 9U);
}

TEST(NoWait, LeavesOutOnlyWhatWaits) {
  RunOptions options;
  options.settings.no_wait = true;
  const auto run = run_builtin("strict", "", options);
  EXPECT_TRUE(run.all(Verdict::skip).contains("SA-NONCE-15 SA-NONCE-16 SA-STALE-01 SA-STALE-03"))
      << run.all(Verdict::skip);
  EXPECT_EQ(verdict_name(run["SA-STALE-03"].verdict), "skip");
  EXPECT_EQ(verdict_name(run["SA-STALE-07"].verdict), "pass");
  EXPECT_EQ(verdict_name(run["SA-STALE-06"].verdict), "pass");
}

TEST(LockOut, WithdrawsWhatStoodOnTheRightPassword) {
  const auto run = run_builtin("strict", "lockout-3");
  EXPECT_EQ(run.all(Verdict::fail), "");
  EXPECT_NE(run.all(Verdict::inconclusive), "");
}

}  // namespace
}  // namespace sipauth
