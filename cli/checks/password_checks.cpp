// SA-AUTH-04 to -07 and -31: what becomes of a phone that got its password wrong, and of
// credentials that prove no password at all.

#include <array>
#include <chrono>
#include <string>
#include <utility>

#include "checks/check.hpp"
#include "checks/context.hpp"
#include "checks/outcome.hpp"
#include "checks/tries.hpp"
#include "checks/worst.hpp"
#include "net/base64.hpp"

namespace sipauth::checks {
namespace {

using enum Verdict;
using namespace std::chrono_literals;

// The challenge to answer next: the one that came with the refusal, else a new one. Where a nonce
// is good once, that of the same second has had its turn.
sip::Exchange next_challenge(Context& context, sip::Dialogue& dialogue,
                             const sip::Exchange& refused) {
  if (refused.usable()) return refused;
  const auto& reuse = context.shared.reuse;
  if (refused.challenged() && !(reuse && reuse->accepted())) dialogue.wait(1100ms);
  return dialogue.challenge();
}

Finding wrong_twice(Context& context) {
  constexpr int most_answers = 3;
  auto dialogue = context.dialogue();
  auto last = dialogue.challenge();
  if (!last.challenged()) return no_challenge(last);
  for (int i = 0; i < 2; ++i) {
    const auto refused = dialogue.answer(last, sip::Deviation::with_wrong_password());
    if (refused.accepted()) return {skip, "a wrong password is taken (SA-AUTH-03)", {refused}};
    last = next_challenge(context, dialogue, refused);
    if (!last.challenged()) {
      return {warn,
              "after a wrong password, a request without credentials was answered with " +
                  describe(last) + ": the phone is locked out",
              {refused, last}};
    }
  }
  auto answered = dialogue.answer(last);
  const auto first = answered;
  for (int i = 1; i < most_answers && answered.challenged(); ++i) {
    answered = dialogue.answer(next_challenge(context, dialogue, answered));
  }
  std::string seen = "after two wrong passwords the right one was answered with " + describe(first);
  if (first.accepted()) return {pass, std::move(seen), {first}};
  if (answered.accepted()) {
    return {pass, seen + ", and taken on the challenge that followed", {first, answered}};
  }
  return {warn, seen + ", and never taken: two mistakes lock a phone out", {first, answered}};
}

// What IMS phones, and pjsip with initial_auth, send before they were challenged.
Finding empty_credentials(Context& context) {
  if (!context.shared.first || !context.shared.first->offer()) {
    return {skip, "no challenge that names a realm (SA-CH-01)"};
  }
  sip::Deviation empty{.nonce = "", .must_be_refused = true, .empty_password = true};
  empty.rewrite = [](sip::WrittenCredentials& written) {
    written.set("response", "");
    for (const auto* name : {"algorithm", "qop", "nc", "cnonce", "opaque", "userhash"}) {
      written.remove(name);
    }
  };
  auto dialogue = context.dialogue();
  Tries tries{context};
  tries.judge("a first request with an empty nonce and an empty response",
              {.accepted = fail,
               .stale = info,
               .plain = pass,
               .forbidden = warn,
               .bad_request = warn,
               .broken = warn},
              dialogue.answer(*context.shared.first, empty));
  return tries.finding({});
}

Finding unknown_scheme(Context& context) {
  sip::Deviation unknown{.must_be_refused = true};
  unknown.rewrite = [](sip::WrittenCredentials& written) {
    written.value = "NoOneKnowsThisScheme opaque-data=here";
  };
  Tries tries{context};
  tries.answer("a scheme that nobody knows",
               {.accepted = fail, .plain = pass, .bad_request = warn, .broken = warn}, unknown);
  return tries.finding({});
}

Finding basic(Context& context) {
  const auto& settings = context.settings();
  const bool secure = net::transport_row(context.session().transport().kind()).secure;
  if (!secure && !settings.loopback && !settings.intrusive) {
    return {skip, "would show the password: needs TLS, WSS or --intrusive"};
  }
  if (!knows_the_password(context)) return {skip, "needs the password itself, not its HA1"};
  const auto& identity = context.session().identity();
  sip::Deviation deviation{.must_be_refused = true};
  deviation.rewrite = [&](sip::WrittenCredentials& written) {
    auto text = (identity.auth_user.empty() ? identity.user : identity.auth_user) + ':';
    text += identity.password.reveal();
    written.value = "Basic " + net::base64(text);
    wipe_memory(text.data(), text.size());
  };
  Tries tries{context};
  tries.answer("the right password as Basic credentials",
               {.accepted = fail, .plain = pass, .bad_request = pass}, deviation);
  return tries.finding({});
}

Finding anonymous(Context& context) {
  const Expected expected{
      .accepted = fail, .plain = pass, .forbidden = pass, .bad_request = pass, .not_found = pass};
  Tries tries{context};
  tries.answer("the name \"anonymous\" with an empty password", expected,
               {.empty_password = true, .username = "anonymous"});
  tries.answer("the right name with an empty password", expected, {.empty_password = true});
  return tries.finding("an empty password is refused");
}

constexpr auto checks = std::to_array<Check>({
    {
        .id = "SA-AUTH-04",
        .title = "Wrong twice, then right",
        .question = "Is the right password taken after two wrong ones?",
        .right = "200",
        .acceptable = "401, and 200 to the answer to that",
        .failing = "never 200 (warning: locked out)",
        .harm = "Somebody mistypes a password twice, and the phone stays off although it has the "
                "right one by then.",
        .references = {"RFC 3261 22.1", "RFC 7616 3.3"},
        .needs = {.credentials = true, .wrong_password = true},
        .cost = {.requests = 10, .refused = 5},
        .priority = 120,
        .on_silence = warn,
        .worst = warn,
        .passes_on = {"strict"},
        .fails_on = {"strict", "lockout-2"},
        .run = wrong_twice,
    },
    {
        .id = "SA-AUTH-05",
        .title = "Empty credentials in the first request",
        .question = "Is a phone challenged that sends empty credentials before it has a nonce?",
        .right = "401 without stale=true",
        .acceptable = "401 with stale=true (note)",
        .failing = "200; 403, 400 or 5xx (warnings)",
        .harm = "IMS phones, and softphones made with pjsip, begin like this and never get in.",
        .references = {"RFC 8760 2.7"},
        .needs = {.credentials = true},
        .cost = {.requests = 1, .refused = 1},
        .priority = 120,
        .worst = warn,
        .passes_on = {"strict"},
        .fails_on = {"strict", "empty-nonce-400"},
        .run = empty_credentials,
    },
    {
        .id = "SA-AUTH-06",
        .title = "Credentials of an unknown scheme",
        .question = "Are credentials ignored whose scheme the registrar does not know?",
        .right = "401 without stale=true",
        .failing = "200; 400 and 5xx are warnings",
        .harm = "With 200 anybody is let in; with 400 a phone that speaks a newer scheme as well "
                "is never challenged.",
        .references = {"RFC 4475 3.3.7", "RFC 3261 22.1"},
        .needs = {.credentials = true},
        .cost = {.requests = 2, .refused = 1},
        .priority = 50,
        .passes_on = {"strict"},
        .fails_on = {"strict", "other-scheme-accepted"},
        .run = unknown_scheme,
    },
    {
        .id = "SA-AUTH-07",
        .title = "Basic credentials",
        .question = "Is a password refused that comes as Basic credentials?",
        .right = "401 without stale=true",
        .acceptable = "400",
        .failing = "200",
        .harm = "Phones can be talked into sending their password where everybody can read it.",
        .references = {"RFC 3261 22", "RFC 8760 2.6"},
        .needs = {.credentials = true},
        .cost = {.requests = 2, .refused = 1},
        .priority = 60,
        .passes_on = {"strict"},
        .fails_on = {"strict", "basic-accepted"},
        .run = basic,
    },
    {
        .id = "SA-AUTH-31",
        .title = "Anonymous, and an empty password",
        .question = "Are an anonymous user and an empty password refused?",
        .right = "401 without stale=true",
        .acceptable = "403, 404 or 400",
        .failing = "200",
        .harm = "Anybody registers as anybody, and gets their calls.",
        .references = {"RFC 3261 22.1", "RFC 3261 22.2"},
        .needs = {.credentials = true, .wrong_password = true},
        .cost = {.requests = 4, .refused = 2},
        .priority = 50,
        .passes_on = {"strict"},
        .fails_on = {"strict", "empty-password-accepted"},
        .run = anonymous,
    },
});

}  // namespace

std::span<const Check> password_suite() { return checks; }

}  // namespace sipauth::checks
