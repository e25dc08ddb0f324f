// SA-AUTH-22 to -24: how algorithm and qop may be written in credentials, and whether others than
// the offered ones are taken.

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "checks/check.hpp"
#include "checks/context.hpp"
#include "checks/outcome.hpp"
#include "checks/tries.hpp"
#include "sip/binary_session.hpp"
#include "sipauth/auth_params.hpp"

namespace sipauth::checks {
namespace {

using enum Verdict;

bool is_md5(const sip::Offer& offer) {
  return offer.answerable && !offer.aka && offer.algorithm == find_algorithm("MD5");
}

// A row that only one kind of check wants, answered and judged; nothing where there is none.
void try_row(Context& context, Tries& tries, const Wanted& wanted, std::string_view what,
             const Expected& expected, const sip::Deviation& deviation) {
  auto fresh = fresh_challenge(context, {}, wanted);
  if (auto none = fresh.lacking({})) {
    if (none->verdict != skip) tries.note(inconclusive, what, none->observed, fresh.offered);
    return;
  }
  tries.judge(what, expected, fresh.answer(deviation));
}

sip::Deviation declaring(const Algorithm* algorithm) {
  return {.must_be_refused = true,
          .algorithm = algorithm,
          .algorithm_text = std::string{algorithm->name}};
}

void try_spellings_of_md5(Context& context, Tries& tries) {
  auto taken = all_refusals(warn, pass);
  taken.broken = fail;
  auto quoted = all_refusals(info, pass);
  quoted.broken = fail;
  try_row(context, tries, is_md5, "MD5 without an algorithm parameter", taken,
          {.algorithm_text = ""});
  try_row(context, tries, is_md5, "algorithm=md5", taken, {.algorithm_text = "md5"});
  sip::Deviation in_quotes;
  in_quotes.rewrite = [](sip::WrittenCredentials& written) {
    written.set("algorithm", "MD5");
    written.find("algorithm")->quoting = Quoting::quoted;
  };
  try_row(context, tries, is_md5, "algorithm=\"MD5\" in quotes", quoted, in_quotes);
}

Finding algorithm_echo(Context& context) {
  auto first = fresh_challenge(context);
  if (auto none = first.lacking("no challenge can be answered")) return *std::move(none);
  if (first.offer().aka) throw NotPossible{"AKA makes the password of the nonce and its algorithm"};
  const auto& offers = first.offered.offers;
  const bool offers_md5 = std::ranges::any_of(offers, is_md5);
  const bool offers_other = std::ranges::any_of(offers, [](const sip::Offer& offer) {
    return offer.algorithm && offer.algorithm->hash != Hash::md5;
  });
  Expected refused{
      .stale = pass, .plain = pass, .forbidden = pass, .bad_request = pass, .broken = fail};
  Tries tries{context};
  // Most servers never read it: what they compare is the digest of the algorithm they offered.
  auto unknown = refused;
  unknown.accepted = info;
  tries.judge("algorithm=FOO", unknown,
              first.answer({.must_be_refused = true, .algorithm_text = "FOO"}));
  if (offers_md5) try_spellings_of_md5(context, tries);

  refused.accepted = fail;
  const auto* other = offers_md5 && !offers_other ? find_algorithm("SHA-256")
                      : !offers_md5               ? find_algorithm("MD5")
                                                  : nullptr;
  if (other && !knows_the_password(context)) {
    tries.leave_out("an algorithm that was not offered, which needs the password and not its HA1");
  } else if (other) {
    tries.answer(std::string{other->name} + " (not offered)", refused, declaring(other));
  }
  return tries.finding("what was offered is taken, and nothing else");
}

// By the reading that takes the bytes of the inner hash, not its digits.
std::string binary_response(Context& context, const sip::Offer& offer,
                            sip::WrittenCredentials& written) {
  const auto& identity = context.session().identity();
  const auto value = [&](std::string_view name) -> std::string_view {
    const auto* parameter = written.find(name);
    return parameter ? std::string_view{parameter->value} : std::string_view{};
  };
  const auto secret = identity.password.reveal();
  return sip::binary_session_response(
      {.algorithm = offer.algorithm,
       .qop = offer.qop,
       .username = value("username"),
       .realm = value("realm"),
       .password = identity.password_is_ha1 ? std::string_view{} : secret,
       .ha1 = identity.password_is_ha1 ? secret : std::string_view{},
       .method = identity.method,
       .uri = value("uri"),
       .nonce = value("nonce"),
       .nc = value("nc"),
       .cnonce = value("cnonce")});
}

void try_offered_session(Context& context, Tries& tries, Fresh& hex) {
  tries.judge("-sess with the hex of the inner hash", {.accepted = pass}, hex.answer());
  auto binary = fresh_challenge(context, {}, hex.wanted);
  if (!binary.offered.challenged() || binary.offer().userhash) return;
  sip::Deviation deviation{.must_be_refused = true};
  deviation.rewrite = [&](sip::WrittenCredentials& written) {
    written.set("response", binary_response(context, binary.offer(), written));
  };
  auto expected = all_refusals(pass, info);
  expected.broken = fail;
  tries.judge("-sess with the bytes of the inner hash", expected, binary.answer(deviation));
}

Finding session_algorithms(Context& context) {
  auto fresh = fresh_challenge(context, {}, [](const sip::Offer& offer) {
    return offer.algorithm && offer.algorithm->session && !offer.aka;
  });
  Tries tries{context};
  if (fresh.offered.challenged()) {
    try_offered_session(context, tries, fresh);
    return tries.finding("-sess is taken as RFC 7616 has it");
  }
  auto plain = fresh_challenge(context);
  if (auto none = plain.lacking("no challenge can be answered")) return *std::move(none);
  if (plain.offer().aka) throw NotPossible{"AKA makes the password of the nonce and its algorithm"};
  if (!context.settings().intrusive) {
    return {skip,
            "no -sess algorithm is offered; one that is not is declared with --intrusive only"};
  }
  const auto* session = find_algorithm(std::string{plain.offer().algorithm->name} + "-sess");
  tries.judge(std::string{session->name} + ", which was not offered,",
              {.plain = pass, .forbidden = pass, .broken = fail}, plain.answer(declaring(session)));
  return tries.finding({});
}

// The form of RFC 2069. Nobody ever wrote down what it is for SHA-256.
void try_without_qop(Context& context, Tries& tries) {
  auto fresh = fresh_challenge(
      context, {}, [](const sip::Offer& offer) { return is_md5(offer) && offer.qop != Qop::none; });
  const std::string_view what = "an answer without the qop that was offered";
  if (auto none = fresh.lacking({})) {
    if (none->verdict != skip) {
      tries.note(inconclusive, what, none->observed, fresh.offered);
      return;
    }
    tries.leave_out("an answer without qop, which no RFC gives for other algorithms than MD5");
    return;
  }
  const auto before = context.exchanges().size();
  const auto answered = answer_and_follow(fresh, {.qop = Qop::none});
  const auto answers = context.exchanges().size() - before;
  const Expected expected{
      .accepted = answers > 1 ? warn : pass, .stale = fail, .plain = info, .bad_request = warn};
  if (answers == 1) {
    tries.judge(what, expected, answered);
    return;
  }
  tries.note(expected.letter(answered).value_or(warn), what,
             std::string{what} + " was called stale " + std::to_string(answers - 1) +
                 " time(s), then answered with " + describe(answered),
             answered);
}

Finding qop_forms(Context& context) {
  auto first = fresh_challenge(context);
  if (auto none = first.lacking("no challenge can be answered")) return *std::move(none);
  Tries tries{context};
  if (first.offer().qop == Qop::none) {
    tries.judge("qop=auth, which was not offered,", all_refusals(pass, pass),
                first.answer({.qop = Qop::auth}));
    return tries.finding({});
  }
  const auto spelled = [](std::string text, Quoting quoting) {
    sip::Deviation deviation;
    deviation.rewrite = [text = std::move(text), quoting](sip::WrittenCredentials& written) {
      auto& qop = *written.find("qop");
      if (!text.empty()) qop.value = text;
      qop.quoting = quoting;
    };
    return deviation;
  };
  tries.judge("qop in quotes", all_refusals(info, pass),
              first.answer(spelled("", Quoting::quoted)));
  try_without_qop(context, tries);
  const auto with_auth = [](const sip::Offer& offer) { return offer.qop == Qop::auth; };
  try_row(context, tries, with_auth, "qop=AUTH", all_refusals(pass, pass),
          spelled("AUTH", Quoting::bare));
  const auto with_integrity = [](const sip::Offer& offer) {
    return offer.qop_text && qop_offers(*offer.qop_text, "auth-int");
  };
  try_row(context, tries, with_integrity, "qop=auth-int with an empty body", {.accepted = pass},
          {.qop = Qop::auth_int});
  return tries.finding("every form of qop that a phone may send is taken, or refused in peace");
}

constexpr auto checks = std::to_array<Check>({
    {
        .id = "SA-AUTH-22",
        .title = "The algorithm in credentials",
        .question = "Is the offered algorithm taken however it is written, and no other?",
        .right = "200 to MD5 that is left out or written md5; other algorithms refused by 401, 403 "
                 "or 400",
        .acceptable = "200, or a refusal (note), of \"MD5\" in quotes; 200 to algorithm=FOO (note)",
        .failing = "200 to an algorithm that was not offered, 5xx, silence; a refusal of the "
                   "offered one (warning)",
        .harm = "With 200 a weaker algorithm can be forced upon phones; a refusal keeps out phones "
                "that write MD5 in another way.",
        .references = {"RFC 7616 3.4", "RFC 3261 7.3.1", "RFC 8760 2.3"},
        .needs = {.credentials = true},
        .cost = {.requests = 10, .refused = 5},
        .priority = 120,
        .on_silence = fail,
        .passes_on = {"strict"},
        .fails_on = {"asterisk-pjsip", "any-algorithm"},
        .run = algorithm_echo,
    },
    {
        .id = "SA-AUTH-23",
        .title = "The -sess algorithms",
        .question = "Is -sess computed from the hex of the inner hash, and one that was not "
                    "offered refused?",
        .right =
            "offered: 200; not offered, tried with --intrusive: 401 without stale=true, or 403",
        .acceptable = "200 to the binary inner hash as well (note)",
        .failing = "5xx, silence",
        .harm = "Phones that follow the RFC never get in, or the registrar crashes.",
        .references = {"RFC 7616 3.4.2", "RFC 2617 3.2.2.2"},
        .needs = {.credentials = true},
        .cost = {.requests = 4, .refused = 2},
        .priority = 130,
        .on_silence = fail,
        .passes_on = {"strict"},
        .fails_on = {"strict", "sess-silent"},
        .run = session_algorithms,
    },
    {
        .id = "SA-AUTH-24",
        .title = "Forms of qop",
        .question = "Are phones served that leave qop out, quote it, or spell it in capitals?",
        .right = "200; where no qop is offered any answer but 5xx",
        .acceptable = "a refusal of \"auth\" in quotes (note) or of AUTH; 401 without stale=true "
                      "to an answer without qop (note)",
        .failing = "stale=true without end to an answer without qop; 400 to it, or a refusal of "
                   "auth-int that was offered (warnings)",
        .harm = "Old phones, which know no qop, ask for ever, or are never let in.",
        .references = {"RFC 3261 22.4", "RFC 8760 2.6", "RFC 7616 3.4"},
        .needs = {.credentials = true},
        .cost = {.requests = 12, .refused = 7},
        .priority = 120,
        .passes_on = {"strict"},
        .fails_on = {"strict", "no-qop-stale"},
        .run = qop_forms,
    },
});

}  // namespace

std::span<const Check> algorithm_suite() { return checks; }

}  // namespace sipauth::checks
