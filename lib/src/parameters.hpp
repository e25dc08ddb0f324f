// The lists `;name=value` of URIs and headers (RFC 3261 25.1).
#pragma once

#include <optional>
#include <string_view>

#include "cursor.hpp"

namespace sipauth::detail {

struct ListedParameter {
  std::string_view text;  ///< without its semicolon
  std::string_view name;
  std::optional<std::string_view> value;
};

/// Takes one parameter off the front of `list`, which begins with a semicolon or is empty.
[[nodiscard]] std::optional<ListedParameter> next_parameter(std::string_view& list) noexcept;

/// The parameters of a header's value, up to the comma behind which the next value begins. Reports
/// what is wrong with them.
std::string_view take_header_parameters(Cursor& cursor, const Report& report) noexcept;

/// What is wrong with the parameters of a URI, beyond their characters.
void lint_uri_parameters(std::string_view list, const Report& report) noexcept;

/// One that RFC 3261 19.1.1 gives a meaning to within a URI and to no header.
[[nodiscard]] bool is_uri_parameter(std::string_view name) noexcept;

}  // namespace sipauth::detail
