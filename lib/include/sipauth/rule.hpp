// What a lint rule is. The rows stand in the headers that rules.hpp puts together.
#pragma once

#include <cstdint>
#include <string_view>

namespace sipauth {

enum class Severity : std::uint8_t {
  note,     ///< legal, and worth knowing
  warning,  ///< against the grammar, or a peer is known to stumble over it
  error,    ///< against the grammar; peers refuse the header or misread it
};

constexpr std::string_view severity_name(Severity severity) noexcept {
  if (severity == Severity::error) return "error";
  return severity == Severity::warning ? "warning" : "note";
}

/// How a rule's examples are read.
enum class ExampleOf : std::uint8_t {
  message,
  challenge,
  credentials,
  authentication_info,
  exchange,  ///< messages one behind the other, as a trace has them
};

struct Rule {
  std::string_view name;  ///< never changed once released
  Severity severity = Severity::error;
  std::string_view reference;
  std::string_view sentence;
  ExampleOf example_of = ExampleOf::challenge;
  std::string_view wrong;  ///< an example that breaks this rule and no other; a test parses it
  std::string_view right;  ///< the same, mended: it breaks none
};

}  // namespace sipauth
