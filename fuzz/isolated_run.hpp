// One input in a process of its own, so that a crash is a result and not the end.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "fuzz/targets.hpp"

namespace sipauth::fuzz {

enum class Outcome : std::uint8_t { clean, crash, oracle, timeout, oom, leak };

/// As reports call it: "clean", "crash" ...
[[nodiscard]] std::string_view name_of(Outcome outcome) noexcept;

/// Of a kind of failure that is a bound exceeded, which one; empty for others.
[[nodiscard]] std::string_view bound_of(std::string_view kind) noexcept;

struct IsolatedRun {
  Outcome outcome = Outcome::clean;
  std::string claim = {};   ///< of an oracle: what did not hold
  std::string report = {};  ///< what a sanitizer wrote, the first 64 KiB of it
  /// What tells this failure from others of the same outcome: the sanitizer's summary, the signal,
  /// the claim of an oracle, the bound.
  std::string cause = {};
};

enum class Told : std::uint8_t { on_standard_error, nowhere };

/// Forks. The child gets a copy of exactly the input's size, so that a sanitizer sees every byte
/// read beyond it, 5 seconds of processor time, and the memory of memory_limit.hpp; what a
/// sanitizer writes goes where `told` says as well.
[[nodiscard]] IsolatedRun run_isolated(const Target& target, std::string_view input, Told told);

struct SharedRun {
  std::size_t clean = 0;  ///< inputs that ran clean, from the first on
  IsolatedRun end = {};   ///< of the input behind them; clean when there is none
};

/// Forks once for all: under a sanitizer a process costs a hundred times what an input does. Each
/// input has the bounds of one that runs alone; the first that fails is the last that runs.
[[nodiscard]] SharedRun run_together(const Target& target, std::span<const std::string> inputs);

/// The input made shorter as long as outcome and cause stay, within a bound of tries and time, or
/// until `stop` becomes true. The same text when the outcome does not come about again in this
/// build.
[[nodiscard]] std::string minimized(const Target& target, std::string input, Outcome outcome,
                                    std::chrono::steady_clock::duration most,
                                    const std::atomic<bool>* stop = nullptr);

}  // namespace sipauth::fuzz
