// The engine as a process of its own: this program again where libFuzzer is in it, else the
// companion beside it.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "commands/fuzz_report.hpp"
#include "commands/options.hpp"
#include "fuzz/targets.hpp"
#include "results/result.hpp"

namespace sipauth::commands {

/// The program to start, or nullopt when there is none.
[[nodiscard]] std::optional<std::string> find_engine();

/// Where this program lies; empty when the system does not say.
[[nodiscard]] std::string own_path();

/// May be handed to libFuzzer, which gives some arguments to a shell without quoting them.
[[nodiscard]] bool is_safe_argument(const std::string& argument);

/// A run of the engine from its start to its end; what it says goes to standard error. An Error is
/// of kind usage.
[[nodiscard]] std::expected<FuzzReport, results::Error> run_engine(const GlobalOptions& global,
                                                                   const FuzzOptions& options,
                                                                   const fuzz::Target& target,
                                                                   const std::string& engine);

}  // namespace sipauth::commands
