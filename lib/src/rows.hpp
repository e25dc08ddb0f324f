// Lines and header rows (RFC 3261 7.3.1). Message and StreamFramer both cut with these functions:
// were there two ways to see where the headers end, a message could be smuggled between them.
#pragma once

#include <cstddef>
#include <string_view>

#include "sipauth/text.hpp"

namespace sipauth::detail {

/// Where the line that holds `at` ends: behind its LF, or at the end of the text.
constexpr std::size_t end_of_line(std::string_view text, std::size_t at) noexcept {
  const auto line_feed = text.find('\n', at);
  return line_feed == std::string_view::npos ? text.size() : line_feed + 1;
}

/// CR LF or a bare LF at `at`: the line that ends the headers. Returns its length, or 0.
constexpr std::size_t blank_line(std::string_view text, std::size_t at) noexcept {
  const auto rest = text.substr(at, 2);
  if (rest.starts_with('\n')) return 1;
  return rest == "\r\n" ? 2 : 0;
}

/// Where the row that begins at `at` ends: a line that begins with a blank belongs to the row
/// before it.
constexpr std::size_t end_of_row(std::string_view text, std::size_t at) noexcept {
  do {
    at = end_of_line(text, at);
  } while (at < text.size() && (text[at] == ' ' || text[at] == '\t'));
  return at;
}

/// A header row, cut at its colon.
struct Row {
  std::string_view text;        ///< without line end and blanks around it
  std::string_view name;        ///< empty when there is no colon
  std::string_view name_field;  ///< the name and the blanks in front of the colon
  std::string_view value;
  bool has_colon = false;
};

constexpr Row cut_row(std::string_view row) noexcept {
  Row cut;
  cut.text = trim(row);
  const auto colon = cut.text.find(':');
  cut.has_colon = colon != std::string_view::npos;
  if (!cut.has_colon) return cut;
  cut.name_field = cut.text.substr(0, colon);
  cut.name = trim(cut.name_field);
  cut.value = trim(cut.text.substr(colon + 1));
  return cut;
}

}  // namespace sipauth::detail
