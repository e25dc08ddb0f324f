// Dates as logs write them in front of a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "sipauth/trace.hpp"

namespace sipauth::trace {

struct WrittenDate {
  std::size_t begin = 0;
  std::int16_t year = 0;  ///< 0: not written
  std::uint8_t month = 0;
  std::uint8_t day = 0;
  TraceDateOrder order = TraceDateOrder::told;
};

/// The date that ends where the time at `time` begins, but for what parts them.
[[nodiscard]] std::optional<WrittenDate> date_before(std::string_view line,
                                                     std::size_t time) noexcept;

/// A year that messages can be of, out of four digits; 0 for any other.
[[nodiscard]] std::int16_t year_of(std::string_view digits) noexcept;

}  // namespace sipauth::trace
