// sipauth probe, from outside: the built-in registrar, `sipauth serve`, and peers that misbehave.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "e2e/tool.hpp"
#include "e2e/udp_peer.hpp"

namespace sipauth::e2e {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

struct Probed {
  Outcome outcome;
  json document;

  [[nodiscard]] std::string error() const {
    return document.contains("error") ? document["error"]["kind"].get<std::string>() : "";
  }
  [[nodiscard]] const json& probe() const { return document.at("probe"); }
};

Probed probe(Arguments arguments, const Environment& environment = {}) {
  arguments.insert(arguments.begin(), {"probe", "--json", "--quiet"});
  auto outcome = run(arguments, {}, environment);
  auto document = json::parse(outcome.out, nullptr, false);
  EXPECT_TRUE(document.is_object()) << outcome.out << outcome.err;
  EXPECT_EQ(document.value("exit_code", -1), outcome.exit);
  return {std::move(outcome), std::move(document)};
}

struct Case {
  std::string_view proves;
  Arguments arguments;
  int exit = 0;
  std::string_view error = "";  ///< its kind
};

void PrintTo(const Case& row, std::ostream* out) { *out << row.proves; }

class BuiltinProbe : public testing::TestWithParam<Case> {};

TEST_P(BuiltinProbe, ExitsAsTheContractSays) {
  const auto probed = probe(GetParam().arguments);
  EXPECT_EQ(probed.outcome.exit, GetParam().exit);
  EXPECT_EQ(probed.error(), GetParam().error);
}

const std::vector<Case> builtin{
    {"ChallengedAndAccepted", {"builtin:strict"}, 0},
    {"OfTheOtherAccount", {"builtin:strict", "--user", "bob"}, 0},
    {"ChallengedByAProxyCode", {"builtin:resip-dum"}, 0},
    {"WarningsAreNoFindings", {"builtin:asterisk-2005-before"}, 0},
    {"ChallengeWithAnError", {"builtin:strict;fault=missing-commas"}, 1},
    {"ChallengesMergedIntoOneRow", {"builtin:strict;fault=merged-rows"}, 1},
    {"401WithoutAChallenge", {"builtin:strict;fault=no-header-401"}, 1, "inconclusive"},
    {"407WithTheHeaderOf401", {"builtin:strict;fault=407-www"}, 1},
    {"NoPhoneGetsIn", {"builtin:asterisk-2005-first-patch"}, 1},
    {"NobodyIsAsked", {"builtin:strict;fault=open-registrar"}, 1},
    {"UserUnknownBeforeAnyChallenge", {"builtin:strict;fault=forbids-queries"}, 4, "credentials"},
    {"RightPasswordForbidden", {"builtin:strict;fault=right-password-forbidden"}, 4, "credentials"},
    {"ServerInTrouble", {"builtin:strict;fault=broken"}, 3, "inconclusive"},
    {"ServerInTroubleAtTheCredentials",
     {"builtin:strict;fault=right-password-500"},
     3,
     "inconclusive"},
    {"NoAnswer", {"builtin:strict;fault=silent"}, 3, "timeout"},
    {"NoAnswerToTheCredentials", {"builtin:strict;fault=drop-200"}, 3, "timeout"},
    {"AnotherRealmIsWanted", {"builtin:strict", "--realm", "x"}, 3, "inconclusive"},
    {"NoMoreRequestsAllowed", {"builtin:strict", "--max-requests", "1"}, 3, "inconclusive"},
};
INSTANTIATE_TEST_SUITE_P(All, BuiltinProbe, testing::ValuesIn(builtin),
                         [](const auto& row) { return std::string{row.param.proves}; });

TEST(Probe, TellsWhatWasSeen) {
  const auto probed = probe({"builtin:strict", "--options"});
  EXPECT_EQ(probed.probe()["status"], 401);
  EXPECT_EQ(probed.probe()["challenges"].size(), 2U);
  EXPECT_EQ(probed.probe()["challenges"][0]["scheme"], "Digest");
  EXPECT_EQ(probed.probe()["challenges"][0]["parameters"][0]["name"], "realm");
  EXPECT_EQ(probed.probe()["credentials"]["status"], 200);
  EXPECT_EQ(probed.probe()["options"]["status"], 200);
  EXPECT_EQ(probed.document["messages"].size(), 6U);
  EXPECT_EQ(probed.document["summary"]["requests"], 3);
  EXPECT_EQ(probed.document["summary"]["refused"], 0);
}

TEST(Probe, OfABuiltinRegistrarIsTheSameEachTime) {
  EXPECT_EQ(run({"probe", "builtin:strict", "--json"}).out,
            run({"probe", "builtin:strict", "--json"}).out);
  EXPECT_NE(run({"probe", "builtin:strict", "--json"}).out,
            run({"probe", "builtin:strict", "--json", "--seed", "2"}).out);
}

TEST(Probe, ShowsWhereAChallengeIsBroken) {
  const auto probed = probe({"builtin:asterisk-2005-first-patch"});
  EXPECT_THAT(probed.outcome.out, HasSubstr("SL-missing-comma"));
}

TEST(Probe, NamesWhatKeepsAChallengeFromBeingAnswered) {
  EXPECT_THAT(probe({"builtin:strict;fault=no-nonce"}).outcome.out, HasSubstr("has no nonce"));
  EXPECT_THAT(probe({"builtin:strict;fault=unknown-algorithm"}).outcome.out,
              HasSubstr("wants the algorithm FOO"));
  EXPECT_THAT(probe({"builtin:strict;fault=basic-only"}).outcome.out,
              HasSubstr("is of the scheme Basic"));
}

TEST(Probe, NamesTheClientsThatTheChallengeShutsOut) {
  const auto shut_out = run({"probe", "builtin:flexisip", "--json"});
  const auto impact = json::parse(shut_out.out)["client_impact"];
  ASSERT_FALSE(impact.empty());
  EXPECT_EQ(impact[0]["client"], "JsSIP, SIP.js, dart-sip (Flutter)");
  EXPECT_EQ(impact[0]["severity"], "cannot-register");
  const auto none = run({"probe", "builtin:asterisk-pjsip", "--options", "--json"});
  EXPECT_EQ(json::parse(none.out)["client_impact"], json::array());
}

TEST(Probe, TellsPeopleTheSame) {
  const auto outcome = run({"probe", "builtin:strict"}, {}, {{"LC_ALL", "C.UTF-8"}});
  EXPECT_EQ(outcome.exit, 0);
  EXPECT_THAT(outcome.out, HasSubstr("Target       the built-in registrar strict"));
  EXPECT_THAT(outcome.out, HasSubstr("Answer       401 Unauthorized"));
  EXPECT_THAT(outcome.out, HasSubstr("Credentials  accepted: 200 OK"));
  EXPECT_THAT(outcome.out, HasSubstr("Exit 0:"));
}

// `sipauth serve` on a free port.
class ServedProbe : public testing::Test {
 protected:
  ServedProbe() {
    EXPECT_TRUE(server_.wait_for(" as strict"));
    const auto begin = server_.out().find("127.0.0.1:");
    const auto end = server_.out().find(' ', begin);
    if (begin != std::string::npos) place_ = server_.out().substr(begin, end - begin);
  }

