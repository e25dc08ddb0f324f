// Tokens, quoted strings, blanks and numbers (RFC 3261 25.1), as small pure functions over views.
//
// Unless its comment says so, nothing here allocates or throws; a returned view lies in the
// argument.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sipauth/export.hpp"

namespace sipauth {

/// A byte that may be part of LWS. Folding is CR LF followed by a blank, so within a header value
/// every CR and LF is one too.
constexpr bool is_lws(char c) noexcept { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

constexpr bool is_alpha(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

constexpr bool is_lower_hex(char c) noexcept { return is_digit(c) || (c >= 'a' && c <= 'f'); }

constexpr bool is_hex(char c) noexcept { return is_lower_hex(c) || (c >= 'A' && c <= 'F'); }

/// Bytes, one of which a character may be: a table, since every byte of a message is asked about.
class CharacterSet {
 public:
  /// Letters, digits and `others`.
  consteval explicit CharacterSet(std::string_view others) noexcept {
    for (std::size_t byte = 0; byte < has_.size(); ++byte) {
      const auto c = static_cast<char>(byte);
      has_[byte] = is_alpha(c) || is_digit(c) || others.contains(c);
    }
  }

  constexpr bool operator()(char c) const noexcept { return has_[static_cast<unsigned char>(c)]; }

 private:
  std::array<bool, 256> has_{};
};

inline constexpr CharacterSet token_characters{"-.!%*_+`'~"};

constexpr bool is_token(char c) noexcept { return token_characters(c); }

/// C0 controls and DEL.
constexpr bool is_control(char c) noexcept {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

/// Of every byte; a table, since names are compared letter by letter all the time.
inline constexpr auto lower_letters = [] {
  std::array<char, 256> letters{};
  for (std::size_t byte = 0; byte < letters.size(); ++byte) {
    const auto c = static_cast<char>(byte);
    letters[byte] = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
  }
  return letters;
}();

constexpr char lower(char c) noexcept { return lower_letters[static_cast<unsigned char>(c)]; }

/// Equal without regard to the case of ASCII letters, as tokens and header names are (7.3.1).
constexpr bool same(std::string_view a, std::string_view b) noexcept {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

/// Not empty, and token characters throughout.
constexpr bool is_token(std::string_view text) noexcept {
  for (const char c : text) {
    if (!token_characters(c)) return false;
  }
  return !text.empty();
}

/// Without the blanks at both ends.
constexpr std::string_view trim(std::string_view text) noexcept {
  while (!text.empty() && is_lws(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_lws(text.back())) text.remove_suffix(1);
  return text;
}

/// Decimal digits only, and no more than `most`: a sign, a blank, an empty text or an overflow is
/// nullopt. Any number of leading zeros is read.
constexpr std::optional<std::uint32_t> number(std::string_view digits,
                                              std::uint32_t most) noexcept {
  if (digits.empty()) return std::nullopt;
  std::uint64_t value = 0;
  for (const char c : digits) {
    if (!is_digit(c)) return std::nullopt;
    value = value * 10 + static_cast<std::uint64_t>(c - '0');
    if (value > most) return std::nullopt;
  }
  return static_cast<std::uint32_t>(value);
}

/// How many bytes the UTF-8 sequence at the front of `text`, which is not empty, has (RFC 3629 4);
/// 0 when it is none.
constexpr std::size_t utf8_length(std::string_view text) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0U) != 0x80) return 0;
  }
  // Overlong forms, surrogates and what lies beyond U+10FFFF show in the second byte.
  const unsigned second = byte(1);
  const bool excluded = (first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f) ||
                        (first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f);
  return excluded ? 0 : length;
}

/// UTF-8 throughout: no overlong form, no surrogate, nothing above U+10FFFF.
constexpr bool is_utf8(std::string_view text) noexcept {
  while (!text.empty()) {
    const auto length = utf8_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

/// What stands between the quotes of a quoted-string, without its quoting backslashes (RFC 7616 3.3
/// unq). Allocates.
[[nodiscard]] SIPAUTH_API std::string unquote(std::string_view between_quotes);

/// A quoted-string that says `text`, with its quotes (RFC 3261 25.1). Allocates. CR and LF, which
/// no quoted-string can hold, are left out.
[[nodiscard]] SIPAUTH_API std::string quote(std::string_view text);

}  // namespace sipauth
