// Points in time as logs write them.
#pragma once

#include <optional>
#include <string_view>

#include "sipauth/trace.hpp"

namespace sipauth::trace {

struct WrittenTime {
  std::string_view text = {};  ///< with its date and zone if there are
  TraceMoment moment = {};
};

/// The first `12:34:56` of a line, with fraction, AM or PM, date and zone; or seconds since 1970,
/// with a fraction so that they are no other number.
[[nodiscard]] std::optional<WrittenTime> find_time(std::string_view line) noexcept;

}  // namespace sipauth::trace
