// The engine as a process of its own, which is this program again; without libFuzzer in it, this
// program makes way for its companion, which has it.
#pragma once

#include <expected>
#include <optional>
#include <string>

#include "commands/fuzz_inputs.hpp"
#include "commands/fuzz_report.hpp"
#include "commands/options.hpp"
#include "fuzz/targets.hpp"
#include "results/result.hpp"

namespace sipauth::commands {

/// The program that has an engine: this one, else its companion, or nullopt when there is none.
[[nodiscard]] std::optional<std::string> find_engine();

/// `sipauth-fuzz`: beside this program, or where an installation has such things. Never this
/// program itself.
[[nodiscard]] std::optional<std::string> find_companion(const std::string& name);

/// May be handed to libFuzzer, which gives some arguments to a shell without quoting them.
[[nodiscard]] bool is_safe_argument(const std::string& argument);

/// A run of the engine from its start to its end; what it says of a failure goes to standard error.
/// An Error is of kind usage, or inconclusive when the engine cannot see the library.
[[nodiscard]] std::expected<FuzzReport, results::Error> run_engine(const GlobalOptions& global,
                                                                   const FuzzOptions& options,
                                                                   const fuzz::Target& target);

}  // namespace sipauth::commands
