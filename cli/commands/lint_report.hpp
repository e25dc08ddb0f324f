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

namespace sipauth::commands {

struct LintedInput {
  std::string file = {};  ///< `-` for standard input, `--header` for an argument
  std::string text = {};
  bool is_message = false;
  std::vector<Diagnostic> diagnostics = {};  ///< by offset in `text`
  std::size_t dropped = 0;                   ///< found, but too many to keep
  std::optional<ParseError> error = {};      ///< why nothing beyond it could be read
  Understood understood = {};

  [[nodiscard]] bool has_error() const;
};

struct LintReport {
  std::vector<LintedInput> inputs = {};
  std::optional<results::Error> unreadable = {};  ///< the first file that could not be read
};

/// Reads `text` as what it looks like: a message, header rows, or a bare value.
[[nodiscard]] LintedInput lint_input(std::string file, std::string text);

[[nodiscard]] Document render_lint(const LintReport& report, int exit_code);

}  // namespace sipauth::commands
