// Mending what stands outside the lists of authentication headers.
#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "fix_row.hpp"
#include "rows.hpp"
#include "sipauth/fix.hpp"
#include "sipauth/text.hpp"

namespace sipauth {
namespace {

using Mended = std::optional<Edit>;

std::string_view part(std::string_view text, Span where) noexcept {
  return text.substr(where.offset, where.length);
}

Edit replace(Span where, std::string replacement) {
  return {.where = where, .replacement = std::move(replacement), .rule = {}};
}

Mended remove(std::string_view, Span where) { return replace(where, {}); }

Mended one_space(std::string_view text, Span where) {
  // Blanks in front of the line or behind it belong to nothing; a lost one behind a status does.
  if (where.length == 0) return replace(where, " ");
  const auto end = std::size_t{where.offset} + where.length;
  const bool leads = where.offset == 0 || text[where.offset - 1] == '\n';
  const bool trails = end >= text.size() || text[end] == '\r' || text[end] == '\n';
  if (leads || trails) return replace(where, {});
  return replace(where, " ");
}

Mended upper_case(std::string_view text, Span where) {
  std::string upper{part(text, where)};
  std::ranges::transform(upper, upper.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c & ~0x20) : c;
  });
  return replace(where, std::move(upper));
}

// One is reported for all of a row.
Mended without_controls(std::string_view text, Span where) {
  const auto end = detail::end_of_row(text, where.offset);
  std::string kept;
  for (auto at = std::size_t{where.offset} + where.length; at < end; ++at) {
    const bool ends_line =
        text[at] == '\n' || (text[at] == '\r' && text.substr(at + 1).starts_with('\n'));
    if (!is_control(text[at]) || text[at] == '\t' || ends_line) kept += text[at];
  }
  const auto length = static_cast<std::uint32_t>(end - where.offset);
  return replace({where.offset, length}, std::move(kept));
}

// One line stands for all of them, down to the one that ends the headers.
Mended carriage_returns(std::string_view text, Span where) {
  std::string lines = "\r\n";
  auto at = std::size_t{where.offset} + where.length;
  for (bool in_headers = true; in_headers && at < text.size();) {
    in_headers = detail::blank_line(text, at) == 0;
    const auto end = detail::end_of_line(text, at);
    const auto line = text.substr(at, end - at);
    lines.append(line.substr(0, line.size() - (line.ends_with('\n') ? 1 : 0)));
    if (line.ends_with('\n')) lines.append(line.ends_with("\r\n") ? "\n" : "\r\n");
    at = end;
  }
  const auto length = static_cast<std::uint32_t>(at - where.offset);
  return replace({where.offset, length}, std::move(lines));
}

Mended blanks_at_line_begin(std::string_view text, Span where) {
  auto end = std::size_t{where.offset};
  while (end < text.size() && (text[end] == ' ' || text[end] == '\t')) ++end;
  return replace({where.offset, static_cast<std::uint32_t>(end - where.offset)}, {});
}

Mended end_of_headers(std::string_view text, Span where) {
  return replace(where, text.ends_with('\n') ? "\r\n" : "\r\n\r\n");
}

// As many bytes as follow the empty line.
Mended counted_length(std::string_view text, Span where) {
  for (std::size_t at = 0; at < text.size();) {
    const auto blank = detail::blank_line(text, at);
    if (at > 0 && blank > 0) return replace(where, std::to_string(text.size() - at - blank));
    at = detail::end_of_line(text, at);
  }
  return std::nullopt;
}

constexpr std::string_view hex_digits = "0123456789ABCDEF";

Mended escaped(std::string_view text, Span where) {
  std::string escapes;
  for (const char c : part(text, where)) {
    const auto byte = static_cast<unsigned char>(c);
    escapes.append("%").append(1, hex_digits[byte >> 4U]).append(1, hex_digits[byte & 15U]);
  }
  return replace(where, std::move(escapes));
}

Mended escaped_percent(std::string_view, Span where) { return replace({where.offset, 1}, "%25"); }

// `sip:@host`: reported in front of the `@`.
Mended remove_at_sign(std::string_view text, Span where) {
  if (part(text, {where.offset, 1}) != "@") return std::nullopt;
  return replace({where.offset, 1}, {});
}

// Behind the semicolon that it is reported at.
Mended remove_semicolon(std::string_view text, Span where) {
  auto begin = std::size_t{where.offset};
  while (begin > 0 && is_lws(text[begin - 1])) --begin;
  if (begin == 0 || text[begin - 1] != ';') return std::nullopt;
  return replace({static_cast<std::uint32_t>(begin - 1), 1}, {});
}

Mended quoted_name(std::string_view text, Span where) {
  const auto name = part(text, where);
  if (name.contains('"') || name.contains('<')) return std::nullopt;
  return replace(where, quote(name));
}

Mended without_blanks(std::string_view text, Span where) {
  return replace(where, std::string{trim(part(text, where))});
}

Mended in_brackets(std::string_view text, Span where) {
  std::string bracketed = "<";
  return replace(where, bracketed.append(part(text, where)).append(">"));
}

Mended seventy_hops(std::string_view text, Span where) {
  // Reported behind the start line.
  return replace(where, text.substr(where.offset).starts_with('\n') ? "\nMax-Forwards: 70"
                                                                    : "\r\nMax-Forwards: 70");
}

struct Fixer {
  RuleId rule;
  Mended (*mend)(std::string_view text, Span where) = nullptr;
};

constexpr auto fixers_of_messages = std::to_array<Fixer>({
    {"SL-leading-blank-line", remove},
    {"SL-start-line", one_space},
    {"SL-version-case", upper_case},
    {"SL-bare-line-feed", carriage_returns},
    {"SL-nothing-to-continue", blanks_at_line_begin},
    {"SL-space-before-colon", remove},
    {"SL-control-byte", without_controls},
    {"SL-no-end-of-headers", end_of_headers},
    {"SL-content-length-short", counted_length},
    {"SL-content-length-long", counted_length},
    {"SL-content-length-malformed", counted_length},
    {"SL-uri-character", escaped},
    {"SL-uri-at-sign", escaped},
    {"SL-uri-escape", escaped_percent},
    {"SL-uri-user-missing", remove_at_sign},
    {"SL-parameter-empty", remove_semicolon},
    {"SL-name-addr-display", quoted_name},
    {"SL-name-addr-blank", without_blanks},
    {"SL-name-addr-brackets-needed", in_brackets},
    {"SL-missing-max-forwards", seventy_hops},
});

}  // namespace

Mended mend_message(std::string_view text, const Diagnostic& diagnostic) {
  const auto* fixer = std::ranges::find(fixers_of_messages, diagnostic.rule, &Fixer::rule);
  return fixer == fixers_of_messages.end() ? std::nullopt : fixer->mend(text, diagnostic.where);
}

bool is_mended_in_message(RuleId rule) noexcept {
  return std::ranges::find(fixers_of_messages, rule, &Fixer::rule) != fixers_of_messages.end();
}

}  // namespace sipauth
