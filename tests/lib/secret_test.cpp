#include "sipauth/secret.hpp"

#include <gtest/gtest.h>

#include <array>
#include <type_traits>
#include <utility>

namespace sipauth {
namespace {

static_assert(!std::is_copy_constructible_v<Secret> && !std::is_copy_assignable_v<Secret>);
static_assert(std::is_nothrow_move_constructible_v<Secret>);
static_assert(!std::is_convertible_v<std::string_view, Secret>);

TEST(Secret, HoldsItsBytesZeroIncluded) {
  using namespace std::string_view_literals;
  const Secret secret{"a\0b"sv};
  EXPECT_EQ(secret.reveal(), "a\0b"sv);
  EXPECT_EQ(secret.size(), 3U);
  EXPECT_FALSE(secret.empty());
}

TEST(Secret, IsEmptyByDefaultAndWithoutBytes) {
  EXPECT_TRUE(Secret{}.empty());
  EXPECT_TRUE(Secret{""}.empty());
  EXPECT_EQ(Secret{}.reveal(), "");
}

TEST(Secret, LeavesNothingBehindWhenMoved) {
  Secret first{"secret"};
  Secret second{std::move(first)};
  EXPECT_TRUE(first.empty());  // NOLINT(bugprone-use-after-move): that is what is proved
  EXPECT_EQ(first.reveal(), "");
  Secret third{"other"};
  third = std::move(second);
  EXPECT_EQ(third.reveal(), "secret");
  EXPECT_TRUE(second.empty());  // NOLINT(bugprone-use-after-move)
}

TEST(Secret, SurvivesAssignmentToItself) {
  Secret secret{"secret"};
  Secret& itself = secret;
  secret = std::move(itself);
  EXPECT_EQ(secret.reveal(), "secret");
}

TEST(Secret, IsDuplicatedOnPurpose) {
  const Secret first{"secret"};
  const Secret second = first.duplicate();
  EXPECT_EQ(second.reveal(), "secret");
  EXPECT_NE(second.reveal().data(), first.reveal().data());
}

TEST(WipeMemory, OverwritesJustThatMuch) {
  std::array<char, 4> bytes{'a', 'b', 'c', 'd'};
  wipe_memory(bytes.data(), 3);
  EXPECT_EQ(bytes, (std::array<char, 4>{0, 0, 0, 'd'}));
}

}  // namespace
}  // namespace sipauth
