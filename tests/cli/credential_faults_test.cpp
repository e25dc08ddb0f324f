// What a phone sees of the faults in how credentials are read and judged.

#include <gtest/gtest.h>

#include <chrono>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fault_views.hpp"
#include "phone.hpp"
#include "registrar/fault_tables.hpp"
#include "registrar/profile.hpp"
#include "sip/binary_session.hpp"

namespace sipauth::registrar {
namespace {

struct Row {
  std::string_view fault;
  std::string_view profile;
  std::string (*seen)(World&, Phone&);
  std::string_view with;     ///< the fault
  std::string_view without;  ///< it
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.fault; }

std::string sent(Phone& phone, std::string credentials) {
  return phone.ask({{"Authorization", std::move(credentials)}}).kind();
}

// Right credentials with one piece of their text replaced.
std::string edited(Phone& phone, std::string_view from, std::string_view to,
                   const Tweak& tweak = {}) {
  auto text = phone.credentials(phone.ask(), tweak);
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << text;
  return sent(phone, text.replace(at, from.size(), to));
}

std::string registered(Phone& phone, const std::string& expires) {
  const auto asked = phone.ask();
  const auto answered = phone.answer(
      asked, {.headers = {{"Contact", "<sip:alice@127.0.0.1:5062>"}, {"Expires", expires}}});
  return std::to_string(answered.contacts.size()) + ' ' +
         (answered.bytes.contains(";expires=60")           ? "parameter"
          : answered.bytes.contains("\r\nExpires: 60\r\n") ? "header"
                                                           : "neither");
}

std::string registered(World&, Phone& phone) { return registered(phone, "60"); }

std::string two_wrong_then_right(World&, Phone& phone) {
  for (int i = 0; i < 2; ++i) static_cast<void>(phone.answer(phone.ask(), {.password = "wrong"}));
  return phone.answer(phone.ask()).kind();
}

std::string empty_nonce(World&, Phone& phone) {
  return phone.answer(phone.ask(), {.nonce = ""}).kind();
}

std::string other_scheme(World&, Phone& phone) { return sent(phone, "NoOneKnows opaque=here"); }

std::string basic(World&, Phone& phone) { return sent(phone, "Basic YWxpY2U6c2VjcmV0"); }

std::string of_invite(World&, Phone& phone) {
  const auto asked = phone.ask();
  phone.method = "INVITE";
  auto credentials = phone.credentials(asked);
  phone.method = "REGISTER";
  return sent(phone, std::move(credentials));
}

std::string response_of(const std::string& credentials) {
  const auto begin = credentials.find("response=\"") + 10;
  return credentials.substr(begin, credentials.find('"', begin) - begin);
}

std::string with_response(Phone& phone, std::string (*change)(std::string)) {
  auto text = phone.credentials(phone.ask());
  const auto right = response_of(text);
  return sent(phone, text.replace(text.find(right), right.size(), change(right)));
}

std::string eight_digits(World&, Phone& phone) {
  return with_response(phone, [](std::string right) { return right.substr(0, 8); });
}

std::string a_digit_more(World&, Phone& phone) {
  return with_response(phone, [](std::string right) { return right + '0'; });
}

std::string other_uri_written(World&, Phone& phone) {
  return edited(phone, "uri=\"sip:test.local\"", "uri=\"sip:other.example\"");
}

std::string other_uri(World&, Phone& phone) {
  const auto asked = phone.ask();
  phone.request_uri = "sip:other.example";
  auto credentials = phone.credentials(asked);
  phone.request_uri = "sip:test.local";
  return sent(phone, std::move(credentials));
}

std::string other_realm(World&, Phone& phone) {
  return phone.answer(phone.ask(), {.realm = "wrong"}).kind();
}

std::string for_bob(World&, Phone& phone) {
  phone.to_user = "bob";
  return phone.answer(phone.ask()).kind();
}

std::string bob_registered_by_carol(World& world, Phone&) {
  Phone carol{world, "carol", "secret2", "call-7"};
  carol.to_user = "bob";
  return carol.answer(carol.ask(), {.username = "bob"}).kind();
}

std::string behind_a_foreign_row(World&, Phone& phone) {
  const auto good = phone.credentials(phone.ask());
  return phone
      .ask({{"Authorization", R"(Digest realm="x", username="a", nonce="b")"},
            {"Authorization", good}})
      .kind();
}

std::string two_rows_of_one_realm(World&, Phone& phone) {
  const auto asked = phone.ask();
  const auto good = phone.credentials(asked);
  return phone
      .ask({{"Authorization", good},
            {"Authorization", phone.credentials(asked, {.password = "wrong"})}})
      .kind();
}

std::string with_algorithm(Phone& phone, std::string algorithm) {
  auto asked = phone.ask();
  asked.algorithm = std::move(algorithm);
  return phone.answer(asked).kind();
}

std::string with_sha(World&, Phone& phone) { return with_algorithm(phone, "SHA-256"); }
std::string with_session(World&, Phone& phone) { return with_algorithm(phone, "MD5-sess"); }
std::string without_algorithm(World&, Phone& phone) { return with_algorithm(phone, ""); }

std::string with_binary_session(World&, Phone& phone) {
  auto asked = phone.ask();
  asked.algorithm = "MD5-sess";
  auto text = phone.credentials(asked);
  const auto hex = response_of(text);
  const auto binary = sip::binary_session_response({.algorithm = find_algorithm("MD5-sess"),
                                                    .qop = Qop::auth,
                                                    .username = "alice",
                                                    .realm = asked.realm,
                                                    .password = "secret",
                                                    .method = "REGISTER",
                                                    .uri = "sip:test.local",
                                                    .nonce = asked.nonce,
                                                    .nc = "00000001",
                                                    .cnonce = "0a4f113b"});
  EXPECT_NE(binary, hex);
  return sent(phone, text.replace(text.find(hex), hex.size(), binary));
}

std::string without_qop(World&, Phone& phone) {
  return phone.answer(phone.ask(), {.with_qop = false}).kind();
}

std::string without_cnonce(World&, Phone& phone) {
  return edited(phone, ", cnonce=\"\"", "", {.cnonce = ""});
}

std::string without_count(World&, Phone& phone) { return edited(phone, ", nc=", "", {.nc = ""}); }

std::string scheme_in_lower_case(World&, Phone& phone) { return edited(phone, "Digest", "digest"); }

std::string in_single_quotes(World&, Phone& phone) {
  return edited(phone, "username=\"alice\"", "username='alice'");
}

std::string two_nonces(World&, Phone& phone) {
  return edited(phone, ", uri=", ", nonce=\"abc\", uri=");
}

std::string odd_name(World&, Phone& phone) {
  return phone.answer(phone.ask(), {.username = "al\xc3\xbc"}).kind();
}

std::string after_a_long_name(World&, Phone& phone) {
  static_cast<void>(phone.answer(phone.ask(), {.username = std::string(4000, 'a')}));
  return phone.ask().kind();
}

std::string unregistered(World&, Phone& phone) {
  return phone.ask({{"Contact", "<sip:alice@127.0.0.1:5062>"}, {"Expires", "0"}}).kind();
}

std::string empty_password(World&, Phone& phone) {
  return phone.answer(phone.ask(), {.password = ""}).kind();
}

std::string delay_in_ms(World& world, Phone& phone) {
  static_cast<void>(phone.answer(phone.ask()));
  auto bytes = phone.last_request();
  bytes.replace(bytes.find("z9hG4bK"), 7, "z9hG4bK9");
  const auto answers = world.send(bytes);
  return std::to_string(
      std::chrono::duration_cast<std::chrono::milliseconds>(answers.back().delay).count());
}

const std::vector<Row> table{
    {"contacts-unlisted", "strict", registered, "0 neither", "1 parameter"},
    {"expires-header", "strict", registered, "1 header", "1 parameter"},
    {"lockout-2", "strict", two_wrong_then_right, "403", "200"},
    {"empty-nonce-400", "strict", empty_nonce, "400", "S-"},
    {"empty-nonce-stale", "strict", empty_nonce, "S+", "S-"},
    {"other-scheme-accepted", "strict", other_scheme, "200", "S-"},
    {"other-scheme-400", "strict", other_scheme, "400", "S-"},
    {"basic-accepted", "strict", basic, "200", "S-"},
    {"any-method", "strict", of_invite, "200", "S-"},
    {"prefix-compare", "strict", eight_digits, "200", "S-"},
    {"32-digits-compared", "freeswitch", a_digit_more, "200", "403"},
    {"uri-not-read", "strict", other_uri_written, "200", "S-"},
    {"uri-must-match", "strict", other_uri, "400", "200"},
    {"any-realm", "strict", other_realm, "200", "S-"},
    {"any-aor", "strict", for_bob, "200", "403"},
    {"from-decides", "strict", bob_registered_by_carol, "S-", "200"},
    {"first-row-only", "strict", behind_a_foreign_row, "S-", "200"},
    {"two-rows-500", "strict", two_rows_of_one_realm, "500", "200"},
    {"any-algorithm", "asterisk-pjsip", with_sha, "200", "S-"},
    {"algorithm-required", "strict", without_algorithm, "400", "200"},
    {"sess-offered", "strict", with_session, "200", "S-"},
    {"sess-binary", "strict", with_binary_session, "200", "S-"},
    {"sess-silent", "strict", with_session, "-", "S-"},
    {"no-qop-stale", "strict", without_qop, "S+", "200"},
    {"no-qop-refused", "strict", without_qop, "S-", "200"},
    {"cnonce-optional", "strict", without_cnonce, "200", "400"},
    {"nc-optional", "strict", without_count, "200", "400"},
    {"scheme-case", "strict", scheme_in_lower_case, "S-", "200"},
    {"reads-single-quotes", "strict", in_single_quotes, "200", "S-"},
    {"reads-first-of-two", "strict", two_nonces, "200", "400"},
    {"odd-name-500", "strict", odd_name, "500", "S-"},
    {"dies-of-length", "strict", after_a_long_name, "-", "S-"},
    {"unregister-open", "strict", unregistered, "200", "S-"},
    {"empty-password-accepted", "strict", empty_password, "200", "S-"},
    {"slow-known-users", "strict", delay_in_ms, "5", "0"},
};

class CredentialFault : public testing::TestWithParam<Row> {};

TEST_P(CredentialFault, ShowsWhereItsNameSays) {
  World world{profile_with(GetParam().profile, {std::string{GetParam().fault}})};
  Phone phone{world};
  EXPECT_EQ(GetParam().seen(world, phone), GetParam().with);
}

TEST_P(CredentialFault, IsNotThereWithoutIt) {
  World world{profile_with(GetParam().profile)};
  Phone phone{world};
  EXPECT_EQ(GetParam().seen(world, phone), GetParam().without);
}

std::string name_of(const testing::TestParamInfo<Row>& info) {
  std::string name;
  for (const char c : info.param.fault) name += is_alpha(c) || is_digit(c) ? c : '_';
  return name;
}

INSTANTIATE_TEST_SUITE_P(Faults, CredentialFault, testing::ValuesIn(table), name_of);

TEST(CredentialFaults, EachIsInTheTable) {
  std::multiset<std::string_view> names;
  for (const auto& fault : credential_faults()) names.insert(fault.name);
  std::multiset<std::string_view> proved;
  for (const auto& row : table) proved.insert(row.fault);
  EXPECT_EQ(names, proved);
}

TEST(ProfileOfYate, TakesTheRowOfItsOwnRealmFirst) {
  World world{profile_with("yate")};
  Phone phone{world};
  EXPECT_EQ(other_realm(world, phone), "200");
  EXPECT_EQ(behind_a_foreign_row(world, phone), "200");
}

}  // namespace
}  // namespace sipauth::registrar
