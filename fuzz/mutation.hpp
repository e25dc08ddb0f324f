// Damage that keeps a text's structure: what a parser meets when the other side is nearly right.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "fuzz/random.hpp"

namespace sipauth::fuzz {

/// One way to damage a text.
struct Mutation {
  std::string_view name;   ///< as reports call it: "comma-removed"
  std::string_view about;  ///< one phrase
  /// The damaged text; the same text where there is nothing to damage.
  std::string (*apply)(std::string_view text, Random& random);
};

/// Of the value of a WWW-Authenticate or Proxy-Authenticate header, with its scheme.
[[nodiscard]] std::span<const Mutation> challenge_mutations() noexcept;

/// Of the value of an Authorization or Proxy-Authorization header, with its scheme.
[[nodiscard]] std::span<const Mutation> credentials_mutations() noexcept;

/// Of a whole message; an authentication header in it is damaged by the two tables above as well.
[[nodiscard]] std::span<const Mutation> message_mutations() noexcept;

struct Mutated {
  std::string text;
  std::string_view name = {};  ///< of the mutation; empty when none found anything to damage
};

/// One mutation of the table, drawn by `random`, that changes the text and keeps it within
/// `most_bytes`. A bounded number of them is tried.
[[nodiscard]] Mutated mutate(std::span<const Mutation> table, std::string_view text, Random& random,
                             std::size_t most_bytes);

}  // namespace sipauth::fuzz
