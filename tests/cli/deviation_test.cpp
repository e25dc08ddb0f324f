// What a dialogue does when a check wants something else than the plain request.

#include "sip/deviation.hpp"

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "cli/builtin_run.hpp"
#include "cli/peers.hpp"
#include "sip/binding.hpp"
#include "sip/dialogue.hpp"
#include "sipauth/digest.hpp"

namespace sipauth::sip {
namespace {

using peers::header_of;
using peers::parameter_of;
using peers::response_to;
using peers::ScriptedTransport;

class DeviationTest : public testing::Test {
 protected:
  DeviationTest() {
    transport.on_send = [this](auto& way, const std::string& sent) {
      const bool tried = !header_of(sent, "Authorization").empty();
      way.arrives(response_to(sent, tried ? 200 : 401, tried ? "" : rows));
    };
  }

  // Sends it and returns the credentials that went out.
  std::string credentials_with(const Deviation& deviation, const Shape& shape = {}) {
    Dialogue dialogue{session};
    dialogue.answer(dialogue.challenge(), deviation, shape);
    return header_of(last(), "Authorization");
  }

  static std::string digest_of(const std::string& credentials, DigestInput input) {
    const auto nc = parameter_of(credentials, "nc");
    const auto cnonce = parameter_of(credentials, "cnonce");
    input.nc = nc;
    input.cnonce = cnonce;
    return std::string{compute_digest(input)->response.view()};
  }

  const std::string& last() const { return transport.sent().back(); }

  static constexpr DigestInput plain{.qop = Qop::auth,
                                     .username = "alice",
                                     .realm = "test",
                                     .password = "secret",
                                     .method = "REGISTER",
                                     .uri = "sip:127.0.0.1",
                                     .nonce = "n1"};

