#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <string_view>

#include "fault_views.hpp"
#include "phone.hpp"
#include "registrar/profile.hpp"

namespace sipauth::registrar {
namespace {

using namespace std::chrono_literals;

struct Row {
  std::string_view fault;
  std::string_view profile;
  std::string (*seen)(World&, Phone&);
  std::string_view with;     ///< the fault
  std::string_view without;  ///< it
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.fault; }

constexpr std::string_view md5_row =
    R"(Digest realm="test.local", nonce="N", algorithm=MD5, qop="auth")";
constexpr std::string_view two_rows =
    R"(Digest realm="test.local", nonce="N", algorithm=SHA-256, qop="auth" | )"
    R"(Digest realm="test.local", nonce="N", algorithm=MD5, qop="auth")";
constexpr std::string_view r5834_stale = R"(Digest realm="asterisk", nonce="N" , stale=true)";
constexpr std::string_view opensips_stale = R"(Digest realm="test.local", nonce="N", stale=true)";
constexpr std::string_view right_via =
    "Via: SIP/2.0/UDP 127.0.0.1:5062;branch=z9hG4bKcall-11;rport=5062;received=127.0.0.1";

// FreeSWITCH's challenge is one row with all parameters, so most spelling shows best on it.
const std::vector<Row> table{
    {"missing-comma", "asterisk-2005-r5834", foreign_rows,
     R"(Digest realm="asterisk", nonce="N" stale=true)", r5834_stale},
    {"missing-commas", "freeswitch", first_rows,
     R"(Digest realm="test.local" nonce="N" algorithm=MD5 qop="auth")", md5_row},
    {"semicolons", "freeswitch", first_rows,
     R"(Digest realm="test.local"; nonce="N"; algorithm=MD5; qop="auth")", md5_row},
    {"doubled-comma", "freeswitch", first_rows,
     R"(Digest realm="test.local", , nonce="N", , algorithm=MD5, , qop="auth")", md5_row},
    {"trailing-comma", "freeswitch", first_rows,
     R"(Digest realm="test.local", nonce="N", algorithm=MD5, qop="auth",)", md5_row},
    {"trailing-blank", "freeswitch",
     [](World&, Phone& phone) {
       return std::string{phone.ask().bytes.contains("qop=\"auth\" \r\n") ? "blank" : "none"};
     },
     "blank", "none"},
    {"folded", "freeswitch", first_rows,
     "Digest realm=\"test.local\",\r\n nonce=\"N\",\r\n algorithm=MD5,\r\n qop=\"auth\"", md5_row},
    {"merged-rows", "strict", first_rows,
     R"(Digest realm="test.local", nonce="N", algorithm=SHA-256, qop="auth", )"
     R"(Digest realm="test.local", nonce="N", algorithm=MD5, qop="auth")",
     two_rows},
    {"single-quotes", "freeswitch",
     [](World&, Phone& phone) {
       const auto row = phone.ask().rows.at(0);
       return std::string{row.contains("realm='test.local', nonce='") ? "single" : "double"};
     },
     "single", "double"},
    {"unquoted-nonce", "freeswitch", first_rows,
     R"(Digest realm="test.local", nonce=N, algorithm=MD5, qop="auth")", md5_row},
    {"unquoted-realm", "freeswitch", first_rows,
     R"(Digest realm=test.local, nonce="N", algorithm=MD5, qop="auth")", md5_row},
    {"unquoted-qop", "freeswitch", first_rows,
     R"(Digest realm="test.local", nonce="N", algorithm=MD5, qop=auth)", md5_row},
    {"quoted-algorithm", "freeswitch", first_rows,
     R"(Digest realm="test.local", nonce="N", algorithm="MD5", qop="auth")", md5_row},
    {"open-quote", "freeswitch", first_rows,
     R"(Digest realm="test.local", nonce="N", algorithm=MD5, qop="auth", opaque="5ccc069c)",
     md5_row},
    {"control-character", "strict",
     [](World&, Phone& phone) {
       return std::string{phone.ask().rows.at(0).contains('\a') ? "BEL" : "none"};
     },
     "BEL", "none"},
    {"no-realm", "freeswitch", first_rows, R"(Digest nonce="N", algorithm=MD5, qop="auth")",
     md5_row},
    {"no-nonce", "freeswitch", first_rows,
     R"(Digest realm="test.local", algorithm=MD5, qop="auth")", md5_row},
    {"empty-realm", "freeswitch", first_rows,
     R"(Digest realm="", nonce="N", algorithm=MD5, qop="auth")", md5_row},
    {"duplicate-realm", "freeswitch", first_rows,
     R"(Digest realm="test.local", realm="test.local", nonce="N", algorithm=MD5, qop="auth")",
     md5_row},
    {"duplicate-nonce", "freeswitch", first_rows,
     R"(Digest realm="test.local", nonce="N", nonce="N", algorithm=MD5, qop="auth")", md5_row},
    {"duplicate-algorithm", "freeswitch", first_rows,
     R"(Digest realm="test.local", nonce="N", algorithm=MD5, algorithm=MD5, qop="auth")", md5_row},
    {"realm-changes", "strict", realms, "new 200", "same 200"},
    {"realm-quote", "freeswitch", first_rows,
     R"(Digest realm="pbx" of test, nonce="N", algorithm=MD5, qop="auth")", md5_row},
    {"unknown-parameter", "freeswitch", first_rows,
     R"(Digest realm="test.local", nonce="N", algorithm=MD5, qop="auth", vendor=x1)", md5_row},
    {"charset-odd", "freeswitch", first_rows,
     R"(Digest realm="test.local", nonce="N", algorithm=MD5, qop="auth", charset=ISO-8859-1)",
     md5_row},
    {"charset-quoted", "freeswitch", first_rows,
     R"(Digest realm="test.local", nonce="N", algorithm=MD5, qop="auth", charset="UTF-8")",
     md5_row},
    {"userhash-odd", "freeswitch", first_rows,
     R"(Digest realm="test.local", nonce="N", algorithm=MD5, qop="auth", userhash=yes)", md5_row},
    {"no-qop", "freeswitch", first_rows, R"(Digest realm="test.local", nonce="N", algorithm=MD5)",
     md5_row},
    {"qop-space", "freeswitch", first_rows,
     R"(Digest realm="test.local", nonce="N", algorithm=MD5, qop="auth, auth-int")", md5_row},
    {"qop-list", "freeswitch", first_rows,
     R"(Digest realm="test.local", nonce="N", algorithm=MD5, qop="auth,auth-int")", md5_row},
    {"qop-authint-only", "freeswitch", first_rows,
     R"(Digest realm="test.local", nonce="N", algorithm=MD5, qop="auth-int")", md5_row},
    {"qop-authint-first", "freeswitch", first_rows,
     R"(Digest realm="test.local", nonce="N", algorithm=MD5, qop="auth-int,auth")", md5_row},
    {"qop-unknown-only", "freeswitch", first_rows,
     R"(Digest realm="test.local", nonce="N", algorithm=MD5, qop="auth-conf")", md5_row},
    {"md5-only", "strict", first_rows, md5_row, two_rows},
    {"md5-first", "strict", first_rows,
     R"(Digest realm="test.local", nonce="N", algorithm=MD5, qop="auth" | )"
     R"(Digest realm="test.local", nonce="N", algorithm=SHA-256, qop="auth")",
     two_rows},
    {"sha-first", "freeswitch", first_rows, two_rows, md5_row},
    {"sha-only", "freeswitch", first_rows,
     R"(Digest realm="test.local", nonce="N", algorithm=SHA-256, qop="auth")", md5_row},
    {"sha-no-qop", "freeswitch", first_rows,
     R"(Digest realm="test.local", nonce="N", algorithm=SHA-256)", md5_row},
    {"sess-no-qop", "freeswitch", first_rows,
     R"(Digest realm="test.local", nonce="N", algorithm=MD5-sess)", md5_row},
    {"md5-lower-case", "freeswitch", first_rows,
     R"(Digest realm="test.local", nonce="N", algorithm=md5, qop="auth")", md5_row},
    {"unknown-algorithm", "freeswitch",
     [](World&, Phone& phone) {
       return std::string{phone.ask().rows.at(0).contains("algorithm=FOO") ? "FOO" : "MD5"};
     },
     "FOO", "MD5"},
    {"unknown-alg-first", "freeswitch", first_rows,
     R"(Digest realm="test.local", nonce="N", algorithm=FOO, qop="auth" | )"
     R"(Digest realm="test.local", nonce="N", algorithm=MD5, qop="auth")",
     md5_row},
    {"sha512-first", "freeswitch", first_rows,
     R"(Digest realm="test.local", nonce="N", algorithm=SHA-512, qop="auth" | )"
     R"(Digest realm="test.local", nonce="N", algorithm=MD5, qop="auth")",
     md5_row},
    {"dup-challenge", "freeswitch", first_rows,
     R"(Digest realm="test.local", nonce="N", algorithm=MD5, qop="auth" | )"
     R"(Digest realm="test.local", nonce="N", algorithm=MD5, qop="auth")",
     md5_row},
    {"bearer-first", "freeswitch", first_rows,
     R"(Bearer realm="test.local" | Digest realm="test.local", nonce="N", algorithm=MD5, qop="auth")",
     md5_row},
    {"basic-offered", "freeswitch", first_rows,
     R"(Digest realm="test.local", nonce="N", algorithm=MD5, qop="auth" | Basic realm="test.local")",
     md5_row},
    {"basic-only", "freeswitch", first_rows, R"(Basic realm="test.local")", md5_row},
    {"no-header-401", "strict", first_rows, "", two_rows},
    {"407-www", "strict",
     [](World& world, Phone& phone) {
       return first(world, phone) + (phone.ask().proxy ? " Proxy-" : " WWW-");
     },
     "407 S- WWW-", "401 S- WWW-"},
    {"401-proxy", "strict",
     [](World& world, Phone& phone) {
       return first(world, phone) + (phone.ask().proxy ? " Proxy-" : " WWW-");
     },
     "401 S- Proxy-", "401 S- WWW-"},
    {"407", "strict",
     [](World& world, Phone& phone) {
       return first(world, phone) + (phone.ask().proxy ? " Proxy-" : " WWW-");
     },
     "407 S- Proxy-", "401 S- WWW-"},
    {"via-changed", "strict", via_of,
     "Via: SIP/2.0/UDP 192.0.2.1:5062;branch=z9hG4bKcall-11;rport=5062;received=127.0.0.1",
     right_via},
    {"branch-changed", "strict", via_of,
     "Via: SIP/2.0/UDP 127.0.0.1:5062;branch=z9hG4bKcall-11x;rport=5062;received=127.0.0.1",
     right_via},
    {"no-to-tag", "strict", tags, "none tag", "tag tag"},
    {"no-content-length", "strict", content_length, "missing", "there"},
    {"open-registrar", "strict", first, "200", "401 S-"},
    {"forbids-queries", "strict", first, "403", "401 S-"},
    {"broken", "strict", first, "500", "401 S-"},
    {"silent", "strict", first, "-", "401 S-"},
    {"delay-first-401", "strict", first_delays, "700 0", "0 0"},

