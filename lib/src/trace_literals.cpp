// A message that a program's source holds, as string literals line below line.
#include "trace_readers.hpp"
#include "trace_text.hpp"

namespace sipauth::trace {
namespace {

constexpr bool is_quote(char c) noexcept { return c == '"' || c == '\'' || c == '`'; }
constexpr bool is_line_end(char c) noexcept { return c == '\r' || c == '\n'; }

class LiteralsReader {
 public:
  LiteralsReader(std::string_view input, const Line& line, const StartLine& start,
                 TracedMessage& message) noexcept
      : input_{input},
        begin_{line.begin + start.begin},
        at_{begin_},
        done_{begin_},
        quote_{input[begin_ - 1]},
        text_{input, message},
        message_{message} {}

  std::size_t read() {
    while (at_ < input_.size() && !text_.is_full()) {
      const char c = input_[at_];
      if (is_line_end(c)) break;
      if (c == quote_) {
        flush();
        end_ = at_;
        const bool goes_on = find_next_literal();
        done_ = at_;
        if (!goes_on) break;
      } else if (c == '\\' && at_ + 1 < input_.size()) {
        escape();
      } else {
        ++at_;
      }
    }
    if (done_ < at_) flush();
    end_message();
    const auto rest = line_at(input_, at_);
    return rest.next;
  }

 private:
  void flush() {
    text_.add(input_.substr(done_, at_ - done_));
    end_ = at_;
    done_ = at_;
  }

  void add(char byte, std::size_t length) {
    text_.add(byte, {static_cast<std::uint32_t>(at_), static_cast<std::uint32_t>(length)});
    done_ = at_ += length;
  }

  void escape() {
    flush();
    const char c = input_[at_ + 1];
    if (c == 'r' || c == 'n') {
      end_line();
    } else if (c == 't') {
      add('\t', 2);
    } else if (c == '\\' || is_quote(c)) {
      add(c, 2);
    } else if (is_line_end(c)) {
      // The literal goes on behind the blanks of the next line.
      at_ = line_at(input_, at_).next;
      at_ += indent_of(input_.substr(at_));
      done_ = at_;
    } else {
      at_ += 2;
    }
  }

  // `\r\n` and `\n`.
  void end_line() {
    const auto rest = input_.substr(at_);
    const Span here{static_cast<std::uint32_t>(at_), 0};
    text_.add('\r', here);
    text_.add('\n', here);
    done_ = at_ += rest.starts_with(R"(\r\n)") ? 4 : 2;
  }

  // Behind a closing quote: an operator, the end of the line, and the next opening quote.
  bool find_next_literal() noexcept {
    ++at_;
    const auto line = line_at(input_, at_);
    const auto end = at_ + line.text.size();
    at_ += indent_of(line.text);
    while (at_ < end && std::string_view{"+.&<\\ \t"}.contains(input_[at_])) ++at_;
    if (at_ < end || line.next == input_.size()) return false;
    auto next = line.next;
    while (next < input_.size() && std::string_view{"+.&< \t"}.contains(input_[next])) ++next;
    if (next < input_.size() && is_alpha(input_[next])) ++next;  // b"", f""
    if (next >= input_.size() || input_[next] != quote_) return false;
    at_ = next + 1;
    return true;
  }

  void end_message() {
    const auto is_closed = [&] { return message_.text.contains("\r\n\r\n"); };
    message_.has_end_of_headers = is_closed();
    if (!message_.text.ends_with("\r\n")) text_.end_line(end_);
    if (!is_closed()) text_.end_line(end_);
    // More than one empty line is no body.
    while (message_.text.ends_with("\r\n\r\n\r\n")) text_.take_back_line_end();
    message_.where = {static_cast<std::uint32_t>(begin_),
                      static_cast<std::uint32_t>(end_ - begin_)};
  }

  std::string_view input_;
  std::size_t begin_;  // behind the first opening quote
  std::size_t at_;
  std::size_t done_;  // up to here all was taken
  char quote_;
  std::size_t end_ = 0;  // of what was taken
  TracedText text_;
  TracedMessage& message_;
};

}  // namespace

bool is_literal(std::string_view input, const Line& line, const StartLine& start) noexcept {
  if (start.begin == 0 || line.next == input.size()) return false;
  const char quote = line.text[start.begin - 1];
  if (!is_quote(quote)) return false;
  auto behind = line.text.substr(start.is_request ? start.end : start.begin);
  const auto mark = behind.find('\\');
  if (mark == std::string_view::npos) return false;
  behind.remove_prefix(mark);
  const std::string_view end = behind.starts_with(R"(\r\n)") ? R"(\r\n)" : R"(\n)";
  if (!behind.starts_with(end)) return false;
  behind.remove_prefix(end.size());
  return behind.starts_with(quote) || behind == "\\";
}

std::size_t read_literals(std::string_view input, const Line& line, const StartLine& start,
                          TracedMessage& message) {
  return LiteralsReader{input, line, start, message}.read();
}

}  // namespace sipauth::trace
