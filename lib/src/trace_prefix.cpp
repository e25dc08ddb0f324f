#include "trace_prefix.hpp"

#include <algorithm>

#include "trace_lines.hpp"

namespace sipauth::trace {
namespace {

constexpr std::string_view box_bar = "│";

constexpr bool is_quote_mark(char c) noexcept { return c == '>'; }

// The width of a bar at `at`; 0 when there is none.
std::size_t bar_at(std::string_view text, std::size_t at) noexcept {
  if (text[at] == '|') return 1;
  return text.substr(at).starts_with(box_bar) ? box_bar.size() : 0;
}

std::string_view without_bar_at_end(std::string_view text) noexcept {
  const auto trimmed = trim_blanks_at_end(text);
  if (trimmed.ends_with(box_bar)) return trimmed.substr(0, trimmed.size() - box_bar.size());
  return trimmed.ends_with('|') ? trimmed.substr(0, trimmed.size() - 1) : text;
}

}  // namespace

Prefix::Prefix(std::string_view sample) noexcept : sample_{sample} {
  std::size_t column = 0;
  for (std::size_t at = 0; at < sample.size(); ++column) {
    const char c = sample[at];
    if (bar_at(sample, at) > 0) {
      has_bars_ = true;
      last_bar_ = column;
    }
    if (is_quote_mark(c)) ++quotes_;
    blanks_ = is_blank(c) ? blanks_ + 1 : 0;
    is_decoration_ = is_decoration_ && (is_blank(c) || is_quote_mark(c));
    at += std::max<std::size_t>(utf8_length(sample.substr(at)), 1);
  }
}

std::optional<std::string_view> Prefix::behind(std::string_view line) const noexcept {
  if (sample_.empty()) return line;
  if (has_bars_) {
    // `asterisk_1  | ` of containers: a bar, and a blank that is no part of the row.
    if (line.starts_with(sample_)) return without_bar_at_end(line.substr(sample_.size()));
    if (const auto behind = behind_bars(line)) return behind;
  }
  if (line.starts_with(sample_)) return line.substr(sample_.size());
  if (is_decoration_) return behind_decoration(line);
  return behind_likeness(line);
}

// At the same column, one for each character.
std::optional<std::string_view> Prefix::behind_bars(std::string_view line) const noexcept {
  std::size_t column = 0;
  for (std::size_t at = 0; at < line.size(); ++column) {
    const auto bar = bar_at(line, at);
    if (column == last_bar_) {
      if (bar == 0) return std::nullopt;
      return without_bar_at_end(line.substr(at + bar));
    }
    at += std::max<std::size_t>(utf8_length(line.substr(at)), 1);
  }
  return std::nullopt;
}

// Up to as many marks and, behind them, up to as many blanks: more of them fold the line.
std::string_view Prefix::behind_decoration(std::string_view line) const noexcept {
  std::size_t at = 0;
  for (auto left = quotes_; left > 0; --left) {
    const auto mark = at + indent_of(line.substr(at));
    if (mark == line.size() || !is_quote_mark(line[mark])) break;
    at = mark + 1;
  }
  line.remove_prefix(at);
  line.remove_prefix(std::min(indent_of(line), blanks_));
  return line;
}

// The same but for its numbers and how they are padded.
std::optional<std::string_view> Prefix::behind_likeness(std::string_view line) const noexcept {
  // Tools that write into columns have a blank in front of some lines only.
  std::size_t ours = indent_of(sample_);
  std::size_t theirs = indent_of(line);
  const auto skip = [](std::string_view text, std::size_t& at, const auto& belongs) {
    while (at < text.size() && belongs(text[at])) ++at;
  };
  while (ours < sample_.size()) {
    if (theirs == line.size()) {
      return indent_of(sample_.substr(ours)) + ours == sample_.size()
                 ? std::optional{line.substr(theirs)}
                 : std::nullopt;
    }
    if (is_digit(sample_[ours]) && is_digit(line[theirs])) {
      skip(sample_, ours, is_digit);
      skip(line, theirs, is_digit);
    } else if (sample_[ours] == line[theirs]) {
      ++ours;
      ++theirs;
      // `Nov  1` and `Nov 30`: in front of a number blanks are padding.
      if (is_blank(sample_[ours - 1]) && (ours == 1 || !is_blank(sample_[ours - 2]))) {
        const auto a = ours + indent_of(sample_.substr(ours));
        const auto b = theirs + indent_of(line.substr(theirs));
        if (a < sample_.size() && b < line.size() && is_digit(sample_[a]) && is_digit(line[b])) {
          ours = a;
          theirs = b;
        }
      }
    } else {
      return std::nullopt;
    }
  }
  return line.substr(theirs);
}

}  // namespace sipauth::trace
