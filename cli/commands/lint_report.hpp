// Linted inputs, as a compiler would tell them and as JSON.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "commands/document.hpp"
#include "commands/understood.hpp"
#include "results/result.hpp"
#include "sipauth/diagnostic.hpp"
#include "sipauth/fix.hpp"
#include "sipauth/lint.hpp"
#include "sipauth/lint_policy.hpp"
#include "sipauth/trace.hpp"

namespace sipauth::commands {

struct Told {
  Diagnostic diagnostic = {};  ///< offsets from the first byte of the input
  Severity severity = Severity::error;
  std::optional<Edit> fix = {};
};

/// A message, or header rows, of an input.
struct LintedPart {
  TracedMessage traced = {};  ///< where it stands, when and between whom; of a trace only
  std::vector<Told> diagnostics = {};
  std::size_t dropped = 0;               ///< found, but too many to keep
  std::optional<ParseError> error = {};  ///< why nothing beyond it could be read
  Redacted redacted = {};
  Understood understood = {};
  std::optional<Fixed> fixed = {};

  [[nodiscard]] bool has(Severity severity) const;
};

enum class LintedKind : std::uint8_t { message, header, trace };

struct LintedInput {
  std::string file = {};  ///< `-` for standard input, `--header` for an argument
  std::string text = {};
  LintedKind kind = LintedKind::message;
  std::vector<LintedPart> parts = {};  ///< of a trace several, else one

  /// Of what is left, where it was mended.
  [[nodiscard]] bool has_error(LintPolicy policy) const;
};

struct LintReport {
  std::vector<LintedInput> inputs = {};
  std::optional<results::Error> unreadable = {};  ///< the first file that could not be read
  LintPolicy policy = LintPolicy::field;
  bool show_secrets = false;
};

/// Reads `text` as what it looks like: a message, header rows, a bare value, or a trace with
/// messages in it. `mend`: fill LintedPart::fixed.
[[nodiscard]] LintedInput lint_input(std::string file, std::string text, LintPolicy policy,
                                     bool mend);

/// The text is drawn by `style`.
[[nodiscard]] Document render_lint(const LintReport& report, const results::TextStyle& style,
                                   int exit_code);

/// The mended texts instead, with the same JSON.
[[nodiscard]] Document render_fixed(const LintReport& report, int exit_code);

[[nodiscard]] std::string lint_json(const LintReport& report, int exit_code);

}  // namespace sipauth::commands
