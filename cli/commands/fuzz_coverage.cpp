#include "commands/fuzz_coverage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <iterator>
#include <set>
#include <span>
#include <string_view>

#include "commands/fuzz_inputs.hpp"
#include "commands/fuzz_process.hpp"
#include "commands/fuzz_replay.hpp"
#include "commands/fuzz_scratch.hpp"
#include "commands/input.hpp"
#include "commands/run.hpp"
#include "fuzz/coverage_counters.hpp"
#include "fuzz/oracle.hpp"
#include "fuzz/targets.hpp"
#include "net/transport.hpp"
#include "results/escape.hpp"

namespace sipauth::commands {
namespace {

using results::Error;

constexpr int interrupted_exit = 130;

std::unexpected<Error> usage(std::string text) {
  return std::unexpected{Error{"usage", std::move(text)}};
}

// An input that is known to end, in this process: only here do the counters stay.
void count(const fuzz::Target& target, const std::string& file) {
  const auto input = read_input(file, most_input_bytes);
  if (!input) return;
  try {
    target.run(*input);
  } catch (const std::exception&) {  // was told by the run in a process of its own
    return;
  }
}

// Inputs that fail are left out: the process would end with them.
std::expected<void, Error> count_all(const GlobalOptions& global, const fuzz::Target& target,
                                     const FuzzOptions& options,
                                     const std::vector<std::string>& inputs,
                                     CoverageReport& report) {
  FuzzReport alone{.target = std::string{target.name}, .program = options.command_line.front()};
  if (const auto ran = run_each(global, target, inputs, alone); !ran) return ran;
  std::set<std::string> failed;
  for (const auto& finding : alone.findings) failed.insert(finding.file);
  for (const auto& file : inputs) {
    if (!failed.contains(file)) count(target, file);
  }
  report.inputs += alone.runs;
  report.exit_code = std::max(report.exit_code, alone.exit_code);
  if (!alone.findings.empty()) report.failures.push_back(std::move(alone));
  return {};
}

std::expected<void, Error> count_target(const GlobalOptions& global, const fuzz::Target& target,
                                        const FuzzOptions& options, CoverageReport& report) {
  auto paths = seed_folders(target);
  if (!options.target.empty()) {
    std::ranges::move(paths_of(options), std::back_inserter(paths));
    if (!options.corpus.empty()) paths.push_back(options.corpus);
  }
  const auto inputs = files_of(paths);
  if (!inputs) return std::unexpected{inputs.error()};
  return count_all(global, target, options, *inputs, report);
}

// Runs one of LLVM's programs and gives what it wrote.
std::expected<std::string, Error> ask(const std::string& tool, std::vector<std::string> arguments) {
  const auto program = find_in_path({tool + "-19", tool});
  if (program.empty()) {
    return usage(
        fmt::format("{}-19 is needed for figures, and is not in the PATH (llvm-19).", tool));
  }
  arguments.insert(arguments.begin(), program);
  std::string text;
  const auto end = run_program(arguments, [&](std::string_view line) {
    text.append(line).append(1, '\n');
    return true;
  });
  if (!end) return usage(fmt::format("{} could not be started: {}.", program, end.error()));
  if (end->exit == 0) return text;
  return usage(fmt::format("{} ended with code {}: {}", results::for_terminal(program), end->exit,
                           results::for_terminal(text.substr(0, text.find('\n')))));
}

std::expected<std::vector<FileCoverage>, Error> figures() {
  const ScratchFolder scratch;
  const auto raw = scratch.path() + "/raw";
  const auto profile = scratch.path() + "/profile";
  if (scratch.path().empty() || !fuzz::write_coverage(raw)) {
    return usage("The counters cannot be written to a temporary folder (TMPDIR).");
  }
  if (const auto merged = ask("llvm-profdata", {"merge", "-sparse", raw, "-o", profile}); !merged) {
    return std::unexpected{merged.error()};
  }
  const auto json =
      ask("llvm-cov", {"export", "-summary-only", "-instr-profile=" + profile, own_path()});
  if (!json) return std::unexpected{json.error()};
  auto files = read_coverage(*json);
  if (!files) return usage(files.error());
  return *std::move(files);
}

constexpr std::string_view no_counters =
    "This build does not count what is reached. One that does: cmake --preset fuzz && cmake "
    "--build "
    "--preset fuzz.";

}  // namespace

std::expected<CoverageReport, Error> measure_coverage(const GlobalOptions& global,
                                                      const FuzzOptions& options) {
  if (!fuzz::counts_coverage()) {
    return std::unexpected{Error{"inconclusive", std::string{no_counters}}};
  }
  CoverageReport report{.target = options.target};
  fuzz::forget_coverage();
  fuzz::costly_claims_for_one_in = 1;  // as in a replay
  for (const auto& target : fuzz::targets()) {
    if (!options.target.empty() && target.name != options.target) continue;
    show_progress(global, fmt::format("{} ...", target.name));
    if (const auto counted = count_target(global, target, options, report); !counted) {
      return std::unexpected{counted.error()};
    }
    if (net::stop_requested) break;
  }
  show_progress(global, "");
  if (report.inputs == 0) return usage("There is no input to measure, and no corpus was found.");
  auto files = figures();
  if (!files) return std::unexpected{files.error()};
  report.files = *std::move(files);
  report.total = total_of(report.files);
  if (net::stop_requested) report.exit_code = interrupted_exit;
  return report;
}

}  // namespace sipauth::commands
