#include "redaction.hpp"

#include <algorithm>
#include <array>

#include "cursor.hpp"
#include "sipauth/lint.hpp"
#include "sipauth/text.hpp"

namespace sipauth {
namespace {

// Marks of which a few in a row stand for something else, and how many it takes.
struct Mark {
  std::string_view text;
  std::size_t at_least = 3;
};

constexpr auto marks = std::to_array<Mark>({{"x"},
                                            {"X"},
                                            {"*"},
                                            {"#"},
                                            {"?"},
                                            {"_"},
                                            {".", 3},
                                            {"…", 1},
                                            {"█", 1},
                                            {"•", 2},
                                            {"●", 2},
                                            {"-", 4}});

// Words that a placeholder in brackets has, at the beginning of one of its own.
constexpr auto bracketed_words = std::to_array<std::string_view>(
    {"remov",  "redact", "hidden", "hid",    "secret", "mask",   "snip",    "censor",  "anonym",
     "obfusc", "delet",  "cut",    "ip",     "my",     "your",   "user",    "pass",    "domain",
     "host",   "number", "phone",  "ext",    "realm",  "nonce",  "private", "public",  "addr",
     "server", "name",   "xx",     "strip",  "priv",   "edited", "omit",    "sanit",   "real",
     "local",  "remote", "client", "callid", "call",   "some",   "pbx",     "account", "provider"});

// The same without brackets: nothing else is called so.
constexpr auto bare_words = std::to_array<std::string_view>(
    {"redacted", "removed", "censored", "obfuscated", "anonymized", "anonymised", "sanitized",
     "hidden", "masked", "snipped", "deleted"});

constexpr std::size_t longest_in_brackets = 40;

char closing_of(char opening) noexcept {
  switch (opening) {
    case '<':
      return '>';
    case '[':
      return ']';
    case '{':
      return '}';
    case '(':
      return ')';
    default:
      return 0;
  }
}

bool is_word(char c) noexcept { return is_alpha(c) || is_digit(c); }

bool has_bracketed_word(std::string_view inside) noexcept {
  for (std::size_t at = 0; at < inside.size();) {
    if (!is_alpha(inside[at])) {
      ++at;
      continue;
    }
    auto end = at;
    while (end < inside.size() && is_alpha(inside[end])) ++end;
    const auto word = inside.substr(at, end - at);
    if (std::ranges::any_of(bracketed_words, [&](std::string_view known) {
          // Two letters are a word of their own, and no beginning of one.
          return known.size() == 2 && known != "xx" ? same(word, known)
                                                    : same(word.substr(0, known.size()), known);
        })) {
      return true;
    }
    at = end;
  }
  return false;
}

// `<removed>`, `[my ip]`: what stands there is neither a URI nor an IPv6 address.
std::size_t in_brackets(std::string_view text) noexcept {
  const char closing = closing_of(text[0]);
  if (closing == 0) return 0;
  const auto end = text.substr(0, longest_in_brackets).find(closing, 1);
  if (end == std::string_view::npos) return 0;
  const auto inside = text.substr(1, end - 1);
  const bool plain = std::ranges::all_of(
      inside, [](char c) { return is_word(c) || std::string_view{" _-.'*#/"}.contains(c); });
  return plain && has_bracketed_word(inside) ? end + 1 : 0;
}

constexpr detail::ByteSet begins_mark{[](char c) {
  return std::ranges::any_of(marks, [&](const Mark& mark) { return mark.text.front() == c; });
}};

std::size_t of_marks(std::string_view text) noexcept {
  if (!begins_mark(text.front())) return 0;
  for (const auto& [mark, at_least] : marks) {
    std::size_t count = 0;
    while (text.substr(count * mark.size()).starts_with(mark)) ++count;
    if (count >= at_least) return count * mark.size();
  }
  return 0;
}

// `x.x.x.x`, `XX.XX`, `10.x.x.1`: the part from the first x to the last.
std::size_t of_address(std::string_view text) noexcept {
  std::size_t end = 0;
  for (int groups = 0;; ++groups) {
    auto next = end;
    while (next < text.size() && (text[next] == 'x' || text[next] == 'X')) ++next;
    if (next == end || (next < text.size() && is_word(text[next]))) return groups > 1 ? end - 1 : 0;
    if (next == text.size() || text[next] != '.') return groups > 0 ? next : 0;
    end = next + 1;
  }
}

std::size_t of_word(std::string_view text) noexcept {
  for (const auto word : bare_words) {
    if (same(text.substr(0, word.size()), word) &&
        (text.size() == word.size() || !is_word(text[word.size()]))) {
      return word.size();
    }
  }
  return 0;
}

std::size_t placeholder_at(std::string_view text, std::size_t at) noexcept {
  const auto rest = text.substr(at);
  if (const auto length = in_brackets(rest)) return length;
  if (at == 0 || !is_word(text[at - 1])) {
    if (const auto length = of_word(rest)) return length;
    if (const auto length = of_address(rest)) return length;
  }
  return of_marks(rest);
}

}  // namespace

Redaction::Redaction(std::string_view text) : text_{text} {
  for (std::size_t at = 0; at < text.size();) {
    const auto length = placeholder_at(text, at);
    if (length > 0) {
      places_.push_back({static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(length)});
    }
    at += std::max<std::size_t>(length, 1);
  }
}

std::string Redaction::with_words() const {
  std::string copy{text_};
  for (const auto& [offset, length] : places_) {
    for (auto at = offset; at < offset + length; ++at) {
      if (!is_word(copy[at]) && copy[at] != '.') copy[at] = 'x';
    }
  }
  return copy;
}

bool Redaction::excuses(const Diagnostic& diagnostic) const noexcept {
  if (touches(diagnostic.where)) return true;
  return tells_absence(diagnostic.rule) && stands_for_elements(diagnostic.where.offset);
}

bool Redaction::touches(Span where) const noexcept {
  const auto place = std::ranges::lower_bound(places_, where.offset, {},
                                              [](Span one) { return one.offset + one.length; });
  return place != places_.end() && place->offset <= where.offset + where.length;
}

// Is a placeholder in the same row that is no value, but stands where parameters would?
bool Redaction::stands_for_elements(std::uint32_t offset) const noexcept {
  const auto line = text_.substr(0, offset).find_last_of('\n');
  const auto begin = line == std::string_view::npos ? 0 : line + 1;
  for (auto place = std::ranges::lower_bound(places_, begin, {}, &Span::offset);
       place != places_.end() && place->offset <= offset; ++place) {
    if (place->offset > 0 && std::string_view{" ,\t"}.contains(text_[place->offset - 1]))
      return true;
  }
  return false;
}

// Three x in a row stand in one of some thousand random nonces too.
bool is_redacted(std::string_view value) {
  const Redaction redaction{value};
  return std::ranges::any_of(redaction.places(), [&](Span place) {
    constexpr std::uint32_t by_chance = 3;
    const char first = value[place.offset];
    const bool is_usual = is_alpha(first) || first == '_' || first == '-';
    return place.length == value.size() || place.length > by_chance || !is_usual;
  });
}

bool tells_absence(RuleId rule) noexcept {
  return rule != RuleId{"SL-missing-comma"} &&
         (rule->name.starts_with("SL-missing-") || rule->name.contains("-without-"));
}

}  // namespace sipauth
