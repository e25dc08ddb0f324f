// The card of a phone: which AKA offer it takes, and what it answers; and whole runs with one.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "checks/runner.hpp"
#include "cli/peers.hpp"
#include "commands/aka_file.hpp"
#include "registrar/builtin_transport.hpp"
#include "sip/aka_credentials.hpp"
#include "sip/dialogue.hpp"
#include "sip/session.hpp"

namespace sipauth::sip {
namespace {

using testing::HasSubstr;

constexpr std::string_view set1 =
    "k=465b5ce8b199b49faa5f0a2ee238a6bc opc=cd63cb71954a9f4e48a5994e37a02baf";
constexpr std::uint64_t sqn_of_nonce = 0xff9bb4d0b607;
constexpr std::string_view nonce = "I1U8vpY3qJ0hiuZNrke/NVXzKLQ1d7m5Sp/6w1Tfr7M=";

AkaCard card(std::uint64_t highest, bool alone) {
  return {commands::read_aka(set1).value().keys, highest, alone};
}

Exchange offered(std::string_view rows) {
  const std::string request =
      "REGISTER sip:a SIP/2.0\r\nVia: SIP/2.0/UDP a;branch=z9hG4bKa\r\nFrom: <sip:a@a>;tag=1\r\n"
      "To: <sip:a@a>\r\nCall-ID: a\r\nCSeq: 1 REGISTER\r\n\r\n";
  Exchange exchange{.status = 401};
  read_offers(exchange, peers::response_to(request, 401, rows), "");
  return exchange;
}

std::string row(std::string_view algorithm, std::string_view text = nonce) {
  auto line = "WWW-Authenticate: Digest realm=\"r\", nonce=\"" + std::string{text} + "\"";
  if (!algorithm.empty()) line += ", algorithm=" + std::string{algorithm};
  return line + "\r\n";
}

struct Choice {
  std::string_view proves;
  std::string rows;
  std::string_view algorithm;  ///< of the chosen one; `-`: none
  bool alone = true;
};

TEST(AkaCard, ChoosesAmongOffers) {
  auto other_mac = std::string{nonce};
  other_mac[40] = other_mac[40] == 'A' ? 'B' : 'A';
  for (const auto& [proves, rows, algorithm, alone] : std::vector<Choice>{
           {"first version", row("AKAv1-MD5"), "AKAv1-MD5"},
           {"second version in any case", row("akav2-sha-256"), "akav2-sha-256"},
           {"RFC 4169 4.1", row("AKAv1-MD5") + row("AKAv2-MD5"), "AKAv2-MD5"},
           {"the order the other way round", row("AKAv2-MD5") + row("AKAv1-MD5"), "AKAv2-MD5"},
           {"a password answers the topmost", row("MD5", "n") + row("AKAv2-MD5"), "MD5", false},
           {"no password for others", row("MD5", "n") + row("AKAv1-MD5"), "AKAv1-MD5"},
           {"a wrong MAC is left out", row("AKAv2-MD5", other_mac) + row("AKAv1-MD5"), "AKAv1-MD5"},
           {"no AKA nonce", row("AKAv1-MD5", "abc"), "-"},
           {"an unknown hash", row("AKAv1-FOO"), "-"},
       }) {
    auto exchange = offered(rows);
    card(0, alone).choose(exchange, "");
    EXPECT_EQ(exchange.offer() ? exchange.offer()->algorithm_text : "-", algorithm) << proves;
  }
}

TEST(AkaCard, WithoutOneNoAkaIsAnswered) { EXPECT_EQ(offered(row("AKAv1-MD5")).offer(), nullptr); }

TEST(AkaCard, SaysWhyItDoesNotAnswer) {
  auto changed = std::string{nonce};
  changed[41] = changed[41] == 'A' ? 'B' : 'A';
  auto exchange = offered(row("AKAv1-MD5", changed));
  auto simcard = card(0, true);
  simcard.choose(exchange, "");
  EXPECT_EQ(exchange.offer(), nullptr);
  EXPECT_THAT(exchange.offers.at(0).obstacle, HasSubstr("MAC is wrong"));
  Random random{1};
  EXPECT_FALSE(simcard.password(exchange.offers.at(0), changed, false, random));
}

TEST(AkaCard, TakesAnSqnOnceAndRemembersItsAnswer) {
  auto simcard = card(sqn_of_nonce - 1, true);
  Random random{1};
  auto first = offered(row("AKAv1-MD5"));
  simcard.choose(first, "");
  ASSERT_NE(first.offer(), nullptr);
  const auto res = simcard.password(*first.offer(), std::string{nonce}, false, random);
  ASSERT_TRUE(res);
  EXPECT_EQ(res->secret.reveal(), "\xa5\x42\x11\xd5\xe3\xba\x50\xbf");
  EXPECT_EQ(res->auts, "");
  const auto wrong = simcard.password(*first.offer(), std::string{nonce}, true, random);
  EXPECT_NE(wrong->secret.reveal(), res->secret.reveal());

  auto again = offered(row("AKAv1-MD5"));
  simcard.choose(again, "");
  ASSERT_NE(again.offer(), nullptr);
  const auto replayed = simcard.password(*again.offer(), std::string{nonce}, false, random);
  EXPECT_TRUE(replayed->secret.empty());
  EXPECT_EQ(replayed->auts, "uoU/PBI8z0TpNZbjVcY=");
  // What was right for the first offer stays right.
  EXPECT_EQ(simcard.password(*first.offer(), std::string{nonce}, false, random)->auts, "");
}

// A built-in IMS core, a card, and all that lies between them.
struct Ims {
  explicit Ims(std::vector<std::string> faults = {}, std::uint64_t highest = 0)
      : transport{registrar::Registrar{registrar::make_profile("ims-aka", faults).value(),
                                       registrar::built_in_accounts(), 1}} {
    auto identity = peers::alice();
    identity.domain = "ims.example";
    identity.password = {};
    identity.card = std::make_shared<AkaCard>(card(highest, true));
    session = std::make_unique<Session>(transport, std::move(identity), Timers{}, Limits{}, 1);
  }

