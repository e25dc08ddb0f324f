// The table of causes, what bounds the search, and causes that need more than a digest's inputs.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <vector>

#include "sipauth/explain.hpp"

namespace sipauth {
namespace {

DigestInput verifier() {
  return {.qop = Qop::auth,
          .username = "alice",
          .realm = "example.com",
          .password = "secret",
          .method = "REGISTER",
          .uri = "sip:example.com",
          .nonce = "n",
          .nc = "00000001",
          .cnonce = "c"};
}

std::vector<std::string_view> ids_of(const ExplanationSearch& search) {
  std::vector<std::string_view> ids;
  for (const auto& explanation : search.explanations) ids.push_back(explanation.id);
  return ids;
}

TEST(ExplainCauses, EachSaysWhatItIsAndWhatItMeans) {
  std::set<std::pair<std::string_view, std::string_view>> seen;
  const auto causes = known_causes();
  EXPECT_GE(causes.size(), 80U);
  for (const auto& cause : causes) {
    EXPECT_TRUE(seen.emplace(cause.id, cause.sentence).second) << cause.id << " stands twice";
    EXPECT_TRUE(cause.sentence.ends_with('.')) << cause.id;
    EXPECT_TRUE(cause.meaning.ends_with('.')) << cause.id;
    EXPECT_FALSE(cause.field.empty()) << cause.id;
    EXPECT_TRUE(std::ranges::all_of(cause.id, [](char c) {
      return (c >= 'a' && c <= 'z') || c == '-' || (c >= '0' && c <= '9');
    })) << cause.id;
  }
}

// RFC 7616 3.9.2, as it is printed and as erratum 4897 corrects it.
constexpr std::string_view printed =
    "ae66e67d6b427bd3f120414a82e4acff38e8ecd9101d6c861229025f607a79dd";

DigestInput rfc7616_392() {
  return {.algorithm = find_algorithm("SHA-512-256"),
          .qop = Qop::auth,
          .username = "J\xc3\xa4s\xc3\xb8n Doe",
          .realm = "api@example.org",
          .password = "Secret, or not?",
          .method = "GET",
          .uri = "/doe.json",
          .nonce = "5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK",
          .nc = "00000001",
          .cnonce = "NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v"};
}

TEST(ExplainCauses, TheMisprintOfRfc7616IsSha512Cut) {
  EXPECT_EQ(compute_digest(rfc7616_392())->response.view(),
            "3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5");
  EXPECT_EQ(ids_of(explain_mismatch(rfc7616_392(), printed)),
            std::vector<std::string_view>{"sha512-cut"});
  auto plain = rfc7616_392();
  plain.algorithm = find_algorithm("SHA-256");
  EXPECT_EQ(ids_of(explain_mismatch(plain, printed)), std::vector<std::string_view>{"sha512-cut"});
}

TEST(ExplainCauses, TheMisprintBesideAnotherMistake) {
  auto input = rfc7616_392();
  input.uri = "sip:api@example.org";
  input.method = "POST";
  EXPECT_TRUE(explain_mismatch(input, printed).explanations.empty());
  input = rfc7616_392();
  input.method = "POST";
  const auto search = explain_mismatch(input, printed);
  ASSERT_EQ(search.explanations.size(), 1U);
  const auto& explanation = search.explanations[0];
  ASSERT_EQ(explanation.also.size(), 1U);
  EXPECT_EQ((std::set{explanation.id, explanation.also[0].id}),
            (std::set<std::string_view>{"sha512-cut", "http-method"}));
}

TEST(ExplainCauses, PasswordsOfAka) {
  const std::string_view res = "\xa5\x42\x11\xd5\xe3\xba\x50\xbf";
  ExplainContext context;
  context.akav1_password = res;
  context.akav2_password = "shzt3q8CWaZnCAWqs3WmEQ==";
  const auto explained = [&](std::string_view given, std::string_view hashed) {
    auto client = verifier();
    client.password = hashed;
    auto input = verifier();
    input.password = given;
    return ids_of(explain_mismatch(input, compute_digest(client)->response.view(), context));
  };
  using Ids = std::vector<std::string_view>;
  EXPECT_EQ(explained(context.akav2_password, res), Ids{"akav1-instead-of-akav2"});
  EXPECT_EQ(explained(res, context.akav2_password), Ids{"akav2-instead-of-akav1"});
  EXPECT_EQ(explained(res, "a54211d5e3ba50bf"), Ids{"res-as-hex"});
  EXPECT_EQ(explained(res, "A54211D5E3BA50BF"), Ids{"res-as-hex"});
}

TEST(ExplainCauses, UpperCaseDigitsBesideAMistakeAreTold) {
  auto client = verifier();
  client.method = "INVITE";
  std::string response{compute_digest(client)->response.view()};
  std::ranges::transform(response, response.begin(), [](char c) {
    return c >= 'a' && c <= 'f' ? static_cast<char>(c - 32) : c;
  });
  const auto search = explain_mismatch(verifier(), response);
  ASSERT_EQ(search.explanations.size(), 1U);
  EXPECT_EQ(search.explanations[0].id, "other-method");
  ASSERT_EQ(search.explanations[0].also.size(), 1U);
  EXPECT_EQ(search.explanations[0].also[0].id, "response-case");
}

TEST(ExplainCauses, TheGivenValueStandsBesideTheHashedOne) {
  auto client = verifier();
  client.method = "INVITE";
  const auto search = explain_mismatch(verifier(), compute_digest(client)->response.view());
  EXPECT_EQ(search.explanations.at(0).text,
            "The digest was made for the method INVITE, not REGISTER.");
}

// Where the count is 1, it is not "as if it began".
TEST(ExplainCauses, TheFirstCountIsToldOnce) {
  auto input = verifier();
  input.nc = "00000001";
  auto client = input;
  client.nc = "1";
  EXPECT_EQ(ids_of(explain_mismatch(input, compute_digest(client)->response.view())),
            std::vector<std::string_view>{"nc-zeros"});
}

TEST(ExplainCauses, ASessionWithoutItsCnonce) {
  auto input = verifier();
  input.algorithm = find_algorithm("MD5-sess");
  auto plain = input;
  plain.algorithm = find_algorithm("MD5");
  const auto first = compute_digest(plain)->ha1;
  const auto parts = std::to_array<std::string_view>({first.view(), ":", input.nonce, ":"});
  const auto ha1 = *hash_hex(Hash::md5, parts);
  const auto ha2 = compute_digest(plain)->ha2;
  const auto all = std::to_array<std::string_view>(
      {ha1.view(), ":", input.nonce, ":", input.nc, ":", input.cnonce, ":auth:", ha2.view()});
  EXPECT_EQ(ids_of(explain_mismatch(input, hash_hex(Hash::md5, all)->view())),
            std::vector<std::string_view>{"session-no-cnonce"});
}

TEST(ExplainCauses, BinarySessionOfAnotherUserName) {
  auto input = verifier();
  input.algorithm = find_algorithm("SHA-256-sess");
  auto client = input;
  client.username = "alice@example.com";
  const auto first = compute_digest(client)->ha1_first;
  std::string bytes;
  for (std::size_t i = 0; i < first.view().size(); i += 2) {
    bytes += static_cast<char>(std::stoi(std::string{first.view().substr(i, 2)}, nullptr, 16));
  }
  const auto parts = std::to_array<std::string_view>({bytes, ":", input.nonce, ":", input.cnonce});
  const auto ha1 = *hash_hex(Hash::sha256, parts);
  client.algorithm = find_algorithm("SHA-256");
  client.ha1 = ha1.view();
  const auto explanations =
      explain_mismatch(input, compute_digest(client)->response.view()).explanations;
  ASSERT_EQ(explanations.size(), 1U);
  EXPECT_EQ(explanations[0].id, "user-with-domain");
  EXPECT_EQ(explanations[0].also.at(0).id, "binary-session");
}

TEST(ExplainCauses, AResponseOfAnotherLengthIsNotSearchedFor) {
  const auto search = explain_mismatch(verifier(), "7fd9");
  EXPECT_TRUE(search.explanations.empty());
  EXPECT_EQ(search.tried, 0U);
}

TEST(ExplainCauses, TheSearchIsWholeForWhatPhonesSend) {
  const auto search = explain_mismatch(verifier(), std::string(32, '0'));
  EXPECT_TRUE(search.complete);
  EXPECT_GT(search.tried, 3000U);
}

TEST(ExplainCauses, HostileLengthsEndTheSearchEarly) {
  const std::string text(60'000, 'a');
  const std::string uri = "sip:" + text + "@" + text;
  std::vector<std::string_view> others(1000, text);
  auto input = verifier();
  input.username = input.realm = input.password = input.nonce = input.cnonce = input.body = text;
  input.uri = uri;
  input.qop = Qop::auth_int;
  ExplainContext context;
  context.request_uri = context.from = context.to = context.contact = uri;
  context.realms = context.nonces = context.cnonces = others;
  const auto search = explain_mismatch(input, std::string(32, '0'), context);
  EXPECT_TRUE(search.explanations.empty());
  EXPECT_FALSE(search.complete);
  EXPECT_LT(search.tried, 10'000U);
}

}  // namespace
}  // namespace sipauth