  ScriptedTransport transport;
  std::string rows = "WWW-Authenticate: Digest realm=\"test\", nonce=\"n1\", qop=\"auth\"\r\n";
  Session session{transport, peers::alice(), {}, {}, 1};
};

TEST_F(DeviationTest, WhatIsWrittenIsHashedUnlessItSaysOtherwise) {
  const auto* const sha = find_algorithm("SHA-256");
  struct Row {
    Deviation deviation;
    std::string_view parameter;
    std::string written;
    DigestInput hashed;
  };
  auto with = [](auto member, auto value) {
    auto input = plain;
    input.*member = value;
    return input;
  };
  const std::vector<Row> table{
      {{.username = "mallory"}, "username", "mallory", with(&DigestInput::username, "mallory")},
      {{.realm = "other"}, "realm", "other", with(&DigestInput::realm, "other")},
      {{.uri = "sip:other"}, "uri", "sip:other", with(&DigestInput::uri, "sip:other")},
      {{.hashed_uri = "sip:other"}, "uri", "sip:127.0.0.1", with(&DigestInput::uri, "sip:other")},
      {{.hashed_method = "INVITE"}, "uri", "sip:127.0.0.1", with(&DigestInput::method, "INVITE")},
      {{.empty_password = true}, "username", "alice", with(&DigestInput::password, "")},
      {{.algorithm = sha, .algorithm_text = "SHA-256"},
       "algorithm",
       "SHA-256",
       with(&DigestInput::algorithm, sha)},
      {{.algorithm_text = "FOO"}, "algorithm", "FOO", plain},
      {{.qop = Qop::none}, "qop", "", with(&DigestInput::qop, Qop::none)},
  };
  for (const auto& row : table) {
    const auto credentials = credentials_with(row.deviation);
    EXPECT_EQ(parameter_of(credentials, row.parameter), row.written) << credentials;
    EXPECT_EQ(parameter_of(credentials, "response"), digest_of(credentials, row.hashed))
        << credentials;
    EXPECT_FALSE(row.deviation.is_plain()) << credentials;
  }
  EXPECT_TRUE(Deviation{}.is_plain());
}

TEST_F(DeviationTest, AnEmptyPasswordHasToBeRefused) {
  credentials_with({.empty_password = true});
  EXPECT_EQ(session.counters().refused, 1U);
}

TEST_F(DeviationTest, AnotherAccountAnswersWithItsOwnNameAndPassword) {
  const Account bob{.user = "bob", .password = Secret{"secret2"}};
  const auto credentials = credentials_with({.account = &bob});
  auto input = plain;
  input.username = "bob";
  input.password = "secret2";
  EXPECT_EQ(parameter_of(credentials, "username"), "bob");
  EXPECT_EQ(parameter_of(credentials, "response"), digest_of(credentials, input));
  EXPECT_EQ(header_of(last(), "To"), "<sip:alice@example.com>");
}

TEST_F(DeviationTest, RewriteHasTheLastWord) {
  credentials_with({.rewrite = [](WrittenCredentials& written) {
    written.header = "AUTHORIZATION";
    written.scheme = "digest";
    written.remove("cnonce");
    written.set("nonce", "other");
    written.set("extra", "x");
    written.separator = ",";
    written.rows_before.push_back({"Authorization", "Digest realm=\"before\""});
    written.rows_after.push_back({"Authorization", "Digest realm=\"after\""});
  }});
  const auto& sent = last();
  const auto before = sent.find("Authorization: Digest realm=\"before\"\r\n");
  const auto own =
      sent.find("AUTHORIZATION: digest username=\"alice\",realm=\"test\",nonce=\"other\"");
  const auto after = sent.find("Authorization: Digest realm=\"after\"\r\n");
  EXPECT_LT(before, own) << sent;
  EXPECT_LT(own, after) << sent;
  EXPECT_NE(after, std::string::npos) << sent;
  EXPECT_EQ(sent.find("cnonce"), std::string::npos) << sent;
}

TEST_F(DeviationTest, AValueOfItsOwnIsWrittenByteForByte) {
  credentials_with({.rewrite = [](WrittenCredentials& written) {
    written.value = "Digest\r\n\t" + written.text().substr(7);
  }});
  EXPECT_NE(last().find("Authorization: Digest\r\n\tusername=\"alice\""), std::string::npos)
      << last();
}

TEST_F(DeviationTest, TheShapeOfARequestIsWrittenAsToldAndThatOfTheNextIsPlain) {
  Dialogue dialogue{session};
  dialogue.challenge({.from_user = "mallory",
                      .to_user = "bob",
                      .from_tag = "f1",
                      .to_tag = "t1",
                      .cseq = 7,
                      .via_host = "192.0.2.1:5066",
                      .rport = false,
                      .headers = {{"Expires", "0"}},
                      .body = "x",
                      .content_type = "text/plain",
                      .content_length = false});
  const auto odd = last();
  EXPECT_EQ(header_of(odd, "From"), "<sip:mallory@example.com>;tag=f1");
  EXPECT_EQ(header_of(odd, "To"), "<sip:bob@example.com>;tag=t1");
  EXPECT_EQ(header_of(odd, "CSeq"), "7 REGISTER");
  EXPECT_EQ(header_of(odd, "Expires"), "0");
  EXPECT_EQ(header_of(odd, "Content-Length"), "");
  EXPECT_EQ(header_of(odd, "Content-Type"), "text/plain");
  EXPECT_TRUE(header_of(odd, "Via").starts_with("SIP/2.0/UDP 192.0.2.1:5066;branch="));
  EXPECT_EQ(odd.find(";rport"), std::string::npos);
  EXPECT_TRUE(odd.ends_with("\r\n\r\nx"));
  dialogue.challenge();
  EXPECT_EQ(header_of(last(), "CSeq"), "2 REGISTER");
  EXPECT_EQ(header_of(last(), "To"), "<sip:alice@example.com>");
  EXPECT_NE(last().find(";rport"), std::string::npos);
}

TEST_F(DeviationTest, ARetransmissionIsTheSameBytesAndItsAnswerIsSeen) {
  Dialogue dialogue{session};
  const auto answered = dialogue.answer(dialogue.challenge());
  const auto again = dialogue.retransmit(answered);
  EXPECT_EQ(transport.sent()[1], transport.sent()[2]);
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.retransmissions, 0);
  EXPECT_EQ(session.noise().duplicates, 0U);
  dialogue.challenge();
  EXPECT_EQ(header_of(last(), "CSeq"), "3 REGISTER");
}

TEST_F(DeviationTest, CredentialsRememberWhatAnAuthenticationInfoMustEcho) {
  Dialogue dialogue{session};
  const auto answered = dialogue.answer(dialogue.challenge());
  const auto credentials = header_of(last(), "Authorization");
  const auto& sent = *answered.sent;
  EXPECT_EQ(sent.nc_text, parameter_of(credentials, "nc"));
  EXPECT_EQ(sent.cnonce, parameter_of(credentials, "cnonce"));
  EXPECT_EQ(sent.qop, Qop::auth);
  auto input = plain;
  input.nc = sent.nc_text;
  input.cnonce = sent.cnonce;
  EXPECT_EQ(sent.rspauth, compute_rspauth(input)->response.view());
}

TEST_F(DeviationTest, AnAnswerBehindAuthenticationCountsAsAcceptedOnceItWasLearnt) {
  transport.on_send = [](auto& way, const std::string& sent) {
    way.arrives(response_to(sent, 489));
  };
  Dialogue dialogue{session};
  EXPECT_FALSE(dialogue.challenge().accepted());
  session.learn_acceptance(489);
  EXPECT_TRUE(dialogue.challenge().accepted());
}

// A registrar behind a proxy, each with a nonce of its own; the proxy's ages at will.
class BehindProxy : public testing::Test {
 protected:
  BehindProxy() {
    transport.on_send = [this](auto& way, const std::string& sent) {
      const auto to_proxy = header_of(sent, "Proxy-Authorization");
      const auto to_registrar = header_of(sent, "Authorization");
      if (parameter_of(to_proxy, "nonce") != proxy_nonce) {
        way.arrives(response_to(sent, 407,
                                "Proxy-Authenticate: Digest realm=\"p\", nonce=\"" + proxy_nonce +
                                    "\", qop=\"auth\"\r\n"));
      } else if (to_registrar.empty()) {
        way.arrives(
            response_to(sent, 401, "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\"\r\n"));
      } else {
        way.arrives(response_to(sent, 200));
      }
    };
  }

