// Damage for the value of any header, and for any text: what needs no grammar.
#pragma once

#include <span>

#include "fuzz/mutation.hpp"

namespace sipauth::fuzzing {

[[nodiscard]] std::span<const fuzz::Mutation> value_mutations() noexcept;

}  // namespace sipauth::fuzzing
