#include "explain_change.hpp"

#include <algorithm>

#include "sipauth/address.hpp"
#include "sipauth/secret.hpp"
#include "sipauth/text.hpp"
#include "sipauth/uri.hpp"

namespace sipauth::explain {
namespace {

char to_upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c & ~0x20) : c; }
char to_other_case(char c) { return is_alpha(c) ? static_cast<char>(c ^ 0x20) : c; }

std::string mapped(std::string_view text, char (*change)(char)) {
  std::string other{text};
  std::ranges::transform(other, other.begin(), change);
  return other;
}

int nibble(char c) { return is_digit(c) ? c - '0' : lower(c) - 'a' + 10; }

constexpr CharacterSet unreserved{"-._~"};

}  // namespace

void with(const Candidate& candidate, Text member, std::string_view value, Sink& sink) {
  if (candidate.input.*member == value) return;
  Candidate other = candidate;
  other.input.*member = value;
  sink.take(other, value);
}

void with_password(const Candidate& candidate, std::string value, Sink& sink) {
  if (!is_hashed(candidate) && candidate.input.password != value) {
    Candidate other = candidate;
    other.input.password = value;
    sink.take(other, {});
  }
  wipe_memory(value.data(), value.size());
}

void with_unhashed(const Candidate& candidate, Text member, std::string_view value, Sink& sink) {
  if (!is_hashed(candidate)) with(candidate, member, value, sink);
}

std::string lower_case(std::string_view text) { return mapped(text, lower); }
std::string upper_case(std::string_view text) { return mapped(text, to_upper); }
std::string swapped_case(std::string_view text) { return mapped(text, to_other_case); }

std::string percent_decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '%' && at + 2 < text.size() && is_hex(text[at + 1]) && is_hex(text[at + 2])) {
      decoded += static_cast<char>(nibble(text[at + 1]) << 4 | nibble(text[at + 2]));
      at += 2;
    } else {
      decoded += text[at];
    }
  }
  return decoded;
}

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    if (unreserved(c)) {
      encoded += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    encoded += '%';
    encoded += digits[byte >> 4];
    encoded += digits[byte & 0xf];
  }
  return encoded;
}

std::optional<std::string> latin1_of(std::string_view text) {
  std::string latin1;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x80) {
      latin1 += text[i];
      continue;
    }
    if ((byte != 0xc2 && byte != 0xc3) || i + 1 == text.size()) return std::nullopt;
    const auto next = static_cast<unsigned char>(text[++i]);
    if ((next & 0xc0) != 0x80) return std::nullopt;
    latin1 += static_cast<char>((byte & 0x03) << 6 | (next & 0x3f));
  }
  return latin1;
}

std::optional<std::string> utf8_of_latin1(std::string_view text) {
  if (std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) >= 0x80; })) {
    return std::nullopt;
  }
  std::string utf8;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      utf8 += c;
    } else {
      utf8 += static_cast<char>(0xc0 | byte >> 6);
      utf8 += static_cast<char>(0x80 | (byte & 0x3f));
    }
  }
  return utf8;
}

std::string in_quotes(std::string_view text) {
  std::string quoted{'"'};
  return quoted.append(text).append(1, '"');
}

std::string_view host_of(std::string_view uri) {
  Diagnostics ignored;
  const auto read = Uri::parse(uri, ignored);
  return read ? read->host : std::string_view{};
}

std::string_view uri_of(std::string_view name_addr) {
  Diagnostics ignored;
  const auto address = NameAddr::parse(name_addr, ignored);
  return address ? address->uri.text : std::string_view{};
}

std::string_view user_of(std::string_view name_addr) {
  Diagnostics ignored;
  const auto address = NameAddr::parse(name_addr, ignored);
  return address ? address->uri.user : std::string_view{};
}

}  // namespace sipauth::explain
