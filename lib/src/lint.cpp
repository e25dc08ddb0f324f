#include "sipauth/lint.hpp"

#include <algorithm>
#include <optional>

#include "auth_params.hpp"
#include "cursor.hpp"
#include "lint_rows.hpp"
#include "rows.hpp"
#include "sipauth/credentials.hpp"

namespace sipauth {
namespace {

bool begins_with_header(std::string_view text) noexcept {
  detail::Cursor cursor{text};
  const auto name = cursor.take_token();
  cursor.take_while([](char c) { return c == ' ' || c == '\t'; });
  return !name.empty() && cursor.is_at(':');
}

bool begins_with_scheme(std::string_view text) noexcept {
  detail::Cursor cursor{text};
  const auto scheme = cursor.take_token();
  if (scheme.empty()) return false;
  // `realm="r", ...` lacks its scheme: the challenge's parser says so.
  const auto is_parameter = [&] {
    const auto name = cursor.take_token();
    cursor.skip_lws();
    return !name.empty() && cursor.is_at('=');
  };
  if (is_well_known_scheme(scheme)) return !cursor.is_at('/');
  cursor.skip_lws();
  return cursor.is_at('=') || is_parameter();
}

InputKind kind_of_value(std::string_view text) noexcept {
  Diagnostics unused;
  const auto credentials = Credentials::parse(text, unused);
  if (!credentials) return InputKind::challenge;
  const bool answers =
      credentials->is_digest()
          ? credentials->username() || credentials->find("username*") || credentials->response()
          : credentials->parameters().empty() && trim(text).size() > credentials->scheme().size();
  return answers ? InputKind::credentials : InputKind::challenge;
}

}  // namespace

InputKind kind_of(std::string_view text) noexcept {
  const auto first = text.substr(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  if (begins_with_header(first)) return InputKind::header;
  if (begins_with_scheme(first)) return kind_of_value(first);
  return InputKind::message;
}

std::expected<void, ParseError> lint_header(std::string_view text,
                                            Diagnostics& diagnostics) noexcept {
  if (text.size() > limits::message_bytes) {
    return std::unexpected{ParseError{ParseError::Kind::too_long, limits::message_bytes}};
  }
  if (trim(text).empty()) return std::unexpected{ParseError{ParseError::Kind::empty, 0}};
  RowLint lint{text, diagnostics};
  for (std::size_t at = 0; at < text.size();) {
    const auto end = detail::end_of_row(text, at);
    const auto row = detail::cut_row(text.substr(at, end - at));
    at = end;
    if (row.text.empty()) continue;
    if (!row.has_colon) {
      lint.report("SL-no-colon", row.text);
      continue;
    }
    if (!is_token(row.name)) lint.report("SL-header-name", row.name);
    lint.value(header_id(row.name), row.value);
  }
  return {};
}

std::expected<void, ParseError> lint_challenge(std::string_view text,
                                               Diagnostics& diagnostics) noexcept {
  std::optional<std::size_t> offset = 0;
  for (std::size_t seen = 0; offset; ++seen) {
    if (seen == limits::challenges) {
      diagnostics.report("SL-too-many-challenges", {static_cast<std::uint32_t>(*offset), 0});
      return {};
    }
    const auto challenge = Challenge::parse(text, *offset, diagnostics);
    if (!challenge) return std::unexpected{challenge.error()};
    offset = challenge->next_challenge();
  }
  return {};
}

namespace {

// `realm="r", ...`: what is missing has a rule.
std::expected<void, ParseError> with_scheme_told(std::string_view text,
                                                 std::expected<void, ParseError> read,
                                                 Diagnostics& diagnostics) noexcept {
  if (read || read.error().kind != ParseError::Kind::not_a_scheme) return read;
  const auto value = trim(text.substr(read.error().offset));
  diagnostics.report("SL-not-a-scheme", span_of(value, text));
  return {};
}

}  // namespace

std::expected<void, ParseError> lint_text(std::string_view text,
                                          Diagnostics& diagnostics) noexcept {
  switch (kind_of(text)) {
    case InputKind::message:
      return lint_message(text, diagnostics);
    case InputKind::header:
      return lint_header(text, diagnostics);
    case InputKind::challenge:
      return with_scheme_told(text, lint_challenge(text, diagnostics), diagnostics);
    case InputKind::credentials: {
      const auto read = Credentials::parse(text, diagnostics);
      if (!read) return std::unexpected{read.error()};
      return {};
    }
  }
  return {};
}

}  // namespace sipauth
