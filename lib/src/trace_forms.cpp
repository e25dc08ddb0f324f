// Messages in one line, in a tree of Wireshark, in hexadecimal.
#include <algorithm>
#include <string>
#include <vector>

#include "trace_readers.hpp"
#include "trace_text.hpp"

namespace sipauth::trace {
namespace {

// Of a tree: the parts of the start line.
constexpr int most_rows_above_headers = 64;

Span span_between(std::size_t begin, std::size_t end) noexcept {
  return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end - begin)};
}

// Marks behind the last row are none of its line end: a daemon cut the text, and wrote its own.
std::string_view without_closing_quote(std::string_view text, std::string_view mark) noexcept {
  if (!text.ends_with('"')) return text;
  text.remove_suffix(1);
  for (const std::string_view behind : {R"(\n)", "#015"}) {
    if (text.ends_with(behind) && !text.ends_with(mark)) text.remove_suffix(behind.size());
  }
  return text;
}

// --- Hexadecimal. ---

int value_of(char digit) noexcept {
  if (is_digit(digit)) return digit - '0';
  return lower(digit) - 'a' + 10;
}

constexpr std::size_t bytes_of_row = 16;

struct DumpRow {
  std::size_t offset = 0;
  std::size_t count = 0;
  char bytes[bytes_of_row]{};
  std::size_t places[bytes_of_row]{};  // of the first digit, in the line
};

// `0000  52 45 47 ...`, `0x0010:  5245 4749 ...`, `00000010  52 45 ...  |RE...|`
std::optional<DumpRow> dump_row(std::string_view line) noexcept {
  DumpRow row;
  auto at = indent_of(line);
  if (line.substr(at).starts_with("0x")) at += 2;
  const auto digits = at;
  while (at < line.size() && is_hex(line[at])) {
    row.offset = row.offset * 16 + static_cast<std::size_t>(value_of(line[at++]));
    if (at - digits > 8) return std::nullopt;
  }
  if (at - digits < 4) return std::nullopt;
  if (at < line.size() && line[at] == ':') ++at;
  const auto first_gap = indent_of(line.substr(at));
  if (first_gap == 0 || first_gap > 3) return std::nullopt;
  at += first_gap;
  while (row.count < bytes_of_row) {
    const auto group = at;
    while (at < line.size() && is_hex(line[at])) ++at;
    const auto size = at - group;
    if ((size != 2 && size != 4) || (at < line.size() && !is_blank(line[at]))) break;
    for (std::size_t i = group; i < at && row.count < bytes_of_row; i += 2) {
      row.bytes[row.count] = static_cast<char>(value_of(line[i]) * 16 + value_of(line[i + 1]));
      row.places[row.count++] = i;
    }
    const auto gap = indent_of(line.substr(at));
    if (gap == 0 || gap > (row.count == bytes_of_row / 2 ? 2U : 1U)) break;
    at += gap;
  }
  return row.count > 0 ? std::optional{row} : std::nullopt;
}

}  // namespace

std::string_view mark_within(std::string_view line, const StartLine& start) noexcept {
  const auto behind = line.substr(start.is_request ? start.end : start.begin);
  for (std::size_t at = 0; at < behind.size(); ++at) {
    const auto mark = line_end_mark(behind.substr(at));
    if (!mark.empty()) {
      const bool goes_on = is_header(behind.substr(at + mark.size()));
      return goes_on ? mark : std::string_view{};
    }
    if (start.is_request) break;
  }
  return {};
}

std::optional<std::size_t> read_one_line(std::string_view input, const Line& line,
                                         const StartLine& start, TracedMessage& message) {
  const auto mark = mark_within(line.text, start);
  TracedText text{input, message};
  const auto before = line.text.substr(0, start.begin);
  auto rest = line.text.substr(start.begin);
  const auto quoting = quoting_of_line(before, rest, mark[0] == '\\');
  text.undo(quoting.escapes);
  if (!quoting.ends_at_quote && before.ends_with('"')) rest = without_closing_quote(rest, mark);
  std::size_t done = 0;
  std::size_t at = 0;
  const auto flush = [&] {
    text.add(rest.substr(done, at - done));
    done = at;
  };
  while (at < rest.size()) {
    if (rest.substr(at).starts_with(mark)) {
      flush();
      text.add('\r', {span_of(rest.substr(at), input).offset, 0});
      text.add('\n', {span_of(rest.substr(at), input).offset, 0});
      done = at += mark.size();
      continue;
    }
    const auto escaped = escape_at(quoting.escapes, rest.substr(at));
    if (escaped.length == 0 && quoting.ends_at_quote && rest[at] == '"') break;
    at += std::max<std::size_t>(escaped.length, 1);
  }
  flush();
  const auto end = line.begin + start.begin + at;
  message.has_end_of_headers = message.text.contains("\r\n\r\n");
  if (!message.text.ends_with("\r\n") && !message.has_end_of_headers) text.end_line(end);
  if (!message.has_end_of_headers) text.end_line(end);
  message.where = span_between(line.begin + start.begin, end);
  return line.next;
}

