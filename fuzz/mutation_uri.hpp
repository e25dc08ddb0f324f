// What the tables for URIs and for the headers that hold them share.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "fuzz/mutation_list.hpp"

namespace sipauth::fuzz {

/// The list of `;name=value` at the end: from the first semicolon behind the bracket, if any.
[[nodiscard]] std::string_view semicolon_parameters(std::string_view text);

/// The parameter of that list with one of these notations; added where there is none, and now and
/// then where there is one.
[[nodiscard]] std::string with_notation(std::string_view text, Random& random,
                                        const Spellings& spellings);

template <const Spellings& spellings>
std::string with_parameter(std::string_view text, Random& random) {
  return with_notation(text, random, spellings);
}

struct HostPort {
  std::string_view host;
  std::string_view port;  ///< with its colon
};

/// What stands from `begin` to the first delimiter.
[[nodiscard]] HostPort host_port_at(std::string_view text, std::size_t begin);

std::string with_an_odd_end(std::string_view text, Random& random);
std::string made_long(std::string_view text, Random& random);

inline constexpr auto odd_hosts = std::to_array<std::string_view>(
    {"",
     "[::1]",
     "[::1",
     "::1",
     "[]",
     "[",
     "]",
     "[::ffff:192.0.2.1]",
     "[fe80::1%25eth0]",
     "[2001:db8:::1]",
     "[:::::::::::]",
     "256.256.256.256",
     "1.2.3",
     "0",
     "0x7f.1",
     "127.1",
     "a..b",
     ".a",
     "a.",
     "-a",
     "a_b",
     "caf\xc3\xa9.example",
     "a b",
     "%61",
     "%",
     "localhost",
     "a/b",
     "a,b",
     "255.255.255.255",
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example"});

inline constexpr Spellings ttl_parameter{"ttl", odd_numbers};
inline constexpr Spellings maddr_parameter{"maddr", odd_hosts};

}  // namespace sipauth::fuzz
