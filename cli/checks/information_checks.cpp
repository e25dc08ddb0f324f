// SA-INFO: what an Authentication-Info header says after a success (RFC 7616 3.5, RFC 3261 20.6).
// It is optional, so where there is none nothing is judged.

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "checks/check.hpp"
#include "checks/context.hpp"
#include "checks/fresh_nonce.hpp"
#include "checks/outcome.hpp"
#include "checks/worst.hpp"
#include "sipauth/authentication_info.hpp"
#include "sipauth/message.hpp"
#include "sipauth/text.hpp"

namespace sipauth::checks {
namespace {

using enum Verdict;

struct Said {
  std::string name = {};
  std::string value = {};
  bool quoted = false;
};

/// Every such header of an answer, as one list.
struct Information {
  std::vector<Said> said = {};
  bool has_body = false;  ///< the answer

  [[nodiscard]] const Said* find(std::string_view name) const {
    const auto found =
        std::ranges::find_if(said, [&](const Said& one) { return same(one.name, name); });
    return found == said.end() ? nullptr : &*found;
  }
};

// nullopt: the answer has no such header. One that cannot be read says nothing.
std::optional<Information> information_of(Context& context, const sip::Exchange& exchange) {
  if (!exchange.response) return std::nullopt;
  Diagnostics ignored;
  const auto message =
      Message::parse(context.session().recorder().at(*exchange.response).bytes, ignored);
  if (!message || !message->find(HeaderId::authentication_info)) return std::nullopt;
  Information information{.has_body = !message->body().empty()};
  for (const auto& header : message->headers()) {
    if (header.id != HeaderId::authentication_info) continue;
    const auto read = AuthenticationInfo::parse(header.value, ignored);
    if (!read) continue;
    for (const auto& [name, value, quoted, where] : read->parameters()) {
      information.said.push_back({std::string{name}, std::string{value}, quoted});
    }
  }
  return information;
}

/// A success and what came with it, or why there is none.
struct Success {
  sip::Dialogue dialogue;
  sip::Exchange offered = {};
  sip::Exchange answered = {};
  std::optional<Information> information = {};
  std::optional<Finding> problem = {};

  Success(Context& context, const sip::Deviation& deviation = {}) : dialogue{context.dialogue()} {
    auto fresh = fresh_nonce(context, dialogue);
    offered = std::move(fresh.offered);
    problem = std::move(fresh.problem);
    if (problem) return;
    answered = dialogue.answer(offered, deviation);
    if (answered.stale() && answered.usable()) {
      offered = answered;
      answered = dialogue.answer(offered, deviation);
    }
    if (answered.accepted()) information = information_of(context, answered);
  }

