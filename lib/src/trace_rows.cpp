// Messages that stand line below line, whatever stands in front of and behind the lines.
#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>

#include "sipauth/message.hpp"
#include "trace_prefix.hpp"
#include "trace_readers.hpp"
#include "trace_row_end.hpp"
#include "trace_start_line.hpp"
#include "trace_text.hpp"
#include "trace_wrap.hpp"

namespace sipauth::trace {
namespace {

constexpr bool is_empty(std::string_view line) noexcept { return trim(line).empty(); }

class RowsReader {
 public:
  RowsReader(std::string_view input, const Line& line, TracedMessage& message) noexcept
      : input_{input}, at_{line.next}, text_{input, message}, message_{message} {}

  std::optional<std::size_t> message_behind(const Line& line, const StartLine& start) {
    const auto begin = line.begin + start.begin;
    auto written = start.is_request ? line.text.substr(start.begin, start.end - start.begin)
                                    : without_marks_at_end(line.text.substr(start.begin));
    sample_ = line.text.substr(0, start.begin);
    above_ = Prefix{sample_};
    if (is_broken_in_brackets(line)) at_ = line_at(input_, at_).next;
    const auto first = find_first_row();
    if (!first) return std::nullopt;
    const auto behind = line.text.substr(start.end);
    dots_ = (start.is_request ? behind : written).ends_with('.') &&
            without_marks_at_end(first->text).ends_with('.');
    if (dots_ && !start.is_request) written.remove_suffix(1);
    if (prefix_.has_bars()) written = trim_blanks_at_end(written);

    message_.is_bare = sample_.empty() && prefix_.empty() && !dots_;
    look_ahead(headers_at(input_, begin), sample_.ends_with('"'));
    add_row(written);
    headers();
    end_headers();
    body();
    message_.where = {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end_ - begin)};
    return at_;
  }

  std::optional<std::size_t> fragment(const Line& line, std::size_t begin) {
    sample_ = line.text.substr(0, begin);
    prefix_ = Prefix{sample_};
    at_ = line.begin;
    message_.is_fragment = true;
    message_.is_bare = sample_.empty();
    const auto next = line_at(input_, line.next);
    const auto below = prefix_.behind(next.text);
    if (!below && is_header(next.text)) prefix_ = {};
    const auto written = without_marks_at_end(line.text.substr(begin));
    auto row = closing_quote_removed(written);
    dots_ = row.ends_with('.') && below && trim_blanks_at_end(*below).ends_with('.');
    look_ahead(headers_at(input_, line.begin + begin), false);
    if (!below && is_sentence(sample_)) row = without_sentence_behind(row);
    add_row(without_dot(row));
    at_ = line.next;
    if (row.size() == written.size()) headers();
    message_.where = {static_cast<std::uint32_t>(line.begin + begin),
                      static_cast<std::uint32_t>(end_ - line.begin - begin)};
    return at_;
  }

 private:
  // What only all rows together show.
  void look_ahead(std::string_view rows, bool in_quotes) noexcept {
    text_.undo(escapes_of_rows(rows, in_quotes));
    const auto width = width_of_cuts(rows);
    const auto before = prefix_.empty() ? 0 : sample_.size();
    if (width > before) width_ = width - before;
  }

  // `SIP/2.0 [10.0.0.1:5060-` of a tool, and `>10.0.0.2:5060]` below it.
  bool is_broken_in_brackets(const Line& line) const noexcept {
    const auto bracket = line.text.rfind('[');
    if (bracket == std::string_view::npos || !line.text.ends_with('-')) return false;
    const auto next = line_at(input_, at_).text;
    return next.starts_with('>') && next.ends_with(']');
  }

  // Which prefix the rows have, seen from the first one. A start line alone is no message.
  std::optional<Line> find_first_row() {
    auto line = line_at(input_, at_);
    if (at_ == input_.size()) return std::nullopt;
    if (const auto behind = above_.behind(line.text); is_empty(behind.value_or(line.text))) {
      spaced_ = true;
      line = line_at(input_, line.next);
    }
    if (const auto behind = above_.behind(line.text); behind && is_header(*behind)) {
      prefix_ = above_;
    } else if (const auto begin = find_known_header(line.text);
               begin && !find_start_line(line.text) &&
               (!is_header(line.text) || line.text.starts_with("Header:"))) {
      prefix_ = Prefix{line.text.substr(0, *begin)};
    } else if (is_header(line.text) || is_bare_first_row(line.text)) {
      prefix_ = {};
    } else {
      return std::nullopt;
    }
    return line;
  }

  bool is_bare_first_row(std::string_view line) const {
    return !spaced_ && is_bare_row(line) && (sample_.empty() || !find_start_line(line));
  }

