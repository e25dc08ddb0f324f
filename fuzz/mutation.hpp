// Damage that keeps a text's structure: what a parser meets when the other side is nearly right.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/random.hpp"

namespace sipauth::fuzz {

/// How far the damage to a list of parameters reaches.
enum class Reach : std::uint8_t {
  text,       ///< anywhere
  parameter,  ///< one parameter at most; all others are read as before
  layout,     ///< none: what stands between them, or their order
};

/// One way to damage a text.
struct Mutation {
  std::string_view name;   ///< as reports call it: "comma-removed"
  std::string_view about;  ///< one phrase
  /// The damaged text; the same text where there is nothing to damage. It takes any bytes, and adds
  /// at most `most_added` to them or makes them as many again.
  std::string (*apply)(std::string_view text, Random& random);
  Reach reach = Reach::text;
};

inline constexpr std::size_t most_added = std::size_t{256} << 10U;

/// Of the value of a WWW-Authenticate or Proxy-Authenticate header, with its scheme.
[[nodiscard]] std::span<const Mutation> challenge_mutations() noexcept;

/// Of the value of an Authorization or Proxy-Authorization header, with its scheme.
[[nodiscard]] std::span<const Mutation> credentials_mutations() noexcept;

/// Of the value of an Authentication-Info header.
[[nodiscard]] std::span<const Mutation> authentication_info_mutations() noexcept;

/// Of a SIP URI.
[[nodiscard]] std::span<const Mutation> uri_mutations() noexcept;

/// Of the value of a From, To or Contact header; its URI is damaged by the table above as well.
[[nodiscard]] std::span<const Mutation> name_addr_mutations() noexcept;

[[nodiscard]] std::span<const Mutation> via_mutations() noexcept;
[[nodiscard]] std::span<const Mutation> cseq_mutations() noexcept;

/// Of a whole message; its headers are damaged by the tables above as well, under the same names.
[[nodiscard]] std::span<const Mutation> message_mutations() noexcept;

struct Mutated {
  std::string text;
  std::string_view name = {};  ///< of the mutation; empty when none found anything to damage
};

/// Exactly one mutation of the table, drawn by `random`, that changes the text and keeps it within
/// `most_bytes`. A bounded number of them is tried.
[[nodiscard]] Mutated mutate(std::span<const Mutation> table, std::string_view text, Random& random,
                             std::size_t most_bytes);

struct MutatedOften {
  std::string text;
  std::vector<std::string_view> names = {};  ///< in the order in which they were applied
};

inline constexpr std::size_t most_stacked = 3;

/// One mutation more often than not, else two or three, one on top of the other.
[[nodiscard]] MutatedOften mutate_often(std::span<const Mutation> table, std::string_view text,
                                        Random& random, std::size_t most_bytes);

}  // namespace sipauth::fuzz