  registrar::BuiltinTransport transport;
  std::unique_ptr<Session> session;
};

TEST(AkaDialogue, AnswersAtOnce) {
  Ims ims;
  Dialogue dialogue{*ims.session};
  EXPECT_EQ(dialogue.answer(dialogue.challenge()).status, 200);
  EXPECT_EQ(ims.session->counters().requests, 2U);
  EXPECT_EQ(ims.session->counters().resynchronised, 0U);
}

TEST(AkaDialogue, ResynchronisesAndAnswersTheNextChallenge) {
  for (const auto highest : {std::uint64_t{31}, std::uint64_t{32}, std::uint64_t{1} << 40U}) {
    Ims ims{{}, highest};
    Dialogue dialogue{*ims.session};
    EXPECT_EQ(dialogue.answer(dialogue.challenge()).status, 200) << highest;
    EXPECT_EQ(ims.session->counters().resynchronised, highest >= 32 ? 1U : 0U);
    EXPECT_EQ(ims.session->counters().refused, 0U);
    Dialogue later{*ims.session};
    EXPECT_EQ(later.answer(later.challenge()).status, 200);
    EXPECT_EQ(ims.session->counters().resynchronised, highest >= 32 ? 1U : 0U);
  }
}

TEST(AkaDialogue, AWrongPasswordIsRefused) {
  Ims ims;
  Dialogue dialogue{*ims.session};
  const auto refused = dialogue.answer(dialogue.challenge(), Deviation::with_wrong_password());
  EXPECT_EQ(refused.status, 401);
  EXPECT_FALSE(refused.stale());
  EXPECT_EQ(ims.session->counters().refused, 1U);
}

TEST(AkaDialogue, AWrongMacIsNotAnswered) {
  Ims ims{{"aka-wrong-mac"}};
  Dialogue dialogue{*ims.session};
  const auto challenged = dialogue.challenge();
  EXPECT_EQ(challenged.status, 401);
  EXPECT_EQ(challenged.offer(), nullptr);
}

TEST(AkaDialogue, SendsNothingForANonceThatNobodyMade) {
  Ims ims;
  Dialogue dialogue{*ims.session};
  const auto challenged = dialogue.challenge();
  EXPECT_THROW((void)dialogue.answer(challenged, Deviation::with_nonce("0")), NoAnswer);
  EXPECT_EQ(ims.session->counters().requests, 1U);
}

checks::RunReport checked(Ims& ims) {
  return checks::Runner{*ims.session,
                        {.max_wait = std::chrono::seconds{4096}, .has_password = true},
                        *checks::select({}, {})}
      .run();
}

TEST(AkaChecks, FindNoFaultInAnImsCoreAndLeaveOutNoncesThatCannotBeMade) {
  for (const std::string fault : {"", "aka-old-sqn"}) {
    Ims ims{fault.empty() ? std::vector<std::string>{} : std::vector{fault}};
    int passed = 0;
    int not_made = 0;
    for (const auto& [check, finding] : checked(ims).reports) {
      EXPECT_THAT((std::array{Verdict::pass, Verdict::info, Verdict::skip}),
                  testing::Contains(finding.verdict))
          << check->id << ' ' << finding.observed;
      if (finding.verdict == Verdict::pass) ++passed;
      if (finding.observed == "an AKA nonce cannot be mutated") ++not_made;
    }
    EXPECT_GE(passed, 30);
    EXPECT_GE(not_made, 6);
  }
}

TEST(AkaChecks, AreLeftOutWithAReasonWhereTheMacIsWrong) {
  Ims ims{{"aka-wrong-mac"}};
  const auto report = checked(ims);
  EXPECT_FALSE(report.registered);
  for (const auto& [check, finding] : report.reports) {
    if (!check->needs.credentials) continue;
    EXPECT_EQ(finding.verdict, Verdict::skip) << check->id;
    EXPECT_THAT(finding.observed, HasSubstr("MAC is wrong")) << check->id;
  }
}

}  // namespace
}  // namespace sipauth::sip

