#include "checks/nonce_mutation.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "sipauth/text.hpp"

namespace sipauth::checks {
namespace {

// Nonces of real registrars.
const std::vector<std::string> nonces{
    "397d281a",                                     // Asterisk
    "12345678",                                     // eight digits by chance
    "1732500000/0f343b0931126a20f133d67c2b018a3b",  // Asterisk with pjsip
    "Z0RtS2dFaCf8yqSrmVHZ0fVYc0t0Z2hh",             // Kamailio
    "1732500000:0f343b0931126a20f133d67c2b018a3b",  // reSIProcate
    "3f2504e0-4f89-11d3-9a0c-0305e82c3301",         // FreeSWITCH
    "f0c29bbf7ab3b0c1ff9d6a4c7ad5c8e4",
};

class EachNonce : public testing::TestWithParam<std::string> {};

TEST_P(EachNonce, RandomKeepsLengthClassesAndSeparators) {
  sip::Random random{7};
  const auto mutated = mutate(GetParam(), Mutation::random, random);
  ASSERT_EQ(mutated.size(), GetParam().size());
  EXPECT_NE(mutated, GetParam());
  for (std::size_t i = 0; i < mutated.size(); ++i) {
    const char was = GetParam()[i];
    const bool separator = !is_alpha(was) && !is_digit(was) && was != '+' && was != '/';
    EXPECT_EQ(separator, mutated[i] == was && separator) << i;
  }
  if (looks_hexadecimal(GetParam())) {
    EXPECT_TRUE(looks_hexadecimal(mutated)) << mutated;
  }
}

TEST_P(EachNonce, BrokenMacKeepsItsFront) {
  sip::Random random{7};
  const auto mutated = mutate(GetParam(), Mutation::broken_mac, random);
  const auto separator = GetParam().find_first_of(":/.");
  const auto kept = separator != std::string::npos ? separator : GetParam().size() / 3;
  EXPECT_EQ(mutated.substr(0, kept), GetParam().substr(0, kept));
  EXPECT_NE(mutated, GetParam());
  EXPECT_EQ(mutated.size(), GetParam().size());
}

TEST_P(EachNonce, AFlipChangesOneCharacterAndNotTheLast) {
  sip::Random random{7};
  for (const auto flip :
       {Mutation::flip_quarter, Mutation::flip_half, Mutation::flip_three_quarters}) {
    const auto mutated = mutate(GetParam(), flip, random);
    int changed = 0;
    for (std::size_t i = 0; i < mutated.size(); ++i) changed += mutated[i] != GetParam()[i];
    EXPECT_EQ(changed, 1) << mutated;
    EXPECT_EQ(mutated.back(), GetParam().back());
    EXPECT_EQ(looks_hexadecimal(mutated), looks_hexadecimal(GetParam()));
  }
}

INSTANTIATE_TEST_SUITE_P(Real, EachNonce, testing::ValuesIn(nonces));

TEST(Mutations, EndsAndDegenerateNonces) {
  sip::Random random{1};
  EXPECT_EQ(mutate("abc1", Mutation::extended, random), "abc1x");
  EXPECT_EQ(mutate("abc1", Mutation::cut, random), "abc");
  EXPECT_EQ(mutate("abC1", Mutation::other_case, random), "ABc1");
  EXPECT_EQ(mutate("1234", Mutation::other_case, random), "1234");
  EXPECT_EQ(mutate("abc1", Mutation::zero, random), "0");
  EXPECT_EQ(mutate("abc1", Mutation::empty, random), "");
  EXPECT_EQ(mutate("QUJDREVGR0hJSktMTU5PUA==", Mutation::last_character, random),
            "QUJDREVGR0hJSktMTU5PUB==");
  EXPECT_EQ(mutate("0f343b09", Mutation::last_character, random), "0f343b09");
}

TEST(Mutations, OfAnEmptyNonceDoNotCrash) {
  sip::Random random{1};
  for (int m = 0; m <= static_cast<int>(Mutation::empty); ++m) {
    const auto mutated = mutate("", static_cast<Mutation>(m), random);
    EXPECT_LE(mutated.size(), 1U);
  }
}

}  // namespace
}  // namespace sipauth::checks
