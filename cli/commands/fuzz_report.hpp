// What a fuzz run or a replay saw, and how it is told.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "commands/document.hpp"

namespace sipauth::commands {

struct FuzzFinding {
  std::string kind;  ///< crash, oracle, timeout, oom, leak
  std::string file;
  std::string minimized = {};  ///< a file, or empty
  std::string claim = {};      ///< of an oracle: what did not hold
};

struct FuzzReport {
  std::string target;
  std::optional<std::uint64_t> seed = std::nullopt;  ///< of the engine
  std::uint64_t runs = 0;
  double seconds = 0;
  double cpu_seconds = 0;
  std::optional<std::uint64_t> edges = std::nullopt;
  std::optional<std::uint64_t> features = std::nullopt;
  std::optional<std::uint64_t> corpus = std::nullopt;  ///< inputs that the engine kept
  std::vector<FuzzFinding> findings = {};
  int exit_code = 0;
};

[[nodiscard]] Document render_fuzz(const FuzzReport& report);

/// Of --list.
[[nodiscard]] Document render_fuzz_targets();

}  // namespace sipauth::commands
