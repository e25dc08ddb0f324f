#include "fuzzing/reduce.hpp"

#include <array>

#include "fuzzing/placeholders.hpp"

namespace sipauth::fuzzing {
namespace {

using Cut = std::vector<std::string> (*)(std::string_view);

// Each part ends behind one of these bytes.
std::vector<std::string> cut_behind(std::string_view text, std::string_view ends) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const auto at = text.find_first_of(ends);
    const auto size = at == std::string_view::npos ? text.size() : at + 1;
    parts.emplace_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return parts;
}

std::vector<std::string> rows(std::string_view text) { return cut_behind(text, "\n"); }
std::vector<std::string> parameters(std::string_view text) { return cut_behind(text, "\n,;"); }

constexpr auto cuts = std::to_array<Cut>({rows, parameters, pieces_of});

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const auto& part : parts) text.append(part);
  return text;
}

}  // namespace

std::string reduce_text(std::string_view text,
                        const std::function<bool(const std::string&)>& still_there,
                        const MayTry& may_try) {
  std::string smallest{text};
  for (const auto cut : cuts) {
    smallest = joined(reduce(
        cut(smallest), [&](const auto& parts) { return still_there(joined(parts)); }, may_try));
  }
  return smallest;
}

}  // namespace sipauth::fuzzing
