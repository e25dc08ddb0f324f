#include "sipauth/fix.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "auth_params.hpp"
#include "fix_row.hpp"
#include "sipauth/lint.hpp"
#include "sipauth/text.hpp"

namespace sipauth {
namespace {

using Mended = std::optional<Edit>;

std::string_view part(std::string_view text, Span where) noexcept {
  return text.substr(where.offset, where.length);
}

Span span_of_range(std::size_t begin, std::size_t end) noexcept {
  return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end - begin)};
}

Edit replace(Span where, std::string replacement) {
  return {.where = where, .replacement = std::move(replacement), .rule = {}};
}

Mended remove(std::string_view, Span where) { return replace(where, {}); }
Mended put_comma(std::string_view, Span where) { return replace(where, ","); }
Mended put_blank(std::string_view, Span where) { return replace(where, " "); }

// An element of a list, with the comma that parts it from its neighbour.
Edit remove_element(std::string_view text, Span where) {
  auto begin = std::size_t{where.offset};
  while (begin > 0 && is_lws(text[begin - 1])) --begin;
  if (begin > 0 && text[begin - 1] == ',') {
    return replace(span_of_range(begin - 1, where.offset + where.length), {});
  }
  auto end = std::size_t{where.offset} + where.length;
  while (end < text.size() && is_lws(text[end])) ++end;
  if (end < text.size() && text[end] == ',') ++end;
  while (end < text.size() && is_lws(text[end])) ++end;
  return replace(span_of_range(where.offset, end), {});
}

// A comma that leads, trails or stands twice: reported in front of the second, or at the end.
Mended remove_comma(std::string_view text, Span where) {
  const auto end = std::size_t{where.offset};
  if (end < text.size() && text[end] == ',') return replace({where.offset, 1}, {});
  auto begin = end;
  while (begin > 0 && is_lws(text[begin - 1])) --begin;
  if (begin == 0 || text[begin - 1] != ',') return std::nullopt;
  return replace(span_of_range(begin - 1, begin), {});
}

Mended put_quotes(std::string_view text, Span where) {
  return replace(where, quote(part(text, where)));
}

constexpr auto token_parameters = std::to_array<std::string_view>(
    {"stale", "algorithm", "nc", "charset", "userhash", "integrity-protected", "username*"});

bool is_token_parameter(std::string_view name) noexcept {
  return std::ranges::any_of(token_parameters,
                             [&](std::string_view known) { return same(known, name); });
}

// Of a parameter that may be quoted.
Mended put_quotes_if_allowed(std::string_view text, Span where) {
  const auto parameter = parameter_at(text, where.offset);
  // Behind a quote that is open, more of them mend nothing.
  const bool is_behind_quote = where.offset > 0 && text[where.offset - 1] == '"';
  if (!parameter || is_token_parameter(parameter->name) || is_behind_quote) return std::nullopt;
  return put_quotes(text, where);
}

// `where` is what stands between the quotes.
Mended take_quotes(std::string_view text, Span where) {
  const auto value = part(text, where);
  const bool can = !value.empty() && std::ranges::none_of(value, [](char c) {
    return is_lws(c) || c == ',' || c == ';' || c == '"' || c == '\\';
  });
  const auto end = std::size_t{where.offset} + where.length;
  if (!can || where.offset == 0 || end >= text.size() || text[end] != '"') return std::nullopt;
  return replace(span_of_range(where.offset - 1, end + 1), std::string{value});
}

Mended double_quotes(std::string_view text, Span where) {
  const auto quoted = part(text, where);
  return replace(where, quote(quoted.substr(1, quoted.size() - 2)));
}

Mended quotes_of_sip(std::string_view text, Span where) {
  const auto parameter = parameter_at(text, where.offset);
  if (!parameter) return std::nullopt;
  return replace(where, quote(parameter->value));
}

