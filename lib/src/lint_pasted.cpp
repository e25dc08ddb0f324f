// Texts that went through somebody's hands, or through a tool, before they came here.
#include <algorithm>
#include <array>
#include <string>

#include "redaction.hpp"
#include "sipauth/lint.hpp"

namespace sipauth {
namespace {

// What a tool that shows a message, or somebody who copies it, breaks by himself.
constexpr auto rules_about_bytes =
    std::to_array<RuleId>({"SL-content-length-short", "SL-bare-line-feed", "SL-no-end-of-headers",
                           "SL-blank-behind-challenge", "SL-long-challenge"});

// A row that was cut ends anywhere.
constexpr auto rules_about_ends = std::to_array<RuleId>(
    {"SL-open-string", "SL-empty-value", "SL-empty-element", "SL-not-a-parameter",
     "SL-response-length", "SL-parameter-quote", "SL-name-addr-bracket", "SL-uri-escape"});

bool holds(auto rules, RuleId rule) noexcept {
  return std::ranges::find(rules, rule) != rules.end();
}

bool has_body(const TracedMessage& message) noexcept {
  const auto end = message.text.find("\r\n\r\n");
  return end != std::string::npos && end + 4 < message.text.size();
}

bool is_of_the_trace(const TracedMessage& message, const Diagnostic& diagnostic) noexcept {
  if (message.is_verbatim) return false;
  const auto rule = diagnostic.rule;
  if (holds(rules_about_bytes, rule)) return true;
  if (rule == RuleId{"SL-folded-challenge"}) return !message.is_bare;
  if (rule == RuleId{"SL-content-length-long"}) {
    return !message.is_bare || !message.has_end_of_headers || !has_body(message);
  }
  if (!message.is_abridged) return false;
  return tells_absence(rule) || holds(rules_about_ends, rule);
}

void move_to_input(const TracedMessage& message, const Diagnostics& found,
                   Diagnostics& diagnostics) noexcept {
  for (const auto& diagnostic : found.list()) {
    if (is_of_the_trace(message, diagnostic)) continue;
    diagnostics.report(diagnostic.rule, message.in_input(diagnostic.where));
  }
  diagnostics.drop(found.dropped());
}

}  // namespace

namespace {

std::expected<Redacted, ParseError> lint_shown(std::string_view text, bool is_abridged,
                                               Diagnostics& diagnostics, ExchangeLint* exchange) {
  Redacted redacted;
  if (text.size() > limits::message_bytes) {
    const auto linted = lint_text(text, diagnostics);
    return linted ? std::expected<Redacted, ParseError>{redacted} : std::unexpected{linted.error()};
  }
  const Redaction redaction{text};
  const auto copy = redaction.places().empty() ? std::string{} : redaction.with_words();
  const auto readable = copy.empty() ? text : std::string_view{copy};
  Diagnostics found;
  const auto linted = lint_text(readable, found);
  if (linted && exchange != nullptr) {
    exchange->look(readable, redaction.places(), is_abridged, found);
  }
  for (const auto& diagnostic : found.list()) {
    if (redaction.excuses(diagnostic)) {
      ++redacted.excused;
    } else {
      diagnostics.report(diagnostic.rule, diagnostic.where);
    }
  }
  diagnostics.drop(found.dropped());
  if (!linted) return std::unexpected{linted.error()};
  redacted.places = redaction.places().size();
  if (redacted.places > 0) redacted.first = redaction.places().front();
  return redacted;
}

}  // namespace

std::expected<Redacted, ParseError> lint_pasted(std::string_view text, Diagnostics& diagnostics,
                                                ExchangeLint* exchange) {
  return lint_shown(text, false, diagnostics, exchange);
}

std::expected<Redacted, ParseError> lint_traced(const TracedMessage& message,
                                                Diagnostics& diagnostics, ExchangeLint* exchange) {
  Diagnostics found;
  auto redacted = lint_shown(message.text, message.is_abridged, found, exchange);
  move_to_input(message, found, diagnostics);
  if (!redacted) {
    auto error = redacted.error();
    error.offset = message.in_input({error.offset, 0}).offset;
    return std::unexpected{error};
  }
  redacted->first = message.in_input(redacted->first);
  return redacted;
}

}  // namespace sipauth
