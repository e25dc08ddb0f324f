#include "net/uri_user.hpp"

#include "sipauth/text.hpp"

namespace sipauth::net {
namespace {

// unreserved and user-unreserved (RFC 3261 25.1).
constexpr bool is_user(char c) {
  return is_alpha(c) || is_digit(c) || std::string_view{"-_.!~*'()&=+$,;?/"}.contains(c);
}

constexpr unsigned hex_value(char c) {
  return static_cast<unsigned>(is_digit(c) ? c - '0' : lower(c) - 'a' + 10);
}

}  // namespace

std::string unescape_user(std::string_view text) {
  std::string user;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && is_hex(text[i + 1]) && is_hex(text[i + 2])) {
      user += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
      i += 2;
    } else {
      user += text[i];
    }
  }
  return user;
}

std::string escape_user(std::string_view user) {
  static constexpr std::string_view digits = "0123456789ABCDEF";
  std::string text;
  for (const char c : user) {
    if (is_user(c)) {
      text += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      text += '%';
      text += digits[byte >> 4];
      text += digits[byte & 15];
    }
  }
  return text;
}

}  // namespace sipauth::net
