#include "commands/pcap_pages.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "results/text_page.hpp"
#include "sipauth/flow_checks.hpp"
#include "sipauth/text.hpp"

namespace sipauth::commands {
namespace {

using Json = nlohmann::ordered_json;

std::string references_of(const FlowCheck& check) {
  std::string text;
  for (const auto reference : check.references) {
    if (reference.empty()) continue;
    if (!text.empty()) text += ", ";
    text += reference;
  }
  return text;
}

Json json_of(const FlowCheck& check) {
  auto references = Json::array();
  for (const auto reference : check.references) {
    if (!reference.empty()) references.push_back(reference);
  }
  return {{"id", check.id},
          {"title", check.title},
          {"right", check.right},
          {"failing", check.failing},
          {"harm", check.harm},
          {"references", references},
          {"fault", check.fault},
          {"worst", flow_verdict_name(check.worst)},
          {"needs_accounts", check.needs_accounts},
          {"passes_on", check.passes_on},
          {"fails_on", check.fails_on}};
}

void put_trace(results::TextPage& page, std::string_view label, std::string_view trace) {
  page.blank();
  page.line(label);
  while (!trace.empty()) {
    const auto end = std::min(trace.find('\n'), trace.size());
    page.line("  " + std::string{trace.substr(0, end)});
    trace.remove_prefix(std::min(end + 1, trace.size()));
  }
}

}  // namespace

std::string_view flow_verdict_name(FlowVerdict verdict) {
  constexpr std::array<std::string_view, 5> names{"fail", "warn", "info", "pass", "skip"};
  return names[static_cast<std::size_t>(verdict)];
}

const FlowCheck* find_flow_check(std::string_view id) {
  const auto* row = std::ranges::find_if(flow_checks, [&](const FlowCheck& check) {
    return same(check.id, id) || same(check.id.substr(3), id);
  });
  return row == flow_checks.end() ? nullptr : row;
}

Document list_of_flow_checks(const results::TextStyle& style) {
  results::TextPage page{style};
  auto checks = Json::array();
  std::size_t width = 0;
  for (const auto& check : flow_checks) width = std::max(width, check.id.size());
  page.line(fmt::format("{:<{}}  {:<5}  {:<6}  {}", "ID", width, "WORST", "WHOSE", "TITLE"));
  for (const auto& check : flow_checks) {
    const auto head = fmt::format("{:<{}}  {:<5}  {:<6}  ", check.id, width,
                                  flow_verdict_name(check.worst), check.fault);
    page.hanging(head, head.size(), head.size(),
                 std::string{check.title} + (check.needs_accounts ? " (--accounts)" : ""));
    checks.push_back(json_of(check));
  }
  page.blank();
  page.paragraph("", "WORST: the worst verdict. WHOSE fault it is. More: sipauth explain ID.");
  const Json json{{"schema", "sipauth/1"},
                  {"command", "pcap"},
                  {"checks", std::move(checks)},
                  {"exit_code", 0}};
  return {page.finish(), json.dump(2) + '\n'};
}

Document explanation_of(const FlowCheck& check, const results::TextStyle& style) {
  results::TextPage page{style};
  page.paragraph("1", fmt::format("{}: {}", check.id, check.title));
  page.blank();
  page.labelled("Seen by",
                check.needs_accounts ? "sipauth pcap FILE --accounts FILE" : "sipauth pcap FILE");
  page.labelled("Right", check.right);
  page.labelled("Failing", check.failing);
  page.labelled("Harm", check.harm);
  page.labelled("At fault", check.fault);
  page.labelled("Worst", flow_verdict_name(check.worst));
  page.labelled("See", references_of(check));
  put_trace(page, "A trace that passes (> from the phone, seconds first)", check.passes_on);
  put_trace(page, "A trace that does not", check.fails_on);
  Json json{{"schema", "sipauth/1"}, {"command", "explain"}, {"kind", "passive-check"}};
  const auto fields = json_of(check);
  for (const auto& [name, value] : fields.items()) json[name] = value;
  json["exit_code"] = 0;
  return {page.finish(), json.dump(2) + '\n'};
}

}  // namespace sipauth::commands
