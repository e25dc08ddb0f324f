// By which text findings are judged. The facts are the same under every policy; what half of the
// installed base does by default is a warning under `field` and a failure under the strict ones.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "checks/check.hpp"

namespace sipauth::checks {

enum class Policy : std::uint8_t { field, rfc3261, rfc8760 };

struct PolicyRow {
  Policy policy = Policy::field;
  std::string_view name = {};
  std::string_view meaning = {};
};

inline constexpr auto policies = std::to_array<PolicyRow>({
    {Policy::field, "field", "what hurts phones and servers as they are"},
    {Policy::rfc3261, "rfc3261", "RFC 3261, with RFC 2617: what breaks a MUST fails"},
    {Policy::rfc8760, "rfc8760", "RFC 8760, with RFC 7616: what breaks a MUST fails"},
});

[[nodiscard]] std::string_view policy_name(Policy policy);

/// nullptr: there is no such policy.
[[nodiscard]] const PolicyRow* find_policy(std::string_view name);

/// The one place where a policy judges. What was not judged stays so under every policy.
[[nodiscard]] Verdict verdict_under(Policy policy, const Finding& finding);

/// Is there a policy under which the verdict is another one?
[[nodiscard]] bool depends_on_policy(const Finding& finding);

}  // namespace sipauth::checks
