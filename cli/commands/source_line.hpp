// Lines of an input, as a compiler shows them: place, line, caret.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sipauth/diagnostic.hpp"

namespace sipauth::commands {

/// Keeps a view of the text and the secrets.
class SourceLines {
 public:
  /// Bytes in `secrets` are shown as stars.
  SourceLines(std::string_view text, std::span<const Span> secrets);

  struct Place {
    std::size_t line = 1;
    std::size_t column = 1;  ///< in bytes
  };
  [[nodiscard]] Place place_of(std::uint32_t offset) const;

  /// The line that holds `where`, escaped and indented, and under it a caret and tildes. Of a long
  /// line only what stands round the place.
  [[nodiscard]] std::string excerpt(Span where) const;

  /// What takes the place of `replaced`, escaped, on a line of its own below the excerpt of
  /// `where`; empty when that shows another line or part of it.
  [[nodiscard]] std::string below(Span where, Span replaced, std::string_view replacement) const;

 private:
  struct Window {
    std::size_t line_begin = 0;
    std::size_t line_end = 0;
    std::size_t begin = 0;  // of what is shown of it
    std::size_t end = 0;
    std::size_t place = 0;
    std::size_t place_end = 0;
  };
  [[nodiscard]] Window window_round(Span where) const;
  [[nodiscard]] std::string shown(std::size_t begin, std::size_t end) const;

  std::string_view text_;
  std::span<const Span> secrets_;
  std::vector<std::size_t> begins_{0};  // of each line
};

}  // namespace sipauth::commands
