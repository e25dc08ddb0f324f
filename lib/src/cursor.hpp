// What the readers of header values share: a place in a text, and reports by view.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <expected>
#include <string_view>

#include "sipauth/diagnostic.hpp"
#include "sipauth/text.hpp"

namespace sipauth::detail {

/// Behind the closing quote of the quoted-string that opens at `begin`; npos when it never closes.
constexpr std::size_t end_of_quoted_string(std::string_view text, std::size_t begin) noexcept {
  for (auto at = begin + 1; at < text.size(); ++at) {
    if (text[at] == '"') return at + 1;
    if (text[at] == '\\') ++at;
  }
  return std::string_view::npos;
}

/// The first `stop` at or behind `begin` that no quoted-string covers; the size of the text when
/// there is none. An open quote covers the rest. Behind a backslash a quote opens nothing: were the
/// quotes that an open one covers to open again for each value of a list, every value would be
/// searched to the end of all of them.
constexpr std::size_t find_unquoted(std::string_view text, char stop,
                                    std::size_t begin = 0) noexcept {
  auto at = begin;
  while (at < text.size() && text[at] != stop) {
    const bool opens = text[at] == '"' && (at == begin || text[at - 1] != '\\');
    at = opens ? end_of_quoted_string(text, at) : at + 1;
  }
  return at < text.size() ? at : text.size();
}

/// Bytes that are asked about one by one: a table instead of comparisons.
class ByteSet {
 public:
  consteval explicit ByteSet(bool (*belongs)(char)) noexcept {
    for (std::size_t byte = 0; byte < has_.size(); ++byte) {
      has_[byte] = belongs(static_cast<char>(byte));
    }
  }

  constexpr bool operator()(char c) const noexcept { return has_[static_cast<unsigned char>(c)]; }

 private:
  std::array<bool, 256> has_{};
};

inline constexpr ByteSet lws{[](char c) { return is_lws(c); }};

/// Behind the bytes at and behind `begin` that belong. A plain loop, and not std::find_if_not,
/// which is unrolled by hand: a fuzzer follows each of its copies.
constexpr std::size_t end_of_run(std::string_view text, std::size_t begin,
                                 const auto& belongs) noexcept {
  auto at = begin;
  while (at < text.size() && belongs(text[at])) ++at;
  return at;
}

/// A place in a text. What a member takes, it leaves behind.
class Cursor {
 public:
  constexpr explicit Cursor(std::string_view text) noexcept : text_{text} {}

  [[nodiscard]] constexpr bool at_end() const noexcept { return at_ == text_.size(); }
  [[nodiscard]] constexpr bool is_at(char c) const noexcept { return !at_end() && text_[at_] == c; }
  [[nodiscard]] constexpr std::size_t position() const noexcept { return at_; }
  [[nodiscard]] constexpr std::string_view here() const noexcept { return text_.substr(at_, 0); }
  [[nodiscard]] constexpr std::string_view rest() const noexcept { return text_.substr(at_); }
  [[nodiscard]] constexpr std::string_view since(std::size_t begin) const noexcept {
    return text_.substr(begin, at_ - begin);
  }

  constexpr bool take(char c) noexcept {
    if (!is_at(c)) return false;
    ++at_;
    return true;
  }

  constexpr std::string_view take_while(const auto& belongs) noexcept {
    const auto begin = at_;
    at_ = end_of_run(text_, at_, belongs);
    return since(begin);
  }

  constexpr std::string_view take_token() noexcept { return take_while(token_characters); }

  constexpr std::string_view skip_lws() noexcept { return take_while(lws); }

  /// Everything up to `end`, a position in the whole text.
  constexpr std::string_view take_to(std::size_t end) noexcept {
    const auto begin = at_;
    at_ = end;
    return since(begin);
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

/// Reports parts of one text by where they lie in it, however deep the reader that found them.
class Report {
 public:
  constexpr Report(std::string_view whole, Diagnostics& diagnostics) noexcept
      : whole_{whole}, diagnostics_{diagnostics} {}

  void operator()(RuleId rule, std::string_view part) const noexcept {
    diagnostics_.report(rule, span_of(part, whole_));
  }

  [[nodiscard]] constexpr std::unexpected<ParseError> error(ParseError::Kind kind,
                                                            std::string_view where) const noexcept {
    return std::unexpected{ParseError{kind, span_of(where, whole_).offset}};
  }

 private:
  std::string_view whole_;
  Diagnostics& diagnostics_;
};

}  // namespace sipauth::detail