    {"weak-nonce", "strict", nonce_length, "4 200", "48 200"},
    {"nonce-8k", "strict", nonce_length, "8192 200", "48 200"},
    {"nonce-odd-chars", "strict", nonce_end, " +/=,;:<>@&%'end 200", " 200"},
    {"nonce-backslash", "strict", nonce_end, "\\ 200", " 200"},
    {"nonce-constant", "strict", nonces_a_second_and_three_apart, "same same", "new new"},
    {"nonce-repeats", "strict", nonces_a_second_and_three_apart, "same new", "new new"},
    {"nonce-not-checked", "strict", foreign_kind, "200", "S+"},
    {"nonce-per-call", "strict",
     [](World&, Phone& phone) {
       const auto old = phone.ask();
       static_cast<void>(phone.ask());
       return phone.answer(old).kind();
     },
     "403", "200"},
    {"one-time", "strict", reuse, "200 S+", "200 200"},
    {"one-time-plain", "strict", reuse, "200 S-", "200 200"},
    {"forbid-reuse", "strict", reuse, "200 403", "200 200"},
    {"forbid-foreign", "strict", foreign_kind, "403", "S+"},
    {"broken-foreign", "strict", foreign_kind, "500", "S+"},
    {"forbid-expired", "strict", expired_kind, "403", "S+"},
    {"aka-wrong-mac", "ims-aka", card, "wrong MAC S- S-", "fresh 200 S-"},
    {"aka-old-sqn", "ims-aka", card, "old S- 200", "fresh 200 S-"},
    {"short-life", "strict",
     [](World& world, Phone& phone) {
       const auto asked = phone.ask();
       world.wait(4s);
       return phone.answer(asked).kind();
     },
     "S+", "200"},
    {"nc-restart-403", "strict", repeated_nc, "200 403", "200 S+"},
    {"nc-restart-500", "strict", repeated_nc, "200 500", "200 S+"},
    {"nc-no-gaps-403", "strict", with_a_gap, "200 200 403", "200 200 200"},
    {"nc-decimal-403", "strict", nine_and_ten, "200 403", "200 200"},
    {"nc-8-bits-403", "strict", at_256, "200 403", "200 200"},
    {"nc-before-digest-403", "strict", after_a_wrong_password, "S- 403", "S- 200"},
    {"cnonce-fixed", "strict", another_cnonce, "200 S-", "200 200"},
    {"malformed-500", "strict", of_seven_digits, "500", "400"},

