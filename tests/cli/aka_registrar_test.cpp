// The home network of AKA in the built-in registrar (RFC 3310 3, RFC 4169).

#include <gtest/gtest.h>

#include <string>

#include "commands/accounts.hpp"
#include "phone.hpp"

namespace sipauth::registrar {
namespace {

AkaChallenge challenge_of(const Read& read) { return AkaChallenge::parse(read.nonce).value(); }

std::uint64_t sqn_of(const Read& read) {
  const auto accounts = built_in_accounts();
  const auto answer = answer_aka(challenge_of(read), accounts.front().aka->keys, 0).value();
  EXPECT_EQ(answer.outcome, AkaOutcome::fresh);
  return answer.sqn;
}

TEST(ImsAka, TheSqnRises) {
  World world{profile_with("ims-aka")};
  Phone phone{world};
  std::uint64_t last = 0;
  for (int i = 0; i < 5; ++i) {
    const auto sqn = sqn_of(phone.ask());
    EXPECT_GT(sqn, last);
    last = sqn;
  }
}

TEST(ImsAka, GoesOnFromTheSqnOfTheCard) {
  World world{profile_with("ims-aka")};
  Phone phone{world};
  phone.highest_sqn = 0x7fff'0000'0001;
  const auto asked = phone.ask();
  const auto next = phone.answer(asked);
  EXPECT_EQ(next.kind(), "S-");
  EXPECT_GT(sqn_of(next), phone.highest_sqn);
  EXPECT_EQ(phone.answer(next).status, 200);
  // The same auts again moves nothing: its nonce has been answered.
  EXPECT_EQ(phone.answer(asked).kind(), "S+");
}

TEST(ImsAka, AnAutsOfAnotherCardMovesNothing) {
  World world{profile_with("ims-aka")};
  Phone phone{world};
  const auto before = sqn_of(phone.ask());
  const auto asked = phone.ask();
  Tweak empty{.password = ""};
  auto credentials = phone.credentials(asked, empty) + ", auts=\"AAAAAAAAAAAAAAAAAAA=\"";
  const auto refused = phone.ask({{"Authorization", credentials}});
  EXPECT_EQ(refused.kind(), "S-");
  EXPECT_LT(sqn_of(refused), before + 1000);
}

// Only the one who was challenged with a nonce knows its answer.
TEST(ImsAka, ANonceOfOneAccountIsNoneOfAnother) {
  World world{profile_with("ims-aka")};
  Phone alice{world};
  Phone bob{world, "bob", "secret2", "call-2"};
  const auto asked = alice.ask();
  const auto accounts = built_in_accounts();
  const auto res = answer_aka(challenge_of(asked), accounts.front().aka->keys, 0)->res.duplicate();
  const auto stolen = bob.answer(asked, {.password = std::string{res.reveal()}});
  EXPECT_EQ(stolen.kind(), "S-");
  EXPECT_EQ(bob.answer(bob.ask()).status, 200);
}

TEST(ImsAka, UnknownUsersAreChallengedAlike) {
  World world{profile_with("ims-aka")};
  Phone carol{world, "carol", "", "call-3"};
  const auto asked = carol.ask();
  EXPECT_EQ(asked.nonce.size(), 44U);
  EXPECT_TRUE(AkaChallenge::parse(asked.nonce));
  EXPECT_EQ(carol.answer(asked, {.password = ""}).kind(), "S-");
}

TEST(ImsAka, SecondVersionAndLongerHash) {
  for (const std::string_view algorithm : {"AKAv2-MD5", "AKAv1-SHA-256", "AKAv2-SHA-256"}) {
    auto profile = profile_with("ims-aka");
    profile.rows = {{.algorithm = algorithm}};
    World world{profile};
    Phone phone{world};
    EXPECT_EQ(phone.answer(phone.ask()).status, 200) << algorithm;
    EXPECT_EQ(phone.answer(phone.ask(), {.password = "wrong"}).status, 401) << algorithm;
  }
}

TEST(ImsAka, RspauthHashesWithXres) {
  World world{profile_with("ims-aka")};
  Phone phone{world};
  const auto asked = phone.ask();
  const auto accepted = phone.answer(asked);
  const auto accounts = built_in_accounts();
  const auto res = answer_aka(challenge_of(asked), accounts.front().aka->keys, 0)->res.duplicate();
  const auto due = compute_rspauth({.qop = Qop::auth,
                                    .username = "alice",
                                    .realm = asked.realm,
                                    .password = res.reveal(),
                                    .uri = "sip:test.local",
                                    .nonce = asked.nonce,
                                    .nc = "00000001",
                                    .cnonce = "0a4f113b"});
  ASSERT_TRUE(due);
  EXPECT_TRUE(accepted.authentication_info.contains(due->response.view()))
      << accepted.authentication_info;
}

TEST(ImsAka, AccountsOfAFileHoldKeys) {
  auto accounts = commands::read_accounts(
      "alice k=465b5ce8b199b49faa5f0a2ee238a6bc op=cdc202d5123e20f62b6d676ac72cb318\n");
  ASSERT_TRUE(accounts);
  ASSERT_TRUE(commands::read_cards(*accounts));
  const auto built_in = built_in_accounts();
  EXPECT_EQ(accounts->front().aka->keys.opc.reveal(), built_in.front().aka->keys.opc.reveal());

  auto passwords = commands::read_accounts("alice secret\n");
  ASSERT_TRUE(passwords);
  const auto refused = commands::read_cards(*passwords);
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().contains("the line of alice"));
  EXPECT_FALSE(refused.error().contains("secret"));
}

}  // namespace
}  // namespace sipauth::registrar
