#include <gtest/gtest.h>

#include <array>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "phone.hpp"
#include "registrar/profile.hpp"

namespace sipauth::registrar {
namespace {

using namespace std::chrono_literals;

// Each profile in one line: what it answers in the situations that tell registrars apart. S+ is a
// challenge with stale=true, S- one without, a number any other status, `-` silence.
struct Golden {
  std::string_view profile;
  std::string_view asked;          // R0
  std::string_view answered;       // right credentials on the nonce of R0
  std::string_view reused;         // the same nonce again, nc 2, half a second later
  std::string_view replayed;       // the same credentials again, nc 1, in a new request
  std::string_view foreign;        // a nonce never issued, Call-ID known
  std::string_view foreign_wrong;  // the same with a wrong password
  std::string_view foreign_call;   // a nonce never issued, as first message of a Call-ID
  std::string_view aged;           // a nonce as old as its lifetime
  std::string_view aged_wrong;     // the same with a wrong password
  std::string_view wrong;          // a wrong password on a fresh nonce
  std::string_view unknown_asks;   // R0 of a user that is not known
  std::string_view unknown;        // and its credentials
  std::string_view superseded;     // the nonce before the present one of the Call-ID
  std::string_view again;          // the accepted request retransmitted, byte for byte
  net::Duration lifetime;
};

void PrintTo(const Golden& row, std::ostream* out) { *out << row.profile; }

// clang-format off
constexpr auto golden = std::to_array<Golden>({
//  profile                       R0    right  reuse  replay fore-  fore-  fore-  aged   aged   wrong  unkn. unkn.  super- re-    life-
//                                                           ign    wrong  call          wrong         asks         seded  trans. time
  {"strict",                     "S-", "200", "200", "S+",  "S+",  "S-",  "S+",  "S+",  "S-",  "S-",  "S-",  "S-",  "200", "200", 60s},
  {"asterisk-2005-before",       "S-", "200", "200", "200", "403", "403", "S-",  "S-",  "S-",  "403", "403", "403", "403", "200", 15s},
  {"asterisk-2005-first-patch",  "S-", "S+",  "403", "403", "403", "403", "S-",  "S-",  "S-",  "S-",  "403", "403", "403", "S+",  15s},
  {"asterisk-2005-r5834",        "S-", "200", "200", "200", "S+",  "S-",  "S-",  "S-",  "S-",  "403", "403", "403", "S+",  "200", 15s},
  {"asterisk-2005-1.0.8",        "S-", "200", "200", "200", "S-",  "S-",  "S-",  "S-",  "S-",  "403", "403", "403", "S-",  "200", 15s},
  {"asterisk-1.2",               "S-", "200", "200", "200", "S+",  "S-",  "S-",  "S-",  "S-",  "403", "403", "403", "S+",  "200", 15s},
  {"asterisk-2009-loop",         "S-", "200", "200", "200", "S+",  "S-",  "S-",  "S-",  "S-",  "403", "403", "403", "S+",  "200", 32s},
  {"asterisk-chansip",           "S-", "200", "S+",  "S+",  "S+",  "S-",  "S-",  "S-",  "S-",  "403", "S-",  "403", "S+",  "S+",  32s},
  {"asterisk-pjsip",             "S-", "200", "200", "200", "S+",  "S-",  "S+",  "S+",  "S-",  "S-",  "S-",  "S-",  "200", "200", 32s},
  {"kamailio-default",           "S-", "200", "200", "200", "S-",  "S-",  "S-",  "S-",  "S-",  "S-",  "S-",  "S-",  "200", "200", 300s},
  {"kamailio-stale16",           "S-", "200", "200", "200", "S+",  "S+",  "S+",  "S+",  "S+",  "S-",  "S-",  "S-",  "200", "200", 300s},
  {"kamailio-nc",                "S-", "200", "200", "S-",  "S-",  "S-",  "S-",  "S-",  "S-",  "S-",  "S-",  "S-",  "200", "200", 300s},
  {"kamailio-otn",               "S-", "200", "S-",  "S-",  "S-",  "S-",  "S-",  "S-",  "S-",  "S-",  "S-",  "S-",  "200", "200", 300s},
  {"kamailio-checks11",          "S-", "200", "200", "200", "S-",  "S-",  "S-",  "S-",  "S-",  "S-",  "S-",  "S-",  "200", "200", 300s},
  {"kamailio-strict403",         "S-", "200", "200", "200", "S-",  "S-",  "S-",  "S-",  "S-",  "403", "S-",  "403", "200", "200", 300s},
  {"kamailio-authinfo",          "S-", "200", "S-",  "S-",  "S-",  "S-",  "S-",  "S-",  "S-",  "S-",  "S-",  "S-",  "200", "200", 300s},
  {"opensips-default",           "S-", "200", "200", "200", "S+",  "S+",  "S+",  "S+",  "S+",  "S-",  "S-",  "S-",  "200", "200", 30s},
  {"resip-dum",                  "S-", "200", "200", "200", "403", "403", "403", "S+",  "S+",  "403", "S-",  "404", "200", "200", 3000s},
  {"repro",                      "S-", "200", "200", "200", "S+",  "S+",  "S+",  "S+",  "S+",  "403", "S-",  "404", "200", "200", 3000s},
  {"freeswitch",                 "S-", "200", "200", "S+",  "S+",  "S+",  "S+",  "S+",  "S+",  "403", "S-",  "403", "200", "200", 92s},
  {"freeswitch-bare401",         "S-", "200", "200", "S+",  "S+",  "S+",  "S+",  "S+",  "S+",  "403", "S-",  "403", "200", "200", 92s},
  {"sofia",                      "S-", "200", "200", "200", "S-",  "S-",  "S-",  "S+",  "S+",  "S-",  "S-",  "S-",  "200", "200", 3600s},
  {"flexisip",                   "S-", "200", "200", "S-",  "S-",  "S-",  "S-",  "S+",  "S+",  "403", "S-",  "403", "200", "200", 3600s},
  {"yate",                       "S-", "200", "200", "200", "S-",  "S-",  "S-",  "S+",  "S-",  "S-",  "S-",  "S-",  "200", "200", 10s},
  {"fritzbox-no-stale",          "S-", "200", "S-",  "S-",  "S-",  "S-",  "S-",  "S-",  "S-",  "S-",  "S-",  "S-",  "200", "200", 60s},
  {"netsip-noverify",            "S-", "200", "200", "200", "200", "S-",  "200", "200", "S-",  "S-",  "S-",  "S-",  "200", "200", 86400s},
  {"nc-replay-403",              "S-", "200", "200", "403", "S-",  "S-",  "S-",  "200", "S-",  "S-",  "S-",  "S-",  "200", "200", 86400s},
  {"ims-aka",                    "S-", "200", "S+",  "S+",  "S-",  "S-",  "S-",  "S+",  "S-",  "S-",  "S-",  "S-",  "200", "200", 240s},
});
// clang-format on

class ProfileTest : public testing::TestWithParam<Golden> {
 protected:
  const Golden& row = GetParam();
  World world{profile_with(row.profile)};
  Phone phone{world};
};

TEST_P(ProfileTest, ChallengesAndLetsTheRightPasswordIn) {
  const auto asked = phone.ask();
  EXPECT_EQ(asked.kind(), row.asked);
  EXPECT_EQ(phone.answer(asked).kind(), row.answered);
}

TEST_P(ProfileTest, ReuseOfANonce) {
  const auto asked = phone.ask();
  static_cast<void>(phone.answer(asked));
  world.wait(500ms);
  EXPECT_EQ(phone.answer(asked, {.nc = "00000002"}).kind(), row.reused);
}

TEST_P(ProfileTest, ReplayOfCredentials) {
  static_cast<void>(phone.answer(phone.ask()));
  EXPECT_EQ(phone.send_again().kind(), row.replayed);
}

TEST_P(ProfileTest, ForeignNonce) {
  const auto asked = phone.ask();
  EXPECT_EQ(phone.answer(asked, {.nonce = foreign(asked.nonce)}).kind(), row.foreign);
}

TEST_P(ProfileTest, ForeignNonceWithAWrongPassword) {
  const auto asked = phone.ask();
  const auto answer = phone.answer(asked, {.nonce = foreign(asked.nonce), .password = "wrong"});
  EXPECT_EQ(answer.kind(), row.foreign_wrong);
}

TEST_P(ProfileTest, ForeignNonceInANewCallId) {
  const auto asked = phone.ask();
  Phone other{world, "alice", "secret", "call-2"};
  EXPECT_EQ(other.answer(asked, {.nonce = foreign(asked.nonce)}).kind(), row.foreign_call);
}

TEST_P(ProfileTest, NonceAsOldAsItsLifetime) {
  const auto asked = phone.ask();
  world.wait(row.lifetime);
  EXPECT_EQ(phone.answer(asked).kind(), row.aged);
}

TEST_P(ProfileTest, NonceYoungerThanItsLifetimeByASecondAndABit) {
  const auto asked = phone.ask();
  world.wait(row.lifetime - 1100ms);
  EXPECT_EQ(phone.answer(asked).kind(), row.answered);
}

TEST_P(ProfileTest, OldNonceWithAWrongPassword) {
  const auto asked = phone.ask();
  world.wait(row.lifetime);
  EXPECT_EQ(phone.answer(asked, {.password = "wrong"}).kind(), row.aged_wrong);
}

TEST_P(ProfileTest, WrongPassword) {
  EXPECT_EQ(phone.answer(phone.ask(), {.password = "wrong"}).kind(), row.wrong);
}

TEST_P(ProfileTest, UnknownUser) {
  Phone nobody{world, "nobody"};
  const auto asked = nobody.ask();
  EXPECT_EQ(asked.kind(), row.unknown_asks);
  const auto known = phone.ask();
  EXPECT_EQ(nobody.answer(asked.nonce.empty() ? known : asked).kind(), row.unknown);
}

TEST_P(ProfileTest, SupersededNonce) {
  const auto first = phone.ask();
  world.wait(1100ms);
  static_cast<void>(phone.ask());
  EXPECT_EQ(phone.answer(first).kind(), row.superseded);
}

TEST_P(ProfileTest, RetransmissionOfAnAcceptedRequest) {
  static_cast<void>(phone.answer(phone.ask()));
  EXPECT_EQ(phone.retransmit().kind(), row.again);
}

TEST_P(ProfileTest, ARefusalLeadsToA200UnlessItIsFinal) {
  const auto asked = phone.ask();
  world.wait(row.lifetime);
  auto answer = phone.answer(asked);
  if (row.profile == "asterisk-2005-first-patch") return;  // it never lets anybody in
  for (int i = 0; i < 2 && !answer.rows.empty(); ++i) answer = phone.answer(answer);
  EXPECT_EQ(answer.kind(), "200");
}

std::string name_of(const testing::TestParamInfo<Golden>& info) {
  std::string name;
  for (const char c : info.param.profile) name += is_alpha(c) || is_digit(c) ? c : '_';
  return name;
}

INSTANTIATE_TEST_SUITE_P(Golden, ProfileTest, testing::ValuesIn(golden), name_of);

TEST(Profiles, EachHasALineInTheGoldenTable) {
  std::multiset<std::string_view> names;
  for (const auto& profile : profiles()) {
    names.insert(profile.name);
    EXPECT_FALSE(profile.description.empty()) << profile.name;
  }
  std::multiset<std::string_view> lines;
  for (const auto& row : golden) lines.insert(row.profile);
  EXPECT_EQ(names, lines);
}

// How the first challenge and the one after a foreign nonce are spelt; `N` stands for the nonce.
struct Spelling {
  std::string_view profile;
  std::string_view first;
  std::string_view after_foreign;
};

void PrintTo(const Spelling& row, std::ostream* out) { *out << row.profile; }

constexpr auto spellings = std::to_array<Spelling>({
    {"asterisk-2005-before", R"(Digest realm="asterisk", nonce="N")", ""},
    {"asterisk-2005-1.0.8", R"(Digest realm="asterisk", nonce="N")",
     R"(Digest realm="asterisk", nonce="N")"},
    {"asterisk-2005-r5834", "Digest realm=\"asterisk\", nonce=\"N\" ",
     R"(Digest realm="asterisk", nonce="N" , stale=true)"},
    {"asterisk-1.2", R"(Digest realm="asterisk", nonce="N")",
     R"(Digest realm="asterisk", nonce="N", stale=true)"},
    {"asterisk-2009-loop", R"(Digest algorithm=MD5, realm="asterisk", nonce="N")",
     R"(Digest algorithm=MD5, realm="asterisk", nonce="N", stale=true)"},
    {"asterisk-chansip", R"(Digest algorithm=MD5, realm="asterisk", nonce="N")",
     R"(Digest algorithm=MD5, realm="asterisk", nonce="N", stale=true)"},
    {"asterisk-pjsip", R"(Digest realm="asterisk",nonce="N",opaque="O",algorithm=MD5,qop="auth")",
     R"(Digest realm="asterisk",nonce="N",opaque="O",stale=true,algorithm=MD5,qop="auth")"},
    {"kamailio-default", R"(Digest realm="test.local", nonce="N")",
     R"(Digest realm="test.local", nonce="N")"},
    {"kamailio-nc", R"(Digest realm="test.local", nonce="N", qop="auth")",
     R"(Digest realm="test.local", nonce="N", qop="auth")"},
    {"opensips-default", R"(Digest realm="test.local", nonce="N")",
     R"(Digest realm="test.local", nonce="N", stale=true)"},
    {"freeswitch", R"(Digest realm="test.local", nonce="N", algorithm=MD5, qop="auth")",
     R"(Digest realm="test.local", nonce="N", stale=true, algorithm=MD5, qop="auth")"},
    {"yate", R"(Digest realm="Yate", nonce="N", stale=FALSE, algorithm=MD5)",
     R"(Digest realm="Yate", nonce="N", stale=FALSE, algorithm=MD5)"},
    {"fritzbox-no-stale", R"(Digest realm="fritz.box", nonce="N")",
     R"(Digest realm="fritz.box", nonce="N")"},
    {"strict", R"(Digest realm="test.local", nonce="N", algorithm=SHA-256, qop="auth")",
     R"(Digest realm="test.local", nonce="N", stale=true, algorithm=SHA-256, qop="auth")"},
});

// The rest of the row behind the header's name, as it was sent, with its trailing blank.
std::string sent_row(const Read& read) {
  const auto name = read.bytes.find("-Authenticate: ");
  if (name == std::string::npos) return {};
  const auto begin = name + std::string_view{"-Authenticate: "}.size();
  auto row = read.bytes.substr(begin, read.bytes.find("\r\n", begin) - begin);
  row.replace(row.find(read.nonce), read.nonce.size(), "N");
  if (read.opaque) row.replace(row.find(*read.opaque), read.opaque->size(), "O");
  return row;
}

class SpellingTest : public testing::TestWithParam<Spelling> {};

TEST_P(SpellingTest, IsTheRealServers) {
  World world{profile_with(GetParam().profile)};
  Phone phone{world};
  const auto asked = phone.ask();
  EXPECT_EQ(sent_row(asked), GetParam().first);
  EXPECT_EQ(sent_row(phone.answer(asked, {.nonce = foreign(asked.nonce)})),
            GetParam().after_foreign);
}

INSTANTIATE_TEST_SUITE_P(Golden, SpellingTest, testing::ValuesIn(spellings));

// The shape of the nonces: length and alphabet, as a pattern in which h is a lower-case hex digit,
// H an upper-case one, d a decimal one and b a base64 character.
struct Shape {
  std::string_view profile;
  std::string_view pattern;
};

void PrintTo(const Shape& row, std::ostream* out) { *out << row.profile; }

constexpr std::string_view h32 = "hhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhh";

const std::string shape_of_pjsip = "dddddddddd/" + std::string{h32};
const std::string shape_of_resip = "dddddddddd:" + std::string{h32};
const std::string shape_of_yate = std::string{h32} + ".dddddddddd";
const std::string shape_of_strict = std::string{h32} + "hhhhhhhhhhhhhhhh";
const std::string shape_of_kamailio(32, 'b');
const std::string shape_of_kamailio_nc = std::string(39, 'b') + '=';
const std::string shape_of_kamailio_bound = std::string(54, 'b') + "==";
const std::string shape_of_opensips = std::string(43, 'b') + '=';

const std::vector<Shape> shapes{
    {"asterisk-2005-before", "hhhhhhhh"},
    {"asterisk-chansip", "hhhhhhhh"},
    {"asterisk-pjsip", shape_of_pjsip},
    {"resip-dum", shape_of_resip},
    {"yate", shape_of_yate},
    {"strict", shape_of_strict},
    {"kamailio-default", shape_of_kamailio},
    {"kamailio-nc", shape_of_kamailio_nc},
    {"kamailio-otn", shape_of_kamailio_nc},
    {"kamailio-checks11", shape_of_kamailio_bound},
    {"sofia", shape_of_kamailio},
    {"opensips-default", shape_of_opensips},
    {"freeswitch", "hhhhhhhh-hhhh-4hhh-hhhh-hhhhhhhhhhhh"},
    {"fritzbox-no-stale", "HHHHHHHHHHHHHHHH"},
    {"netsip-noverify", h32},
};

bool fits(char c, char kind) {
  switch (kind) {
    case 'h':
      return is_lower_hex(c);
    case 'H':
      return is_hex(c) && !(c >= 'a' && c <= 'f');
    case 'd':
      return is_digit(c);
    case 'b':
      return is_alpha(c) || is_digit(c) || c == '+' || c == '/';
    default:
      return c == kind;
  }
}

class ShapeTest : public testing::TestWithParam<Shape> {};

TEST_P(ShapeTest, OfTheNonceIsTheRealServers) {
  World world{profile_with(GetParam().profile)};
  Phone phone{world};
  const auto nonce = phone.ask().nonce;
  ASSERT_EQ(nonce.size(), GetParam().pattern.size()) << nonce;
  for (std::size_t i = 0; i < nonce.size(); ++i) {
    EXPECT_TRUE(fits(nonce[i], GetParam().pattern[i])) << nonce << " at " << i;
  }
}

INSTANTIATE_TEST_SUITE_P(Golden, ShapeTest, testing::ValuesIn(shapes));

TEST(Profiles, AreFoundByTheirExactName) {
  EXPECT_NE(find_profile("strict"), nullptr);
  EXPECT_EQ(find_profile("Strict"), nullptr);
  EXPECT_EQ(find_profile(""), nullptr);
}

TEST(Profiles, AnUnknownNameIsMetWithTheNearestOne) {
  const std::vector<std::string> none;
  EXPECT_EQ(make_profile("kamailio-defualt", none).error(),
            "There is no profile `kamailio-defualt`: did you mean `kamailio-default`?");
  EXPECT_EQ(make_profile("asterisk-2005", none).error(),
            "There is no profile `asterisk-2005`: did you mean `asterisk-2005-before`?");
  EXPECT_EQ(make_profile("zzzzzzzz", none).error(),
            "There is no profile `zzzzzzzz`: serve --list-profiles shows them all.");
  const std::vector<std::string> misspelt{"missing-coma"};
  EXPECT_EQ(make_profile("strict", misspelt).error(),
            "There is no fault `missing-coma`: did you mean `missing-comma`?");
}

}  // namespace
}  // namespace sipauth::registrar
