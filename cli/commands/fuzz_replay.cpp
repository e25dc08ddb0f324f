#include "commands/fuzz_replay.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "commands/fuzz_inputs.hpp"
#include "commands/input.hpp"
#include "commands/run.hpp"
#include "fuzz/isolated_run.hpp"
#include "net/transport.hpp"
#include "results/escape.hpp"

namespace sipauth::commands {
namespace {

using fuzz::Outcome;
using results::Error;
using Clock = std::chrono::steady_clock;

constexpr int interrupted_exit = 130;
// Between them, a user who wants to stop is heard.
constexpr std::size_t most_in_a_process = 32;
constexpr std::chrono::seconds most_minimizing{60};
constexpr std::chrono::seconds most_minimizing_behind_a_run{10};

std::unexpected<Error> usage(std::string text) {
  return std::unexpected{Error{"usage", std::move(text)}};
}

FuzzFinding finding_of(const std::string& file, fuzz::IsolatedRun run) {
  return {.kind = std::string{fuzz::name_of(run.outcome)},
          .file = file,
          .claim = std::move(run.claim),
          .cause = run.outcome == fuzz::Outcome::oracle ? std::string{} : std::move(run.cause),
          .stack = stack_of(run.report)};
}

// Beside the input; of standard input, in the working directory.
std::string minimized_name(const std::string& file) {
  return (file == "-" ? std::string{"minimized"} : file) + ".min";
}

fuzz::Outcome outcome_of(std::string_view kind) {
  for (const auto outcome : {fuzz::Outcome::crash, fuzz::Outcome::oracle, fuzz::Outcome::timeout,
                             fuzz::Outcome::oom, fuzz::Outcome::leak}) {
    if (fuzz::name_of(outcome) == kind) return outcome;
  }
  return fuzz::Outcome::clean;
}

bool is_bound(Outcome outcome) {
  return !fuzz::bound_of(fuzz::name_of(outcome)).empty() && outcome != Outcome::leak;
}

std::expected<std::vector<std::string>, Error> read_inputs(std::span<const std::string> files) {
  std::vector<std::string> texts;
  texts.reserve(files.size());
  for (const auto& file : files) {
    auto text = read_input(file, most_input_bytes);
    if (!text) return usage(text.error());
    texts.push_back(*std::move(text));
  }
  return texts;
}

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

}  // namespace

std::expected<void, Error> run_each(const GlobalOptions& global, const fuzz::Target& target,
                                    const std::vector<std::string>& inputs, FuzzReport& report) {
  const auto begin = Clock::now();
  const auto told = global.verbosity > 0 ? fuzz::Told::on_standard_error : fuzz::Told::nowhere;
  for (std::span rest{inputs}; !rest.empty() && !net::stop_requested;) {
    auto texts = read_inputs(rest.first(std::min(rest.size(), most_in_a_process)));
    if (!texts) return std::unexpected{texts.error()};
    auto together = fuzz::run_together(target, *texts);
    report.runs += together.clean;
    rest = rest.subspan(together.clean);
    if (together.clean == texts->size()) continue;
    auto alone = fuzz::run_isolated(target, (*texts)[together.clean], told);
    // What failed behind others only has failed as well; a bound is that of one input alone.
    if (alone.outcome == Outcome::clean && !is_bound(together.end.outcome)) {
      alone = std::move(together.end);
    }
    if (alone.outcome != Outcome::clean) {
      report.findings.push_back(finding_of(rest.front(), std::move(alone)));
    }
    ++report.runs;
    rest = rest.subspan(1);
  }
  report.seconds = seconds_since(begin);
  report.exit_code = net::stop_requested ? interrupted_exit : report.findings.empty() ? 0 : 1;
  return {};
}

std::expected<FuzzReport, Error> replay(const GlobalOptions& global, const FuzzOptions& options,
                                        const fuzz::Target& target) {
  auto paths = options.replay;
  std::ranges::move(paths_of(options), std::back_inserter(paths));
  const auto inputs = files_of(paths);
  if (!inputs) return std::unexpected{inputs.error()};
  if (inputs->empty()) {
    return usage(
        fmt::format("There is nothing to replay in {}.", results::for_terminal(paths.front())));
  }
  FuzzReport report{.target = std::string{target.name},
                    .action = FuzzAction::replay,
                    .program = options.command_line.front()};
  if (const auto done = run_each(global, target, *inputs, report); !done) {
    return std::unexpected{done.error()};
  }
  return report;
}

std::expected<FuzzReport, Error> minimize(const GlobalOptions& global, const FuzzOptions& options,
                                          const fuzz::Target& target) {
  const auto begin = Clock::now();
  const auto input = read_input(options.minimize, most_input_bytes);
  if (!input) return usage(input.error());
  auto run = fuzz::run_isolated(target, *input, fuzz::Told::nowhere);
  if (run.outcome == fuzz::Outcome::clean) {
    return usage(fmt::format(
        "{} does not fail in {}: there is nothing to minimize. (Another build may see more: "
        "AddressSanitizer is in that of the preset fuzz.)",
        results::for_terminal(options.minimize), target.name));
  }
  const auto most = options.seconds > 0 ? std::chrono::duration_cast<Clock::duration>(
                                              std::chrono::duration<double>{options.seconds})
                                        : Clock::duration{most_minimizing};
  say(global, fmt::format("{}: {} bytes, {}; cutting for at most {:.0f} s",
                          results::for_terminal(options.minimize), input->size(),
                          fuzz::name_of(run.outcome), std::chrono::duration<double>(most).count()));
  const auto shorter = fuzz::minimized(target, *input, run.outcome, most, &net::stop_requested);
  FuzzReport report{.target = std::string{target.name},
                    .action = FuzzAction::minimize,
                    .program = options.command_line.front(),
                    .runs = 1,
                    .exit_code = net::stop_requested ? interrupted_exit : 1};
  auto finding = finding_of(options.minimize, std::move(run));
  finding.minimized = minimized_name(options.minimize);
  // Of a process without symbols: addresses say nothing, and the replay has the names.
  finding.stack.clear();
  finding.cause.erase(std::min(finding.cause.find(" ("), finding.cause.size()));
  if (!write_file(finding.minimized, shorter)) {
    return usage(fmt::format("{} cannot be written.", results::for_terminal(finding.minimized)));
  }
  report.findings.push_back(std::move(finding));
  report.seconds = seconds_since(begin);
  return report;
}

void confirm_and_minimize(const fuzz::Target& target, FuzzFinding& finding) {
  const auto outcome = outcome_of(finding.kind);
  const auto input = read_input(finding.file, most_input_bytes);
  if (!input) return;
  auto alone = fuzz::run_isolated(target, *input, fuzz::Told::nowhere);
  finding.comes_again = alone.outcome == outcome;
  if (!finding.comes_again || net::stop_requested) return;
  // A timeout takes too long to be tried often.
  if (outcome == fuzz::Outcome::timeout) return;
  const auto shorter =
      fuzz::minimized(target, *input, outcome, most_minimizing_behind_a_run, &net::stop_requested);
  if (shorter.size() == input->size()) return;
  const auto name = minimized_name(finding.file);
  if (write_file(name, shorter)) finding.minimized = name;
}

}  // namespace sipauth::commands
