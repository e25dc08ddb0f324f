// SA-AUTH-20, -21 and -27: several rows of credentials in one request, and one row written in every
// way that the grammar allows, or nearly does.

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "checks/check.hpp"
#include "checks/context.hpp"
#include "checks/outcome.hpp"
#include "checks/tries.hpp"
#include "sipauth/text.hpp"

namespace sipauth::checks {
namespace {

using enum Verdict;
using sip::WrittenCredentials;

// What another domain's proxy asked for, and is no business of the registrar.
std::string foreign_row(Context& context) {
  auto& random = context.session().random();
  const auto& identity = context.session().identity();
  return write_credentials(std::array<WrittenParameter, 5>{{{"username", identity.user},
                                                            {"realm", "other.example"},
                                                            {"nonce", random.hex(32)},
                                                            {"uri", identity.request_uri},
                                                            {"response", random.hex(32)}}});
}

Finding other_realm_beside(Context& context) {
  const auto row = foreign_row(context);
  const auto expected = all_refusals(warn, pass);
  sip::Deviation deviation;
  Tries tries{context};
  deviation.rewrite = [&](WrittenCredentials& written) {
    written.rows_before.push_back({written.header, row});
  };
  tries.answer("a row of another realm above ours", expected, deviation);
  deviation.rewrite = [&](WrittenCredentials& written) {
    written.rows_after.push_back({written.header, row});
  };
  tries.answer("a row of another realm below ours", expected, deviation);
  return tries.finding("ours is found in either order");
}

// The same row with one digit of the response changed.
WrittenHeader bad_row(const WrittenCredentials& written) {
  auto bad = written;
  auto& digit = bad.find("response")->value.front();
  digit = digit == '0' ? '1' : '0';
  return {written.header, bad.text()};
}

Finding same_realm_twice(Context& context) {
  const Expected right_first{.accepted = pass, .plain = pass, .broken = fail};
  // Where the first row counts, this is a wrong password, and refused like one.
  auto wrong_first = all_refusals(pass, pass);
  wrong_first.broken = fail;
  sip::Deviation deviation;
  Tries tries{context};
  deviation.rewrite = [](WrittenCredentials& written) {
    written.rows_after.push_back(bad_row(written));
  };
  tries.answer("a right row above a wrong one", right_first, deviation);
  deviation.rewrite = [](WrittenCredentials& written) {
    written.rows_before.push_back(bad_row(written));
  };
  tries.answer("a wrong row above the right one", wrong_first, deviation);
  return tries.finding("two rows of one realm break nothing");
}

/// `name=value` as it would be written, and what stands on both sides of its comma and its `=`.
std::string joined(const WrittenCredentials& written, std::string_view equals,
                   const std::vector<std::string_view>& separators) {
  std::string text = written.scheme + ' ';
  for (std::size_t i = 0; i < written.parameters.size(); ++i) {
    const auto one = write_credentials(std::span{&written.parameters[i], 1});
    const auto parameter = std::string_view{one}.substr(one.find(' ') + 1);
    const auto sign = parameter.find('=');
    if (i != 0) text += separators[(i - 1) % separators.size()];
    text.append(parameter.substr(0, sign)).append(equals).append(parameter.substr(sign + 1));
  }
  return text;
}

void repeat_nonce(WrittenCredentials& written, bool right_first) {
  const auto nonce = std::ranges::find_if(
      written.parameters, [](const WrittenParameter& one) { return one.name == "nonce"; });
  written.parameters.insert(right_first ? nonce + 1 : nonce, {"nonce", "0123456789abcdef"});
}

struct Variant {
  std::string_view what;
  bool is_legal = true;
  void (*write)(WrittenCredentials&) = nullptr;
  Verdict when_taken = pass;
  std::string_view taken = "";  ///< what 200 shows
};

constexpr auto variants = std::to_array<Variant>({
    {.what = "the parameters in reverse order",
     .write = [](WrittenCredentials& written) { std::ranges::reverse(written.parameters); }},
    {.what = "blanks round the equals signs",
     .write = [](WrittenCredentials& written) { written.value = joined(written, " = ", {", "}); }},
    {.what = "tabs after the commas",
     .write = [](WrittenCredentials& written) { written.separator = ",\t"; }},
    {.what = "a header folded over three lines",
     .write =
         [](WrittenCredentials& written) {
           // Every third comma would fold five parameters once only.
           std::vector<std::string_view> separators(written.parameters.size(), ", ");
           separators[0] = separators[2] = ",\r\n ";
           written.value = joined(written, "=", separators);
         }},
    {.what = "the header's name in capitals",
     .write =
         [](WrittenCredentials& written) {
           for (auto& c : written.header) {
             if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
           }
         }},
    {.what = "the scheme written digest",
     .write = [](WrittenCredentials& written) { written.scheme = "digest"; }},
    {.what = "a parameter that nobody knows",
     .write = [](WrittenCredentials& written) { written.set("x-unknown", "1"); }},
    {.what = "commas without blanks",
     .write = [](WrittenCredentials& written) { written.separator = ","; }},
    {.what = "the user name without quotes",
     .is_legal = false,
     .write =
         [](WrittenCredentials& written) { written.find("username")->quoting = Quoting::bare; }},
    {.what = "the nonce without quotes",
     .is_legal = false,
     .write = [](WrittenCredentials& written) { written.find("nonce")->quoting = Quoting::bare; }},
    {.what = "single quotes",
     .is_legal = false,
     .write =
         [](WrittenCredentials& written) {
           for (const auto* name :
                {"username", "realm", "nonce", "uri", "response", "cnonce", "opaque"}) {
             if (auto* one = written.find(name)) one->quoting = Quoting::single_quoted;
           }
         },
     .when_taken = warn,
     .taken = "they are part of the value, so it was not compared"},
    {.what = "the nonce twice, a wrong one behind the right one",
     .is_legal = false,
     .write = [](WrittenCredentials& written) { repeat_nonce(written, true); },
     .when_taken = info,
     .taken = "the first one counts"},
    {.what = "the nonce twice, a wrong one before the right one",
     .is_legal = false,
     .write = [](WrittenCredentials& written) { repeat_nonce(written, false); },
     .when_taken = info,
     .taken = "the last one counts"},
    {.what = "a comma at the end",
     .is_legal = false,
     .write = [](WrittenCredentials& written) { written.trailing = ","; }},
    {.what = "no comma before response",
     .is_legal = false,
     .write =
         [](WrittenCredentials& written) {
           std::vector<std::string_view> separators(written.parameters.size(), ", ");
           for (std::size_t i = 1; i < written.parameters.size(); ++i) {
             if (written.parameters[i].name == "response") separators[i - 1] = " ";
           }
           written.value = joined(written, "=", separators);
         }},
});

// Legal, but RFC 2617 hashes the backslash and RFC 7616 does not, so both digests are right.
void try_quoted_pair(Context& context, Tries& tries) {
  const std::string_view what = "the nonce with a backslash before one character";
  sip::Exchange answered;
  for (const bool hash_backslash : {false, true}) {
    auto fresh = fresh_challenge(context);
    if (!fresh.offered.challenged()) return;
    auto escaped = fresh.offer().nonce;
    escaped.insert(escaped.size() / 2, "\\");
    sip::Deviation deviation{.must_be_refused = false};
    if (hash_backslash) deviation.nonce = escaped;
    deviation.rewrite = [&](WrittenCredentials& written) {
      auto& nonce = *written.find("nonce");
      nonce.value = '"' + escaped + '"';
      nonce.quoting = Quoting::bare;
    };
    answered = fresh.answer(deviation);
    if (answered.accepted() || outcome_of(answered) == Outcome::broken) break;
  }
  auto expected = all_refusals(info, pass);
  expected.broken = warn;
  tries.judge(what, expected, answered);
}

Finding surface_syntax(Context& context) {
  Tries tries{context};
  for (const auto& variant : variants) {
    auto fresh = fresh_challenge(context);
    if (auto none = fresh.lacking("no challenge can be answered")) return *std::move(none);
    const auto answered = fresh.answer({.rewrite = variant.write});
    auto expected = all_refusals(variant.is_legal ? warn : pass, variant.when_taken);
    expected.broken = warn;
    if (!answered.accepted() || variant.taken.empty()) {
      tries.judge(variant.what, expected, answered);
      continue;
    }
    tries.note(variant.when_taken, variant.what,
               std::string{variant.what} + " was answered with " + describe(answered) + ": " +
                   std::string{variant.taken},
               answered);
  }
  const bool aka =
      context.shared.first && context.shared.first->offer() && context.shared.first->offer()->aka;
  if (!aka) try_quoted_pair(context, tries);
  return tries.finding("what is legal was taken, and the rest taken or refused in peace");
}

constexpr auto checks = std::to_array<Check>({
    {
        .id = "SA-AUTH-20",
        .title = "Credentials of another realm beside ours",
        .question = "Does the registrar find its own row among several, in either order?",
        .right = "200 in both orders",
        .failing = "403, 400 or 401 in one of them (warning)",
        .harm = "A phone that also answered a proxy's challenge is refused with the right "
                "password.",
        .references = {"RFC 3261 22.3", "RFC 3261 22.2"},
        .needs = {.credentials = true},
        .cost = {.requests = 4, .refused = 2},
        .priority = 120,
        .worst = warn,
        .passes_on = {"strict"},
        .fails_on = {"strict", "first-row-only"},
        .run = other_realm_beside,
    },
    {
        .id = "SA-AUTH-21",
        .title = "Two rows of the same realm",
        .question = "Does the registrar live through a right and a wrong row of its own realm?",
        .right = "200, at least with the right row first",
        .acceptable = "401 without stale=true; any refusal of the wrong row first",
        .failing = "5xx or silence",
        .harm = "One odd request breaks the registrar.",
        .references = {"RFC 3261 22.3"},
        .needs = {.credentials = true},
        .cost = {.requests = 4, .refused = 2},
        .priority = 130,
        .on_silence = fail,
        .passes_on = {"strict"},
        .fails_on = {"strict", "two-rows-500"},
        .run = same_realm_twice,
    },
    {
        .id = "SA-AUTH-27",
        .title = "Legal and illegal spelling of credentials",
        .question = "Is every legal way to write credentials taken, and an illegal one survived?",
        .right = "200 to the legal ones",
        .acceptable =
            "200 or 4xx to the illegal ones; a refusal of a backslash in the nonce (note)",
        .failing =
            "a legal one is refused, 200 to single quotes, 5xx or silence (warnings); 200 to "
            "two nonces (note)",
        .harm = "Phones that write legal headers in their own way are refused with the right "
                "password.",
        .references = {"RFC 3261 7.3.1", "RFC 3261 25.1", "RFC 7616 3.4"},
        .needs = {.credentials = true},
        .cost = {.requests = 34, .refused = 17},
        .priority = 130,
        .on_silence = warn,
        .worst = warn,
        .passes_on = {"strict"},
        .fails_on = {"strict", "scheme-case"},
        .run = surface_syntax,
    },
});

}  // namespace

std::span<const Check> syntax_suite() { return checks; }

}  // namespace sipauth::checks
