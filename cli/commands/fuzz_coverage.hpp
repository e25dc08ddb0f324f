// `fuzz --coverage`: what of the library some inputs reach.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <vector>

#include "commands/document.hpp"
#include "commands/fuzz_report.hpp"
#include "commands/options.hpp"
#include "results/result.hpp"

namespace sipauth::commands {

/// How much there is, and how much of it was reached.
struct Reached {
  std::uint64_t all = 0;
  std::uint64_t reached = 0;
};

/// By clang's source-based coverage.
struct FileCoverage {
  std::string file = {};  ///< from the top of the sources: lib/src/challenge.cpp
  Reached lines = {};
  Reached regions = {};
  Reached branches = {};
  Reached functions = {};
};

struct CoverageReport {
  std::string target = {};  ///< empty: all
  std::uint64_t inputs = 0;
  std::vector<FileCoverage> files = {};
  FileCoverage total = {};
  std::vector<FuzzReport> failures = {};  ///< of targets whose inputs failed and do not count
  int exit_code = 0;
};

/// Of the target's seeds, --corpus and SEEDS, or without a target of the seeds of all. An Error is
/// inconclusive in a build without counters, and usage when something is missing.
[[nodiscard]] std::expected<CoverageReport, results::Error> measure_coverage(
    const GlobalOptions& global, const FuzzOptions& options);

/// The library's files in what `llvm-cov export` wrote. The error is a sentence.
[[nodiscard]] std::expected<std::vector<FileCoverage>, std::string> read_coverage(
    const std::string& json);

[[nodiscard]] FileCoverage total_of(const std::vector<FileCoverage>& files);

[[nodiscard]] Document render_coverage(const CoverageReport& report);

}  // namespace sipauth::commands
