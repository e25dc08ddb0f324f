// What a check can conclude.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace sipauth {

/// In the order of a report: the worst first.
enum class Verdict : std::uint8_t { fail, warn, inconclusive, info, skip, pass };

constexpr std::string_view verdict_name(Verdict verdict) {
  switch (verdict) {
    case Verdict::fail:
      return "fail";
    case Verdict::warn:
      return "warn";
    case Verdict::inconclusive:
      return "inconclusive";
    case Verdict::info:
      return "info";
    case Verdict::skip:
      return "skip";
    case Verdict::pass:
      return "pass";
  }
  return "inconclusive";
}

/// Verdicts under the strict policies, where they differ from the one of `field`
/// (checks/policy.hpp).
struct StrictVerdicts {
  std::optional<Verdict> rfc3261 = {};
  std::optional<Verdict> rfc8760 = {};
};

/// What RFC 3261 demands with a MUST, or forbids with a MUST NOT, though many servers do otherwise.
constexpr StrictVerdicts against_rfc3261{.rfc3261 = Verdict::fail, .rfc8760 = Verdict::fail};

/// The same of RFC 8760 and of RFC 7616, which it puts in the place of RFC 2617.
constexpr StrictVerdicts against_rfc8760{.rfc8760 = Verdict::fail};

}  // namespace sipauth
