#include "commands/paste.hpp"

#include <algorithm>
#include <utility>

#include "sipauth/address.hpp"
#include "sipauth/lint.hpp"
#include "sipauth/message.hpp"
#include "sipauth/text.hpp"

namespace sipauth::commands {
namespace {

// Of one text; a longer trace should be cut by the person who pastes it.
constexpr int max_messages = 512;

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

bool has_bare_line_feed(std::string_view text) {
  for (auto at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1)) {
    if (at == 0 || text[at - 1] != '\r') return true;
  }
  return false;
}

std::string with_line_feeds(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!text.substr(at).starts_with("\r\n")) result += text[at];
  }
  return result;
}

std::string with_crlf(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '\n' && !result.ends_with('\r')) result += '\r';
    result += c;
  }
  return result;
}

// A body whose line ends may have been others on the wire: as it was pasted, and with CR LF.
void add_body(const Message& message, std::string_view pasted, PastedMessage& source,
              Paste& paste) {
  paste.body = message.body();
  if (!has_bare_line_feed(pasted)) return;
  auto on_the_wire = with_crlf(paste.body);
  if (const auto length = number(message.value(HeaderId::content_length), 0xffff);
      length && *length < on_the_wire.size()) {
    on_the_wire.resize(*length);
  }
  source.body = with_line_feeds(on_the_wire);
  if (source.body == on_the_wire) return;
  paste.body = source.body;
  paste.body_with_crlf = std::move(on_the_wire);
}

void add_facts_of_message(const Message& message, Paste& paste) {
  paste.is_message = true;
  paste.method = message.method();
  paste.request_uri = message.request_uri();
  paste.from = message.value(HeaderId::from);
  paste.to = message.value(HeaderId::to);
  if (message.is_request()) paste.contact = message.value(HeaderId::contact);
  Diagnostics ignored;
  if (const auto cseq = CSeq::parse(message.value(HeaderId::cseq), ignored);
      !message.is_request() && cseq) {
    paste.method = cseq->method;
  }
}

Paste paste_of(const Message& message, std::shared_ptr<PastedMessage> source,
               std::string_view text) {
  Paste paste;
  add_facts_of_message(message, paste);
  const auto body = source->traced.in_input(span_of(message.body(), message.text()));
  add_body(message, text.substr(body.offset, body.length), *source, paste);
  paste.source = std::move(source);
  return paste;
}

// Each message of the text, until `take` says false.
template <typename Take>
void for_each_message(std::string_view text, const Take& take) {
  TraceReader reader{text};
  for (int messages = 0; messages < max_messages; ++messages) {
    auto traced = reader.next();
    if (!traced || traced->is_fragment) return;
    auto source = std::make_shared<PastedMessage>(*std::move(traced));
    Diagnostics ignored;
    const auto message = Message::parse(source->traced.text, ignored);
    if (message && !take(*message, std::move(source))) return;
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

namespace {

// Rows that stand by themselves: quoted, indented or in a log.
bool read_fragment(std::string_view text, Wanted wanted, Paste& paste) {
  auto traced = TraceReader{text}.next();
  if (!traced || !traced->is_fragment) return false;
  const auto source = std::make_shared<PastedMessage>(*std::move(traced));
  paste.source = source;
  return read_rows(source->traced.text, wanted, paste);
}

}  // namespace

std::vector<Paste> read_pastes(std::string_view text, Wanted wanted) {
  std::vector<Paste> all;
  for_each_message(text, [&](const Message& message, std::shared_ptr<PastedMessage> source) {
    std::vector<PastedRow> rows;
    for (const auto& header : message.headers()) {
      if (is_wanted(header.id, wanted)) rows.push_back({header.name, header.value});
    }
    if (rows.empty()) return true;
    all.push_back(paste_of(message, std::move(source), text));
    all.back().rows = std::move(rows);
    return true;
  });
  if (!all.empty()) return all;

  Paste paste;
  const auto kind = kind_of(text);
  const bool has_rows = kind == InputKind::header && read_rows(text, wanted, paste);
  // A backtick in front of a header is a part of its name, by the grammar.
  const bool has_fragment = paste.rows.empty() &&
                            (kind == InputKind::message || kind == InputKind::header) &&
                            read_fragment(text, wanted, paste);
  if (kind != InputKind::message && !has_rows && !has_fragment) {
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
  for_each_message(text, [&](const Message& message, std::shared_ptr<PastedMessage> source) {
    if (!message.is_request()) return true;
    request = paste_of(message, std::move(source), text);
    return false;
  });
  return request;
}

}  // namespace sipauth::commands
