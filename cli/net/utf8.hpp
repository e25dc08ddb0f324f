// UTF-8 (RFC 3629 4): what a WebSocket message must be to go out as text.
#pragma once

#include <cstddef>
#include <string_view>

namespace sipauth::net {

/// No overlong form, no surrogate, nothing above U+10FFFF.
[[nodiscard]] constexpr bool is_utf8(std::string_view text) noexcept {
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
    const auto first = byte(0);
    if (first < 0x80) {
      ++at;
      continue;
    }
    if (first < 0xc2 || first > 0xf4) return false;
    const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (text.size() - at < length) return false;
    for (std::size_t i = 1; i < length; ++i) {
      if ((byte(i) & 0xc0U) != 0x80) return false;
    }
    const auto second = byte(1);
    if ((first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f) ||
        (first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f)) {
      return false;
    }
    at += length;
  }
  return true;
}

}  // namespace sipauth::net
