#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>

#include "commands/lint_report.hpp"
#include "commands/source_line.hpp"
#include "results/escape.hpp"
#include "sipauth/text.hpp"

namespace sipauth::commands {
namespace {

using nlohmann::ordered_json;
using results::for_json;
using results::for_terminal;

// --- text ---

std::string told(const LintedInput& input, const SourceLines& lines, Span where,
                 std::string_view severity, std::string_view sentence, std::string_view tag) {
  const auto [line, column] = lines.place_of(where.offset);
  return fmt::format("{}:{}:{}: {}: {}{}\n{}", for_terminal(input.file), line, column, severity,
                     sentence, tag, lines.excerpt(where));
}

std::string text_of(const UnderstoodHeader& header) {
  std::string text;
  for (const auto& reading : header.readings) {
    const auto name = header.name.empty() ? std::string{"value"} : for_terminal(header.name);
    text += fmt::format("understood: {}{}{}\n", name, reading.scheme.empty() ? "" : ": ",
                        for_terminal(reading.scheme));
    for (const auto& parameter : reading.parameters) {
      const std::string_view quote = parameter.quoted ? "\"" : "";
      text += fmt::format("    {:<10} {}{}{}\n", for_terminal(parameter.name), quote,
                          for_terminal(parameter.value), quote);
    }
  }
  return text;
}

std::string text_of(const LintedInput& input) {
  const SourceLines lines{input.text, input.understood.secrets};
  std::string text;
  for (const auto& [rule, where] : input.diagnostics) {
    text += told(input, lines, where, severity_name(rule->severity), rule->sentence,
                 fmt::format(" [{}, {}]", rule->name, rule->reference));
  }
  if (input.dropped > 0) {
    text += fmt::format("{}: {} more are not shown.\n", for_terminal(input.file), input.dropped);
  }
  if (input.error) {
    text += told(input, lines, {input.error->offset, 0}, "error", input.error->sentence(), "");
  }
  if (!input.understood.start_line.empty()) {
    text += fmt::format("understood: {}\n", for_terminal(input.understood.start_line));
  }
  for (const auto& header : input.understood.headers) text += text_of(header);
  return text;
}

std::string summary_of(const LintReport& report) {
  std::array<std::size_t, 3> counts{};
  for (const auto& input : report.inputs) {
    for (const auto& diagnostic : input.diagnostics) {
      ++counts[std::to_underlying(diagnostic.rule->severity)];
    }
    if (input.error) ++counts[std::to_underlying(Severity::error)];
  }
  const auto [notes, warnings, errors] = counts;
  if (notes + warnings + errors == 0) return "Nothing is wrong.\n";
  return fmt::format("{} error{}, {} warning{}, {} note{}\n", errors, errors == 1 ? "" : "s",
                     warnings, warnings == 1 ? "" : "s", notes, notes == 1 ? "" : "s");
}

// --- JSON ---

ordered_json json_of(const Diagnostic& diagnostic, const SourceLines& lines) {
  const auto& [rule, where] = diagnostic;
  const auto [line, column] = lines.place_of(where.offset);
  return {{"rule", rule->name},     {"severity", severity_name(rule->severity)},
          {"line", line},           {"column", column},
          {"offset", where.offset}, {"length", where.length},
          {"text", rule->sentence}, {"reference", rule->reference}};
}

ordered_json value_or_null(const Reading& reading, std::string_view name) {
  const auto* value = reading.find(name);
  return value ? ordered_json(for_json(*value)) : ordered_json{};
}

ordered_json qop_of(const Reading& reading) {
  const auto* list = reading.find("qop");
  if (list == nullptr) return {};
  ordered_json words = ordered_json::array();
  for (std::string_view rest = *list;;) {
    const auto comma = rest.find(',');
    if (const auto word = trim(rest.substr(0, comma)); !word.empty()) {
      words.push_back(for_json(word));
    }
    if (comma == std::string_view::npos) return words;
    rest.remove_prefix(comma + 1);
  }
}

void add_reading(ordered_json& json, const Reading& reading) {
  json["scheme"] = reading.scheme.empty() ? ordered_json{} : ordered_json(for_json(reading.scheme));
  json["realm"] = value_or_null(reading, "realm");
  json["nonce"] = value_or_null(reading, "nonce");
  json["stale"] = reading.stale ? ordered_json(*reading.stale) : ordered_json{};
  json["qop"] = qop_of(reading);
  json["algorithm"] = value_or_null(reading, "algorithm");
  for (const auto name : {"username", "uri", "nc", "nextnonce"}) {
    if (reading.find(name) != nullptr) json[name] = value_or_null(reading, name);
  }
  json["parameters"] = ordered_json::array();
  for (const auto& parameter : reading.parameters) {
    json["parameters"].push_back({{"name", for_json(parameter.name)},
                                  {"value", for_json(parameter.value)},
                                  {"quoted", parameter.quoted},
                                  {"offset", parameter.where.offset},
                                  {"length", parameter.where.length}});
  }
}

// A row's reading; challenges that were merged into it stand in `merged`.
void add_readings(ordered_json& json, const UnderstoodHeader& header) {
  if (header.readings.empty()) {
    json["value"] = for_json(header.value);
    return;
  }
  add_reading(json, header.readings.front());
  for (std::size_t i = 1; i < header.readings.size(); ++i) {
    ordered_json merged;
    add_reading(merged, header.readings[i]);
    json["merged"].push_back(std::move(merged));
  }
}

ordered_json json_of_row(const UnderstoodHeader& header) {
  ordered_json json{
      {"header", header.name.empty() ? ordered_json{} : ordered_json(for_json(header.name))}};
  add_readings(json, header);
  return json;
}

ordered_json json_of_headers(const std::vector<UnderstoodHeader>& headers) {
  ordered_json all = ordered_json::array();
  for (const auto& header : headers) {
    ordered_json json{{"name", for_json(header.name)}, {"offset", header.offset}};
    if (!header.readings.empty()) json["header"] = for_json(header.name);
    add_readings(json, header);
    all.push_back(std::move(json));
  }
  return all;
}

ordered_json json_of(const LintedInput& input, const Understood& understood) {
  if (!input.is_message && understood.headers.size() == 1) {
    return json_of_row(understood.headers.front());
  }
  if (understood.headers.empty() && understood.start_line.empty()) return {};
  ordered_json json = ordered_json::object();
  if (input.is_message) json["start_line"] = for_json(understood.start_line);
  json["headers"] = json_of_headers(understood.headers);
  return json;
}

ordered_json json_of(const LintedInput& input) {
  const SourceLines lines{input.text, input.understood.secrets};
  ordered_json diagnostics = ordered_json::array();
  for (const auto& diagnostic : input.diagnostics) {
    diagnostics.push_back(json_of(diagnostic, lines));
  }
  ordered_json json{{"file", for_json(input.file)},
                    {"kind", input.is_message ? "message" : "header"},
                    {"diagnostics", std::move(diagnostics)}};
  if (input.dropped > 0) json["dropped"] = input.dropped;
  if (input.error) {
    const auto [line, column] = lines.place_of(input.error->offset);
    json["error"] = {{"text", input.error->sentence()},
                     {"line", line},
                     {"column", column},
                     {"offset", input.error->offset}};
  }
  json["understood"] = json_of(input, input.understood);
  return json;
}

}  // namespace

Document render_lint(const LintReport& report, int exit_code) {
  Document document;
  ordered_json inputs = ordered_json::array();
  for (const auto& input : report.inputs) {
    document.text += text_of(input);
    inputs.push_back(json_of(input));
  }
  if (!report.inputs.empty()) document.text += summary_of(report);

  ordered_json json{{"schema", "sipauth/1"},
                    {"tool", {{"name", "sipauth"}, {"version", SIPAUTH_VERSION}}},
                    {"command", "lint"},
                    {"inputs", std::move(inputs)}};
  if (report.unreadable) {
    json["error"] = {{"kind", report.unreadable->kind},
                     {"text", for_json(report.unreadable->text)}};
  }
  json["exit_code"] = exit_code;
  document.json = json.dump(2, ' ', false, ordered_json::error_handler_t::replace) + '\n';
  return document;
}

}  // namespace sipauth::commands
