#include "fuzz/mutation.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "sipauth/authentication_info.hpp"
#include "sipauth/challenge.hpp"
#include "sipauth/credentials.hpp"

namespace sipauth::fuzz {
namespace {

struct Family {
  std::string_view name;
  std::span<const Mutation> (*table)() noexcept;
  std::vector<std::string> seeds;
};

const std::string request =
    "REGISTER sip:example.com SIP/2.0\r\n"
    "Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1;rport\r\n"
    "Max-Forwards: 70\r\n"
    "From: \"Alice\" <sip:alice@example.com>;tag=1\r\n"
    "To: <sip:alice@example.com>\r\n"
    "Call-ID: 1@192.0.2.1\r\n"
    "CSeq: 2 REGISTER\r\n"
    "Contact: <sip:alice@192.0.2.1:5060>;q=0.5;expires=60\r\n"
    "Authorization: Digest username=\"alice\", realm=\"r\", nonce=\"n\", uri=\"sip:example.com\", "
    "response=\"0123456789abcdef0123456789abcdef\", algorithm=MD5\r\n"
    "Content-Length: 0\r\n\r\n";

const std::string response =
    "SIP/2.0 401 Unauthorized\r\n"
    "v: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1;received=192.0.2.9\r\n"
    "f: <sip:alice@example.com>;tag=1\r\n"
    "t: <sip:alice@example.com>;tag=2\r\n"
    "i: 1@192.0.2.1\r\n"
    "CSeq: 1 REGISTER\r\n"
    "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", algorithm=SHA-256, qop=\"auth\"\r\n"
    "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", algorithm=MD5, qop=\"auth\"\r\n"
    "Authentication-Info: nextnonce=\"m\", qop=auth, rspauth=\"00\", cnonce=\"c\", nc=00000001\r\n"
    "l: 0\r\n\r\n";

const std::vector<Family> families{
    {"Challenge",
     challenge_mutations,
     {R"(Digest realm="asterisk", nonce="397d281a")",
      R"(Digest realm="example.com", nonce="abc+/==", qop="auth,auth-int", stale=FALSE, )"
      R"(algorithm=SHA-256, opaque="o", domain="sip:a sip:b", userhash=true, charset=UTF-8)",
      R"(Digest realm="r",nonce="n",algorithm=md5,qop="auth",stale=true)"}},
    {"Credentials",
     credentials_mutations,
     {R"(Digest username="alice", realm="example.com", nonce="n", uri="sip:example.com", )"
      R"(response="0123456789abcdef0123456789abcdef")",
      R"(Digest username="alice", realm="r", nonce="n", uri="sip:r", algorithm=SHA-256, )"
      R"(response="0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", qop=auth, )"
      R"(nc=0000000a, cnonce="0a4f113b", opaque="o")"}},
    {"AuthenticationInfo",
     authentication_info_mutations,
     {R"(nextnonce="n", qop=auth, rspauth="0123456789abcdef0123456789abcdef", cnonce="c", nc=0000000a)"}},
    {"Uri",
     uri_mutations,
     {"sip:alice:pw@[2001:db8::1]:5060;transport=tcp;lr?a=b", "sips:alice@example.com:5061",
      "tel:+1-201-555-0123;phone-context=example.com"}},
    {"NameAddr",
     name_addr_mutations,
     {"\"Alice\" <sip:alice@example.com:5060;transport=tcp>;tag=1;q=0.5;expires=60",
      "sip:alice@example.com;tag=1"}},
    {"Via",
     via_mutations,
     {"SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1;rport;ttl=1;maddr=239.0.0.1",
      "SIP / 2.0 / TCP h;branch=z9hG4bK1;received=192.0.2.9"}},
    {"CSeq", cseq_mutations, {"4711 REGISTER", "1 INVITE"}},
    {"Message", message_mutations, {request, response}},
};

class MutationTest : public testing::TestWithParam<Family> {};

INSTANTIATE_TEST_SUITE_P(Tables, MutationTest, testing::ValuesIn(families),
                         [](const auto& row) { return std::string{row.param.name}; });

TEST_P(MutationTest, EachSaysWhatItDoesUnderANameOfItsOwn) {
  // In the larger tables the rows of what lies inside keep their names.
  const bool holds_others =
      GetParam().table == message_mutations || GetParam().table == name_addr_mutations;
  std::set<std::string_view> names;
  for (const auto& mutation : GetParam().table()) {
    EXPECT_FALSE(mutation.about.empty()) << mutation.name;
    EXPECT_TRUE(names.insert(mutation.name).second || holds_others) << mutation.name;
  }
}

TEST_P(MutationTest, EachChangesASeed) {
  for (const auto& mutation : GetParam().table()) {
    bool changed = false;
    for (std::uint64_t seed = 1; seed < 50 && !changed; ++seed) {
      for (const auto& text : GetParam().seeds) {
        Random random{seed};
        changed |= mutation.apply(text, random) != text;
      }
    }
    EXPECT_TRUE(changed) << mutation.name;
  }
}

TEST_P(MutationTest, TheSameSeedGivesTheSameText) {
  for (const auto& mutation : GetParam().table()) {
    for (const auto& text : GetParam().seeds) {
      Random one{7};
      Random other{7};
      EXPECT_EQ(mutation.apply(text, one), mutation.apply(text, other)) << mutation.name;
      EXPECT_EQ(one.next(), other.next()) << mutation.name;
    }
  }
}

// --- Any bytes. ---

std::vector<std::string> corpus_and_noise() {
  std::vector<std::string> texts{"",        " ",    ",",        "\"", "=",     "Digest",
                                 "Digest ", "\r\n", "\r\n\r\n", ":",  "\n \n", ":\r\n",
                                 "<",       ">",    ";",        "@",  "a=",    "Digest a=\""};
  for (const auto& entry : std::filesystem::recursive_directory_iterator{
           std::filesystem::path{SIPAUTH_SOURCE_DIR} / "corpus"}) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file{entry.path(), std::ios::binary};
    texts.emplace_back(std::istreambuf_iterator<char>{file}, std::istreambuf_iterator<char>{});
  }
  Random random{1};
  for (int i = 0; i < 100; ++i) {
    std::string noise(random.below(200), ' ');
    // Half of it in what the grammars are made of.
    for (auto& c : noise) {
      constexpr std::string_view delimiters = " \t\r\n,;:=\"'\\<>@/%?[]()aD0";
      c = random.one_in(2) ? static_cast<char>(random.next())
                           : delimiters[random.below(delimiters.size())];
    }
    texts.push_back(std::move(noise));
  }
  return texts;
}

TEST_P(MutationTest, EachTakesAnyBytesAndStaysWithinItsBound) {
  static const auto texts = corpus_and_noise();
  Random random{1};
  const auto table = GetParam().table();
  for (const auto& text : texts) {
    // All rows for all texts would be a matter of minutes: each row sees every fourth.
    for (auto i = random.below(4); i < table.size(); i += 4) {
      // Of exactly its size, so that a sanitizer sees what is read beyond.
      const std::vector<char> exact(text.begin(), text.end());
      const auto damaged = table[i].apply({exact.data(), exact.size()}, random);
      const auto most = text.size() < 1'024 ? text.size() + most_added
                                            : std::max(text.size() + most_added, 2 * text.size());
      EXPECT_LE(damaged.size(), most) << table[i].name;
    }
  }
}

TEST_P(MutationTest, MutateAppliesExactlyOneAndKeepsToItsBytes) {
  for (const auto& text : GetParam().seeds) {
    for (std::uint64_t seed = 1; seed < 100; ++seed) {
      Random random{seed};
      const auto most = text.size() + 10;
      const auto damaged = mutate(GetParam().table(), text, random, most);
      EXPECT_LE(damaged.text.size(), most);
      EXPECT_EQ(damaged.name.empty(), damaged.text == text);
      EXPECT_FALSE(damaged.name.empty());
    }
  }
}

TEST(MutationStack, OneToThreeAreAppliedAndNamed) {
  const std::string text{"Digest realm=\"r\", nonce=\"n\""};
  std::map<std::size_t, int> counts;
  for (std::uint64_t seed = 1; seed < 200; ++seed) {
    Random random{seed};
    const auto damaged = mutate_often(challenge_mutations(), text, random, 1'024);
    EXPECT_LE(damaged.text.size(), 1'024U);
    ++counts[damaged.names.size()];
  }
  EXPECT_GT(counts[1], counts[2]);
  EXPECT_GT(counts[2], 0);
  EXPECT_GT(counts[3], 0);
  EXPECT_EQ(counts.size(), most_stacked);
}

TEST(MutationStack, WhereNothingCanBeDamagedTheTextStays) {
  Random random{1};
  EXPECT_TRUE(mutate({}, "text", random, 100).name.empty());
  const auto damaged = mutate_often(challenge_mutations(), "Digest realm=\"r\"", random, 0);
  EXPECT_EQ(damaged.text, "Digest realm=\"r\"");
  EXPECT_TRUE(damaged.names.empty());
}

// --- The other parameters. ---

using Read = std::tuple<std::string, std::string, bool>;  // name, value, quoted

template <typename List>
std::multiset<Read> read(std::string_view text) {
  Diagnostics diagnostics;
  const auto list = List::parse(text, diagnostics);
  std::multiset<Read> parameters;
  if (!list) return parameters;
  for (const auto& parameter : list->parameters()) {
    parameters.emplace(parameter.name, parameter.value, parameter.quoted);
  }
  return parameters;
}

template <typename List>
void expect_others_stay(const Family& family) {
  for (const auto& mutation : family.table()) {
    if (mutation.reach == Reach::text) continue;
    for (const auto& text : family.seeds) {
      const auto before = read<List>(text);
      for (std::uint64_t seed = 1; seed < 60; ++seed) {
        Random random{seed};
        const auto damaged = mutation.apply(text, random);
        const auto after = read<List>(damaged);
        std::vector<Read> lost;
        std::ranges::set_difference(before, after, std::back_inserter(lost));
        EXPECT_LE(lost.size(), mutation.reach == Reach::layout ? 0U : 1U)
            << mutation.name << ": " << testing::PrintToString(damaged);
      }
    }
  }
}

TEST(MutationReach, DamageToAChallengeLeavesTheOtherParameters) {
  expect_others_stay<Challenge>(families[0]);
}

TEST(MutationReach, DamageToCredentialsLeavesTheOtherParameters) {
  expect_others_stay<Credentials>(families[1]);
}

TEST(MutationReach, DamageToAuthenticationInfoLeavesTheOtherParameters) {
  expect_others_stay<AuthenticationInfo>(families[2]);
}

// --- What lies inside of something larger. ---

std::set<std::string_view> names_of(std::span<const Mutation> table) {
  std::set<std::string_view> names;
  for (const auto& mutation : table) names.insert(mutation.name);
  return names;
}

TEST(MutationOfMessages, HoldsTheRowsOfAllOtherTables) {
  const auto names = names_of(message_mutations());
  for (const auto& family : families) {
    for (const auto& mutation : family.table()) {
      EXPECT_TRUE(names.contains(mutation.name)) << family.name << ": " << mutation.name;
    }
  }
}

TEST(MutationOfMessages, DamagesAChallengeWhereItStands) {
  const auto begin = response.find("Digest realm");
  const auto row = std::ranges::find(message_mutations(), "stale-respelled", &Mutation::name);
  ASSERT_NE(row, message_mutations().end());
  std::set<std::string> changed;
  for (std::uint64_t seed = 1; seed < 100; ++seed) {
    Random random{seed};
    const auto damaged = row->apply(response, random);
    EXPECT_EQ(damaged.substr(0, begin), response.substr(0, begin));
    EXPECT_NE(damaged.find("stale="), std::string::npos);
    EXPECT_TRUE(damaged.ends_with("\r\nl: 0\r\n\r\n"));
    changed.insert(damaged);
  }
  EXPECT_GT(changed.size(), 30U);
}

}  // namespace
}  // namespace sipauth::fuzz
