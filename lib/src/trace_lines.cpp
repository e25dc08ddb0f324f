#include "trace_lines.hpp"

#include <algorithm>
#include <array>

#include "sipauth/message.hpp"

namespace sipauth::trace {
namespace {

constexpr std::string_view version = "SIP/2.0";

// RFC 3261 and its extensions. In front of one of these other letters may stand: bytes of an IP
// header that tcpdump -A shows.
constexpr auto methods = std::to_array<std::string_view>(
    {"REGISTER", "INVITE", "ACK", "BYE", "CANCEL", "OPTIONS", "SUBSCRIBE", "NOTIFY", "PUBLISH",
     "MESSAGE", "INFO", "PRACK", "UPDATE", "REFER", "SERVICE", "PING"});

constexpr auto telling_headers = std::to_array<HeaderId>(
    {HeaderId::www_authenticate, HeaderId::proxy_authenticate, HeaderId::authorization,
     HeaderId::proxy_authorization, HeaderId::authentication_info, HeaderId::via, HeaderId::cseq,
     HeaderId::call_id, HeaderId::contact, HeaderId::max_forwards});

// Longer ones first where one begins with another.
constexpr auto line_end_marks = std::to_array<std::string_view>(
    {R"(\r\n)", "#015#012", R"(\x0d\x0a)", R"(\x0D\x0A)", R"(\015\012)", "<CR><LF>", "#012",
     R"(\n)", "#015", "^M", "<br>", "<br/>", "<br />"});

// Of the element that holds the message in a page: none of them can end a row of SIP.
constexpr auto closing_tags = std::to_array<std::string_view>(
    {"</p>", "</pre>", "</code>", "</td>", "</div>", "</span>", "</li>"});

constexpr auto headings = std::to_array<std::string_view>(
    {"<---", "```", "~~~", "--end msg--", "recv ", "send ", "proto:", "Frame ", "U ", "T ",
     "Sending to ", "Sent:", "Received:", "Retransmitting #", "Reliably Transmitting", "</pre>",
     "Content-Disposition: attachment"});

constexpr bool is_upper(char c) noexcept { return c >= 'A' && c <= 'Z'; }

// What stands where a Request-URI does: a URI, or what somebody put in its place.
bool is_like_uri(std::string_view text) noexcept {
  return text.find_first_of(":*<[{") != std::string_view::npos || text.contains("xxx");
}

bool is_status(std::string_view behind) noexcept {
  return behind.size() >= 4 && behind[0] == ' ' && behind[1] >= '1' && behind[1] <= '6' &&
         is_digit(behind[2]) && is_digit(behind[3]) &&
         (behind.size() == 4 || (!is_alpha(behind[4]) && !is_digit(behind[4])));
}

bool ends_request_line(std::string_view behind) noexcept {
  return behind.empty() ||
         (!is_alpha(behind[0]) && !is_digit(behind[0]) && behind[0] != '/' && behind[0] != '-');
}

// Of `... METHOD URI`, where the method begins.
std::optional<std::size_t> begin_of_request(std::string_view text) noexcept {
  text = trim_blanks_at_end(text);
  const auto blank = text.find_last_of(" \t");
  if (blank == std::string_view::npos || !is_like_uri(text.substr(blank + 1))) return std::nullopt;
  text = trim_blanks_at_end(text.substr(0, blank));
  auto begin = text.size();
  while (begin > 0 && is_upper(text[begin - 1])) --begin;
  const auto letters = text.substr(begin);
  for (const auto method : methods) {
    if (letters.ends_with(method)) return text.size() - method.size();
  }
  if (letters.size() < 3 || (begin > 0 && is_token(text[begin - 1]))) return std::nullopt;
  return begin;
}

std::string_view without_colour_at_end(std::string_view line) noexcept {
  if (!line.ends_with('m')) return line;
  auto end = line.size() - 1;
  while (end > 0 && (is_digit(line[end - 1]) || line[end - 1] == ';')) --end;
  return end >= 2 && line.substr(end - 2, 2) == "\x1b[" ? line.substr(0, end - 2) : line;
}

// `-----`, `====`, `~~~~ 12 ~~~~`: three of one mark, and no letter where a name could stand.
bool is_ruler(std::string_view line) noexcept {
  constexpr std::string_view marks = "-=~+#|_<*";
  return line.size() >= 3 && marks.contains(line[0]) && line[1] == line[0] && line[2] == line[0];
}

// `12:00`, `2026-11-30`, `10.0.0.1.5060 >`: a name never begins so.
bool begins_with_numbers(std::string_view line) noexcept {
  const auto digits =
      static_cast<std::size_t>(std::ranges::find_if_not(line, is_digit) - line.begin());
  return digits > 0 && digits + 1 < line.size() &&
         std::string_view{":/.-"}.contains(line[digits]) && is_digit(line[digits + 1]);
}

template <typename Wanted>
std::optional<std::size_t> find_header(std::string_view line, const Wanted& wanted) noexcept {
  std::size_t from = 0;
  for (auto colon = line.find(':'); colon != std::string_view::npos;
       from = colon + 1, colon = line.find(':', from)) {
    auto end = colon;
    while (end > from && is_blank(line[end - 1])) --end;
    auto begin = end;
    while (begin > from && (is_alpha(line[begin - 1]) || line[begin - 1] == '-')) --begin;
    while (begin < end && line[begin] == '-') ++begin;
    const auto name = line.substr(begin, end - begin);
    if (name.size() > 1 && wanted(header_id(name))) return begin;
  }
  return std::nullopt;
}

}  // namespace

Line line_at(std::string_view input, std::size_t at) noexcept {
  const auto line_feed = input.find('\n', at);
  const auto end = std::min(line_feed, input.size());
  auto text = input.substr(at, end - at);
  while (text.ends_with('\r')) text.remove_suffix(1);
  return {.text = text, .begin = at, .next = std::min(end + 1, input.size())};
}

std::optional<StartLine> find_start_line(std::string_view line) noexcept {
  for (auto at = line.find(version); at != std::string_view::npos;
       at = line.find(version, at + version.size())) {
    const auto behind = line.substr(at + version.size());
    if (is_status(behind)) return StartLine{.begin = at, .end = line.size(), .is_request = false};
    if (at == 0 || !is_blank(line[at - 1]) || !ends_request_line(behind)) continue;
    if (const auto begin = begin_of_request(line.substr(0, at))) {
      return StartLine{.begin = *begin, .end = at + version.size(), .is_request = true};
    }
  }
  return std::nullopt;
}

bool is_header(std::string_view line) noexcept {
  std::size_t end = 0;
  while (end < line.size() && is_token(line[end])) ++end;
  auto colon = end;
  while (colon < line.size() && is_blank(line[colon])) ++colon;
  return end > 0 && is_alpha(line[0]) && colon < line.size() && line[colon] == ':';
}

std::optional<std::size_t> find_known_header(std::string_view line) noexcept {
  return find_header(line, [](HeaderId id) { return id != HeaderId::other; });
}

std::optional<std::size_t> find_telling_header(std::string_view line) noexcept {
  return find_header(line, [](HeaderId id) {
    return std::ranges::find(telling_headers, id) != telling_headers.end();
  });
}

bool is_between_messages(std::string_view line) noexcept {
  line = trim(line);
  return is_ruler(line) || begins_with_numbers(line) ||
         std::ranges::any_of(headings,
                             [&](std::string_view heading) { return line.starts_with(heading); });
}

bool is_elision(std::string_view line) noexcept {
  line = trim(line);
  constexpr auto elisions = std::to_array<std::string_view>(
      {"...", "…", "[...]", "[…]", "(...)", "<...>", "<snip>", "[snip]", "--snip--", "-- snip --",
       "snip", "*snip*", "8<", "[cut]", "<cut>"});
  const bool dots = line.size() >= 3 && line.find_first_not_of('.') == std::string_view::npos;
  return dots ||
         std::ranges::any_of(elisions, [&](std::string_view one) { return same(one, line); });
}

std::string_view line_end_mark(std::string_view text) noexcept {
  const auto* mark = std::ranges::find_if(
      line_end_marks, [&](std::string_view one) { return text.starts_with(one); });
  return mark == line_end_marks.end() ? std::string_view{} : *mark;
}

std::string_view without_marks_at_end(std::string_view line) noexcept {
  for (bool again = true; again;) {
    const auto before = line.size();
    line = without_colour_at_end(line);
    for (const auto mark : line_end_marks) {
      if (line.ends_with(mark)) line.remove_suffix(mark.size());
    }
    for (const auto tag : closing_tags) {
      if (line.ends_with(tag)) line.remove_suffix(tag.size());
    }
    again = line.size() < before;
  }
  return line;
}

}  // namespace sipauth::trace
