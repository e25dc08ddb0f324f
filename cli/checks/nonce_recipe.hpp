// Nonces that are a hash of what everybody knows, so that anybody can make one: no secret goes in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sipauth/digest.hpp"

namespace sipauth::checks {

/// What everybody knows beside the time.
struct NonceIngredients {
  std::string address = {};  ///< that the challenge went to: `127.0.0.1`
  std::string source = {};   ///< the same with its port
  std::string realm = {};
};

/// How a nonce was made: a hash of these parts, and the time where it stands in the open.
struct NonceRecipe {
  enum class Part : std::uint8_t { time, address, source, realm };
  Hash hash = Hash::md5;
  std::vector<Part> parts = {};
  std::string_view separator = {};
  bool hexadecimal_time = false;

  /// `nonce`, which was made at `made`, as it would have been made at `at`.
  [[nodiscard]] std::string made_at(std::string_view nonce, std::int64_t made, std::int64_t at,
                                    const NonceIngredients& ingredients) const;
  /// `md5(time:address)`
  [[nodiscard]] std::string text() const;
};

struct FoundRecipe {
  NonceRecipe recipe = {};
  std::int64_t made = 0;
};

/// The recipe that gives `nonce` at one of the times (seconds since 1970), or nullopt.
[[nodiscard]] std::optional<FoundRecipe> find_recipe(std::string_view nonce,
                                                     const std::vector<std::int64_t>& times,
                                                     const NonceIngredients& ingredients);

}  // namespace sipauth::checks
