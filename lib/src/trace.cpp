#include "sipauth/trace.hpp"

#include <algorithm>
#include <limits>

#include "sipauth/limits.hpp"
#include "sipauth/message.hpp"
#include "trace_heading.hpp"
#include "trace_lines.hpp"
#include "trace_readers.hpp"
#include "trace_start_line.hpp"

namespace sipauth {
namespace {

using trace::Line;
using trace::StartLine;

std::string_view bounded(std::string_view input) noexcept {
  return input.substr(0, std::numeric_limits<std::uint32_t>::max());
}

// A message with CR LFs from the first byte to the last: what its Content-Length does not cover
// holds no other one.
bool is_one_message(std::string_view input) noexcept {
  if (input.size() > limits::message_bytes) return false;
  const auto begin = std::min(input.find_first_not_of("\r\n"), input.size());
  const auto line = trace::line_at(input, begin);
  const auto start = trace::start_line_at(input, line);
  if (!start || start->begin > 0 ||
      !input.substr(line.begin + line.text.size()).starts_with("\r\n")) {
    return false;
  }
  Diagnostics unused;
  const auto message = Message::parse(input, unused);
  if (!message) return false;
  const auto end = message->body().data() + message->body().size();
  auto at = static_cast<std::size_t>(end - input.data());
  if (!message->find(HeaderId::content_length)) at -= message->body().size();
  // Rows that are start lines belong to a message whose predecessor has lost its end.
  for (std::size_t row = line.next;
       row < static_cast<std::size_t>(message->body().data() - input.data());) {
    const auto next = trace::line_at(input, row);
    if (trace::start_line_at(input, next)) return false;
    row = next.next;
  }
  while (at < input.size()) {
    const auto next = trace::line_at(input, at);
    if (trace::start_line_at(input, next)) return false;
    at = next.next;
  }
  return true;
}

std::optional<std::size_t> read_message(std::string_view input, const Line& line,
                                        const std::optional<StartLine>& start,
                                        TracedMessage& message) {
  if (trace::is_row_of_dump(line.text)) return trace::read_dump(input, line, message);
  if (!start) return std::nullopt;
  if (trace::is_row_of_tree(line, *start)) return trace::read_tree(input, line, *start, message);
  if (trace::is_dotted(line, *start)) return trace::read_dotted(input, line, *start, message);
  if (trace::is_literal(input, line, *start)) {
    return trace::read_literals(input, line, *start, message);
  }
  if (!trace::mark_within(line.text, *start).empty()) {
    return trace::read_one_line(input, line, *start, message);
  }
  if (trace::is_run_together(line, *start)) {
    return trace::read_run_together(input, line, *start, message);
  }
  return trace::read_lines(input, line, *start, message);
}

}  // namespace

Span TracedMessage::in_input(Span of_text) const noexcept {
  if (runs.empty()) return where;
  const auto place = [&](std::uint32_t offset, bool is_end) -> std::uint32_t {
    auto run = std::ranges::upper_bound(runs, offset, {}, &Run::offset);
    if (run != runs.begin()) --run;
    const auto next = run + 1;
    const auto length =
        (next == runs.end() ? static_cast<std::uint32_t>(text.size()) : next->offset) - run->offset;
    const auto within = std::min(offset - std::min(offset, run->offset), length);
    if (run->input.length == length) return run->input.offset + within;
    return is_end || within > 0 ? run->input.offset + run->input.length : run->input.offset;
  };
  const auto begin = place(of_text.offset, false);
  if (of_text.length == 0) return {begin, 0};
  const auto last = place(of_text.offset + of_text.length - 1, false);
  // Behind the last byte: in a run as long as its text that is the next one.
  const auto run =
      std::ranges::upper_bound(runs, of_text.offset + of_text.length - 1, {}, &Run::offset) - 1;
  const auto next = run + 1;
  const auto length =
      (next == runs.end() ? static_cast<std::uint32_t>(text.size()) : next->offset) - run->offset;
  const auto end = run->input.length == length ? last + 1 : run->input.offset + run->input.length;
  return {begin, std::max(end, begin) - begin};
}

TraceReader::TraceReader(std::string_view input) noexcept : input_{bounded(input)} {}

std::optional<TracedMessage> TraceReader::next() {
  if (at_ == 0 && !found_ && is_one_message(input_)) {
    found_ = true;
    at_ = input_.size();
    const Span all{0, static_cast<std::uint32_t>(input_.size())};
    TracedMessage message;
    message.text = input_;
    message.has_end_of_headers = message.is_verbatim = message.is_bare = true;
    message.where = all;
    message.runs.push_back({.offset = 0, .input = all});
    return message;
  }
  trace::Heading heading;
  while (at_ < input_.size()) {
    const auto line = trace::line_at(input_, at_);
    const auto start = fragments_ ? std::nullopt : trace::start_line_at(input_, line);
    TracedMessage message;
    if (fragments_) {
      if (const auto begin = trace::find_telling_header(line.text)) {
        at_ = trace::read_fragment(input_, line, *begin, message).value_or(line.next);
        return message;
      }
    } else if (const auto end = read_message(input_, line, start, message)) {
      if (start && !trace::is_row_of_tree(line, *start)) {
        heading.read(line.text.substr(0, start->begin));
      }
      heading.tell(message);
      at_ = *end;
      found_ = true;
      return message;
    } else {
      heading.read(line.text);
    }
    at_ = line.next;
  }
  if (found_ || fragments_) return std::nullopt;
  fragments_ = true;
  at_ = 0;
  return next();
}

}  // namespace sipauth
