// What can be fuzzed: each target reads any bytes and holds an oracle against what was read.
#pragma once

#include <span>
#include <string_view>

#include "fuzz/mutation.hpp"

namespace sipauth::fuzz {

struct Target {
  std::string_view name;  ///< as typed; its seeds lie in corpus/NAME
  std::string_view about;
  void (*run)(std::string_view input);  ///< throws OracleViolation
  /// Damage that keeps the structure of this target's inputs; nullptr when there is only noise.
  std::span<const Mutation> (*mutations)() = nullptr;
  std::span<const std::string_view> dictionary = {};  ///< words that its grammar knows
};

[[nodiscard]] std::span<const Target> targets() noexcept;

/// nullptr when there is none of that name.
[[nodiscard]] const Target* find_target(std::string_view name) noexcept;

}  // namespace sipauth::fuzz
