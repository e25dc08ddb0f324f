// How grave a departure is, by which text: in the field, or by the letter of the RFCs.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "sipauth/diagnostic.hpp"

namespace sipauth {

enum class LintPolicy : std::uint8_t {
  field,    ///< by what it does to phones and servers as they are: the severity of the rule's row
  rfc3261,  ///< what breaks the grammar or a MUST of RFC 3261, with RFC 2617, is an error
  rfc8760,  ///< the same of RFC 8760, with RFC 7616
};

struct LintPolicyRow {
  LintPolicy policy = LintPolicy::field;
  std::string_view name = {};
};

inline constexpr auto lint_policies = std::to_array<LintPolicyRow>({
    {LintPolicy::field, "field"},
    {LintPolicy::rfc3261, "rfc3261"},
    {LintPolicy::rfc8760, "rfc8760"},
});

[[nodiscard]] SIPAUTH_API Severity severity_under(LintPolicy policy, RuleId rule) noexcept;

}  // namespace sipauth
