// SA-TX and SA-NC-02: each verdict of their rows, on a registrar that brings it out.

#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "cli/builtin_run.hpp"
#include "cli/lossy_transport.hpp"
#include "registrar/profile.hpp"

namespace sipauth {
namespace {

struct Row {
  std::string_view id;
  std::string_view profile;
  std::string_view fault;
  std::string_view verdict;
  std::string_view says;
};

void PrintTo(const Row& row, std::ostream* out) {
  *out << row.id << " on " << row.profile << ' ' << row.fault;
}

std::string in_letters(std::string name) {
  std::ranges::replace_if(name, [](char c) { return c == '-' || c == '.'; }, '_');
  return name;
}

std::string name_of(const testing::TestParamInfo<Row>& row) {
  return in_letters(std::string{row.param.id} + '_' + std::string{row.param.profile} + '_' +
                    std::string{row.param.fault});
}

class TransactionCheck : public testing::TestWithParam<Row> {};

TEST_P(TransactionCheck, JudgesAsItsRowSays) {
  const auto& [id, profile, fault, verdict, says] = GetParam();
  const auto run = run_builtin(profile, fault, {.only = {std::string{id}}});
  EXPECT_EQ(verdict_name(run[id].verdict), verdict) << run[id].observed;
  EXPECT_TRUE(run[id].observed.contains(says)) << run[id].observed;
  EXPECT_EQ(run.session->noise().strays, 0U);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, TransactionCheck,
    testing::Values(
        Row{"SA-TX-01", "strict", "", "pass", "after 1 s"},
        Row{"SA-TX-01", "asterisk-chansip", "", "warn", "stale=true"},
        Row{"SA-TX-01", "strict", "retransmission-401", "warn", "challenged again"},
        Row{"SA-TX-01", "kamailio-default", "", "pass", "200"},
        Row{"SA-TX-01", "opensips-default", "", "pass", "200"},
        Row{"SA-TX-01", "strict", "one-time", "pass", "200"},
        Row{"SA-TX-02", "strict", "", "pass", "the same nonce and the same To-tag"},
        Row{"SA-TX-02", "strict", "reprocess", "info", "stateless"},
        Row{"SA-TX-02", "strict", "retransmission-to-tag", "warn", "To-tag"},
        Row{"SA-TX-02", "strict", "retransmission-rekeys", "warn", "called stale"},
        Row{"SA-TX-02", "strict", "retransmission-rekeys-plain", "fail", "is dead"},
        Row{"SA-TX-02", "asterisk-2005-before", "", "pass", "same nonce"},
        Row{"SA-TX-03", "strict", "", "pass", "200"}, Row{"SA-TX-03", "repro", "", "pass", "482"},
        Row{"SA-TX-03", "strict", "same-cseq-silent", "warn", "twice"},
        Row{"SA-TX-04", "strict", "", "pass", "400"},
        Row{"SA-TX-04", "strict", "old-cseq-200", "info", "stayed as it was"},
        Row{"SA-TX-04", "strict", "old-cseq-applied", "warn", "the binding is gone"},
        Row{"SA-TX-04", "kamailio-otn", "old-cseq-applied", "warn", "the binding is gone"},
        Row{"SA-TX-04", "opensips-default", "old-cseq-200", "info", "stayed as it was"},
        Row{"SA-TX-05", "strict", "", "pass", "(SA-NONCE-08)"},
        Row{"SA-TX-05", "kamailio-checks11", "", "warn", "401"},
        Row{"SA-TX-06", "strict", "", "pass", "200"},
        Row{"SA-TX-06", "strict", "from-tag-403", "fail", "403"},
        Row{"SA-TX-08", "strict", "", "pass", "200"},
        Row{"SA-TX-08", "strict", "forbid-other-port", "fail", "403"},
        Row{"SA-TX-09", "strict", "", "pass", "bytes"},
        Row{"SA-TX-09", "strict", "nonce-8k", "info", "fragments"},
        Row{"SA-TX-10", "strict", "", "skip", "not over TLS"},
        Row{"SA-TX-11", "strict", "", "pass", "200"},
        Row{"SA-TX-11", "strict", "to-tag-481", "pass", "481"},
        Row{"SA-TX-11", "strict", "to-tag-403", "fail", "403"},
        Row{"SA-TX-11", "strict", "to-tag-silent", "warn", "twice"},
        Row{"SA-TX-11", "strict", "no-to-tag", "pass", "that of the 200"},
        Row{"SA-TX-12", "strict", "", "skip", "WebSocket"},
        Row{"SA-TX-13", "strict", "", "pass", "came to the source port as well"},
        Row{"SA-TX-13", "strict", "no-rport-via-port", "pass", "went to the port in Via"},
        Row{"SA-TX-13", "strict", "rport-ignored", "fail", "went to the port in Via"},
        Row{"SA-TX-13", "strict", "rport-not-filled", "warn", "rport and received"},
        Row{"SA-NC-02", "strict", "", "pass", "stale=true"},
        Row{"SA-NC-02", "strict", "same-cseq-482", "pass", "482"},
        Row{"SA-NC-02", "asterisk-pjsip", "", "pass", "400"},
        Row{"SA-NC-02", "asterisk-pjsip", "old-cseq-applied", "warn", "old Contact"},
        Row{"SA-NC-02", "kamailio-nc", "", "warn", "without stale"},
        Row{"SA-NC-02", "kamailio-default", "", "skip", "qop"},
        Row{"SA-NC-02", "strict", "nc-restart-403", "fail", "403"}),
    name_of);

struct OverTcp {
  std::string_view id;
  std::string_view verdict;
};

std::string name_of_stream(const testing::TestParamInfo<OverTcp>& row) {
  return in_letters(std::string{row.param.id});
}

class OverAStream : public testing::TestWithParam<OverTcp> {};

TEST_P(OverAStream, WhatIsOfDatagramsIsLeftOut) {
  const auto& [id, verdict] = GetParam();
  const auto run =
      run_builtin("strict", "", {.only = {std::string{id}}, .kind = net::TransportKind::tcp});
  EXPECT_EQ(verdict_name(run[id].verdict), verdict) << run[id].observed;
}

INSTANTIATE_TEST_SUITE_P(Rows, OverAStream,
                         testing::Values(OverTcp{"SA-TX-01", "skip"}, OverTcp{"SA-TX-02", "skip"},
                                         OverTcp{"SA-TX-03", "pass"}, OverTcp{"SA-TX-08", "pass"},
                                         OverTcp{"SA-TX-09", "skip"}, OverTcp{"SA-TX-13", "skip"}),
                         name_of_stream);

TEST(Rebinding, NeedsLeaveToBind) {
  for (const auto* id : {"SA-TX-04", "SA-NC-02"}) {
    RunOptions options{.only = {id}};
    options.settings.may_bind = false;
    const auto run = run_builtin("strict", "", options);
    EXPECT_EQ(verdict_name(run[id].verdict), "skip");
    EXPECT_TRUE(run[id].observed.contains("--bind")) << run[id].observed;
  }
}

std::string without_branch(std::string bytes) {
  const auto begin = bytes.find("z9hG4bK");
  return bytes.erase(begin, bytes.find_first_of(";\r", begin) - begin);
}

TEST(Rebinding, ReplaysEveryByteButTheBranch) {
  const auto run = run_builtin("asterisk-pjsip", "old-cseq-applied", {.only = {"SA-NC-02"}});
  const auto& evidence = run["SA-NC-02"].evidence;
  ASSERT_EQ(evidence.size(), 2U);
  const auto& recorder = run.session->recorder();
  const auto& first = recorder.at(evidence[0].request).bytes;
  const auto& replayed = recorder.at(evidence[1].request).bytes;
  EXPECT_NE(first, replayed);
  EXPECT_EQ(without_branch(first), without_branch(replayed));
}

// What the registrar holds of alice at the end, by the last answer of the run.
TEST(Rebinding, LeavesNothingBound) {
  for (const std::string_view fault : {"", "old-cseq-applied", "old-cseq-200"}) {
    const auto run = run_builtin("asterisk-pjsip", fault, {.only = {"SA-TX-04", "SA-NC-02"}});
    EXPECT_TRUE(run.report.left_bound.empty()) << fault;
    const auto& all = run.session->recorder().all();
    const auto last = std::ranges::find_if(all.rbegin(), all.rend(), [](const auto& message) {
      return message.direction == sip::Direction::in && message.bytes.starts_with("SIP/2.0 200 ");
    });
    ASSERT_NE(last, all.rend());
    EXPECT_FALSE(last->bytes.contains("\r\nContact:")) << last->bytes;
  }
}

struct Lossy {
  std::string_view proves;
  int lost;  ///< so many answers with 200 to the first credentials
  std::string_view verdict;
};

// A retransmission of our own timers makes two answers, of which nobody knows which is which.
TEST(RetransmittedCredentials, AreJudgedOnlyWhereNothingWasLost) {
  for (const auto& row :
       {Lossy{"begins again", 1, "pass"}, Lossy{"gives up", 100, "inconclusive"}}) {
    LossyTransport transport{registrar::Registrar{*registrar::find_profile("strict"),
                                                  registrar::built_in_accounts(), 1}};
    int lost = 0;
    std::string last;
    bool judged = false;
    transport.loses_answer = [&](std::string_view answer) {
      if (!judged || !answer.starts_with("SIP/2.0 200 ") || lost >= row.lost) return false;
      const auto branch = std::string{answer.substr(answer.find("z9hG4bK"), 31)};
      if (branch == last) return false;  // its retransmission comes through
      last = branch;
      ++lost;
      return true;
    };
    sip::Session session{transport, alice("secret"), sip::Timers{}, sip::Limits{}, 1};
    auto selection = checks::select(std::vector<std::string>{"SA-TX-01"}, {});
    ASSERT_TRUE(selection);
    checks::Runner runner{session, RunOptions::everything_allowed(), *selection};
    runner.on_progress = [&](const std::string& text) { judged = text.starts_with("SA-TX-01"); };
    const auto report = runner.run();
    const auto& finding = report.reports.front().finding;
    EXPECT_EQ(verdict_name(finding.verdict), row.verdict) << row.proves << ": " << finding.observed;
  }
}

// What removing a Contact takes at most, and what the runner spends to see that the password lives.
constexpr std::uint64_t around_a_check = 16;

TEST(TransactionChecks, CostNoMoreThanTheyAnnounceOnAnyProfile) {
  for (const auto* check : checks::catalogue()) {
    if (check->suite() != "SA-TX" && check->id != "SA-NC-02") continue;
    const auto selection = checks::select(std::vector{std::string{check->id}}, {});
    ASSERT_TRUE(selection);
    const auto bound = checks::estimate(*selection, RunOptions::everything_allowed());
    for (const auto& profile : registrar::profiles()) {
      const auto run = run_builtin(profile.name, "", {.only = {std::string{check->id}}});
      const auto& spent = run.session->counters();
      EXPECT_LE(spent.refused, static_cast<std::uint64_t>(bound.refused))
          << check->id << ' ' << profile.name;
      EXPECT_LE(spent.requests, static_cast<std::uint64_t>(bound.requests) + around_a_check)
          << check->id << ' ' << profile.name;
    }
  }
}

// All challenges of a second share a nonce that is good once.
TEST(TransactionChecks, AreNotMisledByNoncesThatOtherChecksUsedUp) {
  const auto run = run_builtin("kamailio-default", "one-time", {.only = {"SA-TX"}});
  EXPECT_EQ(run.all(Verdict::warn), "SA-TX-01");  // rightly: a retransmission is refused
  EXPECT_EQ(run.all(Verdict::fail), "");
  EXPECT_EQ(run.all(Verdict::inconclusive), "");
}

TEST(Parity, ComparesTransportsAndNamesTheFirstDifference) {
  const auto same = run_builtin("strict", "", {.only = {"SA-TX-07"}});
  EXPECT_EQ(verdict_name(same["SA-TX-07"].verdict), "pass") << same["SA-TX-07"].observed;
  EXPECT_TRUE(same["SA-TX-07"].observed.contains("tcp and udp")) << same["SA-TX-07"].observed;
  const auto other = run_builtin("strict", "stream-forbid-foreign", {.only = {"SA-TX-07"}});
  EXPECT_TRUE(other["SA-TX-07"].observed.contains("SA-NONCE-02 is fail"))
      << other["SA-TX-07"].observed;
  EXPECT_TRUE(other["SA-TX-07"].observed.contains("over tcp, and pass"))
      << other["SA-TX-07"].observed;
}

TEST(Parity, AgesANonceOverTheOtherTransportAsWell) {
  const auto run = run_builtin("strict", "short-life", {.only = {"SA-TX-07", "SA-STALE-01"}});
  EXPECT_EQ(verdict_name(run["SA-TX-07"].verdict), "pass") << run["SA-TX-07"].observed;
  const auto without = run_builtin("strict", "", {.only = {"SA-TX-07"}});
  const auto checks_in = [](const std::string& text) {
    const auto at = text.find("in ");
    return std::stoi(text.substr(at + 3));
  };
  EXPECT_EQ(checks_in(run["SA-TX-07"].observed), checks_in(without["SA-TX-07"].observed) + 1)
      << run["SA-TX-07"].observed << without["SA-TX-07"].observed;
}

TEST(Parity, FindsNoDifferenceOnAnyProfile) {
  for (const auto& profile : registrar::profiles()) {
    const auto run = run_builtin(profile.name, "", {.only = {"SA-TX-07", "SA-STALE-01"}});
    const auto& finding = run["SA-TX-07"];
    EXPECT_NE(verdict_name(finding.verdict), "warn") << profile.name << ": " << finding.observed;
    EXPECT_NE(verdict_name(finding.verdict), "inconclusive")
        << profile.name << ": " << finding.observed;
  }
}

TEST(Parity, LeavesTheRunAsItWas) {
  const auto run = run_builtin("strict", "", {.only = {"SA-TX-07", "SA-CH-02"}});
  EXPECT_EQ(&run.session->transport(), run.transport.get());
  // The challenges of the other transport are among those of the run.
  EXPECT_EQ(verdict_name(run["SA-CH-02"].verdict), "pass");
  EXPECT_GT(std::stoi(run["SA-CH-02"].observed.substr(4)), 8) << run["SA-CH-02"].observed;
}

}  // namespace
}  // namespace sipauth