  [[nodiscard]] std::string target(const std::string& transport = "udp") const {
    return "sip:alice@" + place_ + ";transport=" + transport;
  }

  Tool server_{{"serve", "--listen", "127.0.0.1:0"}};
  std::string place_;
};

TEST_F(ServedProbe, WithoutAPasswordTellsTheChallengeOnly) {
  const auto probed = probe({target()});
  EXPECT_EQ(probed.outcome.exit, 0);
  EXPECT_TRUE(probed.probe()["credentials"].is_null());
  EXPECT_THAT(probed.document["notes"].dump(), HasSubstr("No password was given"));
}

TEST_F(ServedProbe, WithTheRightPasswordOverUdpAndTcp) {
  for (const auto* transport : {"udp", "tcp"}) {
    const auto probed = probe({target(transport)}, {{"SIPAUTH_PASSWORD", "secret"}});
    EXPECT_EQ(probed.outcome.exit, 0) << transport;
    EXPECT_EQ(probed.document["target"]["transport"], transport);
    EXPECT_EQ(probed.document["target"]["address"], "127.0.0.1");
    EXPECT_EQ(probed.probe()["credentials"]["status"], 200);
  }
}

TEST_F(ServedProbe, WithAWrongPasswordWhichShowsNowhere) {
  const ScratchDirectory scratch;
  const auto file = scratch.file("password", "geheimnis\n");
  const auto probed = probe({target(), "--password-file", file});
  EXPECT_EQ(probed.outcome.exit, 4);
  EXPECT_EQ(probed.error(), "credentials");
  EXPECT_LE(probed.document["summary"]["refused"], 2);
  EXPECT_THAT(probed.outcome.out, Not(HasSubstr("geheimnis")));
  for (const auto& message : probed.document["messages"]) {
    const auto text = message["text"].get<std::string>();
    if (text.find("Authorization:") == std::string::npos) continue;
    EXPECT_THAT(text, HasSubstr("response=\"***\""));
    EXPECT_FALSE(message.contains("base64"));
  }
}

TEST_F(ServedProbe, ThroughAnotherAddressThanTheUriSays) {
  const auto probed =
      probe({"sip:alice@registrar.invalid", "--connect", place_}, {{"SIPAUTH_PASSWORD", "secret"}});
  EXPECT_EQ(probed.outcome.exit, 0);
  EXPECT_EQ(probed.document["target"]["uri"], "sip:registrar.invalid");
}

TEST_F(ServedProbe, WithAMadeUpUserSaysSoWhenRefused) {
  const auto probed = probe({place_});
  EXPECT_EQ(probed.outcome.exit, 0);
  EXPECT_THAT(probed.document["messages"][0]["text"].get<std::string>(), HasSubstr("nobody-"));
}

TEST(Probe, WhereNobodyListensSaysSo) {
  std::string place;
  {
    const UdpPeer gone{[](const std::string&) { return std::nullopt; }};
    place = gone.place();
  }
  const auto probed = probe({place});
  EXPECT_EQ(probed.outcome.exit, 3);
  EXPECT_EQ(probed.error(), "refused");
  EXPECT_THAT(probed.outcome.out, HasSubstr("Nothing listens on"));
}

TEST(Probe, NameThatDoesNotResolve) {
  const auto probed = probe({"sip:alice@registrar.invalid"});
  EXPECT_EQ(probed.outcome.exit, 3);
  EXPECT_EQ(probed.error(), "dns");
}

TEST(Probe, PeerThatSpeaksSomethingElse) {
  const UdpPeer peer{[](const std::string&) { return "220 mail.example.com ESMTP\r\n"; }};
  const auto probed = probe({peer.place(), "--timeout", "600ms"});
  EXPECT_EQ(probed.outcome.exit, 3);
  EXPECT_EQ(probed.error(), "not-sip");
}

TEST(Probe, PeerThatSaysNothing) {
  const UdpPeer peer{[](const std::string&) { return std::nullopt; }};
  const auto probed = probe({peer.place(), "--timeout", "600ms"});
  EXPECT_EQ(probed.outcome.exit, 3);
  EXPECT_EQ(probed.error(), "timeout");
  EXPECT_GE(probed.document["messages"].size(), 2U) << "it was not retransmitted";
}

TEST(Probe, RegistrarThatRefusesQueriesIsAskedWithAContact) {
  const UdpPeer peer{[](const std::string& request) {
    const bool query = request.find("\r\nContact:") == std::string::npos;
    return query ? answer_to(request, "SIP/2.0 400 Bad Request", "")
                 : answer_to(request, "SIP/2.0 401 Unauthorized",
                             "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"\r\n");
  }};
  const auto probed = probe({"sip:alice@" + peer.place()});
  EXPECT_EQ(probed.outcome.exit, 0);
  EXPECT_THAT(probed.document["notes"].dump(), HasSubstr("one with a Contact of ours"));
}

TEST(Probe, RegistrarThatForgetsStaleIsFoundOut) {
  int nonce = 0;
  const UdpPeer peer{[&nonce](const std::string& request) {
    if (request.find("nonce=\"n2\"") != std::string::npos) {
      return answer_to(request, "SIP/2.0 200 OK", "");
    }
    return answer_to(request, "SIP/2.0 401 Unauthorized",
                     "WWW-Authenticate: Digest realm=\"r\", nonce=\"n" + std::to_string(++nonce) +
                         "\", qop=\"auth\"\r\n");
  }};
  const auto probed = probe({"sip:alice@" + peer.place()}, {{"SIPAUTH_PASSWORD", "secret"}});
  EXPECT_EQ(probed.outcome.exit, 1);
  EXPECT_THAT(probed.document["headlines"].dump(), HasSubstr("without stale=true"));
}

TEST(Probe, InterruptedTellsWhatItKnows) {
  const UdpPeer peer{[](const std::string&) { return std::nullopt; }};
  Tool tool{{"probe", "-v", "--json", peer.place(), "--timeout", "30s"}};
  ASSERT_TRUE(tool.wait_for("-> REGISTER"));
  tool.send_signal(SIGINT);
  const auto outcome = tool.finish();
  EXPECT_EQ(outcome.exit, 130);
  const auto document = json::parse(outcome.out, nullptr, false);
  ASSERT_TRUE(document.is_object()) << outcome.out;
  EXPECT_EQ(document["error"]["kind"], "interrupted");
  EXPECT_GE(document["messages"].size(), 1U);
}

}  // namespace
}  // namespace sipauth::e2e
