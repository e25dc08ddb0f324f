// Whatever is hashed: a mistake of the list is always explained by that mistake, two are by both,
// and a wrong password is never explained.

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cstdlib>
#include <set>
#include <string>

#include "lib/mistakes.hpp"

namespace sipauth {
namespace {

// The same cases in every run; RC_PARAMS of the environment wins.
const int configured = ::setenv("RC_PARAMS", "seed=1 max_success=60", 0);

using rc::gen::element;

std::string text_of(const std::string& characters, int longest) {
  const auto length = *rc::gen::inRange(1, longest + 1);
  return *rc::gen::container<std::string>(static_cast<std::size_t>(length),
                                          rc::gen::elementOf(characters));
}

Hashed any_hashed() {
  const std::string name = "abcXYZ019._-";
  Hashed hashed;
  hashed.algorithm = *element<std::string>("MD5", "MD5-sess", "SHA-256", "SHA-256-sess",
                                           "SHA-512-256", "SHA-512-256-sess");
  hashed.qop = *element<std::string>("", "auth", "auth-int");
  hashed.with_body = hashed.qop == "auth-int";
  hashed.username = text_of(name, 8) + *element<std::string>("", "", "@Dom.Test", "\"q\"", "+1",
                                                             "\xc3\xa4", "\xc5\x82");
  hashed.realm = text_of(name + " @", 16);
  hashed.password = text_of(name + "!$%&/()=?+ \"\\", 12) + *element<std::string>("x", "\xc3\xbc");
  hashed.method = *element<std::string>("REGISTER", "INVITE", "SUBSCRIBE", "BYE");
  hashed.uri = *element<std::string>("sip:", "sips:") + *element<std::string>("", "4720@") +
               *element<std::string>("Pbx.Example.COM", "192.0.2.1") +
               *element<std::string>("", ":5060", ":5070") +
               *element<std::string>("", ";transport=tcp", ";lr");
  hashed.nonce = text_of(name + "/+", 40) + *element<std::string>("", "=", "==", "\\\"");
  const auto count = std::to_string(*rc::gen::inRange(1, 100));
  hashed.nc = std::string(8 - count.size(), '0') + count;
  hashed.cnonce = text_of(name, 20);
  hashed.body = *element<std::string>("v=0\r\n", "v=0\r\ns=-\r\n");
  return hashed;
}

Surroundings any_surroundings(const Hashed& hashed) {
  Surroundings around;
  if (hashed.username.ends_with("\xc3\xa4")) {
    around.username_nfd = hashed.username.substr(0, hashed.username.size() - 2) + "a\xcc\x88";
  }
  if (hashed.password.ends_with("\xc3\xbc")) {
    around.password_nfd = hashed.password.substr(0, hashed.password.size() - 2) + "u\xcc\x88";
  }
  return around;
}

// Another cause may be the same bytes: the realm is the domain of From, the user in lower case is
// that of From. Then it names the same field and value; of passwords none is told.
bool names(const Explanation& explanation, const Mistake& mistake, const Hashed& hashed) {
  if (explanation.id == mistake.id) return true;
  if (explanation.field != mistake.field) return false;
  const auto input = hashed.input();
  const auto value = mistake.field == "uri"        ? input.uri
                     : mistake.field == "method"   ? input.method
                     : mistake.field == "username" ? input.username
                     : mistake.field == "realm"    ? input.realm
                     : mistake.field == "nonce"    ? input.nonce
                     : mistake.field == "nc"       ? input.nc
                                                   : std::string_view{};
  return mistake.field == "password" || (!value.empty() && explanation.value == value);
}

TEST(ExplainProperty, AMistakeOfTheListIsExplainedByThatMistake) {
  std::set<std::string_view> made;
  EXPECT_TRUE(rc::check("one mistake", [&made] {
    const auto hashed = any_hashed();
    const auto around = any_surroundings(hashed);
    for (const auto& mistake : mistakes()) {
      auto client = hashed;
      mistake.make(client, around);
      const auto response = client.response();
      if (response == hashed.response()) continue;
      made.insert(mistake.id);
      const auto found = explain_mismatch(hashed.input(), response, around.context());
      RC_LOG() << mistake.id << '\n';
      RC_ASSERT(!found.explanations.empty());
      RC_ASSERT(std::ranges::any_of(found.explanations, [&](const Explanation& explanation) {
        return explanation.also.empty() && names(explanation, mistake, client);
      }));
    }
  }));
  // Every row was possible at least once, but for those that need a text in NFD.
  for (const auto& mistake : mistakes()) {
    EXPECT_TRUE(made.contains(mistake.id) || mistake.id.ends_with("-nfc")) << mistake.id;
  }
}

// Each made of what is right, then put together.
Hashed with_both(const Hashed& right, const Hashed& first, const Hashed& second) {
  Hashed both = first;
  const auto take = [&](auto... members) {
    ((second.*members == right.*members ? void() : void(both.*members = second.*members)), ...);
  };
  take(&Hashed::algorithm, &Hashed::qop, &Hashed::with_body, &Hashed::username, &Hashed::realm,
       &Hashed::password, &Hashed::method, &Hashed::uri, &Hashed::nonce, &Hashed::nc,
       &Hashed::cnonce, &Hashed::body, &Hashed::session_cnonce, &Hashed::binary_session,
       &Hashed::upper_ha1);
  return both;
}

TEST(ExplainProperty, TwoMistakesAreExplainedByBoth) {
  EXPECT_TRUE(rc::check("two mistakes", [] {
    const auto right = any_hashed();
    const auto around = any_surroundings(right);
    const auto index = rc::gen::inRange(std::size_t{0}, mistakes().size());
    for (int i = 0; i < 5; ++i) {
      const auto& one = mistakes()[*index];
      const auto& other = mistakes()[*index];
      if (one.field == other.field) continue;
      auto first = right;
      one.make(first, around);
      auto second = right;
      other.make(second, around);
      const auto client = with_both(right, first, second);
      const auto response = client.response();
      // One of them alone may make all the difference, or none.
      if (response == first.response() || response == second.response()) continue;
      if (response == right.response()) continue;
      RC_LOG() << one.id << ' ' << other.id << '\n';
      const auto found = explain_mismatch(right.input(), response, around.context());
      RC_ASSERT(std::ranges::any_of(found.explanations, [&](const Explanation& explanation) {
        if (explanation.also.size() != 1) return false;
        const auto& also = explanation.also[0];
        return (names(explanation, one, first) && names(also, other, second)) ||
               (names(explanation, other, second) && names(also, one, first));
      }));
    }
  }));
}

TEST(ExplainProperty, AWrongPasswordIsNeverExplained) {
  EXPECT_TRUE(rc::check("a wrong password", [] {
    const auto hashed = any_hashed();
    const auto around = any_surroundings(hashed);
    auto client = hashed;
    client.password = text_of("bdfhjlnprtvz2468", 24) + "-wrong";
    const auto found = explain_mismatch(hashed.input(), client.response(), around.context());
    RC_ASSERT(found.explanations.empty());
    RC_ASSERT(found.complete);
    RC_ASSERT(found.tried > std::size_t{1000});
  }));
}

}  // namespace
}  // namespace sipauth
