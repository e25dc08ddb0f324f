#include <unistd.h>

#include <algorithm>
#include <utility>

#include "commands/document.hpp"
#include "commands/input.hpp"
#include "commands/lint_report.hpp"
#include "commands/options.hpp"
#include "commands/run.hpp"
#include "sipauth/limits.hpp"

namespace sipauth::commands {
namespace {

constexpr int nothing_wrong = 0;
constexpr int has_errors = 1;

// More than a message may have, so that one too long is linted and told where it is.
constexpr std::size_t max_input_bytes = 16 * limits::message_bytes;

LintReport lint_all(const GlobalOptions& global, const LintOptions& options) {
  auto files = options.files;
  if (files.empty() && options.headers.empty()) files.emplace_back("-");
  if (std::ranges::count(files, "-") > 0 && ::isatty(STDIN_FILENO) != 0) {
    say(global, "Paste a SIP message or a header, then press Ctrl-D.");
  }

  LintReport report;
  for (const auto& header : options.headers) {
    report.inputs.push_back(lint_input("--header", header));
  }
  for (const auto& file : files) {
    auto text = read_input(file, max_input_bytes);
    if (text) {
      report.inputs.push_back(lint_input(file, std::move(*text)));
    } else if (!report.unreadable) {
      report.unreadable = results::Error{"usage", std::move(text.error())};
    }
  }
  return report;
}

}  // namespace

int run_lint(const GlobalOptions& global, const LintOptions& options) {
  const auto outputs = document_outputs(global, "lint");
  if (!outputs) return put_out_error(global, "lint", outputs.error());

  const auto report = lint_all(global, options);
  if (report.unreadable && report.inputs.empty()) {
    return put_out_error(global, "lint", *report.unreadable);
  }
  if (report.unreadable) {
    const int exit_code = exit_code_of(report.unreadable->kind);
    say(global, report.unreadable->text);
    return put_out_document(*outputs, render_lint(report, exit_code), exit_code);
  }
  const bool wrong = std::ranges::any_of(report.inputs, &LintedInput::has_error);
  const int exit_code = wrong ? has_errors : nothing_wrong;
  return put_out_document(*outputs, render_lint(report, exit_code), exit_code);
}

}  // namespace sipauth::commands