bool is_row_of_tree(const Line& line, const StartLine& start) noexcept {
  const auto before = trim(line.text.substr(0, start.begin));
  return before.ends_with("Request-Line:") || before.ends_with("Status-Line:");
}

std::optional<std::size_t> read_tree(std::string_view input, const Line& line,
                                     const StartLine& start, TracedMessage& message) {
  constexpr std::string_view cut = "[truncated]";
  const auto depth = indent_of(line.text);
  auto at = line.next;
  // Down to the row that all headers stand under.
  Line row;
  int rows = 0;
  do {
    if (++rows > most_rows_above_headers) return std::nullopt;
    row = line_at(input, at);
    at = row.next;
    if (indent_of(row.text) < depth || trim(row.text).empty()) return std::nullopt;
  } while (!trim(row.text).starts_with("Message Header") && at < input.size());

  TracedText text{input, message};
  auto end = line.begin + line.text.size();
  const auto add = [&](std::string_view part) {
    part = without_marks_at_end(part);
    text.add(part);
    end = span_of(part, input).offset + part.size();
    text.end_line(end);
  };
  add(line.text.substr(start.begin));
  const auto indent = indent_of(line_at(input, at).text);
  if (indent <= depth) return std::nullopt;
  while (at < input.size()) {
    row = line_at(input, at);
    const auto deeper = indent_of(row.text);
    if (deeper < indent || trim(row.text).empty()) break;
    at = row.next;
    auto written = row.text.substr(deeper);
    // Such a row stands one column deeper.
    if (deeper > indent + (written.starts_with(cut) ? 1 : 0)) continue;
    if (const auto mark = written.find(cut); mark < 64) {
      message.is_abridged = true;
      text.add(trim_blanks_at_end(written.substr(0, mark)));
      written.remove_prefix(mark + cut.size());
      if (mark == 0) written.remove_prefix(indent_of(written));
    } else if (written.starts_with('[')) {
      continue;
    }
    add(written);
  }
  message.has_end_of_headers = true;
  text.end_line(end);
  message.where = span_between(line.begin + start.begin, end);
  return at;
}

bool is_row_of_dump(std::string_view line) noexcept {
  const auto row = dump_row(line);
  return row && row->offset == 0;
}

std::optional<std::size_t> read_dump(std::string_view input, const Line& line,
                                     TracedMessage& message) {
  std::string bytes;
  std::vector<std::uint32_t> places;
  auto at = line.begin;
  while (at < input.size() && bytes.size() < limits::message_bytes) {
    const auto next = line_at(input, at);
    const auto row = dump_row(next.text);
    if (!row || row->offset != bytes.size()) break;
    bytes.append(row->bytes, row->count);
    for (std::size_t i = 0; i < row->count; ++i) {
      places.push_back(static_cast<std::uint32_t>(next.begin + row->places[i]));
    }
    at = next.next;
  }
  // The first line with a start line: before it stand the headers of lower layers.
  const std::string_view dumped = bytes;
  for (std::size_t from = 0; from < dumped.size();) {
    const auto found = line_at(dumped, from);
    const auto start = find_start_line(found.text);
    if (!start) {
      from = found.next;
      continue;
    }
    TracedText text{input, message};
    for (auto i = from + start->begin; i < dumped.size(); ++i) {
      text.add(dumped[i], {places[i], 2});
    }
    message.has_end_of_headers = true;
    message.where = span_between(places[from + start->begin], places.back() + 2U);
    return at;
  }
  return std::nullopt;
}

}  // namespace sipauth::trace
