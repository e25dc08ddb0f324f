// Lines of a pasted trace: what begins a message, what a header, what stands between messages.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "sipauth/text.hpp"

namespace sipauth::trace {

constexpr bool is_blank(char c) noexcept { return c == ' ' || c == '\t'; }

constexpr std::string_view trim_blanks_at_end(std::string_view text) noexcept {
  while (!text.empty() && is_lws(text.back())) text.remove_suffix(1);
  return text;
}

constexpr std::size_t indent_of(std::string_view text) noexcept {
  std::size_t indent = 0;
  while (indent < text.size() && is_blank(text[indent])) ++indent;
  return indent;
}

struct Line {
  std::string_view text = {};  ///< without its line end
  std::size_t begin = 0;       ///< in the input
  std::size_t next = 0;        ///< where the line behind it begins
};

[[nodiscard]] Line line_at(std::string_view input, std::size_t at) noexcept;

struct StartLine {
  std::size_t begin = 0;  ///< in the line
  std::size_t end = 0;    ///< of a request behind its version, of a response at the line's end
  bool is_request = false;
};

/// A start line, whatever stands in front of it.
[[nodiscard]] std::optional<StartLine> find_start_line(std::string_view line) noexcept;

/// `Name:` at the beginning.
[[nodiscard]] bool is_header(std::string_view line) noexcept;

/// Where the first header begins that SIP knows by that name, whatever stands in front of it.
[[nodiscard]] std::optional<std::size_t> find_known_header(std::string_view line) noexcept;

/// The same, of a header that no mail and no log has.
[[nodiscard]] std::optional<std::size_t> find_telling_header(std::string_view line) noexcept;

/// What tools write between messages: rulers, fences, headings, dates.
[[nodiscard]] bool is_between_messages(std::string_view line) noexcept;

/// Something that says that lines were left out here.
[[nodiscard]] bool is_elision(std::string_view line) noexcept;

/// How a tool writes a line end within a line: `\r\n`, `#015#012`, `^M` ...; empty when the text
/// does not begin with one.
[[nodiscard]] std::string_view line_end_mark(std::string_view text) noexcept;

/// Without such marks and colours at its end.
[[nodiscard]] std::string_view without_marks_at_end(std::string_view line) noexcept;

}  // namespace sipauth::trace
