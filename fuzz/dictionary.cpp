#include "fuzz/dictionary.hpp"

namespace sipauth::fuzz {
namespace {

// A backslash and a quote have escapes of their own; as \xNN any engine reads them.
constexpr bool is_plain(char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; }

}  // namespace

std::string dictionary_text(std::span<const std::string_view> words) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string text;
  for (const auto word : words) {
    text += '"';
    for (const char c : word) {
      if (is_plain(c)) {
        text += c;
        continue;
      }
      const auto byte = static_cast<unsigned char>(c);
      text += "\\x";
      text += digits[byte >> 4U];
      text += digits[byte & 0xfU];
    }
    text += "\"\n";
  }
  return text;
}

}  // namespace sipauth::fuzz