  // A row that is wrong, but can be nothing else: right below a start line.
  static bool is_bare_row(std::string_view line) noexcept {
    return line.contains(':') && !is_between_messages(line) && !find_start_line(line);
  }

  // The line at at_ without what stands round it; nullopt when it is no row of this message.
  std::optional<std::string_view> row(const Line& line) const noexcept {
    auto behind = prefix_.behind(line.text);
    if (!behind && (is_empty(line.text) || is_row_without_prefix(line.text))) behind = line.text;
    if (!behind) return std::nullopt;
    if (const auto row = row_with_prefix(line.text)) behind = row;
    return without_dot(without_marks_at_end(*behind));
  }

  // Syslogs of phones have their prefix in front of some rows only.
  bool is_row_without_prefix(std::string_view line) const noexcept {
    return !in_body_ && !prefix_.is_decoration() && !prefix_.has_bars() && is_known_header(line);
  }
  std::optional<std::string_view> row_with_prefix(std::string_view line) const noexcept {
    if (in_body_ || !prefix_.empty() || above_.is_decoration() || is_header(line)) {
      return std::nullopt;
    }
    const auto behind = above_.behind(line);
    return behind && is_known_header(*behind) ? behind : std::nullopt;
  }

  std::string_view without_dot(std::string_view row) const noexcept {
    return dots_ && row.ends_with('.') ? row.substr(0, row.size() - 1) : row;
  }

  std::string_view closing_quote_removed(std::string_view row) const noexcept {
    if (sample_.empty()) return row;
    const char mark = sample_.back();
    if (mark == '`') return row.substr(0, row.find(mark));
    if ((mark != '\'' && mark != '"' && mark != '`') || !row.ends_with(mark)) return row;
    return row.substr(0, row.size() - 1);
  }

  void headers() {
    int empty_lines = 0;
    while (at_ < input_.size() && !text_.is_full()) {
      const auto line = line_at(input_, at_);
      const auto written = row(line);
      if (!written) return;
      if (is_empty(*written)) {
        at_ = line.next;
        ++empty_lines;
        if (spaced_ && empty_lines == 1 && header_follows()) continue;
        message_.has_end_of_headers = true;
        end_ = line.begin + line.text.size();
        return;
      }
      if (begins_message(line, *written)) return;
      const auto wrap = wrap_before(line, *written);
      if (!wrap && (is_between_messages(*written) || ends_headers(line, *written))) return;
      at_ = line.next;
      empty_lines = 0;
      if (wrap) {
        unwrap(*written, *wrap);
        continue;
      }
      if (is_elision(*written)) {
        message_.is_abridged = true;
        continue;
      }
      if (prefix_.has_bars() && !is_header(*written) && !is_blank((*written)[0])) {
        continue_row(*written);
      } else {
        add_row(prefix_.has_bars() ? trim_blanks_at_end(*written) : *written);
      }
    }
  }

  bool begins_message(const Line& line, std::string_view row) const noexcept {
    return find_start_line(row) || find_wrong_start_line(input_, line);
  }

  // No header and no part of one: a wrong row where rows of known headers follow, else what stands
  // below the message, or its body.
  bool ends_headers(const Line& line, std::string_view row) noexcept {
    if (sample_.ends_with("Start-Line: ") && row.starts_with("Message-Body:")) return true;
    if (is_header(row) || is_blank(row.front()) || prefix_.has_bars() || is_elision(row) ||
        last_row_.empty() || is_header_without_colon(row) || known_header_follows(line)) {
      return false;
    }
    begins_body_ = row == "v=0" || has_type_;
    return true;
  }

  bool known_header_follows(const Line& line) const noexcept {
    auto at = line.next;
    for (int rows = 0; rows < 2 && at < input_.size(); ++rows) {
      const auto next = line_at(input_, at);
      const auto written = row(next);
      if (!written || is_empty(*written) || find_start_line(*written)) return false;
      if (is_known_header(*written)) return true;
      if (is_between_messages(*written)) return false;
      at = next.next;
    }
    return false;
  }

  bool header_follows() const noexcept {
    const auto line = line_at(input_, at_);
    const auto behind = prefix_.behind(line.text);
    return behind && (is_header(*behind) || indent_of(*behind) > 0) && !is_empty(*behind);
  }

  std::optional<Wrap> wrap_before(const Line& line, std::string_view row) const noexcept {
    constexpr std::size_t most_breaks = 64;  // of one row, which is looked through at each
    if (prefix_.has_bars() || text_.size() == 0 || breaks_ == most_breaks) return std::nullopt;
    const bool may_go_on = !is_header(row) && !is_blank(row.front()) && !last_row_.empty();
    if (may_go_on && is_cut_within_address(last_row_, row) && known_header_follows(line)) {
      return Wrap::within_word;
    }
    auto above = std::string_view{message_.text}.substr(row_begin_);
    if (above.ends_with("\r\n")) above.remove_suffix(2);
    return wrap_at({.row = above,
                    .above = last_row_,
                    .below = row,
                    .is_crlf = begins_with_crlf_ || input_.substr(end_, 2) == "\r\n",
                    .width = width_});
  }