namespace sipauth::commands {
namespace {

TEST(AkaFile, NamesWhatIsWrongAndShowsNoKey) {
  const std::string k = "k=465b5ce8b199b49faa5f0a2ee238a6bc";
  const std::string op = " op=cdc202d5123e20f62b6d676ac72cb318";
  const std::string opc = " opc=cd63cb71954a9f4e48a5994e37a02baf";
  for (const auto& [text, says] : std::vector<std::pair<std::string, std::string_view>>{
           {"", "no k=HEX"},
           {op, "no k=HEX"},
           {k, "either op=HEX or opc=HEX"},
           {k + op + opc, "either op=HEX or opc=HEX"},
           {k + "0" + op, "32 hexadecimal digits behind k="},
           {k + " op=cdc202d5123e20f62b6d676ac72cb31g", "32 hexadecimal digits behind op="},
           {k + op + " sqn=1", "12 hexadecimal digits behind sqn="},
           {k + op + " amf=", "4 hexadecimal digits behind amf="},
           {k + op + "\n" + k, "k twice"},
           {k + op + " secret", "nothing else"},
           {k + op + " x=1", "nothing else"},
       }) {
    const auto read = read_aka(text);
    ASSERT_FALSE(read) << text;
    EXPECT_THAT(read.error(), testing::HasSubstr(says));
    EXPECT_THAT(read.error(), testing::Not(testing::HasSubstr("465b5c")));
  }
}

TEST(AkaFile, OpGivesTheSameKeysAsOpc) {
  const auto card = read_aka(
      "# set 1\r\nK=465B5CE8B199B49FAA5F0A2EE238A6BC\r\n\r\nop=cdc202d5123e20f62b6d676ac72cb318\n"
      "amf=b9b9\nsqn=ff9bb4d0b607 # of the set\n");
  ASSERT_TRUE(card) << card.error();
  const auto same =
      read_aka("k=465b5ce8b199b49faa5f0a2ee238a6bc\topc=cd63cb71954a9f4e48a5994e37a02baf");
  ASSERT_TRUE(same);
  EXPECT_EQ(card->keys.k.reveal(), same->keys.k.reveal());
  EXPECT_EQ(card->keys.opc.reveal(), same->keys.opc.reveal());
  EXPECT_EQ(card->amf, 0xb9b9);
  EXPECT_EQ(card->sqn, 0xff9bb4d0b607);
  EXPECT_EQ(same->amf, 0x8000);
  EXPECT_EQ(same->sqn, 0U);
}

}  // namespace
}  // namespace sipauth::commands
