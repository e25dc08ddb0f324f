// SA-AUTH-02 and -30: what a registration brings, and who may end it.

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "checks/check.hpp"
#include "checks/context.hpp"
#include "checks/outcome.hpp"
#include "checks/tries.hpp"
#include "checks/worst.hpp"
#include "net/uri_user.hpp"
#include "sipauth/address.hpp"
#include "sipauth/message.hpp"
#include "sipauth/text.hpp"

namespace sipauth::checks {
namespace {

using enum Verdict;

enum class Listed : std::uint8_t { no, without_expiry, by_header, with_expiry };

bool is_same_place(const Uri& a, const Uri& b) {
  return net::unescape_user(a.user) == net::unescape_user(b.user) && same(a.host, b.host) &&
         a.port == b.port;
}

// Parameters that a registrar adds to the URI, and its spelling, do not matter.
Listed listed(std::string_view response, std::string_view ours) {
  Diagnostics ignored;
  const auto message = Message::parse(response, ignored);
  const auto wanted = NameAddr::parse(ours, ignored);
  if (!message || !wanted) return Listed::no;
  for (const auto& header : message->headers()) {
    if (header.id != HeaderId::contact) continue;
    std::string_view rest = header.value;
    while (!rest.empty()) {
      const auto contact = NameAddr::parse(rest, ignored);
      if (!contact) break;
      rest = contact->rest;
      if (!is_same_place(contact->uri, wanted->uri)) continue;
      if (contact->parameter("expires")) return Listed::with_expiry;
      return message->find(HeaderId::expires) ? Listed::by_header : Listed::without_expiry;
    }
  }
  return Listed::no;
}

Finding lists_bindings(Context& context) {
  auto& session = context.session();
  if (session.identity().method != "REGISTER") return {skip, "only a REGISTER brings bindings"};
  auto dialogue = context.dialogue();
  const auto contact = dialogue.contact();
  const sip::Shape shape{.headers = {{"Contact", contact}, {"Expires", "60"}}};
  const auto offered = dialogue.challenge(shape);
  if (!offered.challenged()) return no_challenge(offered);
  const auto accepted = dialogue.answer(offered, {}, shape);
  if (!accepted.accepted() || !accepted.response) {
    return {inconclusive,
            "the registration of a Contact was answered with " + describe(accepted),
            {accepted}};
  }
  const std::string seen = "the " + std::to_string(accepted.status) + " to a registration ";
  switch (listed(session.recorder().at(*accepted.response).bytes, contact)) {
    case Listed::with_expiry:
      return {pass, seen + "lists our Contact with its expires parameter", {accepted}};
    case Listed::by_header:
      return {info,
              seen + "lists our Contact, and tells the time in Expires instead of a parameter",
              {accepted}};
    case Listed::without_expiry:
      return {warn, seen + "lists our Contact and not how long it lasts", {accepted}};
    case Listed::no:
      break;
  }
  return {warn, seen + "does not list our Contact " + contact, {accepted}};
}

Finding unregister(Context& context) {
  if (context.session().identity().method != "REGISTER") {
    return {skip, "only a REGISTER unregisters anything"};
  }
  const Expected expected{.accepted = fail, .stale = pass, .plain = pass};
  Tries tries{context};
  auto dialogue = context.dialogue();
  const std::string one = "a Contact of ours with Expires: 0 and no password";
  const auto answered =
      dialogue.challenge({.headers = {{"Contact", dialogue.contact()}, {"Expires", "0"}}});
  tries.judge(one, expected, answered);
  const auto& settings = context.settings();
  if (settings.may_bind && settings.intrusive && !answered.accepted()) {
    auto other = context.dialogue();
    tries.judge("Contact: * with Expires: 0 and no password", expected,
                other.challenge({.headers = {{"Contact", "*"}, {"Expires", "0"}}}));
  }
  return tries.finding("whoever has no password unregisters nobody");
}

constexpr auto checks = std::to_array<Check>({
    {
        .id = "SA-AUTH-02",
        .title = "A registration lists the bindings",
        .question = "Does the 200 list our Contact, and how long it lasts?",
        .right = "our Contact with an expires parameter",
        .acceptable = "an Expires header instead of the parameter (note)",
        .failing = "our Contact, or its time, is not there (warning)",
        .harm = "The phone does not know when to register again: it does so too late, or all the "
                "time.",
        .references = {"RFC 3261 10.3", "RFC 3261 10.2.4"},
        .stage = Stage::acceptance,
        .needs = {.credentials = true, .binding = true},
        .cost = {.requests = 2, .refused = 1},
        .worst = warn,
        .passes_on = {"strict"},
        .fails_on = {"strict", "contacts-unlisted"},
        .run = lists_bindings,
    },
    {
        .id = "SA-AUTH-30",
        .title = "Unregistering without a password",
        .question = "Does it take a password to remove a Contact?",
        .right = "401",
        .failing = "200",
        .harm = "Anybody can unregister a phone, which gets no calls from then on. (Contact: * is "
                "tried with --bind and --intrusive only: it would remove the real phone.)",
        .references = {"RFC 3261 10.2.2", "RFC 3261 10.3"},
        .needs = {.credentials = true},
        .cost = {.requests = 2},
        .priority = 50,
        .passes_on = {"strict"},
        .fails_on = {"strict", "unregister-open"},
        .run = unregister,
    },
});

}  // namespace

std::span<const Check> contact_suite() { return checks; }

}  // namespace sipauth::checks
