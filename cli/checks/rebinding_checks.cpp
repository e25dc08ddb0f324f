// SA-TX-04 and SA-NC-02: can an old request change what a newer one bound (RFC 3261 10.3, step 7)?

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "checks/check.hpp"
#include "checks/context.hpp"
#include "checks/counting.hpp"
#include "checks/fresh_nonce.hpp"
#include "checks/outcome.hpp"
#include "checks/worst.hpp"
#include "sipauth/address.hpp"
#include "sipauth/message.hpp"
#include "sipauth/text.hpp"

namespace sipauth::checks {
namespace {

using enum Verdict;

/// CSeqs between the request that binds and the old one: none of them was ever used.
constexpr std::uint32_t gap = 10;

std::optional<Finding> not_a_register(Context& context) {
  const auto& method = context.session().identity().method;
  if (method == "REGISTER") return std::nullopt;
  return Finding{skip, "only a REGISTER binds a Contact, and the method is " + method};
}

// A Contact that nobody else has, so that another binding of the account is not taken for it.
struct Probe {
  std::string user;
  std::string contact;

  explicit Probe(Context& context)
      : user{"sipauth-" + context.session().random().hex(8)},
        contact{"<sip:" + user + '@' + context.session().transport().local() + '>'} {}

  [[nodiscard]] sip::Shape shape(const std::string& expires,
                                 std::optional<std::uint32_t> cseq = std::nullopt) const {
    return {.cseq = cseq, .headers = {{"Contact", contact}, {"Expires", expires}}};
  }
};

// Does that 2xx list the Contact? By its user: behind a NAT the server may write another address.
bool lists(Context& context, const sip::Exchange& exchange, const Probe& probe) {
  if (!exchange.response) return false;
  Diagnostics ignored;
  const auto answer =
      Message::parse(context.session().recorder().at(*exchange.response).bytes, ignored);
  if (!answer) return false;
  for (const auto& header : answer->headers()) {
    if (header.id != HeaderId::contact) continue;
    for (std::string_view rest = header.value; !rest.empty();) {
      const auto contact = NameAddr::parse(rest, ignored);
      if (!contact) break;
      const bool ends = contact->parameter("expires").value_or("") == "0";
      if (contact->uri.user == probe.user && !ends) return true;
      rest = contact->rest;
    }
  }
  return false;
}

// Answers the challenge, and once more when it is called stale.
sip::Exchange answer_patiently(sip::Dialogue& dialogue, const sip::Exchange& offered,
                               const sip::Shape& shape, std::uint32_t next) {
  auto answered = dialogue.answer(offered, {}, shape);
  if (!answered.stale() || !answered.usable()) return answered;
  auto again = shape;
  if (again.cseq) again.cseq = next;
  return dialogue.answer(answered, {}, again);
}

// nullopt: what is bound cannot be seen.
std::optional<bool> is_bound(Context& context, const Probe& probe) {
  auto dialogue = context.dialogue();
  const auto fresh = fresh_nonce(context, dialogue);
  if (fresh.problem) return std::nullopt;
  const auto answered = answer_patiently(dialogue, fresh.offered, {}, 0);
  if (!answered.accepted()) return std::nullopt;
  return lists(context, answered, probe);
}

Finding lower_cseq(Context& context) {
  if (auto finding = not_a_register(context)) return *std::move(finding);
  const Probe probe{context};
  auto dialogue = context.dialogue();
  const auto fresh = fresh_nonce(context, dialogue);
  if (fresh.problem) return *fresh.problem;
  const auto& offered = fresh.offered;
  const auto high = dialogue.cseq() + 2 * gap;
  const auto bound = answer_patiently(dialogue, offered, probe.shape("60", high), high + 1);
  if (!bound.accepted()) {
    return {inconclusive, "a Contact could not be bound: " + describe(bound), {bound}};
  }
  // Where a nonce is good for one use, only a fresh one lets the old request through.
  const auto next = fresh_nonce(context, dialogue, {.cseq = high + 2});
  if (next.problem) return *next.problem;
  const auto old = dialogue.answer(next.offered, {}, probe.shape("0", high - gap));
  const bool is_listed = lists(context, bound, probe);
  const auto left = is_bound(context, probe);

  const auto seen =
      "a removal with a lower CSeq than the binding's, on its Call-ID, was answered "
      "with " +
      describe(old);
  if (is_listed && left == false) {
    return {warn, seen + ", and the binding is gone", {bound, old}};
  }
  if (old.status >= 600) return {warn, seen, {bound, old}};
  if (old.status >= 400) return {pass, seen, {bound, old}};
  if (!old.accepted()) return {inconclusive, seen, {bound, old}};
  if (!is_listed || !left) {
    return {inconclusive,
            seen + "; what is bound cannot be seen, for the 200 does not list it (SA-AUTH-02)",
            {bound, old}};
  }
  return {info, seen + ", and the binding stayed as it was", {bound, old}};
}

bool refuses_for_its_place(const sip::Exchange& exchange) {
  constexpr std::array codes{400, 500, 482};
  return std::ranges::find(codes, exchange.status) != codes.end();
}

// Whoever captured the request sends it on; only the branch tells it from a retransmission.
Finding replayed_message(Context& context) {
  if (auto finding = not_a_register(context)) return *std::move(finding);
  if (auto finding = one_use_only(context)) return *std::move(finding);
  const Probe probe{context};
  Counting counting{context};
  if (counting.problem()) return *counting.problem();
  const auto first = counting.answer({}, probe.shape("60"));
  if (!first.accepted()) {
    return {inconclusive, "a Contact could not be bound: " + describe(first), {first}};
  }
  const auto replayed =
      counting.dialogue().send_again(first, probe.shape("60", counting.dialogue().cseq()));

  auto seen =
      "a whole request, sent again on another branch, was answered with " + describe(replayed);
  if (refuses_for_its_place(replayed)) {
    return {pass, seen + ": its CSeq or its branch gave it away", {first, replayed}};
  }
  if (replayed.accepted()) {
    seen += ": whoever captures it can bind the old Contact again";
  }
  return {.verdict = letter({.accepted = warn, .forbidden = fail}, replayed),
          .observed = seen,
          .evidence = {first, replayed},
          .stands_on_liveness = replayed.status == 403};
}

constexpr Needs bind{.credentials = true, .binding = true};

constexpr auto checks = std::to_array<Check>({
    {
        .id = "SA-TX-04",
        .title = "A lower CSeq changes no binding",
        .question = "Is an old REGISTER of the same Call-ID kept from removing a newer binding?",
        .right = "any 4xx or 5xx",
        .acceptable = "200 that changes nothing (note)",
        .failing = "the binding is changed (warning)",
        .harm = "A request that was late, or is replayed, undoes what a newer one did.",
        .references = {"RFC 3261 10.3"},
        .needs = bind,
        .cost = {.requests = 14, .refused = 5},
        .priority = 220,
        .worst = warn,
        .passes_on = {"strict"},
        .fails_on = {"strict", "old-cseq-applied"},
        .run = lower_cseq,
    },
    {
        .id = "SA-NC-02",
        .title = "A whole request is replayed",
        .question = "Is a captured REGISTER refused when it comes again on another branch?",
        .right = "401 with stale=true and a new nonce, or 400, 500 or 482 for its CSeq",
        .failing = "403; 200 or a plain 401 (warnings)",
        .harm = "Whoever captures a registration can bring its old Contact back.",
        .references = {"RFC 7616 3.4", "RFC 3261 10.3", "RFC 3261 8.2.2.2"},
        .needs = bind,
        .cost = {.requests = 8, .refused = 2},
        .priority = 210,
        .builds_on = {"SA-NONCE-01"},
        .passes_on = {"strict"},
        .fails_on = {"strict", "nc-restart-403"},
        .run = replayed_message,
    },
});

}  // namespace

std::span<const Check> rebinding_suite() { return checks; }

}  // namespace sipauth::checks