Mended close_quote(std::string_view text, Span where) {
  const auto parameter = parameter_at(text, where.offset);
  if (!parameter) return std::nullopt;
  auto end = std::size_t{span_of(parameter->value, text).offset} + parameter->value.size();
  while (end > where.offset + 1 && is_lws(text[end - 1])) --end;
  return replace(span_of_range(end, end), "\"");
}

// An odd number of backslashes at the end would quote the closing quote.
Mended close_quote_behind(std::string_view text, Span where) {
  auto edit = close_quote(text, where);
  if (!edit) return edit;
  const auto at = edit->where.offset;
  if (at > 0 && text[at - 1] == '\\') return std::nullopt;
  // Nor does a quote close anything in front of another, or right behind one.
  const bool is_among_quotes =
      (at > where.offset + 1 && text[at - 1] == '"') || (at < text.size() && text[at] == '"');
  return is_among_quotes ? std::nullopt : edit;
}

Mended fill_empty_value(std::string_view text, Span where) {
  const auto parameter = parameter_at(text, where.offset);
  if (!parameter) return std::nullopt;
  const auto row = row_at(text, where.offset);
  const bool is_challenge =
      row.id == HeaderId::www_authenticate || row.id == HeaderId::proxy_authenticate;
  const bool is_token =
      is_token_parameter(parameter->name) || (same(parameter->name, "qop") && !is_challenge);
  if (is_token) return remove_element(text, parameter->where);
  return replace(where, "\"\"");
}

Mended remove_repetition(std::string_view text, Span where) {
  const auto parameter = parameter_at(text, where.offset);
  if (!parameter) return std::nullopt;
  return remove_element(text, parameter->where);
}

// Which of two is meant nobody knows, unless they are the same.
Mended remove_same_again(std::string_view text, Span where) {
  const auto second = parameter_at(text, where.offset);
  if (!second) return std::nullopt;
  const auto first = first_of_name(text, where.offset, second->name);
  if (!first || first->value != second->value) return std::nullopt;
  return remove_element(text, second->where);
}

// A row of its own; a bare value has no name to begin one with.
Mended own_row(std::string_view text, Span where) {
  const auto row = row_at(text, where.offset);
  if (row.name.empty()) return std::nullopt;
  auto begin = std::size_t{where.offset};
  while (begin > 0 && (is_lws(text[begin - 1]) || text[begin - 1] == ',')) --begin;
  std::string start = "\r\n";
  start.append(row.name).append(": ");
  return replace(span_of_range(begin, where.offset), std::move(start));
}

// Visits what is left of a value from `where` on, and says to what it came in the end.
template <typename Visit>
Mended rewrite_value(std::string_view text, Span where, const Visit& visit) {
  const auto parameter = parameter_at(text, where.offset);
  if (!parameter) return std::nullopt;
  const auto end = std::size_t{span_of(parameter->value, text).offset} + parameter->value.size();
  std::string rewritten;
  bool is_quoted_pair = false;
  for (auto at = std::size_t{where.offset}; at < end;) {
    const auto next = visit(text.substr(at, end - at), is_quoted_pair, rewritten);
    is_quoted_pair = text[at] == '\\' && !is_quoted_pair;
    at += next;
  }
  return replace(span_of_range(where.offset, end), std::move(rewritten));
}

// Bytes that are no UTF-8 were Latin-1, as a rule.
Mended latin1_to_utf8(std::string_view text, Span where) {
  return rewrite_value(text, where, [](std::string_view rest, bool, std::string& utf8) {
    const auto length = utf8_length(rest);
    const auto byte = static_cast<unsigned char>(rest.front());
    if (length != 0 || byte < 0x80) {
      utf8.append(rest.substr(0, std::max<std::size_t>(length, 1)));
      return std::max<std::size_t>(length, 1);
    }
    utf8.push_back(static_cast<char>(0xc0U | byte >> 6U));
    utf8.push_back(static_cast<char>(0x80U | (byte & 0x3fU)));
    return std::size_t{1};
  });
}

