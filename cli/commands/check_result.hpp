// From what the checks found to the one result model: rows, headlines, error and exit code.
#pragma once

#include "checks/runner.hpp"
#include "commands/options.hpp"
#include "commands/run.hpp"
#include "results/result.hpp"

namespace sipauth::commands {

/// All but the command, times and the options of rendering. The result points to the session's
/// recorder.
[[nodiscard]] results::Result check_result(const Run& run, const checks::RunReport& report,
                                           const CheckOptions& options,
                                           const checks::Settings& settings);

/// One check and what it found.
[[nodiscard]] results::Row row_of(const checks::Check& check, const checks::Finding& finding);

}  // namespace sipauth::commands
