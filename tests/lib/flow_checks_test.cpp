// Every row of the passive checks, on the two traces that it carries itself.

#include "sipauth/flow_checks.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "lib/flow_script.hpp"

namespace sipauth {
namespace {

using test::report_on;
using test::row_of;

class FlowChecks : public testing::TestWithParam<FlowCheck> {};

TEST_P(FlowChecks, PassOnTheirTrace) {
  const auto report = report_on(GetParam().passes_on);
  const auto& row = row_of(report, GetParam().id);
  EXPECT_EQ(row.verdict, FlowVerdict::pass)
      << (row.findings.empty() ? "nothing was judged" : row.findings.front().text);
}

TEST_P(FlowChecks, FindOnTheirTraceWhatTheyAreFor) {
  const auto report = report_on(GetParam().fails_on);
  const auto& row = row_of(report, GetParam().id);
  ASSERT_FALSE(row.findings.empty());
  EXPECT_EQ(row.verdict, GetParam().worst) << row.findings.front().text;
  EXPECT_FALSE(row.findings.front().text.empty());
  EXPECT_FALSE(row.findings.front().fault.empty());
}

INSTANTIATE_TEST_SUITE_P(All, FlowChecks, testing::ValuesIn(flow_checks), [](const auto& of) {
  std::string name{of.param.id};
  std::erase(name, '-');
  return name;
});

TEST(FlowCheckRows, HaveIdsOfTheirOwnAndSayEverything) {
  std::set<std::string_view> ids;
  for (const auto& check : flow_checks) {
    EXPECT_TRUE(ids.insert(check.id).second) << check.id;
    EXPECT_TRUE(check.id.starts_with("SP-"));
    for (const auto text : {check.title, check.right, check.failing, check.harm, check.fault}) {
      EXPECT_FALSE(text.empty()) << check.id;
    }
    EXPECT_FALSE(check.references.front().empty()) << check.id;
  }
}

// What is fine under one check is not to be another's finding.
TEST(FlowCheckRows, AreSilentOnARegistrationWithOneRefresh) {
  const auto report = report_on(
      "0.0 > REGISTER cseq=1\n0.1 < 401 nonce=n1 algorithm=SHA-256\n"
      "0.2 > REGISTER cseq=2 nonce=n1 nc=1 algorithm=SHA-256\n0.3 < 200\n"
      "60.0 > REGISTER cseq=3 nonce=n1 nc=2 algorithm=SHA-256\n"
      "60.1 < 401 nonce=n2 stale=true algorithm=SHA-256\n"
      "60.2 > REGISTER cseq=4 nonce=n2 nc=1 algorithm=SHA-256\n60.3 < 200\n");
  for (const auto& row : report.rows) {
    for (const auto& finding : row.findings) {
      EXPECT_EQ(finding.verdict, FlowVerdict::info) << row.check->id << ": " << finding.text;
    }
  }
  EXPECT_EQ(report.attempts_seen, 2);
  EXPECT_EQ(report.verified, 3);
}

}  // namespace
}  // namespace sipauth
