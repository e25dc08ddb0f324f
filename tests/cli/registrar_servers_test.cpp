#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "phone.hpp"
#include "registrar/nonce_format.hpp"

// What single servers do that the golden table of profiles_test.cpp has no column for.

namespace sipauth::registrar {
namespace {

using namespace std::chrono_literals;

// The defect that all of this is about: Asterisk of early 2005 and a phone with an older nonce.

class Asterisk2005 : public testing::Test {
 protected:
  World world{profile_with("asterisk-2005-before")};
  Phone phone{world};
};

TEST_F(Asterisk2005, LocksOutAPhoneThatKeepsItsOldNonce) {
  const auto old = phone.ask();
  ASSERT_EQ(phone.answer(old).kind(), "200");
  world.wait(5s);
  static_cast<void>(phone.ask());
  // Each 403 begins the 15 s again, so the state outlives them by far.
  for (int i = 0; i < 20; ++i) {
    world.wait(14s);
    const auto refused = phone.answer(old);
    EXPECT_EQ(refused.kind(), "403") << i;
    EXPECT_EQ(refused.reason, "Forbidden");
    EXPECT_TRUE(refused.rows.empty());
  }
}

TEST_F(Asterisk2005, ForgetsItsStateAfter15SecondsOfSilence) {
  const auto old = phone.ask();
  static_cast<void>(phone.ask());
  EXPECT_EQ(phone.answer(old).kind(), "403");
  world.wait(15s);
  const auto asked = phone.answer(old);
  EXPECT_EQ(asked.kind(), "S-");
  EXPECT_EQ(phone.answer(asked).kind(), "200");
}

TEST_F(Asterisk2005, IsHarmlessInANewCallId) {
  const auto old = phone.ask();
  static_cast<void>(phone.ask());
  Phone fresh{world, "alice", "secret", "call-2"};
  EXPECT_EQ(fresh.answer(old).kind(), "S-");
}

TEST_F(Asterisk2005, NeverReadsTheNonceOfTheHeader) {
  const auto asked = phone.ask();
  auto header = phone.credentials(asked);
  const auto at = header.find(asked.nonce);
  header.replace(at, asked.nonce.size(), "deadbeef");
  EXPECT_EQ(phone.ask({{"Authorization", header}}).kind(), "200");
}

TEST_F(Asterisk2005, NeverReadsTheUserNameOfTheHeader) {
  auto header = phone.credentials(phone.ask());
  const auto at = header.find("\"alice\"");
  header.replace(at, 7, "\"mallory\"");
  EXPECT_EQ(phone.ask({{"Authorization", header}}).kind(), "200");
}

TEST_F(Asterisk2005, GivesAnotherNonceToEachR0) { EXPECT_NE(phone.ask().nonce, phone.ask().nonce); }

TEST(Asterisk, R5834RefusesAnotherUserNameByName) {
  World world{profile_with("asterisk-2005-r5834")};
  Phone phone{world};
  const auto refused = phone.answer(phone.ask(), {.username = "bob"});
  EXPECT_EQ(refused.kind(), "403");
  EXPECT_EQ(refused.reason, "Authentication user name does not match account name");
}

TEST(Asterisk, TheFirstPatchSaysStaleForEver) {
  World world{profile_with("asterisk-2005-first-patch")};
  Phone phone{world};
  auto asked = phone.ask();
  for (int i = 0; i < 10; ++i) {
    const auto next = phone.answer(asked);
    EXPECT_EQ(next.kind(), "S+");
    EXPECT_NE(next.nonce, asked.nonce);
    asked = next;
  }
  const auto begin = asked.bytes.find("WWW-Authenticate: ");
  EXPECT_EQ(
      asked.bytes.substr(begin, asked.bytes.find("\r\n", begin) - begin),
      "WWW-Authenticate: Digest realm=\"asterisk\", nonce=\"" + asked.nonce + "\" stale=true");
}

TEST(Asterisk, ChanSipHandsOutTheUnansweredNonceOnceMore) {
  World world{profile_with("asterisk-chansip")};
  Phone phone{world};
  const auto old = phone.ask();
  const auto present = phone.ask();
  const auto stale = phone.answer(old);
  EXPECT_EQ(stale.kind(), "S+");
  EXPECT_EQ(stale.nonce, present.nonce);
  EXPECT_EQ(phone.answer(present).kind(), "200");
  const auto again = phone.answer(present);
  EXPECT_EQ(again.kind(), "S+");
  EXPECT_NE(again.nonce, present.nonce);
}

TEST(Asterisk, ChanSipReplacesTheNonceAfterAWrongPassword) {
  World world{profile_with("asterisk-chansip")};
  Phone phone{world};
  const auto old = phone.ask();
  const auto present = phone.ask();
  const auto plain = phone.answer(old, {.password = "wrong"});
  EXPECT_EQ(plain.kind(), "S-");
  EXPECT_NE(plain.nonce, present.nonce);
}

TEST(Asterisk, In2009CrossedRegistrationsRefuseEachOther) {
  World world{profile_with("asterisk-2009-loop")};
  Phone phone{world};
  auto one = phone.ask();
  auto two = phone.ask();
  one = phone.answer(one);
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(one.kind(), "S+");
    two = phone.answer(two);
    EXPECT_EQ(two.kind(), "S+");
    one = phone.answer(one);
  }
}

TEST(Asterisk, PjsipsNonceIsForOneAddressAndAnyPort) {
  World world{profile_with("asterisk-pjsip")};
  Phone phone{world};
  const auto asked = phone.ask();
  phone.source = "127.0.0.1:7000";
  EXPECT_EQ(phone.answer(asked).kind(), "200");
  phone.source = "127.0.0.2:7000";
  EXPECT_EQ(phone.answer(asked).kind(), "S+");
}

// What the other servers do that the golden table has no column for.

TEST(Kamailio, OfOneSecondIsOneNonce) {
  World world{profile_with("kamailio-default")};
  Phone phone{world};
  const auto one = phone.ask();
  EXPECT_EQ(phone.ask().nonce, one.nonce);
  world.wait(1s);
  EXPECT_NE(phone.ask().nonce, one.nonce);
}

// Measured on 5.6.3: the start within the nonce comes first, then the MAC, then the expiry.
TEST(Kamailio, WithFlag16OnlyTheStartIsLookedAtBeforeTheMac) {
  World world{profile_with("kamailio-stale16")};
  Phone phone{world};
  const auto asked = phone.ask();
  world.wait(100s);
  const auto kind_with = [&](Seconds expiry_later, Seconds start_later) {
    auto bytes = decode_base64(asked.nonce).value();
    const auto add = [&](std::size_t at, Seconds seconds) {
      std::uint32_t time = 0;
      for (std::size_t i = 0; i < 4; ++i)
        time = time << 8 | static_cast<unsigned char>(bytes[at + i]);
      time += static_cast<std::uint32_t>(seconds);
      for (std::size_t i = 4; i-- > 0; time >>= 8) bytes[at + i] = static_cast<char>(time & 0xff);
    };
    add(0, expiry_later);
    add(4, start_later);
    return phone.answer(asked, {.nonce = encode_base64(bytes)}).kind();
  };
  EXPECT_EQ(kind_with(0, 0), "200");
  EXPECT_EQ(kind_with(0, -1), "S+");  // before the registrar began
  EXPECT_EQ(kind_with(0, 1), "S-");
  EXPECT_EQ(kind_with(0, 103), "S-");
  EXPECT_EQ(kind_with(0, 104), "S+");  // no clock is so wrong
  EXPECT_EQ(kind_with(-1000, 0), "S-");
  EXPECT_EQ(kind_with(1000, 0), "S-");
}

TEST(Kamailio, NcTakesAnyLastCharacterButNoOther) {
  World world{profile_with("kamailio-nc")};
  Phone phone{world};
  const auto asked = phone.ask();
  auto last = asked.nonce;
  last.back() = 'A';
  EXPECT_EQ(phone.answer(asked, {.nonce = last}).kind(), "200");
  auto middle = asked.nonce;
  middle[20] = middle[20] == 'A' ? 'B' : 'A';
  EXPECT_EQ(phone.answer(asked, {.nonce = middle}).kind(), "S-");
  EXPECT_EQ(phone.answer(asked, {.nonce = asked.nonce + 'x'}).kind(), "S-");
}

TEST(Kamailio, NcKeepsEightBitsAndCountsBeforeTheDigest) {
  World world{profile_with("kamailio-nc")};
  Phone phone{world};
  const auto asked = phone.ask();
  EXPECT_EQ(phone.answer(asked, {.nc = "000000ff"}).kind(), "200");
  const auto next = phone.ask();
  EXPECT_EQ(phone.answer(next, {.nc = "00000100"}).kind(), "S-");
  const auto poisoned = phone.ask();
  EXPECT_EQ(phone.answer(poisoned, {.password = "wrong", .nc = "00000009"}).kind(), "S-");
  EXPECT_EQ(phone.answer(poisoned, {.nc = "00000002"}).kind(), "S-");
}

TEST(Kamailio, OtnBurnsTheNonceBeforeTheDigest) {
  World world{profile_with("kamailio-otn")};
  Phone phone{world};
  const auto asked = phone.ask();
  EXPECT_EQ(phone.answer(asked, {.password = "wrong"}).kind(), "S-");
  EXPECT_EQ(phone.answer(asked).kind(), "S-");
}

TEST(Kamailio, Checks11BindsTheNonceToTheCallId) {
  World world{profile_with("kamailio-checks11")};
  Phone phone{world};
  const auto asked = phone.ask();
  Phone other{world, "alice", "secret", "call-2"};
  EXPECT_EQ(other.answer(asked).kind(), "S-");
  EXPECT_EQ(phone.answer(asked).kind(), "200");
}

TEST(Kamailio, WritesItsAuthenticationInfoWithoutAQopToo) {
  World world{profile_with("kamailio-authinfo")};
  Phone phone{world};
  const auto with = phone.answer(phone.ask()).authentication_info;
  EXPECT_TRUE(with.starts_with("nextnonce=\"")) << with;
  EXPECT_TRUE(with.contains("\", qop=auth, rspauth=\"")) << with;
  EXPECT_TRUE(with.ends_with("\", cnonce=\"0a4f113b\", nc=00000001")) << with;
  const auto without_qop = phone.answer(phone.ask(), {.with_qop = false}).authentication_info;
  EXPECT_TRUE(without_qop.contains("\", qop=, rspauth=\"")) << without_qop;
  EXPECT_TRUE(without_qop.ends_with("\", cnonce=\"\", nc=")) << without_qop;
}

TEST(Kamailio, TheNextNonceItAnnouncesIsGood) {
  World world{profile_with("kamailio-authinfo")};
  Phone phone{world};
  const auto asked = phone.ask();
  const auto information = phone.answer(asked).authentication_info;
  const auto begin = information.find('"') + 1;
  const auto next = information.substr(begin, information.find('"', begin) - begin);
  EXPECT_EQ(phone.answer(asked, {.nonce = next}).kind(), "200");
}

TEST(OpenSips, TakesANonceTwiceOnlyInItsFirst31Seconds) {
  World world{profile_with("opensips-default")};
  Phone phone{world};
  world.wait(29s);
  const auto early = phone.ask();
  EXPECT_EQ(phone.answer(early).kind(), "200");
  EXPECT_EQ(phone.answer(early).kind(), "200");
  world.wait(3s);
  const auto late = phone.ask();
  EXPECT_EQ(phone.answer(late).kind(), "200");
  EXPECT_EQ(phone.answer(late).kind(), "S+");
}

TEST(FreeSwitch, ASuccessBeginsTheLifetimeAgain) {
  World world{profile_with("freeswitch")};
  Phone phone{world};
  const auto asked = phone.ask();
  world.wait(90s);
  EXPECT_EQ(phone.answer(asked, {.headers = {{"Expires", "60"}}}).kind(), "200");
  world.wait(150s);
  EXPECT_EQ(phone.answer(asked, {.nc = "00000002"}).kind(), "200");
  world.wait(92s);
  EXPECT_EQ(phone.answer(asked, {.nc = "00000003"}).kind(), "S+");
}

TEST(FreeSwitch, AnswersAnOldNonceElsewhereWithoutAChallenge) {
  World world{profile_with("freeswitch-bare401")};
  Phone phone{world};
  const auto asked = phone.ask();
  phone.method = "SUBSCRIBE";
  EXPECT_EQ(phone.ask().kind(), "S-");
  EXPECT_EQ(phone.answer(asked, {.nonce = foreign(asked.nonce)}).kind(), "401 bare");
}

TEST(Resip, NamesTheNonceItRefuses) {
  World world{profile_with("resip-dum")};
  Phone phone{world};
  const auto asked = phone.ask();
  EXPECT_EQ(asked.status, 407);
  EXPECT_EQ(phone.answer(asked, {.nonce = foreign(asked.nonce)}).reason, "Invalid nonce");
  EXPECT_EQ(phone.answer(asked, {.nonce = "1:" + std::string(32, 'a')}).kind(), "S+");
}

TEST(Repro, CallsAnotherBranchOfTheSameCSeqMerged) {
  World world{profile_with("repro")};
  Phone phone{world};
  EXPECT_EQ(phone.ask().status, 407);
  auto bytes = phone.last_request();
  bytes.insert(bytes.find(";rport"), "x");  // behind the branch
  EXPECT_EQ(read_answers(world.send(bytes)).status, 482);
}

TEST(Sofia, ReadsNothingBehindItsNonce) {
  World world{profile_with("sofia")};
  Phone phone{world};
  const auto asked = phone.ask();
  EXPECT_EQ(phone.answer(asked, {.nonce = asked.nonce + 'x'}).kind(), "200");
}

TEST(Flexisip, WantsACount) {
  World world{profile_with("flexisip")};
  Phone phone{world};
  EXPECT_EQ(phone.answer(phone.ask(), {.with_qop = false}).kind(), "400");
}

TEST(NcReplay403, SaysWhy) {
  World world{profile_with("nc-replay-403")};
  Phone phone{world};
  const auto asked = phone.ask();
  EXPECT_EQ(phone.ask().nonce, asked.nonce);
  static_cast<void>(phone.answer(asked));
  const auto refused = phone.answer(asked);
  EXPECT_EQ(refused.kind(), "403");
  EXPECT_TRUE(refused.bytes.contains("Warning: 399 registrar \"Digest replay attack detected\""));
}

}  // namespace
}  // namespace sipauth::registrar
