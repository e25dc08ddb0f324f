#include "commands/lint_report.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "commands/paste.hpp"
#include "sipauth/limits.hpp"

namespace sipauth::commands {
namespace {

Understood understand(std::string_view text, InputKind kind) {
  switch (kind) {
    case InputKind::message:
      return understand_message(text);
    case InputKind::header:
      return understand_rows(text, header_rows(text));
    case InputKind::challenge:
      return understand_challenge(text);
    case InputKind::credentials:
      return understand_credentials(text);
  }
  std::unreachable();
}

void move_to_input(const TracedMessage& message, Understood& understood) {
  for (auto& header : understood.headers) {
    header.offset = message.in_input({header.offset, 1}).offset;
  }
  for (auto& secret : understood.secrets) secret = message.in_input(secret);
}

void tell(const Diagnostics& found, LintPolicy policy, LintedPart& part) {
  part.diagnostics.reserve(found.list().size());
  for (const auto& diagnostic : found.list()) {
    part.diagnostics.push_back(
        {.diagnostic = diagnostic, .severity = severity_under(policy, diagnostic.rule), .fix = {}});
  }
  part.dropped = found.dropped();
  // What is written wrongly comes first, then what other messages or good sense say against it.
  std::ranges::sort(part.diagnostics, {}, [](const Told& told) {
    const auto& [rule, where] = told.diagnostic;
    return std::tuple{is_of_exchange(rule), where.offset, rule->name};
  });
}

// What other messages show stays, whatever is mended in this one.
void mend_part(std::string_view text, LintedPart& part) {
  part.fixed = fixed(text);
  for (const auto& told : part.diagnostics) {
    if (is_of_exchange(told.diagnostic.rule)) part.fixed->left.push_back(told.diagnostic);
  }
}

// The whole text at once.
LintedPart lint_whole(std::string_view text, InputKind kind, LintPolicy policy, bool mend,
                      ExchangeLint& exchange) {
  LintedPart part;
  Diagnostics found;
  if (const auto linted = lint_pasted(text, found, &exchange)) {
    part.redacted = *linted;
  } else {
    part.error = linted.error();
  }
  tell(found, policy, part);
  if (text.size() > limits::message_bytes) return part;
  for (auto& told : part.diagnostics) {
    auto edits = fixes(text, {&told.diagnostic, 1});
    if (!edits.empty()) told.fix = std::move(edits.front());
  }
  part.understood = understand(text, kind);
  if (mend) mend_part(text, part);
  return part;
}

LintedPart lint_part(TracedMessage message, LintPolicy policy, bool mend, ExchangeLint& exchange) {
  LintedPart part;
  Diagnostics found;
  if (const auto linted = lint_traced(message, found, &exchange)) {
    part.redacted = *linted;
  } else {
    part.error = linted.error();
  }
  tell(found, policy, part);
  part.understood =
      understand(message.text, message.is_fragment ? InputKind::header : InputKind::message);
  move_to_input(message, part.understood);
  if (mend) mend_part(message.text, part);
  message.text.clear();
  part.traced = std::move(message);
  return part;
}

// LFs alone end the lines of a message that stands by itself: true of the file, if not of the wire.
void tell_line_feeds(LintedInput& input, LintPolicy policy) {
  const auto line_feed = input.text.find('\n');
  if (line_feed == std::string::npos || (line_feed > 0 && input.text[line_feed - 1] == '\r'))
    return;
  constexpr RuleId rule = "SL-bare-line-feed";
  auto& diagnostics = input.parts.front().diagnostics;
  diagnostics.insert(diagnostics.begin(),
                     {.diagnostic = {rule, {static_cast<std::uint32_t>(line_feed), 1}},
                      .severity = severity_under(policy, rule),
                      .fix = {}});
}

// How much of the input, from its first byte on, is this message or these rows; 0 where other text
// stands in front. Rows go on behind empty lines as long as nothing but rows stands there.
std::size_t size_from_begin(const TracedMessage& message, std::string_view text, InputKind kind) {
  if (message.is_verbatim) return text.size();
  const bool is_first = message.is_fragment && message.is_bare && !message.is_unwrapped &&
                        message.escapes.empty() && kind != InputKind::message;
  if (!is_first || !trim(text.substr(0, message.where.offset)).empty()) return 0;
  const auto end = std::size_t{message.where.offset} + message.where.length;
  const auto behind = header_rows(text.substr(end));
  const bool are_rows = std::ranges::all_of(
      behind, [](std::string_view row) { return kind_of(row) == InputKind::header; });
  return are_rows ? text.size() : end;
}

}  // namespace

bool LintedPart::has(Severity severity) const {
  return (error && severity == Severity::error) ||
         std::ranges::any_of(diagnostics,
                             [&](const Told& told) { return told.severity == severity; });
}

bool LintedInput::has_error(LintPolicy policy) const {
  return std::ranges::any_of(parts, [policy](const LintedPart& part) {
    if (!part.fixed) return part.has(Severity::error);
    return part.error ||
           std::ranges::any_of(part.fixed->left, [policy](const Diagnostic& diagnostic) {
             return severity_under(policy, diagnostic.rule) == Severity::error;
           });
  });
}

LintedInput lint_input(std::string file, std::string text, LintPolicy policy, bool mend) {
  LintedInput input;
  input.file = std::move(file);
  input.text = std::move(text);
  const auto kind = kind_of(input.text);

  ExchangeLint exchange;
  TraceReader reader{input.text};
  auto message = reader.next();
  const auto size = message ? size_from_begin(*message, input.text, kind) : input.text.size();
  auto next = message && size > 0 && size < input.text.size() ? reader.next() : std::nullopt;
  if (!message || (size > 0 && !next)) {
    const auto linted = std::string_view{input.text}.substr(0, size);
    input.kind = kind == InputKind::message ? LintedKind::message : LintedKind::header;
    input.parts.push_back(lint_whole(linted, kind, policy, mend, exchange));
    return input;
  }
  const bool stands_first =
      message->is_bare && !message->is_fragment &&
      trim(std::string_view{input.text}.substr(0, message->where.offset)).empty();
  input.kind = message->is_fragment ? LintedKind::header : LintedKind::message;
  for (; message; message = next ? std::exchange(next, std::nullopt) : reader.next()) {
    input.parts.push_back(lint_part(*std::move(message), policy, mend, exchange));
  }
  if (input.parts.size() > 1) {
    input.kind = LintedKind::trace;
  } else if (stands_first) {
    tell_line_feeds(input, policy);
  }
  return input;
}

}  // namespace sipauth::commands
