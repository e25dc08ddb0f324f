#include "commands/paste.hpp"

#include <fmt/format.h>

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

// A line that is no row, which a peer sent or somebody's window broke off one.
bool has_broken_rows(const Diagnostics& diagnostics) {
  return std::ranges::any_of(diagnostics.list(), [](const Diagnostic& diagnostic) {
    return diagnostic.rule == RuleId{"SL-no-colon"} || diagnostic.rule == RuleId{"SL-header-name"};
  });
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

// Each message of the text, until `take` says false. `take` gets what its parser says of it.
template <typename Take>
void for_each_message(std::string_view text, const Take& take) {
  TraceReader reader{text};
  for (int messages = 0; messages < max_messages; ++messages) {
    auto traced = reader.next();
    if (!traced || traced->is_fragment) return;
    auto source = std::make_shared<PastedMessage>(*std::move(traced));
    Diagnostics diagnostics;
    const auto message = Message::parse(source->traced.text, diagnostics);
    if (message && !take(*message, std::move(source), diagnostics)) return;
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

// Rows that stand by themselves: quoted, indented, broken, escaped or in a log. Of several groups
// the first with a wanted one.
bool read_fragments(std::string_view text, Wanted wanted, Paste& paste) {
  TraceReader reader{text};
  for (int fragments = 0; fragments < max_messages; ++fragments) {
    auto traced = reader.next();
    if (!traced || !traced->is_fragment) return false;
    const auto source = std::make_shared<PastedMessage>(*std::move(traced));
    if (!read_rows(source->traced.text, wanted, paste) || paste.rows.empty()) continue;
    paste.source = source;
    return true;
  }
  return false;
}

// As in JSON, HTML or CSV, which a reader of traces knows better.
bool may_be_escaped(std::string_view text) {
  return text.contains("\\\"") || text.contains("&quot;") || text.contains("&lt;") ||
         text.contains("=\"\"");
}

// Every row has a name, and no quote or bracket may stand there in another form.
bool are_plain_rows(std::string_view text) {
  if (may_be_escaped(text)) return false;
  return std::ranges::all_of(header_rows(text), [](std::string_view row) {
    const auto colon = row.find(':');
    return colon != std::string_view::npos && is_token(trim(row.substr(0, colon)));
  });
}

// The same under a name, as rows are read: broken lines and escapes are undone there.
bool read_bare_value(std::string_view value, Wanted wanted, Paste& paste) {
  const bool is_broken = value.contains('\n');
  if (!is_broken && !may_be_escaped(value)) return false;
  // In lines of its own, where a width can be seen at which it was cut.
  const auto input = std::make_shared<const std::string>(
      fmt::format("{}:{}{}\n", wanted == Wanted::challenges ? "WWW-Authenticate" : "Authorization",
                  is_broken ? '\n' : ' ', with_line_feeds(value)));
  auto traced = TraceReader{*input}.next();
  if (!traced || !traced->is_fragment) return false;
  const auto source = std::make_shared<PastedMessage>(*std::move(traced));
  paste.changed = input;
  Paste named;
  if (!read_rows(source->traced.text, wanted, named) || named.rows.empty()) return false;
  paste.source = source;
  paste.rows.push_back({{}, named.rows.front().value});
  return true;
}

std::vector<Paste> read_messages(std::string_view text, Wanted wanted, bool& has_broken) {
  std::vector<Paste> all;
  for_each_message(text, [&](const Message& message, std::shared_ptr<PastedMessage> source,
                             const Diagnostics& diagnostics) {
    has_broken = has_broken || has_broken_rows(diagnostics);
    std::vector<PastedRow> rows;
    for (const auto& header : message.headers()) {
      if (is_wanted(header.id, wanted)) rows.push_back({header.name, header.value});
    }
    if (rows.empty()) return true;
    all.push_back(paste_of(message, std::move(source), text));
    all.back().rows = std::move(rows);
    return true;
  });
  return all;
}

std::vector<Paste> read_rows_alone(std::string_view text, Wanted wanted) {
  Paste paste;
  const auto kind = kind_of(text);
  if (kind == InputKind::message) {
    read_fragments(text, wanted, paste);
  } else if (kind == InputKind::header) {
    const bool was_read = !are_plain_rows(text) && read_fragments(text, wanted, paste);
    if (!was_read) read_rows(text, wanted, paste);
    // A backtick in front of a header is a part of its name, by the grammar.
    if (!was_read && paste.rows.empty()) read_fragments(text, wanted, paste);
  }
  if (paste.rows.empty() && kind != InputKind::message && kind != InputKind::header) {
    const auto value = trim(text);
    if (!read_bare_value(value, wanted, paste) && !value.empty()) {
      paste.rows.push_back({{}, value});
    }
  }
  if (paste.rows.empty()) return {};
  std::vector<Paste> all;
  all.push_back(std::move(paste));
  return all;
}

std::vector<Paste> read_any(std::string_view text, Wanted wanted, bool& has_broken) {
  auto all = read_messages(text, wanted, has_broken);
  return all.empty() ? read_rows_alone(text, wanted) : all;
}

}  // namespace

// A clipboard may have given CR LF to lines that it broke as well: a peer that sends such ones
// sends nothing that could be verified anyway.
std::vector<Paste> read_pastes(std::string_view text, Wanted wanted) {
  bool has_broken = kind_of(text) == InputKind::header && !are_plain_rows(text);
  auto all = read_any(text, wanted, has_broken);
  if (!has_broken || !text.contains("\r\n")) return all;
  const auto input = std::make_shared<const std::string>(with_line_feeds(text));
  auto mended = read_any(*input, wanted, has_broken);
  if (mended.empty()) return all;
  for (auto& paste : mended) {
    if (!paste.changed) paste.changed = input;
  }
  return mended;
}

Paste read_paste(std::string_view text, Wanted wanted) {
  auto all = read_pastes(text, wanted);
  return all.empty() ? Paste{} : std::move(all.front());
}

std::vector<std::string> notes_on(const Paste& paste) {
  std::vector<std::string> notes;
  if (!paste.source) return notes;
  const auto& traced = paste.source->traced;
  if (traced.is_unwrapped) {
    notes.emplace_back("The text has broken lines, which were put together.");
  }
  if (!traced.escapes.empty()) {
    notes.push_back(fmt::format("The text is escaped as in {}, which was undone.", traced.escapes));
  }
  return notes;
}

std::optional<Paste> first_request(std::string_view text) {
  std::optional<Paste> request;
  for_each_message(
      text, [&](const Message& message, std::shared_ptr<PastedMessage> source, const Diagnostics&) {
        if (!message.is_request()) return true;
        request = paste_of(message, std::move(source), text);
        return false;
      });
  return request;
}

}  // namespace sipauth::commands
