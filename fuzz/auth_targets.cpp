#include "fuzz/auth_targets.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "fuzz/oracle.hpp"
#include "sipauth/authentication_info.hpp"
#include "sipauth/challenge.hpp"
#include "sipauth/credentials.hpp"
#include "sipauth/write.hpp"

namespace sipauth::fuzz {
namespace {

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
    require(list.find(name) <= &*std::ranges::find_if(
                                   list.parameters(),
                                   [&](const Parameter& other) { return &other.name == &name; }),
            "the first of a name is found");
  }
}

// What a list that we wrote ourselves must never be reproached with.
constexpr auto rules_of_writing = std::to_array<RuleId>({
    "SL-missing-comma",    "SL-semicolon",           "SL-empty-element",      "SL-not-a-parameter",
    "SL-text-after-value", "SL-merged-challenges",   "SL-merged-credentials", "SL-open-string",
    "SL-single-quotes",    "SL-unquoted-string",     "SL-unquoted-qop",       "SL-unquoted-opaque",
    "SL-unquoted-domain",  "SL-quoted-stale",        "SL-quoted-algorithm",   "SL-quoted-qop",
    "SL-quoted-nc",        "SL-quoted-extension",    "SL-quoted-ext-value",   "SL-empty-value",
    "SL-not-a-token",      "SL-line-break-in-value", "SL-control-in-value",   "SL-fold-in-value",
});

// What cannot be said without quotes is left out where quotes are wrong.
bool can_be_written(const Parameter& parameter, bool quotes_qop) {
  constexpr auto never_quoted = std::to_array<std::string_view>(
      {"stale", "algorithm", "nc", "userhash", "charset", "username*", "qop"});
  const bool bare = std::ranges::any_of(
      never_quoted, [&](std::string_view name) { return same(name, parameter.name); });
  if (!bare || (quotes_qop && same(parameter.name, "qop"))) return true;
  return is_token(unquote(parameter.value)) && !same(parameter.name, "username*");
}

std::string without_line_breaks(std::string text) {
  std::erase_if(text, [](char c) { return c == '\r' || c == '\n'; });
  return text;
}

// Writing a reading and reading it again gives the same list, cleanly written.
template <typename List>
void require_round_trip(const List& list, bool quotes_qop, auto write) {
  std::vector<WrittenParameter> written;
  for (const auto& parameter : list.parameters()) {
    if (!can_be_written(parameter, quotes_qop)) continue;
    written.push_back({.name = std::string{parameter.name}, .value = unquote(parameter.value)});
  }
  const std::string text = write(written);
  if (text.size() > limits::message_bytes || written.empty()) return;

  Diagnostics diagnostics;
  const auto again = List::parse(text, diagnostics);
  require(again.has_value(), "what was written can be read");
  require(again->parameters().size() == written.size(), "as many parameters are read again");
  for (std::size_t i = 0; i < written.size(); ++i) {
    const auto& read = again->parameters()[i];
    require(read.name == written[i].name, "names are read again");
    require(unquote(read.value) == without_line_breaks(written[i].value), "values are read again");
  }
  for (const auto rule : rules_of_writing) {
    if (diagnostics.has(rule)) {
      throw OracleViolation{"what was written breaks " + std::string{rule->name}};
    }
  }
}

// One more parameter behind the last changes nothing before it.
template <typename List>
void require_undisturbed(const List& list, std::string_view text, const Diagnostics& diagnostics) {
  constexpr std::string_view more = ",zz=1";
  if (list.parameters().size() == AuthParams::max_parameters || diagnostics.dropped() > 0 ||
      text.size() + more.size() > limits::message_bytes || diagnostics.has("SL-open-string") ||
      diagnostics.has("SL-merged-challenges") || diagnostics.has("SL-merged-credentials")) {
    return;
  }
  const auto longer = std::string{text} + std::string{more};
  Diagnostics unused;
  const auto again = List::parse(longer, unused);
  require(again.has_value(), "a further parameter can be read");
  require(again->parameters().size() == list.parameters().size() + 1,
          "a further parameter is one more");
  for (std::size_t i = 0; i < list.parameters().size(); ++i) {
    require(again->parameters()[i].value == list.parameters()[i].value,
            "a further parameter changes none before it");
  }
}

template <typename List>
void require_readings_hold(const List& list, std::string_view text,
                           const Diagnostics& diagnostics) {
  require_within(diagnostics, text);
  require_list(list, text);
  require_undisturbed(list, text, diagnostics);
}

}  // namespace

void challenge(std::string_view input) {
  std::optional<std::size_t> offset = 0;
  while (offset) {
    Diagnostics diagnostics;
    const auto read = Challenge::parse(input, *offset, diagnostics);
    require_within(diagnostics, input);
    if (!read) {
      require_within(read.error(), input);
      return;
    }
    require(is_token(read->scheme()) && lies_in(read->scheme(), input), "a scheme is a token");
    require(read->stale().has_value() == (read->find("stale") != nullptr), "stale is there or not");
    if (*offset == 0) require_readings_hold(*read, input, diagnostics);
    require_round_trip(*read, true, [&](const auto& parameters) {
      return write_challenge(parameters, {}, read->scheme());
    });
    const auto next = read->next_challenge();
    require(!next || (*next > *offset && *next < input.size()), "the next challenge lies ahead");
    require(!next || diagnostics.has("SL-merged-challenges") || diagnostics.dropped() > 0,
            "a merged challenge is reported");
    offset = next;
  }
}

void credentials(std::string_view input) {
  Diagnostics diagnostics;
  const auto read = Credentials::parse(input, diagnostics);
  require_within(diagnostics, input);
  if (!read) {
    require_within(read.error(), input);
    return;
  }
  require_readings_hold(*read, input, diagnostics);
  require_round_trip(*read, false, [&](const auto& parameters) {
    return write_credentials(parameters, {}, read->scheme());
  });
}

void authentication_info(std::string_view input) {
  Diagnostics diagnostics;
  const auto read = AuthenticationInfo::parse(input, diagnostics);
  require_within(diagnostics, input);
  if (!read) {
    require_within(read.error(), input);
    return;
  }
  require_readings_hold(*read, input, diagnostics);
  require_round_trip(*read, false,
                     [&](const auto& parameters) { return write_authentication_info(parameters); });
}

}  // namespace sipauth::fuzz
