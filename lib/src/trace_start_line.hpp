// Start lines that are written wrongly, so that no look at the line alone tells them from prose.
#pragma once

#include <optional>
#include <string_view>

#include "trace_lines.hpp"

namespace sipauth::trace {

/// A start line with a wrong version, status, method or Request-URI: taken for one only where
/// header rows of SIP follow at once, behind what stands in front of it too.
[[nodiscard]] std::optional<StartLine> find_wrong_start_line(std::string_view input,
                                                             const Line& line) noexcept;

/// A right start line or a wrong one.
[[nodiscard]] std::optional<StartLine> start_line_at(std::string_view input,
                                                     const Line& line) noexcept;

/// A row of a header that SIP knows by its name, compact or not.
[[nodiscard]] bool is_known_header(std::string_view row) noexcept;

}  // namespace sipauth::trace
