#include "sip/dialogue.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "cli/peers.hpp"
#include "sipauth/digest.hpp"

namespace sipauth::sip {
namespace {

using namespace std::chrono_literals;
using peers::alice;
using peers::challenge_to;
using peers::header_of;
using peers::parameter_of;
using peers::response_to;
using peers::ScriptedTransport;

// Of the length of MD5, and of nobody.
constexpr std::string_view some_ha1 = "c2d8fb7f7c9d8fd0f4f4f3c41c0f2f8e";

// A registrar that answers requests without credentials with `challenge` rows, others with
// `status`.
class DialogueTest : public testing::Test {
 protected:
  DialogueTest() {
    transport.on_send = [this](auto& way, const std::string& sent) {
      const bool tried = !header_of(sent, "Authorization").empty() ||
                         !header_of(sent, "Proxy-Authorization").empty();
      way.arrives(tried ? response_to(sent, status, status == 401 ? rows : "")
                        : response_to(sent, 401, rows));
    };
  }

  // What was sent last, and in it the credentials.
  const std::string& last() const { return transport.sent().back(); }
  std::string credentials() const { return header_of(last(), "Authorization"); }
  std::string sent(std::string_view parameter) const {
    return parameter_of(credentials(), parameter);
  }

  std::string expected_response(const Algorithm* algorithm, Qop qop, std::string_view password,
                                std::string_view realm = "test", std::string_view nonce = "n1") {
    const auto nc = sent("nc");
    const auto cnonce = sent("cnonce");
    const auto digest = compute_digest({.algorithm = algorithm,
                                        .qop = qop,
                                        .username = "alice",
                                        .realm = realm,
                                        .password = password,
                                        .method = "REGISTER",
                                        .uri = "sip:127.0.0.1",
                                        .nonce = nonce,
                                        .nc = nc,
                                        .cnonce = cnonce});
    return digest ? std::string{digest->response.view()} : std::string{digest.error().sentence()};
  }

