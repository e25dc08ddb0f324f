// AKA: 3GPP TS 35.208 set 1 for Milenage, V-AKA-OWN for what RFC 3310 and RFC 4169 make of it.

#include "sipauth/aka.hpp"

#include <gtest/gtest.h>

#include <string>

#include "digest_vectors.hpp"

namespace sipauth {
namespace {

constexpr std::string_view nonce = "I1U8vpY3qJ0hiuZNrke/NVXzKLQ1d7m5Sp/6w1Tfr7M=";
constexpr std::uint64_t sqn = 0xff9bb4d0b607;
constexpr std::uint16_t amf = 0xb9b9;

std::string bytes_of(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(std::string{hex.substr(i, 2)}, nullptr, 16));
  }
  return bytes;
}

const std::string k = bytes_of("465b5ce8b199b49faa5f0a2ee238a6bc");
const std::string op = bytes_of("cdc202d5123e20f62b6d676ac72cb318");
const std::string opc = bytes_of("cd63cb71954a9f4e48a5994e37a02baf");

AkaKeys keys() { return *AkaKeys::from_op(k, op); }

AkaChallenge challenge() { return *AkaChallenge::parse(nonce); }

template <std::size_t size>
std::string text_of(const std::array<unsigned char, size>& bytes) {
  return {bytes.begin(), bytes.end()};
}

TEST(Aka, OpcIsMadeOfOp) {
  EXPECT_EQ(keys().opc.reveal(), opc);
  EXPECT_EQ(AkaKeys::from_opc(k, opc)->opc.reveal(), opc);
}

TEST(Aka, ANonceIsRandAndAutn) {
  const auto read = challenge();
  EXPECT_EQ(text_of(read.rand), bytes_of("23553cbe9637a89d218ae64dae47bf35"));
  // (SQN xor AK) AMF MAC, from the numbers of the set
  EXPECT_EQ(text_of(read.autn), bytes_of("55f328b43577"
                                         "b9b9"
                                         "4a9ffac354dfafb3"));
  EXPECT_EQ(read.amf(), amf);
  EXPECT_EQ(read.server_data, "");
  EXPECT_EQ(read.nonce(), nonce);
}

TEST(Aka, WhatFollowsAutnIsDataOfTheServer) {
  const auto read = AkaChallenge::parse("I1U8vpY3qJ0hiuZNrke/NVXzKLQ1d7m5Sp/6w1Tfr7NhYmM=");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->server_data, "abc");
  EXPECT_EQ(read->autn, challenge().autn);
}

TEST(Aka, TheNumbersOfSet1) {
  const auto answer = answer_aka(challenge(), keys(), sqn - 1);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->outcome, AkaOutcome::fresh);
  EXPECT_EQ(answer->sqn, sqn);  // so AK is right
  EXPECT_EQ(answer->res.reveal(), bytes_of("a54211d5e3ba50bf"));
  EXPECT_EQ(answer->ck.reveal(), bytes_of("b40ba9a3c58b2a05bbf0d987b21bf8cb"));
  EXPECT_EQ(answer->ik.reveal(), bytes_of("f769bcd751044604127672711c6d3441"));
  EXPECT_EQ(answer->auts, "");
}

TEST(Aka, TheHomeNetworkMakesTheSameChallenge) {
  const auto vector = make_aka_vector(keys(), challenge().rand, sqn, amf);
  ASSERT_TRUE(vector);
  EXPECT_EQ(vector->challenge.nonce(), nonce);
  EXPECT_EQ(vector->expected.res.reveal(), bytes_of("a54211d5e3ba50bf"));
}