Mended remove_controls(std::string_view text, Span where) {
  return rewrite_value(
      text, where, [](std::string_view rest, bool is_quoted_pair, std::string& kept) {
        const char c = rest.front();
        const bool stays = !is_control(c) || c == '\t' || c == '\r' || c == '\n' || is_quoted_pair;
        if (stays) kept.push_back(c);
        return std::size_t{1};
      });
}

bool is_fold(std::string_view rest) noexcept {
  return rest.size() > 2 && rest.starts_with("\r\n") && (rest[2] == ' ' || rest[2] == '\t');
}

// Those that fold the line stay.
Mended blanks_for_line_breaks(std::string_view text, Span where) {
  return rewrite_value(text, where, [](std::string_view rest, bool, std::string& kept) {
    const auto length = is_fold(rest) ? std::size_t{2} : std::size_t{1};
    const bool breaks = length == 1 && (rest.front() == '\r' || rest.front() == '\n');
    kept.append(breaks ? " " : rest.substr(0, length));
    return length;
  });
}

Mended unfold(std::string_view text, Span where) {
  return rewrite_value(text, where, [](std::string_view rest, bool, std::string& kept) {
    if (is_fold(rest)) return std::size_t{2};
    kept.push_back(rest.front());
    return std::size_t{1};
  });
}

// A backslash that quotes what needs no quoting, and may not be quoted.
Mended take_backslashes(std::string_view text, Span where) {
  return rewrite_value(
      text, where, [](std::string_view rest, bool is_quoted_pair, std::string& kept) {
        const bool goes = rest.front() == '\\' && !is_quoted_pair && rest.size() > 1 &&
                          static_cast<unsigned char>(rest[1]) >= 0x80;
        if (!goes) kept.push_back(rest.front());
        return std::size_t{1};
      });
}

Mended usual_case(std::string_view text, Span where) {
  const auto name = usual_algorithm_name(part(text, where));
  if (name.empty()) return std::nullopt;
  return replace(where, name);
}

// `SHA256`, `SHA-512/256`, `MD-5`: letters and digits are right, what stands between them is not.
Mended registered_name(std::string_view text, Span where) {
  const auto name = algorithm_spelt_like(part(text, where));
  if (name.empty()) return std::nullopt;
  return replace(where, name);
}

constexpr auto names_of_digest =
    std::to_array<std::string_view>({"realm", "nonce", "username", "qop", "algorithm", "opaque",
                                     "stale", "domain", "uri", "response", "cnonce", "nc"});

// Parameters of Digest without its name in front of them.
Mended put_scheme(std::string_view text, Span where) {
  const auto value = part(text, where);
  const auto name = value.substr(0, value.find_first_of("= \t"));
  if (!std::ranges::any_of(names_of_digest,
                           [&](std::string_view known) { return same(known, name); })) {
    return std::nullopt;
  }
  return replace({where.offset, 0}, "Digest ");
}

Mended to_lower(std::string_view text, Span where) {
  std::string lowered{part(text, where)};
  std::ranges::transform(lowered, lowered.begin(), lower);
  return replace(where, std::move(lowered));
}

// `nc=1` is 00000001. One that is longer or no number at all cannot be told.
Mended pad_count(std::string_view text, Span where) {
  const auto count = part(text, where);
  if (count.size() >= 8 || !std::ranges::all_of(count, is_hex)) return std::nullopt;
  std::string padded(8 - count.size(), '0');
  return replace(where, padded.append(count));
}

struct Fixer {
  RuleId rule;
  Mended (*mend)(std::string_view text, Span where) = nullptr;
};

