// What mutations are made of: texts that are cut and put together, and lists to draw from.
#pragma once

#include <array>
#include <cstddef>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

#include "fuzz/random.hpp"

namespace sipauth::fuzz {

using Texts = std::span<const std::string_view>;

/// One of them; empty when there is none.
[[nodiscard]] std::string_view drawn(Texts texts, Random& random);

[[nodiscard]] std::string joined(std::initializer_list<std::string_view> parts);

/// `text` with `with` in the place of `part`, which lies in it.
[[nodiscard]] std::string replaced(std::string_view text, std::string_view part,
                                   std::string_view with);

/// Offsets beyond the end are the end.
[[nodiscard]] std::string inserted(std::string_view text, std::size_t offset,
                                   std::string_view what);

/// Somewhere in it, or at one of its ends.
[[nodiscard]] std::string inserted_anywhere(std::string_view text, std::string_view what,
                                            Random& random);

/// Where numbers overflow, wrap or are read as something else.
inline constexpr auto odd_numbers =
    std::to_array<std::string_view>({"0",
                                     "00000000000000000001",
                                     "255",
                                     "256",
                                     "65535",
                                     "65536",
                                     "2147483647",
                                     "2147483648",
                                     "4294967295",
                                     "4294967296",
                                     "4294967328",
                                     "9223372036854775807",
                                     "9223372036854775808",
                                     "18446744073709551615",
                                     "18446744073709551616",
                                     "1234567890123456789012345678901234567890",
                                     "-1",
                                     "-2147483648",
                                     "+1",
                                     "1e9",
                                     "0x10",
                                     "1.5",
                                     "1 2",
                                     " ",
                                     "",
                                     "\xd9\xa1"});

/// Bytes that end, split or are not part of a text, each as it may lie in a header.
inline constexpr auto odd_bytes = std::to_array<std::string_view>({std::string_view{"\0", 1},
                                                                   "\x01",
                                                                   "\t",
                                                                   "\n",
                                                                   "\r",
                                                                   "\r\n",
                                                                   "\r\n ",
                                                                   "\x1b[2J",
                                                                   "\x7f",
                                                                   "\x80",
                                                                   "\xff",
                                                                   "\xc3",
                                                                   "\xc0\xaf",
                                                                   "\xed\xa0\x80",
                                                                   "\xf4\x90\x80\x80",
                                                                   "\xc3\xa9",
                                                                   "\xef\xbb\xbf",
                                                                   "\xe2\x80\xae",
                                                                   "\"",
                                                                   "\\",
                                                                   "'",
                                                                   ",",
                                                                   ";",
                                                                   "=",
                                                                   "<",
                                                                   ">",
                                                                   "%",
                                                                   "(",
                                                                   " "});

inline constexpr auto format_strings = std::to_array<std::string_view>(
    {"%n%s%n%s", "%08x.%08x", "%999999d", "$(id)", "${jndi:x}", "{0}", "../../x", "' OR '1'='1"});

/// How long a value may become at once.
inline constexpr auto odd_lengths =
    std::to_array<std::size_t>({1, 32, 64, 127, 128, 255, 256, 257, 1'024, 4'096, 8'192, 65'000});

[[nodiscard]] std::size_t drawn_length(Random& random, std::size_t most = odd_lengths.back());

// --- Rows that any table may have. ---

std::string cut_short(std::string_view text, Random& random);
std::string with_an_odd_byte(std::string_view text, Random& random);
std::string with_a_byte_changed(std::string_view text, Random& random);
std::string with_a_run_repeated(std::string_view text, Random& random);
std::string with_a_format_string(std::string_view text, Random& random);

}  // namespace sipauth::fuzz
