// Inputs run one by one, each in a process of its own: what needs no engine.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "commands/fuzz_report.hpp"
#include "commands/options.hpp"
#include "fuzz/targets.hpp"
#include "results/result.hpp"

namespace sipauth::commands {

/// Runs the files and adds to `report` what failed; stops when interrupted. With -v, what a
/// sanitizer wrote goes to standard error whole. An Error is of kind usage: a file that cannot be
/// read.
[[nodiscard]] std::expected<void, results::Error> run_each(const GlobalOptions& global,
                                                           const fuzz::Target& target,
                                                           const std::vector<std::string>& inputs,
                                                           FuzzReport& report);

/// --replay.
[[nodiscard]] std::expected<FuzzReport, results::Error> replay(const GlobalOptions& global,
                                                               const FuzzOptions& options,
                                                               const fuzz::Target& target);

/// --minimize: an Error of kind usage when the file does not fail.
[[nodiscard]] std::expected<FuzzReport, results::Error> minimize(const GlobalOptions& global,
                                                                 const FuzzOptions& options,
                                                                 const fuzz::Target& target);

/// Runs what the engine found alone, and writes its minimised form beside it.
void confirm_and_minimize(const fuzz::Target& target, FuzzFinding& finding);

}  // namespace sipauth::commands