    {"stale-quoted", "opensips-default", foreign_rows,
     R"(Digest realm="test.local", nonce="N", stale="true")", opensips_stale},
    {"stale-number", "opensips-default", foreign_rows,
     R"(Digest realm="test.local", nonce="N", stale=1)", opensips_stale},
    {"stale-yes", "opensips-default", foreign_rows,
     R"(Digest realm="test.local", nonce="N", stale=yes)", opensips_stale},
    {"stale-upper-case", "opensips-default", foreign_rows,
     R"(Digest realm="test.local", nonce="N", stale=TRUE)", opensips_stale},
    {"stale-same-nonce", "strict", stale_nonce_is_the_refused_one, "S+ same", "S+ new"},
    {"stale-always", "strict", wrong, "S+", "S-"},
    {"plain-always", "strict", foreign_kind, "S-", "S+"},
    {"stale-on-r0", "strict", first, "401 S+", "401 S-"},
    {"stale-wrong-password", "strict", wrong, "S+", "S-"},
    {"stale-expired-wrong", "strict", expired_wrong_kind, "S+", "S-"},
    {"stale-unknown-user", "strict", unknown_user, "S- S+", "S- S-"},
    {"stale-endless", "strict", right, "S+", "200"},
    {"stale-again", "strict", after_stale, "S+ S+", "S+ 200"},
    {"forbid-after-stale", "strict", after_stale, "S+ 403", "S+ 200"},
    {"silent-on-stale", "strict", foreign_kind, "-", "S+"},
    {"stale-bare", "strict", foreign_kind, "401 bare", "S+"},

