// `fuzz --merge`: what of some inputs is worth to be kept.
#pragma once

#include <expected>

#include "commands/fuzz_report.hpp"
#include "commands/options.hpp"
#include "fuzz/targets.hpp"
#include "results/result.hpp"

namespace sipauth::commands {

/// Of the inputs in SEEDS that do not fail, the fewest that reach all that they reach and --corpus
/// does not are copied there, under their own names. Those that fail are findings: libFuzzer alone
/// would leave them out and say nothing. An Error is of kind usage.
[[nodiscard]] std::expected<FuzzReport, results::Error> merge(const GlobalOptions& global,
                                                              const FuzzOptions& options,
                                                              const fuzz::Target& target);

}  // namespace sipauth::commands
