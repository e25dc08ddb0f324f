// The reader behind Uri::parse, for those who meet a URI inside a longer text.
#pragma once

#include <expected>
#include <string_view>

#include "cursor.hpp"
#include "sipauth/uri.hpp"

namespace sipauth::detail {

/// Reads `text`, a part of what `report` reports about.
std::expected<Uri, ParseError> read_uri(std::string_view text, const Report& report) noexcept;

}  // namespace sipauth::detail