    {"wrong-password-accepted", "strict", wrong, "200", "S-"},
    {"right-password-refused", "strict", right, "S-", "200"},
    {"right-password-forbidden", "strict", right, "403", "200"},
    {"right-password-500", "strict", right, "500", "200"},
    {"wrong-password-silent", "strict", wrong, "-", "S-"},
    {"drop-200", "strict", right, "-", "200"},
    {"drop-after-refusal", "strict", three_wrong_then_right, "- ", "S- 200"},
    {"lockout-3", "strict", three_wrong_then_right, "S- 403", "S- 200"},
    {"lockout-10", "strict", ten_wrong_then_right, "200 S- 403", "200 S- 200"},
    {"loses-answers", "strict", lost, "xx-x S-", "xxxx S-"},
    {"reprocess", "strict", retransmitted, "new", "same"},
    {"opaque-required", "strict", with_and_without_opaque, "400 200", "200 200"},
    {"to-tag-481", "strict", to_with_tag, "481", "S-"},
    {"wrong-rspauth", "strict", information, "wrong", "right"},
    {"empty-authinfo", "strict", information, "empty", "right"},
    {"proxy-first", "strict", both_hops, "407 401 200", "401 200 S+"},
    {"challenges-all", "strict", options_request, "401", "200"},
    {"unknown-user-404", "strict", unknown_user, "404 404", "S- S-"},
};

class FaultTest : public testing::TestWithParam<Row> {};

TEST_P(FaultTest, ShowsWhereItsNameSays) {
  World world{profile_with(GetParam().profile, {std::string{GetParam().fault}})};
  Phone phone{world};
  EXPECT_EQ(GetParam().seen(world, phone), GetParam().with);
}

TEST_P(FaultTest, IsNotThereWithoutIt) {
  World world{profile_with(GetParam().profile)};
  Phone phone{world};
  EXPECT_EQ(GetParam().seen(world, phone), GetParam().without);
}

std::string name_of(const testing::TestParamInfo<Row>& info) {
  std::string name;
  for (const char c : info.param.fault) name += is_alpha(c) || is_digit(c) ? c : '_';
  return name;
}

INSTANTIATE_TEST_SUITE_P(Faults, FaultTest, testing::ValuesIn(table), name_of);

TEST(Faults, EachIsInTheTable) {
  std::multiset<std::string_view> names;
  for (const auto& fault : faults()) {
    names.insert(fault.name);
    EXPECT_FALSE(fault.description.empty()) << fault.name;
    EXPECT_NE(fault.apply, nullptr) << fault.name;
  }
  std::multiset<std::string_view> proved;
  for (const auto& row : table) proved.insert(row.fault);
  EXPECT_EQ(names, proved);
}

TEST(Faults, SeveralMayBePutOn) {
  World world{profile_with("strict", {"407", "md5-only", "stale-upper-case"})};
  Phone phone{world};
  const auto asked = phone.ask();
  EXPECT_EQ(asked.status, 407);
  EXPECT_EQ(asked.rows.size(), 1U);
  const auto stale = phone.answer(asked, {.nonce = foreign(asked.nonce)});
  EXPECT_TRUE(stale.rows.at(0).contains("stale=TRUE")) << stale.bytes;
}

// Any fault may be put on any profile: whatever comes of it, the registrar answers what is asked
// and what follows, or is silent.
TEST(Faults, EveryFaultGoesWithEveryProfile) {
  for (const auto& profile : profiles()) {
    for (const auto& fault : faults()) {
      World world{profile_with(profile.name, {std::string{fault.name}})};
      Phone phone{world};
      const auto asked = phone.ask();
      if (asked.status != 0) {
        const int least = fault.name == "silent" ? 100 : 200;
        EXPECT_GE(asked.status, least) << profile.name << ' ' << fault.name;
        EXPECT_TRUE(asked.bytes.ends_with("\r\n\r\n")) << profile.name << ' ' << fault.name;
      }
      if (asked.algorithm == "MD5-sess") continue;  // cannot be answered without a cnonce
      static_cast<void>(phone.answer(asked));
      static_cast<void>(phone.answer(asked, {.nonce = "0"}));
      static_cast<void>(phone.answer(asked, {.nonce = ""}));
    }
  }
}

}  // namespace
}  // namespace sipauth::registrar
