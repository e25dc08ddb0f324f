// What a fuzz run, a replay or a merge saw, and how it is told.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "commands/document.hpp"

namespace sipauth::commands {

struct FuzzFinding {
  std::string kind;  ///< crash, oracle, timeout, oom, leak
  std::string file;
  std::string minimized = {};           ///< a file, or empty
  std::string claim = {};               ///< of an oracle: what did not hold
  std::string cause = {};               ///< the sanitizer's summary, or the signal
  std::vector<std::string> stack = {};  ///< innermost first, without the engine's own frames
  bool comes_again = true;              ///< when it is run alone
};

/// What the numbers of a report are of.
enum class FuzzAction : std::uint8_t { fuzz, replay, minimize, merge };

struct FuzzReport {
  std::string target;
  FuzzAction action = FuzzAction::replay;
  std::string program = "sipauth";                   ///< as typed, for the lines to paste
  std::optional<std::uint64_t> seed = std::nullopt;  ///< of the engine
  std::uint64_t runs = 0;
  double seconds = 0;
  double cpu_seconds = 0;
  std::optional<std::uint64_t> edges = std::nullopt;
  std::optional<std::uint64_t> features = std::nullopt;
  std::optional<std::uint64_t> corpus = std::nullopt;  ///< inputs that the engine kept
  std::string corpus_folder = {};                      ///< where they are, of fuzz and merge
  std::vector<FuzzFinding> findings = {};
  int exit_code = 0;
};

[[nodiscard]] Document render_fuzz(const FuzzReport& report);

/// Of --list.
[[nodiscard]] Document render_fuzz_targets();

/// The frames of the first stack in what a sanitizer wrote, without address and number, the
/// engine's own and our run of the target left out.
[[nodiscard]] std::vector<std::string> stack_of(std::string_view sanitizer_report);

}  // namespace sipauth::commands
