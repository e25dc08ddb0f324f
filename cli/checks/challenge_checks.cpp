// SA-CH-01, -02, -08, -12 and -16: does the registrar challenge, and with the right code, header
// and frame?

#include <algorithm>
#include <array>
#include <string>

#include "checks/check.hpp"
#include "checks/context.hpp"
#include "checks/outcome.hpp"
#include "checks/worst.hpp"
#include "sipauth/address.hpp"
#include "sipauth/message.hpp"
#include "sipauth/text.hpp"

namespace sipauth::checks {
namespace {

using enum Verdict;

// A proxy's challenge tells nothing of the registrar behind it: true when there is one, and the
// proxy is satisfied from now on. What else comes of the answer is SA-AUTH-01's business.
bool look_behind_proxy(Context& context, sip::Dialogue& dialogue, const sip::Exchange& first) {
  if (first.status != 407 || !first.offer() || !context.settings().has_password ||
      context.settings().max_refused == 0) {
    return false;
  }
  try {
    static_cast<void>(dialogue.answer(first));
  } catch (const sip::NoAnswer&) {
    return false;
  }
  return context.session().proxy().has_value();
}

Finding challenges(Context& context) {
  auto dialogue = context.dialogue();
  auto first = dialogue.challenge();
  std::string how = "a query was answered with ";
  if (first.status == 400) {
    // Some registrars refuse queries (FreeSWITCH with reg-deny-binding-fetch-and-no-lookup).
    const auto bound = dialogue.challenge_with_contact();
    if (bound.is_401_or_407()) {
      how = "a query was answered with " + describe(first) + ", a REGISTER with a Contact with ";
      first = bound;
      context.shared.needs_contact = true;
      context.session().binds = context.settings().may_bind;
    }
  }
  context.shared.first = first;
  if (look_behind_proxy(context, dialogue, first)) {
    how += describe(first) + " by a proxy, and with the answer to that with ";
    first = context.dialogue().challenge();
  }
  context.shared.first = first;

  const auto seen = how + describe(first);
  if (first.is_401_or_407()) {
    if (first.offers.empty()) return {fail, seen + ": there is no Digest challenge", {first}};
    if (!first.offer()) return {pass, seen, {first}};
    const auto& offer = *first.offer();
    return {pass, seen + ", realm \"" + offer.realm + "\"", {first}};
  }
  if (first.accepted()) return {warn, seen + ": it asks nobody for a password", {first}};
  switch (outcome_of(first)) {
    case Outcome::forbidden:
      return {.verdict = inconclusive,
              .observed = seen + "; whether user and domain exist here is not known",
              .evidence = {first},
              .credentials_refused = context.settings().has_password};
    case Outcome::not_found:
      return {.verdict = inconclusive,
              .observed = seen + "; the user, or the domain " +
                          context.session().identity().domain + " (--domain), is not served here",
              .evidence = {first},
              .credentials_refused = context.settings().has_password};
    case Outcome::broken:
      return {fail, seen, {first}};
    case Outcome::other:
      return {
          first.status >= 300 ? info : inconclusive, seen + ": it sends phones elsewhere", {first}};
    default:
      return {warn, seen, {first}};
  }
}

Finding carries_its_header(Context& context) {
  int challenged = 0;
  for (const auto& exchange : context.exchanges()) {
    if (!exchange.is_401_or_407()) continue;
    ++challenged;
    const auto* name = exchange.status == 401 ? "WWW-Authenticate" : "Proxy-Authenticate";
    if (!exchange.offers.empty()) continue;
    return {fail,
            std::to_string(exchange.status) + " came without " + name +
                (exchange.sent ? ", in answer to credentials" : ""),
            {exchange}};
  }
  if (challenged == 0) return {skip, "no 401 or 407 was seen (SA-CH-01)"};
  return {pass,
          "all " + std::to_string(challenged) + " answers with 401 or 407 carry a challenge",
          {*context.shared.first}};
}

Finding no_stale_at_first(Context& context) {
  int first_challenges = 0;
  for (const auto& exchange : context.exchanges()) {
    if (exchange.sent || !exchange.is_401_or_407()) continue;
    ++first_challenges;
    if (says_stale(exchange)) {
      return {.verdict = warn,
              .observed = "stale=true came in answer to a request without credentials",
              .evidence = {exchange},
              .strict = {.rfc3261 = fail, .rfc8760 = fail}};
    }
  }
  if (first_challenges == 0) return {skip, "no first challenge was seen (SA-CH-01)"};
  return {pass,
          "none of " + std::to_string(first_challenges) + " first challenges says stale=true",
          {*context.shared.first}};
}

Finding right_header_and_code(Context& context) {
  const auto& first = *context.shared.first;
  if (!first.is_401_or_407() || first.offers.empty()) {
    return {skip, "no challenge was seen (SA-CH-01)", {first}};
  }
  const auto is_proxy = [](const sip::Offer& offer) { return offer.proxy; };
  const bool proxy = std::ranges::any_of(first.offers, is_proxy);
  const bool registrar = !std::ranges::all_of(first.offers, is_proxy);
  const auto code = std::to_string(first.status);
  if (proxy && registrar) {
    return {info, code + " with both WWW-Authenticate and Proxy-Authenticate", {first}};
  }
  const auto seen = code + " with " + (proxy ? "Proxy-Authenticate" : "WWW-Authenticate");
  if (first.status == 401) return {registrar ? pass : fail, seen, {first}};
  return {proxy ? warn : fail,
          proxy ? seen + ": a registrar should challenge with 401" : seen,
          {first}};
}

// Blanks and folding may differ, and a server may write the compact form.
bool same_value(std::string_view a, std::string_view b) {
  const auto next = [](std::string_view& text) {
    while (!text.empty() && is_lws(text.front())) text.remove_prefix(1);
    const char c = text.empty() ? '\0' : text.front();
    if (!text.empty()) text.remove_prefix(1);
    return c;
  };
  while (true) {
    const char left = next(a);
    if (left != next(b)) return false;
    if (left == '\0') return true;
  }
}

bool same_sent_by(std::string_view ours, std::string_view theirs) {
  Diagnostics ignored;
  const auto a = Via::parse(ours, ignored);
  const auto b = Via::parse(theirs, ignored);
  return a && b && same(a->host, b->host) && a->port.value_or(5060) == b->port.value_or(5060) &&
         same(a->transport, b->transport);
}

Finding skeleton(Context& context) {
  const auto& first = *context.shared.first;
  const auto& recorder = context.session().recorder();
  if (!first.response) return {inconclusive, "no answer was seen (SA-CH-01)", {first}};
  Diagnostics ignored;
  const auto request = Message::parse(recorder.at(first.request).bytes, ignored);
  const auto answer = Message::parse(recorder.at(*first.response).bytes, ignored);
  if (!request || !answer) return {inconclusive, "the answer cannot be read", {first}};

  Worst worst;
  if (first.wrong_branch) {
    worst.add(inconclusive, "an answer with our Call-ID and CSeq had another branch in its Via",
              first);
  }
  if (!same_sent_by(request->value(HeaderId::via), answer->value(HeaderId::via))) {
    worst.add(fail,
              "the sent-by of our Via was changed to " + std::string{answer->value(HeaderId::via)},
              first);
  }
  for (const auto id : {HeaderId::from, HeaderId::call_id, HeaderId::cseq}) {
    if (!same_value(request->value(id), answer->value(id))) {
      worst.add(warn,
                "our " + std::string{header_name(id)} +
                    " was not returned as it was sent: " + std::string{answer->value(id)},
                first);
    }
  }
  const auto to = NameAddr::parse(answer->value(HeaderId::to), ignored);
  if (!to || to->tag().value_or("").empty()) {
    worst.add(warn, "the To of the answer has no tag", first, against_rfc3261);
  }
  if (!answer->find(HeaderId::content_length)) {
    // A WebSocket message has its end already (RFC 7118 5).
    const auto kind = context.session().transport().kind();
    const bool stream = kind == net::TransportKind::tcp || kind == net::TransportKind::tls;
    worst.add(stream ? warn : info, "the answer has no Content-Length", first,
              stream ? against_rfc3261 : StrictVerdicts{});
  }
  if (worst.any()) return worst.finding();
  return {pass, "Via, From, Call-ID and CSeq came back as sent, To has a tag", {first}};
}

constexpr auto checks = std::to_array<Check>({
    {
        .id = "SA-CH-01",
        .title = "The registrar challenges",
        .question = "Is a REGISTER without credentials challenged?",
        .right = "401 with at least one Digest challenge",
        .acceptable = "407 (see SA-CH-12); a redirection is a note",
        .failing = "401 without Digest, 5xx; 200 is a warning, for nobody is asked for a password",
        .harm = "Nobody can register, or everybody can.",
        .references = {"RFC 3261 10.3", "RFC 3261 21.4.2"},
        .stage = Stage::challenge,
        .cost = {.requests = 5, .refused = 1},
        .priority = 0,
        .passes_on = {"strict"},
        .fails_on = {"strict", "no-header-401"},
        .run = challenges,
    },
    {
        .id = "SA-CH-02",
        .title = "401 and 407 carry their header",
        .question = "Does every 401 and 407 of the run carry a challenge?",
        .right = "WWW-Authenticate in each 401, Proxy-Authenticate in each 407",
        .failing = "one without",
        .harm = "The phone has no nonce to answer: it gives up, or floods.",
        .references = {"RFC 3261 22.2", "RFC 3261 22.3"},
        .stage = Stage::whole_run,
        .passes_on = {"strict"},
        .fails_on = {"strict", "no-header-401"},
        .run = carries_its_header,
    },
    {
        .id = "SA-CH-08",
        .title = "No stale on a first challenge",
        .question = "Is stale=true kept for nonces that went stale?",
        .right = "stale absent or false in the answer to a request without credentials",
        .failing = "stale=true (warning)",
        .strict = "stale=true fails under rfc3261 and rfc8760",
        .harm = "The phone believes that its credentials were right and never asks for others.",
        .references = {"RFC 7616 3.3", "RFC 2617 3.2.1"},
        .stage = Stage::whole_run,
        .worst = warn,
        .passes_on = {"strict"},
        .fails_on = {"strict", "stale-on-r0"},
        .run = no_stale_at_first,
    },
    {
        .id = "SA-CH-12",
        .title = "Right header and code",
        .question = "Does a registrar challenge as a registrar?",
        .right = "401 with WWW-Authenticate",
        .failing = "the header of the other code; 407 with Proxy-Authenticate is a warning, both "
                   "headers a note",
        .harm = "Phones answer in the wrong header, or not at all.",
        .references = {"RFC 3261 21.4.2", "RFC 3261 22.2"},
        .stage = Stage::challenge,
        .passes_on = {"strict"},
        .fails_on = {"strict", "407-www"},
        .run = right_header_and_code,
    },
    {
        .id = "SA-CH-16",
        .title = "Response skeleton",
        .question = "Can a phone match the answer to its request?",
        .right = "Via, From, Call-ID and CSeq as sent, a tag in To, Content-Length",
        .failing = "another sent-by in Via; a missing To tag is a warning",
        .strict = "no To tag, and no Content-Length on a stream, fail under rfc3261 and rfc8760",
        .harm = "The phone drops the answer and sends its request again.",
        .references = {"RFC 3261 8.2.6.2", "RFC 3261 17.1.3"},
        .stage = Stage::challenge,
        .passes_on = {"strict"},
        .fails_on = {"strict", "via-changed"},
        .run = skeleton,
    },
});

}  // namespace

std::span<const Check> challenge_suite() { return checks; }

}  // namespace sipauth::checks
