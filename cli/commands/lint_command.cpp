#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "commands/document.hpp"
#include "commands/input.hpp"
#include "commands/lint_report.hpp"
#include "commands/options.hpp"
#include "commands/run.hpp"
#include "commands/terminal.hpp"
#include "results/escape.hpp"

namespace sipauth::commands {
namespace {

constexpr int nothing_wrong = 0;
constexpr int has_errors = 1;

// A trace of some ten thousand messages; a longer one is a capture, and for sipauth pcap.
constexpr std::size_t max_input_bytes = std::size_t{16} << 20U;

LintReport lint_all(const GlobalOptions& global, const LintOptions& options) {
  const auto policy =
      std::ranges::find(lint_policies, options.policy, &LintPolicyRow::name)->policy;
  auto files = options.files;
  if (files.empty() && options.headers.empty()) files.emplace_back("-");
  if (std::ranges::count(files, "-") > 0 && ::isatty(STDIN_FILENO) != 0) {
    say(global, "Paste a SIP message or a header, then press Ctrl-D.");
  }

  LintReport report;
  report.policy = policy;
  report.show_secrets = options.show_secrets;
  for (const auto& header : options.headers) {
    report.inputs.push_back(lint_input("--header", header, policy, options.fix));
  }
  for (const auto& file : files) {
    auto text = read_text_input(file, max_input_bytes);
    if (text) {
      report.inputs.push_back(lint_input(file, std::move(*text), policy, options.fix));
    } else if (!report.unreadable) {
      report.unreadable = results::Error{"usage", std::move(text.error())};
    }
  }
  return report;
}

// Colours go to the terminal alone, never into a file.
results::TextStyle style_of(const GlobalOptions& global, const std::vector<Output>& outputs) {
  const bool to_file = std::ranges::any_of(outputs, [](const Output& output) {
    return output.format == "text" && !output.file.empty();
  });
  return to_file ? file_style(global) : standard_output_style(global);
}

// What --fix could not mend, since its text is for a program.
void say_what_is_left(const GlobalOptions& global, const LintReport& report) {
  for (const auto& input : report.inputs) {
    for (const auto& part : input.parts) {
      if (part.error)
        say(global,
            fmt::format("{}: {}", results::for_terminal(input.file), part.error->sentence()));
      if (!part.fixed) continue;
      for (const auto& [rule, where] : part.fixed->left) {
        if (severity_under(report.policy, rule) == Severity::note) continue;
        say(global, fmt::format("{}: not mended: {} [{}, {}]", results::for_terminal(input.file),
                                rule->sentence, rule->name, rule->reference));
      }
      if (std::ranges::find(part.fixed->mended, RuleId{"SL-bad-nc"}) != part.fixed->mended.end()) {
        say(global, "The response was computed with nc as it was: it must be computed anew.");
      }
    }
  }
}

Document document_of(const GlobalOptions& global, const LintOptions& options,
                     const std::vector<Output>& outputs, const LintReport& report, int exit_code) {
  if (!options.fix) return render_lint(report, style_of(global, outputs), exit_code);
  say_what_is_left(global, report);
  return render_fixed(report, exit_code);
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
    return put_out_document(*outputs, document_of(global, options, *outputs, report, exit_code),
                            exit_code);
  }
  const bool wrong = std::ranges::any_of(
      report.inputs, [&](const LintedInput& input) { return input.has_error(report.policy); });
  const int exit_code = wrong ? has_errors : nothing_wrong;
  return put_out_document(*outputs, document_of(global, options, *outputs, report, exit_code),
                          exit_code);
}

}  // namespace sipauth::commands
