#include "sipauth/message.hpp"

#include "cursor.hpp"
#include "rows.hpp"
#include "scan.hpp"

// One pass from row to row (RFC 3261 7 and 25.1):
//
//   SIP-message = start-line *message-header CRLF [ message-body ]
//
// Each function of Reader reads what it is named after, beginning at `at_`, and leaves `at_` behind
// it.

namespace sipauth {
namespace {

using detail::Cursor;

constexpr std::string_view newest_version = "SIP/2.0";

constexpr bool is_blank(char c) { return c == ' ' || c == '\t'; }
constexpr bool is_no_blank(char c) { return !is_blank(c); }

// The first control byte that must not stand in a line or in a header value; npos without one. A
// quoted-string, which a start line has not, may hold any but CR and LF behind a backslash.
std::size_t find_wrong_control(std::string_view text, bool may_be_quoted) {
  auto at = detail::find_control(text);
  if (at == text.size()) return std::string_view::npos;

  bool in_quotes = false;
  for (at = 0; at < text.size(); ++at) {
    const bool is_line_end = text[at] == '\n' || text.substr(at, 2) == "\r\n";
    if (may_be_quoted && text[at] == '"') {
      in_quotes = !in_quotes;
    } else if (in_quotes && text[at] == '\\' && text.substr(at + 1, 1) != "\r" &&
               text.substr(at + 1, 1) != "\n") {
      ++at;
    } else if (is_control(text[at]) && text[at] != '\t' && !is_line_end) {
      return at;
    }
  }
  return std::string_view::npos;
}

}  // namespace

class Message::Reader {
 public:
  Reader(std::string_view text, Diagnostics& diagnostics, Message& message) noexcept
      : text_{text}, report_{text, diagnostics}, message_{message} {}

  std::expected<void, ParseError> message() {
    if (text_.size() > limits::message_bytes) {
      return error(ParseError::Kind::too_long, limits::message_bytes);
    }
    message_.text_ = text_;
    leading_blank_lines();
    if (at_ == text_.size()) return error(ParseError::Kind::empty, at_);
    if (const auto read = start_line(); !read) return read;
    if (const auto read = headers(); !read) return read;
    body();
    return {};
  }

 private:
  void leading_blank_lines() {
    at_ = std::min(text_.find_first_not_of("\r\n"), text_.size());
    if (at_ > 0 && at_ < text_.size()) report_("SL-leading-blank-line", text_.substr(0, at_));
  }

  std::expected<void, ParseError> start_line() {
    const auto begin = at_;
    at_ = detail::end_of_line(text_, begin);
    const auto line = text_.substr(begin, at_ - begin);
    line_ends(line);
    message_.start_line_ = trim(line);
    if (const auto wrong = find_wrong_control(message_.start_line_, false);
        wrong != std::string_view::npos) {
      report_("SL-control-byte", message_.start_line_.substr(wrong, 1));
    }
    if (is_blank(line.front())) report_("SL-start-line", line.substr(0, 1));
    return same(message_.start_line_.substr(0, 4), "SIP/") ? status_line() : request_line();
  }

  // SIP-Version SP Status-Code SP Reason-Phrase. A reason may be empty and may hold blanks, also at
  // its ends, where they say nothing.
  std::expected<void, ParseError> status_line() {
    Cursor cursor{message_.start_line_};
    message_.version_ = cursor.take_while(is_no_blank);
    version();
    if (const auto blanks = cursor.take_while(is_blank); blanks != " ") {
      report_("SL-start-line", blanks);
    }
    const auto code = cursor.take_while(is_no_blank);
    const auto status = code.size() == 3 ? number(code, 699) : std::nullopt;
    if (!status || *status < 100) {
      report_("SL-status-code", code);
      return report_.error(ParseError::Kind::not_sip, code);
    }
    message_.status_ = static_cast<int>(*status);
    if (cursor.at_end()) {
      // The line was trimmed: the space in front of an empty reason stands behind it.
      const auto behind = span_of(cursor.here(), text_).offset;
      if (text_.substr(behind, 1) != " ") report_("SL-start-line", cursor.here());
    } else if (const auto blanks = cursor.take_while(is_blank); blanks.front() != ' ') {
      report_("SL-start-line", blanks.substr(0, 1));
    }
    message_.reason_ = cursor.rest();
    return {};
  }

