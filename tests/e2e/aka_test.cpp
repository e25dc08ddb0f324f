// --aka-file, from outside: V-AKA-OWN through `digest`, a phone and an IMS core of our own.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <string>

#include "e2e/tool.hpp"

namespace sipauth::e2e {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::string_view set1 =
    "k=465b5ce8b199b49faa5f0a2ee238a6bc\nop=cdc202d5123e20f62b6d676ac72cb318\n";

std::string challenge(const std::string& more) {
  return "Digest realm=\"ims.example\", "
         "nonce=\"I1U8vpY3qJ0hiuZNrke/NVXzKLQ1d7m5Sp/6w1Tfr7M=\"" +
         more;
}

struct Row {
  std::string more;
  std::string_view response;
};

TEST(AkaDigest, AnswersAsComputedByHand) {
  const ScratchDirectory scratch;
  const auto keys = scratch.file("keys", set1);
  for (const auto& [more, response] :
       {Row{", algorithm=AKAv1-MD5", "a686c2dfc6ba19182840b5d10eee6ea5"},
        Row{", algorithm=AKAv1-MD5, qop=\"auth\"", "e389bdd943f206ed0728065e735ffb95"},
        Row{", algorithm=AKAv2-MD5", "bbbe01a17ec9e78e8ac69367b87f38b4"},
        Row{", algorithm=AKAv2-MD5, qop=\"auth\"", "a99af3c8964a192be93794f016f7ccf1"}}) {
    const auto answer =
        run({"digest", "--challenge", challenge(more), "--user", "alice@ims.example", "--uri",
             "sip:ims.example", "--cnonce", "0a4f113b", "--aka-file", keys});
    EXPECT_EQ(answer.exit, 0) << answer.err;
    EXPECT_THAT(answer.out, HasSubstr("response=\"" + std::string{response} + "\""));
    EXPECT_THAT(answer.out, HasSubstr("SQN ff9bb4d0b607, AMF b9b9"));
    const auto header = answer.out.substr(answer.out.find("Authorization:"));
    const auto verified = run({"digest", "--header", "-", "--aka-file", keys}, header);
    EXPECT_EQ(verified.exit, 0) << verified.out << verified.err;
    EXPECT_THAT(verified.out, HasSubstr("MATCH"));
  }
}

TEST(AkaDigest, AsksForResynchronisationAndReadsItBack) {
  const ScratchDirectory scratch;
  std::string card{set1};
  card += "sqn=ff9bb4d0b607\n";
  const auto keys = scratch.file("keys", card);
  const auto answer = run({"digest", "--challenge", challenge(", algorithm=AKAv1-MD5"), "--user",
                           "alice@ims.example", "--uri", "sip:ims.example", "--aka-file", keys});
  EXPECT_EQ(answer.exit, 0) << answer.err;
  EXPECT_THAT(answer.out, HasSubstr("auts=\"uoU/PBI8z0TpNZbjVcY=\""));
  const auto header = answer.out.substr(answer.out.find("Authorization:"));
  const auto verified = run({"digest", "--header", "-", "--aka-file", keys}, header);
  EXPECT_EQ(verified.exit, 0) << verified.out << verified.err;
  EXPECT_THAT(verified.out, HasSubstr("auts is right: the card is at SQN ff9bb4d0b607"));
}

TEST(AkaDigest, DoesNotAnswerAWrongMac) {
  const ScratchDirectory scratch;
  auto other = std::string{set1};
  other[2] = '5';
  const auto answer =
      run({"digest", "--challenge", challenge(", algorithm=AKAv1-MD5"), "--user", "alice", "--uri",
           "sip:ims.example", "--aka-file", scratch.file("keys", other)});
  EXPECT_EQ(answer.exit, 2);
  EXPECT_EQ(answer.out, "");
  EXPECT_THAT(answer.err, HasSubstr("MAC in this nonce is wrong"));
}

TEST(AkaDigest, TakesNoOtherAlgorithm) {
  const ScratchDirectory scratch;
  const auto answer = run({"digest", "--challenge", challenge(""), "--user", "alice", "--uri",
                           "sip:ims.example", "--aka-file", scratch.file("keys", set1)});
  EXPECT_EQ(answer.exit, 2);
  EXPECT_THAT(answer.err, HasSubstr("this one is MD5"));
}

TEST(AkaFile, ThatOthersCanReadIsRefused) {
  const ScratchDirectory scratch;
  const auto keys = scratch.file("keys", set1, 0640);
  const auto probed = run({"probe", "-q", "sip:alice@127.0.0.1:9", "--aka-file", keys});
  EXPECT_EQ(probed.exit, 2);
  EXPECT_THAT(probed.err, HasSubstr("chmod 600"));
}

TEST(AkaProbe, RegistersWithACardAtACoreThatKnowsIt) {
  const ScratchDirectory scratch;
  const auto accounts = scratch.file(
      "accounts",
      "ada k=000102030405060708090a0b0c0d0e0f opc=101112131415161718191a1b1c1d1e1f amf=8000\n");
  Tool serve{{"serve", "--profile", "ims-aka", "--listen", "127.0.0.1:0", "--accounts", accounts}};
  ASSERT_TRUE(serve.wait_for("listening on udp/tcp ")) << serve.err();
  ASSERT_TRUE(serve.wait_for("\n"));
  const auto begin = serve.out().find("127.0.0.1:");
  const auto place = serve.out().substr(begin, serve.out().find(' ', begin) - begin);

  const std::string card =
      "k=000102030405060708090a0b0c0d0e0f opc=101112131415161718191a1b1c1d1e1f";
  const auto probed = run({"probe", "-q", "sip:ada@" + place, "--aka-file",
                           scratch.file("card", card + " sqn=000000001000")});
  EXPECT_EQ(probed.exit, 0) << probed.out << probed.err;
  EXPECT_THAT(probed.out, HasSubstr("accepted: 200 OK"));
  EXPECT_THAT(probed.out, HasSubstr("with auts"));
  EXPECT_THAT(probed.out, Not(HasSubstr("0001020304")));

  auto other = card;
  other[2] = '1';
  const auto stranger =
      run({"probe", "-q", "sip:ada@" + place, "--aka-file", scratch.file("other", other)});
  EXPECT_EQ(stranger.exit, 4) << stranger.out;
  EXPECT_THAT(stranger.out, HasSubstr("MAC is wrong"));
  serve.send_signal(SIGTERM);
  EXPECT_EQ(serve.finish().exit, 0);
}

}  // namespace
}  // namespace sipauth::e2e
