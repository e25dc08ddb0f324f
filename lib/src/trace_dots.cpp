// A message in one line with a dot for each control byte, as ngrep writes it without -W byline.
#include <cstdint>
#include <string>
#include <vector>

#include "trace_readers.hpp"
#include "trace_start_line.hpp"
#include "trace_text.hpp"

namespace sipauth::trace {
namespace {

constexpr std::string_view mark = "..";  // CR LF

// Dots may be a value's own: those of a line end stand in front of a header or of another one.
bool is_line_end(std::string_view text, bool in_body) noexcept {
  if (!text.starts_with(mark)) return false;
  text.remove_prefix(mark.size());
  return in_body || text.empty() || text.starts_with(mark) || is_known_header(text) ||
         text.starts_with("X-") || text.starts_with("P-");
}

struct Dotted {
  std::string text;
  std::vector<std::uint32_t> places;  // of each byte of it
  std::size_t next = 0;               // the line behind it
};

// A window's width broke it: further lines have the same indent.
Dotted dotted(std::string_view input, const Line& line, std::size_t begin) {
  Dotted result;
  const auto indent = indent_of(line.text);
  const auto add = [&](std::size_t at, std::string_view part) {
    part = part.substr(0, limits::message_bytes - result.text.size());
    result.text += part;
    for (std::size_t i = 0; i < part.size(); ++i) {
      result.places.push_back(static_cast<std::uint32_t>(at + i));
    }
  };
  add(line.begin + begin, line.text.substr(begin));
  result.next = line.next;
  while (indent > 0 && result.next < input.size() && result.text.size() < limits::message_bytes) {
    const auto more = line_at(input, result.next);
    if (indent_of(more.text) != indent || more.text.size() == indent) break;
    add(more.begin + indent, more.text.substr(indent));
    result.next = more.next;
  }
  return result;
}

}  // namespace

bool is_dotted(const Line& line, const StartLine& start) noexcept {
  const auto behind = line.text.substr(start.is_request ? start.end : start.begin);
  const auto at = behind.find(mark);
  if (at == std::string_view::npos || (start.is_request && at > 0)) return false;
  return is_known_header(behind.substr(at + mark.size()));
}

std::size_t read_dotted(std::string_view input, const Line& line, const StartLine& start,
                        TracedMessage& message) {
  const auto [bytes, places, next] = dotted(input, line, start.begin);
  const std::string_view rest = bytes;
  TracedText text{input, message};
  for (std::size_t at = 0; at < rest.size();) {
    if (is_line_end(rest.substr(at), message.has_end_of_headers)) {
      text.add('\r', {places[at], 0});
      text.add('\n', {places[at], 0});
      at += mark.size();
      if (message.text.ends_with("\r\n\r\n")) message.has_end_of_headers = true;
    } else {
      text.add(rest[at], {places[at], 1});
      ++at;
    }
  }
  const auto end = std::size_t{places.back()} + 1;
  if (!message.text.ends_with("\r\n")) text.end_line(end);
  if (!message.has_end_of_headers) text.end_line(end);
  const auto begin = line.begin + start.begin;
  message.where = {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end - begin)};
  return next;
}

}  // namespace sipauth::trace
