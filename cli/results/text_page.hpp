// A page of text: wrapped at blanks to a width, with hanging indents and, where wanted, colours.
// What it is given has to be harmless for a terminal already, or is a sentence of ours.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "results/result.hpp"

namespace sipauth::results {

class TextPage {
 public:
  explicit TextPage(const TextStyle& style) : style_{style} {}

  [[nodiscard]] bool utf8() const { return style_.utf8; }
  [[nodiscard]] int verbosity() const { return style_.verbosity; }

  /// An empty line, never two in a row and none at the top.
  void blank();

  /// As it stands.
  void line(std::string_view text);

  /// A sentence of ours over the whole width, in the colour of an SGR code.
  void paragraph(std::string_view colour, std::string_view text);

  /// `label` in a column of its own, a sentence behind it. Nothing when the sentence is empty.
  void labelled(std::string_view label, std::string_view text, std::string_view colour = "");

  /// `head`, which may hold colours and takes the first line, and a sentence behind it. Following
  /// lines are indented by `indent` columns.
  void hanging(std::string_view head, std::size_t head_columns, std::size_t indent,
               std::string_view text);

  [[nodiscard]] std::string coloured(std::string_view colour, std::string_view text) const;

  /// The page; bytes beyond ASCII are escaped where the terminal reads no UTF-8.
  [[nodiscard]] std::string finish() const;

 private:
  std::string wrapped(std::size_t at, std::size_t indent, std::string_view text) const;

  TextStyle style_;
  std::string text_;
};

}  // namespace sipauth::results