TEST(Aka, TheFourDigests) {
  const auto answer = answer_aka(challenge(), keys(), 0);
  ASSERT_TRUE(answer);
  for (const auto& row : vectors::akas) {
    const bool second = row.proves.starts_with("V2");
    const auto algorithm = find_aka_algorithm(second ? "AKAv2-MD5" : "AKAv1-MD5");
    ASSERT_TRUE(algorithm);
    const auto password = answer->password(*algorithm);
    ASSERT_TRUE(password);
    EXPECT_EQ(password->reveal(), row.password) << row.proves;
    const bool has_qop = row.qop != Qop::none;
    const auto digest = compute_digest({.algorithm = algorithm->algorithm,
                                        .qop = row.qop,
                                        .username = row.user,
                                        .realm = row.realm,
                                        .password = password->reveal(),
                                        .method = row.method,
                                        .uri = row.uri,
                                        .nonce = nonce,
                                        .nc = has_qop ? "00000001" : "",
                                        .cnonce = has_qop ? "0a4f113b" : ""});
    ASSERT_TRUE(digest);
    EXPECT_EQ(digest->response.view(), row.response) << row.proves;
  }
}

// Computed with another implementation of HMAC: the hash is that of the algorithm.
TEST(Aka, TheSecondVersionHashesThePasswordWithItsAlgorithm) {
  const auto answer = answer_aka(challenge(), keys(), 0);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->password(*find_aka_algorithm("AKAv2-SHA-256"))->reveal(),
            "wpC+5dv/7kC35JEI2hluv8XcBd+vf8XcfedJBan1buk=");
  EXPECT_EQ(answer->password(*find_aka_algorithm("AKAv1-SHA-256"))->reveal(), answer->res.reveal());
}

struct Name {
  std::string_view name;
  int version = 0;  // 0: not AKA
  std::string_view hashes = "";
};

TEST(Aka, NamesOfAlgorithms) {
  for (const auto& row :
       {Name{"AKAv1-MD5", 1, "MD5"}, Name{"akaV2-md5", 2, "MD5"},
        Name{"AKAv1-SHA-256", 1, "SHA-256"}, Name{"AKAv2-SHA-512-256", 2, "SHA-512-256"},
        Name{"MD5"}, Name{""}, Name{"AKAv3-MD5"}, Name{"AKAv1-"}, Name{"AKAv1"}, Name{"AKAv1-FOO"},
        Name{"AKAv1-MD5-sess"}, Name{"AKAv1_MD5"}}) {
    const auto found = find_aka_algorithm(row.name);
    EXPECT_EQ(found ? found->version : 0, row.version) << row.name;
    EXPECT_EQ(found ? found->algorithm->name : "", row.hashes) << row.name;
  }
}

TEST(Aka, EveryBitOfAutnAndRandIsProtected) {
  const auto right = challenge();
  for (std::size_t bit = 0; bit < 128; ++bit) {
    auto other = right;
    auto& byte = other.autn.at(bit / 8);
    byte = static_cast<unsigned char>(byte ^ 1U << bit % 8);
    const auto answer = answer_aka(other, keys(), 0);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->outcome, AkaOutcome::wrong_mac) << bit;
    EXPECT_TRUE(answer->res.empty());
    EXPECT_EQ(answer->auts, "");
    EXPECT_TRUE(answer->password(*find_aka_algorithm("AKAv2-MD5"))->empty());
  }
  auto other = right;
  other.rand[0] = static_cast<unsigned char>(other.rand[0] ^ 1);
  EXPECT_EQ(answer_aka(other, keys(), 0)->outcome, AkaOutcome::wrong_mac);
}

TEST(Aka, OtherKeysFindAWrongMac) {
  auto other = k;
  other[3] = static_cast<char>(other[3] ^ 1);
  EXPECT_EQ(answer_aka(challenge(), *AkaKeys::from_opc(other, opc), 0)->outcome,
            AkaOutcome::wrong_mac);
  // OP where OPc belongs
  EXPECT_EQ(answer_aka(challenge(), *AkaKeys::from_opc(k, op), 0)->outcome, AkaOutcome::wrong_mac);
}

struct Highest {
  std::uint64_t highest = 0;
  AkaOutcome outcome = AkaOutcome::fresh;
};

