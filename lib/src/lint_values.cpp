#include "lint_values.hpp"

#include <algorithm>
#include <array>

#include "cursor.hpp"
#include "sipauth/text.hpp"

namespace sipauth {
namespace {

using detail::Cursor;
using detail::Report;

// word, without the @ between two of them. Some phones write `=`, `&` and `#` too, and no peer
// minds.
constexpr CharacterSet of_call_id{"-.!%*_+`'~()<>:\\\"/[]?{}=&#$^|;"};

constexpr auto weekdays =
    std::to_array<std::string_view>({"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"});
constexpr auto months = std::to_array<std::string_view>(
    {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"});

bool is_one_of(auto words, std::string_view word) noexcept {
  return std::ranges::find(words, word) != words.end();
}

// `9` stands for a digit, anything else for itself.
bool fits(std::string_view text, std::string_view pattern) noexcept {
  return std::ranges::equal(
      text, pattern, [](char c, char wanted) { return wanted == '9' ? is_digit(c) : c == wanted; });
}

// Behind the bracket that closes the one at the cursor; false when it never closes.
bool take_comment(Cursor& cursor) noexcept {
  int depth = 0;
  while (!cursor.at_end()) {
    if (cursor.take('\\')) {
      if (!cursor.at_end()) cursor.take_to(cursor.position() + 1);
    } else if (cursor.take('(')) {
      ++depth;
    } else if (cursor.take(')')) {
      if (--depth == 0) return true;
    } else {
      cursor.take_to(cursor.position() + 1);
    }
  }
  return false;
}

}  // namespace

Left read_call_id(std::string_view text, Diagnostics& diagnostics) noexcept {
  const Report report{text, diagnostics};
  Cursor cursor{text};
  cursor.take_while(of_call_id);
  if (cursor.take('@')) cursor.take_while(of_call_id);
  if (text.empty() || !cursor.at_end()) report("SL-call-id", cursor.rest());
  return std::string_view{};
}

Left read_words(std::string_view text, Diagnostics& diagnostics) noexcept {
  const Report report{text, diagnostics};
  if (trim(text).empty()) return std::string_view{};
  for (auto rest = text;;) {
    const auto comma = rest.find(',');
    const auto part = rest.substr(0, comma);
    const auto word = trim(part);
    if (word.empty()) {
      report("SL-list-empty-element", part.substr(part.size()));
    } else if (!is_token(word)) {
      report("SL-list-word", word);
    }
    if (comma == std::string_view::npos) return std::string_view{};
    rest.remove_prefix(comma + 1);
  }
}

Left read_products(std::string_view text, Diagnostics& diagnostics) noexcept {
  const Report report{text, diagnostics};
  Cursor cursor{text};
  while (!cursor.at_end()) {
    const auto begin = cursor.position();
    if (cursor.is_at('(')) {
      if (!take_comment(cursor)) {
        report("SL-product", cursor.since(begin).substr(0, 1));
        break;
      }
    } else if (!cursor.take_token().empty()) {
      if (cursor.take('/')) cursor.take_token();
    }
    if (cursor.position() == begin) {
      report("SL-product", cursor.rest());
      break;
    }
    cursor.skip_lws();
  }
  return std::string_view{};
}

// wkday "," SP 2DIGIT SP month SP 4DIGIT SP 2DIGIT ":" 2DIGIT ":" 2DIGIT SP "GMT", in this case of
// its letters (RFC 3261 20.17).
Left read_date(std::string_view text, Diagnostics& diagnostics) noexcept {
  const Report report{text, diagnostics};
  const bool is_date = text.size() == 29 && is_one_of(weekdays, text.substr(0, 3)) &&
                       fits(text.substr(3, 5), ", 99 ") && is_one_of(months, text.substr(8, 3)) &&
                       fits(text.substr(11), " 9999 99:99:99 GMT") &&
                       number(text.substr(5, 2), 31) && number(text.substr(17, 2), 23) &&
                       number(text.substr(20, 2), 59) && number(text.substr(23, 2), 60);
  if (!is_date) report("SL-date", text);
  return std::string_view{};
}

Left read_media_type(std::string_view text, Diagnostics& diagnostics) noexcept {
  const Report report{text, diagnostics};
  Cursor cursor{text};
  const auto type = cursor.take_token();
  cursor.skip_lws();
  const bool slash = cursor.take('/');
  cursor.skip_lws();
  const auto subtype = cursor.take_token();
  cursor.skip_lws();
  if (type.empty() || !slash || subtype.empty() || (!cursor.at_end() && !cursor.is_at(';'))) {
    report("SL-content-type", text);
  }
  return std::string_view{};
}

Left read_retry_after(std::string_view text, Diagnostics& diagnostics) noexcept {
  const Report report{text, diagnostics};
  Cursor cursor{text};
  const auto digits = cursor.take_while(is_digit);
  cursor.skip_lws();
  if (cursor.is_at('(')) take_comment(cursor);
  cursor.skip_lws();
  if (!number(digits, most_seconds) || (!cursor.at_end() && !cursor.is_at(';'))) {
    report("SL-not-a-number", text);
  }
  return std::string_view{};
}

}  // namespace sipauth
