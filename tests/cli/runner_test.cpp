// How a run ends, and what losses and silence prove.

#include "checks/runner.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "cli/builtin_run.hpp"
#include "cli/lossy_transport.hpp"

namespace sipauth {
namespace {

using namespace std::chrono_literals;
using checks::Ending;

class RunnerTest : public testing::Test {
 protected:
  explicit RunnerTest(std::string_view profile = "strict")
      : transport{registrar::Registrar{*registrar::find_profile(profile),
                                       registrar::built_in_accounts(), 1}} {}

  checks::RunReport run(std::vector<std::string> only = {}, sip::Limits limits = {}) {
    session = std::make_unique<sip::Session>(transport, alice("secret"), sip::Timers{}, limits, 1);
    checks::Runner runner{*session,
                          {.max_wait = 128s, .has_password = true, .max_refused = 1000},
                          *checks::select(only, {})};
    return runner.run();
  }

  static const checks::Finding& finding(const checks::RunReport& report, std::string_view id) {
    for (const auto& row : report.reports) {
      if (row.check->id == id) return row.finding;
    }
    throw std::invalid_argument{std::string{id}};
  }

  static bool has_credentials(std::string_view request) {
    return request.contains("\r\nAuthorization: ");
  }

  LossyTransport transport;
  std::unique_ptr<sip::Session> session;
};

TEST_F(RunnerTest, SilenceFromTheStartIsNoAnswerAndNoVerdict) {
  transport.loses_request = [](std::string_view) { return true; };
  const auto report = run();
  EXPECT_EQ(report.ending, Ending::no_answer);
  EXPECT_FALSE(report.error);
  for (const auto& [check, finding] : report.reports) {
    EXPECT_EQ(verdict_name(finding.verdict), "inconclusive") << check->id;
  }
}

TEST_F(RunnerTest, SilenceAfterAnswersIsABanAndWhatWasSeenIsStillJudged) {
  int requests = 0;
  transport.loses_request = [&](std::string_view) { return ++requests > 12; };
  const auto report = run();
  EXPECT_EQ(report.ending, Ending::banned);
  EXPECT_TRUE(report.silent_after.contains("request ")) << report.silent_after;
  EXPECT_EQ(verdict_name(finding(report, "SA-CH-03").verdict), "pass");
  EXPECT_EQ(verdict_name(finding(report, "SA-NONCE-13").verdict), "inconclusive");
  EXPECT_FALSE(finding(report, "SA-NONCE-13").observed.empty());
}

TEST_F(RunnerTest, SilenceTwiceOnOneStepIsAVerdictWhenTheRegistrarLivesOn) {
  // Nothing that carries a nonce of ours is answered, all else is.
  std::vector<std::string> offered;
  transport.loses_answer = [&](std::string_view answer) {
    const auto at = answer.find("nonce=\"");
    if (at != std::string_view::npos) {
      offered.emplace_back(answer.substr(at + 7, answer.find('"', at + 7) - at - 7));
    }
    return false;
  };
  transport.loses_request = [&](std::string_view request) {
    if (!has_credentials(request)) return false;
    return std::ranges::none_of(
        offered, [&](const auto& nonce) { return request.contains("nonce=\"" + nonce + '"'); });
  };
  const auto report = run({"SA-NONCE-02"});
  EXPECT_EQ(report.ending, Ending::complete);
  EXPECT_EQ(verdict_name(finding(report, "SA-NONCE-02").verdict), "fail");
  EXPECT_TRUE(finding(report, "SA-NONCE-02").observed.contains("twice"));
}

TEST_F(RunnerTest, OneLostPacketChangesNoVerdict) {
  const auto undisturbed = run();
  std::vector<std::string> expected;
  for (const auto& row : undisturbed.reports) {
    expected.emplace_back(verdict_name(row.finding.verdict));
  }
  const auto total = session->counters().requests;
  for (std::uint64_t lost = 1; lost <= total; lost += 47) {
    LossyTransport lossy{registrar::Registrar{*registrar::find_profile("strict"),
                                              registrar::built_in_accounts(), 1}};
    std::uint64_t answers = 0;
    lossy.loses_answer = [&](std::string_view) { return ++answers == lost; };
    sip::Session other{lossy, alice("secret"), sip::Timers{}, sip::Limits{}, 1};
    checks::Runner runner{other,
                          {.max_wait = 128s, .has_password = true, .max_refused = 1000},
                          *checks::select({}, {})};
    const auto report = runner.run();
    for (std::size_t i = 0; i < report.reports.size(); ++i) {
      const auto verdict = report.reports[i].finding.verdict;
      // What needs a nonce of some age has that one only, and cannot begin again.
      if (!report.reports[i].check->repeatable && verdict == Verdict::inconclusive) continue;
      EXPECT_EQ(verdict_name(verdict), expected[i])
          << report.reports[i].check->id << " with answer " << lost
          << " lost: " << report.reports[i].finding.observed;
    }
  }
}

TEST_F(RunnerTest, RefusalsThatAlwaysNeedTwoSendingsProveNothing) {
  std::vector<std::string> seen;
  transport.loses_request = [&](std::string_view request) {
    if (!has_credentials(request)) return false;
    const std::string copy{request};
    if (std::ranges::find(seen, copy) != seen.end()) return false;
    seen.push_back(copy);
    return true;
  };
  const auto report = run({"SA-NONCE-03"});
  EXPECT_EQ(verdict_name(finding(report, "SA-NONCE-03").verdict), "inconclusive");
}

TEST_F(RunnerTest, RequestsAreLimited) {
  const auto report = run({}, {.max_requests = 7});
  EXPECT_EQ(report.ending, Ending::over_limit);
  EXPECT_EQ(session->counters().requests, 7U);
  EXPECT_EQ(verdict_name(finding(report, "SA-CH-01").verdict), "pass");
}

TEST_F(RunnerTest, AnInterruptEndsTheRunWithWhatIsKnown) {
  int requests = 0;
  transport.loses_request = [&](std::string_view) {
    if (++requests == 5) net::stop_requested = true;
    return false;
  };
  const auto report = run();
  net::stop_requested = false;
  EXPECT_EQ(report.ending, Ending::interrupted);
  EXPECT_EQ(verdict_name(finding(report, "SA-CH-01").verdict), "pass");
  EXPECT_TRUE(finding(report, "SA-NONCE-13").observed.contains("interrupted"));
}

struct SelectionCase {
  std::string_view proves;
  std::vector<std::string> only;
  std::vector<std::string> skip;
  std::string_view reported;
};

class SelectionTest : public testing::TestWithParam<SelectionCase> {};

TEST_P(SelectionTest, NamesChecksAndSuites) {
  const auto selection = checks::select(GetParam().only, GetParam().skip);
  ASSERT_TRUE(selection) << selection.error();
  std::string ids;
  for (const auto* check : selection->reported) {
    if (!ids.empty()) ids += ' ';
    ids += check->id;
  }
  EXPECT_EQ(ids, GetParam().reported);
}

INSTANTIATE_TEST_SUITE_P(
    Words, SelectionTest,
    testing::Values(
        SelectionCase{"OneId", {"SA-STALE-05"}, {}, "SA-STALE-05"},
        SelectionCase{"AnyCaseAndNoPrefix", {"stale-05"}, {}, "SA-STALE-05"},
        SelectionCase{
            "CommasAndOrderOfTheCatalogue", {"SA-STALE-05, SA-CH-03"}, {}, "SA-CH-03 SA-STALE-05"},
        SelectionCase{"ASuite", {"enum"}, {}, "SA-ENUM-01 SA-ENUM-02 SA-ENUM-03"},
        SelectionCase{"SkipWins", {"SA-ENUM"}, {"SA-ENUM-02"}, "SA-ENUM-01 SA-ENUM-03"}),
    [](const auto& row) { return std::string{row.param.proves}; });

TEST(Selection, UnknownWordsAreNamed) {
  const auto selection = checks::select(std::vector<std::string>{"SA-CH-01", "SA-NOPE"}, {});
  ASSERT_FALSE(selection);
  EXPECT_EQ(selection.error(), "SA-NOPE");
}

TEST(Selection, RunsWhatACheckBuildsOn) {
  const auto selection = checks::select(std::vector<std::string>{"SA-STALE-04"}, {});
  ASSERT_TRUE(selection);
  std::string running;
  for (const auto* check : selection->running) running += std::string{check->id} + ' ';
  EXPECT_EQ(running,
            "SA-CH-01 SA-AUTH-01 SA-AUTH-03 SA-NONCE-01 SA-STALE-01 SA-STALE-03 "
            "SA-STALE-04 ");
}

}  // namespace
}  // namespace sipauth
