#include "commands/source_line.hpp"

#include <algorithm>

#include "results/escape.hpp"

namespace sipauth::commands {
namespace {

// Bytes shown before and behind the place: both fit a wide terminal with the cut marks.
constexpr std::size_t shown_before = 90;
constexpr std::size_t shown_behind = 60;

constexpr std::string_view indent = "    ";
constexpr std::string_view cut_mark = "...";

bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

// Columns of a terminal, near enough: one per character.
std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return !continues_character(c); }));
}

}  // namespace

SourceLines::SourceLines(std::string_view text, std::span<const Span> secrets)
    : text_{text}, secrets_{secrets} {
  for (auto at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1)) {
    begins_.push_back(at + 1);
  }
}

SourceLines::Place SourceLines::place_of(std::uint32_t offset) const {
  const auto after = std::ranges::upper_bound(begins_, std::size_t{offset});
  const auto line = static_cast<std::size_t>(after - begins_.begin());
  return {.line = line, .column = offset - begins_[line - 1] + 1};
}

std::string SourceLines::shown(std::size_t begin, std::size_t end) const {
  std::string part{text_.substr(begin, end - begin)};
  for (const auto& [offset, length] : secrets_) {
    const auto from = std::max<std::size_t>(offset, begin);
    const auto to = std::min<std::size_t>(std::size_t{offset} + length, end);
    if (from < to)
      std::fill_n(part.begin() + static_cast<std::ptrdiff_t>(from - begin), to - from, '*');
  }
  return results::for_terminal(part);
}

SourceLines::Window SourceLines::window_round(Span where) const {
  const auto line = place_of(where.offset).line - 1;
  Window window;
  window.line_begin = begins_[line];
  window.line_end = line + 1 < begins_.size() ? begins_[line + 1] - 1 : text_.size();
  if (window.line_end > window.line_begin && text_[window.line_end - 1] == '\r') --window.line_end;
  window.place = std::min<std::size_t>(where.offset, window.line_end);
  window.place_end = std::min<std::size_t>(window.place + where.length, window.line_end);

  window.begin = window.place - std::min(window.place - window.line_begin, shown_before);
  while (window.begin > window.line_begin && continues_character(text_[window.begin])) {
    --window.begin;
  }
  window.end = std::min(window.line_end, std::max(window.place_end, window.place) + shown_behind);
  if (window.end - window.place > shown_before + shown_behind) {
    window.end = window.place + shown_before + shown_behind;
  }
  while (window.end < window.line_end && continues_character(text_[window.end])) ++window.end;
  return window;
}

std::string SourceLines::excerpt(Span where) const {
  const auto window = window_round(where);
  const std::string_view before = window.begin > window.line_begin ? cut_mark : "";
  const std::string_view behind = window.end < window.line_end ? cut_mark : "";
  const auto marked_end = std::min(window.place_end, window.end);
  const auto left = width_of(shown(window.begin, window.place)) + before.size();
  const auto marked = width_of(shown(window.place, marked_end));

  std::string text{indent};
  text.append(before).append(shown(window.begin, window.end)).append(behind).append("\n");
  text.append(indent).append(left, ' ').append("^");
  if (marked > 1) text.append(marked - 1, '~');
  return text.append("\n");
}

std::string SourceLines::below(Span where, Span replaced, std::string_view replacement) const {
  const auto window = window_round(where);
  if (replaced.offset < window.begin || replaced.offset > window.end) return {};
  const std::string_view before = window.begin > window.line_begin ? cut_mark : "";
  std::string text{indent};
  text.append(width_of(shown(window.begin, replaced.offset)) + before.size(), ' ');
  return text.append(results::for_terminal(replacement)).append("\n");
}

}  // namespace sipauth::commands
