#include "fuzz/dictionary_file.hpp"

#include <string_view>

namespace sipauth::fuzz {
namespace {

void append_escaped(std::string& text, char c) {
  constexpr std::string_view digits = "0123456789abcdef";
  if (c >= ' ' && c <= '~' && c != '"' && c != '\\') {
    text += c;
    return;
  }
  const auto byte = static_cast<unsigned char>(c);
  text += "\\x";
  text += digits[byte >> 4U];
  text += digits[byte & 0xfU];
}

}  // namespace

std::string dictionary_file(std::span<const std::string_view> words) {
  std::string text;
  for (const auto word : words) {
    if (word.empty()) continue;  // libFuzzer refuses a file with one
    text += '"';
    for (const char c : word) append_escaped(text, c);
    text += "\"\n";
  }
  return text;
}

}  // namespace sipauth::fuzz
