// SA-NONCE-08 to -12 and -18: nonces that are used in another place than they were issued for, and
// two registrations that cross each other.

#include <fmt/core.h>

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "checks/check.hpp"
#include "checks/context.hpp"
#include "checks/counting.hpp"
#include "checks/fresh_nonce.hpp"
#include "checks/outcome.hpp"
#include "checks/worst.hpp"

namespace sipauth::checks {
namespace {

using enum Verdict;
using namespace std::chrono_literals;
using net::TransportKind;

Finding judged(const Letters& letters, const sip::Exchange& answered, const std::string& what) {
  return {.verdict = letter(letters, answered),
          .observed = what + " was answered with " + describe(answered),
          .evidence = {answered},
          .stands_on_liveness = answered.status == 403};
}

Finding other_call_id(Context& context) {
  auto first = context.dialogue();
  const auto fresh = fresh_nonce(context, first);
  if (fresh.problem) return *fresh.problem;
  auto other = context.dialogue();
  return judged({.forbidden = fail}, other.answer(fresh.offered),
                "a nonce of another Call-ID of ours, with the right password,");
}

// In one Call-ID, so that a nonce that is bound to it is not taken for one that is bound to a user.
Finding other_user(Context& context) {
  const auto& identity = context.session().identity();
  auto dialogue = context.dialogue(identity.second->user);
  const auto fresh = fresh_nonce(context, dialogue);
  for (const auto& offer : fresh.offered.offers) {
    if (offer.aka) throw NotPossible{"an AKA nonce is made for one card"};
  }
  if (fresh.problem) return *fresh.problem;
  sip::Deviation as_first;
  as_first.username = identity.auth_user.empty() ? identity.user : identity.auth_user;
  const sip::Shape shape{.from_user = identity.user, .to_user = identity.user};
  return judged({.plain = pass, .forbidden = fail}, dialogue.answer(fresh.offered, as_first, shape),
                "a nonce that the second account was given, in the name of the first and with its "
                "right password,");
}

// A second way to the registrar, as long as it lives.
class Way {
 public:
  Way(Context& context, const sip::AnotherWay& way)
      : session_{context.session()}, opened_{session_.open_another(way)} {}
  ~Way() {
    if (opened_) session_.close(*opened_);
  }
  Way(const Way&) = delete;
  Way& operator=(const Way&) = delete;

  [[nodiscard]] bool is_open() const { return opened_.has_value(); }
  [[nodiscard]] const std::string& why_not() const { return opened_.error().text; }
  [[nodiscard]] net::Transport& operator*() { return **opened_; }

 private:
  sip::Session& session_;
  std::expected<net::Transport*, net::NetError> opened_;
};

bool registers_over(Context& context, net::Transport& way) {
  const sip::Session::Detour detour{context.session(), way};
  return context.liveness() == Liveness::alive;
}

// What became of nonces that took another way back than they came, and of ways that told nothing.
class Ways {
 public:
  explicit Ways(Context& context) : context_{context} {}

  /// The nonce is fetched `from` there and answered over `to`.
  void judge(const std::string& what, net::Transport& from, net::Transport& to) {
    for (int tries = 0; tries < 2; ++tries) {
      auto dialogue = context_.dialogue();
      const auto fresh = fresh_nonce(context_, dialogue, {.over = &from});
      if (fresh.problem) {
        leave_out(what + ": " + fresh.problem->observed);
        return;
      }
      try {
        return keep(what, to, dialogue.answer(fresh.offered, {}, {.over = &to}));
      } catch (const sip::NoAnswer& silence) {
        if (!registers_over(context_, to)) {
          leave_out("nothing gets through that way: " + what);
          return;
        }
        if (tries == 0) continue;
        worst_.add(fail, what + " got no answer, twice, though registrations that way succeed",
                   silence.exchange);
      }
    }
  }

  void leave_out(std::string_view why) {
    if (!left_out_.empty()) left_out_ += "; ";
    left_out_ += why;
  }

  [[nodiscard]] Finding finding() const {
    if (!worst_.any()) return {skip, left_out_};
    auto finding = worst_.finding();
    if (finding.verdict == pass) finding.observed = passed_;
    if (!left_out_.empty()) finding.observed += " (not tried: " + left_out_ + ')';
    return finding;
  }

 private:
  void keep(const std::string& what, net::Transport& to, const sip::Exchange& answered) {
    const auto seen = what + " was answered with " + describe(answered);
    const auto verdict = letter({.plain = pass, .forbidden = fail}, answered);
    // Who is refused there with any nonce was not refused for this one.
    if (verdict != pass && !registers_over(context_, to)) {
      leave_out(seen + ", and so is a registration that way with a nonce of its own");
      return;
    }
    worst_.add(verdict, seen, answered);
    passed_ += (passed_.empty() ? "" : "; ") + seen;
  }

