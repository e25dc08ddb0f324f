// SA-TX-01 to -06 and -11: retransmissions, CSeq, Call-ID and tags round right credentials.

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "checks/check.hpp"
#include "checks/context.hpp"
#include "checks/counting.hpp"
#include "checks/fresh_nonce.hpp"
#include "checks/outcome.hpp"
#include "checks/worst.hpp"
#include "sipauth/address.hpp"
#include "sipauth/message.hpp"

namespace sipauth::checks {
namespace {

using enum Verdict;
using namespace std::chrono_literals;

// RFC 3261 17.2.2: on a reliable transport Timer J is 0, and nothing is retransmitted.
Finding not_on_streams(Context& context) {
  return {skip, "nothing is retransmitted over " +
                    std::string{net::transport_name(context.session().transport().kind())}};
}

bool is_stream(Context& context) { return context.session().transport().is_reliable(); }

std::string to_tag_of(Context& context, const sip::Exchange& exchange) {
  if (!exchange.response) return {};
  Diagnostics ignored;
  const auto answer =
      Message::parse(context.session().recorder().at(*exchange.response).bytes, ignored);
  if (!answer) return {};
  const auto to = NameAddr::parse(answer->value(HeaderId::to), ignored);
  return to ? std::string{to->tag().value_or("")} : std::string{};
}

// One right answer, then its bytes again at once and a second later. nullopt: an answer may belong
// to another copy than the one judged, because our own timers had sent it more than once.
std::optional<Finding> retransmit_credentials(Context& context) {
  auto dialogue = context.dialogue();
  const auto fresh = fresh_nonce(context, dialogue);
  if (fresh.problem) return fresh.problem;
  const auto first = dialogue.answer(fresh.offered);
  if (first.retransmissions > 0) return std::nullopt;
  if (!first.accepted()) {
    return Finding{
        inconclusive, "the right password was answered with " + describe(first), {first}};
  }
  Worst worst;
  for (const auto& [wait, when] :
       {std::pair{net::Duration{0}, "at once"}, std::pair{net::Duration{1s}, "after 1 s"}}) {
    dialogue.wait(wait);
    const auto again = dialogue.retransmit(first);
    if (again.retransmissions > 0) return std::nullopt;
    auto seen = "credentials that had been taken, retransmitted " + std::string{when} +
                ", were answered with " + describe(again);
    if (again.is_401_or_407()) seen += ": a phone whose 200 was lost is challenged again";
    worst.add(letter({.accepted = pass, .stale = warn, .plain = warn, .forbidden = fail}, again),
              std::move(seen), again);
  }
  auto finding = worst.finding();
  if (finding.verdict == pass) {
    finding.observed =
        "credentials that had been taken, retransmitted at once and after 1 s, got "
        "their " +
        describe(first) + " again";
  }
  return finding;
}

Finding retransmitted_credentials(Context& context) {
  if (is_stream(context)) return not_on_streams(context);
  for (int tries = 0; tries < 2; ++tries) {
    if (auto finding = retransmit_credentials(context)) return *std::move(finding);
  }
  return {
      inconclusive,
      "answers were lost on the way, so it is not known to which copy of the request those that "
      "came belong"};
}

// What a phone does that got the first of two challenges.
void judge_first_nonce(Worst& worst, const sip::Exchange& answered) {
  const auto seen = "a retransmitted query brought a nonce of its own, and the first one ";
  switch (outcome_of(answered)) {
    case Outcome::accepted:
      return worst.add(info, seen + std::string{"is good as well: challenges are stateless"},
                       answered);
    case Outcome::stale:
      return worst.add(warn, seen + std::string{"was called stale"}, answered);
    default:
      return worst.add(answered.status >= 400 ? fail : inconclusive,
                       seen + ("is dead: it was answered with " + describe(answered)), answered);
  }
}

Finding retransmitted_query(Context& context) {
  if (is_stream(context)) return not_on_streams(context);
  auto dialogue = context.dialogue();
  const auto fresh = fresh_nonce(context, dialogue);
  if (fresh.problem) return *fresh.problem;
  const auto& first = fresh.offered;
  const auto again = dialogue.retransmit(first);
  if (!again.challenged()) {
    return {again.status >= 400 ? warn : inconclusive,
            "a query that had been challenged, retransmitted, was answered with " + describe(again),
            {first, again}};
  }
  Worst worst;
  const auto tag = to_tag_of(context, first);
  const auto other_tag = to_tag_of(context, again);
  if (tag != other_tag) {
    worst.add(
        warn,
        "a retransmitted query got another To-tag: \"" + other_tag + "\" after \"" + tag + "\"",
        again);
  }
  if (again.offer()->nonce != first.offer()->nonce) {
    judge_first_nonce(worst, dialogue.answer(first));
  }
  if (!worst.any()) {
    return {pass, "a retransmitted query got the same nonce and the same To-tag", {first, again}};
  }
  return worst.finding();
}

Finding same_cseq(Context& context) {
  auto dialogue = context.dialogue();
  const auto fresh = fresh_nonce(context, dialogue);
  if (fresh.problem) return *fresh.problem;
  const auto& offered = fresh.offered;
  const auto answered = dialogue.answer(offered, {}, {.cseq = dialogue.cseq()});
  const bool named = answered.accepted() || (answered.status >= 400 && answered.status < 600);
  return {named                    ? pass
          : answered.status >= 600 ? warn
                                   : inconclusive,
          "the right password with the CSeq of the query was answered with " + describe(answered),
          {answered}};
}

Finding other_call_id(Context& context) {
  const auto* found = context.finding("SA-NONCE-08");
  if (!found) return {inconclusive, "SA-NONCE-08 was not judged"};
  auto finding = *found;
  finding.observed += " (SA-NONCE-08)";
  return finding;
}

Finding other_from_tag(Context& context) {
  auto dialogue = context.dialogue();
  const auto fresh = fresh_nonce(context, dialogue);
  if (fresh.problem) return *fresh.problem;
  const auto& offered = fresh.offered;
  const auto answered =
      dialogue.answer(offered, {}, {.from_tag = context.session().random().hex(12)});
  const Letters letters{.accepted = pass, .stale = warn, .plain = warn, .forbidden = fail};
  return {.verdict = letter(letters, answered),
          .observed =
              "the right password with another From-tag than the query's was answered "
              "with " +
              describe(answered),
          .evidence = {answered},
          .stands_on_liveness = answered.status == 403};
}

void judge_kept_tag(Worst& worst, const sip::Exchange& answered, const std::string& what) {
  const bool unknown_dialogue = answered.status == 481;
  worst.add(unknown_dialogue
                ? pass
                : letter({.accepted = pass, .stale = warn, .forbidden = fail}, answered),
            what + " was answered with " + describe(answered), answered);
}

// Several phones copy the tag of an answer into the next To. The client errs (RFC 3261 8.1.1.2).
Finding kept_to_tag(Context& context) {
  auto dialogue = context.dialogue();
  const auto fresh = fresh_nonce(context, dialogue);
  if (fresh.problem) return *fresh.problem;
  const auto& offered = fresh.offered;
  Worst worst;
  std::string seen;
  const auto tag_of_401 = to_tag_of(context, offered);
  sip::Exchange accepted;
  if (!tag_of_401.empty()) {
    const auto answered = dialogue.answer(offered, {}, {.to_tag = tag_of_401});
    judge_kept_tag(worst, answered, "the right password with the To-tag of the challenge");
    seen = "the To-tag of the challenge was answered with " + describe(answered);
    accepted = answered;
  }
  if (!accepted.accepted()) {
    const auto next = fresh_nonce(context, dialogue);
    if (next.problem) return *next.problem;
    accepted = dialogue.answer(next.offered);
  }
  const auto tag_of_200 = accepted.accepted() ? to_tag_of(context, accepted) : std::string{};
  if (!tag_of_200.empty()) {
    const auto next = fresh_nonce(context, dialogue);
    if (next.problem) return *next.problem;
    const auto answered = dialogue.answer(next.offered, {}, {.to_tag = tag_of_200});
    judge_kept_tag(worst, answered, "a refresh with the To-tag of the 200");
    if (!seen.empty()) seen += ", ";
    seen += "that of the 200 in a refresh with " + describe(answered);
  }
  if (!worst.any()) return {skip, "no answer has a tag in its To (SA-CH-16)", {offered}};
  auto finding = worst.finding();
  if (finding.verdict == pass) finding.observed = seen;
  return finding;
}

constexpr Needs password{.credentials = true};

constexpr auto checks = std::to_array<Check>({
    {
        .id = "SA-TX-01",
        .title = "Credentials are retransmitted",
        .question = "Does a retransmission of taken credentials get its 200 again, over UDP?",
        .right = "200, at once and after 1 s",
        .failing = "403; a challenge is a warning",
        .harm = "A phone whose 200 was lost is asked again, or sent away, though it is registered.",
        .references = {"RFC 3261 17.2.2", "RFC 3261 8.2.7"},
        .needs = password,
        .cost = {.requests = 10, .refused = 4, .waiting = 2000ms},
        .priority = 220,
        .passes_on = {"strict"},
        .fails_on = {"strict", "retransmission-403"},
        .run = retransmitted_credentials,
    },
    {
        .id = "SA-TX-02",
        .title = "A query is retransmitted",
        .question = "Does a retransmission of the first request get the same challenge, over UDP?",
        .right = "the same nonce and the same To-tag",
        .acceptable = "a new nonce, while the first one stays good (note)",
        .failing = "the first nonce is dead; another To-tag, or a first nonce that is called "
                   "stale, is a warning",
        .harm = "The phone answers the challenge that came first, and is refused.",
        .references = {"RFC 3261 17.2.2", "RFC 3261 8.2.7"},
        .needs = password,
        .cost = {.requests = 4, .refused = 1},
        .priority = 220,
        .passes_on = {"strict"},
        .fails_on = {"strict", "retransmission-rekeys-plain"},
        .run = retransmitted_query,
    },
    {
        .id = "SA-TX-03",
        .title = "Same CSeq, another branch",
        .question = "Is a phone answered that does not raise CSeq when it adds its credentials?",
        .right = "200, or any 4xx or 5xx",
        .failing = "silence (warning)",
        .harm = "The phone waits for an answer that never comes.",
        .references = {"RFC 3261 22.2", "RFC 3261 10.3"},
        .needs = password,
        .cost = {.requests = 3, .refused = 1},
        .priority = 220,
        .on_silence = warn,
        .worst = warn,
        .passes_on = {"strict"},
        .fails_on = {"strict", "same-cseq-silent"},
        .run = same_cseq,
    },
    {
        .id = "SA-TX-05",
        .title = "Credentials in another Call-ID than their challenge",
        .question = "Is a phone taken that answers a challenge in another Call-ID?",
        .right = "200",
        .acceptable = "401 with stale=true and a new nonce",
        .failing = "403; a plain 401 is a warning",
        .harm = "A phone that changes its Call-ID when it starts again stays out.",
        .references = {"RFC 7616 3.3", "RFC 3261 22.2"},
        .needs = password,
        .priority = 230,
        .builds_on = {"SA-NONCE-08"},
        .passes_on = {"strict"},
        .fails_on = {"strict", "forbid-other-call"},
        .run = other_call_id,
    },
    {
        .id = "SA-TX-06",
        .title = "Another From-tag",
        .question = "Is a phone taken whose From-tag changes between query and answer?",
        .right = "200",
        .failing = "403; any other refusal is a warning",
        .harm = "A phone that draws a new tag for each request stays out.",
        .references = {"RFC 3261 8.1.3.5"},
        .needs = password,
        .cost = {.requests = 3, .refused = 1},
        .priority = 220,
        .passes_on = {"strict"},
        .fails_on = {"strict", "from-tag-403"},
        .run = other_from_tag,
    },
    {
        .id = "SA-TX-11",
        .title = "A phone keeps the To-tag",
        .question = "What becomes of a REGISTER whose To has the tag of the answer before?",
        .right = "200",
        .acceptable = "481",
        .failing = "403; silence, or another refusal, is a warning",
        .harm = "The phone errs, but several do: with 403 they stay out.",
        .references = {"RFC 3261 8.1.1.2", "RFC 3261 12.2.2"},
        .needs = password,
        .cost = {.requests = 9, .refused = 3},
        .priority = 220,
        .on_silence = warn,
        .passes_on = {"strict"},
        .fails_on = {"strict", "to-tag-403"},
        .run = kept_to_tag,
    },
});

}  // namespace

std::span<const Check> transaction_suite() { return checks; }

}  // namespace sipauth::checks
