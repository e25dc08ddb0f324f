// A message as rows of bytes, whatever they hold: what mutations of messages cut and put together.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/random.hpp"
#include "sipauth/message.hpp"

namespace sipauth::fuzz {

/// One header with its folded lines and its line end.
struct Row {
  std::string_view text;
  std::string_view name;      ///< up to the colon, blanks included; empty without a colon
  std::string_view value;     ///< behind the colon, without blanks at its ends
  std::string_view line_end;  ///< of its last line; may be empty at the end of the text
};

struct Rows {
  std::string_view start_line;  ///< with its line end
  std::vector<Row> headers;
  std::string_view rest;  ///< the empty line and what follows
};

[[nodiscard]] Rows read_rows(std::string_view text);

[[nodiscard]] HeaderId id_of(const Row& row);

/// One of those rows, or nullptr.
[[nodiscard]] const Row* drawn_row(const Rows& rows, Random& random);
[[nodiscard]] const Row* drawn_row(const Rows& rows, std::initializer_list<HeaderId> ids,
                                   Random& random);

/// With a further row in front of a header, or behind all of them.
[[nodiscard]] std::string with_row(std::string_view text, const Rows& rows, std::string_view row,
                                   Random& random);

}  // namespace sipauth::fuzz
