#include "fuzzing/placeholders.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sipauth/text.hpp"

namespace sipauth::fuzzing {
namespace {

constexpr std::string_view opening = "{{";
constexpr std::string_view closing = "}}";

// Shorter ones may stand anywhere by chance.
constexpr std::size_t shortest_alone = 6;

std::string placeholder(const std::string& name) {
  return std::string{opening}.append(name).append(closing);
}

// One pass: what was put in is not looked at again.
std::string replaced(std::string_view text, std::string_view what, std::string_view by) {
  std::string result;
  result.reserve(text.size());
  for (;;) {
    const auto at = text.find(what);
    result.append(text.substr(0, at));
    if (at == std::string_view::npos) return result;
    result.append(by);
    text.remove_prefix(at + what.size());
  }
}

// The length of the placeholder in front of `text`; 0: there is none.
std::size_t placeholder_length(std::string_view text) {
  if (!text.starts_with(opening)) return 0;
  auto end = opening.size();
  while (end < text.size() && (is_alpha(text[end]) || text[end] == '-')) ++end;
  const bool named = end > opening.size() && text.substr(end).starts_with(closing);
  return named ? end + closing.size() : 0;
}

}  // namespace

std::string with_placeholders(std::string_view text, FreshValues values) {
  std::ranges::stable_sort(values, std::ranges::greater{},
                           [](const FreshValue& fresh) { return fresh.value.size(); });
  std::string result{text};
  for (const auto& [name, value, before] : values) {
    if (value.empty() || before.size() + value.size() < shortest_alone) continue;
    result = replaced(result, fmt::format("{}{}", before, value),
                      fmt::format("{}{}", before, placeholder(name)));
  }
  return result;
}

std::string with_values(std::string_view text, const FreshValues& values) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const auto at = std::min(text.find(opening), text.size());
    result.append(text.substr(0, at));
    text.remove_prefix(at);
    const auto length = placeholder_length(text);
    const auto name = length == 0
                          ? std::string_view{}
                          : text.substr(opening.size(), length - opening.size() - closing.size());
    const auto fresh = std::ranges::find(values, name, &FreshValue::name);
    const auto step = length == 0 ? std::min<std::size_t>(1, text.size()) : length;
    result.append(fresh == values.end() ? text.substr(0, step) : fresh->value);
    text.remove_prefix(step);
  }
  return result;
}

std::vector<std::string> pieces_of(std::string_view text) {
  std::vector<std::string> pieces;
  pieces.reserve(text.size());
  while (!text.empty()) {
    const auto length = std::max<std::size_t>(1, placeholder_length(text));
    pieces.emplace_back(text.substr(0, length));
    text.remove_prefix(length);
  }
  return pieces;
}

}  // namespace sipauth::fuzzing
