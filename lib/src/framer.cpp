#include "sipauth/framer.hpp"

#include <algorithm>
#include <optional>

#include "rows.hpp"
#include "sipauth/message.hpp"

namespace sipauth {
namespace {

std::unexpected<ParseError> error(ParseError::Kind kind, std::size_t offset) {
  return std::unexpected{ParseError{kind, static_cast<std::uint32_t>(offset)}};
}

// CR LFs at the front. A CR alone at the end of the buffer waits for its LF, so that each pair is
// counted whole: two of them are a ping (RFC 5626 3.5.1).
std::size_t length_of_keep_alive(std::string_view buffer) {
  const auto end = std::min(buffer.find_first_not_of("\r\n"), buffer.size());
  return end == buffer.size() && buffer.ends_with('\r') ? end - 1 : end;
}

// Behind the blank line, looked for from `begin` on; nullopt when it has not arrived.
std::optional<std::size_t> end_of_headers(std::string_view buffer, std::size_t begin) {
  while (true) {
    const auto line_feed = buffer.find('\n', begin);
    if (line_feed == std::string_view::npos) return std::nullopt;
    const auto line = buffer.substr(0, line_feed);
    if (line.ends_with('\n') || line.ends_with("\n\r")) return line_feed + 1;
    begin = line_feed + 1;
  }
}

// The Content-Length of `headers`. Said twice, it must be the same number.
std::expected<std::uint32_t, ParseError> content_length(std::string_view headers,
                                                        std::size_t most) {
  std::optional<std::uint32_t> length;
  std::size_t end = 0;
  for (auto at = detail::end_of_line(headers, 0); at < headers.size(); at = end) {
    end = detail::end_of_row(headers, at);
    const auto row = detail::cut_row(headers.substr(at, end - at));
    if (!row.has_colon || header_id(row.name) != HeaderId::content_length) continue;

    const auto offset = span_of(row.value, headers).offset;
    const auto found = number(row.value, 0xffff'ffff);
    const bool is_number = !row.value.empty() && std::ranges::all_of(row.value, is_digit);
    if (!is_number) return error(ParseError::Kind::bad_content_length, offset);
    if (!found || *found > most) return error(ParseError::Kind::body_too_long, offset);
    if (length && *length != *found) return error(ParseError::Kind::bad_content_length, offset);
    length = found;
  }
  if (!length) return error(ParseError::Kind::bad_content_length, headers.size());
  return *length;
}

}  // namespace

std::expected<StreamFramer::Frame, ParseError> StreamFramer::next(
    std::string_view buffer) noexcept {
  if (needed_ == 0) {
    if (const auto length = length_of_keep_alive(buffer); length > 0) {
      scanned_ = 0;
      return Frame{.kind = Frame::Kind::keep_alive, .consumed = length};
    }
    const auto end = end_of_headers(buffer, std::min(scanned_, buffer.size()));
    if (end.value_or(buffer.size()) > longest_) {
      return error(ParseError::Kind::too_long, longest_);
    }
    if (!end) {
      scanned_ = buffer.size();
      return Frame{};
    }
    const auto length = content_length(buffer.substr(0, *end), longest_ - *end);
    if (!length) return std::unexpected{length.error()};
    needed_ = *end + *length;
  }
  if (buffer.size() < needed_) return Frame{};

  const auto length = needed_;
  needed_ = 0;
  scanned_ = 0;
  return Frame{
      .kind = Frame::Kind::message, .consumed = length, .message = buffer.substr(0, length)};
}

}  // namespace sipauth
