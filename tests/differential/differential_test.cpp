#include "fuzz/differential.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "fuzz/mutation.hpp"
#include "fuzz/oracle.hpp"

namespace sipauth::fuzz {
namespace {

using enum HeaderKind;

std::vector<std::string> seeds_of(HeaderKind kind) {
  const auto folder = std::filesystem::path{SIPAUTH_SOURCE_DIR} / "corpus" /
                      (kind == challenge ? "challenge" : "credentials");
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator{folder}) paths.push_back(entry);
  std::ranges::sort(paths);
  std::vector<std::string> seeds;
  for (const auto& path : paths) {
    std::ifstream file{path, std::ios::binary};
    seeds.emplace_back(std::istreambuf_iterator<char>{file}, std::istreambuf_iterator<char>{});
  }
  return seeds;
}

// What the others read of seeds and of their neighbours must be explained; gives the explanations
// that were needed.
std::set<const Explanation*> expect_explained(HeaderKind kind, int times) {
  const auto table = kind == challenge ? challenge_mutations() : credentials_mutations();
  std::set<const Explanation*> used;
  Random random{1};
  for (const auto& seed : seeds_of(kind)) {
    for (int i = 0; i < times; ++i) {
      const auto text = i == 0 ? seed : mutate_often(table, seed, random, 4'096).text;
      const auto compared = read_own(kind, text);
      if (!compared) continue;
      for (const auto& disagreement : disagreements(*compared)) {
        const auto* explanation = explain(*compared, disagreement);
        used.insert(explanation);
        EXPECT_NE(explanation, nullptr)
            << disagreement.library->name << " about " << field_name(disagreement.field) << " of "
            << compared->text;
      }
    }
  }
  return used;
}

TEST(Differential, EverySeedIsExplainedAndEveryExplanationNeeded) {
  auto used = expect_explained(challenge, 200);
  used.merge(expect_explained(credentials, 200));
  for (const auto& row : explanations()) {
    EXPECT_TRUE(used.contains(&row)) << row.library << ": " << row.why;
    EXPECT_FALSE(row.reference.empty()) << row.why;
    EXPECT_TRUE(!row.rules.empty() || row.holds != nullptr) << row.why;
  }
}

TEST(Differential, WhatBreaksNoRuleIsReadAlike) {
  for (const auto* text :
       {R"(Digest realm="r", nonce="n", qop="auth")",
        R"(Digest realm="a b", nonce="abc+/==", opaque="o", stale=TRUE, algorithm=MD5, qop="auth")",
        R"(digest REALM="r", Nonce="n",qop="auth,auth-int", algorithm=SHA-256,stale=false)",
        R"(Digest realm="with \"quotes\", and a comma", nonce="n", qop="auth")"}) {
    const auto compared = read_own(challenge, text);
    ASSERT_TRUE(compared) << text;
    EXPECT_TRUE(compared->own.accepted);
    EXPECT_TRUE(disagreements(*compared).empty()) << text;
  }
}

// The classification must not swallow what nothing explains.
TEST(Differential, AnotherValueOfACleanHeaderIsAFinding) {
  const auto compared = read_own(challenge, R"(Digest realm="r", nonce="n", qop="auth")");
  ASSERT_TRUE(compared);
  for (const auto& library : foreign_libraries) {
    for (const auto difference : {Difference::another, Difference::missing, Difference::extra}) {
      EXPECT_EQ(explain(*compared, {&library, Field::nonce, difference, "m"}), nullptr);
    }
    EXPECT_EQ(explain(*compared, {&library, Field::header, Difference::rejected}), nullptr);
  }
}

TEST(Differential, AFaultBehindAParameterExplainsNothingInFrontOfIt) {
  const auto compared =
      read_own(challenge, R"(Digest realm="r", nonce="n" stale=true, qop="auth")");
  ASSERT_TRUE(compared);
  const auto& sofia = foreign_libraries[1];
  EXPECT_EQ(explain(*compared, {&sofia, Field::realm, Difference::another, "m"}), nullptr);
  EXPECT_NE(explain(*compared, {&sofia, Field::stale, Difference::missing}), nullptr);
  EXPECT_NO_THROW(differential_challenge(compared->text));
}

TEST(Differential, RowsThatNoMessageParserHandsOnAreLeftOut) {
  EXPECT_FALSE(read_own(challenge, "Digest realm=\"r\nX: y\""));
  EXPECT_FALSE(read_own(challenge, std::string_view{"Digest realm=\"\0\"", 16}));
  EXPECT_FALSE(read_own(challenge, "Bearer realm=\"r\""));
  const auto folded = read_own(challenge, "Digest realm=\"r\",\r\n nonce=\"n\"");
  ASSERT_TRUE(folded);
  EXPECT_EQ(folded->text, "Digest realm=\"r\", nonce=\"n\"");
}

}  // namespace
}  // namespace sipauth::fuzz
