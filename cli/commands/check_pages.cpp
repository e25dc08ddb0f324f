#include "commands/check_pages.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>

#include "commands/advice.hpp"
#include "commands/check_fields.hpp"
#include "results/text_page.hpp"

namespace sipauth::commands {
namespace {

using Json = nlohmann::ordered_json;

Json json_of(const CheckField& field) {
  struct Writer {
    const CheckField& field;
    Json operator()(std::monostate) const { return field.text; }
    Json operator()(const std::string& text) const { return text; }
    Json operator()(std::int64_t number) const { return number; }
    Json operator()(bool flag) const { return flag; }
    Json operator()(const std::vector<std::string>& list) const { return list; }
    Json operator()(const std::vector<std::pair<std::string, std::string>>& members) const {
      Json object = Json::object();
      for (const auto& [name, value] : members) object[name] = value;
      return object;
    }
  };
  return std::visit(Writer{field}, field.value);
}

void add_fields(Json& json, const checks::Check& check) {
  for (const auto& field : fields_of(check)) json[std::string{field.member}] = json_of(field);
}

std::string as_document(Json json) {
  json["exit_code"] = 0;
  return json.dump(2) + '\n';
}

std::string worst_of(const checks::Check& check) {
  return std::string{verdict_name(check.worst)} + (check.strict.empty() ? "" : "*");
}

std::string table_of(Checks checks, const results::TextStyle& style) {
  std::size_t title = 0;
  std::size_t id = 0;
  for (const auto* check : checks) {
    title = std::max(title, check->title.size());
    id = std::max(id, check->id.size());
  }
  results::TextPage page{style};
  const auto add = [&](std::string_view first, std::string_view second, std::string_view worst,
                       std::string_view requests, std::string_view refused,
                       std::string_view needs) {
    auto head = fmt::format("{:<{}}  {:<{}}  {:<5} {:>4} {:>7}", first, id, second, title, worst,
                            requests, refused);
    if (needs.empty()) return page.line(head);
    head += "  ";
    page.hanging(head, head.size(), head.size(), needs);
  };
  add("ID", "TITLE", "WORST", "SENT", "REFUSED", "NEEDS");
  bool any_strict = false;
  for (const auto* check : checks) {
    any_strict = any_strict || !check->strict.empty();
    add(check->id, check->title, worst_of(*check), std::to_string(check->cost.requests),
        std::to_string(check->cost.refused), needs_of(*check));
  }
  page.blank();
  page.paragraph("",
                 "WORST: the worst verdict. SENT: at most so many requests, REFUSED of them tries "
                 "that must be refused; none where a check judges what others sent.");
  if (any_strict) page.paragraph("", "*: worse under a strict policy (--policy); see explain ID.");
  return page.finish();
}

}  // namespace

Document explanation_of(const checks::Check& check, const results::TextStyle& style) {
  results::TextPage page{style};
  page.paragraph("1", fmt::format("{}: {}", check.id, check.title));
  page.blank();
  for (const auto& field : fields_of(check)) {
    if (!field.label.empty()) page.labelled(field.label, field.text);
  }
  const auto all_mending = mending_of(check.id);
  auto mending = Json::array();
  if (!all_mending.empty()) page.blank();
  for (const auto& [server, advice, source, likely] : all_mending) {
    page.labelled("Mending", fmt::format("{}: {} ({})", server, advice, source));
    mending.push_back({{"server", server}, {"advice", advice}, {"source", source}});
  }
  Json json{{"schema", "sipauth/1"},
            {"command", "explain"},
            {"kind", "check"},
            {"id", check.id},
            {"title", check.title}};
  add_fields(json, check);
  json["mending"] = std::move(mending);
  return {.text = page.finish(), .json = as_document(std::move(json))};
}

Document list_of(Checks checks, const std::string& command, const results::TextStyle& style) {
  auto rows = Json::array();
  for (const auto* check : checks) {
    Json row{{"id", check->id}, {"title", check->title}};
    add_fields(row, *check);
    rows.push_back(std::move(row));
  }
  return {.text = table_of(checks, style),
          .json = as_document(
              {{"schema", "sipauth/1"}, {"command", command}, {"checks", std::move(rows)}})};
}

}  // namespace sipauth::commands
