// Each known client on a challenge that it fails over and on the nearest one that it copes with.

#include "checks/client_impact.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "cli/builtin_run.hpp"

namespace sipauth::checks {
namespace {

constexpr std::string_view md5 = R"(Digest realm="r", nonce="n", algorithm=MD5, qop="auth")";
constexpr std::string_view sha = R"(Digest realm="r", nonce="n", algorithm=SHA-256, qop="auth")";
constexpr std::string_view sha_first =
    "Digest realm=\"r\", nonce=\"n\", algorithm=SHA-256, qop=\"auth\"\n"
    "Digest realm=\"r\", nonce=\"n\", algorithm=MD5, qop=\"auth\"";
constexpr std::string_view sha_last =
    "Digest realm=\"r\", nonce=\"n\", algorithm=MD5, qop=\"auth\"\n"
    "Digest realm=\"r\", nonce=\"n\", algorithm=SHA-256, qop=\"auth\"";

/// `challenges` are values of WWW-Authenticate, one on each line; `\r` folds.
SeenAnswer answer_with(std::string_view challenges, bool is_first = true,
                       std::string_view to_tag = ";tag=1") {
  std::string text =
      "SIP/2.0 401 Unauthorized\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:a@r>;tag=2\r\n"
      "Call-ID: c\r\nCSeq: 1 REGISTER\r\nTo: <sip:a@r>";
  text += std::string{to_tag} + "\r\n";
  while (!challenges.empty()) {
    const auto line = challenges.substr(0, challenges.find('\n'));
    challenges.remove_prefix(std::min(line.size() + 1, challenges.size()));
    text += "WWW-Authenticate: ";
    for (const char c : line) text += c == '\r' ? "\r\n " : std::string(1, c);
    text += "\r\n";
  }
  auto answer = see_answer(text + "Content-Length: 0\r\n\r\n", is_first);
  if (!answer) throw std::invalid_argument{text};
  return *std::move(answer);
}

const ClientRow& row_of(std::string_view client, std::string_view consequence) {
  for (const auto& row : client_rows()) {
    if (row.client.starts_with(client) && row.consequence.starts_with(consequence)) return row;
  }
  throw std::invalid_argument{std::string{client} + ": " + std::string{consequence}};
}

struct OverAnswer {
  std::string_view client;
  std::string_view consequence;  ///< its beginning
  std::string_view fails;
  std::string_view copes;
};

const std::vector<OverAnswer> over_answers{
    {"JsSIP", "reads only the first challenge", sha_first, sha_last},
    {"JsSIP", "reads only the first challenge", R"(Bearer scope="sip")", md5},
    {"JsSIP", "reads only the first challenge",
     R"(Digest realm="r", nonce="n", algorithm=AKAv1-MD5, qop="auth")",
     R"(Digest realm="r", nonce="n", algorithm=md5-sess, qop="auth")"},
    {"sipgo, SIPp", "reads only the first challenge",
     "Digest realm=\"r\", nonce=\"n\", algorithm=FOO, qop=\"auth\"\n"
     "Digest realm=\"r\", nonce=\"n\", algorithm=MD5, qop=\"auth\"",
     sha_first},
    {"pjsip before 2.11", "gives up", sha_first, sha_last},
    {"SIPSorcery", "answers the first challenge with MD5", sha_first, sha_last},
    {"Yate", "always computes MD5", sha, sha_first},
    {"baresip", "fails altogether",
     "Digest realm=\"r\", nonce=\"n\", algorithm=MD5, qop=\"auth\"\n"
     "Digest realm=\"r\", nonce=\"n\", algorithm=FOO, qop=\"auth\"",
     sha_last},
    {"belle-sip 1.6.3", "refuses the algorithm's name",
     R"(Digest realm="r", nonce="n", algorithm=md5, qop="auth")", md5},
    {"belle-sip 1.6.3", "refuses the algorithm's name",
     R"(Digest realm="r", nonce="n", algorithm=Md5)", R"(Digest realm="r", nonce="n")"},
    {"JsSIP", "cannot parse the challenge: a blank",
     R"(Digest realm="r", nonce="n", qop="auth, auth-int")",
     R"(Digest realm="r", nonce="n", qop="auth,auth-int")"},
    {"linphone (belle-sip)", "looks at the first word",
     R"(Digest realm="r", nonce="n", qop="auth-int,auth")",
     R"(Digest realm="r", nonce="n", qop="auth,auth-int")"},
    {"linphone (belle-sip)", "looks at the first word",
     R"(Digest realm="r", nonce="n", qop="auth-int")", R"(Digest realm="r", nonce="n")"},
    {"pjsip", "finds no auth", R"(Digest realm="r", nonce="n", qop="auth-int")",
     R"(Digest realm="r", nonce="n", qop="auth-int,auth")"},
    {"pjsip", "finds no auth", R"(Digest realm="r", nonce="n", qop="auth ,auth-int")",
     R"(Digest realm="r", nonce="n", qop="auth, auth-int")"},
    {"JsSIP", "cannot parse the challenge: a comma",
     R"(Digest realm="asterisk", nonce="397d281a" stale=true)",
     R"(Digest realm="asterisk", nonce="397d281a" , stale=true)"},
    {"sipgo", "cannot parse the challenge: a comma", R"(Digest realm="r" nonce="n")",
     R"(Digest realm="r",nonce="n")"},
    {"pjsip", "drops the header", R"(Digest realm="r", nonce="n" stale=false)",
     "Digest realm=\"r\", nonce=\"n\" stale=false\nDigest realm=\"r\", nonce=\"n\""},
    {"SIPSorcery", "takes what follows the nonce",
     R"(Digest realm="asterisk", nonce="397d281a" stale=true)",
     R"(Digest realm="asterisk" nonce="397d281a", stale=true)"},
    {"Doubango", "cannot read", "Digest realm=\"r\",\rnonce=\"n\"",
     R"(Digest realm="r", nonce="n")"},
};

TEST(ClientImpact, NamesTheClientOnTheChallengeThatItFailsOver) {
  for (const auto& [client, consequence, fails, copes] : over_answers) {
    const auto& row = row_of(client, consequence);
    EXPECT_EQ(impact_of(row, answer_with(fails)), Impact::cannot_register)
        << client << " copes with " << fails;
    EXPECT_EQ(impact_of(row, answer_with(copes)), std::nullopt)
        << client << " fails over " << copes;
  }
}

TEST(ClientImpact, NamesSipUnitForAToWithoutTag) {
  const auto& row = row_of("SipUnit", "breaks");
  EXPECT_EQ(impact_of(row, answer_with(md5, true, "")), Impact::cannot_register);
  EXPECT_EQ(impact_of(row, answer_with(md5)), std::nullopt);
}

TEST(ClientImpact, NamesThoseWhoOverlookAQuotedStale) {
  const auto& row = row_of("JsSIP", "overlooks stale");
  constexpr std::string_view quoted = R"(Digest realm="r", nonce="n", stale="true", qop="auth")";
  EXPECT_EQ(impact_of(row, answer_with(quoted, false)), Impact::loses_registration);
  EXPECT_EQ(impact_of(row, answer_with(quoted, true)), std::nullopt)
      << "a first challenge is answered, whatever stale says";
  EXPECT_EQ(impact_of(row, answer_with(R"(Digest realm="r", nonce="n", stale=true)", false)),
            std::nullopt);
  EXPECT_EQ(impact_of(row, answer_with(R"(Digest realm="r", nonce="n", stale="false")", false)),
            std::nullopt);
}

TEST(ClientImpact, WeighsWhereAChallengeCame) {
  const auto& row = row_of("JsSIP", "cannot parse the challenge: a comma");
  constexpr std::string_view mangled = R"(Digest realm="r", nonce="n" stale=true)";
  EXPECT_EQ(impact_of(row, answer_with(mangled, true)), Impact::cannot_register);
  EXPECT_EQ(impact_of(row, answer_with(mangled, false)), Impact::loses_registration);
  EXPECT_EQ(impact_of(row, answer_with(R"(Digest realm="r" nonce="n")", false)), std::nullopt)
      << "a refusal that is not stale is none of a client with the right password";
}

TEST(ClientImpact, LooksAtTheRowsOfTheHeaderThatBelongsToTheStatus) {
  const auto answer = see_answer(
      "SIP/2.0 401 Unauthorized\r\nProxy-Authenticate: Digest realm=\"r\", nonce=\"n\", "
      "algorithm=SHA-256\r\nWWW-Authenticate: Digest realm=\"r\", nonce=\"n\"\r\n\r\n",
      true);
  ASSERT_TRUE(answer);
  EXPECT_EQ(impact_of(row_of("JsSIP", "reads only"), *answer), std::nullopt);
}

TEST(SeenAnswer, IsOfA401Or407Alone) {
  EXPECT_FALSE(see_answer("SIP/2.0 403 Forbidden\r\n\r\n", true));
  EXPECT_FALSE(see_answer("REGISTER sip:r SIP/2.0\r\n\r\n", true));
  EXPECT_FALSE(see_answer("no SIP at all", true));
  EXPECT_TRUE(see_answer("SIP/2.0 407 Proxy Authentication Required\r\n\r\n", true));
}

struct OverRun {
  std::string_view client;
  std::string_view consequence;
  SeenRun fails;
  SeenRun copes;
};

const std::vector<OverRun> over_runs{
    {"Yate",
     "answers without qop",
     {.first = answer_with(R"(Digest realm="r", nonce="n", qop="auth,auth-int")")},
     {.first = answer_with(md5)}},
    {"Yate",
     "answers without qop",
     {.first = answer_with(R"(Digest realm="r", nonce="n", qop="auth,auth-int")")},
     {.first = answer_with(R"(Digest realm="r", nonce="n", qop="auth,auth-int")"),
      .answers_without_qop_are_taken = true}},
    {"Yate",
     "counts nc",
     {.first = answer_with(md5), .count_start_is_refused = true},
     {.first = answer_with(R"(Digest realm="r", nonce="n")"), .count_start_is_refused = true}},
    {"linphone (belle-sip 5.1)",
     "does not follow",
     {.registered = true, .stale_at_first = 1},
     {.registered = true}},
    {"JsSIP",
     "follows stale=true once",
     {.registered = true, .stale_at_first = 2},
     {.registered = true, .stale_at_first = 1}},
    {"JsSIP",
     "goes on counting",
     {.registered = true, .stale_at_first = 1, .count_start_is_refused = true},
     {.registered = true, .stale_at_first = 1}},
    {"pjsip", "gives up after three", {.longest_stale_chain = 3}, {.longest_stale_chain = 2}},
    {"pjsip", "counts nc in decimal", {.count_gap_is_forbidden = true}, {}},
    {"pjsip (pjsua)",
     "stops for good",
     {.dead_nonce_is_forbidden = true},
     {.dead_nonce_is_plain = true}},
    {"Sipura",
     "repeats for ever",
     {.dead_nonce_is_forbidden = true},
     {.dead_nonce_is_plain = true}},
    {"baresip up to 0.6",
     "shows an error",
     {.dead_nonce_is_plain = true},
     {.dead_nonce_is_forbidden = true}},
    {"sofia-sip before",
     "goes on counting",
     {.dead_nonce_is_plain = true, .count_start_is_refused = true},
     {.dead_nonce_is_plain = true}},
    {"JsSIP, SIP.js, linphone",
     "takes a 401",
     {.registered = true, .plain_at_first = true},
     {.plain_at_first = true}},
};

TEST(ClientImpact, NamesTheClientInTheRunThatItFailsOver) {
  for (const auto& [client, consequence, fails, copes] : over_runs) {
    const auto& row = row_of(client, consequence);
    ASSERT_NE(row.over_run, nullptr) << client;
    EXPECT_TRUE(row.over_run(fails)) << client << ' ' << consequence;
    EXPECT_FALSE(row.over_run(copes)) << client << ' ' << consequence;
  }
}

TEST(ClientImpact, EveryRowIsCompleteAndHasAnExampleHere) {
  std::set<const ClientRow*> shown{&row_of("SipUnit", "breaks"), &row_of("JsSIP", "overlooks")};
  for (const auto& example : over_answers)
    shown.insert(&row_of(example.client, example.consequence));
  for (const auto& example : over_runs) shown.insert(&row_of(example.client, example.consequence));
  for (const auto& row : client_rows()) {
    EXPECT_TRUE(shown.contains(&row)) << row.client << ' ' << row.consequence;
    EXPECT_FALSE(row.source.empty()) << row.client;
    EXPECT_NE(row.over_answer == nullptr, row.over_run == nullptr) << row.client;
    EXPECT_FALSE(row.consequence.ends_with('.')) << row.client;
  }
}

std::vector<std::string> named(std::string_view profile, std::string_view fault, Impact impact,
                               std::vector<std::string> only = {"SA-CH", "SA-AUTH", "SA-NONCE",
                                                                "SA-STALE", "SA-NC"}) {
  std::vector<std::string> clients;
  const auto run = run_builtin(profile, fault, {.only = std::move(only)});
  for (const auto& found : run.report.client_impact) {
    if (found.impact == impact) clients.emplace_back(found.client);
  }
  return clients;
}

using Names = std::vector<std::string>;

TEST(ClientImpactOfARun, NamesNobodyWhereAllCope) {
  for (const auto impact :
       {Impact::cannot_register, Impact::loses_registration, Impact::prompts_user}) {
    EXPECT_EQ(named("strict", "md5-only", impact), Names{}) << impact_name(impact);
    EXPECT_EQ(named("asterisk-pjsip", "", impact), Names{}) << impact_name(impact);
    EXPECT_EQ(named("opensips-default", "", impact), Names{}) << impact_name(impact);
  }
}

TEST(ClientImpactOfARun, SeesAMangledChallengeThatOnlyAStaleNonceBrings) {
  EXPECT_EQ(named("opensips-default", "missing-comma", Impact::cannot_register), Names{});
  EXPECT_EQ(named("opensips-default", "missing-comma", Impact::loses_registration),
            (Names{"JsSIP, SIP.js", "SIPSorcery", "pjsip", "sipgo"}));
}

TEST(ClientImpactOfARun, SeesWhatBecomesOfOldNonces) {
  EXPECT_EQ(
      named("asterisk-2005-before", "", Impact::loses_registration),
      (Names{"Sipura SPA of 2005", "baresip up to 0.6", "pjsip (pjsua), Asterisk as a client"}));
  EXPECT_EQ(named("kamailio-default", "", Impact::loses_registration),
            (Names{"baresip up to 0.6"}));
  EXPECT_EQ(named("strict", "nc-no-gaps-403", Impact::loses_registration), (Names{"pjsip"}));
}

TEST(ClientImpactOfARun, IsToldWhateverWasSelected) {
  EXPECT_EQ(named("flexisip", "", Impact::cannot_register, {"SA-CH-01"}),
            (Names{"JsSIP, SIP.js, dart-sip (Flutter)", "SIPSorcery", "pjsip before 2.11"}));
}

}  // namespace
}  // namespace sipauth::checks