TEST(Aka, ReplaysAskForResynchronisationAndTheHomeNetworkReadsIt) {
  for (const auto& row : {Highest{0}, Highest{sqn - 1}, Highest{sqn, AkaOutcome::sqn_out_of_range},
                          Highest{sqn + 1, AkaOutcome::sqn_out_of_range},
                          Highest{max_aka_sqn, AkaOutcome::sqn_out_of_range}}) {
    const auto answer = answer_aka(challenge(), keys(), row.highest);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->outcome, row.outcome) << row.highest;
    EXPECT_EQ(answer->sqn, sqn);
    if (row.outcome == AkaOutcome::fresh) continue;
    EXPECT_TRUE(answer->res.empty());
    EXPECT_TRUE(answer->password(*find_aka_algorithm("AKAv1-MD5"))->empty());
    const auto read = read_auts(answer->auts, keys(), challenge().rand);
    ASSERT_TRUE(read);
    EXPECT_EQ(*read, row.highest);
  }
}

// f1* and f5* of the set: AK* is 451e8beca43b, and MAC-S with its AMF (here zero) is our own.
TEST(Aka, AnAutsConcealsTheSqnOfTheCard) {
  const auto answer = answer_aka(challenge(), keys(), sqn);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->auts, "uoU/PBI8z0TpNZbjVcY=");
}

TEST(Aka, AnAutsThatWasChangedIsRefused) {
  const auto auts = answer_aka(challenge(), keys(), sqn)->auts;
  for (const std::size_t at : {std::size_t{0}, std::size_t{7}, std::size_t{12}}) {
    auto other = auts;
    other[at] = other[at] == 'A' ? 'B' : 'A';
    const auto read = read_auts(other, keys(), challenge().rand);
    ASSERT_TRUE(read);
    EXPECT_EQ(*read, std::nullopt) << at;
  }
  auto rand = challenge().rand;
  rand[15] = static_cast<unsigned char>(rand[15] ^ 0x80);
  EXPECT_EQ(*read_auts(auts, keys(), rand), std::nullopt);
}

struct BadText {
  std::string_view text;
  AkaError::Kind kind;
};

TEST(Aka, WhatCannotBeRead) {
  using enum AkaError::Kind;
  for (const auto& row : {BadText{"", too_short}, BadText{"====", too_short},
                          BadText{"I1U8vpY3qJ0hiuZNrke/NVXzKLQ1d7m5Sp/6w1Tfrw==", too_short},
                          BadText{"not a nonce", not_base64},
                          BadText{"I1U8vpY3qJ0hiuZNrke/NVXzKLQ1d7m5=Sp/6w1Tfr7M", not_base64}}) {
    const auto read = AkaChallenge::parse(row.text);
    ASSERT_FALSE(read) << row.text;
    EXPECT_EQ(read.error().kind, row.kind) << row.text;
    EXPECT_FALSE(read.error().sentence().empty());
  }
  // The example of RFC 3310 is padded too far, and read all the same.
  EXPECT_EQ(AkaChallenge::parse("CjPk9mRqNuT25eRkajM09uTl9nM09uTl9nMz5OX25PZz==")->server_data,
            "s");
  for (const auto& row :
       {BadText{"", bad_auts}, BadText{"AAAA", bad_auts},
        BadText{"AAAAAAAAAAAAAAAAAAAAAA==", bad_auts}, BadText{"\"", not_base64}}) {
    const auto read = read_auts(row.text, keys(), challenge().rand);
    ASSERT_FALSE(read) << row.text;
    EXPECT_EQ(read.error().kind, row.kind) << row.text;
  }
  EXPECT_EQ(AkaKeys::from_op("short", op).error().kind, bad_key);
  EXPECT_EQ(AkaKeys::from_opc(k, opc + "x").error().kind, bad_key);
}

}  // namespace
}  // namespace sipauth
