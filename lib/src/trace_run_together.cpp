// A message whose line ends became blanks: a table, a web page, a line of a chat.
#include <algorithm>
#include <array>

#include "sipauth/message.hpp"
#include "trace_lines.hpp"
#include "trace_readers.hpp"
#include "trace_text.hpp"

namespace sipauth::trace {
namespace {

std::string_view name_at(std::string_view text) noexcept {
  std::size_t end = 0;
  while (end < text.size() && is_token(text[end])) ++end;
  return text.substr(0, end);
}

// Behind two blanks `sip:` begins an address.
bool is_scheme(std::string_view name) noexcept {
  constexpr auto schemes =
      std::to_array<std::string_view>({"sip", "sips", "tel", "urn", "mailto", "http", "https"});
  return std::ranges::any_of(schemes, [&](std::string_view one) { return same(one, name); });
}

// Goes through the rows of such a message.
class Rows {
 public:
  explicit Rows(std::string_view text) noexcept : text_{text} {}

  /// Where the next row begins behind its blanks, which begin at gap(); npos when there is none.
  std::size_t next() noexcept {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '"') {
        pass_string();
      } else if (!is_blank(c)) {
        ++at_;
      } else {
        gap_ = at_;
        at_ += indent_of(text_.substr(at_));
        if (begins_row()) return at_;
      }
    }
    return gap_ = std::string_view::npos;
  }
  [[nodiscard]] std::size_t gap() const noexcept { return gap_; }

 private:
  // A string that never closes is none.
  void pass_string() noexcept {
    ++at_;
    if (has_open_string_) return;
    for (auto end = at_; end < text_.size(); ++end) {
      if (text_[end] == '\\') {
        ++end;
      } else if (text_[end] == '"') {
        at_ = end + 1;
        return;
      }
    }
    has_open_string_ = true;
  }

  // One blank alone stands within values as well, so that the name must be a known one then, and no
  // letter.
  [[nodiscard]] bool begins_row() const noexcept {
    const auto rest = text_.substr(at_);
    const auto name = name_at(rest);
    if (name.empty() || !rest.substr(name.size()).starts_with(':')) return false;
    if (name.size() > 1 && header_id(name) != HeaderId::other) return true;
    return at_ - gap_ > 1 && is_alpha(name[0]) && !is_scheme(name);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t gap_ = std::string_view::npos;
  bool has_open_string_ = false;
};

// The cells of a table behind the message, and a body.
std::string_view without_what_follows(std::string_view last_row) noexcept {
  for (const std::string_view mark : {" | ", " v=0 ", "\t"}) {
    last_row = last_row.substr(0, last_row.find(mark));
  }
  return trim_blanks_at_end(last_row);
}

std::string_view message_in(const Line& line, const StartLine& start) noexcept {
  return line.text.substr(std::min(start.begin, line.text.size()));
}

}  // namespace

bool is_run_together(const Line& line, const StartLine& start) noexcept {
  constexpr int least = 3;
  const auto text = message_in(line, start);
  Rows rows{text};
  const auto first = rows.next();
  if (first == std::string_view::npos) return false;
  // A request has its first row at once.
  if (start.is_request && rows.gap() != start.end - start.begin) return false;
  int known = 0;
  for (auto row = first; row != std::string_view::npos && known < least; row = rows.next()) {
    if (header_id(name_at(text.substr(row))) != HeaderId::other) ++known;
  }
  return known == least;
}

std::size_t read_run_together(std::string_view input, const Line& line, const StartLine& start,
                              TracedMessage& message) {
  const auto whole = message_in(line, start);
  TracedText text{input, message};
  Rows rows{whole};
  std::size_t begin = 0;
  std::size_t end = 0;
  for (bool goes_on = true; goes_on;) {
    const auto next = rows.next();
    goes_on = next != std::string_view::npos;
    auto row = whole.substr(begin, (goes_on ? rows.gap() : whole.size()) - begin);
    if (!goes_on) row = without_what_follows(row);
    text.add(row);
    end = line.begin + start.begin + begin + row.size();
    text.end_line(end);
    begin = next;
  }
  text.end_line(end);
  message.where = {static_cast<std::uint32_t>(line.begin + start.begin),
                   static_cast<std::uint32_t>(end - line.begin - start.begin)};
  return line.next;
}

}  // namespace sipauth::trace
