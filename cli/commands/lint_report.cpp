#include "commands/lint_report.hpp"

#include <algorithm>
#include <utility>

#include "commands/paste.hpp"
#include "sipauth/lint.hpp"

namespace sipauth::commands {
namespace {

Understood understand(std::string_view text, InputKind kind) {
  switch (kind) {
    case InputKind::message:
      return understand_message(text);
    case InputKind::header:
      return understand_rows(text, header_rows(text));
    case InputKind::challenge:
      return understand_challenge(text);
    case InputKind::credentials:
      return understand_credentials(text);
  }
  std::unreachable();
}

}  // namespace

bool LintedInput::has_error() const {
  return error || std::ranges::any_of(diagnostics, [](const Diagnostic& diagnostic) {
           return diagnostic.rule->severity == Severity::error;
         });
}

LintedInput lint_input(std::string file, std::string text) {
  LintedInput input;
  input.file = std::move(file);
  input.text = std::move(text);
  const auto kind = kind_of(input.text);
  input.is_message = kind == InputKind::message;

  Diagnostics diagnostics;
  if (const auto linted = sipauth::lint_text(input.text, diagnostics); !linted) {
    input.error = linted.error();
  }
  input.diagnostics.assign(diagnostics.list().begin(), diagnostics.list().end());
  input.dropped = diagnostics.dropped();
  std::ranges::sort(input.diagnostics, {}, [](const Diagnostic& diagnostic) {
    return std::pair{diagnostic.where.offset, diagnostic.rule->name};
  });
  if (input.text.size() <= limits::message_bytes) input.understood = understand(input.text, kind);
  return input;
}

}  // namespace sipauth::commands
