// Base64 as AKA needs it (RFC 4648 4).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sipauth::base64 {

[[nodiscard]] std::string encode(std::span<const unsigned char> bytes);

/// Padding may be absent or too long, and the bits behind the last whole byte may be anything:
/// cores send all of that. Any other character is nullopt.
[[nodiscard]] std::optional<std::string> decode(std::string_view text);

}  // namespace sipauth::base64