  ScriptedTransport transport;
  std::string proxy_nonce = "p1";
  Session session{transport, peers::alice(), {}, {}, 1};
};

TEST_F(BehindProxy, BothAreAnsweredInOneFlow) {
  Dialogue dialogue{session};
  const auto challenged = dialogue.challenge();
  EXPECT_EQ(challenged.status, 407);
  EXPECT_TRUE(dialogue.answer(challenged).accepted());
  EXPECT_EQ(transport.sent().size(), 3U);
  const auto& last = transport.sent().back();
  EXPECT_EQ(parameter_of(header_of(last, "Proxy-Authorization"), "nc"), "00000002");
  EXPECT_EQ(parameter_of(header_of(last, "Authorization"), "realm"), "r");
}

TEST_F(BehindProxy, TheRegistrarIsAskedThroughItFromThenOn) {
  Dialogue first{session};
  first.answer(first.challenge());
  Dialogue next{session};
  EXPECT_EQ(next.challenge().status, 401);
  proxy_nonce = "p2";
  EXPECT_EQ(next.challenge().status, 401) << "a new nonce of the proxy is followed";
}

TEST_F(BehindProxy, AWrongPasswordIsNoWayThroughIt) {
  Dialogue dialogue{session};
  dialogue.answer(dialogue.challenge(), Deviation::with_wrong_password());
  EXPECT_FALSE(session.proxy());
}

TEST(Unbinding, RemovesWhatWasBoundEvenAfterAnInterrupt) {
  auto run = run_builtin("strict", "", {.only = {"SA-CH-01"}});
  auto& session = *run.session;
  Dialogue dialogue{session};
  const Shape binding{.headers = {{"Contact", dialogue.contact()}, {"Expires", "60"}}};
  ASSERT_TRUE(dialogue.answer(dialogue.challenge(binding), {}, binding).accepted());
  ASSERT_EQ(session.bindings().size(), 1U);

  net::stop_requested = true;
  EXPECT_TRUE(unbind(session).empty());
  EXPECT_TRUE(net::stop_requested.exchange(false)) << "the interrupt is still told of";

  EXPECT_TRUE(session.bindings().empty());
  const auto asked = dialogue.answer(dialogue.challenge());
  EXPECT_EQ(header_of(session.recorder().at(*asked.response).bytes, "Contact"), "");
}

TEST(Unbinding, NamesWhatIsLeft) {
  auto run = run_builtin("strict", "", {.only = {"SA-CH-01"}, .password = "wrong"});
  run.session->note_bindings({{"Contact", "<sip:alice@127.0.0.1:5062>"}});
  EXPECT_EQ(unbind(*run.session), std::vector<std::string>{"<sip:alice@127.0.0.1:5062>"});
}

TEST(AnotherWay, ReachesTheSameRegistrarFromElsewhere) {
  auto run = run_builtin("strict", "", {.only = {"SA-CH-01"}});
  auto& session = *run.session;
  struct Row {
    sip::AnotherWay way;
    std::string_view local;
    bool reliable;
  };
  for (const auto& [way, local, reliable] :
       {Row{{}, "127.0.0.1:5064", false}, Row{{.other_address = true}, "127.0.0.2:5066", false},
        Row{{.transport = net::TransportKind::tcp}, "127.0.0.1:5068", true}}) {
    auto* const other = session.open_another(way).value();
    EXPECT_EQ(other->local(), local);
    EXPECT_EQ(other->is_reliable(), reliable);
    Dialogue dialogue{session};
    const auto offered = dialogue.challenge();
    EXPECT_TRUE(dialogue.answer(offered, {}, {.over = other}).accepted());
    session.close(other);
  }
  EXPECT_EQ(session.open_another({.transport = net::TransportKind::tls}).error().kind,
            net::NetError::Kind::usage);
}

TEST(AnotherWay, TheSecondTargetKnowsNoNonceOfTheFirst) {
  auto run = run_builtin("strict", "", {.only = {"SA-CH-01"}});
  auto& session = *run.session;
  auto* const second = session.open_another({.second_target = true}).value();
  Dialogue dialogue{session};
  const auto elsewhere = dialogue.challenge({.over = second});
  EXPECT_TRUE(dialogue.answer(elsewhere).stale());
}

struct OtherMethod {
  std::string method;
  int accepted = 0;
};

TEST(OtherMethods, AreCheckedLikeRegister) {
  for (const auto& [method, accepted] :
       {OtherMethod{"OPTIONS", 200}, OtherMethod{"SUBSCRIBE", 405}, OtherMethod{"MESSAGE", 405}}) {
    const auto run = run_builtin(
        "strict", "challenges-all",
        {.only = {"SA-AUTH-01", "SA-AUTH-03", "SA-NONCE-02", "SA-STALE-07"}, .method = method});
    EXPECT_EQ(run.all(Verdict::pass), "SA-AUTH-01 SA-AUTH-03 SA-NONCE-02 SA-STALE-07") << method;
    EXPECT_EQ(run["SA-AUTH-01"].evidence.front().status, accepted) << method;
  }
}

TEST(OtherMethods, ABare401ToSubscribeIsSeen) {
  const auto run = run_builtin("freeswitch-bare401", "",
                               {.only = {"SA-CH-02", "SA-NONCE-02"}, .method = "SUBSCRIBE"});
  EXPECT_EQ(verdict_name(run["SA-CH-02"].verdict), "fail") << run["SA-CH-02"].observed;
}

TEST(BehindAProxy, TheRegistrarIsJudged) {
  const auto run = run_builtin("strict", "proxy-first",
                               {.only = {"SA-CH-01", "SA-CH-09", "SA-CH-12", "SA-CH-13",
                                         "SA-AUTH-01", "SA-NONCE-02", "SA-STALE-11"}});
  EXPECT_EQ(run.all(Verdict::fail), "");
  EXPECT_EQ(run.all(Verdict::warn), "");
  EXPECT_NE(run["SA-CH-01"].observed.find("by a proxy"), std::string::npos)
      << run["SA-CH-01"].observed;
}

}  // namespace
}  // namespace sipauth::sip
