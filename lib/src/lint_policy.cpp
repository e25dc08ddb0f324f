#include "sipauth/lint_policy.hpp"

#include <algorithm>

namespace sipauth {
namespace {

struct Breach {
  RuleId rule;
  bool of_rfc3261 = true;
  bool of_rfc8760 = true;
  Severity severity = Severity::error;
};

// Warnings of the field that break a MUST or the grammar, and what a text warns of. RFC 8760 keeps
// all of RFC 3261 but what it says about Digest; the quotes are a MUST of RFC 7616 3.3 and 3.4
// alone.
constexpr auto breaches = std::to_array<Breach>({
    {"SL-empty-element"},
    {"SL-duplicate-parameter"},
    {"SL-unquoted-qop"},
    {"SL-unquoted-opaque"},
    {"SL-unquoted-domain"},
    {"SL-quoted-stale", false},
    {"SL-quoted-algorithm", false},
    {"SL-quoted-qop"},
    {"SL-quoted-nc"},
    {"SL-not-utf-8"},
    {"SL-missing-qop"},
    {"SL-blank-in-qop"},
    {"SL-malformed-qop"},
    {"SL-charset-not-utf-8", false},
    {"SL-userhash-not-boolean", false},
    {"SL-unregistered-algorithm", false},
    {"SL-sha-without-qop", false},
    {"SL-upper-case-response"},
    {"SL-upper-case-nc"},
    {"SL-cnonce-without-qop"},
    {"SL-same-challenge-twice", false},
    {"SL-start-line"},
    {"SL-version-case"},
    {"SL-bare-line-feed"},
    {"SL-host-underscore"},
    {"SL-parameter-empty"},
    {"SL-name-addr-blank"},
    {"SL-via-branch-missing"},
    {"SL-via-branch-cookie"},
    {"SL-missing-max-forwards"},
    {"SL-missing-from-tag"},
    {"SL-missing-to-tag"},
    {"SL-zero-nc"},
    {"SL-stale-at-first"},
    {"SL-guessable-nonce"},
    {"SL-qop-left-out"},
    {"SL-md5-only", false, true, Severity::warning},
    // Against no text, but phones stay out.
    {"SL-qop-auth-int-only", true, true, Severity::warning},
    {"SL-realm-changes", true, true, Severity::warning},
});

}  // namespace

Severity severity_under(LintPolicy policy, RuleId rule) noexcept {
  const auto* breach = std::ranges::find(breaches, rule, &Breach::rule);
  if (policy == LintPolicy::field || breach == breaches.end()) return rule->severity;
  const bool breaks = policy == LintPolicy::rfc3261 ? breach->of_rfc3261 : breach->of_rfc8760;
  return breaks ? breach->severity : rule->severity;
}

}  // namespace sipauth