  // Method SP Request-URI SP SIP-Version
  std::expected<void, ParseError> request_line() {
    const auto line = message_.start_line_;
    const auto last_blank = line.find_last_of(" \t");
    const auto version_at = last_blank == std::string_view::npos ? line.size() : last_blank + 1;
    message_.version_ = line.substr(version_at);
    if (!same(message_.version_.substr(0, 4), "SIP/")) {
      return report_.error(ParseError::Kind::not_sip, message_.version_);
    }

    Cursor cursor{line.substr(0, last_blank)};
    message_.method_ = cursor.take_while(is_no_blank);
    const auto blanks = cursor.take_while(is_blank);
    message_.request_uri_ = trim(cursor.rest());
    if (message_.request_uri_.empty()) {
      return report_.error(ParseError::Kind::not_sip, message_.version_);
    }
    const auto behind = cursor.rest().substr(message_.request_uri_.size());
    if (blanks != " ") report_("SL-start-line", blanks);
    if (!behind.empty() || line[last_blank] != ' ') {
      report_("SL-start-line", line.substr(version_at - 1 - behind.size(), behind.size() + 1));
    }
    if (!is_token(message_.method_)) report_("SL-method", message_.method_);
    version();

    const auto end = span_of(line.substr(line.size()), text_).offset;
    if (is_blank(end < text_.size() ? text_[end] : '\n')) {
      report_("SL-start-line", text_.substr(end, 1));
    }
    return {};
  }

  void version() {
    if (message_.version_ == newest_version) return;
    report_(
        same(message_.version_, newest_version) ? RuleId{"SL-version-case"} : RuleId{"SL-version"},
        message_.version_);
  }

  std::expected<void, ParseError> headers() {
    for (std::size_t rows = 0; at_ < text_.size(); ++rows) {
      if (const auto length = detail::blank_line(text_, at_); length > 0) {
        line_ends(text_.substr(at_, length));
        at_ += length;
        return {};
      }
      if (rows == max_headers) return error(ParseError::Kind::too_many_headers, at_);
      const auto begin = at_;
      at_ = detail::end_of_row(text_, begin);
      row(text_.substr(begin, at_ - begin), rows == 0);
    }
    if (message_.headers().empty()) return error(ParseError::Kind::truncated, text_.size());
    report_("SL-no-end-of-headers", text_.substr(text_.size()));
    return {};
  }

  // message-header: name HCOLON value
  void row(std::string_view text, bool is_first) {
    line_ends(text);
    if (is_first && is_blank(text.front())) report_("SL-nothing-to-continue", text.substr(0, 1));
    const auto row = detail::cut_row(text);
    if (!row.has_colon) {
      report_("SL-no-colon", row.text);
      return;
    }
    if (!is_token(row.name)) {
      report_("SL-header-name", row.name);
    } else if (row.name.size() != row.name_field.size()) {
      report_("SL-space-before-colon", row.name_field.substr(row.name.size()));
    }
    if (const auto wrong = find_wrong_control(row.value, true); wrong != std::string_view::npos) {
      report_("SL-control-byte", row.value.substr(wrong, 1));
    }
    message_.headers_.add({.id = header_id(row.name),
                           .name = row.name,
                           .value = row.value,
                           .offset = span_of(row.name, text_).offset});
  }

  // [ message-body ]: as long as the first Content-Length says, or all that follows.
  void body() {
    message_.body_ = text_.substr(at_);
    const Header* first = nullptr;
    for (const auto& header : message_.headers()) {
      if (header.id != HeaderId::content_length) continue;
      if (first != nullptr) {
        report_("SL-content-length-duplicate", header.value);
      } else {
        first = &header;
      }
    }
    if (first == nullptr) return;

    const auto length = number(first->value, 0xffff'ffff);
    if (!length) {
      report_("SL-content-length-malformed", first->value);
    } else if (*length > message_.body_.size()) {
      report_("SL-content-length-long", first->value);
    } else if (*length < message_.body_.size()) {
      report_("SL-content-length-short", first->value);
      message_.body_ = message_.body_.substr(0, *length);
    }
  }

  // Once per message: who ends one line so ends them all.
  void line_ends(std::string_view lines) {
    if (bare_line_feed_) return;
    for (auto at = lines.find('\n'); at != std::string_view::npos; at = lines.find('\n', at + 1)) {
      if (at > 0 && lines[at - 1] == '\r') continue;
      report_("SL-bare-line-feed", lines.substr(at, 1));
      bare_line_feed_ = true;
      return;
    }
  }

  static std::unexpected<ParseError> error(ParseError::Kind kind, std::size_t offset) {
    return std::unexpected{ParseError{kind, static_cast<std::uint32_t>(offset)}};
  }

  std::string_view text_;
  detail::Report report_;
  Message& message_;
  std::size_t at_ = 0;
  bool bare_line_feed_ = false;
};

std::expected<Message, ParseError> Message::parse(std::string_view text,
                                                  Diagnostics& diagnostics) noexcept {
  std::expected<Message, ParseError> result;
  if (const auto read = Reader{text, diagnostics, *result}.message(); !read) {
    result = std::unexpected{read.error()};
  }
  return result;
}

const Header* Message::find(HeaderId id) const noexcept {
  for (const auto& header : headers()) {
    if (header.id == id) return &header;
  }
  return nullptr;
}

const Header* Message::find(std::string_view name) const noexcept {
  if (const auto id = header_id(name); id != HeaderId::other) return find(id);
  for (const auto& header : headers()) {
    if (same(header.name, name)) return &header;
  }
  return nullptr;
}

}  // namespace sipauth
