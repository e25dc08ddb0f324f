#include "commands/suggest.hpp"

#include <algorithm>
#include <vector>

#include "registrar/profile.hpp"
#include "sipauth/text.hpp"

namespace sipauth::commands {
namespace {

std::string lowered(std::string_view text) {
  std::string result{text};
  std::ranges::transform(result, result.begin(), lower);
  return result;
}

}  // namespace

std::string did_you_mean(std::string_view typed, std::span<const std::string_view> names) {
  std::vector<std::string> lowered_names(names.size());
  std::ranges::transform(names, lowered_names.begin(), lowered);
  const std::vector<std::string_view> views{lowered_names.begin(), lowered_names.end()};
  const auto nearest = registrar::nearest_name(lowered(typed), views);
  if (nearest.empty()) return {};
  const auto row = std::ranges::find(views, nearest) - views.begin();
  return " Did you mean " + std::string{names[static_cast<std::size_t>(row)]} + "?";
}

}  // namespace sipauth::commands
