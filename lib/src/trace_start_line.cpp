#include "trace_start_line.hpp"

#include <algorithm>
#include <array>

#include "sipauth/message.hpp"
#include "trace_prefix.hpp"

namespace sipauth::trace {
namespace {

constexpr auto methods = std::to_array<std::string_view>(
    {"REGISTER", "INVITE", "ACK", "BYE", "CANCEL", "OPTIONS", "SUBSCRIBE", "NOTIFY", "PUBLISH",
     "MESSAGE", "INFO", "PRACK", "UPDATE", "REFER"});

constexpr auto schemes = std::to_array<std::string_view>({"sip:", "sips:", "tel:"});

// What stands behind a version where the status was left out.
constexpr auto reasons = std::to_array<std::string_view>(
    {"OK", "Trying", "Ringing", "Session Progress", "Bad Request", "Unauthorized", "Forbidden",
     "Not Found", "Method Not Allowed", "Proxy Authentication Required", "Request Timeout",
     "Interval Too Brief", "Server Internal Error", "Service Unavailable"});

constexpr bool is_upper(char c) noexcept { return c >= 'A' && c <= 'Z'; }

bool begins_with(std::string_view text, std::string_view beginning) noexcept {
  return same(text.substr(0, beginning.size()), beginning);
}

bool has_scheme(std::string_view text) noexcept {
  if (text.starts_with('<') || text.starts_with('"')) text.remove_prefix(1);
  return std::ranges::any_of(schemes, [&](std::string_view one) { return begins_with(text, one); });
}

std::string_view take_word(std::string_view& text) noexcept {
  const auto end = std::min(text.find_first_of(" \t"), text.size());
  const auto word = text.substr(0, end);
  text.remove_prefix(end);
  text.remove_prefix(indent_of(text));
  return word;
}

// `SIP/7.0`, `sip/2.0`, `SIP2.0`, `SIP/`: of a Via it is only the beginning (`SIP/2.0/UDP`).
bool is_version(std::string_view word) noexcept {
  if (!begins_with(word, "sip")) return false;
  word.remove_prefix(3);
  if (word.starts_with('/')) word.remove_prefix(1);
  return std::ranges::all_of(word, [](char c) { return is_digit(c) || c == '.' || c == ','; });
}

bool is_version_of_http(std::string_view word) noexcept { return begins_with(word, "HTTP/"); }

// Each word behind the first looks like a part of a URI that a blank has broken, not like one of a
// sentence.
bool is_broken_uri(std::string_view text) noexcept {
  auto before = take_word(text);
  while (!text.empty()) {
    const auto word = take_word(text);
    const auto mark = word.find_first_of(".@:;=?&%<>\"");
    if (!before.ends_with(';') && (mark == std::string_view::npos || mark + 1 == word.size())) {
      return false;
    }
    before = word;
  }
  return true;
}

bool is_request_uri(std::string_view text, bool is_upper_case) noexcept {
  if (text.empty()) return false;
  const bool is_word = text.find_first_of(" \t") == std::string_view::npos;
  if (has_scheme(text)) return is_word || (is_upper_case && is_broken_uri(text));
  // At the end of a word it is a sentence's.
  return is_word && is_upper_case &&
         (text == "/" || text == "*" || text.find_first_of(".:@*/<[{") < text.size() - 1);
}

enum class Shape : std::uint8_t { none, of_sip, of_http };

Shape shape_of_status_line(std::string_view row) noexcept {
  const auto version = take_word(row);
  const bool is_http = is_version_of_http(version);
  if (!is_http && (!is_version(version) || version.size() == 3)) return Shape::none;
  const bool is_numbered = !row.empty() && (is_digit(row[0]) || row[0] == '-') &&
                           !row.ends_with(':') && !take_word(row).ends_with(',');
  if (is_numbered) return is_http ? Shape::of_http : Shape::of_sip;
  return !is_http &&
                 std::ranges::any_of(reasons, [&](std::string_view one) { return same(one, row); })
             ? Shape::of_sip
             : Shape::none;
}

Shape shape_of_request_line(std::string_view row) noexcept {
  const auto* method =
      std::ranges::find_if(methods, [&](std::string_view one) { return begins_with(row, one); });
  auto name = row.substr(0, method == methods.end() ? 0 : method->size());
  const auto behind = row.substr(name.size());
  const bool is_known = !name.empty() && !behind.empty() && is_blank(behind[0]);
  auto rest = trim(behind);
  if (!is_known) {
    rest = row;
    name = take_word(rest);
    if (name.size() < 3 || !has_scheme(rest)) return Shape::none;
  }
  const bool is_upper_case = std::ranges::all_of(name, is_upper);
  if (!is_known && !is_upper_case) return Shape::none;

  // One word may stand behind the version.
  for (int words = 0; words < 2; ++words) {
    const auto blank = rest.find_last_of(" \t");
    if (blank == std::string_view::npos) break;
    const auto version = rest.substr(blank + 1);
    const auto uri = trim(rest.substr(0, blank));
    if (is_version(version) && is_request_uri(uri, is_upper_case)) return Shape::of_sip;
    if (is_version_of_http(version) && has_scheme(uri) && is_request_uri(uri, is_upper_case)) {
      return Shape::of_http;
    }
    if (words == 0 && !is_version(trim(uri.substr(uri.find_last_of(" \t") + 1)))) break;
    rest = uri;
  }
  const auto uri = trim(behind);
  return is_known && has_scheme(uri) && is_request_uri(uri, is_upper_case) ? Shape::of_sip
                                                                           : Shape::none;
}

// Without the dot of ngrep.
std::string_view written_in(std::string_view row) noexcept {
  row = trim_blanks_at_end(without_marks_at_end(row));
  return row.ends_with('.') ? row.substr(0, row.size() - 1) : row;
}

Shape shape_of(std::string_view row) noexcept {
  // A line that a mail could not hold is none: bounds the work for each line.
  constexpr std::size_t longest = 4096;
  row = written_in(row);
  if (row.size() > longest || is_header(row)) return Shape::none;
  const auto shape = shape_of_status_line(row);
  return shape == Shape::none ? shape_of_request_line(row) : shape;
}

std::string_view name_of(std::string_view row) noexcept {
  return trim(row.substr(0, std::min(row.find(':'), row.size())));
}

// The row below it says that this is a message: by itself, or with the one below that.
bool header_rows_follow(std::string_view input, std::size_t at, const Prefix& prefix,
                        Shape shape) noexcept {
  constexpr int most = 2;
  int known = 0;
  for (int rows = 0; rows < most && at < input.size(); ++rows) {
    const auto line = line_at(input, at);
    const auto row = prefix.behind(line.text);
    if (!row || !is_header(*row)) return false;
    if (shape == Shape::of_http) return row->contains("SIP/");
    if (find_telling_header(row->substr(0, row->find(':') + 1)) ||
        header_id(name_of(*row)) == HeaderId::via) {
      return true;
    }
    if (is_known_header(*row)) ++known;
    at = line.next;
  }
  return known == most;
}

}  // namespace

bool is_known_header(std::string_view row) noexcept {
  return is_header(row) && header_id(name_of(row)) != HeaderId::other;
}

std::optional<StartLine> find_wrong_start_line(std::string_view input, const Line& line) noexcept {
  constexpr std::string_view letters = "sStT";
  if (line.next == input.size() || line.text.find_first_of(letters) == std::string_view::npos) {
    return std::nullopt;
  }
  const auto next = line_at(input, line.next).text;
  Prefix prefix;
  if (!is_header(next)) {
    const auto begin = find_known_header(next);
    if (!begin) return std::nullopt;
    prefix = Prefix{next.substr(0, *begin)};
  }
  const auto row = prefix.behind(line.text);
  if (!row) return std::nullopt;
  const auto shape = shape_of(*row);
  if (shape == Shape::none || !header_rows_follow(input, line.next, prefix, shape)) {
    return std::nullopt;
  }
  const auto begin = static_cast<std::size_t>(row->data() - line.text.data());
  return StartLine{.begin = begin, .end = begin + written_in(*row).size(), .is_request = true};
}

std::optional<StartLine> start_line_at(std::string_view input, const Line& line) noexcept {
  auto start = find_start_line(line.text);
  if (!start) return find_wrong_start_line(input, line);
  // A version in front of a request is no log's: it stands in what was sent.
  const auto front = trim_blanks_at_end(line.text.substr(0, start->begin));
  const auto version = front.substr(front.find_last_of(" \t") + 1);
  if (start->is_request && version.contains('/') && is_version(version)) {
    start->begin = front.size() - version.size();
  }
  // One word behind the version of a line that has nothing in front: no tool writes it there.
  if (start->is_request && start->begin == 0) {
    const auto row = written_in(line.text);
    const auto behind = row.substr(std::min(start->end, row.size()));
    const auto word = trim(behind);
    if (word.size() < behind.size() && !word.empty() && (is_alpha(word[0]) || is_digit(word[0])) &&
        word.find_first_of(" \t") == std::string_view::npos) {
      start->end = row.size();
    }
  }
  return start;
}

}  // namespace sipauth::trace
