// Searching bytes, several at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "sipauth/text.hpp"

namespace sipauth::detail {

/// The first C0 control or DEL at or behind `begin`; the size of the text when there is none. Looks
/// at eight bytes at once, since a long value without any is the usual case.
inline std::size_t find_control(std::string_view text, std::size_t begin = 0) noexcept {
  constexpr std::uint64_t ones = 0x0101'0101'0101'0101;
  constexpr std::uint64_t high_bits = ones * 0x80;
  auto at = begin;
  for (; at + sizeof(std::uint64_t) <= text.size(); at += sizeof(std::uint64_t)) {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, text.data() + at, sizeof bytes);
    const auto delete_is_zero = bytes ^ (ones * 0x7f);
    const auto below_space = (bytes - ones * 0x20) & ~bytes & high_bits;
    const auto is_delete = (delete_is_zero - ones) & ~delete_is_zero & high_bits;
    if ((below_space | is_delete) != 0) break;
  }
  while (at < text.size() && !is_control(text[at])) ++at;
  return at;
}

}  // namespace sipauth::detail
