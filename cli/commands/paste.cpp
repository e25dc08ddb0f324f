#include "commands/paste.hpp"

#include <algorithm>
#include <utility>

#include "sipauth/address.hpp"
#include "sipauth/lint.hpp"
#include "sipauth/message.hpp"
#include "sipauth/text.hpp"

namespace sipauth::commands {
namespace {

// Start lines looked at in one text; a longer trace should be cut by the person who pastes it.
constexpr int max_messages = 32;

bool is_wanted(HeaderId id, Wanted wanted) {
  if (wanted == Wanted::challenges) {
    return id == HeaderId::www_authenticate || id == HeaderId::proxy_authenticate;
  }
  return id == HeaderId::authorization || id == HeaderId::proxy_authorization;
}

std::size_t end_of_line(std::string_view text, std::size_t at) {
  const auto line_feed = text.find('\n', at);
  return line_feed == std::string_view::npos ? text.size() : line_feed + 1;
}

bool is_start_line(std::string_view line) {
  line = trim(line);
  return line.starts_with("SIP/2.0 ") || line.ends_with(" SIP/2.0");
}

std::string with_crlf(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '\n' && !result.ends_with('\r')) result += '\r';
    result += c;
  }
  return result;
}

bool has_bare_line_feed(std::string_view text) {
  for (auto at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1)) {
    if (at == 0 || text[at - 1] != '\r') return true;
  }
  return false;
}

void add_facts_of_message(const Message& message, Paste& paste) {
  paste.is_message = true;
  paste.method = message.method();
  paste.request_uri = message.request_uri();
  paste.from = message.value(HeaderId::from);
  paste.to = message.value(HeaderId::to);
  if (message.is_request()) paste.contact = message.value(HeaderId::contact);
  paste.body = message.body();
  Diagnostics ignored;
  if (const auto cseq = CSeq::parse(message.value(HeaderId::cseq), ignored);
      !message.is_request() && cseq) {
    paste.method = cseq->method;
  }
  if (!has_bare_line_feed(paste.body)) return;
  paste.body_with_crlf = with_crlf(paste.body);
  if (const auto length = number(message.value(HeaderId::content_length), 0xffff);
      length && *length < paste.body_with_crlf->size()) {
    paste.body_with_crlf->resize(*length);
  }
}

// Each message of the text, until `take` says false.
template <typename Take>
void for_each_message(std::string_view text, Take take) {
  int messages = 0;
  for (std::size_t at = 0; at < text.size() && messages < max_messages;) {
    const auto begin = at;
    at = end_of_line(text, at);
    if (!is_start_line(text.substr(begin, at - begin))) continue;
    ++messages;
    Diagnostics ignored;
    const auto message = Message::parse(text.substr(begin), ignored);
    if (message && !take(*message)) return;
  }
}

// False when no row has a name.
bool read_rows(std::string_view text, Wanted wanted, Paste& paste) {
  bool any = false;
  for (const auto row : header_rows(text)) {
    const auto colon = row.find(':');
    const auto name = trim(row.substr(0, colon));
    if (colon == std::string_view::npos || !is_token(name)) continue;
    any = true;
    if (is_wanted(header_id(name), wanted)) {
      paste.rows.push_back({name, trim(row.substr(colon + 1))});
    }
  }
  return any;
}

}  // namespace

std::vector<std::string_view> header_rows(std::string_view text) {
  std::vector<std::string_view> rows;
  for (std::size_t at = 0; at < text.size();) {
    const auto begin = at;
    do {
      at = end_of_line(text, at);
    } while (at < text.size() && (text[at] == ' ' || text[at] == '\t'));
    auto row = text.substr(begin, at - begin);
    while (row.ends_with('\n') || row.ends_with('\r')) row.remove_suffix(1);
    if (!trim(row).empty()) rows.push_back(row);
  }
  return rows;
}

std::vector<Paste> read_pastes(std::string_view text, Wanted wanted) {
  std::vector<Paste> all;
  for_each_message(text, [&](const Message& message) {
    Paste paste;
    for (const auto& header : message.headers()) {
      if (is_wanted(header.id, wanted)) paste.rows.push_back({header.name, header.value});
    }
    if (paste.rows.empty()) return true;
    add_facts_of_message(message, paste);
    all.push_back(std::move(paste));
    return true;
  });
  if (!all.empty()) return all;

  Paste paste;
  const auto kind = kind_of(text);
  if (kind == InputKind::message) return all;
  if (kind != InputKind::header || !read_rows(text, wanted, paste)) {
    if (const auto value = trim(text); !value.empty()) paste.rows.push_back({{}, value});
  }
  if (!paste.rows.empty()) all.push_back(std::move(paste));
  return all;
}

Paste read_paste(std::string_view text, Wanted wanted) {
  auto all = read_pastes(text, wanted);
  return all.empty() ? Paste{} : std::move(all.front());
}

std::optional<Paste> first_request(std::string_view text) {
  std::optional<Paste> request;
  for_each_message(text, [&](const Message& message) {
    if (!message.is_request()) return true;
    add_facts_of_message(message, request.emplace());
    return false;
  });
  return request;
}

}  // namespace sipauth::commands
