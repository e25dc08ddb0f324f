#include "checks/policy.hpp"

#include <algorithm>

namespace sipauth::checks {

std::string_view policy_name(Policy policy) {
  return std::ranges::find(policies, policy, &PolicyRow::policy)->name;
}

const PolicyRow* find_policy(std::string_view name) {
  const auto* row = std::ranges::find(policies, name, &PolicyRow::name);
  return row == policies.end() ? nullptr : row;
}

Verdict verdict_under(Policy policy, const Finding& finding) {
  const auto of_field = finding.verdict;
  // The runner may have withdrawn a verdict that was made with strict ones beside it.
  if (of_field == Verdict::inconclusive || of_field == Verdict::skip) return of_field;
  switch (policy) {
    case Policy::field:
      break;
    case Policy::rfc3261:
      return finding.strict.rfc3261.value_or(of_field);
    case Policy::rfc8760:
      return finding.strict.rfc8760.value_or(of_field);
  }
  return of_field;
}

bool depends_on_policy(const Finding& finding) {
  return std::ranges::any_of(policies, [&](const PolicyRow& row) {
    return verdict_under(row.policy, finding) != finding.verdict;
  });
}

}  // namespace sipauth::checks
