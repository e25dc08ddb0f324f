#include "base64.hpp"

#include <cstdint>

namespace sipauth::base64 {
namespace {

constexpr std::string_view digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

}  // namespace

std::string encode(std::span<const unsigned char> bytes) {
  std::string text;
  std::uint32_t bits = 0;
  unsigned waiting = 0;
  for (const auto byte : bytes) {
    bits = bits << 8 | byte;
    for (waiting += 8; waiting >= 6;) {
      waiting -= 6;
      text += digits[bits >> waiting & 0x3f];
    }
  }
  if (waiting > 0) text += digits[bits << (6 - waiting) & 0x3f];
  while (text.size() % 4 != 0) text += '=';
  return text;
}

std::optional<std::string> decode(std::string_view text) {
  text = text.substr(0, text.find_last_not_of('=') + 1);
  std::string bytes;
  std::uint32_t bits = 0;
  unsigned waiting = 0;
  for (const char c : text) {
    const auto digit = digits.find(c);
    if (digit == digits.npos) return std::nullopt;
    bits = bits << 6 | static_cast<std::uint32_t>(digit);
    waiting += 6;
    if (waiting < 8) continue;
    waiting -= 8;
    bytes += static_cast<char>(bits >> waiting & 0xff);
  }
  return bytes;
}

}  // namespace sipauth::base64
