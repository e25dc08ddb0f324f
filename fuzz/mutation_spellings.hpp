// How real software, and software that means ill, writes the values of parameters.
#pragma once

#include <array>
#include <string_view>

#include "fuzz/mutation_list.hpp"

namespace sipauth::fuzz {

inline constexpr auto stale_notations = std::to_array<std::string_view>(
    {"true",      "TRUE",  "True", "false", "FALSE",      "\"true\"", "\"TRUE\"", "\"false\"",
     "'true'",    "1",     "0",    "yes",   "tru",        "truee",    "t",        "\" true\"",
     "\"true \"", "true;", "",     "\"\"",  "true false", "\"true",   "tr\\ue",   "\"t\\rue\""});

inline constexpr auto algorithm_notations = std::to_array<std::string_view>({"MD5",
                                                                             "md5",
                                                                             "\"MD5\"",
                                                                             "\"md5\"",
                                                                             "'MD5'",
                                                                             "MD5-sess",
                                                                             "md5-sess",
                                                                             "MD5-SESS",
                                                                             "\"MD5-sess\"",
                                                                             "SHA-256",
                                                                             "sha-256",
                                                                             "SHA256",
                                                                             "\"SHA-256\"",
                                                                             "SHA-256-sess",
                                                                             "SHA-512-256",
                                                                             "SHA-512-256-sess",
                                                                             "SHA-512/256",
                                                                             "SHA-512",
                                                                             "SHA-1",
                                                                             "SHA",
                                                                             "AKAv1-MD5",
                                                                             "AKAv2-MD5",
                                                                             "akav1-md5",
                                                                             "AKAv1-SHA-256",
                                                                             "AKAv2-SHA-512-256",
                                                                             "AKAv3-MD5",
                                                                             "token",
                                                                             "FOO",
                                                                             "",
                                                                             "\"\"",
                                                                             "MD5,SHA-256",
                                                                             "\"MD5, SHA-256\"",
                                                                             "MD5 ",
                                                                             "MD",
                                                                             "MD55",
                                                                             "MD5-",
                                                                             "-sess"});

inline constexpr auto offered_qop_notations = std::to_array<std::string_view>({"\"auth\"",
                                                                               "\"auth,auth-int\"",
                                                                               "\"auth-int,auth\"",
                                                                               "\"auth, auth-int\"",
                                                                               "\"auth ,auth-int\"",
                                                                               "\"auth-int\"",
                                                                               "auth",
                                                                               "auth,auth-int",
                                                                               "'auth'",
                                                                               "\"Auth\"",
                                                                               "\"AUTH\"",
                                                                               "\"foo\"",
                                                                               "\"foo,auth\"",
                                                                               "\"auth,foo\"",
                                                                               "\"auth,\"",
                                                                               "\",auth\"",
                                                                               "\",\"",
                                                                               "\"auth,auth\"",
                                                                               "\"auth;auth-int\"",
                                                                               "\"auth auth-int\"",
                                                                               "\" auth\"",
                                                                               "\"auth \"",
                                                                               "\"\"",
                                                                               "",
                                                                               "\"auth-conf\"",
                                                                               "\"au\\th\"",
                                                                               "\"aut\"",
                                                                               "\"authx\""});

inline constexpr auto chosen_qop_notations = std::to_array<std::string_view>(
    {"auth", "\"auth\"", "auth-int", "\"auth-int\"", "Auth", "AUTH", "'auth'", "auth,auth-int",
     "\"auth,auth-int\"", "foo", "", "\"\"", "aut", "authx", "auth-conf"});

inline constexpr auto realm_notations = std::to_array<std::string_view>({"\"\"",
                                                                         "\"r\"",
                                                                         "r",
                                                                         "example.com",
                                                                         "'r'",
                                                                         "\"a\\\"b\"",
                                                                         "\"a\\\\\"",
                                                                         "\"a, nonce=b\"",
                                                                         "\"a\\, b\"",
                                                                         "\"a\r\n b\"",
                                                                         "\"a\r\nX-Injected: 1\"",
                                                                         "\"caf\xc3\xa9\"",
                                                                         "\"caf\xe9\"",
                                                                         "\"a b\"",
                                                                         "\" r \"",
                                                                         "\"sip:r\"",
                                                                         "\"Digest\"",
                                                                         "\"a=b\"",
                                                                         "\"a\\",
                                                                         "",
                                                                         "\"\\\"\""});

inline constexpr auto nonce_notations =
    std::to_array<std::string_view>({"\"\"",
                                     "",
                                     "\"0\"",
                                     "\"n\"",
                                     "n",
                                     "abc+/==",
                                     "\"abc+/==\"",
                                     "'n'",
                                     "\"a\\\"b\"",
                                     "\"a\\b\"",
                                     "\"a\"b\"",
                                     "\"a,b\"",
                                     "\"a;b\"",
                                     "\"a:b\"",
                                     "\"a b\"",
                                     "\"caf\xc3\xa9\"",
                                     "\"\xff\xfe\"",
                                     "\"%n%s\"",
                                     "\"397d281a\" stale=true",
                                     "\"1767225600/0123456789abcdef0123456789abcdef\""});

inline constexpr auto opaque_notations = std::to_array<std::string_view>(
    {"\"\"", "", "o", "\"+GNywA==\"", "+GNywA==", "\"a\\\"b\"", "'o'", "\"o", "\"a, b=c\""});

inline constexpr auto domain_notations =
    std::to_array<std::string_view>({"\"sip:r\"", "\"sip:r sip:s\"", "sip:r", "sip:r;transport=tcp",
                                     "\"\"", "", "\"/\"", "\"sip:r,sip:s\"", "\"sip:%\""});

inline constexpr auto userhash_notations = std::to_array<std::string_view>(
    {"true", "false", "\"true\"", "TRUE", "1", "", "\"\"", "maybe"});

inline constexpr auto charset_notations = std::to_array<std::string_view>(
    {"UTF-8", "utf-8", "\"UTF-8\"", "ISO-8859-1", "UTF-16", "", "\"\""});

inline constexpr auto nc_notations =
    std::to_array<std::string_view>({"00000001",
                                     "00000000",
                                     "ffffffff",
                                     "FFFFFFFF",
                                     "0000000A",
                                     "0000000a",
                                     "1",
                                     "10",
                                     "00000010",
                                     "0000001",
                                     "000000001",
                                     "100000000",
                                     "\"00000001\"",
                                     "\"\"",
                                     "",
                                     "-0000001",
                                     "+0000001",
                                     "0x000001",
                                     "0000000g",
                                     "ffffffffffffffff",
                                     "00000000000000000000000000000001",
                                     "' '"});

inline constexpr auto response_notations = std::to_array<std::string_view>(
    {"\"\"", "", "\"0123456789abcdef0123456789abcdef\"", "\"0123456789ABCDEF0123456789ABCDEF\"",
     "0123456789abcdef0123456789abcdef", "\"0123456789abcdef0123456789abcde\"",
     "\"0123456789abcdef0123456789abcdef0\"", "\"0123456789abcdef0123456789abcdeg\"",
     "\"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"", "\"0\"",
     "\"                                \"", "\"\\0123456789abcdef0123456789abcdef\"",
     "'0123456789abcdef0123456789abcdef'"});

inline constexpr auto digest_uri_notations =
    std::to_array<std::string_view>({"\"sip:example.com\"",
                                     "sip:example.com",
                                     "sip:example.com;transport=tcp",
                                     "\"\"",
                                     "",
                                     "\"/\"",
                                     "\"*\"",
                                     "\"sip:\"",
                                     "\"sip:%\"",
                                     "\"sip:a%4\"",
                                     "\"sip:a@b@c\"",
                                     "\"tel:+1\"",
                                     "\"urn:\"",
                                     "\"sip:a@[::1]:5060\"",
                                     "\"sip:a@b:65536\"",
                                     "\"sip:a@b:4294967296\"",
                                     "\"sip:a@b;x=\\\"y\\\"\"",
                                     "\"sip:a b\"",
                                     "\"sips:example.com\"",
                                     "\"<sip:a>\"",
                                     "\"sip:a?b=c&d\"",
                                     "\"SIP:EXAMPLE.COM\""});

inline constexpr auto username_notations = std::to_array<std::string_view>(
    {"\"\"", "", "alice", "\"alice@example.com\"", "\"al\\\"ice\"", "\"al\\ice\"", "\"al:ice\"",
     "\"J\xc3\xa4s\"", "\"J\xe4s\"", "'alice'", "\"alice", "\"sip:alice@example.com\"",
     "\"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\""});

inline constexpr auto extended_username_notations = std::to_array<std::string_view>(
    {"UTF-8''J%C3%A4s", "utf-8'de'J%C3%A4s", "ISO-8859-1''J%E4s", "UTF-8''J%C3%A", "UTF-8''%",
     "UTF-8''%zz", "UTF-8''%00", "UTF-8'alice", "alice", "\"UTF-8''alice\"", "''alice", "UTF-8''",
     "", "UTF-8''a'b"});

inline constexpr auto cnonce_notations = std::to_array<std::string_view>(
    {"\"\"", "", "0a4f113b", "\"0a4f113b\"", "'c'", "\"c\\\"d\"", "\"c,d\"", "\"c"});

inline constexpr auto auts_notations = std::to_array<std::string_view>(
    {"\"\"", "", "\"AAAAAAAAAAAAAAAAAAA=\"", "AAAAAAAAAAAAAAAAAAA=", "\"!\"", "\"AAA\"",
     "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\""});

inline constexpr Spellings stale_spellings{"stale", stale_notations};
inline constexpr Spellings algorithm_spellings{"algorithm", algorithm_notations};
inline constexpr Spellings offered_qop_spellings{"qop", offered_qop_notations};
inline constexpr Spellings chosen_qop_spellings{"qop", chosen_qop_notations};
inline constexpr Spellings realm_spellings{"realm", realm_notations};
inline constexpr Spellings nonce_spellings{"nonce", nonce_notations};
inline constexpr Spellings nextnonce_spellings{"nextnonce", nonce_notations};
inline constexpr Spellings opaque_spellings{"opaque", opaque_notations};
inline constexpr Spellings domain_spellings{"domain", domain_notations};
inline constexpr Spellings userhash_spellings{"userhash", userhash_notations};
inline constexpr Spellings charset_spellings{"charset", charset_notations};
inline constexpr Spellings nc_spellings{"nc", nc_notations};
inline constexpr Spellings response_spellings{"response", response_notations};
inline constexpr Spellings rspauth_spellings{"rspauth", response_notations};
inline constexpr Spellings digest_uri_spellings{"uri", digest_uri_notations};
inline constexpr Spellings username_spellings{"username", username_notations};
inline constexpr Spellings extended_username_spellings{"username*", extended_username_notations};
inline constexpr Spellings cnonce_spellings{"cnonce", cnonce_notations};
inline constexpr Spellings auts_spellings{"auts", auts_notations};

}  // namespace sipauth::fuzz
