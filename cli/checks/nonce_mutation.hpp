// Nonces that the registrar never issued, made from one that it did.
//
// Where in the nonce something changes decides which test of the registrar sees it first: many look
// at an embedded time before they look at the MAC.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sip/random.hpp"

namespace sipauth::checks {

enum class Mutation : std::uint8_t {
  random,        ///< every character another of its own class
  broken_mac,    ///< the first third, or the digits up to a separator, kept; the rest random
  flip_quarter,  ///< one bit of one character
  flip_half,
  flip_three_quarters,
  extended,        ///< one character more
  cut,             ///< one character less
  last_character,  ///< the last base64 character, whose low bits may be padding
  other_case,
  zero,  ///< "0"
  empty,
};

/// What is done, for people: `all random`, `time kept, the rest random` ...
[[nodiscard]] std::string_view mutation_name(Mutation mutation);

/// May be the same text where nothing can change (the case of digits): leave such a variant out.
[[nodiscard]] std::string mutate(std::string_view nonce, Mutation mutation, sip::Random& random);

/// Hexadecimal throughout, but for separators.
[[nodiscard]] bool looks_hexadecimal(std::string_view nonce);

}  // namespace sipauth::checks
