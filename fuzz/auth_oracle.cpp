#include "fuzz/auth_oracle.hpp"

namespace sipauth::fuzz {
namespace {

// What a list that is legal, or that we wrote ourselves, must never be reproached with.
constexpr auto rules_of_writing = std::to_array<RuleId>({
    "SL-missing-comma",    "SL-semicolon",           "SL-empty-element",      "SL-not-a-parameter",
    "SL-text-after-value", "SL-merged-challenges",   "SL-merged-credentials", "SL-open-string",
    "SL-single-quotes",    "SL-unquoted-string",     "SL-unquoted-qop",       "SL-unquoted-opaque",
    "SL-unquoted-domain",  "SL-quoted-stale",        "SL-quoted-algorithm",   "SL-quoted-qop",
    "SL-quoted-nc",        "SL-empty-value",         "SL-not-a-token",        "SL-not-utf-8",
    "SL-control-in-value", "SL-line-break-in-value", "SL-bad-quoted-pair",
});

// And what may be legal, though we do not write it.
constexpr auto rules_of_habit =
    std::to_array<RuleId>({"SL-quoted-extension", "SL-quoted-ext-value", "SL-fold-in-value"});

void require_without(std::span<const RuleId> rules, const Diagnostics& diagnostics,
                     std::string_view claim) {
  for (const auto& [rule, where] : diagnostics.list()) {
    if (std::ranges::find(rules, rule) == rules.end()) continue;
    throw OracleViolation{std::string{claim}.append(rule->name)};
  }
}

// What cannot be said without quotes is left out where quotes are wrong.
bool can_be_written(const Parameter& parameter, bool quotes_qop) {
  constexpr auto never_quoted = std::to_array<std::string_view>(
      {"stale", "algorithm", "nc", "userhash", "charset", "username*", "qop"});
  const bool bare = std::ranges::any_of(
      never_quoted, [&](std::string_view name) { return same(name, parameter.name); });
  if (!bare || (quotes_qop && same(parameter.name, "qop"))) return true;
  // Without quotes, single quotes would be taken for them.
  const auto value = unquote(parameter.value);
  return is_token(value) && !value.starts_with('\'') && !same(parameter.name, "username*");
}

std::string without_line_breaks(std::string text) {
  std::erase_if(text, [](char c) { return c == '\r' || c == '\n'; });
  return text;
}

// In single quotes a token is legal, and never meant so.
bool is_in_single_quotes(const StrictParameter& parameter) {
  return !parameter.quoted && parameter.value.starts_with('\'');
}

}  // namespace

void require_list(const AuthParams& list, std::string_view text) {
  std::size_t end = 0;
  for (const auto& [name, value, quoted, where] : list.parameters()) {
    require(lies_in(where, text), "a parameter lies within the text");
    require(where.offset >= end, "parameters stand one behind the other");
    end = where.offset + where.length;
    require(is_token(name), "a name is a token");
    require(name.data() == text.data() + where.offset, "a parameter begins with its name");
    const auto begin = static_cast<std::size_t>(value.data() - text.data());
    require(begin > where.offset && begin + value.size() <= end, "a value lies in its parameter");
    require(!quoted || text[begin - 1] == '"' || text[begin - 1] == '\'',
            "a quoted value stands behind a quote");
  }
}

void require_agreement(const AuthParams& list, std::string_view text, const Notations& notations,
                       const Diagnostics& diagnostics) {
  const StrictList strict{text, notations};
  if (!strict.is_legal()) {
    require(gravest(diagnostics) > Severity::note, "what is not legal is reported");
    return;
  }
  if (std::ranges::any_of(strict.parameters(), is_in_single_quotes)) return;
  require(list.parameters().size() == strict.parameters().size(),
          "of a legal list all parameters are read");
  for (std::size_t i = 0; i < strict.parameters().size(); ++i) {
    const auto& tolerant = list.parameters()[i];
    const auto& [name, value, quoted] = strict.parameters()[i];
    require(tolerant.name.data() == name.data() && tolerant.name.size() == name.size() &&
                tolerant.value == value && tolerant.quoted == quoted,
            "a legal parameter is read as it stands");
  }
  require_without(rules_of_writing, diagnostics, "what is legal is reproached with ");
}

std::vector<WrittenParameter> written_again(const AuthParams& list, bool quotes_qop) {
  std::vector<WrittenParameter> written;
  written.reserve(list.parameters().size());
  for (const auto& parameter : list.parameters()) {
    require(list.find(parameter.name) <= &parameter, "the first of a name is found");
    if (!can_be_written(parameter, quotes_qop)) continue;
    written.push_back({.name = std::string{parameter.name}, .value = unquote(parameter.value)});
  }
  return written;
}

void require_written(const AuthParams& again, const std::vector<WrittenParameter>& written,
                     const Diagnostics& diagnostics) {
  require(again.parameters().size() == written.size(), "as many parameters are read again");
  for (std::size_t i = 0; i < written.size(); ++i) {
    const auto& read = again.parameters()[i];
    require(read.name == written[i].name, "names are read again");
    require(unquote(read.value) == without_line_breaks(written[i].value), "values are read again");
  }
  // Bytes that are no UTF-8 are written as they came.
  for (const auto& [rule, where] : diagnostics.list()) {
    if (rule == RuleId{"SL-not-utf-8"}) return;
  }
  require_without(rules_of_writing, diagnostics, "what was written breaks ");
  require_without(rules_of_habit, diagnostics, "what was written breaks ");
}

}  // namespace sipauth::fuzz