constexpr auto fixers_of_lists = std::to_array<Fixer>({
    {"SL-missing-comma", put_comma},
    {"SL-semicolon", put_comma},
    {"SL-empty-element", remove_comma},
    {"SL-merged-challenges", own_row},
    {"SL-duplicate-parameter", remove_repetition},
    {"SL-duplicate-required", remove_same_again},
    {"SL-unquoted-string", put_quotes},
    {"SL-unquoted-qop", put_quotes},
    {"SL-unquoted-opaque", put_quotes},
    {"SL-unquoted-domain", put_quotes},
    {"SL-not-a-token", put_quotes_if_allowed},
    {"SL-quoted-stale", take_quotes},
    {"SL-quoted-algorithm", take_quotes},
    {"SL-quoted-qop", take_quotes},
    {"SL-quoted-nc", take_quotes},
    {"SL-quoted-extension", take_quotes},
    {"SL-quoted-ext-value", take_quotes},
    {"SL-single-quotes", double_quotes},
    {"SL-typographic-quotes", quotes_of_sip},
    {"SL-open-string", close_quote_behind},
    {"SL-line-break-in-value", blanks_for_line_breaks},
    {"SL-fold-in-value", unfold},
    {"SL-control-in-value", remove_controls},
    {"SL-bad-quoted-pair", take_backslashes},
    {"SL-not-utf-8", latin1_to_utf8},
    {"SL-empty-value", fill_empty_value},
    {"SL-blank-in-qop", remove},
    {"SL-odd-case-algorithm", usual_case},
    {"SL-unknown-algorithm", registered_name},
    {"SL-not-a-scheme", put_scheme},
    {"SL-folded-challenge", put_blank},
    {"SL-blank-behind-challenge", remove},
    {"SL-upper-case-response", to_lower},
    {"SL-bad-nc", pad_count},
});

}  // namespace

bool has_fix(RuleId rule) noexcept {
  return std::ranges::find(fixers_of_lists, rule, &Fixer::rule) != fixers_of_lists.end() ||
         is_mended_in_message(rule);
}

std::vector<Edit> fixes(std::string_view text, std::span<const Diagnostic> diagnostics) {
  std::vector<Edit> edits;
  for (const auto& diagnostic : diagnostics) {
    const auto* fixer = std::ranges::find(fixers_of_lists, diagnostic.rule, &Fixer::rule);
    auto edit = fixer != fixers_of_lists.end() ? fixer->mend(text, diagnostic.where)
                                               : mend_message(text, diagnostic);
    if (!edit) continue;
    edit->rule = diagnostic.rule;
    edits.push_back(*std::move(edit));
  }
  std::ranges::sort(
      edits, {}, [](const Edit& edit) { return std::pair{edit.where.offset, edit.where.length}; });
  std::size_t end = 0;
  std::erase_if(edits, [&](const Edit& edit) {
    // Two at one place may be the same thing said twice.
    if (edit.where.offset < end) return true;
    end = edit.where.offset + std::max<std::uint32_t>(edit.where.length, 1);
    return false;
  });
  return edits;
}

std::string with_edits(std::string_view text, std::span<const Edit> edits) {
  std::string result;
  result.reserve(text.size());
  std::size_t done = 0;
  for (const auto& edit : edits) {
    result.append(text.substr(done, edit.where.offset - done)).append(edit.replacement);
    done = edit.where.offset + edit.where.length;
  }
  return result.append(text.substr(done));
}

Fixed fixed(std::string_view text) {
  // Each pass mends at least one thing, and a text has no more than so many that are told.
  constexpr int most_passes = 128;
  Fixed result{.text = std::string{text}};
  for (int pass = 0;; ++pass) {
    Diagnostics found;
    const auto read = lint_pasted(result.text, found);
    result.left.assign(found.list().begin(), found.list().end());
    if (!read || pass == most_passes) return result;
    const auto edits = fixes(result.text, found.list());
    auto next = with_edits(result.text, edits);
    if (edits.empty() || next == result.text || next.size() > limits::message_bytes) return result;
    for (const auto& edit : edits) {
      if (std::ranges::find(result.mended, edit.rule) == result.mended.end()) {
        result.mended.push_back(edit.rule);
      }
    }
    result.text = std::move(next);
  }
}

}  // namespace sipauth
