// `sipauth explain ID`: a row of the catalogue or of the lint rules, as text or JSON.

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "checks/check.hpp"
#include "commands/check_pages.hpp"
#include "commands/document.hpp"
#include "commands/options.hpp"
#include "commands/pcap_pages.hpp"
#include "commands/run.hpp"
#include "commands/suggest.hpp"
#include "commands/terminal.hpp"
#include "results/escape.hpp"
#include "results/text_page.hpp"
#include "sipauth/flow_checks.hpp"
#include "sipauth/rules.hpp"
#include "sipauth/text.hpp"

namespace sipauth::commands {
namespace {

using Json = nlohmann::ordered_json;

/// Of a rule explained: members of JSON, labels of the text.
struct Part {
  std::string_view member;
  std::string_view label;
  std::string text;
};

struct Explanation {
  std::string id;
  std::string headline;
  std::vector<Part> parts;
};

Explanation explanation_of(const Rule& rule) {
  return {.id = std::string{rule.name},
          .headline = std::string{rule.sentence},
          .parts = {{"severity", "Severity", std::string{severity_name(rule.severity)}},
                    {"references", "See", std::string{rule.reference}},
                    {"wrong", "Wrong", std::string{rule.wrong}},
                    {"right", "Right", std::string{rule.right}}}};
}

// Examples are SIP: line ends and blanks in them count.
bool is_example(const Part& part) { return part.member == "wrong" || part.member == "right"; }

void put_example(results::TextPage& page, const Part& part) {
  page.line(part.label);
  auto rest = results::message_for_terminal(part.text);
  for (std::size_t at = 0; at < rest.size();) {
    const auto end = std::min(rest.find('\n', at), rest.size());
    page.line("  " + rest.substr(at, end - at));
    at = end + 1;
  }
}

std::string text_of(const Explanation& explanation, const results::TextStyle& style) {
  results::TextPage page{style};
  page.paragraph("1", explanation.id + ": " + explanation.headline);
  page.blank();
  for (const auto& part : explanation.parts) {
    if (is_example(part)) {
      page.blank();
      put_example(page, part);
    } else {
      page.labelled(part.label, part.text);
    }
  }
  return page.finish();
}

Json json_of(const Explanation& explanation) {
  Json json{{"schema", "sipauth/1"},
            {"command", "explain"},
            {"kind", "lint-rule"},
            {"id", explanation.id},
            {"title", explanation.headline}};
  for (const auto& part : explanation.parts) json[std::string{part.member}] = part.text;
  json["exit_code"] = 0;
  return json;
}

const Rule* find_rule(std::string_view id) {
  const auto row = std::ranges::find_if(rules, [&](const Rule& rule) {
    return same(rule.name, id) || same(rule.name.substr(3), id);
  });
  return row == rules.end() ? nullptr : &*row;
}

std::vector<std::pair<std::string_view, std::string_view>> all_ids() {
  std::vector<std::pair<std::string_view, std::string_view>> all;
  for (const auto* check : checks::catalogue()) all.emplace_back(check->id, check->title);
  for (const auto& check : flow_checks) all.emplace_back(check.id, check.title);
  for (const auto& rule : rules) all.emplace_back(rule.name, rule.sentence);
  return all;
}

Document list_of_all(const results::TextStyle& style) {
  results::TextPage page{style};
  auto ids = Json::array();
  std::size_t longest = 0;
  for (const auto& [id, title] : all_ids()) longest = std::max(longest, id.size());
  for (const auto& [id, title] : all_ids()) {
    page.hanging(fmt::format("{:<{}}  ", id, longest), longest + 2, longest + 2, title);
    ids.push_back({{"id", id}, {"title", title}});
  }
  const Json json{{"schema", "sipauth/1"}, {"command", "explain"}, {"ids", ids}, {"exit_code", 0}};
  return {page.finish(), json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n'};
}

results::Error unknown(const std::string& id) {
  std::vector<std::string_view> names;
  for (const auto& [name, title] : all_ids()) names.push_back(name);
  return {"usage", fmt::format("There is no check and no lint rule \"{}\".{} sipauth explain "
                               "without an ID lists them all.",
                               results::for_terminal(id), did_you_mean(id, names))};
}

}  // namespace

int run_explain(const GlobalOptions& global, const std::string& id) {
  const auto outputs = document_outputs(global, "explain");
  if (!outputs) return put_out_error(global, "explain", outputs.error());
  const auto style = standard_output_style(global);
  if (id.empty()) return put_out_document(*outputs, list_of_all(style), 0);

  if (const auto* check = checks::find(id)) {
    return put_out_document(*outputs, explanation_of(*check, style), 0);
  }
  if (const auto* check = find_flow_check(id)) {
    return put_out_document(*outputs, explanation_of(*check, style), 0);
  }
  const auto* rule = find_rule(id);
  if (rule == nullptr) return put_out_error(global, "explain", unknown(id));
  const auto explanation = explanation_of(*rule);
  return put_out_document(
      *outputs,
      {text_of(explanation, style),
       json_of(explanation).dump(2, ' ', false, Json::error_handler_t::replace) + '\n'},
      0);
}

}  // namespace sipauth::commands
