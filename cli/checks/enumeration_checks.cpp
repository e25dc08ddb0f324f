// SA-ENUM: does the registrar tell strangers which users it has, or which password is right?

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "checks/check.hpp"
#include "checks/context.hpp"
#include "checks/mann_whitney.hpp"
#include "checks/outcome.hpp"
#include "checks/tries.hpp"
#include "checks/worst.hpp"
#include "sipauth/challenge.hpp"
#include "sipauth/message.hpp"

namespace sipauth::checks {
namespace {

using enum Verdict;

/// What a stranger can compare of an answer: everything but what is drawn for each.
struct Aspect {
  std::string_view name;
  std::string value;
};

// Scheme, and parameters in their order. Nonce and opaque differ by nature, stale has its own word.
std::string challenge_text(std::string_view value) {
  Diagnostics ignored;
  const auto challenge = Challenge::parse(value, ignored);
  if (!challenge) return "unreadable; ";
  std::string text{challenge->scheme()};
  for (const auto& parameter : challenge->parameters()) {
    text.append(" ").append(parameter.name);
    const auto is = [&](std::string_view name) { return same(parameter.name, name); };
    if (!is("nonce") && !is("opaque") && !is("stale")) text.append("=").append(parameter.value);
  }
  return text + "; ";
}

std::vector<Aspect> aspects_of(Context& context, const sip::Exchange& exchange) {
  std::vector<Aspect> aspects{{"status", std::to_string(exchange.status)},
                              {"reason phrase", exchange.reason},
                              {"stale", says_stale(exchange) ? "true" : "not true"}};
  if (!exchange.response) return aspects;
  Diagnostics ignored;
  const auto message =
      Message::parse(context.session().recorder().at(*exchange.response).bytes, ignored);
  if (!message) return aspects;
  std::string order;
  std::string challenges;
  std::string server;
  for (const auto& header : message->headers()) {
    order.append(order.empty() ? "" : " ").append(header.name);
    if (header.id == HeaderId::www_authenticate || header.id == HeaderId::proxy_authenticate) {
      challenges += challenge_text(header.value);
    }
    if (same(header.name, "Server")) server = header.value;
  }
  aspects.push_back({"challenge", std::move(challenges)});
  aspects.push_back({"order of headers", std::move(order)});
  aspects.push_back({"Server", std::move(server)});
  return aspects;
}

enum class Probe : std::uint8_t { unasked, wrong_password, never_issued, empty };

std::string_view probe_name(Probe probe) {
  constexpr auto names =
      std::to_array<std::string_view>({"a request without credentials", "a wrong password",
                                       "a nonce that was never issued", "empty credentials"});
  return names[static_cast<std::size_t>(probe)];
}

sip::Deviation empty_credentials() {
  sip::Deviation empty{.nonce = "", .must_be_refused = true, .empty_password = true};
  empty.rewrite = [](sip::WrittenCredentials& written) { written.set("response", ""); };
  return empty;
}

// The registrar's answer to the same thing about another user; nullopt: nothing to answer. The user
// is the account where `user` is empty.
std::optional<sip::Exchange> answer_to(Context& context, Probe probe, const std::string& user,
                                       const std::string& never_issued) {
  auto dialogue = context.dialogue(user);
  if (probe == Probe::empty) return dialogue.answer(*context.shared.first, empty_credentials());
  auto offered = dialogue.challenge();
  if (probe == Probe::unasked) return offered;
  if (!offered.challenged() || offered.offer()->aka) return std::nullopt;
  auto wrong = sip::Deviation::with_wrong_password();
  // The same one for all: a random time in it may look old or new.
  if (probe == Probe::never_issued) wrong.nonce = never_issued;
  return dialogue.answer(offered, wrong);
}

// The first aspect in which two answers differ.
std::optional<std::size_t> difference(const std::vector<Aspect>& a, const std::vector<Aspect>& b) {
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    if (a[i].value != b[i].value) return i;
  }
  return std::nullopt;
}

// How the answer about an unknown user differs. Asked again, both must be answered as before, with
// another unknown user: otherwise something else than the name made the difference.
std::optional<Finding> tell_apart(Context& context, Probe probe, const std::string& never_issued) {
  const auto known = answer_to(context, probe, "", never_issued);
  const auto unknown = answer_to(context, probe, random_user(context), never_issued);
  if (!known || !unknown) return std::nullopt;
  const auto of_known = aspects_of(context, *known);
  const auto of_unknown = aspects_of(context, *unknown);
  const auto at = difference(of_known, of_unknown);
  if (!at) return std::nullopt;
  const auto seen = std::string{probe_name(probe)} + ": the " + std::string{of_known[*at].name} +
                    " is \"" + of_known[*at].value + "\" for the account and \"" +
                    of_unknown[*at].value + "\" for a user whom nobody knows";
  const auto is_answered_again = [&](const std::string& user, const std::vector<Aspect>& before) {
    const auto again = answer_to(context, probe, user, never_issued);
    return again && !difference(before, aspects_of(context, *again));
  };
  if (!is_answered_again("", of_known) || !is_answered_again(random_user(context), of_unknown)) {
    return Finding{
        inconclusive, seen + ", but asked again there were other answers", {*known, *unknown}};
  }
  return Finding{.verdict = warn,
                 .observed = seen,
                 .evidence = {*known, *unknown},
                 .stands_on_liveness = true,
                 .strict = probe == Probe::unasked
                               ? StrictVerdicts{.rfc3261 = fail, .rfc8760 = fail}
                               : StrictVerdicts{}};
}

Finding by_answers(Context& context) {
  if (!context.shared.first || !context.shared.first->offer()) {
    return {skip, "no challenge to compare with (SA-CH-01)"};
  }
  const auto& offer = *context.shared.first->offer();
  const auto never_issued =
      offer.aka ? std::string{} : context.mutated(*context.shared.first, Mutation::random);
  for (const auto probe :
       {Probe::unasked, Probe::wrong_password, Probe::never_issued, Probe::empty}) {
    if (auto finding = tell_apart(context, probe, never_issued)) return *std::move(finding);
  }
  return {
      pass, "a user whom nobody knows is answered like the account", {context.exchanges().back()}};
}

double in_ms(net::Duration duration) {
  return std::chrono::duration<double, std::milli>{duration}.count();
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

// One wrong password; its time when it tells something.
void measure(Context& context, const std::string& user, std::vector<double>& times,
             std::optional<sip::Exchange>& last) {
  auto dialogue = context.dialogue(user);
  const auto offered = dialogue.challenge();
  if (!offered.challenged()) return;
  last = dialogue.answer(offered, sip::Deviation::with_wrong_password());
  if (last->retransmissions == 0) times.push_back(in_ms(last->rtt));
}

std::string tenths(double ms) { return fmt::format("{:.1f} ms", ms); }

Finding by_time(Context& context) {
  constexpr int warm_ups = 5;
  constexpr int tries = 40;
  constexpr std::size_t fewest = 30;
  const auto& first = context.shared.first;
  if (first && first->offer() && first->offer()->aka) {
    throw NotPossible{"nobody can answer the AKA challenge of a user without a card"};
  }
  const auto nobody = random_user(context);
  std::vector<double> known;
  std::vector<double> unknown;
  std::optional<sip::Exchange> last;
  for (int i = 0; i < warm_ups + tries; ++i) {
    if (i == warm_ups) {
      known.clear();
      unknown.clear();
    }
    // In turns, so that neither is always the one behind the other.
    const bool known_first = i % 2 == 0;
    measure(context, known_first ? "" : nobody, known_first ? known : unknown, last);
    measure(context, known_first ? nobody : "", known_first ? unknown : known, last);
  }
  if (!last || unknown.empty()) return {skip, "unknown users are refused at once (SA-ENUM-01)"};
  if (std::min(known.size(), unknown.size()) < fewest) {
    return {inconclusive, "too many requests were lost for a comparison of times", {*last}};
  }
  const auto difference = std::abs(median(known) - median(unknown));
  const auto p = mann_whitney(known, unknown).p;
  const auto chance = p > 0.01    ? "no more than chance makes"
                      : p < 0.001 ? "more than chance makes (p < 0.001)"
                                  : "perhaps more than chance makes (p < 0.01)";
  const auto seen = "a wrong password is answered after " + tenths(median(known)) +
                    " for the account and " + tenths(median(unknown)) + " for an unknown user, " +
                    chance;
  if (p > 0.01 || difference < 1) return {pass, seen, {*last}};
  return {p < 0.001 && difference > 2 ? warn : inconclusive, seen, {*last}};
}

// RFC 2617 asks for just this, so it is no fault.
Finding stale_as_oracle(Context& context) {
  auto with_right = fresh_challenge(context);
  if (auto none = with_right.lacking("no challenge can be answered")) return *std::move(none);
  const auto nonce = context.mutated(with_right.offered, Mutation::random);
  const auto right = with_right.answer(sip::Deviation::with_nonce(nonce));
  if (right.accepted()) {
    return {skip, "a nonce that was never issued is taken (SA-NONCE-02)", {right}};
  }
  auto with_wrong = fresh_challenge(context);
  if (auto none = with_wrong.lacking("no challenge can be answered")) return *std::move(none);
  const auto wrong = with_wrong.answer({.nonce = nonce, .wrong_password = true});
  const auto seen = "on a nonce that was never issued the right password was answered with " +
                    describe(right) + ", a wrong one with " + describe(wrong);
  const auto kind = [](const sip::Exchange& exchange) {
    return std::pair{exchange.status, says_stale(exchange)};
  };
  if (kind(right) == kind(wrong)) return {pass, seen, {right, wrong}};
  const bool by_stale = right.stale() && wrong.challenged() && !wrong.stale();
  return {by_stale              ? info
          : wrong.status >= 400 ? warn
                                : inconclusive,
          seen + ": passwords can be tried without a nonce of the registrar's",
          {right, wrong}};
}

constexpr Needs wrong_password{.credentials = true, .wrong_password = true};

constexpr auto checks = std::to_array<Check>({
    {
        .id = "SA-ENUM-01",
        .title = "Unknown users in the answers",
        .question = "Are unknown users answered just like known ones?",
        .right = "the same status, reason, stale, challenge, headers and order",
        .failing = "any difference (warning)",
        .strict = "a difference without credentials fails under rfc3261 and rfc8760",
        .harm = "Strangers harvest the names of accounts, and try passwords on those only.",
        .references = {"RFC 3261 22.1", "RFC 3261 26.3.2.1"},
        .needs = wrong_password,
        .cost = {.requests = 18, .refused = 9},
        .priority = 120,
        .worst = warn,
        .passes_on = {"strict"},
        .fails_on = {"strict", "unknown-user-404"},
        .run = by_answers,
    },
    {
        .id = "SA-ENUM-02",
        .title = "Unknown users in the time of the answers",
        .question = "Does a wrong password take as long for unknown users as for known ones?",
        .right = "less than 1 ms of difference, or one that chance may have made",
        .failing = "more than 2 ms, with p < 0.001 by the test of Mann and Whitney (warning)",
        .harm = "Strangers harvest the names of accounts with a clock.",
        .references = {"RFC 3261 26.3.2.1"},
        .stage = Stage::aged,
        .needs = {.credentials = true, .wrong_password = true, .intrusive = true},
        .cost = {.requests = 180, .refused = 90},
        .priority = 300,
        .worst = warn,
        .passes_on = {"strict"},
        .fails_on = {"strict", "slow-known-users"},
        .run = by_time,
    },
    {
        .id = "SA-ENUM-03",
        .title = "stale=true tells right passwords",
        .question = "Can passwords be tried on a nonce that the registrar never issued?",
        .right = "the same answer to a right and to a wrong password",
        .failing = "stale=true to the right one only (note: RFC 2617 asks for it)",
        .harm = "Whoever guesses passwords needs no nonce, and some registrars log no failure for "
                "the right one.",
        .references = {"RFC 2617 3.2.1", "RFC 7616 3.3"},
        .needs = wrong_password,
        .cost = {.requests = 4, .refused = 2},
        .priority = 130,
        .worst = info,
        .passes_on = {"kamailio-default"},
        .fails_on = {"strict"},
        .run = stale_as_oracle,
    },
});

}  // namespace

std::span<const Check> enumeration_suite() { return checks; }

}  // namespace sipauth::checks
