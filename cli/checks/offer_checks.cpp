// SA-CH-09, -10, -13, -17 and SA-STALE-05: what the challenges of the whole run offer.

#include <algorithm>
#include <array>
#include <cstddef>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "checks/check.hpp"
#include "checks/context.hpp"
#include "checks/outcome.hpp"
#include "checks/seen_challenges.hpp"
#include "checks/worst.hpp"
#include "sipauth/text.hpp"

namespace sipauth::checks {
namespace {

using enum Verdict;
using namespace std::chrono_literals;

std::set<std::string> realms_of(const sip::Exchange& exchange) {
  std::set<std::string> realms;
  for (const auto& offer : exchange.offers) realms.insert(offer.realm);
  return realms;
}

/// What servers send that nobody has given a name.
constexpr auto default_realms = std::to_array<std::string_view>(
    {"asterisk", "freeswitch", "kamailio", "opensips", "sip", "voip", "localhost", "sip.local",
     "example.com", "mydomain.com"});

Finding realm(Context& context) {
  const auto is_first_challenge = [](const sip::Exchange& exchange) {
    return !exchange.sent && !exchange.offers.empty();
  };
  if (std::ranges::count_if(context.exchanges(), is_first_challenge) == 1) {
    auto dialogue = context.dialogue();
    static_cast<void>(dialogue.challenge());
  }
  const sip::Exchange* first = nullptr;
  for (const auto& exchange : context.exchanges()) {
    // A proxy has a realm of its own.
    if (!is_first_challenge(exchange) || (first && first->status != exchange.status)) continue;
    const auto realms = realms_of(exchange);
    if (realms.contains("")) return {fail, "a challenge has an empty realm", {exchange}};
    if (!first) {
      first = &exchange;
    } else if (realms != realms_of(*first)) {
      return {fail,
              "the realm changed from \"" + *realms_of(*first).begin() + "\" to \"" +
                  *realms.begin() + "\" between two first challenges",
              {*first, exchange}};
    }
  }
  if (!first) return no_challenges();
  const auto& name = first->offers.front().realm;
  const bool is_default = std::ranges::any_of(
      default_realms, [&](std::string_view known) { return same(known, name); });
  return {is_default ? info : pass,
          "the realm is \"" + name + "\"" +
              (is_default ? ", which many servers have by default: it names none of them" : ""),
          {*first}};
}

struct Strength {
  std::size_t shortest = 0;
  double bits_each = 0;
  std::string_view alphabet = "characters";
};

// Over all nonces of the run: eight hexadecimal digits are decimal ones once in 43 times.
Strength strength_of(const std::set<std::string>& nonces) {
  Strength strength{.shortest = nonces.begin()->size()};
  bool hexadecimal = true;
  for (const auto& nonce : nonces) {
    strength.shortest = std::min(strength.shortest, nonce.size());
    hexadecimal = hexadecimal && std::ranges::all_of(nonce, [](char c) {
                    return is_hex(c) || c == '-' || c == ':' || c == '/' || c == '.';
                  });
  }
  strength.bits_each = hexadecimal ? 4 : 6;
  if (hexadecimal) strength.alphabet = "hexadecimal digits";
  return strength;
}

Finding nonce_strength(Context& context) {
  std::set<std::string> nonces;
  for (const auto& exchange : context.exchanges()) {
    for (const auto& offer : exchange.offers) {
      if (!offer.nonce.empty()) nonces.insert(offer.nonce);
    }
  }
  if (nonces.empty()) return no_challenges();
  // Both limits are ours: RFC 7616 5.12 names no number.
  constexpr double enough_bits = 64;
  constexpr double least_bits = 32;
  const auto strength = strength_of(nonces);
  const auto bits = strength.bits_each * static_cast<double>(strength.shortest);
  const auto seen = "a nonce has " + std::to_string(strength.shortest) + ' ' +
                    std::string{strength.alphabet} + ": at most " +
                    std::to_string(static_cast<long>(bits)) + " bits";
  return {.verdict = bits < enough_bits ? warn : pass,
          .observed = seen,
          .evidence = {*context.shared.first},
          .strict = bits < least_bits ? StrictVerdicts{.rfc3261 = fail, .rfc8760 = fail}
                                      : StrictVerdicts{}};
}

struct Row {
  bool proxy = false;
  std::string scheme;
  std::string realm;
  std::string algorithm;
};

std::vector<Row> rows_of(Context& context, const sip::Exchange& wanted, bool& merged) {
  std::vector<Row> rows;
  for_each_challenge_of(context, wanted, [&](const SeenChallenge& seen) {
    merged = merged || seen.challenge.next_challenge();
    const auto algorithm = seen.challenge.algorithm().value_or("");
    const auto* known = find_algorithm(algorithm);
    rows.push_back({.proxy = seen.header.id == HeaderId::proxy_authenticate,
                    .scheme = std::string{seen.challenge.scheme()},
                    .realm = std::string{seen.challenge.realm().value_or("")},
                    .algorithm = std::string{known ? known->name : algorithm}});
  });
  return rows;
}

bool is_md5(const Row& row) { return row.algorithm.starts_with("MD5"); }

void judge_rows(Worst& worst, const std::vector<Row>& rows, const sip::Exchange& exchange) {
  std::set<std::string> realms;
  bool md5_above = false;
  bool sha_above = false;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto& row = rows[i];
    if (!same(row.scheme, "Digest")) {
      worst.add(info, "one challenge is of the scheme " + row.scheme, exchange);
      continue;
    }
    realms.insert(row.realm);
    const bool is_sha = row.algorithm.starts_with("SHA");
    if (is_sha && md5_above) {
      worst.add(warn,
                "MD5 stands above " + row.algorithm +
                    ", so phones that take the first row use the weaker one",
                exchange);
    }
    if (is_md5(row) && sha_above) {
      worst.add(info,
                "MD5 stands below SHA: JsSIP, SIP.js and sipgo read only the first row and "
                "cannot register",
                exchange);
    }
    md5_above = md5_above || is_md5(row);
    sha_above = sha_above || is_sha;
    for (std::size_t j = 0; j < i; ++j) {
      if (rows[j].proxy == row.proxy && rows[j].realm == row.realm &&
          rows[j].algorithm == row.algorithm && same(rows[j].scheme, "Digest")) {
        worst.add(
            warn,
            "realm \"" + row.realm + "\" and algorithm " + row.algorithm + " are offered twice",
            exchange);
      }
    }
  }
  if (realms.size() > 1) {
    worst.add(info, std::to_string(realms.size()) + " realms are offered", exchange);
  }
}

Finding several_challenges(Context& context) {
  Worst worst;
  std::size_t most = 0;
  for (const auto& exchange : context.exchanges()) {
    if (exchange.offers.empty() && !exchange.is_401_or_407()) continue;
    bool merged = false;
    const auto rows = rows_of(context, exchange, merged);
    most = std::max(most, rows.size());
    if (merged) {
      worst.add(fail, "two challenges are merged into one header row", exchange);
    }
    judge_rows(worst, rows, exchange);
  }
  if (most == 0) return no_challenges();
  if (worst.any()) {
    auto finding = worst.finding();
    finding.stands_on_liveness = false;
    return finding;
  }
  return {pass,
          most == 1 ? "one challenge in each answer" : "one row for each challenge",
          {*context.shared.first}};
}

Finding md5_only(Context& context) {
  const auto& first = *context.shared.first;
  bool merged = false;
  const auto rows = rows_of(context, first, merged);
  if (rows.empty()) return no_challenges();
  if (std::ranges::all_of(rows, is_md5)) {
    return {.verdict = info,
            .observed = "MD5 is the only algorithm offered",
            .evidence = {first},
            .strict = {.rfc8760 = warn}};
  }
  return {pass, "another algorithm than MD5 is offered", {first}};
}

bool offers_the_sent_nonce(const sip::Exchange& exchange) {
  return exchange.sent && says_stale(exchange) &&
         std::ranges::any_of(exchange.offers, [&](const sip::Offer& offer) {
           return offer.stale.value_or(false) && offer.nonce == exchange.sent->nonce;
         });
}

bool lacks_nonce(const sip::Exchange& exchange) {
  return std::ranges::any_of(exchange.offers, [](const sip::Offer& offer) {
    return offer.stale.value_or(false) && offer.nonce.empty();
  });
}

// Challenges of one second may share a nonce, so the next second decides.
Finding repeat_in_the_next_second(Context& context, const sip::Exchange& seen) {
  auto dialogue = context.dialogue();
  const auto offered = dialogue.challenge();
  if (!offered.challenged()) return no_challenge(offered);
  auto refused = dialogue.answer(
      offered, sip::Deviation::with_nonce(context.mutated(offered, Mutation::random)));
  if (!offers_the_sent_nonce(refused)) {
    const auto fresh = dialogue.challenge();
    if (!fresh.challenged()) return no_challenge(fresh);
    static_cast<void>(dialogue.answer(fresh));
    refused = dialogue.answer(fresh);
  }
  dialogue.wait(1100ms);
  refused = dialogue.send_again(refused);
  if (offers_the_sent_nonce(refused)) {
    return {fail,
            "stale=true came with the nonce that it refused, a second later as well",
            {seen, refused}};
  }
  return {pass,
          "stale=true came with the refused nonce within a second, and with a new one in the "
          "next",
          {seen, refused}};
}

Finding stale_brings_a_new_nonce(Context& context) {
  int stale = 0;
  std::optional<sip::Exchange> repeated;
  for (const auto& exchange : context.exchanges()) {
    if (!exchange.sent || !says_stale(exchange)) continue;
    ++stale;
    if (lacks_nonce(exchange)) return {fail, "stale=true came without a nonce", {exchange}};
    if (offers_the_sent_nonce(exchange)) repeated = exchange;
  }
  if (stale == 0) return {skip, "no nonce was called stale in this run"};
  if (repeated) return repeat_in_the_next_second(context, *repeated);
  return {pass,
          "stale=true brought a new nonce all " + std::to_string(stale) + " time(s)",
          {context.exchanges().back()}};
}

constexpr auto checks = std::to_array<Check>({
    {
        .id = "SA-CH-09",
        .title = "Realm",
        .question = "Is the realm always the same, and a name of somebody?",
        .right = "one realm that names the server",
        .failing = "a realm that changes or is empty; a default name is a note",
        .harm = "Passwords and stored HA1s belong to a realm: when it changes they are useless.",
        .references = {"RFC 3261 22.1"},
        .stage = Stage::whole_run,
        .cost = {.requests = 1},
        .passes_on = {"strict"},
        .fails_on = {"strict", "realm-changes"},
        .run = realm,
    },
    {
        .id = "SA-CH-10",
        .title = "Nonce strength",
        .question = "Is a nonce too long to be guessed?",
        .right = "room for at least 64 bits",
        .failing = "less (warning)",
        .strict = "less than 32 bits fail under rfc3261 and rfc8760",
        .harm = "Whoever guesses the next nonce can have an answer ready.",
        .references = {"RFC 7616 5.12"},
        .stage = Stage::whole_run,
        .worst = warn,
        .passes_on = {"strict"},
        .fails_on = {"asterisk-2005-before"},
        .run = nonce_strength,
    },
    {
        .id = "SA-CH-13",
        .title = "Several challenges",
        .question = "Does each challenge have a row of its own, the preferred one first?",
        .right = "one row each, one realm, different algorithms",
        .acceptable = "several realms, another scheme, MD5 below SHA (notes)",
        .failing = "two in one row; the same twice and MD5 above SHA are warnings",
        .harm = "Merged rows are read as one damaged challenge.",
        .references = {"RFC 3261 7.3.1", "RFC 8760 2.3"},
        .stage = Stage::whole_run,
        .passes_on = {"asterisk-pjsip"},
        .fails_on = {"strict", "merged-rows"},
        .run = several_challenges,
    },
    {
        .id = "SA-CH-17",
        .title = "Only MD5",
        .question = "Is there another algorithm than MD5?",
        .right = "SHA-256 or SHA-512-256 as well",
        .acceptable = "only MD5 (note): most phones know nothing else",
        .strict = "only MD5 is a warning under rfc8760",
        .harm = "A recorded answer can be searched for the password quickly.",
        .references = {"RFC 8760 3", "RFC 7616 3.7"},
        .stage = Stage::challenge,
        .worst = info,
        .passes_on = {"strict"},
        .fails_on = {"asterisk-pjsip"},
        .run = md5_only,
    },
    {
        .id = "SA-STALE-05",
        .title = "stale=true brings a new nonce",
        .question = "Is a nonce that was called stale replaced by another one?",
        .right = "a nonce other than the one in the request",
        .failing = "the same nonce, or none",
        .harm = "The phone trusts stale=true, answers the dead nonce again and never registers.",
        .references = {"RFC 7616 3.3", "RFC 2617 3.2.1"},
        .stage = Stage::whole_run,
        .needs = {.credentials = true},
        .cost = {.requests = 5, .refused = 3, .waiting = 1100ms},
        .builds_on = {"SA-NONCE-02"},
        .passes_on = {"strict"},
        .fails_on = {"opensips-default", "stale-same-nonce"},
        .run = stale_brings_a_new_nonce,
    },
});

}  // namespace

std::span<const Check> offer_suite() { return checks; }

}  // namespace sipauth::checks
