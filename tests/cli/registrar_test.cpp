#include "registrar/registrar.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "phone.hpp"
#include "registrar/nonce_book.hpp"

namespace sipauth::registrar {
namespace {

using namespace std::chrono_literals;

std::string request(std::string_view method, std::string_view more = "") {
  return std::string{method} +
         " sip:test.local SIP/2.0\r\n"
         "Via: SIP/2.0/UDP 10.0.0.7:5999;branch=z9hG4bK1;rport\r\n"
         "Via: SIP/2.0/UDP 10.0.0.8;branch=z9hG4bK0\r\n"
         "From: \"Alice\" <sip:alice@test.local>;tag=f1\r\n"
         "To: <sip:alice@test.local>\r\n"
         "Call-ID: c1\r\n"
         "CSeq: 7 " +
         std::string{method} + "\r\n" + std::string{more} + "Content-Length: 0\r\n\r\n";
}

std::string without(std::string text, std::string_view header) {
  const auto begin = text.find(header);
  return text.erase(begin, text.find("\r\n", begin) + 2 - begin);
}

bool has_line(const Read& read, std::string_view line) {
  return read.bytes.contains("\r\n" + std::string{line} + "\r\n");
}

// The skeleton of an answer (RFC 3261 8.2.6, RFC 3581).

TEST(Registrar, CopiesWhatAnAnswerMustCopy) {
  World world{profile_with("kamailio-default")};
  const auto answer = read_answers(world.send(request("REGISTER"), "127.0.0.1:40000"));
  EXPECT_EQ(answer.status, 401);
  EXPECT_TRUE(has_line(answer,
                       "Via: SIP/2.0/UDP "
                       "10.0.0.7:5999;branch=z9hG4bK1;rport=40000;received=127.0.0.1\r\n"
                       "Via: SIP/2.0/UDP 10.0.0.8;branch=z9hG4bK0"))
      << answer.bytes;
  EXPECT_TRUE(has_line(answer, "From: \"Alice\" <sip:alice@test.local>;tag=f1"));
  EXPECT_TRUE(has_line(answer, "Call-ID: c1"));
  EXPECT_TRUE(has_line(answer, "CSeq: 7 REGISTER"));
  EXPECT_TRUE(has_line(answer, "Server: kamailio (5.6.3)"));
  EXPECT_TRUE(has_line(answer, "Content-Length: 0"));
  EXPECT_FALSE(answer.to_tag.empty());
}

TEST(Registrar, ReceivedOfAnIpv6AddressHasNoBrackets) {
  World world{profile_with("strict")};
  const auto answer = read_answers(world.send(request("REGISTER"), "[::1]:40000"));
  EXPECT_TRUE(answer.bytes.contains(";rport=40000;received=::1\r\n")) << answer.bytes;
}

TEST(Registrar, KeepsAToTagThatIsThere) {
  World world{profile_with("strict")};
  auto bytes = request("REGISTER");
  bytes.replace(bytes.find("To: <sip:alice@test.local>"), 26, "To: <sip:alice@test.local>;tag=t9");
  EXPECT_EQ(read_answers(world.send(bytes)).to_tag, "t9");
}

struct Skeleton {
  std::string_view proves;
  std::string bytes;
  int status;  ///< 0: silence
};

void PrintTo(const Skeleton& row, std::ostream* out) { *out << row.proves; }

class SkeletonTest : public testing::TestWithParam<Skeleton> {};

TEST_P(SkeletonTest, IsAnsweredOrNot) {
  World world{profile_with("strict")};
  EXPECT_EQ(read_answers(world.send(GetParam().bytes)).status, GetParam().status);
}

std::string skeleton_name(const testing::TestParamInfo<Skeleton>& info) {
  return std::string{info.param.proves};
}

INSTANTIATE_TEST_SUITE_P(
    Requests, SkeletonTest,
    testing::ValuesIn(std::vector<Skeleton>{
        {"NothingIsNoRequest", "", 0},
        {"KeepAliveIsNoRequest", "\r\n\r\n", 0},
        {"GarbageIsNoRequest", "\x01\x02\xff\xfe", 0},
        {"HttpIsNoRequest", "GET / HTTP/1.1\r\n\r\n", 0},
        {"ResponsesAreNotAnswered", "SIP/2.0 200 OK\r\nCall-ID: x\r\n\r\n", 0},
        {"AckIsNeverAnswered", request("ACK"), 0},
        {"TooLongForADatagram", request("REGISTER", "X: " + std::string(66'000, 'x') + "\r\n"), 0},
        {"WithoutViaNobodyWouldTakeTheAnswer",
         without(without(request("REGISTER"), "Via: "), "Via: "), 0},
        {"WithoutCallId", without(request("REGISTER"), "Call-ID: "), 400},
        {"WithoutCSeq", without(request("REGISTER"), "CSeq: "), 400},
        {"WithoutFrom", without(request("REGISTER"), "From: "), 400},
        {"WithoutTo", without(request("REGISTER"), "To: "), 400},
        {"CallIdLongerThanCanBeRemembered",
         without(request("REGISTER", "Call-ID: " + std::string(2000, 'x') + "\r\n"), "Call-ID: c1"),
         400},
        {"OptionsNeedsNoCredentials", request("OPTIONS"), 200},
        {"InviteIsNotAllowed", request("INVITE"), 405},
        {"UnknownMethodsAreNotImplemented", request("FOO"), 501},
        {"CancelMatchesNothing", request("CANCEL"), 481},
    }),
    skeleton_name);

TEST(Registrar, EveryPrefixAndEveryChangedByteIsSurvived) {
  World world{profile_with("strict")};
  Phone phone{world};
  static_cast<void>(phone.answer(phone.ask(), {.headers = {{"Contact", "<sip:a@127.0.0.1>"}}}));
  const auto whole = phone.last_request();
  for (std::size_t length = 0; length < whole.size(); ++length) {
    static_cast<void>(world.send(std::string_view{whole}.substr(0, length)));
    auto changed = whole;
    changed[length] = static_cast<char>(changed[length] ^ 0x11);
    for (const auto& answer : world.send(changed)) EXPECT_TRUE(answer.bytes.starts_with("SIP/2.0"));
  }
  EXPECT_EQ(phone.answer(phone.ask()).kind(), "200");
}

TEST(Registrar, TheSameSeedMakesTheSameBytes) {
  const auto run = [](std::uint64_t seed) {
    World world{profile_with("strict"), seed};
    Phone phone{world};
    const auto asked = phone.ask();
    return asked.bytes + phone.answer(asked).bytes;
  };
  EXPECT_EQ(run(1), run(1));
  EXPECT_NE(run(1), run(2));
}

// Retransmissions (RFC 3261 17.2.2).

TEST(Retransmission, GetsTheSameBytesForTimerJ) {
  World world{profile_with("strict")};
  Phone phone{world};
  const auto asked = phone.ask();
  world.wait(31s);
  EXPECT_EQ(phone.retransmit().bytes, asked.bytes);
  world.wait(2s);
  EXPECT_NE(phone.retransmit().bytes, asked.bytes);
}

TEST(Retransmission, OfAnotherSourceIsAnotherRequest) {
  World world{profile_with("strict")};
  Phone phone{world};
  const auto asked = phone.ask();
  phone.source = "127.0.0.1:5099";
  EXPECT_NE(phone.retransmit().nonce, asked.nonce);
}

TEST(Retransmission, DoesNotExistOnAReliableTransport) {
  World world{profile_with("strict")};
  Phone phone{world};
  const auto asked = phone.ask();
  const auto again = read_answers(world.send(phone.last_request(), phone.source, true));
  EXPECT_NE(again.nonce, asked.nonce);
}

TEST(Retransmission, OfAStatelessRegistrarKeepsTheToTag) {
  World world{profile_with("opensips-default")};
  Phone phone{world};
  const auto asked = phone.ask();
  const auto again = phone.retransmit();
  EXPECT_NE(again.nonce, asked.nonce);
  EXPECT_EQ(again.to_tag, asked.to_tag);
}

TEST(Retransmission, ReplaysThe200ButNotThe100) {
  World world{profile_with("asterisk-2005-before")};
  Phone phone{world};
  const auto accepted = phone.answer(phone.ask());
  ASSERT_EQ(accepted.all.size(), 2U);
  EXPECT_TRUE(accepted.all.front().starts_with("SIP/2.0 100 Trying\r\n"));
  EXPECT_EQ(phone.retransmit().all, std::vector{accepted.bytes});
}

TEST(Retransmission, OfR0GetsTheSameNonceFromChanSipEvenWhereAnAnswerIsJudgedAgain) {
  World world{profile_with("asterisk-chansip")};
  Phone phone{world};
  const auto asked = phone.ask();
  EXPECT_EQ(phone.retransmit().nonce, asked.nonce);
  EXPECT_EQ(phone.answer(asked).kind(), "200");
  EXPECT_EQ(phone.retransmit().kind(), "S+");
}

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

TEST(Kamailio, WithFlag16TimeComesBeforeTheMac) {
  World world{profile_with("kamailio-stale16")};
  Phone phone{world};
  const auto asked = phone.ask();
  const std::string long_ago = "AAAAAAAAAAAA";
  EXPECT_EQ(phone.answer(asked, {.nonce = long_ago + asked.nonce.substr(12)}).kind(), "S+");
  EXPECT_EQ(
      phone.answer(asked, {.nonce = asked.nonce.substr(0, 12) + "AAAAAAAAAAAAAAAAAAAA"}).kind(),
      "S-");
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
  auto bytes = request("REGISTER");
  EXPECT_EQ(read_answers(world.send(bytes)).status, 407);
  bytes.replace(bytes.find("z9hG4bK1"), 8, "z9hG4bK2");
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

// strict, where the others are lax.

class Strict : public testing::Test {
 protected:
  World world{profile_with("strict")};
  Phone phone{world};
};

TEST_F(Strict, HasAWindowOf32Counts) {
  const auto asked = phone.ask();
  EXPECT_EQ(phone.answer(asked, {.nc = "00000030"}).kind(), "200");
  EXPECT_EQ(phone.answer(asked, {.nc = "00000011"}).kind(), "200");
  EXPECT_EQ(phone.answer(asked, {.nc = "00000011"}).kind(), "S+");
  EXPECT_EQ(phone.answer(asked, {.nc = "00000010"}).kind(), "S+");
  EXPECT_EQ(phone.answer(asked, {.nc = "0000002F"}).kind(), "200");
  EXPECT_EQ(phone.answer(asked, {.nc = "00000000"}).kind(), "S+");
}

TEST_F(Strict, CountsOnlyAfterAGoodDigest) {
  const auto asked = phone.ask();
  EXPECT_EQ(phone.answer(asked, {.password = "wrong", .nc = "0000ffff"}).kind(), "S-");
  EXPECT_EQ(phone.answer(asked, {.nc = "00000001"}).kind(), "200");
}

TEST_F(Strict, TakesZeroAndEmptyNoncesForNone) {
  const auto asked = phone.ask();
  EXPECT_EQ(phone.answer(asked, {.nonce = ""}).kind(), "S-");
  EXPECT_EQ(phone.answer(asked, {.nonce = "0"}).kind(), "S-");
}

TEST_F(Strict, FindsItsRealmAmongOthers) {
  const auto asked = phone.ask();
  const auto right = phone.credentials(asked);
  const auto other = phone.credentials(asked, {.realm = "elsewhere"});
  EXPECT_EQ(phone.ask({{"Authorization", other}, {"Authorization", right}}).kind(), "200");
  EXPECT_EQ(phone.ask({{"Authorization", other}}).kind(), "S-");
  EXPECT_EQ(phone.ask({{"Authorization", "Basic YWxpY2U6c2VjcmV0"}}).kind(), "S-");
  EXPECT_EQ(phone.ask({{"Proxy-Authorization", right}}).kind(), "S-");
}

TEST_F(Strict, LetsNobodyChangeTheContactsOfAnother) {
  phone.to_user = "bob";
  EXPECT_EQ(phone.answer(phone.ask()).kind(), "403");
}

TEST_F(Strict, TakesADigestForItsMethodOnly) {
  const auto asked = phone.ask();
  phone.method = "INVITE";
  const auto invite = phone.credentials(asked);
  phone.method = "REGISTER";
  EXPECT_EQ(phone.ask({{"Authorization", invite}}).kind(), "S-");
}

TEST_F(Strict, TakesBothAlgorithmsItOffersAndNoOther) {
  auto asked = phone.ask();
  ASSERT_EQ(asked.algorithm, "SHA-256");
  EXPECT_EQ(phone.answer(asked).kind(), "200");
  asked.algorithm = "MD5";
  EXPECT_EQ(phone.answer(asked, {.nc = "00000002"}).kind(), "200");
  asked.algorithm = "SHA-512-256";
  EXPECT_EQ(phone.answer(asked, {.nc = "00000003"}).kind(), "S-");
}

TEST_F(Strict, KnowsItsNoncesAfterItHasForgottenThem) {
  const auto old = phone.ask();
  Phone flood{world, "bob", "secret2", "flood"};
  for (std::size_t i = 0; i <= NonceBook::capacity; ++i) static_cast<void>(flood.ask());
  EXPECT_EQ(phone.answer(old).kind(), "S+");
  EXPECT_EQ(phone.answer(old, {.nonce = foreign(old.nonce)}).kind(), "S+");
  EXPECT_EQ(phone.answer(old, {.password = "wrong"}).kind(), "S-");
}

TEST_F(Strict, HasTwoAccounts) {
  Phone bob{world, "bob", "secret2", "call-2"};
  EXPECT_EQ(bob.answer(bob.ask()).kind(), "200");
  Phone swapped{world, "bob", "secret", "call-3"};
  EXPECT_EQ(swapped.answer(swapped.ask()).kind(), "S-");
}

// Bindings (RFC 3261 10.3).

class BindingsTest : public testing::Test {
 protected:
  Read update(std::vector<WrittenHeader> headers) {
    return phone.answer(phone.ask(), {.headers = std::move(headers)});
  }

  World world{profile_with("strict")};
  Phone phone{world};
};

using Contacts = std::vector<std::string>;

TEST_F(BindingsTest, AQueryChangesNothingAndListsAll) {
  EXPECT_EQ(update({}).contacts, Contacts{});
  static_cast<void>(update({{"Contact", "<sip:a@127.0.0.1>"}, {"Expires", "60"}}));
  EXPECT_EQ(update({}).contacts, Contacts{"<sip:a@127.0.0.1>;expires=60"});
}

TEST_F(BindingsTest, TheParameterOutranksTheHeader) {
  EXPECT_EQ(update({{"Contact", "<sip:a@127.0.0.1>;expires=30"}, {"Expires", "60"}}).contacts,
            Contacts{"<sip:a@127.0.0.1>;expires=30"});
}

TEST_F(BindingsTest, AreGoneWhenTheirTimeIsOver) {
  static_cast<void>(update({{"Contact", "<sip:a@127.0.0.1>;expires=30"}}));
  world.wait(31s);
  EXPECT_EQ(update({}).contacts, Contacts{});
}

TEST_F(BindingsTest, ZeroRemovesOneAndAStarAll) {
  static_cast<void>(update({{"Contact", "<sip:a@127.0.0.1>, <sip:b@127.0.0.1>"}}));
  EXPECT_EQ(update({{"Contact", "<sip:a@127.0.0.1>;expires=0"}}).contacts,
            Contacts{"<sip:b@127.0.0.1>;expires=3600"});
  EXPECT_EQ(update({{"Contact", "*"}, {"Expires", "0"}}).contacts, Contacts{});
}

TEST_F(BindingsTest, AStarWithoutZeroOrInCompanyIsA400AndChangesNothing) {
  static_cast<void>(update({{"Contact", "<sip:a@127.0.0.1>"}}));
  EXPECT_EQ(update({{"Contact", "*"}}).kind(), "400");
  EXPECT_EQ(update({{"Contact", "*"}, {"Expires", "60"}}).kind(), "400");
  EXPECT_EQ(update({{"Contact", "*, <sip:b@127.0.0.1>"}, {"Expires", "0"}}).kind(), "400");
  EXPECT_EQ(update({}).contacts.size(), 1U);
}

TEST_F(BindingsTest, RefusedRequestsBindNothing) {
  static_cast<void>(phone.answer(
      phone.ask(), {.password = "wrong", .headers = {{"Contact", "<sip:evil@127.0.0.1>"}}}));
  static_cast<void>(phone.ask({{"Contact", "<sip:evil@127.0.0.1>"}}));
  EXPECT_EQ(update({}).contacts, Contacts{});
}

TEST_F(BindingsTest, OneMoreThanTenTakesThePlaceOfTheOldest) {
  for (int i = 0; i < 11; ++i) {
    static_cast<void>(update({{"Contact", "<sip:a" + std::to_string(i) + "@127.0.0.1>"}}));
  }
  const auto contacts = update({}).contacts;
  ASSERT_EQ(contacts.size(), 10U);
  EXPECT_EQ(contacts.front(), "<sip:a1@127.0.0.1>;expires=3600");
}

TEST_F(BindingsTest, AContactTooLongIsA400) {
  EXPECT_EQ(update({{"Contact", "<sip:" + std::string(2000, 'a') + "@127.0.0.1>"}}).kind(), "400");
}

}  // namespace
}  // namespace sipauth::registrar
