// What tools write for quotes and brackets when they put a message into JSON, HTML or CSV.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sipauth::trace {

enum class Escapes : std::uint8_t {
  none,
  json,  ///< `\"` (RFC 8259 7); so do the logs of Go and most programs
  html,  ///< `&quot;`, `&lt;`
  csv,   ///< `""` (RFC 4180 2)
};

/// As a TracedMessage tells it; empty for none.
[[nodiscard]] std::string_view name_of(Escapes escapes) noexcept;

struct Escaped {
  char byte = 0;
  std::size_t length = 0;  ///< of what stands for it; 0: no escape
};

/// What `text` begins with, when that is an escape.
[[nodiscard]] Escaped escape_at(Escapes escapes, std::string_view text) noexcept;

/// From `begin` to the end of the rows: an empty line, or the next start line.
[[nodiscard]] std::string_view headers_at(std::string_view input, std::size_t begin) noexcept;

/// How rows are escaped that stand line below line. Doubled quotes are those of CSV where one
/// stands in front of the first row (`in_quotes`), or a value in them.
[[nodiscard]] Escapes escapes_of_rows(std::string_view rows, bool in_quotes) noexcept;

/// Of a message in one line, behind `before` in it; `has_backslashes`: its line ends are written
/// with them.
struct Quoting {
  Escapes escapes = Escapes::none;
  bool ends_at_quote = false;  ///< at the first `"` that is not escaped
};
[[nodiscard]] Quoting quoting_of_line(std::string_view before, std::string_view message,
                                      bool has_backslashes) noexcept;

}  // namespace sipauth::trace
