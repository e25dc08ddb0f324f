// What network fuzzing is made of: placeholders, replay files, cases that can be repeated, and the
// reduction to what is needed.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "fuzzing/cases.hpp"
#include "fuzzing/finding.hpp"
#include "fuzzing/placeholders.hpp"
#include "fuzzing/reduce.hpp"
#include "fuzzing/replay_file.hpp"
#include "fuzzing/valid_answer.hpp"
#include "fuzzing/value_mutations.hpp"

namespace sipauth::fuzzing {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

// --- Placeholders. ---

struct Replaced {
  std::string proves;
  FreshValues fresh;
  std::string text;
  std::string written;
};

TEST(Placeholders, StandWhereFreshValuesStood) {
  const std::vector<Replaced> rows{
      {"each occurrence", {{"nonce", "0123abcd"}}, "0123abcd,0123abcd", "{{nonce}},{{nonce}}"},
      {"a damaged value stays", {{"nonce", "0123abcd"}}, "nonce=\"0123abc\"", "nonce=\"0123abc\""},
      {"a short value needs what stands before it",
       {{"nc", "00000001", "nc="}, {"opaque", "x", "opaque=\""}},
       "nc=00000001, x, opaque=\"x\"",
       "nc={{nc}}, x, opaque=\"{{opaque}}\""},
      {"a short value alone is left", {{"tag", "12"}}, "12 12", "12 12"},
      {"the longest first",
       {{"call-id", "abcdefgh"}, {"branch", "abcdefgh-and-more"}},
       "abcdefgh abcdefgh-and-more",
       "{{call-id}} {{branch}}"},
      {"an absent value is nowhere", {{"opaque", ""}}, "text", "text"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(with_placeholders(row.text, row.fresh), row.written) << row.proves;
    EXPECT_EQ(with_values(row.written, row.fresh), row.text) << row.proves;
  }
}

TEST(Placeholders, OfOtherNamesAreText) {
  const FreshValues fresh{{"nonce", "0123abcd"}};
  EXPECT_EQ(with_values("{{nonsense}} {{nonce} {{{nonce}} {{", fresh),
            "{{nonsense}} {{nonce} {0123abcd {{");
}

TEST(Placeholders, AreNeverCut) {
  EXPECT_THAT(pieces_of("a{{nonce}}{{b"), ElementsAre("a", "{{nonce}}", "{", "{", "b"));
}

// --- Replay files. ---

TEST(ReplayFile, IsReadAsItWasWrittenWhateverBytesItHolds) {
  const ReplayFile file{.peer = "server",
                        .kind = "crash",
                        .case_number = 812,
                        .mutation = "Via: cut-off",
                        .message = std::string{"----\nkind: x\n\0\r\n\xff", 18}};
  const auto read = read_replay(write_replay(file));
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(read->peer, file.peer);
  EXPECT_EQ(read->kind, file.kind);
  EXPECT_EQ(read->case_number, file.case_number);
  EXPECT_EQ(read->mutation, file.mutation);
  EXPECT_EQ(read->message, file.message);
}

TEST(ReplayFile, SaysWhatIsWrongWithAnother) {
  for (const std::string text : {"", "REGISTER sip:x SIP/2.0\r\n\r\n", "sipauth replay 1\n",
                                 "sipauth replay 1\npeer: server\n----\n"}) {
    const auto read = read_replay(text);
    ASSERT_FALSE(read) << text;
    EXPECT_FALSE(read.error().empty());
  }
}

// --- Cases. ---

ValidMessage valid_request() {
  return {
      "REGISTER sip:test.local SIP/2.0\r\n"
      "Via: SIP/2.0/UDP 127.0.0.1:5062;branch=z9hG4bKbranch01;rport\r\n"
      "Max-Forwards: 70\r\n"
      "From: <sip:alice@test.local>;tag=a1\r\n"
      "To: <sip:alice@test.local>\r\n"
      "Call-ID: call-1@sipauth\r\n"
      "CSeq: 1 REGISTER\r\n"
      "Authorization: Digest username=\"alice\", realm=\"test.local\", nonce=\"0123abcd\", "
      "uri=\"sip:test.local\", response=\"0123456789abcdef0123456789abcdef\"\r\n"
      "Content-Length: 0\r\n\r\n",
      {{"nonce", "0123abcd"}, {"response", "0123456789abcdef0123456789abcdef"}}};
}

TEST(Cases, AreDrawnFromSeedAndNumberAlone) {
  constexpr std::size_t most = 4096;
  std::set<std::string> texts;
  std::size_t of_credentials = 0;
  constexpr std::uint64_t count = 400;
  for (std::uint64_t number = 0; number < count; ++number) {
    const auto one = draw_case(number, 7, valid_request(), most);
    const auto again = draw_case(number, 7, valid_request(), most);
    EXPECT_EQ(one.text, again.text) << number;
    EXPECT_EQ(one.mutation, again.mutation);
    EXPECT_LE(with_values(one.text, valid_request().fresh).size(), most) << one.mutation;
    texts.insert(one.text);
    of_credentials += one.mutation.contains("Authorization") ? 1 : 0;
  }
  EXPECT_GT(texts.size(), count * 3 / 4);
  EXPECT_GT(of_credentials, count / 3);
  EXPECT_LT(of_credentials, count * 3 / 4);
  EXPECT_NE(draw_case(1, 7, valid_request(), most).text,
            draw_case(1, 8, valid_request(), most).text);
}

TEST(Cases, LeaveTheDigestRightWhereTheyDamageSomethingElse) {
  std::size_t right = 0;
  for (std::uint64_t number = 0; number < 200; ++number) {
    const auto one = draw_case(number, 3, valid_request(), 4096);
    right += one.text.contains("response=\"{{response}}\"") ? 1 : 0;
  }
  EXPECT_GT(right, 100U);
}

TEST(Cases, EveryValueMutationCanChangeAText) {
  for (const auto& mutation : value_mutations()) {
    bool changes = false;
    for (std::uint64_t seed = 0; seed < 20 && !changes; ++seed) {
      fuzz::Random random{seed};
      changes = mutation.apply("Digest realm=\"x\", nc=00000001", random) !=
                "Digest realm=\"x\", nc=00000001";
    }
    EXPECT_TRUE(changes) << mutation.name;
    fuzz::Random random{1};
    (void)mutation.apply("", random);  // and an empty one is no trouble
  }
}

// --- Reduction. ---

TEST(Reduce, KeepsWhatIsNeededTogether) {
  std::vector<int> parts(64);
  for (int i = 0; i < 64; ++i) parts[static_cast<std::size_t>(i)] = i;
  int tries = 0;
  const auto holds = [](const std::vector<int>& some) {
    return std::ranges::count(some, 5) == 1 && std::ranges::count(some, 40) == 1;
  };
  EXPECT_THAT(reduce(parts, holds, [&] { return ++tries < 400; }), ElementsAre(5, 40));
  EXPECT_LT(tries, 200);
}

TEST(Reduce, EndsWithTheBestSoFar) {
  const std::vector<int> parts{1, 2, 3, 4};
  const auto needs_the_first = [](const std::vector<int>& some) {
    return !some.empty() && some.front() == 1;
  };
  int tries = 2;
  const auto some = reduce(parts, needs_the_first, [&] { return tries-- > 0; });
  EXPECT_TRUE(needs_the_first(some));
  EXPECT_THAT(reduce(parts, needs_the_first, [] { return false; }), ElementsAre(1, 2, 3, 4));
}

TEST(Reduce, CutsAMessageDownToTheByteThatMatters) {
  const auto holds = [](const std::string& text) { return text.contains("{{nonce}}\\"); };
  int tries = 300;
  const auto smallest = reduce_text("A: 1\r\nB: x, y=\"q{{nonce}}\\\", z\r\nC: 3\r\n\r\n", holds,
                                    [&] { return tries-- > 0; });
  EXPECT_EQ(smallest, "{{nonce}}\\");
}

Case numbered(std::uint64_t number) {
  return {.number = number, .text = "message " + std::to_string(number), .mutation = "m"};
}

TEST(Narrow, FindsTheOneMessageOfAWindow) {
  std::vector<Case> window;
  for (std::uint64_t i = 0; i < 16; ++i) window.push_back(numbered(i));
  const auto troubles = [](const std::vector<Case>& cases) {
    return std::ranges::any_of(
        cases, [](const Case& one) { return one.text.contains("ge 1") && one.number == 11; });
  };
  Finding finding;
  int tries = 100;
  narrow(finding, window, troubles, [&] { return tries-- > 0; });
  EXPECT_TRUE(finding.reproduced);
  ASSERT_EQ(finding.cases.size(), 1U);
  EXPECT_EQ(finding.cases.front().number, 11U);
  EXPECT_EQ(finding.cases.front().text, "message 11");
  EXPECT_EQ(finding.minimized, "ge 1");
}

TEST(Narrow, NamesAllCandidatesWhenNothingBringsItBack) {
  Finding finding;
  narrow(
      finding, {numbered(0), numbered(1)}, [](const auto&) { return false; }, [] { return true; });
  EXPECT_FALSE(finding.reproduced);
  EXPECT_EQ(finding.cases.size(), 2U);
  EXPECT_TRUE(finding.minimized.empty());
}

// --- Answers to a phone. ---

TEST(ValidAnswer, KnowsWhatBelongsToItsRequest) {
  const std::string answer =
      "SIP/2.0 401 Unauthorized\r\nVia: SIP/2.0/UDP 127.0.0.1:5062;branch=z9hG4bK1\r\n"
      "From: <sip:a@b>;tag=1\r\nTo: <sip:a@b>;tag=2\r\nCall-ID: call-1\r\nCSeq: 1 REGISTER\r\n"
      "WWW-Authenticate: Digest realm=\"b\", nonce=\"0123abcd\", opaque=\"o\"\r\n\r\n";
  const auto valid = read_valid_answer(answer);
  const auto text = with_placeholders(answer, valid.fresh);
  for (const std::string name : {"via", "from", "to", "call-id", "cseq", "nonce", "opaque"}) {
    EXPECT_THAT(text, HasSubstr("{{" + name + "}}"));
  }
  EXPECT_EQ(with_values(text, valid.fresh), answer);
}

TEST(ValidAnswer, LetsAPhoneInForAShortTimeOnly) {
  EXPECT_EQ(with_short_expiry("Contact: <sip:a@b>;expires=3600, <sip:c@d>;expires=5\r\n",
                              std::chrono::seconds{10}),
            "Contact: <sip:a@b>;expires=10, <sip:c@d>;expires=5\r\n");
  EXPECT_EQ(with_short_expiry("x;expires=", std::chrono::seconds{10}), "x;expires=10");
}

}  // namespace
}  // namespace sipauth::fuzzing
