// What lint found, as JSON.
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

ordered_json json_of(const Told& told, const SourceLines& lines) {
  const auto& [rule, where] = told.diagnostic;
  const auto [line, column] = lines.place_of(where.offset);
  return {{"rule", rule->name},     {"severity", severity_name(told.severity)},
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

ordered_json json_of(const Understood& understood, bool is_message) {
  if (!is_message && understood.headers.size() == 1) return json_of_row(understood.headers.front());
  if (understood.headers.empty() && understood.start_line.empty()) return {};
  ordered_json json = ordered_json::object();
  if (is_message) json["start_line"] = for_json(understood.start_line);
  json["headers"] = json_of_headers(understood.headers);
  return json;
}

ordered_json json_of(const TraceAddress& address) {
  if (address.host.empty()) return {};
  ordered_json json{{"host", for_json(address.host)}};
  json["port"] = address.port > 0 ? ordered_json(address.port) : ordered_json{};
  return json;
}

ordered_json diagnostics_of(const LintedPart& part, const SourceLines& lines) {
  ordered_json diagnostics = ordered_json::array();
  for (const auto& told : part.diagnostics) diagnostics.push_back(json_of(told, lines));
  return diagnostics;
}

void add_error(ordered_json& json, const LintedPart& part, const SourceLines& lines) {
  if (part.dropped > 0) json["dropped"] = part.dropped;
  if (part.redacted.excused > 0) json["redacted"] = part.redacted.places;
  if (part.traced.is_unwrapped) json["unwrapped"] = true;
  if (!part.traced.escapes.empty()) json["escapes"] = part.traced.escapes;
  if (!part.error) return;
  const auto [line, column] = lines.place_of(part.error->offset);
  json["error"] = {{"text", part.error->sentence()},
                   {"line", line},
                   {"column", column},
                   {"offset", part.error->offset}};
}

void add_fixed(ordered_json& json, const LintedPart& part, bool show_secrets) {
  if (!part.fixed) return;
  json["fixed"] =
      for_json(show_secrets ? part.fixed->text : results::redact(part.fixed->text).first);
  json["mended"] = ordered_json::array();
  for (const auto rule : part.fixed->mended) json["mended"].push_back(rule->name);
  json["left"] = ordered_json::array();
  for (const auto& diagnostic : part.fixed->left) {
    json["left"].push_back({{"rule", diagnostic.rule->name},
                            {"text", diagnostic.rule->sentence},
                            {"reference", diagnostic.rule->reference}});
  }
}

ordered_json json_of_message(const LintedPart& part, const SourceLines& lines, bool show_secrets) {
  const auto& traced = part.traced;
  static constexpr std::string_view directions[] = {"unknown", "sent", "received"};
  const auto direction = directions[static_cast<std::size_t>(traced.direction)];
  ordered_json json{
      {"offset", traced.where.offset},
      {"length", traced.where.length},
      {"line", lines.place_of(traced.where.offset).line},
      {"time", traced.time.empty() ? ordered_json{} : ordered_json(for_json(traced.time))},
      {"direction", direction == "unknown" ? ordered_json{} : ordered_json(direction)},
      {"transport", traced.transport.empty() ? ordered_json{} : ordered_json(traced.transport)},
      {"source", json_of(traced.source)},
      {"destination", json_of(traced.destination)},
      {"diagnostics", diagnostics_of(part, lines)}};
  add_error(json, part, lines);
  add_fixed(json, part, show_secrets);
  json["understood"] = json_of(part.understood, true);
  return json;
}

std::string_view kind_name(LintedKind kind) {
  if (kind == LintedKind::trace) return "trace";
  return kind == LintedKind::message ? "message" : "header";
}

ordered_json json_of(const LintedInput& input, bool show_secrets) {
  std::vector<Span> unused;
  const SourceLines lines{input.text, unused};
  ordered_json json{{"file", for_json(input.file)}, {"kind", kind_name(input.kind)}};
  if (input.kind != LintedKind::trace) {
    const auto& part = input.parts.front();
    json["diagnostics"] = diagnostics_of(part, lines);
    add_error(json, part, lines);
    add_fixed(json, part, show_secrets);
    json["understood"] = json_of(part.understood, input.kind == LintedKind::message);
    return json;
  }
  // All that is wrong in one list, and by message.
  json["diagnostics"] = ordered_json::array();
  json["messages"] = ordered_json::array();
  for (const auto& part : input.parts) {
    auto message = json_of_message(part, lines, show_secrets);
    for (auto diagnostic : message["diagnostics"]) {
      diagnostic["message"] = json["messages"].size();
      json["diagnostics"].push_back(std::move(diagnostic));
    }
    json["messages"].push_back(std::move(message));
  }
  json["understood"] = nullptr;
  return json;
}

}  // namespace

std::string lint_json(const LintReport& report, int exit_code) {
  ordered_json inputs = ordered_json::array();
  for (const auto& input : report.inputs) inputs.push_back(json_of(input, report.show_secrets));
  ordered_json json{{"schema", "sipauth/1"},
                    {"tool", {{"name", "sipauth"}, {"version", SIPAUTH_VERSION}}},
                    {"command", "lint"},
                    {"inputs", std::move(inputs)}};
  if (report.unreadable) {
    json["error"] = {{"kind", report.unreadable->kind},
                     {"text", for_json(report.unreadable->text)}};
  }
  json["exit_code"] = exit_code;
  return json.dump(2, ' ', false, ordered_json::error_handler_t::replace) + '\n';
}

}  // namespace sipauth::commands