  void unwrap(std::string_view row, Wrap wrap) {
    ++breaks_;
    message_.is_unwrapped = true;
    text_.take_back_line_end();
    if (wrap == Wrap::at_blank && !is_blank(last_row_.back())) {
      text_.add(' ', {static_cast<std::uint32_t>(end_), 0});
    }
    add_line(row);
  }

  void add_row(std::string_view row) {
    if (row.empty() || !is_blank(row.front())) {
      row_begin_ = text_.size();
      breaks_ = 0;
    }
    add_line(row);
  }

  void add_line(std::string_view row) {
    note(row);
    const bool is_first = text_.size() == 0;
    last_row_ = row;
    text_.add(row);
    end_ = span_of(row, input_).offset + row.size();
    if (is_first) begins_with_crlf_ = input_.substr(end_, 2) == "\r\n";
    text_.end_line(end_);
  }

  // What a window broke off the row before.
  void continue_row(std::string_view rest) {
    text_.take_back_line_end();
    add_line(trim_blanks_at_end(rest));
  }

  void note(std::string_view row) noexcept {
    const auto colon = row.find(':');
    if (colon == std::string_view::npos) return;
    const auto value = trim(row.substr(colon + 1));
    switch (header_id(trim(row.substr(0, colon)))) {
      case HeaderId::content_length:
        length_ = number(value, limits::message_bytes);
        break;
      case HeaderId::content_type:
        holds_messages_ = same(value.substr(0, 11), "message/sip");
        has_type_ = true;
        break;
      default:
        break;
    }
  }

  void end_headers() {
    if (message_.is_fragment) return;
    text_.end_line(end_);
  }

  // As many bytes as Content-Length says, counted as if lines ended in CR LF, but no more than
  // stand there; without one, the lines up to an empty one.
  void body() {
    if (!message_.has_end_of_headers && !begins_body_) return;
    in_body_ = true;
    if (length_ ? *length_ == 0 : !has_type_) return;
    std::size_t left = length_.value_or(limits::message_bytes);
    while (left > 0 && at_ < input_.size() && !text_.is_full()) {
      const auto line = line_at(input_, at_);
      const auto written = row(line);
      if (!written) return;
      if (!length_ && is_empty(*written)) return;
      if (!holds_messages_ && begins_message(line, *written)) return;
      if (is_between_messages(*written)) return;
      if (length_ && is_empty(*written) && !body_follows(line)) return;
      at_ = line.next;
      const auto begin = text_.size();
      text_.add(*written);
      end_ = span_of(*written, input_).offset + written->size();
      if (written->size() < left) text_.end_line(end_);
      left -= std::min(left, text_.size() - begin);
    }
  }

  // Is the line behind an empty one still a part of the body?
  bool body_follows(const Line& line) const noexcept {
    const auto next = line_at(input_, line.next);
    if (line.next == input_.size()) return false;
    const auto written = row(next);
    return written && !is_empty(*written) && !is_between_messages(*written) &&
           (holds_messages_ || !find_start_line(*written));
  }

  std::string_view input_;
  std::size_t at_;
  TracedText text_;
  TracedMessage& message_;
  std::string_view sample_;
  Prefix above_;                   // what stands in front of the start line
  Prefix prefix_;                  // of the rows
  bool spaced_ = false;            // an empty line behind every line
  bool dots_ = false;              // ngrep's, for CR
  bool begins_with_crlf_ = false;  // the first row ends so, and the others should
  bool holds_messages_ = false;
  bool has_type_ = false;
  bool begins_body_ = false;  // without an empty line in front
  bool in_body_ = false;
  std::optional<std::uint32_t> length_;
  std::size_t end_ = 0;  // of what was read, in the input
  std::string_view last_row_;
  std::size_t row_begin_ = 0;  // in the text, of the row that last_row_ belongs to
  std::size_t width_ = 0;      // at which rows were cut
  std::size_t breaks_ = 0;     // of it, that were mended
};

}  // namespace

std::optional<std::size_t> read_lines(std::string_view input, const Line& line,
                                      const StartLine& start, TracedMessage& message) {
  return RowsReader{input, line, message}.message_behind(line, start);
}

std::optional<std::size_t> read_fragment(std::string_view input, const Line& line,
                                         std::size_t begin, TracedMessage& message) {
  return RowsReader{input, line, message}.fragment(line, begin);
}

}  // namespace sipauth::trace
