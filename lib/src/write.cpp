#include "sipauth/write.hpp"

#include <algorithm>
#include <array>

#include "sipauth/text.hpp"

namespace sipauth {
namespace {

enum class ListKind : std::uint8_t { challenge, credentials, authentication_info };

// Whose values stand in quotes whatever they hold, and whose never (RFC 7616 3.3 to 3.5). qop is in
// neither list: it is quoted in a challenge only.
constexpr auto in_quotes =
    std::to_array<std::string_view>({"realm", "domain", "nonce", "opaque", "username", "uri",
                                     "response", "cnonce", "auts", "nextnonce", "rspauth"});
constexpr auto without_quotes = std::to_array<std::string_view>(
    {"stale", "algorithm", "nc", "userhash", "charset", "username*"});

bool contains(std::span<const std::string_view> names, std::string_view name) {
  return std::ranges::any_of(names, [&](std::string_view known) { return same(known, name); });
}

bool due_in_quotes(const WrittenParameter& parameter, ListKind kind) {
  if (same(parameter.name, "qop")) return kind == ListKind::challenge;
  if (contains(in_quotes, parameter.name)) return true;
  if (contains(without_quotes, parameter.name)) return false;
  return !is_token(parameter.value);
}

// What would end the row and begin another one has no way into it.
void append_in_row(std::string& row, std::string_view text) {
  for (const char c : text) {
    if (c != '\r' && c != '\n') row += c;
  }
}

void append_value(std::string& row, const WrittenParameter& parameter, ListKind kind) {
  auto quoting = parameter.quoting;
  if (quoting == Quoting::as_due) {
    quoting = due_in_quotes(parameter, kind) ? Quoting::quoted : Quoting::bare;
  }
  if (quoting == Quoting::quoted) {
    row += quote(parameter.value);
    return;
  }
  const std::string_view mark = quoting == Quoting::single_quoted ? "'" : "";
  row += mark;
  append_in_row(row, parameter.value);
  row += mark;
}

void append_list(std::string& row, std::span<const WrittenParameter> parameters,
                 const ListLayout& layout, ListKind kind) {
  bool first = true;
  for (const auto& parameter : parameters) {
    if (!first) {
      row += layout.before_stale && same(parameter.name, "stale") ? *layout.before_stale
                                                                  : layout.separator;
    }
    first = false;
    append_in_row(row, parameter.name);
    row += '=';
    append_value(row, parameter, kind);
  }
  row += layout.trailing;
}

std::string write_list(std::string_view scheme, std::span<const WrittenParameter> parameters,
                       const ListLayout& layout, ListKind kind) {
  std::string row;
  append_in_row(row, scheme);
  row += ' ';
  append_list(row, parameters, layout, kind);
  return row;
}

void append_header(std::string& text, std::string_view name, std::string_view value) {
  append_in_row(text, name);
  text += ": ";
  append_in_row(text, value);
  text += "\r\n";
}

void append_header(std::string& text, const WrittenHeader& header) {
  if (!header.raw) {
    append_header(text, header.name, header.value);
    return;
  }
  text += header.name;
  text += ": ";
  text += header.value;
  text += "\r\n";
}

bool is_content_length(const WrittenHeader& header) {
  return same(header.name, "Content-Length") || same(header.name, "l");
}

// The caller's rows, then what is due about the body, the empty line and the body.
void append_rest(std::string& text, std::span<const WrittenHeader> headers,
                 std::string_view content_type, std::string_view body, bool content_length = true) {
  for (const auto& header : headers) append_header(text, header);
  if (!content_type.empty()) append_header(text, "Content-Type", content_type);
  if (content_length && std::ranges::none_of(headers, is_content_length)) {
    append_header(text, "Content-Length", std::to_string(body.size()));
  }
  text += "\r\n";
  text += body;
}

}  // namespace

std::string write_challenge(std::span<const WrittenParameter> parameters, const ListLayout& layout,
                            std::string_view scheme) {
  return write_list(scheme, parameters, layout, ListKind::challenge);
}

std::string write_credentials(std::span<const WrittenParameter> parameters,
                              const ListLayout& layout, std::string_view scheme) {
  return write_list(scheme, parameters, layout, ListKind::credentials);
}

std::string write_authentication_info(std::span<const WrittenParameter> parameters,
                                      const ListLayout& layout) {
  std::string row;
  append_list(row, parameters, layout, ListKind::authentication_info);
  return row;
}

std::string write_request(const WrittenRequest& request) {
  std::string text;
  text.reserve(512 + request.body.size());
  append_in_row(text, request.method);
  text += ' ';
  append_in_row(text, request.request_uri);
  text += " SIP/2.0\r\n";
  append_header(text, "Via",
                "SIP/2.0/" + request.transport + ' ' + request.via_host +
                    ";branch=" + request.branch + (request.rport ? ";rport" : ""));
  append_header(text, "Max-Forwards", std::to_string(request.max_forwards));
  append_header(text, "From", request.from);
  append_header(text, "To", request.to);
  append_header(text, "Call-ID", request.call_id);
  append_header(text, "CSeq", std::to_string(request.cseq) + ' ' + request.method);
  if (!request.user_agent.empty()) append_header(text, "User-Agent", request.user_agent);
  append_rest(text, request.headers, request.content_type, request.body, request.content_length);
  return text;
}

std::string write_response(int status, std::string_view reason,
                           std::span<const WrittenHeader> headers, std::string_view body) {
  std::string text = "SIP/2.0 " + std::to_string(status) + ' ';
  append_in_row(text, reason);
  text += "\r\n";
  append_rest(text, headers, {}, body);
  return text;
}

}  // namespace sipauth
