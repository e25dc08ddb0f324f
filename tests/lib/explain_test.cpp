#include "sipauth/explain.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <functional>
#include <string>
#include <vector>

namespace sipauth {
namespace {

// What the verifier knows. Each row says what the client did otherwise.
DigestInput verifier() {
  return {.qop = Qop::auth,
          .username = "alice",
          .realm = "Example.com",
          .password = "secret",
          .method = "REGISTER",
          .uri = "sip:example.com",
          .nonce = "dcd98b7102dd2f0e8b11d0f600bfb0c093",
          .nc = "0000000a",
          .cnonce = "0a4f113b"};
}

std::vector<Explanation> explained(const DigestInput& input, std::string_view expected,
                                   const ExplainContext& context = {}) {
  return explain_mismatch(input, expected, context).explanations;
}

using Change = std::function<void(DigestInput&)>;

struct Case {
  std::string_view id;
  std::string_view proves;
  Change client;  ///< what the client's digest was made with
  std::string_view field;
  std::string_view value;              ///< what is told of it
  Change given = [](DigestInput&) {};  ///< what the verifier was given, before that
  ExplainContext context = {};
};

void PrintTo(const Case& row, std::ostream* out) { *out << row.id << ' ' << row.proves; }

std::string name_of(const testing::TestParamInfo<Case>& row) {
  return std::string{row.param.proves};
}

Change set(std::string_view DigestInput::* member, std::string_view value) {
  return [=](DigestInput& input) { input.*member = value; };
}

Change algorithm(std::string_view name) {
  return [=](DigestInput& input) { input.algorithm = find_algorithm(name); };
}

Change qop(Qop qop) {
  return [=](DigestInput& input) { input.qop = qop; };
}

class ExplainTest : public testing::TestWithParam<Case> {};

TEST_P(ExplainTest, NamesTheCause) {
  const auto& row = GetParam();
  auto input = verifier();
  row.given(input);
  auto client = input;
  row.client(client);
  const auto response = compute_digest(client);
  ASSERT_TRUE(response);
  ASSERT_NE(response->response, compute_digest(input)->response);

  const auto explanations = explained(input, response->response.view(), row.context);
  const auto found = std::ranges::find(explanations, row.id, &Explanation::id);
  ASSERT_NE(found, explanations.end());
  EXPECT_EQ(found->field, row.field);
  EXPECT_EQ(found->value, row.value);
  EXPECT_TRUE(found->also.empty());
  EXPECT_TRUE(found->text.ends_with('.')) << found->text;
  EXPECT_FALSE(found->text.contains("{}")) << found->text;
  if (!row.value.empty()) {
    EXPECT_TRUE(found->text.contains(row.value) || row.id == "qop-ignored" ||
                row.id == "user-latin1")
        << found->text;
  }
  for (const auto& explanation : explanations) {
    EXPECT_FALSE(explanation.text.contains(input.password)) << explanation.text;
  }
}

constexpr auto set_uri = [](std::string_view uri) { return set(&DigestInput::uri, uri); };

const std::vector<Case> methods_and_uris{
    {"other-method", "OtherMethod", set(&DigestInput::method, "INVITE"), "method", "INVITE"},
    {"other-method", "PrackIsAMethodToo", set(&DigestInput::method, "PRACK"), "method", "PRACK"},
    {"method-case", "MethodInLowerCase", set(&DigestInput::method, "register"), "method",
     "register"},
    {"no-method", "EmptyMethodAsForAnRspauth", set(&DigestInput::method, ""), "method", ""},
    {"uri-with-port", "PortAdded", set_uri("sip:example.com:5060"), "uri", "sip:example.com:5060"},
    {"uri-with-port", "PortAddedBeforeTheParameters", set_uri("sip:example.com:5060;lr"), "uri",
     "sip:example.com:5060;lr", set_uri("sip:example.com;lr")},
    {"uri-with-port", "PortAddedBehindAnIpv6Reference", set_uri("sip:[::1]:5060"), "uri",
     "sip:[::1]:5060", set_uri("sip:[::1]")},
    {"uri-without-port", "PortLeftOut", set_uri("sip:example.com;transport=tcp"), "uri",
     "sip:example.com;transport=tcp", set_uri("sip:example.com:5070;transport=tcp")},
    {"uri-without-parameters", "ParametersLeftOut", set_uri("sip:example.com:5060"), "uri",
     "sip:example.com:5060", set_uri("sip:example.com:5060;transport=tcp?a=b")},
    {"uri-of-host", "HostAlone", set_uri("sip:example.com"), "uri", "sip:example.com",
     set_uri("sip:alice@example.com:5060;transport=tcp")},
    {"uri-of-host", "HostAndUser", set_uri("sip:alice@example.com"), "uri", "sip:alice@example.com",
     set_uri("sip:alice@example.com:5060;transport=tcp")},
    {"uri-with-parameters", "TransportAdded", set_uri("sip:example.com;transport=TLS"), "uri",
     "sip:example.com;transport=TLS"},
    {"uri-with-user", "UserAdded", set_uri("sip:alice@example.com"), "uri",
     "sip:alice@example.com"},
    {"uri-without-user", "UserLeftOut", set_uri("sip:example.com"), "uri", "sip:example.com",
     set_uri("sip:bob:pw@example.com")},
    {"uri-scheme", "SipForSips", set_uri("sip:example.com"), "uri", "sip:example.com",
     set_uri("sips:example.com")},
    {"uri-scheme", "SipsForSip", set_uri("sips:example.com"), "uri", "sips:example.com"},
    {"uri-without-scheme", "SchemeLeftOut", set_uri("example.com"), "uri", "example.com"},
    {"uri-in-brackets", "AngleBracketsHashed", set_uri("<sip:example.com>"), "uri",
     "<sip:example.com>"},
    {"uri-case", "UriInLowerCase", set_uri("sip:example.com"), "uri", "sip:example.com",
     set_uri("sip:Example.COM")},
    {"request-uri",
     "RequestUriHashed",
     set_uri("sip:10.0.0.1:5070"),
     "uri",
     "sip:10.0.0.1:5070",
     [](DigestInput&) {},
     {.request_uri = "sip:10.0.0.1:5070"}},
};
INSTANTIATE_TEST_SUITE_P(Request, ExplainTest, testing::ValuesIn(methods_and_uris), name_of);

const std::vector<Case> names{
    {"user-with-domain", "DomainAddedFromTheRealm",
     set(&DigestInput::username, "alice@Example.com"), "username", "alice@Example.com"},
    {"user-with-domain", "DomainAddedFromTheUri", set(&DigestInput::username, "alice@example.com"),
     "username", "alice@example.com"},
    {"user-with-domain",
     "DomainAddedFromTheContext",
     set(&DigestInput::username, "alice@pbx.test"),
     "username",
     "alice@pbx.test",
     [](DigestInput&) {},
     {.domain = "pbx.test"}},
    {"user-without-domain", "DomainLeftOut", set(&DigestInput::username, "alice"), "username",
     "alice", set(&DigestInput::username, "alice@example.com")},
    {"user-case", "UserInLowerCase", set(&DigestInput::username, "alice"), "username", "alice",
     set(&DigestInput::username, "Alice")},
    {"user-backslashes",
     "UserWithBackslashesKept",
     set(&DigestInput::username, R"(a\"b)"),
     "username",
     R"(a\"b)",
     set(&DigestInput::username, R"(a"b)"),
     {.raw_username = R"(a\"b)"}},
    {"user-latin1", "UserInLatin1", set(&DigestInput::username, "J\xe4s"), "username", "J\xe4s",
     set(&DigestInput::username, "J\xc3\xa4s")},
    {"realm-case", "RealmInLowerCase", set(&DigestInput::realm, "example.com"), "realm",
     "example.com"},
    {"other-realm",
     "DomainForTheRealm",
     set(&DigestInput::realm, "pbx.test"),
     "realm",
     "pbx.test",
     [](DigestInput&) {},
     {.domain = "pbx.test"}},
    {"other-realm", "EmptyRealm", set(&DigestInput::realm, ""), "realm", ""},
    {"realm-backslashes",
     "RealmWithBackslashesKeptAsRfc2617",
     set(&DigestInput::realm, R"(a\"b)"),
     "realm",
     R"(a\"b)",
     set(&DigestInput::realm, R"(a"b)"),
     {.raw_realm = R"(a\"b)"}},
    {"realm-backslashes", "RealmWithBackslashesDroppedAsRfc7616",
     set(&DigestInput::realm, R"(a"b)"), "realm", R"(a"b)", set(&DigestInput::realm, R"(a\"b)")},
};
INSTANTIATE_TEST_SUITE_P(Names, ExplainTest, testing::ValuesIn(names), name_of);

const Change latin1_given = set(&DigestInput::password, "p\xc3\xa4ss");

const std::vector<Case> passwords{
    {"password-newline", "PasswordWithLf", set(&DigestInput::password, "secret\n"), "password", ""},
    {"password-newline", "PasswordWithCrLf", set(&DigestInput::password, "secret\r\n"), "password",
     ""},
    {"password-newline", "LineEndGivenAndNotHashed", set(&DigestInput::password, "secret"),
     "password", "", set(&DigestInput::password, "secret\r\n")},
    {"password-space", "PasswordWithABlankBehind", set(&DigestInput::password, "secret "),
     "password", ""},
    {"password-space", "PasswordWithABlankInFront", set(&DigestInput::password, " secret"),
     "password", ""},
    {"password-space", "BlankGivenAndNotHashed", set(&DigestInput::password, "secret"), "password",
     "", set(&DigestInput::password, "secret ")},
    {"password-empty", "EmptyPassword", set(&DigestInput::password, ""), "password", ""},
    {"password-latin1", "PasswordInLatin1", set(&DigestInput::password, "p\xe4ss"), "password", "",
     latin1_given},
};
INSTANTIATE_TEST_SUITE_P(Passwords, ExplainTest, testing::ValuesIn(passwords), name_of);

const std::vector<Case> formulas{
    {"qop-ignored", "QopSentAndNotHashed", qop(Qop::none), "qop", "none"},
    {"other-qop", "AuthIntForAuth", qop(Qop::auth_int), "qop", "auth-int"},
    {"other-qop", "QopHashedAndNotSent", qop(Qop::auth), "qop", "auth", qop(Qop::none)},
    {"body-ignored", "EmptyBodyHashed", set(&DigestInput::body, ""), "body", "",
     [](DigestInput& input) {
       input.qop = Qop::auth_int;
       input.body = "v=0\r\n";
     }},
    {"plain-instead-of-session", "PlainForSession", algorithm("SHA-256"), "algorithm", "SHA-256",
     algorithm("SHA-256-sess")},
    {"session-instead-of-plain", "SessionForPlain", algorithm("MD5-sess"), "algorithm", "MD5-sess"},
    {"other-algorithm", "Sha512ForSha256", algorithm("SHA-512-256"), "algorithm", "SHA-512-256",
     algorithm("SHA-256")},
    {"other-algorithm", "Sha256ForMd5", algorithm("SHA-256"), "algorithm", "SHA-256"},
    {"nc-decimal", "NcCountedInDecimal", set(&DigestInput::nc, "00000010"), "nc", "00000010"},
    {"nc-decimal", "NcWrittenInDecimal", set(&DigestInput::nc, "0000000a"), "nc", "0000000a",
     set(&DigestInput::nc, "00000010")},
    {"nc-zeros", "NcWithoutItsZeros", set(&DigestInput::nc, "a"), "nc", "a"},
    {"nc-zeros", "FirstNcWithoutItsZeros", set(&DigestInput::nc, "1"), "nc", "1",
     set(&DigestInput::nc, "00000001")},
    {"nc-off-by-one", "NcOfTheRequestBefore", set(&DigestInput::nc, "00000009"), "nc", "00000009"},
};
INSTANTIATE_TEST_SUITE_P(Formulas, ExplainTest, testing::ValuesIn(formulas), name_of);

// The inner hash as bytes; both digests are published (see digest_test.cpp for their inputs).
TEST(Explain, BinarySession) {
  auto input = verifier();
  input.algorithm = find_algorithm("MD5-sess");
  input.username = "bob";
  input.realm = "biloxi.com";
  input.password = "zanzibar";
  auto client = input;
  client.algorithm = find_algorithm("MD5");
  client.nc = input.nc = "00000001";
  client.ha1 = "cb349e2d6a2d97eaede46d85781333f5";
  const auto response = compute_digest(client)->response;
  const auto explanations = explained(input, response.view());
  ASSERT_EQ(explanations.size(), 1U);
  EXPECT_EQ(explanations[0].id, "binary-session");
  EXPECT_EQ(explanations[0].field, "algorithm");

  // The same from the HA1 that a server stores.
  const auto ha1 = compute_digest(input)->ha1_first;
  input.ha1 = ha1.view();
  input.password = {};
  const auto from_ha1 = explained(input, response.view());
  ASSERT_EQ(from_ha1.size(), 1U);
  EXPECT_EQ(from_ha1[0].id, "binary-session");
}

TEST(Explain, Ha1HashedAsIfItWereThePassword) {
  const auto input = verifier();
  const auto ha1 = compute_digest(input)->ha1_first;
  auto client = input;
  client.password = ha1.view();
  const auto response = compute_digest(client)->response;
  const auto explanations = explained(input, response.view());
  ASSERT_EQ(explanations.size(), 1U);
  EXPECT_EQ(explanations[0].id, "ha1-as-password");
  EXPECT_EQ(explanations[0].value, "");
  EXPECT_FALSE(explanations[0].text.contains(ha1.view()));
}

TEST(Explain, Ha1GivenInsteadOfThePassword) {
  auto input = verifier();
  const auto right = *compute_digest(input);
  input.password = right.ha1_first.view();
  const auto explanations = explained(input, right.response.view());
  ASSERT_EQ(explanations.size(), 1U);
  EXPECT_EQ(explanations[0].id, "ha1-as-password");
}

TEST(Explain, GivenHa1StillFindsWhatIsNotInIt) {
  auto input = verifier();
  auto client = input;
  client.uri = "sip:example.com:5060";
  const auto ha1 = compute_digest(input)->ha1_first;
  input.ha1 = ha1.view();
  input.username = input.realm = input.password = {};
  const auto explanations = explained(input, compute_digest(client)->response.view());
  ASSERT_EQ(explanations.size(), 1U);
  EXPECT_EQ(explanations[0].id, "uri-with-port");
}

TEST(Explain, UpperCaseDigits) {
  const auto input = verifier();
  const auto response = compute_digest(input)->response;
  std::string upper{response.view()};
  std::ranges::transform(upper, upper.begin(), [](char c) {
    return c >= 'a' && c <= 'f' ? static_cast<char>(c - 32) : c;
  });
  const auto explanations = explained(input, upper);
  ASSERT_EQ(explanations.size(), 1U);
  EXPECT_EQ(explanations[0].id, "response-case");
}

struct Pair {
  std::string_view first, second;
  Change client;
  Change given = [](DigestInput&) {};
};

TEST(Explain, TwoMistakesAtOnce) {
  const std::vector<Pair> rows{
      {"other-method", "uri-with-port",
       [](DigestInput& input) {
         input.method = "INVITE";
         input.uri = "sip:example.com:5060";
       }},
      {"uri-with-port", "uri-with-user", set_uri("sip:alice@example.com:5060")},
      {"user-with-domain", "qop-ignored",
       [](DigestInput& input) {
         input.username = "alice@example.com";
         input.qop = Qop::none;
       }},
      {"uri-without-parameters", "uri-in-quotes", set_uri("\"sip:example.com:5060\""),
       set_uri("sip:example.com:5060;transport=tcp")},
      {"uri-of-host", "password-newline",
       [](DigestInput& input) {
         input.uri = "sip:example.com";
         input.password = "secret\n";
       },
       set_uri("sip:alice@example.com:5060;transport=tcp")},
      {"qop-ignored", "user-with-scheme",
       [](DigestInput& input) {
         input.username = "sip:alice@example.com";
         input.qop = Qop::none;
       }},
      {"qop-ignored", "password-newline",
       [](DigestInput& input) {
         input.qop = Qop::none;
         input.password = "secret\n";
       }},
  };
  for (const auto& [first, second, change, given] : rows) {
    auto input = verifier();
    given(input);
    auto client = input;
    change(client);
    const auto explanations = explained(input, compute_digest(client)->response.view());
    ASSERT_EQ(explanations.size(), 1U) << first << ' ' << second;
    EXPECT_EQ(explanations[0].id, first);
    ASSERT_EQ(explanations[0].also.size(), 1U);
    EXPECT_EQ(explanations[0].also[0].id, second);
  }
}

TEST(Explain, AnotherPasswordHasNoExplanation) {
  auto client = verifier();
  client.password = "something else";
  EXPECT_TRUE(explained(verifier(), compute_digest(client)->response.view()).empty());
}

TEST(Explain, NoResponseIsEverExplainedByNothing) {
  for (const std::string_view response : {"", "0", "zz", "00000000000000000000000000000000"}) {
    EXPECT_TRUE(explained(verifier(), response).empty()) << response;
  }
}

TEST(Explain, StandsAnyInput) {
  const std::string noise = "\xff:@;?<>[]\\\"%" + std::string(1, '\0') + "sip:";
  const std::string_view text = noise;
  for (std::size_t length = 0; length <= text.size(); ++length) {
    const auto part = text.substr(0, length);
    const DigestInput input{.algorithm = find_algorithm("MD5-sess"),
                            .qop = Qop::auth_int,
                            .username = part,
                            .realm = part,
                            .password = part,
                            .method = part,
                            .uri = part,
                            .nonce = part,
                            .nc = part,
                            .cnonce = part,
                            .body = part};
    const ExplainContext context{
        .request_uri = part, .domain = part, .raw_realm = part, .raw_username = part};
    EXPECT_TRUE(explained(input, "00000000000000000000000000000000", context).empty());
  }
}

}  // namespace
}  // namespace sipauth
