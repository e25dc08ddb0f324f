// What a check can conclude.
#pragma once

#include <cstdint>
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

}  // namespace sipauth
