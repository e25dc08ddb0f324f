// SA-AUTH-02 to -31 and SA-ENUM: the letters of their rows beside the two that EveryCheck proves.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/builtin_run.hpp"
#include "cli/lossy_transport.hpp"
#include "sipauth/digest.hpp"
#include "sipauth/text.hpp"

namespace sipauth {
namespace {

struct Letter {
  std::string_view id;
  std::string_view profile;
  std::string_view fault;
  std::string_view verdict;
  std::string_view says;
};

void PrintTo(const Letter& row, std::ostream* out) {
  *out << row.id << ' ' << row.profile << ' ' << row.fault;
}

const std::vector<Letter> table{
    {"SA-AUTH-02", "strict", "expires-header", "info", "in Expires instead"},
    {"SA-AUTH-02", "strict", "contacts-unlisted", "warn", "does not list our Contact <sip:alice@"},

    {"SA-AUTH-04", "freeswitch", "", "pass", "200"},
    {"SA-AUTH-04", "asterisk-pjsip", "", "pass", "200"},
    {"SA-AUTH-04", "asterisk-chansip", "", "pass", "200"},
    {"SA-AUTH-04", "kamailio-default", "", "pass", "200"},
    {"SA-AUTH-04", "strict", "lockout-2", "warn", "never taken"},
    {"SA-AUTH-04", "strict", "wrong-password-accepted", "skip", "SA-AUTH-03"},

    {"SA-AUTH-05", "strict", "empty-nonce-stale", "info", "401 with stale=true"},
    {"SA-AUTH-05", "flexisip", "", "warn", "400"},
    {"SA-AUTH-05", "resip-dum", "", "warn", "403"},
    {"SA-AUTH-05", "kamailio-default", "", "pass", "401"},
    {"SA-AUTH-05", "ims-aka", "", "pass", "401"},

    {"SA-AUTH-06", "strict", "other-scheme-400", "warn", "400"},
    {"SA-AUTH-06", "asterisk-2005-before", "", "pass", "401"},
    {"SA-AUTH-07", "strict", "other-scheme-400", "pass", "400"},
    {"SA-AUTH-07", "repro", "", "pass", "407"},

    {"SA-AUTH-08", "freeswitch", "", "pass", "403"},
    {"SA-AUTH-09", "asterisk-pjsip", "", "pass", "401"},
    {"SA-AUTH-09", "resip-dum", "", "info", "403"},
    {"SA-AUTH-10", "freeswitch", "32-digits-compared", "warn", "a digit more"},
    {"SA-AUTH-10", "asterisk-chansip", "", "warn", "a digit more"},
    {"SA-AUTH-10", "freeswitch", "prefix-compare", "fail", "the first 8 digits"},
    {"SA-AUTH-11", "strict", "uri-must-match", "pass", "400"},
    {"SA-AUTH-11", "freeswitch", "", "pass", "403"},
    {"SA-AUTH-12", "kamailio-default", "", "pass", "tel:+1: 200"},
    {"SA-AUTH-12", "strict", "uri-must-match", "info", ";transport=udp"},

    {"SA-AUTH-13", "asterisk-2005-r5834", "", "pass", "403"},
    {"SA-AUTH-13", "strict", "any-realm", "warn", "200"},
    {"SA-AUTH-14", "strict", "", "skip", "has no letters"},
    {"SA-AUTH-14", "strict", "any-realm", "skip", "has no letters"},
    {"SA-AUTH-14", "yate", "", "pass", "200"},
    {"SA-AUTH-15", "asterisk-pjsip", "", "pass", "401"},
    {"SA-AUTH-15", "resip-dum", "", "pass", "403"},
    {"SA-AUTH-15", "opensips-default", "", "pass", "401"},
    {"SA-AUTH-15", "kamailio-default", "any-aor", "fail", "200"},
    {"SA-AUTH-15", "ims-aka", "", "skip", "card"},
    {"SA-AUTH-16", "resip-dum", "", "pass", "200"},
    {"SA-AUTH-17", "asterisk-2005-r5834", "", "info", "alice@127.0.0.1"},
    {"SA-AUTH-17", "kamailio-default", "", "pass", "sip:alice@127.0.0.1: 401"},

    {"SA-AUTH-20", "asterisk-pjsip", "", "pass", "either order"},
    {"SA-AUTH-20", "asterisk-2005-r5834", "", "warn", "above ours"},
    {"SA-AUTH-20", "yate", "", "pass", "either order"},
    {"SA-AUTH-21", "freeswitch", "", "pass", "403"},
    {"SA-AUTH-21", "kamailio-nc", "", "pass", "401"},

    {"SA-AUTH-22", "strict", "algorithm-required", "warn", "without an algorithm"},
    {"SA-AUTH-22", "strict", "sha-only", "pass", "MD5 (not offered): 401"},
    {"SA-AUTH-22", "asterisk-pjsip", "", "pass", "SHA-256 (not offered): 401"},
    {"SA-AUTH-22", "kamailio-default", "", "pass", "algorithm=md5: 200"},
    {"SA-AUTH-22", "ims-aka", "", "skip", "AKA"},
    {"SA-AUTH-23", "strict", "sess-offered", "pass", "hex of the inner hash: 200"},
    {"SA-AUTH-23", "strict", "sess-binary", "info", "bytes of the inner hash"},
    {"SA-AUTH-23", "freeswitch", "", "pass", "403"},
    {"SA-AUTH-23", "ims-aka", "", "skip", "AKA"},
    {"SA-AUTH-24", "flexisip", "", "warn", "400"},
    {"SA-AUTH-24", "strict", "no-qop-refused", "info", "without the qop"},
    {"SA-AUTH-24", "strict", "no-qop-stale", "fail", "called stale 3 time(s)"},
    {"SA-AUTH-24", "strict", "sha-only", "pass", "no RFC gives"},
    {"SA-AUTH-24", "strict", "qop-list", "pass", "auth-int with an empty body: 200"},
    {"SA-AUTH-24", "kamailio-default", "", "pass", "qop=auth, which was not offered"},
    {"SA-AUTH-25", "kamailio-default", "", "skip", "no qop"},
    {"SA-AUTH-25", "sofia", "", "warn", "200"},
    {"SA-AUTH-25", "freeswitch", "", "warn", "none of the answers to be expected"},
    {"SA-AUTH-26", "flexisip", "", "pass", "400"},
    {"SA-AUTH-26", "strict", "sess-offered", "skip", "-sess"},

    {"SA-AUTH-27", "strict", "reads-single-quotes", "warn", "single quotes"},
    {"SA-AUTH-27", "strict", "reads-first-of-two", "info", "the first one counts"},
    {"SA-AUTH-27", "kamailio-default", "", "info", "the last one counts"},
    {"SA-AUTH-27", "strict", "malformed-500", "warn", "500"},
    {"SA-AUTH-28", "kamailio-default", "", "warn", "username together with username*"},
    {"SA-AUTH-28", "asterisk-pjsip", "odd-name-500", "fail", "500"},

    {"SA-AUTH-30", "freeswitch", "", "pass", "401"},
    {"SA-AUTH-30", "repro", "", "pass", "407"},
    {"SA-AUTH-31", "freeswitch", "", "pass", "403"},
    {"SA-AUTH-31", "kamailio-default", "empty-password-accepted", "fail", "the right name"},

    {"SA-ENUM-01", "repro", "", "warn", "\"404\" for a user whom nobody knows"},
    {"SA-ENUM-01", "asterisk-2005-r5834", "", "warn", "a request without credentials"},
    {"SA-ENUM-01", "asterisk-chansip", "", "pass", "like the account"},
    {"SA-ENUM-01", "kamailio-stale16", "", "pass", "like the account"},
    {"SA-ENUM-01", "freeswitch", "", "pass", "like the account"},
    {"SA-ENUM-01", "strict", "stale-unknown-user", "warn", "stale"},
    {"SA-ENUM-01", "ims-aka", "", "pass", "like the account"},
    {"SA-ENUM-02", "asterisk-2005-r5834", "", "skip", "SA-ENUM-01"},
    {"SA-ENUM-02", "ims-aka", "", "skip", "AKA"},
    {"SA-ENUM-03", "resip-dum", "", "pass", "403"},
    {"SA-ENUM-03", "kamailio-stale16", "", "pass", "401"},
    {"SA-ENUM-03", "netsip-noverify", "", "skip", "SA-NONCE-02"},
    {"SA-ENUM-03", "ims-aka", "", "skip", "AKA"},
};

class CredentialLetter : public testing::TestWithParam<Letter> {};

TEST_P(CredentialLetter, IsTheOneOfItsRow) {
  const auto& [id, profile, fault, verdict, says] = GetParam();
  const auto run = run_builtin(profile, fault, {.only = {std::string{id}}});
  const auto& finding = run[id];
  EXPECT_EQ(verdict_name(finding.verdict), verdict) << finding.observed;
  EXPECT_TRUE(finding.observed.contains(says)) << finding.observed;
}

std::string name_of(const testing::TestParamInfo<Letter>& row) {
  std::string name;
  for (const auto part : {row.param.id.substr(3), row.param.profile, row.param.fault}) {
    for (const char c : part) name += is_alpha(c) || is_digit(c) ? c : '_';
    name += '_';
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(Rows, CredentialLetter, testing::ValuesIn(table), name_of);

// What may go wrong on the way of a right digest: one-time nonces, one nonce a second, no qop, one
// algorithm, AKA. None of these registrars has a flaw that a check may call failed.
TEST(CredentialChecks, FailNoRegistrarThatExists) {
  for (const auto* profile : {"strict",
                              "asterisk-2005-r5834",
                              "asterisk-1.2",
                              "asterisk-chansip",
                              "asterisk-pjsip",
                              "kamailio-default",
                              "kamailio-stale16",
                              "kamailio-nc",
                              "kamailio-otn",
                              "kamailio-checks11",
                              "opensips-default",
                              "freeswitch",
                              "flexisip",
                              "sofia",
                              "yate",
                              "fritzbox-no-stale",
                              "nc-replay-403",
                              "ims-aka",
                              "repro",
                              "resip-dum",
                              "netsip-noverify"}) {
    const auto run = run_builtin(profile, "", {.only = {"SA-AUTH", "SA-ENUM"}});
    EXPECT_EQ(run.all(Verdict::fail), "") << profile;
    EXPECT_EQ(run.all(Verdict::inconclusive), "") << profile;
    EXPECT_EQ(run.report.ending, checks::Ending::complete) << profile;
  }
}

TEST(CredentialChecks, FindTheSameWhateverTheAlgorithm) {
  const std::vector<std::string> only{"SA-AUTH", "SA-ENUM"};
  const auto both = run_builtin("strict", "", {.only = only});
  for (const auto* fault : {"md5-only", "sha-only", "one-time", "no-qop", "407", "nonce-repeats",
                            "opaque-required", "qop-authint-only"}) {
    const auto run = run_builtin("strict", fault, {.only = only});
    EXPECT_EQ(run.all(Verdict::fail), both.all(Verdict::fail)) << fault;
    EXPECT_EQ(run.all(Verdict::warn), both.all(Verdict::warn)) << fault;
    EXPECT_EQ(run.all(Verdict::inconclusive), "") << fault;
  }
}

TEST(CredentialChecks, LeaveOutWhatTheyMayNotDo) {
  RunOptions options{.only = {"SA-AUTH", "SA-ENUM"}};
  options.settings.intrusive = false;
  options.settings.may_bind = false;
  options.settings.loopback = false;
  options.settings.has_second_account = false;
  const auto run = run_builtin("strict", "", options);
  EXPECT_EQ(run.all(Verdict::skip),
            "SA-AUTH-02 SA-AUTH-07 SA-AUTH-14 SA-AUTH-15 SA-AUTH-23 SA-AUTH-29 SA-ENUM-02");
  EXPECT_TRUE(run["SA-AUTH-07"].observed.contains("TLS")) << run["SA-AUTH-07"].observed;
  EXPECT_FALSE(run["SA-AUTH-30"].observed.contains("Contact: *")) << run["SA-AUTH-30"].observed;
  for (const auto& message : run.session->recorder().all()) {
    EXPECT_FALSE(message.bytes.contains("Basic ")) << message.bytes;
    EXPECT_FALSE(message.bytes.contains("Contact: *")) << message.bytes;
  }
}

// Whether strangers get in is more telling than what an unusual phone meets.
TEST(CredentialChecks, LookForOpenDoorsFirstWhereTriesAreRationed) {
  RunOptions options;
  options.settings.loopback = false;
  options.settings.max_refused = 40;
  const auto run = run_builtin("strict", "", options);
  for (const auto* id :
       {"SA-AUTH-06", "SA-AUTH-08", "SA-AUTH-10", "SA-AUTH-11", "SA-AUTH-30", "SA-AUTH-31"}) {
    EXPECT_EQ(verdict_name(run[id].verdict), "pass") << id << ' ' << run[id].observed;
  }
  EXPECT_EQ(verdict_name(run["SA-AUTH-27"].verdict), "skip") << run["SA-AUTH-27"].observed;
  EXPECT_LE(run.session->counters().refused, 40U);
}

TEST(CredentialChecks, RemoveTheContactThatTheyRegister) {
  const auto run = run_builtin("strict", "", {.only = {"SA-AUTH-02"}});
  EXPECT_TRUE(run.report.left_bound.empty());
  EXPECT_TRUE(run.session->bindings().empty());
}

// The run ends there, and what ended it is a finding all the same.
TEST(CredentialChecks, NameTheLengthAfterWhichNothingIsAnswered) {
  const auto run = run_builtin("strict", "dies-of-length", {.only = {"SA-AUTH-29"}});
  EXPECT_EQ(run.report.ending, checks::Ending::banned);
  EXPECT_TRUE(run["SA-AUTH-29"].observed.contains("after a nonce of 4096 bytes"))
      << run["SA-AUTH-29"].observed;
}

/// A run over a line that may lose things, with no other way to the registrar.
struct LossyRun {
  explicit LossyRun(std::string_view fault, sip::Identity identity = alice("secret"))
      : transport{registrar::Registrar{registrar::make_profile("strict", names_of(fault)).value(),
                                       registrar::built_in_accounts(), 1}},
        session{transport, std::move(identity), sip::Timers{}, sip::Limits{}, 1} {}

  static std::vector<std::string> names_of(std::string_view fault) {
    return fault.empty() ? std::vector<std::string>{} : std::vector{std::string{fault}};
  }

  std::vector<checks::Report> run(const std::vector<std::string>& only) {
    checks::Runner runner{session, RunOptions::everything_allowed(), *checks::select(only, {})};
    return runner.run().reports;
  }

  LossyTransport transport;
  sip::Session session;
};

TEST(OverlongCredentials, LeaveOutWhatNeedsAnotherWay) {
  LossyRun lossy{""};
  const auto finding = lossy.run({"SA-AUTH-29"}).front().finding;
  EXPECT_EQ(verdict_name(finding.verdict), "pass") << finding.observed;
  EXPECT_TRUE(finding.observed.contains("a nonce of 256 bytes: 401")) << finding.observed;
  EXPECT_TRUE(finding.observed.contains("not tried: a nonce of 4096 bytes, too long"))
      << finding.observed;
}

TEST(OverlongCredentials, NeedNoOtherWayOnAStream) {
  const auto run =
      run_builtin("strict", "", {.only = {"SA-AUTH-29"}, .kind = net::TransportKind::tcp});
  EXPECT_EQ(verdict_name(run["SA-AUTH-29"].verdict), "pass") << run["SA-AUTH-29"].observed;
  EXPECT_FALSE(run["SA-AUTH-29"].observed.contains("not tried")) << run["SA-AUTH-29"].observed;
}

TEST(OverlongCredentials, ProveNothingWhereOneIsLostAndTheRegistrarLives) {
  LossyRun lossy{""};
  lossy.transport.loses_request = [](std::string_view request) {
    return request.contains(std::string(256, 'a'));
  };
  const auto finding = lossy.run({"SA-AUTH-29"}).front().finding;
  EXPECT_EQ(verdict_name(finding.verdict), "inconclusive") << finding.observed;
  EXPECT_TRUE(finding.observed.contains("a nonce of 256 bytes was not answered"))
      << finding.observed;
}

// An HA1 is of one realm, user name and algorithm.
TEST(CredentialChecks, GoWithoutThePasswordWhereAnHa1IsGiven) {
  auto identity = alice("");
  const std::vector<std::string_view> parts{"alice:127.0.0.1:secret"};
  identity.password = Secret{hash_hex(Hash::md5, parts)->view()};
  identity.password_is_ha1 = true;
  LossyRun run{"md5-only", std::move(identity)};
  run.session.connect_another = [](const sip::AnotherWay&) {
    return std::unexpected{net::NetError{net::NetError::Kind::usage, "there is none"}};
  };
  std::string skipped;
  for (const auto& [check, finding] : run.run({"SA-AUTH", "SA-ENUM"})) {
    EXPECT_THAT((std::array{Verdict::pass, Verdict::info, Verdict::skip}),
                testing::Contains(finding.verdict))
        << check->id << ' ' << finding.observed;
    if (finding.verdict == Verdict::skip) skipped += std::string{check->id.substr(3)} + ' ';
    if (check->id == "SA-AUTH-22") {
      EXPECT_TRUE(finding.observed.contains("not tried: an algorithm that was not offered"))
          << finding.observed;
    }
  }
  EXPECT_EQ(skipped, "AUTH-07 AUTH-13 AUTH-14 AUTH-17 ");
}

}  // namespace
}  // namespace sipauth
