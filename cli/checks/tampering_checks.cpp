// SA-NONCE-05 to -07: nonces that were issued and then changed a little.

#include <array>
#include <optional>
#include <string>

#include "checks/check.hpp"
#include "checks/context.hpp"
#include "checks/outcome.hpp"
#include "checks/worst.hpp"

namespace sipauth::checks {
namespace {

using enum Verdict;

// One mutated nonce in a dialogue of its own; false when there was no challenge.
bool try_mutation(Context& context, Mutation mutation, std::optional<sip::Exchange>& answered) {
  auto dialogue = context.dialogue();
  const auto offered = dialogue.challenge();
  if (!offered.challenged()) return false;
  const auto nonce = context.mutated(offered, mutation);
  answered.reset();
  if (nonce != offered.offer()->nonce) {
    answered = dialogue.answer(offered, sip::Deviation::with_nonce(nonce));
  }
  return true;
}

// The sentence of a pass speaks of all tries, that of another verdict of the worst.
Finding verdict_on(const Worst& worst, std::string_view all_passed) {
  if (!worst.any()) return {inconclusive, "no challenge whose nonce could be changed"};
  auto finding = worst.finding();
  if (finding.verdict == pass) finding.observed = all_passed;
  return finding;
}

Finding bit_flips(Context& context) {
  const auto was_accepted = [](const std::optional<sip::Exchange>& e) {
    return e && e->accepted();
  };
  const bool unchecked =
      was_accepted(context.shared.never_issued) || was_accepted(context.shared.broken_mac);
  Worst worst;
  for (const auto mutation :
       {Mutation::flip_quarter, Mutation::flip_half, Mutation::flip_three_quarters}) {
    std::optional<sip::Exchange> answered;
    if (!try_mutation(context, mutation, answered)) continue;
    if (!answered) continue;
    const auto seen = "a nonce with " + std::string{mutation_name(mutation)} +
                      " was answered with " + describe(*answered);
    switch (outcome_of(*answered)) {
      case Outcome::stale:
      case Outcome::plain:
        worst.add(pass, seen, *answered);
        break;
      case Outcome::accepted:
        worst.add(unchecked ? fail : warn, seen + ": this part of the nonce is not protected",
                  *answered);
        break;
      case Outcome::forbidden:
        worst.add(fail, seen, *answered);
        break;
      default:
        worst.add(answered->status >= 400 ? warn : inconclusive, seen, *answered);
    }
  }
  return verdict_on(worst, "nonces with one bit flipped at 1/4, 1/2 and 3/4 were all refused");
}

struct End {
  Mutation mutation;
  Verdict accepted;
};

Finding malleable_ends(Context& context) {
  Worst worst;
  for (const auto& [mutation, on_200] :
       {End{Mutation::extended, warn}, End{Mutation::cut, warn},
        End{Mutation::last_character, info}, End{Mutation::other_case, info}}) {
    std::optional<sip::Exchange> answered;
    if (!try_mutation(context, mutation, answered) || !answered) continue;
    const auto seen = "a nonce with " + std::string{mutation_name(mutation)} +
                      " was answered with " + describe(*answered);
    switch (outcome_of(*answered)) {
      case Outcome::stale:
      case Outcome::plain:
      case Outcome::bad_request:
        worst.add(pass, seen, *answered);
        break;
      case Outcome::accepted:
        worst.add(on_200, seen + ": a list of used nonces can be dodged", *answered);
        break;
      default:
        worst.add(answered->status >= 400 ? warn : inconclusive, seen, *answered);
    }
  }
  return verdict_on(worst, "nonces with a character more or less, or in other case, were refused");
}

Finding zero_and_empty(Context& context) {
  Worst worst;
  for (const auto mutation : {Mutation::zero, Mutation::empty}) {
    std::optional<sip::Exchange> answered;
    if (!try_mutation(context, mutation, answered) || !answered) continue;
    const auto seen = "the nonce " + std::string{mutation == Mutation::zero ? "\"0\"" : "\"\""} +
                      " was answered with " + describe(*answered);
    switch (outcome_of(*answered)) {
      case Outcome::stale:
      case Outcome::plain:
      case Outcome::bad_request:
        worst.add(pass, seen, *answered);
        break;
      case Outcome::accepted:
      case Outcome::broken:
        worst.add(fail, seen, *answered);
        break;
      default:
        worst.add(answered->status >= 400 ? warn : inconclusive, seen, *answered);
    }
  }
  return verdict_on(worst, "the nonces \"0\" and \"\" were both refused");
}

constexpr auto checks = std::to_array<Check>({
    {
        .id = "SA-NONCE-05",
        .title = "One bit of the nonce flipped, three times",
        .question = "Is every part of the nonce protected?",
        .right = "401 with or without stale=true, and a new nonce",
        .failing = "200 (a warning when other foreign nonces are refused), 403",
        .harm = "Nonces can be forged, and a replayed answer passes as a new one.",
        .references = {"RFC 7616 5.12", "RFC 7616 3.3"},
        .needs = {.credentials = true},
        .cost = {.requests = 6, .refused = 3},
        .builds_on = {"SA-NONCE-02"},
        .passes_on = {"strict"},
        .fails_on = {"netsip-noverify"},
        .run = bit_flips,
    },
    {
        .id = "SA-NONCE-06",
        .title = "The ends of the nonce changed",
        .question = "Is a nonce with a character more, less or in other case another nonce?",
        .right = "401 with or without stale=true, and a new nonce",
        .acceptable = "400",
        .failing = "200 for one character more or less (warning), for other case or the last "
                   "base64 character (note); 403 (warning)",
        .harm = "A list of used nonces can be dodged by spelling one differently.",
        .references = {"RFC 7616 3.3"},
        .needs = {.credentials = true},
        .cost = {.requests = 8, .refused = 4},
        .worst = warn,
        .passes_on = {"strict"},
        .fails_on = {"asterisk-2005-before"},
        .run = malleable_ends,
    },
    {
        .id = "SA-NONCE-07",
        .title = "The nonces \"0\" and \"\"",
        .question = "Are degenerate nonces refused like others?",
        .right = "401 with a new nonce",
        .acceptable = "400",
        .failing = "200 or 5xx; 403 and 404 are warnings",
        .harm = "Anyone can answer a nonce that everyone knows, or crash the registrar with it.",
        .references = {"RFC 7616 3.3"},
        .needs = {.credentials = true},
        .cost = {.requests = 4, .refused = 2},
        .passes_on = {"strict"},
        .fails_on = {"netsip-noverify"},
        .run = zero_and_empty,
    },
});

}  // namespace

std::span<const Check> tampering_suite() { return checks; }

}  // namespace sipauth::checks
