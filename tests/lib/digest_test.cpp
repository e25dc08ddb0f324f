#include "sipauth/digest.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cctype>
#include <string>

#include "lib/allocations.hpp"
#include "lib/digest_vectors.hpp"

namespace sipauth {
namespace {

using namespace vectors;

TEST(DigestTrace, SessionHashesTheInnerHashAsHexDigitsAndNotAsBytes) {
  const auto trace = compute_digest(input_of(smiths[2]));
  ASSERT_TRUE(trace);
  EXPECT_EQ(trace->ha1.view(), "4f36886771c77832be5c5a8de5a7ec82");
  EXPECT_NE(trace->ha1.view(), "cb349e2d6a2d97eaede46d85781333f5");
}

TEST(DigestTrace, WithoutSessionThereIsOneHa1) {
  const auto trace = compute_digest(input_of(registers[1]));
  ASSERT_TRUE(trace);
  EXPECT_EQ(trace->ha1, trace->ha1_first);
  const auto parts = std::to_array<std::string_view>({"alice:example.com", ":", "secret"});
  EXPECT_EQ(trace->ha1.view(), hash_hex(Hash::md5, parts)->view());
}

TEST(DigestTrace, Ha2HoldsTheHashOfTheEmptyBodyWithAuthInt) {
  const auto trace = compute_digest(input_of(registers[2]));
  ASSERT_TRUE(trace);
  constexpr std::string_view a2 = "REGISTER:sip:example.com:d41d8cd98f00b204e9800998ecf8427e";
  EXPECT_EQ(trace->ha2.view(), hash_hex(Hash::md5, std::span{&a2, 1})->view());
}

TEST(Rspauth, HasNoMethodInIt) {
  EXPECT_EQ(compute_rspauth(input_of(registers[1]))->response.view(),
            "5d058d058f03ae90f9218493cdb48362");
  EXPECT_EQ(compute_rspauth(input_of(published[0]))->response.view(),
            "376602cfd2f4e8e5e78b948a85263e85");
}

TEST(Userhash, IsTheOneOfErratum4897) {
  const auto hash = compute_userhash(*find_algorithm("SHA-512-256"), "J\xc3\xa4s\xc3\xb8n Doe",
                                     "api@example.org");
  ASSERT_TRUE(hash);
  EXPECT_EQ(hash->view(), "793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b");
}

TEST(Hash, OfNothing) {
  constexpr std::string_view nothing;
  const std::span parts{&nothing, 1};
  EXPECT_EQ(hash_hex(Hash::md5, parts)->view(), "d41d8cd98f00b204e9800998ecf8427e");
  EXPECT_EQ(hash_hex(Hash::sha256, {})->view(),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hash_hex(Hash::sha512_256, {})->view(),
            "c672b8d1ef56ed28ab87c3622c5114069bdd3ad7b8f9737498d0c01ecef0967a");
}

TEST(Algorithms, AreFoundInAnyCaseAndAbsentIsMd5) {
  EXPECT_EQ(find_algorithm("")->name, "MD5");
  EXPECT_EQ(find_algorithm("md5-SESS")->name, "MD5-sess");
  EXPECT_EQ(find_algorithm("sha-512-256")->hash, Hash::sha512_256);
  EXPECT_EQ(find_algorithm("SHA-512"), nullptr);
  EXPECT_EQ(find_algorithm("MD5 "), nullptr);
  for (const auto& row : algorithms()) EXPECT_EQ(find_algorithm(row.name), &row);
}

struct WrongHa1 {
  std::string_view proves;
  std::string_view algorithm;
  std::string_view ha1;
};

TEST(Ha1, MustBeHexadecimalAndAsLongAsTheDigest) {
  constexpr std::string_view md5 = "0123456789abcdef0123456789abcdef";
  constexpr auto rows = std::to_array<WrongHa1>({
      {"one digit short", "MD5", md5.substr(1)},
      {"a password", "MD5", "secret"},
      {"no hex digit", "MD5", "0123456789abcdef0123456789abcdeg"},
      {"line end", "MD5", "0123456789abcdef0123456789abcde\n"},
      {"of another algorithm", "SHA-256", md5},
      {"of another algorithm", "SHA-512-256-sess", md5},
  });
  for (const auto& [proves, algorithm, ha1] : rows) {
    auto input = input_of(registers[1]);
    input.algorithm = find_algorithm(algorithm);
    input.ha1 = ha1;
    const auto trace = compute_digest(input);
    ASSERT_FALSE(trace) << proves;
    EXPECT_EQ(trace.error().kind, DigestError::Kind::bad_ha1) << proves;
  }
}

TEST(Ha1, InUpperCaseIsTheSame) {
  auto input = input_of(registers[1]);
  const auto trace = compute_digest(input);
  std::string upper{trace->ha1.view()};
  for (char& c : upper) c = static_cast<char>(std::toupper(c));
  input.ha1 = upper;
  EXPECT_EQ(compute_digest(input)->response, trace->response);
}

TEST(Session, NeedsACnonce) {
  auto input = input_of(registers[3]);
  input.cnonce = "";
  const auto trace = compute_digest(input);
  ASSERT_FALSE(trace);
  EXPECT_EQ(trace.error().kind, DigestError::Kind::session_needs_cnonce);
  EXPECT_NE(trace.error().sentence(), "");
}

TEST(EqualDigests, DifferByOneDigitOrByLength) {
  EXPECT_TRUE(equal_digests("0123", "0123"));
  EXPECT_TRUE(equal_digests("", ""));
  EXPECT_FALSE(equal_digests("0123", "0124"));
  EXPECT_FALSE(equal_digests("0123", "01234"));
  EXPECT_FALSE(equal_digests("abcd", "ABCD"));
}

TEST(Memory, NothingIsAllocatedHereOnceTheHashesAreFetched) {
  for (const auto& row : registers) {
    const auto input = input_of(row);
    EXPECT_TRUE(compute_digest(input));
    const auto before = allocations();
    const auto trace = compute_digest(input);
    EXPECT_EQ(allocations(), before) << row.proves;
    EXPECT_EQ(trace->response.view(), row.response);
  }
}

TEST(Libcrypto, IsNamed) { EXPECT_TRUE(crypto_version().starts_with("OpenSSL 3")); }

}  // namespace
}  // namespace sipauth
