// One mutated message of a run: drawn from the seed and its number alone, so that a run can be
// repeated and a case be told by its number.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "fuzzing/placeholders.hpp"

namespace sipauth::fuzzing {

/// A message that its peer must understand, and what in it is fresh.
struct ValidMessage {
  std::string text;
  FreshValues fresh;
};

struct Case {
  std::uint64_t number = 0;
  std::string text;      ///< with placeholders
  std::string mutation;  ///< `Authorization: comma-removed`; two are joined by ` + `
};

/// Half of the cases damage the authentication headers, where there are any; the others damage
/// another header or the whole message. One in four is damaged twice. `most_bytes` bounds the text.
[[nodiscard]] Case draw_case(std::uint64_t number, std::uint64_t seed, const ValidMessage& valid,
                             std::size_t most_bytes);

/// The seed of what else is random about case `number`.
[[nodiscard]] std::uint64_t seed_of_case(std::uint64_t number, std::uint64_t seed) noexcept;

}  // namespace sipauth::fuzzing
