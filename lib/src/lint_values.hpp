// Readers of the values that have no type of their own (RFC 3261 20 and 25.1).
#pragma once

#include <cstdint>
#include <expected>
#include <string_view>

#include "sipauth/diagnostic.hpp"

namespace sipauth {

/// What is left of a value behind the part that was read.
using Left = std::expected<std::string_view, ParseError>;

inline constexpr std::uint32_t most_seconds = 0xffff'ffff;  // RFC 3261 20.19

/// callid = word ["@" word]
Left read_call_id(std::string_view text, Diagnostics& diagnostics) noexcept;

/// Tokens with commas between them, or nothing: methods, option-tags.
Left read_words(std::string_view text, Diagnostics& diagnostics) noexcept;

/// product / comment, with blanks between them
Left read_products(std::string_view text, Diagnostics& diagnostics) noexcept;

/// SIP-date, in GMT
Left read_date(std::string_view text, Diagnostics& diagnostics) noexcept;

/// m-type SLASH m-subtype *(SEMI m-parameter)
Left read_media_type(std::string_view text, Diagnostics& diagnostics) noexcept;

/// delta-seconds [comment] *(SEMI retry-param)
Left read_retry_after(std::string_view text, Diagnostics& diagnostics) noexcept;

}  // namespace sipauth
