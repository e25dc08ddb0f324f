// On what terms findings count for the exit code: the policy that judges them, the earlier run
// whose findings are known, the checks that are expected to fail.
#pragma once

#include <expected>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "checks/policy.hpp"
#include "commands/options.hpp"
#include "results/result.hpp"

namespace sipauth::commands {

/// What an earlier run found: a verdict for each check.
struct EarlierRun {
  std::string file = {};
  std::string started = {};
  std::map<std::string, Verdict> verdicts = {};
};

struct Terms {
  checks::Policy policy = checks::Policy::field;
  std::optional<EarlierRun> baseline = {};
  std::vector<std::string> expected_to_fail = {};  ///< ids of the catalogue
};

/// Reads the baseline. An Error is of kind usage and says what is wrong with which option.
[[nodiscard]] std::expected<Terms, results::Error> terms_of(const CheckOptions& options);

/// A document of `check --json` or `stale --json`; where verdicts differ between policies, those of
/// `policy` are taken. The error is a sentence that fits behind the name of the file.
[[nodiscard]] std::expected<EarlierRun, std::string> read_earlier_run(std::string_view document,
                                                                      checks::Policy policy);

/// Marks the rows of `result` that are known or expected, and says in notes what else is to be
/// known about it.
void apply(const Terms& terms, results::Result& result);

}  // namespace sipauth::commands
