// Challenges merged into one row, what is not read, bounds, time and memory.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "lib/allocations.hpp"
#include "lib/auth_reading.hpp"
#include "lib/reported.hpp"
#include "sipauth/challenge.hpp"

namespace sipauth {
namespace {

// --- Two challenges in one row. ---

struct MergedCase {
  std::string_view proves = {};
  std::string_view text = {};
  std::string_view reported = {};
  std::size_t second = 0;
  std::string_view scheme = {};
  std::string_view reading = {};
};

class MergedTest : public testing::TestWithParam<MergedCase> {};

TEST_P(MergedTest, EachIsReadFromItsOwnOffset) {
  Diagnostics diagnostics;
  const auto first = Challenge::parse(GetParam().text, diagnostics);
  ASSERT_TRUE(first);
  EXPECT_EQ(reported(diagnostics), GetParam().reported);
  ASSERT_EQ(first->next_challenge(), GetParam().second);

  Diagnostics rest;
  const auto second = Challenge::parse(GetParam().text, *first->next_challenge(), rest);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->scheme(), GetParam().scheme);
  EXPECT_EQ(reading(*second), GetParam().reading);
  EXPECT_EQ(second->next_challenge(), std::nullopt);
}

const std::vector<MergedCase> merged{
    {.proves = "Digest",
     .text = R"(Digest realm="a", nonce="b", Digest realm="c", nonce="d")",
     .reported = "SL-merged-challenges 29+6 | SL-missing-qop 27+0",
     .second = 29,
     .scheme = "Digest",
     .reading = R"(36 realm="c" | 47 nonce="d")"},
    {.proves = "Bearer",
     .text = R"(Digest realm="a", nonce="b", qop="auth", Bearer realm="c")",
     .reported = "SL-merged-challenges 41+6",
     .second = 41,
     .scheme = "Bearer",
     .reading = R"(48 realm="c")"},
    {.proves = "DigestBehindBasicAndWithBlanks",
     .text = "Basic realm=\"a\" ,\r\n Digest\trealm = \"c\"",
     .reported = "SL-basic-offered 0+5 | SL-merged-challenges 20+6",
     .second = 20,
     .scheme = "Digest",
     .reading = R"(27 realm="c")"},
    {.proves = "TheCommaIsLostAsWell",
     .text = R"(Digest realm="a", nonce="b", qop="auth" Digest realm="c")",
     .reported = "SL-merged-challenges 40+6",
     .second = 40,
     .scheme = "Digest",
     .reading = R"(47 realm="c")"},
};
INSTANTIATE_TEST_SUITE_P(Rows, MergedTest, testing::ValuesIn(merged),
                         [](const auto& row) { return std::string{row.param.proves}; });

// --- What is not read, and bounds. ---

struct ErrorCase {
  std::string_view proves = {};
  std::string_view text = {};
  ParseError error = {};
};

class ChallengeErrorTest : public testing::TestWithParam<ErrorCase> {};

TEST_P(ChallengeErrorTest, IsNamedByItsOffset) {
  Diagnostics diagnostics;
  const auto challenge = Challenge::parse(GetParam().text, diagnostics);
  ASSERT_FALSE(challenge);
  EXPECT_EQ(challenge.error(), GetParam().error);
  EXPECT_FALSE(challenge.error().sentence().empty());
}

const std::vector<ErrorCase> errors{
    {"Nothing", "", {ParseError::Kind::empty, 0}},
    {"BlanksOnly", " \r\n ", {ParseError::Kind::empty, 4}},
    {"ParametersWithoutAScheme", R"( realm="r")", {ParseError::Kind::not_a_scheme, 1}},
    {"NoToken", "\"Digest\" realm", {ParseError::Kind::not_a_scheme, 0}},
};
INSTANTIATE_TEST_SUITE_P(Rows, ChallengeErrorTest, testing::ValuesIn(errors),
                         [](const auto& row) { return std::string{row.param.proves}; });

TEST(ChallengeBounds, OneParameterTooManyIsNamedByItsOffset) {
  std::string most = "Digest ";
  for (std::size_t i = 0; i < Challenge::max_parameters; ++i) most += "x=1,";
  Diagnostics diagnostics;
  EXPECT_TRUE(Challenge::parse(most, diagnostics));
  const auto challenge = Challenge::parse(most + "x=1", diagnostics);
  ASSERT_FALSE(challenge);
  EXPECT_EQ(challenge.error().kind, ParseError::Kind::too_many_parameters);
  EXPECT_EQ(challenge.error().offset, most.size());
}

TEST(ChallengeBounds, OneByteTooLong) {
  const std::string longest = "Digest" + std::string(limits::message_bytes - 6, ',');
  Diagnostics diagnostics;
  EXPECT_TRUE(Challenge::parse(longest, diagnostics));
  const std::size_t commas_and_missing = longest.size() - 6 + 1 + 3;
  EXPECT_EQ(diagnostics.list().size() + diagnostics.dropped(), commas_and_missing);

  const auto challenge = Challenge::parse(longest + ',', diagnostics);
  ASSERT_FALSE(challenge);
  EXPECT_EQ(challenge.error(), (ParseError{ParseError::Kind::too_long, 65'536}));
}

TEST(ChallengeBounds, AnOffsetBehindTheEndIsEmpty) {
  Diagnostics diagnostics;
  const auto challenge = Challenge::parse("Digest", 7, diagnostics);
  ASSERT_FALSE(challenge);
  EXPECT_EQ(challenge.error(), (ParseError{ParseError::Kind::empty, 6}));
}

// Sixteen times the bytes must not cost a hundred times the time: what would be a second when
// quadratic is a millisecond.
TEST(ChallengeBounds, HostileTextsAreReadInLinearTime) {
  for (const std::string_view piece :
       {",", "\"", "\\", "a ", "a= ", "'", "a='", "=", "a=\"", "a=\"\\\",", "\" ,a=", ", Digest",
        "a \" ", "x,y z", " \r\n", "\"a\"b", "'a' "}) {
    const auto time_of = [&](std::size_t bytes) {
      std::string text = "Digest x=1,";
      while (text.size() + piece.size() <= bytes) text += piece;
      auto best = std::chrono::nanoseconds::max();
      for (int i = 0; i < 3; ++i) {
        Diagnostics diagnostics;
        const auto begin = std::chrono::steady_clock::now();
        const auto challenge = Challenge::parse(text, diagnostics);
        best = std::min<std::chrono::nanoseconds>(best, std::chrono::steady_clock::now() - begin);
        EXPECT_TRUE(challenge || challenge.error().kind == ParseError::Kind::too_many_parameters);
      }
      return best;
    };
    const auto small = time_of(4'096);
    EXPECT_LT(time_of(65'536), small * 100 + std::chrono::milliseconds{20}) << piece;
  }
}

TEST(ChallengeMemory, NothingIsAllocatedAndEveryViewLiesInTheTextHoweverItIsCut) {
  const std::string whole =
      "Digest realm=\"a\\\"b\", nonce='x'; stale=\"true\" stale=1, @, qop=,\r\n opaque=\"o, "
      "domain=\"d\", Digest realm=\"c\"";
  for (std::size_t length = 0; length <= whole.size(); ++length) {
    const std::vector<char> exact{whole.begin(),
                                  whole.begin() + static_cast<std::ptrdiff_t>(length)};
    const std::string_view part{exact.data(), exact.size()};
    Diagnostics diagnostics;
    const auto before = allocations();
    const auto challenge = Challenge::parse(part, diagnostics);
    EXPECT_EQ(allocations(), before);
    for (const auto& [rule, where] : diagnostics.list()) {
      EXPECT_LE(where.offset + where.length, length) << rule->name;
    }
    if (!challenge) continue;
    for (const auto& [name, value, quoted, where] : challenge->parameters()) {
      EXPECT_EQ(part.substr(where.offset, name.size()), name);
      EXPECT_LE(span_of(value, part).offset + value.size(), where.offset + where.length);
      EXPECT_LE(where.offset + where.length, length);
    }
  }
}

struct QopCase {
  std::string_view list, wanted;
  bool offers = false;
};

TEST(QopOffers, WholeWordsInAnyCaseAndBlanksAside) {
  for (const auto& [list, wanted, offers] : {
           QopCase{"auth", "auth", true},
           {"auth-int", "auth", false},
           {"auth-int,auth", "auth", true},
           {" auth-int , AUTH ", "auth", true},
           {"", "auth", false},
           {",,", "auth", false},
           {"authx", "auth", false},
       }) {
    EXPECT_EQ(qop_offers(list, wanted), offers) << list;
  }
}

}  // namespace
}  // namespace sipauth