  ScriptedTransport transport;
  std::string rows = "WWW-Authenticate: Digest realm=\"test\", nonce=\"n1\", qop=\"auth\"\r\n";
  int status = 200;
  Session session{transport, alice(), {}, {}, 1};
};

TEST_F(DialogueTest, ChallengeIsAQueryByTheContract) {
  Dialogue dialogue{session};
  const auto challenged = dialogue.challenge();
  const auto& request = last();
  EXPECT_TRUE(request.starts_with("REGISTER sip:127.0.0.1 SIP/2.0\r\n")) << request;
  EXPECT_TRUE(header_of(request, "Via").starts_with("SIP/2.0/UDP 127.0.0.1:5062;branch=z9hG4bK"));
  EXPECT_NE(header_of(request, "Via").find(";rport"), std::string::npos);
  EXPECT_TRUE(header_of(request, "From").starts_with("<sip:alice@example.com>;tag="));
  EXPECT_EQ(header_of(request, "To"), "<sip:alice@example.com>");
  EXPECT_EQ(header_of(request, "CSeq"), "1 REGISTER");
  EXPECT_EQ(header_of(request, "Max-Forwards"), "70");
  EXPECT_EQ(header_of(request, "User-Agent"), "sipauth/" SIPAUTH_VERSION);
  EXPECT_EQ(header_of(request, "Content-Length"), "0");
  EXPECT_EQ(header_of(request, "Call-ID"), dialogue.call_id());
  for (const auto* absent : {"Contact", "Expires", "Authorization"}) {
    EXPECT_EQ(header_of(request, absent), "") << absent;
  }
  EXPECT_TRUE(challenged.usable());
  EXPECT_EQ(session.counters().refused, 0U);
}

TEST_F(DialogueTest, ContactAndExpiresForRegistrarsThatRefuseQueries) {
  Dialogue{session}.challenge_with_contact();
  EXPECT_EQ(header_of(last(), "Contact"), "<sip:alice@127.0.0.1:5062>");
  EXPECT_EQ(header_of(last(), "Expires"), "60");
}

TEST_F(DialogueTest, RequestsOfOneDialogueShareAllButCSeqAndBranch) {
  Dialogue dialogue{session};
  dialogue.challenge();
  dialogue.request("OPTIONS");
  const auto& first = transport.sent()[0];
  const auto& second = transport.sent()[1];
  EXPECT_TRUE(second.starts_with("OPTIONS sip:127.0.0.1 SIP/2.0\r\n"));
  EXPECT_EQ(header_of(second, "CSeq"), "2 OPTIONS");
  EXPECT_EQ(header_of(first, "Call-ID"), header_of(second, "Call-ID"));
  EXPECT_EQ(header_of(first, "From"), header_of(second, "From"));
  EXPECT_NE(header_of(first, "Via"), header_of(second, "Via"));
  Dialogue{session}.challenge();
  EXPECT_NE(header_of(first, "Call-ID"), header_of(last(), "Call-ID"));
}

TEST_F(DialogueTest, AnswerIsRightWithQopAuth) {
  Dialogue dialogue{session};
  const auto answered = dialogue.answer(dialogue.challenge());
  EXPECT_TRUE(answered.accepted());
  EXPECT_EQ(sent("username"), "alice");
  EXPECT_EQ(sent("realm"), "test");
  EXPECT_EQ(sent("nonce"), "n1");
  EXPECT_EQ(sent("uri"), "sip:127.0.0.1");
  EXPECT_EQ(sent("nc"), "00000001");
  EXPECT_EQ(sent("qop"), "auth");
  EXPECT_GE(sent("cnonce").size(), 16U);
  EXPECT_EQ(sent("response"), expected_response(nullptr, Qop::auth, "secret"));
  EXPECT_NE(credentials().find("qop=auth,"), std::string::npos) << credentials();
  EXPECT_EQ(sent("algorithm"), "");
  EXPECT_EQ(sent("opaque"), "");
  EXPECT_EQ(header_of(last(), "CSeq"), "2 REGISTER");
  EXPECT_EQ(answered.sent->nonce, "n1");
  EXPECT_EQ(session.counters().refused, 0U);
}

TEST_F(DialogueTest, WithoutQopThereIsNoCountAndNoCnonce) {
  rows = "WWW-Authenticate: Digest realm=\"test\", nonce=\"n1\"\r\n";
  Dialogue dialogue{session};
  dialogue.answer(dialogue.challenge());
  for (const auto* absent : {"qop", "nc", "cnonce"}) EXPECT_EQ(sent(absent), "") << absent;
  EXPECT_EQ(sent("response"), expected_response(nullptr, Qop::none, "secret"));
}

TEST_F(DialogueTest, AlgorithmIsEchoedAsWrittenAndOpaqueUnchanged) {
  rows =
      "WWW-Authenticate: Digest realm=\"test\", nonce=\"n1\", algorithm=sha-256, qop=\"auth\", "
      "opaque=\"o,\\\"p\"\r\n";
  Dialogue dialogue{session};
  dialogue.answer(dialogue.challenge());
  EXPECT_NE(credentials().find("algorithm=sha-256"), std::string::npos) << credentials();
  EXPECT_NE(credentials().find("opaque=\"o,\\\"p\""), std::string::npos) << credentials();
  EXPECT_EQ(sent("response"), expected_response(find_algorithm("SHA-256"), Qop::auth, "secret"));
}

TEST_F(DialogueTest, EmptyOpaqueIsEchoedToo) {
  rows = "WWW-Authenticate: Digest realm=\"test\", nonce=\"n1\", opaque=\"\"\r\n";
  Dialogue dialogue{session};
  dialogue.answer(dialogue.challenge());
  EXPECT_NE(credentials().find("opaque=\"\""), std::string::npos) << credentials();
}

TEST_F(DialogueTest, AuthIntHashesTheEmptyBody) {
  rows = "WWW-Authenticate: Digest realm=\"test\", nonce=\"n1\", qop=\"auth-int\"\r\n";
  Dialogue dialogue{session};
  dialogue.answer(dialogue.challenge());
  EXPECT_EQ(sent("qop"), "auth-int");
  EXPECT_EQ(sent("response"), expected_response(nullptr, Qop::auth_int, "secret"));
}

TEST_F(DialogueTest, SessionAlgorithmSendsItsCnonceEvenWithoutQop) {
  rows = "WWW-Authenticate: Digest realm=\"test\", nonce=\"n1\", algorithm=MD5-sess\r\n";
  Dialogue dialogue{session};
  dialogue.answer(dialogue.challenge());
  EXPECT_NE(sent("cnonce"), "");
  EXPECT_EQ(sent("response"), expected_response(find_algorithm("MD5-sess"), Qop::none, "secret"));
}

TEST_F(DialogueTest, ProxyChallengeIsAnsweredInItsOwnHeader) {
  rows = "Proxy-Authenticate: Digest realm=\"test\", nonce=\"n1\", qop=\"auth\"\r\n";
  Dialogue dialogue{session};
  dialogue.answer(dialogue.challenge());
  EXPECT_EQ(header_of(last(), "Authorization"), "");
  EXPECT_EQ(parameter_of(header_of(last(), "Proxy-Authorization"), "nonce"), "n1");
}

TEST_F(DialogueTest, UserhashHidesTheName) {
  rows =
      "WWW-Authenticate: Digest realm=\"test\", nonce=\"n1\", algorithm=SHA-256, qop=\"auth\", "
      "userhash=true\r\n";
  Dialogue dialogue{session};
  dialogue.answer(dialogue.challenge());
  const auto hashed = compute_userhash(*find_algorithm("SHA-256"), "alice", "test");
  ASSERT_TRUE(hashed);
  EXPECT_EQ(sent("username"), hashed->view());
  EXPECT_EQ(sent("userhash"), "true");
  EXPECT_EQ(sent("response"), expected_response(find_algorithm("SHA-256"), Qop::auth, "secret"));
}

TEST_F(DialogueTest, Ha1StandsForThePassword) {
  const std::vector<std::string_view> parts{"alice:test:secret"};
  const auto ha1 = hash_hex(Hash::md5, parts);
  ASSERT_TRUE(ha1);
  auto identity = alice();
  identity.password = Secret{ha1->view()};
  identity.password_is_ha1 = true;
  Session run{transport, std::move(identity), {}, {}, 1};
  Dialogue dialogue{run};
  dialogue.answer(dialogue.challenge());
  EXPECT_EQ(sent("response"), expected_response(nullptr, Qop::auth, "secret"));
}

TEST_F(DialogueTest, NameOfTheDigestMayDifferFromTheUser) {
  auto identity = alice();
  identity.auth_user = "alice-auth";
  Session run{transport, std::move(identity), {}, {}, 1};
  Dialogue dialogue{run};
  dialogue.answer(dialogue.challenge());
  EXPECT_EQ(sent("username"), "alice-auth");
  EXPECT_EQ(header_of(last(), "To"), "<sip:alice@example.com>");
}

TEST_F(DialogueTest, GivenUserStandsInFromToAndDigest) {
  Dialogue dialogue{session, "no one"};
  dialogue.answer(dialogue.challenge());
  EXPECT_EQ(sent("username"), "no one");
  EXPECT_EQ(header_of(last(), "To"), "<sip:no%20one@example.com>");
}

TEST_F(DialogueTest, CountOfANonceRisesOverDialogues) {
  Dialogue one{session};
  Dialogue other{session};
  const auto challenged = one.challenge();
  one.answer(challenged);
  EXPECT_EQ(sent("nc"), "00000001");
  other.answer(challenged);
  EXPECT_EQ(sent("nc"), "00000002");
  one.answer(challenged, {.nc = 0xabcdef});
  EXPECT_EQ(sent("nc"), "00abcdef");
}

TEST_F(DialogueTest, SendAgainRepeatsTheCredentialsWithANewCSeqAndBranch) {
  Dialogue dialogue{session};
  const auto answered = dialogue.answer(dialogue.challenge());
  const auto first = last();
  dialogue.send_again(answered);
  EXPECT_EQ(header_of(first, "Authorization"), credentials());
  EXPECT_EQ(header_of(last(), "CSeq"), "3 REGISTER");
  EXPECT_NE(header_of(first, "Via"), header_of(last(), "Via"));
}

TEST_F(DialogueTest, ForeignNonceIsHashedAndCountsAsRefused) {
  Dialogue dialogue{session};
  const auto answered =
      dialogue.answer(dialogue.challenge(), Deviation::with_nonce("never issued"));
  EXPECT_EQ(sent("nonce"), "never issued");
  EXPECT_EQ(sent("response"),
            expected_response(nullptr, Qop::auth, "secret", "test", "never issued"));
  EXPECT_EQ(session.counters().refused, 1U);
  dialogue.send_again(answered);
  EXPECT_EQ(session.counters().refused, 2U);
}

TEST_F(DialogueTest, WrongPasswordIsWrongAndCountsOnce) {
  status = 401;
  Dialogue dialogue{session};
  dialogue.answer(dialogue.challenge(), Deviation::with_wrong_password());
  EXPECT_EQ(sent("response").size(), 32U);
  EXPECT_NE(sent("response"), expected_response(nullptr, Qop::auth, "secret"));
  EXPECT_EQ(session.counters().refused, 1U);
}

TEST_F(DialogueTest, WrongHa1HasTheRightLength) {
  auto identity = alice();
  identity.password = Secret{some_ha1};
  identity.password_is_ha1 = true;
  Session run{transport, std::move(identity), {}, {}, 1};
  Dialogue dialogue{run};
  const auto challenged = dialogue.challenge();
  dialogue.answer(challenged, {.wrong_password = true, .nc = 1});
  EXPECT_EQ(sent("response").size(), 32U);
  EXPECT_EQ(run.counters().refused, 1U);
}

TEST_F(DialogueTest, GenuineNonceCountsOnlyWhenItWasRefused) {
  Dialogue dialogue{session};
  const auto challenged = dialogue.challenge();
  dialogue.answer(challenged);
  EXPECT_EQ(session.counters().refused, 0U);
  for (const int refusal : {401, 403}) {
    status = refusal;
    dialogue.answer(challenged);
  }
  EXPECT_EQ(session.counters().refused, 2U);
  status = 503;
  dialogue.answer(challenged);
  EXPECT_EQ(session.counters().refused, 2U);
}

TEST_F(DialogueTest, OldNonceOfOursCountsAsTheProcedureSays) {
  Dialogue dialogue{session};
  dialogue.answer(dialogue.challenge(), {.nonce = "issued before", .must_be_refused = false});
  EXPECT_EQ(session.counters().refused, 0U);
}

TEST_F(DialogueTest, HeadersOfTheUserAndUserAgentAreSent) {
  auto identity = alice();
  identity.extra_headers = {{"X-Test", "one\r\ntwo"}};
  identity.user_agent = "phone/1";
  Session run{transport, std::move(identity), {}, {}, 1};
  Dialogue{run}.challenge();
  EXPECT_EQ(header_of(last(), "X-Test"), "onetwo");
  EXPECT_EQ(header_of(last(), "User-Agent"), "phone/1");
  EXPECT_EQ(header_of(last(), "two"), "");
}

TEST_F(DialogueTest, HostileChallengeInjectsNoHeader) {
  rows =
      "WWW-Authenticate: Digest realm=\"a\r\n X-Evil: 1\", nonce=\"b\\\r\n X-Evil: 2\", "
      "opaque=\"\\\"\r\n X-Evil: 3\"\r\n";
  Dialogue dialogue{session};
  const auto challenged = dialogue.challenge();
  ASSERT_TRUE(challenged.usable());
  dialogue.answer(challenged);
  EXPECT_EQ(header_of(last(), "X-Evil"), "");
  EXPECT_EQ(last().find("\r\n X-Evil"), std::string::npos);
  EXPECT_NE(sent("response"), "");
}

TEST_F(DialogueTest, StreamsAreNamedInTheVia) {
  transport.transport = net::TransportKind::tls;
  Dialogue{session}.challenge();
  EXPECT_TRUE(header_of(last(), "Via").starts_with("SIP/2.0/TLS "));
}

TEST_F(DialogueTest, DigestThatCannotBeComputedIsNeverSent) {
  auto identity = alice();
  identity.password = Secret{some_ha1};
  identity.password_is_ha1 = true;
  Session run{transport, std::move(identity), {}, {}, 1};
  const Offer of_another_hash{.realm = "test",
                              .nonce = "n1",
                              .algorithm = find_algorithm("SHA-256"),
                              .qop = Qop::auth,
                              .answerable = true};
  EXPECT_THROW((void)make_credentials(run, of_another_hash, "alice", 1, {}), NoAnswer);
}

}  // namespace
}  // namespace sipauth::sip
