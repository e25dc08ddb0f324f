// SA-AUTH-13 to -17 and -28: realms, AORs and user names other than the account's, or oddly
// spelled.

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "checks/check.hpp"
#include "checks/context.hpp"
#include "checks/outcome.hpp"
#include "checks/tries.hpp"
#include "sipauth/text.hpp"

namespace sipauth::checks {
namespace {

using enum Verdict;

constexpr std::string_view needs_password = "needs the password itself, not its HA1";

std::string other_case(std::string text) {
  for (auto& c : text) {
    if (is_alpha(c)) c = static_cast<char>(c ^ 0x20);
  }
  return text;
}

const std::string& digest_user(Context& context) {
  const auto& identity = context.session().identity();
  return identity.auth_user.empty() ? identity.user : identity.auth_user;
}

Finding wrong_realm(Context& context) {
  if (!knows_the_password(context)) return {skip, std::string{needs_password}};
  Tries tries{context};
  tries.answer("the realm \"wrong\", with a digest that fits it",
               {.accepted = warn, .plain = pass, .forbidden = pass},
               {.must_be_refused = true, .realm = "wrong"});
  return tries.finding({});
}

Finding realm_in_other_case(Context& context) {
  if (!knows_the_password(context)) return {skip, std::string{needs_password}};
  auto fresh = fresh_challenge(context);
  if (auto none = fresh.lacking("no challenge can be answered")) return *std::move(none);
  const auto& realm = fresh.offer().realm;
  const auto changed = other_case(realm);
  if (changed == realm) return {skip, "the realm \"" + realm + "\" has no letters"};
  auto expected = all_refusals(info, pass);
  expected.plain = pass;
  Tries tries{context};
  tries.judge("the realm in other case, with a digest that fits it", expected,
              fresh.answer({.realm = changed}));
  return tries.finding({});
}

Finding foreign_aor(Context& context) {
  const auto& second = *context.session().identity().second;
  const sip::Deviation others{.account = &second};
  auto dialogue = context.dialogue(second.user);
  auto offered = dialogue.challenge();
  Fresh own{std::move(dialogue), std::move(offered)};
  const bool aka = std::ranges::any_of(
      own.offered.offers, [](const sip::Offer& offer) { return offer.aka.has_value(); });
  if (aka) throw NotPossible{"the second account has no card"};
  if (auto none = own.lacking("no challenge can be answered")) return *std::move(none);
  const auto registered = answer_and_follow(own, others);
  if (!registered.accepted()) {
    return {skip,
            "the second account cannot register itself, which was answered with " +
                describe(registered) + ": is its password right?",
            {registered}};
  }
  // Where a REGISTER cannot go without a Contact, that one was bound to the second AOR.
  if (context.session().binds) {
    const sip::Shape unbound{.headers = {{"Contact", own.dialogue.contact()}, {"Expires", "0"}}};
    const auto asked = own.dialogue.challenge(unbound);
    if (asked.challenged()) static_cast<void>(own.dialogue.answer(asked, others, unbound));
  }
  auto foreign = others;
  foreign.must_be_refused = true;
  Tries tries{context};
  tries.answer("the AOR of the first account with right credentials of the second",
               {.accepted = fail, .plain = pass, .forbidden = pass, .not_found = pass}, foreign);
  return tries.finding({});
}

Finding other_from(Context& context) {
  const sip::Shape shape{.from_user = random_user(context)};
  auto expected = all_refusals(info, pass);
  expected.forbidden = pass;
  auto fresh = fresh_challenge(context, shape);
  Tries tries{context};
  const std::string_view what = "another user in From, with To and credentials of the account,";
  if (fresh.offered.challenged()) {
    tries.judge(what, expected, fresh.answer({}, shape));
  } else {
    tries.judge(what, expected, fresh.offered);
  }
  return tries.finding({});
}

Finding separate_name(Context& context) {
  if (!knows_the_password(context)) return {skip, std::string{needs_password}};
  const auto& user = digest_user(context);
  const auto& domain = context.session().identity().domain;
  auto expected = all_refusals(info, pass);
  expected.plain = pass;
  Tries tries{context};
  const auto with_domain = fmt::format("{}@{}", user, domain);
  for (const auto& name : {with_domain, "sip:" + with_domain, other_case(user)}) {
    if (name == user) {
      tries.leave_out("the name has no letters, so no other case");
      continue;
    }
    tries.answer("the user name " + name, expected, {.username = name});
  }
  return tries.finding("200 shows which forms of the user name are taken");
}

struct OddName {
  std::string_view what;
  std::string_view inserted;
};

constexpr auto odd_names = std::to_array<OddName>({
    {"a user name with an umlaut in UTF-8", "\xc3\xbc"},
    {"a user name with a quotation mark", "\""},
    {"a user name with a backslash", "\\"},
    {"a user name with a colon", ":"},
    {"a user name with an @", "@"},
    {"a user name with %00", "%00"},
});

// RFC 5987 3.2.1.
std::string extended(std::string_view name) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string text = "UTF-8''";
  for (const char c : name) {
    if (is_alpha(c) || is_digit(c)) {
      text += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    text += '%';
    text += digits[byte >> 4U];
    text += digits[byte & 15U];
  }
  return text;
}

void try_hashed_name(Context& context, Tries& tries, const Expected& expected) {
  auto fresh = fresh_challenge(context);
  if (!fresh.offered.challenged()) return;
  const auto& offer = fresh.offer();
  if (offer.userhash || !offer.algorithm) {
    tries.leave_out("userhash=true unasked, for it is asked for");
    return;
  }
  const auto hashed = compute_userhash(*offer.algorithm, digest_user(context), offer.realm);
  if (!hashed) return;
  sip::Deviation deviation;
  deviation.rewrite = [&](sip::WrittenCredentials& written) {
    written.set("username", std::string{hashed->view()});
    written.set("userhash", "true");
  };
  tries.judge("a hashed user name with userhash=true, unasked,", expected, fresh.answer(deviation));
}

Finding odd_user_names(Context& context) {
  const Expected unknown{.plain = pass, .forbidden = pass, .bad_request = pass, .broken = fail};
  auto known = unknown;
  known.accepted = pass;
  auto contradicting = unknown;
  contradicting.accepted = warn;

  const auto& user = digest_user(context);
  Tries tries{context};
  for (const auto& odd : odd_names) {
    auto name = user;
    name.insert(name.size() / 2, odd.inserted);
    tries.answer(odd.what, unknown, {.must_be_refused = true, .username = std::move(name)});
  }
  sip::Deviation deviation;
  deviation.rewrite = [&](sip::WrittenCredentials& written) {
    written.remove("username");
    written.set("username*", extended(user));
  };
  tries.answer("the user name as username*", known, deviation);
  deviation.rewrite = [&](sip::WrittenCredentials& written) {
    written.set("username*", extended(user));
  };
  tries.answer("username together with username*", contradicting, deviation);
  try_hashed_name(context, tries, known);
  return tries.finding("odd user names were refused in peace, or known");
}

constexpr Needs password{.credentials = true};

constexpr auto checks = std::to_array<Check>({
    {
        .id = "SA-AUTH-13",
        .title = "The wrong realm",
        .question = "Are credentials for another realm refused, though their digest fits it?",
        .right = "401 without stale=true",
        .acceptable = "403",
        .failing = "200 (warning)",
        .harm = "Credentials that were given to another domain work here as well.",
        .references = {"RFC 3261 22.1"},
        .needs = password,
        .cost = {.requests = 2, .refused = 1},
        .priority = 120,
        .worst = warn,
        .passes_on = {"strict"},
        .fails_on = {"yate"},
        .run = wrong_realm,
    },
    {
        .id = "SA-AUTH-14",
        .title = "The realm in other case",
        .question = "Does case matter in the realm?",
        .right = "401 without stale=true, or 200",
        .failing = "any other refusal (note)",
        .harm = "A phone whose realm was typed in by hand is refused.",
        .references = {"RFC 3261 22.1", "RFC 7616 3.3"},
        .needs = password,
        .cost = {.requests = 2, .refused = 1},
        .priority = 140,
        .worst = info,
        .passes_on = {"asterisk-pjsip"},
        .fails_on = {"asterisk-2005-r5834"},
        .run = realm_in_other_case,
    },
    {
        .id = "SA-AUTH-15",
        .title = "Another account's AOR",
        .question = "Are right credentials refused when they are not those of the AOR in To?",
        .right = "403 after a good digest",
        .acceptable = "401 without stale=true, or 404",
        .failing = "200",
        .harm = "Whoever has an account registers in the name of everybody else, and gets their "
                "calls.",
        .references = {"RFC 3261 10.3"},
        .needs = {.credentials = true, .second_account = true},
        .cost = {.requests = 10, .refused = 6},
        .priority = 60,
        .passes_on = {"strict"},
        .fails_on = {"strict", "any-aor"},
        .run = foreign_aor,
    },
    {
        .id = "SA-AUTH-16",
        .title = "Another user in From",
        .question = "Is it To that says who registers?",
        .right = "200, or 403",
        .failing = "any other refusal (note)",
        .harm = "Whoever registers for somebody else (From) is asked for passwords without end.",
        .references = {"RFC 3261 10.3", "RFC 3261 10.2"},
        .needs = password,
        .cost = {.requests = 2, .refused = 1},
        .priority = 140,
        .worst = info,
        .passes_on = {"strict"},
        .fails_on = {"strict", "from-decides"},
        .run = other_from,
    },
    {
        .id = "SA-AUTH-17",
        .title = "Forms of the user name",
        .question = "Is the user name taken with its domain, as a URI, or in other case?",
        .right = "200, or 401 without stale=true",
        .failing = "any other refusal (note)",
        .harm = "A hint for provisioning: phones that send another form than the registrar takes "
                "never get in.",
        .references = {"RFC 7616 3.4", "RFC 3261 22.1"},
        .needs = password,
        .cost = {.requests = 6, .refused = 3},
        .priority = 140,
        .worst = info,
        .passes_on = {"strict"},
        .fails_on = {"freeswitch"},
        .run = separate_name,
    },
    {
        .id = "SA-AUTH-28",
        .title = "Odd user names",
        .question = "Does the registrar refuse odd user names, and username* beside username?",
        .right = "401 without stale=true, 403 or 400",
        .acceptable = "200 where the name is known",
        .failing = "5xx or silence; 200 to username together with username* is a warning",
        .harm = "A name may crash the registrar or its data base, and two names at once may pass "
                "by one check and be used for another.",
        .references = {"RFC 7616 3.4", "RFC 7616 3.4.4"},
        .needs = password,
        .cost = {.requests = 18, .refused = 9},
        .priority = 130,
        .on_silence = fail,
        .passes_on = {"strict"},
        .fails_on = {"strict", "odd-name-500"},
        .run = odd_user_names,
    },
});

}  // namespace

std::span<const Check> account_suite() { return checks; }

}  // namespace sipauth::checks
