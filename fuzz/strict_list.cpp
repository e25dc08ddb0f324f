#include "fuzz/strict_list.hpp"

#include <algorithm>

namespace sipauth::fuzz {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t'; }
bool is_lws(char c) { return is_blank(c) || c == '\r' || c == '\n'; }
bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}
bool is_token(char c) { return is_alphanumeric(c) || std::string_view{"-.!%*_+`'~"}.contains(c); }

bool same_letters(std::string_view a, std::string_view b) {
  const auto lower = [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  };
  return std::ranges::equal(a, b, {}, lower, lower);
}

bool holds(std::span<const std::string_view> names, std::string_view name) {
  return std::ranges::any_of(names,
                             [&](std::string_view known) { return same_letters(known, name); });
}

// How long the qdtext or quoted-pair at the front is; 0 where there is neither.
//
//   qdtext      = LWS / %x21 / %x23-5B / %x5D-7E / UTF8-NONASCII
//   quoted-pair = "\" (%x00-09 / %x0B-0C / %x0E-7F)
std::size_t length_of_one(std::string_view text) {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const unsigned first = byte(0);
  if (first == '\\') {
    return text.size() > 1 && byte(1) < 0x80 && byte(1) != '\r' && byte(1) != '\n' ? 2 : 0;
  }
  if (first == ' ' || first == '\t' || (first > 0x20 && first < 0x7f)) return 1;
  if (first == '\r') {
    return byte(1) == '\n' && text.size() > 2 && is_blank(text[2]) ? 3 : 0;
  }
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
  if (length == 0 || first > 0xf4) return 0;
  unsigned long value = first & (0xffU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0U) != 0x80U) return 0;
    value = value << 6U | (byte(i) & 0x3fU);
  }
  const bool overlong = (length == 3 && value < 0x800) || (length == 4 && value < 0x10000);
  const bool surrogate = value >= 0xd800 && value <= 0xdfff;
  return overlong || surrogate || value > 0x10ffff ? 0 : length;
}

}  // namespace

StrictList::StrictList(std::string_view text, const Notations& notations) : left_{text} {
  skip_lws();
  do {
    skip_lws();
    if (count_ == parameters_.size() || !parameter(notations)) return;
    skip_lws();
  } while (take(','));
  legal_ = left_.empty();
}

bool StrictList::parameter(const Notations& notations) {
  StrictParameter read{.name = token()};
  if (read.name.empty()) return false;
  skip_lws();
  if (!take('=')) return false;
  skip_lws();
  if (take('"')) {
    read.quoted = true;
    if (holds(notations.tokens, read.name) || !quoted_string(read)) return false;
  } else {
    read.value = token();
    if (holds(notations.quoted, read.name) || read.value.empty()) return false;
  }
  parameters_[count_++] = read;
  return true;
}

bool StrictList::quoted_string(StrictParameter& parameter) {
  std::size_t at = 0;
  while (at < left_.size() && left_[at] != '"') {
    const auto length = length_of_one(left_.substr(at));
    if (length == 0) return false;
    at += length;
  }
  if (at == left_.size()) return false;
  parameter.value = left_.substr(0, at);
  left_.remove_prefix(at + 1);
  return true;
}

bool StrictList::take(char c) {
  if (!left_.starts_with(c)) return false;
  left_.remove_prefix(1);
  return true;
}

void StrictList::skip_lws() {
  while (!left_.empty() && is_lws(left_.front())) left_.remove_prefix(1);
}

std::string_view StrictList::token() {
  std::size_t length = 0;
  while (length < left_.size() && is_token(left_[length])) ++length;
  const auto word = left_.substr(0, length);
  left_.remove_prefix(length);
  return word;
}

}  // namespace sipauth::fuzz
