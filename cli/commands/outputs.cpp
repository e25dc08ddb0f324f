// -o FORMAT[:FILE], and what goes there.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>

#include "commands/document.hpp"
#include "commands/run.hpp"
#include "commands/suggest.hpp"
#include "commands/terminal.hpp"
#include "results/escape.hpp"

namespace sipauth::commands {
namespace {

using results::Error;

std::unexpected<Error> usage(std::string text) {
  return std::unexpected{Error{"usage", std::move(text)}};
}

constexpr auto formats = std::to_array<std::string_view>({"text", "json"});

// Formats of the contract that other versions write.
constexpr auto other_formats = std::to_array<std::string_view>(
    {"jsonl", "junit", "sarif", "html", "markdown", "tap", "nagios", "openmetrics", "ladder"});

constexpr std::string_view what_there_is = "this version writes text and json";

// What the end of a file's name says about the format that was meant.
struct Suffix {
  std::string_view suffix;
  std::string_view format;
};
constexpr auto suffixes = std::to_array<Suffix>({{".json", "json"},
                                                 {".jsonl", "jsonl"},
                                                 {".txt", "text"},
                                                 {".html", "html"},
                                                 {".htm", "html"},
                                                 {".xml", "junit"},
                                                 {".sarif", "sarif"},
                                                 {".md", "markdown"},
                                                 {".tap", "tap"},
                                                 {".prom", "openmetrics"}});

bool contains(std::span<const std::string_view> names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

std::string unknown_format(const std::string& typed) {
  const auto name = results::for_terminal(typed);
  const auto suffix = std::ranges::find_if(
      suffixes, [&](const Suffix& row) { return typed.ends_with(row.suffix); });
  if (suffix != suffixes.end()) {
    return fmt::format(
        "-o takes FORMAT[:FILE]: did you mean {}:{}?{}", suffix->format, name,
        contains(formats, suffix->format) ? "" : fmt::format(" But {}.", what_there_is));
  }
  return fmt::format("There is no output format \"{}\": {}.{}", name, what_there_is,
                     did_you_mean(typed, formats));
}

std::expected<Output, Error> read_output(const std::string& text,
                                         std::span<const std::string_view> besides = {}) {
  const auto colon = std::min(text.find(':'), text.size());
  Output output{.format = text.substr(0, colon), .file = {}};
  const bool known = contains(formats, output.format) || contains(besides, output.format);
  if (!known && contains(other_formats, output.format)) {
    return usage(fmt::format("-o {} is not built yet: {}.", output.format, what_there_is));
  }
  if (!known) return usage(unknown_format(text));
  if (colon == text.size()) return output;
  output.file = text.substr(colon + 1);
  if (output.file.empty()) return usage(fmt::format("-o {}: names no file.", output.format));
  if (output.file == "-") output.file.clear();
  return output;
}

}  // namespace

std::expected<std::vector<Output>, Error> outputs_of(const GlobalOptions& global,
                                                     std::span<const std::string_view> besides) {
  if (global.outputs.empty()) return std::vector<Output>{{.format = "text", .file = {}}};
  std::vector<Output> outputs;
  std::set<std::string> seen;
  for (const auto& text : global.outputs) {
    auto output = read_output(text, besides);
    if (!output) return std::unexpected{std::move(output.error())};
    if (!seen.insert(output->file).second) {
      return usage(output->file.empty()
                       ? "Only one output can go to standard output: name a file for the others, "
                         "as in -o json:FILE."
                       : fmt::format("Two outputs would go to the file {}.",
                                     results::for_terminal(output->file)));
    }
    outputs.push_back(std::move(*output));
  }
  return outputs;
}

int put_out(const GlobalOptions& global, const std::vector<Output>& outputs,
            const results::Result& result) {
  show_progress(global, "");
  int exit_code = result.exit_code;
  for (const auto& output : outputs) {
    Document document;
    if (output.format == "json") {
      document.json = results::render_json(result);
    } else {
      const auto style = output.file.empty() ? standard_output_style(global) : file_style(global);
      document.text = results::render_text(result, style);
    }
    exit_code = put_out_document({output}, document, exit_code);
  }
  return exit_code;
}

int put_out_error(const GlobalOptions& global, const std::string& command, const Error& error,
                  const std::string& target) {
  show_progress(global, "");
  const int exit_code = exit_code_of(error.kind);
  write_error_line("sipauth: " + results::sentence_for_terminal(error.text));
  for (const auto& text : global.outputs) {
    const auto output = read_output(text);
    if (!output || output->format != "json") continue;
    const results::Result result{.command = command,
                                 .started = net::SystemClock{}.wall(),
                                 .target = {.input = target},
                                 .error = error,
                                 .exit_code = exit_code};
    return put_out_document({*output}, {.text = {}, .json = results::render_json(result)},
                            exit_code);
  }
  return exit_code;
}

}  // namespace sipauth::commands
