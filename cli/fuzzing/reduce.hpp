// Delta debugging (Zeller and Hildebrandt, 2002): what can be left out while a trouble stays.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace sipauth::fuzzing {

/// Asked before each try, and counts it: false ends the search with the best so far.
using MayTry = std::function<bool()>;

/// The parts that are needed for `still_there`, which holds for all of them. Some that are not
/// needed stay when `may_try` ends it early.
template <typename Part, typename StillThere>
[[nodiscard]] std::vector<Part> reduce(std::vector<Part> parts, const StillThere& still_there,
                                       const MayTry& may_try) {
  std::size_t chunks = 2;
  while (parts.size() >= 2) {
    const auto size = (parts.size() + chunks - 1) / chunks;
    bool smaller = false;
    for (std::size_t begin = 0; begin < parts.size(); begin += size) {
      const auto end = std::min(begin + size, parts.size());
      const auto first = parts.begin() + static_cast<std::ptrdiff_t>(begin);
      const auto last = parts.begin() + static_cast<std::ptrdiff_t>(end);
      std::vector<Part> rest{parts.begin(), first};
      rest.insert(rest.end(), last, parts.end());
      if (!may_try()) return parts;
      if (!still_there(rest)) continue;
      parts = std::move(rest);
      chunks = std::max<std::size_t>(chunks - 1, 2);
      smaller = true;
      break;
    }
    if (smaller) continue;
    if (chunks >= parts.size()) break;
    chunks = std::min(chunks * 2, parts.size());
  }
  return parts;
}

/// The same of a message: whole rows first, then what stands between commas and semicolons, then
/// single bytes and placeholders (fuzzing/placeholders.hpp).
[[nodiscard]] std::string reduce_text(std::string_view text,
                                      const std::function<bool(const std::string&)>& still_there,
                                      const MayTry& may_try);

}  // namespace sipauth::fuzzing
