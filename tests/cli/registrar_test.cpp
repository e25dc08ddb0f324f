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
