#include "results/escape.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "sipauth/text.hpp"

namespace sipauth::results {
namespace {

struct CodePoint {
  char32_t value = 0;
  std::size_t length = 1;  ///< in bytes; 1 for a byte that begins nothing whole
  bool valid = false;
};

struct Range {
  char32_t first = 0;
  char32_t last = 0;
};

// What takes no room or turns the direction of what stands around it, in rising order.
constexpr auto invisible = std::to_array<Range>({
    {0x00ad, 0x00ad},    // soft hyphen
    {0x034f, 0x034f},    // combining grapheme joiner
    {0x061c, 0x061c},    // Arabic letter mark
    {0x115f, 0x1160},    // Hangul fillers
    {0x17b4, 0x17b5},    // Khmer inherent vowels
    {0x180b, 0x180f},    // Mongolian selectors and vowel separator
    {0x200b, 0x200f},    // zero-width space and joiners, direction marks
    {0x2028, 0x202e},    // line and paragraph separator, embeddings and overrides
    {0x2060, 0x206f},    // word joiner, invisible operators, isolates, deprecated format characters
    {0x3164, 0x3164},    // Hangul filler
    {0xfe00, 0xfe0f},    // variation selectors
    {0xfeff, 0xfeff},    // byte order mark
    {0xffa0, 0xffa0},    // halfwidth Hangul filler
    {0xfff0, 0xfffb},    // unassigned invisibles, interlinear annotation
    {0x1bca0, 0x1bca3},  // shorthand format controls
    {0x1d173, 0x1d17a},  // musical format characters
    {0xe0000, 0xe0fff},  // tags, further variation selectors
});

constexpr bool is_invisible(char32_t value) {
  const auto row = std::ranges::lower_bound(invisible, value, {}, &Range::last);
  return row != invisible.end() && row->first <= value;
}

constexpr bool is_c0_or_delete(char32_t value) { return value < 0x20 || value == 0x7f; }
constexpr bool is_c1(char32_t value) { return value >= 0x80 && value < 0xa0; }

constexpr std::uint8_t byte_at(std::string_view text, std::size_t at) {
  return static_cast<std::uint8_t>(text[at]);
}

constexpr CodePoint decode(std::string_view text, std::size_t at) {
  const auto first = byte_at(text, at);
  const auto length = utf8_length(text.substr(at));
  if (length == 0) return {first};
  if (length == 1) return {first, 1, true};
  char32_t value = first & (0x7fU >> length);
  for (std::size_t i = 1; i < length; ++i) value = (value << 6U) | (byte_at(text, at + i) & 0x3fU);
  return {value, length, true};
}

constexpr std::string_view digits = "0123456789ABCDEF";

void append_bytes(std::string& out, std::string_view bytes) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    out += "\\x";
    out += digits[byte_at(bytes, i) >> 4U];
    out += digits[byte_at(bytes, i) & 0xfU];
  }
}

void append_code_point(std::string& out, char32_t value) {
  out += "\\u{";
  unsigned shift = 12;
  while (shift < 20 && (value >> (shift + 4)) != 0) shift += 4;
  for (;; shift -= 4) {
    out += digits[(value >> shift) & 0xfU];
    if (shift == 0) break;
  }
  out += '}';
}

void append_for_terminal(std::string& out, const CodePoint& point, std::string_view bytes) {
  if (!point.valid || is_c0_or_delete(point.value) || is_c1(point.value)) {
    append_bytes(out, bytes);
  } else if (is_invisible(point.value)) {
    append_code_point(out, point.value);
  } else {
    out += bytes;
  }
}

template <typename Append>
std::string each_code_point(std::string_view text, const Append& append) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  for (std::size_t at = 0; at < text.size();) {
    const auto point = decode(text, at);
    append(out, point, text.substr(at, point.length));
    at += point.length;
  }
  return out;
}

}  // namespace

std::string for_terminal(std::string_view peer_text) {
  return each_code_point(peer_text, [](auto& out, const auto& point, auto bytes) {
    if (bytes == "\\") out += '\\';
    append_for_terminal(out, point, bytes);
  });
}

std::string sentence_for_terminal(std::string_view sentence) {
  return each_code_point(sentence, append_for_terminal);
}

std::string message_for_terminal(std::string_view message) {
  std::string out;
  out.reserve(message.size() + message.size() / 8);
  while (!message.empty()) {
    const auto end = std::min(message.find_first_of("\r\n"), message.size());
    out += for_terminal(message.substr(0, end));
    message.remove_prefix(end);
    if (message.empty()) break;
    const bool whole = message.starts_with("\r\n");
    if (!whole) append_bytes(out, message.substr(0, 1));
    out += '\n';
    message.remove_prefix(whole ? 2 : 1);
  }
  return out;
}

std::string ascii_only(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (byte_at(text, i) < 0x80) {
      out += text[i];
    } else {
      append_bytes(out, text.substr(i, 1));
    }
  }
  return out;
}

std::string for_json(std::string_view peer_text) {
  return each_code_point(peer_text, [](auto& out, const auto& point, auto bytes) {
    if (!point.valid) {
      out += "\xef\xbf\xbd";  // U+FFFD
    } else if (point.value == 0x7f || is_c1(point.value) || is_invisible(point.value)) {
      append_code_point(out, point.value);
    } else {
      out += bytes;
    }
  });
}

}  // namespace sipauth::results
