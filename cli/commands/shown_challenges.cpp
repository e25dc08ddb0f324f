#include "commands/shown_challenges.hpp"

#include <fmt/format.h>

#include "results/escape.hpp"
#include "sipauth/lint.hpp"
#include "sipauth/message.hpp"
#include "sipauth/text.hpp"

namespace sipauth::commands {
namespace {

std::vector<results::ShownChallenge::Lint> lines_of(const Diagnostics& diagnostics) {
  std::vector<results::ShownChallenge::Lint> lines;
  for (const auto& [rule, where] : diagnostics.list()) {
    lines.push_back({.rule = std::string{rule->name},
                     .severity = std::string{severity_name(rule->severity)},
                     .offset = where.offset,
                     .length = where.length,
                     .text = std::string{rule->sentence},
                     .reference = std::string{rule->reference}});
  }
  return lines;
}

results::ShownChallenge shown(const Header& header, const Challenge& challenge,
                              const Diagnostics& diagnostics) {
  results::ShownChallenge shown{.header = std::string{header_name(header.id)},
                                .scheme = std::string{challenge.scheme()}};
  for (const auto& parameter : challenge.parameters()) {
    shown.parameters.emplace_back(
        parameter.name, parameter.quoted ? unquote(parameter.value) : std::string{parameter.value});
  }
  shown.lint = lines_of(diagnostics);
  return shown;
}

bool has_error(const Diagnostics& diagnostics) {
  for (const auto& [rule, where] : diagnostics.list()) {
    if (rule->severity == Severity::error) return true;
  }
  return diagnostics.dropped() > 0;
}

void note_unreadable(const Header& header, ShownChallenges& challenges) {
  if (header.id != HeaderId::www_authenticate && header.id != HeaderId::proxy_authenticate) return;
  Diagnostics ignored;
  const auto challenge = Challenge::parse(header.value, ignored);
  if (challenge) return;
  challenges.has_error = true;
  challenges.unreadable.push_back(fmt::format("{} cannot be read: {} (byte {} of its value)",
                                              header_name(header.id), challenge.error().sentence(),
                                              challenge.error().offset));
}

}  // namespace

ShownChallenges shown_challenges(std::string_view response) {
  ShownChallenges challenges;
  Diagnostics ignored;
  const auto message = Message::parse(response, ignored);
  if (!message) return challenges;
  for_each_challenge(*message, [&](const Header& header, const Challenge& challenge,
                                   const Diagnostics& diagnostics) {
    challenges.list.push_back(shown(header, challenge, diagnostics));
    challenges.has_error = challenges.has_error || has_error(diagnostics);
  });
  Diagnostics together;
  lint_challenges(*message, together);
  challenges.lint = lines_of(together);
  challenges.has_error = challenges.has_error || has_error(together);
  for (const auto& header : message->headers()) note_unreadable(header, challenges);
  return challenges;
}

}  // namespace sipauth::commands
