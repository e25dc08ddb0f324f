// One input in a process of its own, so that a crash is a result and not the end.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "fuzz/targets.hpp"

namespace sipauth::fuzz {

enum class Outcome : std::uint8_t { clean, crash, oracle, timeout };

struct IsolatedRun {
  Outcome outcome = Outcome::clean;
  std::string claim = {};  ///< of an oracle: what did not hold
};

enum class Told : std::uint8_t { on_standard_error, nowhere };

/// Forks. The child gets a copy of exactly the input's size, so that a sanitizer sees every byte
/// read beyond it; what a sanitizer writes goes where `told` says.
[[nodiscard]] IsolatedRun run_isolated(const Target& target, std::string_view input, Told told);

/// The input made shorter as long as its outcome stays, within a bound of tries and time. The same
/// text when it does not come about again in this build.
[[nodiscard]] std::string minimized(const Target& target, std::string input, Outcome outcome,
                                    std::chrono::steady_clock::duration most);

}  // namespace sipauth::fuzz
