// SA-NONCE-01 to -04 and -13: what becomes of a nonce that is used twice or was never issued, and
// whether each challenge has its own.

#include <algorithm>
#include <array>
#include <set>
#include <string>

#include "checks/check.hpp"
#include "checks/context.hpp"
#include "checks/outcome.hpp"
#include "checks/worst.hpp"

namespace sipauth::checks {
namespace {

using enum Verdict;
using namespace std::chrono_literals;

Finding reuse(Context& context) {
  auto dialogue = context.dialogue();
  const auto offered = dialogue.challenge();
  if (!offered.challenged()) return no_challenge(offered);
  const auto first = dialogue.answer(offered);
  if (!first.accepted()) {
    return {
        inconclusive, "the first use of the nonce was answered with " + describe(first), {first}};
  }
  const auto second = dialogue.answer(offered);
  context.shared.reuse = second;

  const auto seen = "the second use of a nonce was answered with " + describe(second);
  switch (outcome_of(second)) {
    case Outcome::accepted:
      return {pass, seen, {second}};
    case Outcome::stale: {
      const auto followed = dialogue.answer(second);
      if (followed.accepted()) return {pass, seen + ", which led to 200", {second, followed}};
      return {
          warn, seen + ", whose nonce was answered with " + describe(followed), {second, followed}};
    }
    case Outcome::forbidden:
      return {.verdict = fail, .observed = seen, .evidence = {second}, .stands_on_liveness = true};
    case Outcome::broken:
      return {fail, seen, {second}};
    default:
      return {second.status >= 400 ? warn : inconclusive, seen, {second}};
  }
}

// What a nonce that was never issued may be answered with (SA-NONCE-02 to -04).
void judge_never_issued(Worst& worst, const sip::Exchange& answered, std::string_view what) {
  const auto seen = "a never-issued nonce (" + std::string{what} +
                    ") with the right password was answered with " + describe(answered);
  switch (outcome_of(answered)) {
    case Outcome::stale:
    case Outcome::plain:
      return worst.add(pass, seen, answered);
    case Outcome::accepted:
      return worst.add(fail, seen + ": the nonce is not checked at all", answered);
    case Outcome::forbidden:
      return worst.add(fail,
                       seen +
                           ": registration deadlock, for the phone is told to stop instead "
                           "of being given a new nonce",
                       answered);
    case Outcome::dead_challenge:
      return worst.add(fail, seen + ", so there is nothing to go on with", answered);
    case Outcome::bad_request:
    case Outcome::not_found:
    case Outcome::broken:
      return worst.add(fail, seen, answered);
    default:
      return worst.add(answered.status >= 400 ? warn : inconclusive, seen, answered);
  }
}

// Same Call-ID as the challenge: only there was the state alive that made Asterisk answer 403.
Finding never_issued(Context& context) {
  auto& shared = context.shared;
  auto dialogue = context.dialogue();
  const auto offered = dialogue.challenge();
  if (!offered.challenged()) return no_challenge(offered);

  Worst worst;
  const auto random = dialogue.answer(
      offered, sip::Deviation::with_nonce(context.mutated(offered, Mutation::random)));
  shared.never_issued = random;
  shared.decisive_nonce = random.sent->nonce;
  judge_never_issued(worst, random, mutation_name(Mutation::random));
  if (!random.usable()) return worst.finding();
  shared.after_never_issued = {dialogue.answer(random)};
  if (shared.after_never_issued.back().stale() && shared.after_never_issued.back().usable()) {
    shared.after_never_issued.push_back(dialogue.answer(shared.after_never_issued.back()));
  }

  // A random time in the nonce may read as long past: then only its MAC was spared.
  auto other = context.dialogue();
  const auto fresh = other.challenge();
  if (!fresh.challenged()) return no_challenge(fresh);
  const auto broken =
      other.answer(fresh, sip::Deviation::with_nonce(context.mutated(fresh, Mutation::broken_mac)));
  shared.broken_mac = broken;
  const auto before = worst.finding().verdict;
  judge_never_issued(worst, broken, mutation_name(Mutation::broken_mac));
  if (worst.finding().verdict != before) shared.decisive_nonce = broken.sent->nonce;
  if (worst.finding().verdict != pass) return worst.finding();

  const auto stale_answers = static_cast<int>(random.stale()) + static_cast<int>(broken.stale());
  const auto* how = stale_answers == 2   ? "stale=true and a new nonce both times"
                    : stale_answers == 1 ? "a new nonce both times, once with stale=true"
                                         : "a new nonce both times, without stale";
  return {pass,
          std::string{"never-issued nonces with the right password were answered with "} +
              std::to_string(random.status) + ", " + how,
          {random, broken}};
}

// A random time in the nonce may read as long past, whoever made it: then its MAC decides.
Finding new_call_id(Context& context) {
  Worst worst;
  for (const auto mutation : {Mutation::random, Mutation::broken_mac}) {
    auto source = context.dialogue();
    const auto offered = source.challenge();
    if (!offered.challenged()) return no_challenge(offered);
    auto dialogue = context.dialogue();
    const auto answered =
        dialogue.answer(offered, sip::Deviation::with_nonce(context.mutated(offered, mutation)));
    const bool redirects = answered.status >= 300 && answered.status < 400;
    worst.add(answered.usable() ? pass
              : redirects       ? inconclusive
                                : fail,
              "a never-issued nonce in the first message of a new Call-ID was answered with " +
                  describe(answered),
              answered);
    if (!answered.stale()) break;
  }
  return worst.finding();
}

Finding broken_mac(Context& context) {
  const auto& exchange = context.shared.broken_mac;
  if (!exchange) {
    auto dialogue = context.dialogue();
    const auto offered = dialogue.challenge();
    if (!offered.challenged()) return no_challenge(offered);
    context.shared.broken_mac = dialogue.answer(
        offered, sip::Deviation::with_nonce(context.mutated(offered, Mutation::broken_mac)));
  }
  Worst worst;
  judge_never_issued(worst, *exchange, mutation_name(Mutation::broken_mac));
  auto finding = worst.finding();
  const auto& random = context.shared.never_issued;
  if (random && random->usable() && exchange->usable() && random->stale() != exchange->stale()) {
    finding.observed +=
        "; a wholly random one got another answer, so the time in a nonce is "
        "looked at before its MAC";
  }
  return finding;
}

// Half of them at once, for those who make one nonce a second; the rest spread over 2.5 s or more.
Finding uniqueness(Context& context) {
  const auto wanted = std::max(context.settings().nonce_sample, 2);
  const int at_once = wanted / 2;
  const net::Duration apart = wanted > 10 ? 50ms : 600ms;
  const auto& second = context.session().identity().second;
  auto& issued = context.shared.issued;
  issued.clear();
  for (int i = 0; i < wanted; ++i) {
    auto dialogue = context.dialogue(second && i % 2 == 1 ? second->user : std::string{});
    if (i >= at_once) dialogue.wait(apart);
    const auto offered = dialogue.challenge();
    // The second account's card is not ours to ask.
    const auto offer = std::ranges::find_if(offered.offers, &sip::Offer::is_well_formed);
    if (!offered.is_401_or_407() || offer == offered.offers.end()) return no_challenge(offered);
    issued.push_back({offered.offer() ? offered.offer()->nonce : offer->nonce, offered});
  }

  net::Duration widest{-1};
  std::set<std::string> different;
  for (std::size_t i = 0; i < issued.size(); ++i) {
    different.insert(issued[i].nonce);
    for (std::size_t j = 0; j < i; ++j) {
      if (issued[i].nonce == issued[j].nonce) {
        widest = std::max(widest, issued[i].exchange.sent_at - issued[j].exchange.sent_at);
      }
    }
  }
  const auto count = std::to_string(different.size()) + " different nonces in " +
                     std::to_string(issued.size()) + " challenges";
  const auto& last = issued.back().exchange;
  if (widest < net::Duration{0}) return {pass, count, {last}};
  const auto span = last.sent_at - issued.front().exchange.sent_at;
  if (different.size() == 1 && span >= 2500ms) {
    return {fail, "one nonce for all challenges of " + in_seconds(span), {last}};
  }
  if (widest > 1100ms) {
    return {warn, count + "; the same one again after " + in_seconds(widest), {last}};
  }
  return {info, count + ": those of one second share a nonce", {last}};
}

constexpr auto checks = std::to_array<Check>({
    {
        .id = "SA-NONCE-01",
        .title = "A nonce is used a second time",
        .question = "May a phone use its nonce again with the next nonce count?",
        .right = "200",
        .acceptable = "401 with stale=true whose new nonce is taken",
        .failing = "a plain 401 (warning), 403, 5xx",
        .harm = "Phones that send credentials ahead ask their user for a password that was right.",
        .references = {"RFC 7616 3.6", "RFC 2617 3.3"},
        .stage = Stage::acceptance,
        .needs = {.credentials = true},
        .cost = {.requests = 4, .refused = 1},
        .priority = 0,
        .passes_on = {"asterisk-pjsip"},
        .fails_on = {"strict", "forbid-reuse"},
        .run = reuse,
    },
    {
        .id = "SA-NONCE-02",
        .title = "A nonce that was never issued, same dialogue",
        .question = "Is the right password on a foreign nonce answered with a new challenge?",
        .right = "401 with stale=true and a new nonce",
        .acceptable = "401 with a new nonce, without stale",
        .failing = "403: registration deadlock; 200: the nonce is not checked; 400, 404, 5xx, "
                   "silence, or no new nonce",
        .harm = "The phone holds a nonce that the registrar no longer knows, is told to stop or "
                "repeats it for ever, and stays unregistered until somebody restarts it.",
        .references = {"RFC 7616 3.6", "RFC 2617 3.3", "RFC 3261 21.4.4"},
        .needs = {.credentials = true},
        .cost = {.requests = 6, .refused = 3},
        .priority = 1,
        .on_silence = fail,
        .passes_on = {"strict"},
        .fails_on = {"asterisk-2005-before"},
        .run = never_issued,
    },
    {
        .id = "SA-NONCE-03",
        .title = "A nonce that was never issued, new Call-ID",
        .question = "Does a phone get in that holds a nonce from before a restart?",
        .right = "401 with stale=true and a new nonce",
        .acceptable = "401 with a new nonce, without stale",
        .failing = "anything else",
        .harm = "After a restart of the registrar no phone comes back by itself.",
        .references = {"RFC 7616 3.6", "RFC 2617 3.3"},
        .needs = {.credentials = true},
        .cost = {.requests = 4, .refused = 2},
        .on_silence = fail,
        .passes_on = {"strict"},
        .fails_on = {"netsip-noverify"},
        .run = new_call_id,
    },
    {
        .id = "SA-NONCE-04",
        .title = "A nonce with its front kept and a wrong MAC",
        .question = "Is a forged nonce with a believable time refused like any other?",
        .right = "401 with stale=true and a new nonce",
        .acceptable = "401 with a new nonce, without stale",
        .failing = "200, 403, 400, 404, 5xx",
        .harm = "Nonces can be forged, or a damaged one locks the phone out.",
        .references = {"RFC 7616 3.6", "RFC 7616 5.12"},
        .needs = {.credentials = true},
        .cost = {.requests = 2, .refused = 1},
        .priority = 6,
        .builds_on = {"SA-NONCE-02"},
        .passes_on = {"strict"},
        .fails_on = {"resip-dum"},
        .run = broken_mac,
    },
    {
        .id = "SA-NONCE-13",
        .title = "Every challenge has its own nonce",
        .question = "Do challenges differ, within a second and beyond it?",
        .right =
            "a nonce of its own in each of ten challenges, or of a hundred in `check`; half of "
            "them at once, for two users where there is a second account",
        .acceptable = "the same nonce within 1.1 s (note)",
        .failing = "the same nonce more than 1.1 s apart (warning); one nonce for all",
        .harm = "An answer that was overheard can be replayed, by anybody and for long.",
        .references = {"RFC 7616 3.3", "RFC 2617 3.2.1"},
        .stage = Stage::burst,
        .needs = {.credentials = true},
        .cost = {.waiting = 3000ms, .samples = true},
        .passes_on = {"strict"},
        .fails_on = {"strict", "nonce-constant"},
        .run = uniqueness,
    },
});

}  // namespace

std::span<const Check> nonce_suite() { return checks; }

}  // namespace sipauth::checks
