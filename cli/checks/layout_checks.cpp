// SA-CH-03 to -07, -11, -14, -15, -18 and SA-STALE-09: how the challenges of the whole run are
// written.
//
// The parser has judged every header already; a check is a list of lint rules. An error is a fail,
// a warning a warning, a note a note.

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <vector>

#include "checks/check.hpp"
#include "checks/context.hpp"
#include "checks/outcome.hpp"
#include "checks/seen_challenges.hpp"
#include "checks/worst.hpp"
#include "sipauth/datagram.hpp"
#include "sipauth/digest.hpp"

namespace sipauth::checks {
namespace {

using enum Verdict;

Verdict verdict_of(Severity severity) {
  switch (severity) {
    case Severity::error:
      return fail;
    case Severity::warning:
      return warn;
    case Severity::note:
      return info;
  }
  return fail;
}

/// Of these rules that are no errors, RFC 3261 and RFC 7616 say MUST. (The grammar of RFC 3261
/// alone says what is quoted, and a departure from it stays the warning that it is.)
struct StrictRule {
  RuleId rule;
  StrictVerdicts verdicts = {};
};
constexpr auto strict_rules = std::to_array<StrictRule>({{"SL-missing-qop", against_rfc3261},
                                                         {"SL-unquoted-qop", against_rfc8760},
                                                         {"SL-unquoted-opaque", against_rfc8760},
                                                         {"SL-unquoted-domain", against_rfc8760},
                                                         {"SL-quoted-stale", against_rfc8760},
                                                         {"SL-quoted-algorithm", against_rfc8760}});

StrictVerdicts strict_verdicts(RuleId rule) {
  const auto* row = std::ranges::find(strict_rules, rule, &StrictRule::rule);
  return row == strict_rules.end() ? StrictVerdicts{} : row->verdicts;
}

std::string sentence(const Rule& rule, const SeenChallenge& seen) {
  auto text = std::string{rule.sentence};
  if (text.ends_with('.')) text.pop_back();
  return text + " (" + std::string{rule.name} + "): " + seen.row();
}

std::vector<sip::Exchange> first_answer(const Context& context) {
  const auto& first = context.shared.first;
  return first ? std::vector{*first} : std::vector<sip::Exchange>{};
}

std::string in_all(int challenges) {
  if (challenges == 1) return " in the one challenge seen";
  return " in all " + std::to_string(challenges) + " challenges";
}

// The worst of these rules in any challenge of the run, and how many challenges break one.
Finding judge(Context& context, std::span<const RuleId> rules, std::string_view clean) {
  Worst worst;
  int challenges = 0;
  int broken = 0;
  for_each_seen(context, [&](const SeenChallenge& seen) {
    ++challenges;
    bool breaks = false;
    for (const auto& diagnostic : seen.diagnostics.list()) {
      if (std::ranges::find(rules, diagnostic.rule) == rules.end()) continue;
      breaks = true;
      worst.add(verdict_of(diagnostic.rule->severity), sentence(*diagnostic.rule, seen),
                seen.exchange, strict_verdicts(diagnostic.rule));
    }
    broken += static_cast<int>(breaks);
  });
  if (challenges == 0) return no_challenges();
  if (!worst.any()) {
    return {pass, std::string{clean} + in_all(challenges), first_answer(context)};
  }
  auto finding = worst.finding();
  finding.stands_on_liveness = false;
  if (challenges > 1) {
    finding.observed +=
        " [" + std::to_string(broken) + " of " + std::to_string(challenges) + " challenges]";
  }
  return finding;
}

Finding commas(Context& context) {
  static constexpr auto rules =
      std::to_array<RuleId>({"SL-missing-comma", "SL-semicolon", "SL-empty-element",
                             "SL-not-a-parameter", "SL-text-after-value"});
  return judge(context, rules, "a comma stands between every two parameters");
}

Finding quoting(Context& context) {
  static constexpr auto rules = std::to_array<RuleId>(
      {"SL-unquoted-string", "SL-unquoted-qop", "SL-unquoted-opaque", "SL-unquoted-domain",
       "SL-quoted-stale", "SL-quoted-algorithm", "SL-single-quotes", "SL-typographic-quotes",
       "SL-open-string", "SL-control-in-value", "SL-line-break-in-value", "SL-fold-in-value",
       "SL-bad-quoted-pair", "SL-backslash-in-nonce", "SL-not-a-token", "SL-empty-value",
       "SL-not-utf-8"});
  return judge(context, rules, "quotes stand where they must");
}

Finding required_once(Context& context) {
  static constexpr auto rules =
      std::to_array<RuleId>({"SL-missing-realm", "SL-missing-nonce", "SL-empty-realm",
                             "SL-empty-nonce", "SL-duplicate-required", "SL-duplicate-parameter"});
  return judge(context, rules, "realm and nonce stand once and are not empty");
}

Finding qop_offered(Context& context) {
  static constexpr auto rules = std::to_array<RuleId>(
      {"SL-missing-qop", "SL-empty-qop", "SL-blank-in-qop", "SL-malformed-qop", "SL-unknown-qop",
       "SL-qop-auth-int-only", "SL-qop-auth-int-first", "SL-qop-list"});
  return judge(context, rules, "qop is offered");
}

bool has_computable_row(const SeenChallenge& seen) {
  bool found = false;
  for_each_challenge(seen.message, [&](const Header&, const Challenge& other, const Diagnostics&) {
    found =
        found || (other.is_digest() && find_algorithm(other.algorithm().value_or("")) != nullptr);
  });
  return found;
}

// An unknown algorithm hurts only where no other row can be answered.
Finding algorithms_known(Context& context) {
  static constexpr auto rules =
      std::to_array<RuleId>({"SL-unregistered-algorithm", "SL-odd-case-algorithm",
                             "SL-session-without-qop", "SL-sha-without-qop"});
  Worst unknown;
  for_each_seen(context, [&](const SeenChallenge& seen) {
    if (!seen.diagnostics.has("SL-unknown-algorithm")) return;
    unknown.add(has_computable_row(seen) ? info : fail,
                sentence(*RuleId{"SL-unknown-algorithm"}, seen), seen.exchange);
  });
  auto finding = judge(context, rules, "the algorithm is absent or registered");
  return unknown.any() && unknown.finding().verdict < finding.verdict ? unknown.finding() : finding;
}

Finding unknown_parameters(Context& context) {
  static constexpr auto rules = std::to_array<RuleId>({"SL-unknown-parameter"});
  return judge(context, rules, "only registered parameters");
}

Finding no_basic(Context& context) {
  static constexpr auto rules = std::to_array<RuleId>({"SL-basic-offered"});
  return judge(context, rules, "Basic is not offered");
}

Finding charset_and_userhash(Context& context) {
  static constexpr auto rules = std::to_array<RuleId>(
      {"SL-charset-not-utf-8", "SL-userhash-not-boolean", "SL-quoted-extension"});
  return judge(context, rules, "charset and userhash are absent or right");
}

Finding layout(Context& context) {
  const bool datagrams = !context.session().transport().is_reliable();
  Worst worst;
  int challenges = 0;
  for_each_seen(context, [&](const SeenChallenge& seen) {
    ++challenges;
    const auto text = seen.message.text();
    const auto end = span_of(seen.header.value, text).offset + seen.header.value.size();
    if (seen.header.value.contains('\n')) {
      worst.add(warn, "the header is folded over several lines: " + seen.row(), seen.exchange);
    }
    if (end < text.size() && (text[end] == ' ' || text[end] == '\t')) {
      worst.add(info, "a blank stands at the end of the line: " + seen.row(), seen.exchange);
    }
    if (datagrams && text.size() > comfortable_datagram) {
      worst.add(info, "the answer has " + std::to_string(text.size()) + " bytes", seen.exchange);
    }
  });
  if (challenges == 0) return no_challenges();
  if (worst.any()) return worst.finding();
  return {pass, "one line each, without blanks at its end", first_answer(context)};
}

bool is_lower_true(std::string_view value) { return value == "true"; }

// Only what was said to credentials: a first challenge has no stale (SA-CH-08).
Finding stale_token(Context& context) {
  Worst worst;
  int stale = 0;
  for_each_seen(context, [&](const SeenChallenge& seen) {
    const auto* parameter = seen.challenge.find("stale");
    if (!seen.exchange.sent || !parameter || same(parameter->value, "false")) return;
    ++stale;
    const auto& found = seen.diagnostics;
    for (const auto rule : {RuleId{"SL-stale-not-boolean"}, RuleId{"SL-missing-comma"},
                            RuleId{"SL-semicolon"}, RuleId{"SL-quoted-stale"}}) {
      if (found.has(rule)) {
        worst.add(verdict_of(rule->severity), sentence(*rule, seen), seen.exchange,
                  strict_verdicts(rule));
      }
    }
    if (same(parameter->value, "true") && !is_lower_true(parameter->value)) {
      worst.add(info, "stale is written in an unusual but legal case: " + seen.row(),
                seen.exchange);
    }
  });
  if (stale == 0) return {skip, "no nonce was called stale in this run"};
  if (worst.any()) return worst.finding();
  return {pass, "stale=true was written rightly " + std::to_string(stale) + " time(s)",
          first_answer(context)};
}

constexpr auto checks = std::to_array<Check>({
    {
        .id = "SA-CH-03",
        .title = "Commas between parameters",
        .question = "Does a comma stand between every two parameters of every challenge?",
        .right = "exactly one comma between every two parameters",
        .failing = "a missing comma or a semicolon; a doubled, leading or trailing comma is a "
                   "warning",
        .harm = "Strict phones drop the whole header: no challenge, no registration. Others read "
                "a nonce that ends in garbage.",
        .references = {"RFC 3261 25.1"},
        .stage = Stage::whole_run,
        .builds_on = {"SA-AUTH-01", "SA-NONCE-02"},
        .passes_on = {"strict"},
        .fails_on = {"asterisk-2005-first-patch"},
        .run = commas,
    },
    {
        .id = "SA-CH-04",
        .title = "Quoting",
        .question = "Do the quotes of every challenge stand where they must, and nowhere else?",
        .right = "realm, nonce, opaque, domain and qop quoted; stale and algorithm not",
        .failing = "an unquoted realm or nonce, single quotes, a quote never closed, a raw "
                   "control; the rest is a warning",
        .strict = "unquoted qop, opaque or domain, and quoted stale or algorithm, fail under "
                  "rfc8760",
        .harm = "Phones ignore a quoted stale, or cannot read the header at all.",
        .references = {"RFC 7616 3.3", "RFC 3261 25.1"},
        .stage = Stage::whole_run,
        .passes_on = {"strict"},
        .fails_on = {"strict", "unquoted-nonce"},
        .run = quoting,
    },
    {
        .id = "SA-CH-05",
        .title = "Required parameters, once",
        .question = "Does every challenge have one realm and one nonce?",
        .right = "realm and nonce exactly once, not empty",
        .failing = "missing, empty or given twice; another parameter twice is a warning",
        .harm = "Of two, some phones take the first and some the last.",
        .references = {"RFC 9110 11.2", "RFC 3261 25.1"},
        .stage = Stage::whole_run,
        .passes_on = {"strict"},
        .fails_on = {"strict", "duplicate-nonce"},
        .run = required_once,
    },
    {
        .id = "SA-CH-06",
        .title = "qop offered",
        .question = "Can every phone answer with qop=auth?",
        .right = "qop=\"auth\", alone or first in a list without blanks",
        .acceptable = "a list (note)",
        .failing = "only auth-int or only unknown values; no qop, blanks or auth-int first are "
                   "warnings",
        .strict = "no qop fails under rfc3261 and rfc8760",
        .harm = "Without qop there is no cnonce and no protection against replay; odd lists are "
                "refused by some phones.",
        .references = {"RFC 3261 22.4", "RFC 8760 2.6"},
        .stage = Stage::whole_run,
        .passes_on = {"strict"},
        .fails_on = {"strict", "qop-authint-only"},
        .run = qop_offered,
    },
    {
        .id = "SA-CH-07",
        .title = "Algorithm known",
        .question = "Can a phone compute an answer?",
        .right = "no algorithm, MD5, SHA-256, SHA-512-256 or their -sess forms",
        .failing = "only unknown ones, -sess without qop; odd case, SHA without qop and SHA-512 "
                   "are warnings",
        .harm = "The phone cannot answer and asks again for ever.",
        .references = {"RFC 7616 6.1", "RFC 8760 2.1"},
        .stage = Stage::whole_run,
        .passes_on = {"strict"},
        .fails_on = {"strict", "unknown-algorithm"},
        .run = algorithms_known,
    },
    {
        .id = "SA-CH-11",
        .title = "Unknown parameters",
        .question = "Are there parameters that no RFC defines?",
        .right = "none",
        .acceptable = "any (note): phones must ignore them",
        .harm = "None, where phones follow the RFC.",
        .references = {"RFC 7616 3.3"},
        .stage = Stage::whole_run,
        .worst = info,
        .passes_on = {"strict"},
        .fails_on = {"strict", "unknown-parameter"},
        .run = unknown_parameters,
    },
    {
        .id = "SA-CH-14",
        .title = "Layout",
        .question = "Is every challenge on one line, in an answer that fits a packet?",
        .right = "no folding, no blank at the end, at most 1300 bytes on UDP",
        .failing = "folding (warning); a trailing blank or a longer answer is a note",
        .harm = "Some phones do not read folded headers.",
        .references = {"RFC 3261 7.3.1"},
        .stage = Stage::whole_run,
        .worst = warn,
        .passes_on = {"strict"},
        .fails_on = {"strict", "folded"},
        .run = layout,
    },
    {
        .id = "SA-CH-15",
        .title = "Basic is not offered",
        .question = "Does the registrar ask for passwords in the clear?",
        .right = "no challenge of the scheme Basic",
        .failing = "one",
        .harm = "A phone that follows it shows its password to everyone on the way.",
        .references = {"RFC 3261 22", "RFC 8760 2.6"},
        .stage = Stage::whole_run,
        .passes_on = {"strict"},
        .fails_on = {"strict", "basic-offered"},
        .run = no_basic,
    },
    {
        .id = "SA-CH-18",
        .title = "charset and userhash",
        .question = "Are charset and userhash written as RFC 7616 wants them?",
        .right = "charset=UTF-8, userhash=true or false",
        .failing = "another value (warning); quotes (note)",
        .harm = "Phones ignore them, and names with accents do not fit.",
        .references = {"RFC 7616 3.3"},
        .stage = Stage::whole_run,
        .worst = warn,
        .passes_on = {"strict"},
        .fails_on = {"strict", "charset-odd"},
        .run = charset_and_userhash,
    },
    {
        .id = "SA-STALE-09",
        .title = "How stale is written",
        .question = "Is every stale=true of the run one that strict phones read?",
        .right = "true without quotes, behind a comma",
        .acceptable = "TRUE (note)",
        .failing = "another word, or no comma; quotes are a warning",
        .strict = "quotes fail under rfc8760",
        .harm = "The phone does not see that only its nonce was old, and asks for a password.",
        .references = {"RFC 7616 3.3", "RFC 3261 25.1"},
        .stage = Stage::whole_run,
        .needs = {.credentials = true},
        .builds_on = {"SA-NONCE-02"},
        .passes_on = {"strict"},
        .fails_on = {"asterisk-2005-r5834", "missing-comma"},
        .run = stale_token,
    },
});

}  // namespace

std::span<const Check> layout_suite() { return checks; }

}  // namespace sipauth::checks
