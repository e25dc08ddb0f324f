#include "sipauth/uri.hpp"

#include "host_port.hpp"
#include "parameters.hpp"
#include "read_uri.hpp"

// The grammar of RFC 3261 25.1, cut from the outside in: scheme, then at the `@`, then at the first
// `;` and `?` of what stands behind it.

namespace sipauth {
namespace detail {
namespace {

// Which bytes stand for themselves; all others are escaped.
constexpr CharacterSet of_user{"-_.!~*'()&=+$,;?/"};
constexpr CharacterSet of_password{"-_.!~*'()&=+$,"};
constexpr CharacterSet of_parameters{"-_.!~*'()[]/:&+$=;"};
constexpr CharacterSet of_headers{"-_.!~*'()[]/?:+$=&"};
constexpr CharacterSet of_telephone{"-_.!~*'()+#"};
constexpr CharacterSet of_other_schemes{"-_.!~*'();/?:@&=+$,[]#"};

constexpr bool is_escape(std::string_view text) {
  return text.size() >= 3 && is_hex(text[1]) && is_hex(text[2]);
}

// Reports each run of bytes that must be escaped, and each escape that is none.
void lint_characters(std::string_view part, const CharacterSet& allowed,
                     const Report& report) noexcept {
  Cursor cursor{part};
  while (!cursor.at_end()) {
    cursor.take_while(allowed);
    if (cursor.is_at('%')) {
      const auto escape = cursor.rest().substr(0, 3);
      if (!is_escape(escape)) report("SL-uri-escape", escape);
      cursor.take_to(cursor.position() + (is_escape(escape) ? 3 : 1));
    } else if (const auto wrong =
                   cursor.take_while([&](char c) { return c != '%' && !allowed(c); });
               !wrong.empty()) {
      report("SL-uri-character", wrong);
    }
  }
}

Uri::Scheme scheme_of(std::string_view name) noexcept {
  if (same(name, "sip")) return Uri::Scheme::sip;
  if (same(name, "sips")) return Uri::Scheme::sips;
  if (same(name, "tel")) return Uri::Scheme::tel;
  return Uri::Scheme::other;
}

// Where the user part ends; npos without one. An `@` may stand there once and escaped everywhere
// else. Two kinds of text have more: `sip:alice@home@example.com`, where the last one counts, and
// `sip:bob@example.com?Replaces=1@host`, where the first does. So it is the last one in front of
// the first `;` or `?` behind the first one.
std::size_t find_at_sign(std::string_view text, const Report& report) noexcept {
  const auto first = text.find('@');
  if (first == std::string_view::npos) return first;
  const auto end = std::min(text.find_first_of(";?", first), text.size());
  const auto chosen = text.substr(0, end).rfind('@');
  const auto last = text.rfind('@');
  if (first != last) report("SL-uri-at-sign", text.substr(chosen == last ? first : last, 1));
  return chosen;
}

// user [":" password]
void read_user(std::string_view text, const Report& report, Uri& uri) noexcept {
  const auto colon = text.find(':');
  uri.user = text.substr(0, colon);
  if (uri.user.empty()) report("SL-uri-user-missing", uri.user);
  if (colon != std::string_view::npos) {
    uri.password = text.substr(colon + 1);
    report("SL-uri-password", uri.password);
  }
  // A second `@` was reported already.
  for (auto left = uri.user; !left.empty();) {
    const auto end = std::min(left.find('@'), left.size());
    lint_characters(left.substr(0, end), of_user, report);
    left.remove_prefix(std::min(end + 1, left.size()));
  }
  lint_characters(uri.password, of_password, report);
}

// [userinfo] hostport parameters [headers]
void read_sip(std::string_view text, const Report& report, Uri& uri) noexcept {
  if (const auto at_sign = find_at_sign(text, report); at_sign != std::string_view::npos) {
    read_user(text.substr(0, at_sign), report, uri);
    text.remove_prefix(at_sign + 1);
  }
  const auto end_of_host = std::min(text.find_first_of(";?"), text.size());
  const auto [host, port] = read_host_port(text.substr(0, end_of_host), report);
  uri.host = host;
  uri.port = port;

  text.remove_prefix(end_of_host);
  const auto question_mark = text.find('?');
  uri.parameters = text.substr(0, question_mark);
  lint_characters(uri.parameters, of_parameters, report);
  lint_uri_parameters(uri.parameters, report);
  if (question_mark != std::string_view::npos) {
    uri.headers = text.substr(question_mark + 1);
    lint_characters(uri.headers, of_headers, report);
  }
}

void read_telephone(std::string_view text, const Report& report, Uri& uri) noexcept {
  const auto end = std::min(text.find(';'), text.size());
  uri.user = text.substr(0, end);
  uri.parameters = text.substr(end);
  lint_characters(uri.user, of_telephone, report);
  lint_characters(uri.parameters, of_parameters, report);
  lint_uri_parameters(uri.parameters, report);
}

}  // namespace

std::expected<Uri, ParseError> read_uri(std::string_view text, const Report& report) noexcept {
  const auto is_scheme = [](char c) {
    return is_alpha(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
  };

  Cursor cursor{text};
  Uri uri;
  uri.text = text;
  uri.scheme_name = cursor.take_while(is_scheme);
  if (uri.scheme_name.empty() || !is_alpha(text.front()) || !cursor.take(':')) {
    return report.error(ParseError::Kind::not_a_uri, cursor.here());
  }
  uri.scheme = scheme_of(uri.scheme_name);

  switch (uri.scheme) {
    case Uri::Scheme::sip:
    case Uri::Scheme::sips:
      read_sip(cursor.rest(), report, uri);
      break;
    case Uri::Scheme::tel:
      if (cursor.at_end()) return report.error(ParseError::Kind::not_a_uri, cursor.here());
      read_telephone(cursor.rest(), report, uri);
      break;
    case Uri::Scheme::other:
      if (cursor.at_end()) return report.error(ParseError::Kind::not_a_uri, cursor.here());
      lint_characters(cursor.rest(), of_other_schemes, report);
      break;
  }
  return uri;
}

}  // namespace detail

std::expected<Uri, ParseError> Uri::parse(std::string_view text,
                                          Diagnostics& diagnostics) noexcept {
  if (text.empty()) return std::unexpected{ParseError{ParseError::Kind::empty, 0}};
  return detail::read_uri(text, {text, diagnostics});
}

}  // namespace sipauth
