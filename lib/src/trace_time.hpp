// Points in time as logs write them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace sipauth::trace {

struct WrittenTime {
  std::string_view text = {};     ///< with its date if there is one
  std::int64_t microseconds = 0;  ///< since 1970 when the date has a year, else since midnight
};

/// The first `12:34:56` of a line, with fraction and date.
[[nodiscard]] std::optional<WrittenTime> find_time(std::string_view line) noexcept;

}  // namespace sipauth::trace
