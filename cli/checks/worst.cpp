#include "checks/worst.hpp"

#include <algorithm>
#include <tuple>

#include "checks/outcome.hpp"
#include "checks/policy.hpp"

namespace sipauth::checks {
namespace {

// The worst first: `field` decides, and among equals what the strict policies say.
auto rank(const Finding& finding) {
  return std::tuple{finding.verdict, verdict_under(Policy::rfc3261, finding),
                    verdict_under(Policy::rfc8760, finding)};
}

StrictVerdicts worst_of(const Finding& a, const Finding& b) {
  return {
      .rfc3261 = std::min(verdict_under(Policy::rfc3261, a), verdict_under(Policy::rfc3261, b)),
      .rfc8760 = std::min(verdict_under(Policy::rfc8760, a), verdict_under(Policy::rfc8760, b))};
}

}  // namespace

void Worst::add(Verdict verdict, std::string observed, const sip::Exchange& evidence,
                StrictVerdicts strict) {
  Finding milder{.verdict = verdict,
                 .observed = std::move(observed),
                 .evidence = {evidence},
                 .stands_on_liveness = evidence.status == 403,
                 .strict = strict};
  if (!any_) {
    finding_ = std::move(milder);
    any_ = true;
    return;
  }
  if (rank(milder) < rank(finding_)) std::swap(milder, finding_);
  const auto worst = worst_of(milder, finding_);
  if (worst.rfc3261 < verdict_under(Policy::rfc3261, finding_) ||
      worst.rfc8760 < verdict_under(Policy::rfc8760, finding_)) {
    finding_.observed += "; worse under a strict policy: " + milder.observed;
    finding_.strict = worst;
  }
}

Finding no_challenge(const sip::Exchange& offered) {
  return {Verdict::inconclusive, "no challenge was offered: " + describe(offered), {offered}};
}

Finding no_challenges() { return {Verdict::skip, "no challenge was seen (SA-CH-01)"}; }

}  // namespace sipauth::checks
