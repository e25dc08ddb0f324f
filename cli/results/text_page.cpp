#include "results/text_page.hpp"

#include <algorithm>

#include "results/escape.hpp"

namespace sipauth::results {
namespace {

constexpr std::size_t label_columns = 13;

// Narrower, and indents would take all of it.
constexpr std::size_t narrowest = 40;

// One per code point: close enough for wrapping, whatever a terminal makes of wide letters.
std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80; }));
}

}  // namespace

void TextPage::blank() {
  if (!text_.empty() && !text_.ends_with("\n\n")) text_ += '\n';
}

void TextPage::line(std::string_view text) {
  text_ += text;
  text_ += '\n';
}

void TextPage::paragraph(std::string_view colour, std::string_view text) {
  line(coloured(colour, wrapped(0, 0, sentence_for_terminal(text))));
}

void TextPage::labelled(std::string_view label, std::string_view text, std::string_view colour) {
  if (text.empty()) return;
  std::string head{label};
  head.resize(std::max(label_columns, head.size() + 1), ' ');
  const auto wrapped_text = wrapped(head.size(), head.size(), sentence_for_terminal(text));
  line(head + coloured(colour, wrapped_text));
}

void TextPage::hanging(std::string_view head, std::size_t head_columns, std::size_t indent,
                       std::string_view text) {
  text_ += head;
  line(wrapped(head_columns, indent, sentence_for_terminal(text)));
}

std::string TextPage::coloured(std::string_view colour, std::string_view text) const {
  if (!style_.colour || colour.empty()) return std::string{text};
  return "\x1b[" + std::string{colour} + "m" + std::string{text} + "\x1b[0m";
}

std::string TextPage::finish() const { return style_.utf8 ? text_ : ascii_only(text_); }

// A word that is longer than a line stays whole, so that it can be copied.
std::string TextPage::wrapped(std::size_t at, std::size_t indent, std::string_view text) const {
  const auto width = std::max(style_.width, narrowest);
  std::string out;
  bool at_begin = true;
  while (!text.empty()) {
    const auto word = text.substr(0, std::min(text.find(' '), text.size()));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    if (word.empty()) continue;
    const auto word_columns = columns(word);
    if (!at_begin && at + 1 + word_columns > width) {
      out += '\n';
      out.append(indent, ' ');
      at = indent;
    } else if (!at_begin) {
      out += ' ';
      ++at;
    }
    out += word;
    at += word_columns;
    at_begin = false;
  }
  return out;
}

}  // namespace sipauth::results
