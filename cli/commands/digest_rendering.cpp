#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "commands/digest_report.hpp"
#include "results/escape.hpp"

namespace sipauth::commands {
namespace {

using nlohmann::ordered_json;
using results::for_json;
using results::for_terminal;

// A1 and A2 as they were hashed, but for the password.
std::string shown_a1(const DigestFields& fields) {
  auto first = fields.username.meant + ':' + fields.realm.meant + ":***";
  if (!fields.algorithm->session) return first;
  return "H(" + first + "):" + fields.nonce.meant + ':' + fields.cnonce.meant;
}

std::string shown_a2(const DigestFields& fields) {
  const auto first = fields.method + ':' + fields.uri.meant;
  return fields.qop == Qop::auth_int ? first + ":H(body)" : first;
}

// A header value is there to be copied: where escaping did nothing but double its backslashes, it
// is shown as it is.
std::string copyable(const std::string& value) {
  auto escaped = for_terminal(value);
  const auto backslashes = static_cast<std::size_t>(std::ranges::count(value, '\\'));
  return escaped.size() == value.size() + backslashes ? value : escaped;
}

std::string verdict_line(const DigestReport& report) {
  if (report.match) return "MATCH: the response is right.\n";
  auto text = fmt::format("MISMATCH: {} was sent and {} is right.\n",
                          for_terminal(report.fields.response), report.trace.response.view());
  for (const auto& explanation : report.search.explanations) {
    text += fmt::format("  {} [{}]\n", for_terminal(explanation.text), explanation.id);
    for (const auto& also : explanation.also) {
      text += fmt::format("  and: {} [{}]\n", for_terminal(also.text), also.id);
    }
  }
  if (report.search.explanations.empty()) {
    text += "  No usual mistake leads to it: another password, or another user's.\n";
  }
  return text;
}

std::string text_of(const DigestReport& report) {
  const auto& fields = report.fields;
  std::string text;
  const auto line = [&text](std::string_view name, const std::string& value) {
    text += fmt::format("{:<11}{}\n", name, value);
  };
  const auto qop = qop_name(fields.qop);
  line("algorithm", std::string{fields.algorithm->name});
  line("qop", qop.empty() ? "none (the form of RFC 2069)" : std::string{qop});
  line("A1", for_terminal(shown_a1(fields)));
  line("H(A1)", std::string{report.trace.ha1.view()});
  line("A2", for_terminal(shown_a2(fields)));
  line("H(A2)", std::string{report.trace.ha2.view()});
  line("nonce", for_terminal(fields.nonce.meant));
  if (fields.qop != Qop::none) line("nc", for_terminal(fields.nc));
  if (!fields.cnonce.meant.empty()) line("cnonce", for_terminal(fields.cnonce.meant));
  line("response", std::string{report.trace.response.view()});
  if (report.rspauth) line("rspauth", std::string{report.rspauth->view()});
  for (const auto& note : fields.notes) text += fmt::format("note: {}\n", note);
  if (!report.authorization.empty()) {
    text += fmt::format("\n{}: {}\n", for_terminal(fields.header), copyable(report.authorization));
  }
  if (report.verified) text += '\n' + verdict_line(report);
  return text;
}

void add_change(const Explanation& explanation, ordered_json& change) {
  const bool is_secret = explanation.field == "password";
  change[std::string{explanation.field}] = is_secret ? "***" : for_json(explanation.value);
}

ordered_json json_of(const Explanation& explanation) {
  ordered_json change = ordered_json::object();
  ordered_json also = ordered_json::array();
  auto text = explanation.text;
  add_change(explanation, change);
  for (const auto& other : explanation.also) {
    add_change(other, change);
    also.push_back(other.id);
    text += ' ' + other.text;
  }
  ordered_json json{{"id", explanation.id}, {"text", for_json(text)}, {"change", change}};
  if (!also.empty()) json["also"] = also;
  return json;
}

ordered_json text_or_null(const std::string& text) {
  return text.empty() ? ordered_json{} : ordered_json(for_json(text));
}

std::string json_text_of(const DigestReport& report, int exit_code) {
  const auto& fields = report.fields;
  ordered_json json{{"schema", "sipauth/1"},
                    {"tool", {{"name", "sipauth"}, {"version", SIPAUTH_VERSION}}},
                    {"command", "digest"},
                    {"algorithm", fields.algorithm->name},
                    {"qop", text_or_null(std::string{qop_name(fields.qop)})},
                    {"a1", for_json(shown_a1(fields))},
                    {"ha1", report.trace.ha1.view()},
                    {"a2", for_json(shown_a2(fields))},
                    {"ha2", report.trace.ha2.view()},
                    {"nonce", for_json(fields.nonce.meant)},
                    {"nc", text_or_null(fields.nc)},
                    {"cnonce", text_or_null(fields.cnonce.meant)},
                    {"response", report.trace.response.view()}};
  if (report.rspauth) json["rspauth"] = report.rspauth->view();
  if (!report.authorization.empty()) {
    json["header"] = for_json(fields.header);
    json["authorization"] = for_json(report.authorization);
  }
  if (report.verified) {
    json["header"] = for_json(fields.header);
    json["expected"] = for_json(fields.response);
    json["match"] = report.match;
    json["explanations"] = ordered_json::array();
    for (const auto& explanation : report.search.explanations) {
      json["explanations"].push_back(json_of(explanation));
    }
  }
  json["notes"] = fields.notes;
  json["exit_code"] = exit_code;
  return json.dump(2, ' ', false, ordered_json::error_handler_t::replace) + '\n';
}

}  // namespace

Document render_digest(const DigestReport& report, int exit_code) {
  return {.text = text_of(report), .json = json_text_of(report, exit_code)};
}

}  // namespace sipauth::commands