  /// Why what it says cannot be judged.
  [[nodiscard]] std::optional<Finding> lacking() const {
    if (problem) return problem;
    if (!answered.accepted()) {
      return Finding{
          inconclusive, "the right password was answered with " + describe(answered), {answered}};
    }
    if (!information) {
      return Finding{skip, "no Authentication-Info: it is optional (RFC 3261 20.6)", {answered}};
    }
    return std::nullopt;
  }
};

Finding rspauth(Context& context) {
  const Success success{context};
  if (auto finding = success.lacking()) return *std::move(finding);
  const auto* const said = success.information->find("rspauth");
  const auto& sent = *success.answered.sent;
  const auto judged = [&](Verdict verdict, std::string seen) {
    return Finding{verdict, std::move(seen), {success.answered}};
  };
  if (!said) return judged(skip, "Authentication-Info has no rspauth (SA-INFO-02)");
  if (sent.rspauth.empty()) return judged(inconclusive, "what rspauth must be cannot be computed");
  if (sent.qop == Qop::auth_int && success.information->has_body) {
    return judged(inconclusive, "the answer has a body, which rspauth of auth-int is about");
  }
  if (same(said->value, sent.rspauth)) return judged(pass, "rspauth is what it must be");
  return judged(warn, "rspauth is not the digest of an empty method and this request's uri");
}

// What RFC 7616 3.5 asks of each parameter; the worst is told first.
void judge_parameters(Worst& worst, const Success& success) {
  const auto& information = *success.information;
  const auto& sent = *success.answered.sent;
  const auto add = [&](Verdict verdict, const std::string& what) {
    worst.add(verdict, what, success.answered);
  };
  const auto* const qop = information.find("qop");
  if (qop) {
    for (const auto* name : {"rspauth", "cnonce", "nc"}) {
      if (!information.find(name)) add(warn, std::string{"there is a qop but no "} + name);
    }
  }
  for (const auto* name : {"nextnonce", "rspauth", "cnonce"}) {
    const auto* const one = information.find(name);
    if (one && !one->quoted) add(warn, std::string{name} + " stands without quotes");
  }
  for (const auto* name : {"qop", "nc"}) {
    const auto* const one = information.find(name);
    if (one && one->quoted) add(warn, std::string{name} + " stands in quotes");
  }
  const auto* const cnonce = information.find("cnonce");
  if (cnonce && unquote(cnonce->value) != sent.cnonce) {
    add(warn, "cnonce is not that of the request");
  }
  const auto* const nc = information.find("nc");
  if (nc && !same(nc->value, sent.nc_text)) {
    add(warn, "nc is " + nc->value + " and not the " + sent.nc_text + " of the request");
  }
  if (information.said.empty()) {
    add(info, "Authentication-Info says nothing (SA-INFO-03)");
  } else if (information.said.size() == 1 && information.find("nextnonce")) {
    add(info, "there is nothing but a nextnonce, as RFC 3261 20.6 prints it");
  } else if (!qop) {
    add(info, "qop is not said");
  } else if (!same(qop->value, qop_name(sent.qop))) {
    add(info, "qop is " + qop->value + " and not that of the request");
  }
}

Finding echo(Context& context) {
  const Success success{context};
  if (auto finding = success.lacking()) return *std::move(finding);
  if (success.answered.sent->qop == Qop::none) {
    return {
        skip, "no qop is offered, so nothing is to be said again (SA-CH-06)", {success.answered}};
  }
  Worst worst;
  judge_parameters(worst, success);
  if (worst.any()) return worst.finding();
  return {pass,
          "rspauth, qop, cnonce and nc are there, those of the request and rightly quoted",
          {success.answered}};
}

// True when there was a header to look at.
bool judge_empty_values(Worst& worst, const Success& success, const std::string& when) {
  if (!success.information) return false;
  if (success.information->said.empty()) {
    worst.add(warn, "an empty Authentication-Info " + when, success.answered);
  }
  for (const auto& one : success.information->said) {
    if (!one.value.empty()) continue;
    worst.add(warn, one.name + " without a value in Authentication-Info " + when, success.answered);
  }
  return true;
}

Finding empty_values(Context& context) {
  const Success usual{context};
  if (usual.problem) return *usual.problem;
  sip::Deviation bare;
  bare.qop = Qop::none;
  const Success without{context, bare};
  if (without.problem) return *without.problem;
  Worst worst;
  const bool any = judge_empty_values(worst, usual, "after a usual answer");
  const bool any_without = judge_empty_values(worst, without, "after an answer without qop");
  if (worst.any()) return worst.finding();
  if (!any && !any_without) return *usual.lacking();
  if (!without.answered.accepted()) {
    return {skip,
            "an answer without qop is not taken: " + describe(without.answered),
            {without.answered}};
  }
  return {pass, "no value is empty, with qop or without", {without.answered}};
}

Finding next_nonce(Context& context) {
  Success success{context};
  if (auto finding = success.lacking()) return *std::move(finding);
  const auto* const said = success.information->find("nextnonce");
  if (!said || said->value.empty()) {
    return {skip, "Authentication-Info has no nextnonce", {success.answered}};
  }
  if (success.offered.offer()->aka)
    throw NotPossible{"an AKA nonce is what its password is made of"};
  auto next = sip::Deviation::with_nonce(unquote(said->value));
  next.must_be_refused = false;
  const auto answered = success.dialogue.answer(success.offered, next);
  const auto seen = "the nextnonce of a success was answered with " + describe(answered);
  if (answered.accepted()) return {pass, seen, {answered}};
  return {answered.status >= 400 ? warn : inconclusive, seen, {answered}};
}

Finding place(Context& context) {
  const sip::Exchange* in_success = nullptr;
  const sip::Exchange* elsewhere = nullptr;
  for (const auto& exchange : context.exchanges()) {
    if (!information_of(context, exchange)) continue;
    (exchange.status >= 200 && exchange.status < 300 ? in_success : elsewhere) = &exchange;
  }
  if (elsewhere) {
    return {
        info, "Authentication-Info stands in a " + std::to_string(elsewhere->status), {*elsewhere}};
  }
  if (!in_success) return {skip, "no Authentication-Info: it is optional (RFC 3261 20.6)"};
  return {pass, "Authentication-Info stands in 2xx alone", {*in_success}};
}

constexpr Needs password{.credentials = true};

constexpr auto checks = std::to_array<Check>({
    {
        .id = "SA-INFO-01",
        .title = "rspauth is right",
        .question = "Does the registrar prove that it knows the password as well?",
        .right = "rspauth is the digest of an empty method",
        .acceptable = "no Authentication-Info: nothing is judged",
        .failing = "another value (warning)",
        .harm = "A client that checks it takes the registrar for an impostor.",
        .references = {"RFC 7616 3.5", "RFC 2617 3.2.3", "RFC 3261 20.6"},
        .needs = password,
        .cost = {.requests = 4, .refused = 1},
        .priority = 220,
        .worst = warn,
        .passes_on = {"strict"},
        .fails_on = {"strict", "wrong-rspauth"},
        .run = rspauth,
    },
    {
        .id = "SA-INFO-02",
        .title = "Authentication-Info repeats what was sent",
        .question = "Are qop, cnonce and nc those of the request, and quoted as they should be?",
        .right = "rspauth, cnonce and nc beside the qop of the request",
        .acceptable = "nothing but a nextnonce, or no qop or another one (notes)",
        .failing = "rspauth, cnonce or nc missing beside a qop; wrong quotes or values (warnings)",
        .harm = "A client cannot tell which of its requests the registrar speaks of, or cannot "
                "read the header.",
        .references = {"RFC 7616 3.5", "RFC 3261 20.6"},
        .needs = password,
        .cost = {.requests = 4, .refused = 1},
        .priority = 220,
        .worst = warn,
        .passes_on = {"strict"},
        .fails_on = {"strict", "authinfo-quoted"},
        .run = echo,
    },
    {
        .id = "SA-INFO-03",
        .title = "No empty values in Authentication-Info",
        .question = "Is nothing said of a qop, cnonce or nc that was not sent?",
        .right = "every parameter has a value, for a client without qop as well",
        .failing = "a parameter without a value, or a header without one (warning)",
        .harm = "`qop=,` is against the grammar: strict parsers drop the answer, and the phone "
                "registers again.",
        .references = {"RFC 3261 25.1", "RFC 7616 3.5"},
        .needs = password,
        .cost = {.requests = 8, .refused = 2},
        .priority = 220,
        .worst = warn,
        .passes_on = {"strict"},
        .fails_on = {"kamailio-authinfo"},
        .run = empty_values,
    },
    {
        .id = "SA-INFO-04",
        .title = "nextnonce is taken",
        .question = "May a phone answer with the nonce that it was told to use next?",
        .right = "200",
        .failing = "anything else (warning)",
        .harm = "Every second registration is refused first.",
        .references = {"RFC 7616 3.5", "RFC 2617 3.2.3"},
        .needs = password,
        .cost = {.requests = 5, .refused = 2},
        .priority = 220,
        .worst = warn,
        .passes_on = {"kamailio-authinfo"},
        .fails_on = {"kamailio-authinfo", "nextnonce-dead"},
        .run = next_nonce,
    },
    {
        .id = "SA-INFO-05",
        .title = "Authentication-Info stands in successes",
        .question = "Does it come with 2xx alone?",
        .right = "2xx alone",
        .failing = "in another answer (note)",
        .harm = "None known.",
        .references = {"RFC 3261 20.6"},
        .stage = Stage::whole_run,
        .needs = password,
        .worst = info,
        .passes_on = {"strict"},
        .fails_on = {"strict", "authinfo-on-401"},
        .run = place,
    },
});

}  // namespace

std::span<const Check> information_suite() { return checks; }

}  // namespace sipauth::checks
