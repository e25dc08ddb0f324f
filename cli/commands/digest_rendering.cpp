#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

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

// KD(HA1, nonce:...:HA2) before it is hashed (RFC 2617 3.2.2.1).
std::string shown_final(const DigestReport& report) {
  const auto& fields = report.fields;
  const auto counted =
      fields.qop == Qop::none
          ? std::string{}
          : fmt::format("{}:{}:{}:", fields.nc, fields.cnonce.meant, qop_name(fields.qop));
  return fmt::format("{}:{}:{}{}", report.trace.ha1.view(), fields.nonce.meant, counted,
                     report.trace.ha2.view());
}

// The names of the fields that causes change, each once.
std::string fields_of_causes() {
  std::vector<std::string_view> names;
  for (const auto& cause : known_causes()) {
    if (std::ranges::find(names, cause.field) == names.end()) names.push_back(cause.field);
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

std::string nothing_found(const DigestReport& report) {
  const auto& fields = report.fields;
  const auto digits = fields.algorithm->hex_length;
  std::string text;
  if (fields.response.size() != digits) {
    text =
        fmt::format("MISMATCH: the response has {} characters, and one of {} has {} hex digits.\n",
                    fields.response.size(), fields.algorithm->name, digits);
  } else {
    text =
        "MISMATCH: no usual mistake leads to this response: most likely it was made with another "
        "password.\n";
  }
  text +=
      fmt::format("  tried: {} digests{}\n", report.search.tried,
                  report.search.complete
                      ? ", every known mistake alone and with another one, in " + fields_of_causes()
                      : "; the search was ended early, for the values are very long");
  return text;
}

void add_explanation(std::string_view before, const Explanation& explanation, std::string& text) {
  text += fmt::format("{}{} [{}]\n", before, for_terminal(explanation.text), explanation.id);
  if (!explanation.meaning.empty()) text += fmt::format("  {}\n", explanation.meaning);
}

// What is wrong, in words, comes first.
std::string verdict_lines(const DigestReport& report) {
  if (report.match) return "MATCH: the response is right.\n";
  const auto& all = report.search.explanations;
  if (all.empty()) return nothing_found(report);
  std::string text;
  for (const auto& explanation : all) {
    add_explanation(text.empty() ? "MISMATCH: " : "or: ", explanation, text);
    for (const auto& also : explanation.also) add_explanation("and: ", also, text);
  }
  return text;
}

std::string text_of(const DigestReport& report) {
  const auto& fields = report.fields;
  std::string text;
  const auto line = [&text](std::string_view name, std::string_view value) {
    text += fmt::format("{:<11}{}\n", name, value);
  };
  if (report.verified) text += verdict_lines(report);
  for (const auto& note : fields.notes) text += fmt::format("note: {}\n", note);
  if (!text.empty()) text += '\n';
  if (report.verified && !report.match) line("was sent", for_terminal(fields.response));
  const auto qop = qop_name(fields.qop);
  line("algorithm", fields.algorithm->name);
  line("qop", qop.empty() ? "none (the form of RFC 2069)" : qop);
  if (report.userhash) line("userhash", report.userhash->view());
  line("A1", for_terminal(shown_a1(fields)));
  line("H(A1)", report.trace.ha1.view());
  line("A2", for_terminal(shown_a2(fields)));
  line("H(A2)", report.trace.ha2.view());
  line("nonce", for_terminal(fields.nonce.meant));
  if (fields.qop != Qop::none) line("nc", for_terminal(fields.nc));
  if (!fields.cnonce.meant.empty()) line("cnonce", for_terminal(fields.cnonce.meant));
  line("final", for_terminal(shown_final(report)));
  line("response", report.trace.response.view());
  if (report.rspauth) line("rspauth", report.rspauth->view());
  if (!report.authorization.empty()) {
    text += fmt::format("\n{}: {}\n", for_terminal(fields.header), copyable(report.authorization));
  }
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
  std::string meaning{explanation.meaning};
  add_change(explanation, change);
  for (const auto& other : explanation.also) {
    add_change(other, change);
    also.push_back(other.id);
    text += fmt::format(" {}", other.text);
    meaning += fmt::format(" {}", other.meaning);
  }
  ordered_json json{
      {"id", explanation.id}, {"text", for_json(text)}, {"meaning", meaning}, {"change", change}};
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
                    {"final", for_json(shown_final(report))},
                    {"response", report.trace.response.view()}};
  if (report.userhash) json["userhash"] = report.userhash->view();
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
    json["tried"] = report.search.tried;
    json["complete"] = report.search.complete;
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
