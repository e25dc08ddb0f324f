// Rows that a window, a mail or a tracker broke into several lines.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sipauth::trace {

/// How two lines belong together.
enum class Wrap : std::uint8_t {
  at_blank,     ///< a blank stood between them
  within_word,  ///< nothing
};

struct LineBreak {
  std::string_view row = {};    ///< what was read of the row so far, put together, without line end
  std::string_view above = {};  ///< its last line
  std::string_view below = {};  ///< the line behind the break, which is not empty
  bool is_crlf = false;         ///< in a message of CR LFs: a peer may have sent it
  std::size_t width = 0;        ///< at which lines were cut, wherever that fell; 0: not known
};

/// The width at which rows were cut without regard for words: that of several lines, and of none a
/// larger one. 0 when no such is seen.
[[nodiscard]] std::size_t width_of_cuts(std::string_view rows) noexcept;

/// How the line below goes on with the row above; nullopt when it is a row of its own. Of a row
/// that ends in CR LF only what fits the width of an old mail is believed.
[[nodiscard]] std::optional<Wrap> wrap_at(const LineBreak& at) noexcept;

}  // namespace sipauth::trace
