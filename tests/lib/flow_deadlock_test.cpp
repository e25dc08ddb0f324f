// SP-DEAD-01: which exchanges are the registration deadlock, whose half is at fault, and which only
// look like it.

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "lib/flow_script.hpp"

namespace sipauth {
namespace {

struct Case {
  std::string_view name;
  std::string_view fault;  // empty: no deadlock
  std::string_view script;
  std::uint64_t found = 1;
};

void PrintTo(const Case& row, std::ostream* out) { *out << row.name; }

const std::string_view challenged =
    "0.0 > REGISTER cseq=1\n0.1 < 401 nonce=n1\n0.2 > REGISTER cseq=2 nonce=n1 nc=1\n0.3 < 200\n";

const auto cases = std::to_array<Case>({
    {"AForbiddenNonceRepeated", "both",
     "1.0 > REGISTER cseq=3 nonce=n1 nc=2\n1.1 < 403\n20.0 > REGISTER cseq=4 nonce=n1 nc=3\n"
     "20.1 < 403\n40.0 > REGISTER cseq=5 nonce=n1 nc=4\n40.1 < 403\n"},
    {"TwiceIsNone", "",
     "1.0 > REGISTER cseq=3 nonce=n1 nc=2\n1.1 < 403\n20.0 > REGISTER cseq=4 nonce=n1 nc=3\n"
     "20.1 < 403\n"},
    {"RetransmissionsAreOneRequest", "",
     "1.0 > REGISTER cseq=3 nonce=n1 nc=2\n1.1 < 403\n1.5 > REGISTER cseq=3 nonce=n1 nc=2 again\n"
     "1.6 < 403\n2.5 > REGISTER cseq=3 nonce=n1 nc=2 again\n2.6 < 403\n"
     "4.5 > REGISTER cseq=3 nonce=n1 nc=2 again\n4.6 < 403\n"},
    {"RetransmissionsBetween", "both",
     "1.0 > REGISTER cseq=3 nonce=n1 nc=2\n1.5 > REGISTER cseq=3 nonce=n1 nc=2 again\n1.6 < 403\n"
     "20.0 > REGISTER cseq=4 nonce=n1 nc=3\n20.5 > REGISTER cseq=4 nonce=n1 nc=3 again\n"
     "20.6 < 403\n40.0 > REGISTER cseq=5 nonce=n1 nc=4\n40.1 < 403\n"},
    {"TheNatChangesPorts", "both",
     "1.0 > REGISTER cseq=3 nonce=n1 nc=2 from=10.0.0.5:40000\n1.1 < 403\n"
     "20.0 > REGISTER cseq=4 nonce=n1 nc=3 from=10.0.0.5:40001\n20.1 < 403\n"
     "40.0 > REGISTER cseq=5 nonce=n1 nc=4 from=10.0.0.5:40002\n40.1 < 403\n"},
    {"TwoPhonesBehindOneAddress", "",
     "1.0 > REGISTER cseq=1 nonce=a1 nc=2 call=a tag=a\n1.1 < 403\n"
     "2.0 > REGISTER cseq=1 nonce=b1 nc=2 call=b tag=b aor=bob from=10.0.0.5:40000\n2.1 < 403\n"
     "20.0 > REGISTER cseq=2 nonce=a1 nc=3 call=a tag=a\n20.1 < 403\n"
     "21.0 > REGISTER cseq=2 nonce=b1 nc=3 call=b tag=b aor=bob from=10.0.0.5:40000\n"
     "21.1 < 403\n"},
    {"OneOfTwoPhonesOfAUser", "both",
     "1.0 > REGISTER cseq=1 nonce=a1 nc=2 call=a tag=a\n1.1 < 403\n"
     "2.0 > REGISTER cseq=1 nonce=b1 nc=2 call=b tag=b from=10.0.0.5:40000\n2.1 < 200\n"
     "20.0 > REGISTER cseq=2 nonce=a1 nc=3 call=a tag=a\n20.1 < 403\n"
     "21.0 > REGISTER cseq=2 nonce=b1 nc=3 call=b tag=b from=10.0.0.5:40000\n21.1 < 200\n"
     "40.0 > REGISTER cseq=3 nonce=a1 nc=4 call=a tag=a\n40.1 < 403\n"},
    {"SeenOnBothSidesOfAProxy", "both",
     "1.0 > REGISTER cseq=3 nonce=n1 nc=2 to=10.0.0.2:5060\n1.1 < 403\n"
     "1.2 > REGISTER cseq=3 nonce=n1 nc=2 from=10.0.0.2:5060\n1.3 < 403\n"
     "20.0 > REGISTER cseq=4 nonce=n1 nc=3 to=10.0.0.2:5060\n20.1 < 403\n"
     "20.2 > REGISTER cseq=4 nonce=n1 nc=3 from=10.0.0.2:5060\n20.3 < 403\n"
     "40.0 > REGISTER cseq=5 nonce=n1 nc=4 to=10.0.0.2:5060\n40.1 < 403\n"
     "40.2 > REGISTER cseq=5 nonce=n1 nc=4 from=10.0.0.2:5060\n40.3 < 403\n",
     2},
    {"OverTcp", "both",
     "1.0 > REGISTER cseq=3 nonce=n1 nc=2 transport=tcp\n1.1 < 403 transport=tcp\n"
     "20.0 > REGISTER cseq=4 nonce=n1 nc=3 transport=tcp\n20.1 < 403 transport=tcp\n"
     "40.0 > REGISTER cseq=5 nonce=n1 nc=4 transport=tcp\n40.1 < 403 transport=tcp\n"},
    {"ACaptureOfOneDirection", "",
     "1.0 > REGISTER cseq=3 nonce=n1 nc=2\n30.0 > REGISTER cseq=4 nonce=n1 nc=3\n"
     "60.0 > REGISTER cseq=5 nonce=n1 nc=4\n90.0 > REGISTER cseq=6 nonce=n1 nc=5\n"
     "120.0 > REGISTER cseq=7 nonce=n1 nc=6\n"},
    {"ACaptureOfOneDirectionOfTcp", "",
     "1.0 > REGISTER cseq=3 nonce=n1 nc=2 call=x transport=tcp\n"
     "30.0 > REGISTER cseq=4 nonce=n1 nc=3 call=x transport=tcp\n"
     "60.0 > REGISTER cseq=5 nonce=n1 nc=4 call=x transport=tcp\n"
     "90.0 > REGISTER cseq=6 nonce=n1 nc=5 call=x transport=tcp\n"},
    {"NoAnswerAtAll", "server",
     "1.0 > REGISTER cseq=3 nonce=n1 nc=2\n1.5 > REGISTER cseq=3 nonce=n1 nc=2 again\n"
     "2.5 > REGISTER cseq=3 nonce=n1 nc=2 again\n40.0 > REGISTER cseq=4 nonce=n1 nc=3\n"
     "40.5 > REGISTER cseq=4 nonce=n1 nc=3 again\n41.5 > REGISTER cseq=4 nonce=n1 nc=3 again\n"
     "80.0 > REGISTER cseq=5 nonce=n1 nc=4\n80.5 > REGISTER cseq=5 nonce=n1 nc=4 again\n"
     "81.5 > REGISTER cseq=5 nonce=n1 nc=4 again\n130.0 > REGISTER cseq=6\n130.1 < 401 nonce=n2\n"},
    {"ANewCallIdEachTime", "both",
     "1.0 > REGISTER cseq=1 nonce=n1 nc=2 call=a\n1.1 < 403\n"
     "20.0 > REGISTER cseq=2 nonce=n1 nc=3 call=b\n20.1 < 403\n"
     "40.0 > REGISTER cseq=3 nonce=n1 nc=4 call=c\n40.1 < 403\n"},
    {"ANewFromTagEachTime", "both",
     "1.0 > REGISTER cseq=1 nonce=n1 nc=2 tag=a\n1.1 < 403\n"
     "20.0 > REGISTER cseq=2 nonce=n1 nc=3 tag=b\n20.1 < 403\n"
     "40.0 > REGISTER cseq=3 nonce=n1 nc=4 tag=c\n40.1 < 403\n"},
    {"ThePhoneIsRestartedInTime", "",
     "1.0 > REGISTER cseq=3 nonce=n1 nc=2\n1.1 < 403\n20.0 > REGISTER cseq=4 nonce=n1 nc=3\n"
     "20.1 < 403\n40.0 > REGISTER cseq=1 call=b tag=b\n40.1 < 401 nonce=n2\n"
     "40.2 > REGISTER cseq=2 call=b tag=b nonce=n2 nc=1\n40.3 < 200\n"},
    {"ThePhoneIsRestartedAfterwards", "both",
     "1.0 > REGISTER cseq=3 nonce=n1 nc=2\n1.1 < 403\n20.0 > REGISTER cseq=4 nonce=n1 nc=3\n"
     "20.1 < 403\n40.0 > REGISTER cseq=5 nonce=n1 nc=4\n40.1 < 403\n"
     "60.0 > REGISTER cseq=1 call=b tag=b\n60.1 < 401 nonce=n2\n"
     "60.2 > REGISTER cseq=2 call=b tag=b nonce=n2 nc=1\n60.3 < 200\n"},
    {"ResponsesTakenOut", "both",
     "1.0 > REGISTER cseq=3 credentials=Digest_username=\"alice\",_realm=\"r\",_nonce=\"7f31\","
     "_uri=\"sip:example.com\",_response=\"xxxx\"\n1.1 < 403\n"
     "20.0 > REGISTER cseq=4 credentials=Digest_username=\"alice\",_realm=\"r\",_nonce=\"7f31\","
     "_uri=\"sip:example.com\",_response=\"xxxx\"\n20.1 < 403\n"
     "40.0 > REGISTER cseq=5 credentials=Digest_username=\"alice\",_realm=\"r\",_nonce=\"7f31\","
     "_uri=\"sip:example.com\",_response=\"xxxx\"\n40.1 < 403\n"},
    // Whether they were the same nobody can say.
    {"NoncesTakenOut", "",
     "1.0 > REGISTER cseq=3 nonce=xxxxxxxx nc=1\n1.1 < 403\n"
     "20.0 > REGISTER cseq=4 nonce=xxxxxxxx nc=1\n20.1 < 403\n"
     "40.0 > REGISTER cseq=5 nonce=xxxxxxxx nc=1\n40.1 < 403\n"},
    {"StaleIsPassedOver", "phone",
     "1.0 > REGISTER cseq=3 nonce=n1 nc=2\n1.1 < 401 nonce=n2 stale=true\n"
     "20.0 > REGISTER cseq=4 nonce=n1 nc=3\n20.1 < 401 nonce=n3 stale=true\n"
     "40.0 > REGISTER cseq=5 nonce=n1 nc=4\n40.1 < 401 nonce=n4 stale=true\n"},
    {"ANewNonceIsPassedOver", "phone",
     "1.0 > REGISTER cseq=3 nonce=n1 nc=2\n1.1 < 401 nonce=n2\n"
     "20.0 > REGISTER cseq=4 nonce=n1 nc=3\n20.1 < 401 nonce=n3\n"
     "40.0 > REGISTER cseq=5 nonce=n1 nc=4\n40.1 < 401 nonce=n4\n"},
    {"StaleIsTakenUpEachTime", "",
     "1.0 > REGISTER cseq=3 nonce=n1 nc=2\n1.1 < 401 nonce=n2 stale=true\n"
     "1.2 > REGISTER cseq=4 nonce=n2 nc=1\n1.3 < 200\n"
     "30.0 > REGISTER cseq=5 nonce=n2 nc=2\n30.1 < 401 nonce=n3 stale=true\n"
     "30.2 > REGISTER cseq=6 nonce=n3 nc=1\n30.3 < 200\n"
     "60.0 > REGISTER cseq=7 nonce=n3 nc=2\n60.1 < 401 nonce=n4 stale=true\n"
     "60.2 > REGISTER cseq=8 nonce=n4 nc=1\n60.3 < 200\n"},
    // The challenge is of another realm: the first credentials may be right.
    {"AProxyAsksBesides", "",
     "1.0 > REGISTER cseq=3 nonce=n1 nc=2\n1.1 < 407 nonce=p1 realm=proxy\n"
     "1.2 > REGISTER cseq=4 nonce=n1 nc=3\n1.3 < 407 nonce=p2 realm=proxy\n"
     "1.4 > REGISTER cseq=5 nonce=n1 nc=4\n1.5 < 407 nonce=p3 realm=proxy\n"},
    {"AWrongPasswordRepeated", "phone",
     "1.0 > REGISTER cseq=3 nonce=n1 nc=2 password=other\n1.1 < 403\n"
     "20.0 > REGISTER cseq=4 nonce=n1 nc=3 password=other\n20.1 < 403\n"
     "40.0 > REGISTER cseq=5 nonce=n1 nc=4 password=other\n40.1 < 403\n"},
    {"AWrongPasswordAndAChallengeEachTime", "",
     "1.0 > REGISTER cseq=3\n1.1 < 401 nonce=n2\n1.2 > REGISTER cseq=4 nonce=n2 password=other\n"
     "1.3 < 403\n20.0 > REGISTER cseq=5\n20.1 < 401 nonce=n3\n"
     "20.2 > REGISTER cseq=6 nonce=n3 password=other\n20.3 < 403\n"
     "40.0 > REGISTER cseq=7\n40.1 < 401 nonce=n4\n"
     "40.2 > REGISTER cseq=8 nonce=n4 password=other\n40.3 < 403\n"},
    {"TheServerIsOutOfOrder", "server",
     "1.0 > REGISTER cseq=3 nonce=n1 nc=2\n1.1 < 503\n20.0 > REGISTER cseq=4 nonce=n1 nc=3\n"
     "20.1 < 503\n40.0 > REGISTER cseq=5 nonce=n1 nc=4\n40.1 < 503\n"},
    {"APhoneThatWaitsAMinute", "both",
     "1.0 > REGISTER cseq=3 nonce=n1 nc=2\n1.1 < 403\n61.5 > REGISTER cseq=4 nonce=n1 nc=3\n"
     "61.6 < 403\n122.0 > REGISTER cseq=5 nonce=n1 nc=4\n122.1 < 403\n"},
    {"RefreshesThatSucceed", "",
     "1.0 > REGISTER cseq=3 nonce=n1 nc=2\n1.1 < 200\n20.0 > REGISTER cseq=4 nonce=n1 nc=3\n"
     "20.1 < 200\n40.0 > REGISTER cseq=5 nonce=n1 nc=4\n40.1 < 200\n"},
    {"BasicHasNoNonce", "",
     "1.0 > REGISTER cseq=3 credentials=Basic_YTpi\n1.1 < 403\n"
     "20.0 > REGISTER cseq=4 credentials=Basic_YTpi\n20.1 < 403\n"
     "40.0 > REGISTER cseq=5 credentials=Basic_YTpi\n40.1 < 403\n"},
});

class Deadlock : public testing::TestWithParam<Case> {};

void expect(const Case& row, const std::string& script) {
  const auto report = test::report_on(script);
  const auto& found = test::row_of(report, "SP-DEAD-01");
  EXPECT_EQ(found.found, row.fault.empty() ? 0U : row.found)
      << (found.findings.empty() ? "" : found.findings.front().text);
  if (row.fault.empty() || found.findings.empty()) return;
  EXPECT_EQ(found.findings.front().fault, row.fault) << found.findings.front().text;
  EXPECT_EQ(found.verdict, FlowVerdict::fail);
}

TEST_P(Deadlock, IsSeenFromTheMiddleOfACapture) {
  expect(GetParam(), std::string{GetParam().script});
}

// The same behind a registration that went well.
TEST_P(Deadlock, IsSeenBehindItsChallenge) {
  expect(GetParam(), std::string{challenged} + std::string{GetParam().script});
}

INSTANTIATE_TEST_SUITE_P(All, Deadlock, testing::ValuesIn(cases),
                         [](const auto& of) { return std::string{of.param.name}; });

}  // namespace
}  // namespace sipauth
