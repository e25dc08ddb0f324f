#include "sipauth/digest.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cctype>
#include <string>
#include <thread>
#include <vector>

#include "lib/allocations.hpp"

namespace sipauth {
namespace {

constexpr std::string_view rfc_nonce = "dcd98b7102dd2f0e8b11d0f600bfb0c093";
constexpr std::string_view rfc7616_nonce = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v";
constexpr std::string_view rfc7616_cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";

// 243 bytes, hashed by the auth-int examples of draft-smith-sipping-auth-examples-01.
constexpr std::string_view sdp =
    "v=0\r\no=bob 2890844526 2890844526 IN IP4 media.biloxi.com\r\ns=-\r\n"
    "c=IN IP4 media.biloxi.com\r\nt=0 0\r\nm=audio 49170 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n"
    "m=video 51372 RTP/AVP 31\r\na=rtpmap:31 H261/90000\r\nm=video 53000 RTP/AVP 32\r\n"
    "a=rtpmap:32 MPV/90000\r\n";

struct Vector {
  std::string_view proves;
  std::string_view algorithm = "MD5";
  Qop qop = Qop::auth;
  std::string_view user, realm, password, method, uri, nonce;
  std::string_view nc = "00000001";
  std::string_view cnonce = "0a4f113b";
  std::string_view body = "";
  std::string_view response;
};

void PrintTo(const Vector& row, std::ostream* out) { *out << row.proves; }

std::string name_of(const testing::TestParamInfo<Vector>& row) {
  return std::string{row.param.proves};
}

DigestInput input_of(const Vector& row) {
  return {.algorithm = find_algorithm(row.algorithm),
          .qop = row.qop,
          .username = row.user,
          .realm = row.realm,
          .password = row.password,
          .method = row.method,
          .uri = row.uri,
          .nonce = row.nonce,
          .nc = row.nc,
          .cnonce = row.cnonce,
          .body = row.body};
}

class DigestVector : public testing::TestWithParam<Vector> {};

TEST_P(DigestVector, IsReproduced) {
  const auto trace = compute_digest(input_of(GetParam()));
  ASSERT_TRUE(trace) << trace.error().sentence();
  EXPECT_EQ(trace->response.view(), GetParam().response);
}

TEST_P(DigestVector, IsReproducedFromTheStoredHa1) {
  auto input = input_of(GetParam());
  const auto trace = compute_digest(input);
  ASSERT_TRUE(trace);
  input.ha1 = trace->ha1_first.view();
  input.username = input.realm = input.password = "none of them is looked at";
  const auto from_ha1 = compute_digest(input);
  ASSERT_TRUE(from_ha1);
  EXPECT_EQ(from_ha1->response.view(), GetParam().response);
  EXPECT_EQ(from_ha1->ha1, trace->ha1);
}

const std::vector<Vector> published{
    {.proves = "Rfc2617Section3_5",
     .user = "Mufasa",
     .realm = "testrealm@host.com",
     .password = "Circle Of Life",
     .method = "GET",
     .uri = "/dir/index.html",
     .nonce = rfc_nonce,
     .response = "6629fae49393a05397450978507c4ef1"},
    {.proves = "Rfc2617WithoutQop",
     .qop = Qop::none,
     .user = "Mufasa",
     .realm = "testrealm@host.com",
     .password = "Circle Of Life",
     .method = "GET",
     .uri = "/dir/index.html",
     .nonce = rfc_nonce,
     .response = "670fd8c2df070c60b045671b8b24ff02"},
    {.proves = "Rfc2069Section2_4AsItsErratumHasIt",
     .qop = Qop::none,
     .user = "Mufasa",
     .realm = "testrealm@host.com",
     .password = "CircleOfLife",
     .method = "GET",
     .uri = "/dir/index.html",
     .nonce = rfc_nonce,
     .response = "1949323746fe6a43ef61f9606e7febea"},
    {.proves = "Rfc7616Section3_9_1Md5",
     .user = "Mufasa",
     .realm = "http-auth@example.org",
     .password = "Circle of Life",
     .method = "GET",
     .uri = "/dir/index.html",
     .nonce = rfc7616_nonce,
     .cnonce = rfc7616_cnonce,
     .response = "8ca523f5e9506fed4657c9700eebdbec"},
    {.proves = "Rfc7616Section3_9_1Sha256",
     .algorithm = "SHA-256",
     .user = "Mufasa",
     .realm = "http-auth@example.org",
     .password = "Circle of Life",
     .method = "GET",
     .uri = "/dir/index.html",
     .nonce = rfc7616_nonce,
     .cnonce = rfc7616_cnonce,
     .response = "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"},
    {.proves = "Rfc7616Section3_9_2AsErratum4897HasIt",
     .algorithm = "SHA-512-256",
     .user = "J\xc3\xa4s\xc3\xb8n Doe",
     .realm = "api@example.org",
     .password = "Secret, or not?",
     .method = "GET",
     .uri = "/doe.json",
     .nonce = "5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK",
     .cnonce = "NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v",
     .response = "3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5"},
    {.proves = "SippMd5WithItsDoubledScheme",
     .qop = Qop::none,
     .user = "testuser",
     .realm = "testrealm@host.com",
     .password = "secret",
     .method = "REGISTER",
     .uri = "sip:sip:example.com",
     .nonce = rfc_nonce,
     .response = "db94e01e92f2b09a52a234eeca8b90f7"},
    {.proves = "SippSha256WithoutQop",
     .algorithm = "SHA-256",
     .qop = Qop::none,
     .user = "testuser",
     .realm = "testrealm@host.com",
     .password = "secret",
     .method = "REGISTER",
     .uri = "sip:sip:example.com",
     .nonce = "ZaGxV2WhsCtREI2EsiD1LR0RYd",
     .response = "91b58523b983191b52d14455a2599631990110c974ed2e4b4b49bc6053af04ce"},
};
INSTANTIATE_TEST_SUITE_P(Published, DigestVector, testing::ValuesIn(published), name_of);

// draft-smith-sipping-auth-examples-01: the only published ones for MD5-sess and auth-int.
Vector smith(std::string_view proves, std::string_view algorithm, Qop qop,
             std::string_view response) {
  return {.proves = proves,
          .algorithm = algorithm,
          .qop = qop,
          .user = "bob",
          .realm = "biloxi.com",
          .password = "zanzibar",
          .method = "INVITE",
          .uri = "sip:bob@biloxi.com",
          .nonce = rfc_nonce,
          .body = sdp,
          .response = response};
}

const std::vector<Vector> smiths{
    smith("WithoutQop", "MD5", Qop::none, "bf57e4e0d0bffc0fbaedce64d59add5e"),
    smith("Auth", "MD5", Qop::auth, "89eb0059246c02b2f6ee02c7961d5ea3"),
    smith("SessionAuth", "MD5-sess", Qop::auth, "e4e4ea61d186d07a92c9e1f6919902e9"),
    smith("AuthInt", "MD5", Qop::auth_int, "bdbeebb2da6adb6bca02599c2239e192"),
    smith("SessionAuthInt", "MD5-sess", Qop::auth_int, "91984da2d8663716e91554859c22ca70"),
};
INSTANTIATE_TEST_SUITE_P(SmithDraft, DigestVector, testing::ValuesIn(smiths), name_of);

Vector alice(std::string_view proves, std::string_view algorithm, Qop qop,
             std::string_view response) {
  return {.proves = proves,
          .algorithm = algorithm,
          .qop = qop,
          .user = "alice",
          .realm = "example.com",
          .password = "secret",
          .method = "REGISTER",
          .uri = "sip:example.com",
          .nonce = rfc_nonce,
          .response = response};
}

// Computed with another implementation. No RFC gives a form without qop to the SHA algorithms.
const std::vector<Vector> registers{
    alice("Md5WithoutQop", "MD5", Qop::none, "b75dc11e0cde1fc2f921ce28378036bb"),
    alice("Md5Auth", "MD5", Qop::auth, "7fd96a22ed1d64a974701dbd8f92a14e"),
    alice("Md5AuthInt", "MD5", Qop::auth_int, "ae127926d370f9fd7a61fbf3f0a66df6"),
    alice("Md5SessAuth", "MD5-sess", Qop::auth, "f017e479dbee9ec264fe1118766c910d"),
    alice("Md5SessAuthInt", "MD5-sess", Qop::auth_int, "e6d48337b28315ff52200e97160be0ff"),
    alice("Sha256WithoutQop", "SHA-256", Qop::none,
          "ca62967e07753e448fa495241cd888c70b0970a47ded5adcee1caec2bba0675e"),
    alice("Sha256Auth", "SHA-256", Qop::auth,
          "a55e42ad87e94eb5b9c03f5942cc829f83420868db57acc6f2dfb1f1084ae6cd"),
    alice("Sha256AuthInt", "SHA-256", Qop::auth_int,
          "9b84ccb75efe170db2c7beccfb5aa3bce4de3013b1d23ccf00a11ce9c0ca6332"),
    alice("Sha256SessAuth", "SHA-256-sess", Qop::auth,
          "c8056e9b20073f71d54f466a0927ac81f5a052f5824731301eb6534707304a98"),
    alice("Sha256SessAuthInt", "SHA-256-sess", Qop::auth_int,
          "b9d0ee5b9d9a2c5e11f1010ab21bf4122ee8e93f02ca0504ac32d54a148fce01"),
    alice("Sha512_256WithoutQop", "SHA-512-256", Qop::none,
          "b9f77aa59facb8e121c8a341291c6a5a452525a5dc6fb0df3226f92886d65048"),
    alice("Sha512_256Auth", "SHA-512-256", Qop::auth,
          "ba423c8f9ca4dacdea50a9e561267b5d880eb52942e82ea10ab3f9c14bb9cbcd"),
    alice("Sha512_256AuthInt", "SHA-512-256", Qop::auth_int,
          "8ae8967437c36aad4f9dc8ae7107731448fc95e70d4f19ac68c03557fb45d885"),
    alice("Sha512_256SessAuth", "SHA-512-256-sess", Qop::auth,
          "6676d1f0880382b3055a21ef34e4acf826e5ecef511ea7af5282aaa7a2042d21"),
    alice("Sha512_256SessAuthInt", "SHA-512-256-sess", Qop::auth_int,
          "078824c75c43f0119cd8d8ee38abed4968245ce8969217e5c893f9e7d6733cd5"),
};
INSTANTIATE_TEST_SUITE_P(Register, DigestVector, testing::ValuesIn(registers), name_of);

// RFC 3310 and 4169 with the keys of 3GPP TS 35.208 set 1: RES as bytes, then the AKAv2 password.
Vector aka(std::string_view proves, std::string_view password, Qop qop, std::string_view response) {
  return {.proves = proves,
          .qop = qop,
          .user = "alice@ims.example",
          .realm = "ims.example",
          .password = password,
          .method = "REGISTER",
          .uri = "sip:ims.example",
          .nonce = "I1U8vpY3qJ0hiuZNrke/NVXzKLQ1d7m5Sp/6w1Tfr7M=",
          .response = response};
}

constexpr std::string_view res = "\xa5\x42\x11\xd5\xe3\xba\x50\xbf";
constexpr std::string_view akav2 = "shzt3q8CWaZnCAWqs3WmEQ==";

const std::vector<Vector> akas{
    aka("V1WithoutQop", res, Qop::none, "a686c2dfc6ba19182840b5d10eee6ea5"),
    aka("V1Auth", res, Qop::auth, "e389bdd943f206ed0728065e735ffb95"),
    aka("V2WithoutQop", akav2, Qop::none, "bbbe01a17ec9e78e8ac69367b87f38b4"),
    aka("V2Auth", akav2, Qop::auth, "a99af3c8964a192be93794f016f7ccf1"),
};
INSTANTIATE_TEST_SUITE_P(Aka, DigestVector, testing::ValuesIn(akas), name_of);

// What is printed, or computed by known software, and is wrong.
class WrongVector : public DigestVector {};

TEST_P(WrongVector, IsNotReproduced) {
  const auto trace = compute_digest(input_of(GetParam()));
  ASSERT_TRUE(trace);
  EXPECT_EQ(trace->response.view().size(), GetParam().response.size());
  EXPECT_NE(trace->response.view(), GetParam().response);
}

Vector wrongly(Vector row, std::string_view proves, std::string_view response) {
  row.proves = proves;
  row.response = response;
  return row;
}

const std::vector<Vector> wrong{
    wrongly(published[2], "Rfc2069PrintsAnother", "e966c932a9242554e42c8ee200cec7f6"),
    wrongly(published[5], "Rfc7616PrintsSha512CutShort",
            "ae66e67d6b427bd3f120414a82e4acff38e8ecd9101d6c861229025f607a79dd"),
    wrongly(smiths[1], "Rfc3261Section22_2CopiesTheOneOfRfc2617",
            "6629fae49393a05397450978507c4ef1"),
    wrongly(akas[0], "Rfc3310CopiesTheOneOfRfc2617", "6629fae49393a05397450978507c4ef1"),
};
INSTANTIATE_TEST_SUITE_P(Printed, WrongVector, testing::ValuesIn(wrong), name_of);

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

TEST(Threads, DoNotDisturbOneAnother) {
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([] {
      for (int round = 0; round < 200; ++round) {
        for (const auto& row : registers) {
          const auto trace = compute_digest(input_of(row));
          ASSERT_TRUE(trace);
          ASSERT_EQ(trace->response.view(), row.response);
        }
      }
    });
  }
}

TEST(Libcrypto, IsNamed) { EXPECT_TRUE(crypto_version().starts_with("OpenSSL 3")); }

}  // namespace
}  // namespace sipauth
