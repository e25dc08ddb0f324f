#include "trace_escapes.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "trace_lines.hpp"

namespace sipauth::trace {
namespace {

struct Entity {
  std::string_view text;
  char byte;
};

constexpr auto entities = std::to_array<Entity>({{"&quot;", '"'},
                                                 {"&lt;", '<'},
                                                 {"&gt;", '>'},
                                                 {"&amp;", '&'},
                                                 {"&apos;", '\''},
                                                 {"&#34;", '"'},
                                                 {"&#39;", '\''},
                                                 {"&#x22;", '"'},
                                                 {"&#x27;", '\''},
                                                 {"&nbsp;", ' '}});

int nibble(char digit) noexcept { return is_digit(digit) ? digit - '0' : lower(digit) - 'a' + 10; }

// `\u003c`, as Go writes <: of ASCII, and nothing that would end a line.
Escaped unicode_escape(std::string_view text) noexcept {
  constexpr std::size_t length = 6;
  if (text.size() < length || !text.starts_with("\\u00") || !is_hex(text[4]) || !is_hex(text[5])) {
    return {};
  }
  const int value = nibble(text[4]) * 16 + nibble(text[5]);
  constexpr int first = 0x20;
  constexpr int last = 0x7e;
  if (value < first || value > last) return {};
  return {static_cast<char>(value), length};
}

// As far as a SIP message has them.
Escaped json_escape(std::string_view text) noexcept {
  if (text.size() < 2 || text[0] != '\\') return {};
  switch (text[1]) {
    case '"':
    case '\\':
    case '/':
      return {text[1], 2};
    case 't':
      return {'\t', 2};
    case 'u':
      return unicode_escape(text);
    default:
      return {};
  }
}

Escaped html_escape(std::string_view text) noexcept {
  if (text.front() != '&') return {};
  const auto* entity =
      std::ranges::find_if(entities, [&](const Entity& one) { return text.starts_with(one.text); });
  if (entity == entities.end()) return {};
  return {entity->byte, entity->text.size()};
}

// An address in brackets or a value in quotes, as no SIP message has them.
bool is_html(std::string_view rows) noexcept {
  constexpr auto marks = std::to_array<std::string_view>(
      {"&lt;sip", "&lt;SIP", "&lt;tel:", "=&quot;", ": &quot;", "=&#34;", "=&#x22;"});
  return std::ranges::any_of(marks, [&](std::string_view mark) { return rows.contains(mark); });
}

std::size_t backslashes_before(std::string_view text, std::size_t at) noexcept {
  std::size_t count = 0;
  while (count < at && text[at - count - 1] == '\\') ++count;
  return count;
}

// A quote, and each behind a backslash that no other one escapes. Where they belong to SIP, the
// quotes round them have none.
bool are_quotes_escaped(std::string_view rows) noexcept {
  bool any = false;
  for (auto at = rows.find('"'); at != std::string_view::npos; at = rows.find('"', at + 1)) {
    if (at == 0 || rows[at - 1] != '\\') return false;
    any = true;
  }
  return any;
}

// Every quote doubled; `any_value`: one of them is no empty value.
bool are_quotes_doubled(std::string_view rows, bool& any_value) noexcept {
  bool any = false;
  for (auto at = rows.find('"'); at != std::string_view::npos; at = rows.find('"', at + 2)) {
    const auto behind = rows.substr(at);
    if (!behind.starts_with("\"\"")) return false;
    any = true;
    const bool opens = at > 0 && rows[at - 1] == '=' && behind.size() > 2;
    any_value = any_value || (opens && behind[2] != ',' && !is_lws(behind[2]));
  }
  return any;
}

// Is the end of a text within a string of JSON or of a log's `key="..."`?
bool ends_within_string(std::string_view text) noexcept {
  bool within = false;
  for (auto at = text.find('"'); at != std::string_view::npos; at = text.find('"', at + 1)) {
    if (backslashes_before(text, at) % 2 == 0) within = !within;
  }
  return within;
}

}  // namespace

std::string_view name_of(Escapes escapes) noexcept {
  constexpr std::array<std::string_view, 4> names{"", "JSON", "HTML", "CSV"};
  return names[std::to_underlying(escapes)];
}

Escaped escape_at(Escapes escapes, std::string_view text) noexcept {
  switch (escapes) {
    case Escapes::none:
      break;
    case Escapes::json:
      return json_escape(text);
    case Escapes::html:
      return html_escape(text);
    case Escapes::csv:
      return text.starts_with("\"\"") ? Escaped{'"', 2} : Escaped{};
  }
  return {};
}

std::string_view headers_at(std::string_view input, std::size_t begin) noexcept {
  auto line = line_at(input, begin);
  while (line.next < input.size()) {
    const auto next = line_at(input, line.next);
    if (trim(next.text).empty() || find_start_line(next.text)) break;
    line = next;
  }
  return input.substr(begin, line.next - begin);
}

Escapes escapes_of_rows(std::string_view rows, bool in_quotes) noexcept {
  if (is_html(rows)) return Escapes::html;
  if (are_quotes_escaped(rows)) return Escapes::json;
  bool any_value = false;
  const bool are_doubled = are_quotes_doubled(rows, any_value);
  return are_doubled && (in_quotes || any_value) ? Escapes::csv : Escapes::none;
}

Quoting quoting_of_line(std::string_view before, std::string_view message,
                        bool has_backslashes) noexcept {
  if (is_html(message)) return {.escapes = Escapes::html};
  if (!has_backslashes) return {};
  const bool in_string = ends_within_string(before);
  const auto quote = message.find('"');
  if (quote == std::string_view::npos) return {.ends_at_quote = in_string};
  if (quote > 0 && message[quote - 1] == '\\') {
    return {.escapes = Escapes::json, .ends_at_quote = in_string};
  }
  if (!in_string) return {};
  const bool is_doubled = message.substr(quote).starts_with("\"\"");
  return {.escapes = is_doubled ? Escapes::csv : Escapes::json, .ends_at_quote = true};
}

}  // namespace sipauth::trace
