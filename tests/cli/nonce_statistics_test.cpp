#include "checks/nonce_statistics.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "checks/nonce_recipe.hpp"
#include "sip/random.hpp"

namespace sipauth::checks {
namespace {

using namespace std::chrono_literals;

/// 2026-01-01T00:00:00Z, 0x6955b900
constexpr std::int64_t new_year = 1'767'225'600;
const net::WallTime asked{std::chrono::seconds{new_year}};

std::vector<NonceSample> samples(const std::vector<std::string>& nonces) {
  std::vector<NonceSample> all;
  for (const auto& nonce : nonces) all.push_back({nonce, asked});
  return all;
}

std::vector<std::string> drawn(std::size_t count, std::size_t length, std::string_view alphabet) {
  sip::Random random{3};
  std::vector<std::string> nonces;
  for (std::size_t i = 0; i < count; ++i) nonces.push_back(random.text(length, alphabet));
  return nonces;
}

constexpr std::string_view hex = "0123456789abcdef";
constexpr std::string_view base64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

struct Alphabet {
  std::vector<std::string> nonces;
  std::string_view name;
};

TEST(NonceAlphabet, IsToldByAllNonces) {
  for (const auto& [nonces, name] :
       std::vector<Alphabet>{{{"1234567890", "9876543210"}, "decimal"},
                             {{"1234567890", "987654321a"}, "hexadecimal"},
                             {{"3f2504e0-4f89-41d3-9a0c-0305e82c3301"}, "hexadecimal"},
                             {{"1732500000/0f343b0931126a20f133d67c2b018a3b"}, "hexadecimal"},
                             {{"Z0RtS2dFaCf8yqSrmVHZ0fVYc0t0Z2hh"}, "base64"},
                             {{"397d281a", "Z0RtS2dFaCf8yqSrmVHZ0fVYc0t0Z2hh"}, "base64"},
                             {{"a nonce, and more"}, "mixed"}}) {
    EXPECT_EQ(alphabet_name(alphabet_of(samples(nonces))), name) << nonces.front();
  }
}

TEST(NonceBytes, AreReadFromHexAndBase64) {
  EXPECT_EQ(bytes_of_hex("4a4B"), "JK");
  EXPECT_EQ(bytes_of_hex("4a-4b:4c"), "JKL");
  EXPECT_EQ(bytes_of_hex("4a4"), std::nullopt);
  EXPECT_EQ(bytes_of_hex("4g"), std::nullopt);
  EXPECT_EQ(bytes_of_hex(""), std::nullopt);
  EXPECT_EQ(bytes_of_base64("SktM"), "JKL");
  EXPECT_EQ(bytes_of_base64("Sks="), "JK");
  EXPECT_EQ(bytes_of_base64("Sg"), "J");
  EXPECT_EQ(bytes_of_base64("S"), std::nullopt);
  EXPECT_EQ(bytes_of_base64("Sk*M"), std::nullopt);
}

struct Time {
  std::string nonce;
  std::optional<std::size_t> offset;
  ReadableTime::Form form = ReadableTime::Form::decimal;
};

TEST(NonceTime, IsFoundWhereItStands) {
  using Form = ReadableTime::Form;
  for (const auto& [nonce, offset, form] : std::vector<Time>{
           {"1767225600/0f343b0931126a20f133d67c2b018a3b", 0, Form::decimal},
           {"f0c29bbf7ab3b0c1ff9d6a4c7ad5c8e4.1767225601", 33, Form::decimal},
           {"1767225600123", 0, Form::decimal},
           {"ff6955b900ff", 1, Form::big_endian},
           {"ff00b95569ff", 1, Form::little_endian},
           {"aVW5AP8=", 0, Form::big_endian},
           {"1767325600/0f343b0931126a20f133d67c2b018a3b", std::nullopt},  // more than a day
           {"6957b900", std::nullopt},
           {"397d281a", std::nullopt}}) {
    const auto found = find_time(samples({nonce}));
    ASSERT_EQ(found.has_value(), offset.has_value()) << nonce;
    if (!found) continue;
    EXPECT_EQ(found->offset, *offset) << nonce;
    EXPECT_EQ(found->form, form) << nonce;
    EXPECT_LE(std::abs(*read_time(*found, nonce) - new_year), 1) << nonce;
  }
}

TEST(NonceTime, HasToBeInAllOfThem) {
  EXPECT_FALSE(find_time(samples({"6955b900", "0f343b09"})));
  EXPECT_TRUE(find_time(samples({"6955b900", "6955b9ff"})));
}

struct Row {
  std::string_view what;
  std::vector<std::string> nonces;
  bool counts;
};

TEST(NonceCounter, IsToldFromChance) {
  for (const auto& [what, nonces, counts] : std::vector<Row>{
           {"one more each time",
            {"0000000000000a01", "0000000000000a02", "0000000000000a03", "0000000000000a04"},
            true},
           {"with a carry",
            {"0000000000000afe", "0000000000000aff", "0000000000000b00", "0000000000000b01"},
            true},
           {"by the same large step",
            {"1000000000000000", "2345678923456789", "368acf12468acf12", "49d0369b69d0369b"},
            true},
           {"the low byte first",
            {"010a000000000000", "020a000000000000", "030a000000000000", "040a000000000000"},
            true},
           {"decimal, growing longer",
            {"99999999999998", "99999999999999", "100000000000000", "100000000000001"},
            true},
           {"milliseconds of other requests between",
            {"1767225600123", "1767225600150", "1767225600151", "1767225600655", "1767225601101"},
            true},
           {"base64", {"AAAAAAAAAAE=", "AAAAAAAAAAI=", "AAAAAAAAAAM=", "AAAAAAAAAAQ="}, true},
           {"three are too few",
            {"0000000000000a01", "0000000000000a02", "0000000000000a03"},
            false},
           {"a counter beside what varies more",
            {"0000000153d1f0a2b4c6e8f1", "0000000210a3b5c7d9e1f3a5", "00000003ffeeddccbbaa9988",
             "0000000447b1c5d2e6f3a8b9"},
            false},
           {"random, 16 bits", drawn(100, 4, hex), false},
           {"random, 32 bits", drawn(10, 8, hex), false},
           {"random, base64", drawn(100, 32, base64), false}}) {
    EXPECT_EQ(is_counter(samples(nonces)), counts) << what;
  }
}

TEST(NonceStatistics, CountTheBitsThatVary) {
  struct Bits {
    std::vector<std::string> nonces;
    double bits;
  };
  for (const auto& [nonces, bits] : std::vector<Bits>{{drawn(100, 8, hex), 32},
                                                      {drawn(10, 12, hex), 48},
                                                      {drawn(10, 32, base64), 192},
                                                      {{"aaaa0000", "aaaa0001"}, 4},
                                                      {{"aaaa", "aaaa"}, 0}}) {
    EXPECT_NEAR(statistics_of(samples(nonces)).varying_bits, bits, 0.01) << nonces.front();
  }
}

TEST(NonceStatistics, TellWhatIsTheSame) {
  const auto statistics = statistics_of(samples({"cafe01beef", "cafe02beef", "cafe02beef"}));
  EXPECT_EQ(statistics.different, 2U);
  EXPECT_EQ(statistics.common_prefix, 5U);
  EXPECT_EQ(statistics.common_suffix, 4U);
  EXPECT_EQ(statistics.shortest, 10U);
  EXPECT_EQ(statistics.longest, 10U);
  EXPECT_NEAR(statistics.entropy_bits, 1, 0.01);
}

TEST(NonceStatistics, OfOtherLengthsAreAligned) {
  const auto statistics = statistics_of(samples({"ab", "abcd"}));
  EXPECT_EQ(statistics.common_prefix, 2U);
  EXPECT_EQ(statistics.common_suffix, 0U);
  EXPECT_EQ(statistics.shortest, 2U);
  EXPECT_EQ(statistics.longest, 4U);
}

TEST(NonceStatistics, HalfOfRandomBitsAreSet) {
  EXPECT_NEAR(*statistics_of(samples(drawn(100, 32, hex))).ones, 0.5, 0.03);
  EXPECT_EQ(statistics_of(samples({"mixed: a", "mixed: b"})).ones, std::nullopt);
}

TEST(NonceStatistics, OfNothingAreNothing) {
  EXPECT_EQ(statistics_of({}).different, 0U);
  EXPECT_EQ(statistics_of(samples({"", ""})).longest, 0U);
}

TEST(NonceStatistics, OfLongNoncesEndSoon) {
  std::vector<std::string> nonces;
  for (int i = 0; i < 100; ++i) nonces.push_back(std::string(8192, '1') + std::to_string(i));
  EXPECT_EQ(statistics_of(samples(nonces)).different, 100U);
}

std::string hash_of(Hash hash, std::string_view text) {
  return std::string{hash_hex(hash, std::span{&text, 1})->view()};
}

TEST(NonceRecipe, IsFoundAndFollowed) {
  const NonceIngredients known{
      .address = "127.0.0.1", .source = "127.0.0.1:5062", .realm = "pbx.test"};
  struct Made {
    std::string nonce;
    std::string a_second_later;
  };
  for (const auto& [nonce, later] : std::vector<Made>{
           {hash_of(Hash::md5, "1767225600"), hash_of(Hash::md5, "1767225601")},
           {"1767225600:" + hash_of(Hash::md5, "1767225600127.0.0.1"),
            "1767225601:" + hash_of(Hash::md5, "1767225601127.0.0.1")},
           {hash_of(Hash::md5, "6955b900:127.0.0.1:5062:pbx.test") + "000000006955b900",
            hash_of(Hash::md5, "6955b901:127.0.0.1:5062:pbx.test") + "000000006955b901"},
           {hash_of(Hash::sha256, "pbx.test:1767225600"),
            hash_of(Hash::sha256, "pbx.test:1767225601")}}) {
    const auto found = find_recipe(nonce, {new_year - 1, new_year, new_year + 1}, known);
    ASSERT_TRUE(found) << nonce;
    EXPECT_EQ(found->made, new_year);
    EXPECT_EQ(found->recipe.made_at(nonce, found->made, new_year + 1, known), later);
  }
}

TEST(NonceRecipe, IsNotFoundWhereASecretGoesIn) {
  const NonceIngredients known{
      .address = "127.0.0.1", .source = "127.0.0.1:5062", .realm = "pbx.test"};
  for (const auto& nonce :
       {hash_of(Hash::md5, "1767225600:secret"), std::string{"397d281a"}, std::string{}}) {
    EXPECT_FALSE(find_recipe(nonce, {new_year}, known)) << nonce;
  }
}

}  // namespace
}  // namespace sipauth::checks
