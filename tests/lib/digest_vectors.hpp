// Digests that are published, or were computed with another implementation.
#pragma once

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "sipauth/digest.hpp"

namespace sipauth::vectors {

inline constexpr std::string_view rfc_nonce = "dcd98b7102dd2f0e8b11d0f600bfb0c093";
inline constexpr std::string_view rfc7616_nonce = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v";
inline constexpr std::string_view rfc7616_cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";

// 243 bytes, hashed by the auth-int examples of draft-smith-sipping-auth-examples-01.
inline constexpr std::string_view sdp =
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

inline void PrintTo(const Vector& row, std::ostream* out) { *out << row.proves; }

inline std::string name_of(const testing::TestParamInfo<Vector>& row) {
  return std::string{row.param.proves};
}

inline DigestInput input_of(const Vector& row) {
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

inline const std::vector<Vector> published{
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

// draft-smith-sipping-auth-examples-01: the only published ones for MD5-sess and auth-int.
inline Vector smith(std::string_view proves, std::string_view algorithm, Qop qop,
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

inline const std::vector<Vector> smiths{
    smith("WithoutQop", "MD5", Qop::none, "bf57e4e0d0bffc0fbaedce64d59add5e"),
    smith("Auth", "MD5", Qop::auth, "89eb0059246c02b2f6ee02c7961d5ea3"),
    smith("SessionAuth", "MD5-sess", Qop::auth, "e4e4ea61d186d07a92c9e1f6919902e9"),
    smith("AuthInt", "MD5", Qop::auth_int, "bdbeebb2da6adb6bca02599c2239e192"),
    smith("SessionAuthInt", "MD5-sess", Qop::auth_int, "91984da2d8663716e91554859c22ca70"),
};

inline Vector alice(std::string_view proves, std::string_view algorithm, Qop qop,
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
inline const std::vector<Vector> registers{
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

// RFC 3310 and 4169 with the keys of 3GPP TS 35.208 set 1: RES as bytes, then the AKAv2 password.
inline Vector aka(std::string_view proves, std::string_view password, Qop qop,
                  std::string_view response) {
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

inline constexpr std::string_view res = "\xa5\x42\x11\xd5\xe3\xba\x50\xbf";
inline constexpr std::string_view akav2 = "shzt3q8CWaZnCAWqs3WmEQ==";

inline const std::vector<Vector> akas{
    aka("V1WithoutQop", res, Qop::none, "a686c2dfc6ba19182840b5d10eee6ea5"),
    aka("V1Auth", res, Qop::auth, "e389bdd943f206ed0728065e735ffb95"),
    aka("V2WithoutQop", akav2, Qop::none, "bbbe01a17ec9e78e8ac69367b87f38b4"),
    aka("V2Auth", akav2, Qop::auth, "a99af3c8964a192be93794f016f7ccf1"),
};

}  // namespace sipauth::vectors