  Context& context_;
  Worst worst_;
  std::string passed_;
  std::string left_out_;
};

Finding other_source(Context& context) {
  auto& first = context.session().transport();
  Ways ways{context};
  for (const bool other_address : {false, true}) {
    Way way{context, {.other_address = other_address}};
    if (!way.is_open()) {
      ways.leave_out(way.why_not());
      continue;
    }
    ways.judge(other_address ? "a nonce that another address was given"
                             : "a nonce that another port was given",
               first, *way);
  }
  return ways.finding();
}

// Whether the registrar is there at all over that transport.
bool answers_over(Context& context, net::Transport& way) {
  try {
    auto dialogue = context.dialogue();
    static_cast<void>(dialogue.challenge({.over = &way}));
    return true;
  } catch (const sip::NoAnswer&) {
    return false;
  }
}

Finding other_transport(Context& context) {
  auto& first = context.session().transport();
  const auto used = first.kind() == TransportKind::builtin ? TransportKind::udp : first.kind();
  Ways ways{context};
  for (const auto kind : {TransportKind::udp, TransportKind::tcp, TransportKind::tls}) {
    if (kind == used) continue;
    const std::string name{net::transport_name(kind)};
    Way way{context, {.transport = kind}};
    if (!way.is_open()) {
      ways.leave_out(name + ": " + way.why_not());
      continue;
    }
    if (!answers_over(context, *way)) {
      ways.leave_out("nothing is answered over " + name);
      continue;
    }
    const std::string usual{net::transport_name(used)};
    ways.judge(fmt::format("a nonce of {}, used over {},", usual, name), first, *way);
    ways.judge(fmt::format("a nonce of {}, used over {},", name, usual), *way, first);
  }
  return ways.finding();
}

Finding other_registrar(Context& context) {
  Way second{context, {.second_target = true}};
  if (!second.is_open()) return {skip, second.why_not()};
  auto dialogue = context.dialogue();
  auto theirs = dialogue.challenge({.over = &*second});
  auto ours = dialogue.challenge();
  const auto are_the_same = [&] {
    return theirs.challenged() && ours.challenged() && theirs.offer()->nonce == ours.offer()->nonce;
  };
  if (are_the_same()) {
    dialogue.wait(1100ms);
    ours = dialogue.challenge();
  }
  if (!theirs.challenged()) {
    return {skip, "the second registrar offers no challenge: " + describe(theirs), {theirs}};
  }
  if (!ours.challenged()) return no_challenge(ours);
  if (are_the_same()) return {skip, "both registrars hand out the same nonce", {ours}};
  if (ours.offer()->aka) throw NotPossible{"an AKA nonce is what its password is made of"};
  const auto answered = dialogue.answer(ours, sip::Deviation::with_nonce(theirs.offer()->nonce));
  auto finding = judged({.accepted = info, .plain = pass, .forbidden = fail}, answered,
                        "a nonce of the second registrar");
  if (answered.accepted()) {
    finding.observed += ": the two share their secret, or nonces are not checked (SA-NONCE-02)";
  }
  return finding;
}

// One of two registrations under way in the same Call-ID.
struct Line {
  sip::Exchange last;
  int requests = 0;
};

Finding crossed(Context& context) {
  constexpr int most_requests = 3;
  auto dialogue = context.dialogue();
  std::array<Line, 2> lines;
  for (auto& line : lines) {
    line.last = dialogue.challenge();
    if (!line.last.challenged()) return no_challenge(line.last);
  }
  for (int round = 0; round < most_requests; ++round) {
    for (auto& line : lines) {
      if (!line.last.challenged()) continue;
      // Nonces of one second may be the same, and this one has had its turn.
      if (round > 0 && !line.last.usable()) dialogue.wait(1100ms);
      line.last = dialogue.answer(line.last);
      ++line.requests;
    }
  }
  const auto& [one, other] = lines;
  const auto told = [](const Line& line) {
    return describe(line.last) + " after " + std::to_string(line.requests) +
           (line.requests == 1 ? " request" : " requests");
  };
  auto seen = "two registrations that cross in one Call-ID ended with " + told(one) + ", and " +
              told(other);
  const bool both = one.last.accepted() && other.last.accepted();
  const bool endless = one.last.challenged() && other.last.challenged();
  const auto& worse = one.last.accepted() ? other.last : one.last;
  if (both) return {pass, seen, {worse}};
  if (endless) {
    return {fail, seen + ": each answer makes the nonce of the other one void, for ever", {worse}};
  }
  if (worse.status == 403) seen += " (SA-STALE-13 judges older nonces)";
  return {worse.status >= 400 ? warn : inconclusive, seen, {worse}};
}

constexpr Needs password{.credentials = true};

constexpr auto checks = std::to_array<Check>({
    {
        .id = "SA-NONCE-08",
        .title = "A nonce of another Call-ID",
        .question = "May a phone go on with its nonce in a new Call-ID?",
        .right = "200",
        .acceptable = "401 with stale=true and a new nonce",
        .failing = "403; a plain 401 (warning)",
        .harm = "Phones that draw a new Call-ID when they boot ask for a password that was right, "
                "or are locked out.",
        .references = {"RFC 7616 3.3", "RFC 3261 10.2"},
        .needs = password,
        .cost = {.requests = 3, .refused = 1},
        .priority = 110,
        .builds_on = {"SA-NONCE-01"},
        .passes_on = {"strict"},
        .fails_on = {"strict", "forbid-other-call"},
        .run = other_call_id,
    },
    {
        .id = "SA-NONCE-09",
        .title = "A nonce that another user was given",
        .question = "Is a phone with several accounts led on that mixes up their nonces?",
        .right = "200, or 401 with stale=true and a new nonce",
        .acceptable = "401 with a new nonce, without stale",
        .failing = "403",
        .harm = "A phone with two accounts that keeps one nonce for both is locked out.",
        .references = {"RFC 7616 3.3", "RFC 3261 21.4.4"},
        .needs = {.credentials = true, .second_account = true},
        .cost = {.requests = 3, .refused = 1},
        .priority = 110,
        .builds_on = {"SA-NONCE-01"},
        .passes_on = {"strict"},
        .fails_on = {"resip-dum"},
        .run = other_user,
    },
    {
        .id = "SA-NONCE-10",
        .title = "A nonce that another address was given",
        .question = "Is a phone led on whose NAT gives it another port or address?",
        .right = "200, or 401 with stale=true and a new nonce",
        .acceptable = "401 with a new nonce, without stale",
        .failing = "403, or silence",
        .harm = "Each time its NAT forgets it, the phone is locked out.",
        .references = {"RFC 7616 3.3", "RFC 2617 3.2.1"},
        .needs = {.credentials = true, .second_source = true},
        .cost = {.requests = 8, .refused = 2},
        .priority = 110,
        .builds_on = {"SA-NONCE-01"},
        .passes_on = {"asterisk-pjsip"},
        .fails_on = {"strict", "forbid-other-address"},
        .run = other_source,
    },
    {
        .id = "SA-NONCE-11",
        .title = "A nonce that came over another transport",
        .question = "Does a nonce of UDP serve over TCP or TLS, and one of those over UDP?",
        .right = "200, or 401 with stale=true and a new nonce",
        .acceptable = "401 with a new nonce, without stale",
        .failing = "403, or silence",
        .harm = "A phone that falls back to another transport is locked out.",
        .references = {"RFC 7616 3.3", "RFC 3261 18.1.1"},
        .needs = {.credentials = true, .second_source = true},
        .cost = {.requests = 14, .refused = 4},
        .priority = 120,
        .builds_on = {"SA-NONCE-01"},
        .passes_on = {"strict"},
        .fails_on = {"strict", "forbid-other-transport"},
        .run = other_transport,
    },
    {
        .id = "SA-NONCE-12",
        .title = "A nonce of another registrar",
        .question = "Is a phone led on that comes from another registrar of the domain?",
        .right = "401 with or without stale=true, and a new nonce",
        .acceptable = "200 where registrars share their secret (note)",
        .failing = "403",
        .harm = "When one registrar of a pair fails, its phones are locked out at the other.",
        .references = {"RFC 7616 3.6", "RFC 3261 21.4.4"},
        .needs = {.credentials = true, .second_source = true},
        .cost = {.requests = 4, .refused = 1},
        .priority = 110,
        .passes_on = {"strict"},
        .fails_on = {"strict", "forbid-foreign"},
        .run = other_registrar,
    },
    {
        .id = "SA-NONCE-18",
        .title = "Two registrations that cross",
        .question = "Do two registrations in one Call-ID both succeed, each with its nonce?",
        .right = "200 to both, within three requests each",
        .failing = "no 200 for either; for one of them (warning)",
        .harm = "A phone that sends a second REGISTER before its first is answered never gets in, "
                "and neither request ever ends.",
        .references = {"RFC 3261 10.2", "RFC 7616 3.6"},
        .needs = password,
        .cost = {.requests = 8, .refused = 6},
        .priority = 110,
        .passes_on = {"asterisk-chansip"},
        .fails_on = {"asterisk-2009-loop"},
        .run = crossed,
    },
});

}  // namespace

std::span<const Check> binding_suite() { return checks; }

}  // namespace sipauth::checks
