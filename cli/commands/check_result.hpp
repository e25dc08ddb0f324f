// From what the checks found to the one result model: rows, headlines, error and exit code.
#pragma once

#include "checks/runner.hpp"
#include "commands/options.hpp"
#include "commands/run.hpp"
#include "commands/terms.hpp"
#include "results/result.hpp"

namespace sipauth::commands {

/// All but the command, times and the options of rendering. The result points to the session's
/// recorder.
[[nodiscard]] results::Result check_result(const Run& run, const checks::RunReport& report,
                                           const CheckOptions& options,
                                           const checks::Settings& settings, const Terms& terms);

/// One check, what it found, and how the policy judges that.
[[nodiscard]] results::Row row_of(const checks::Check& check, const checks::Finding& finding,
                                  checks::Policy policy);

/// The letter of a run of the whole catalogue.
[[nodiscard]] results::Grade grade_of(const checks::RunReport& report, checks::Policy policy);

}  // namespace sipauth::commands
