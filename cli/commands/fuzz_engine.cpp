#include "commands/fuzz_engine.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <iterator>
#include <random>
#include <string_view>

#include "commands/fuzz_listener.hpp"
#include "commands/fuzz_process.hpp"
#include "commands/fuzz_replay.hpp"
#include "commands/run.hpp"
#include "fuzz/dictionary_file.hpp"
#include "fuzz/engine.hpp"
#include "fuzz/libfuzzer.hpp"
#include "fuzz/memory_limit.hpp"
#include "results/escape.hpp"
#include "sipauth/text.hpp"

namespace sipauth::commands {
namespace {

namespace files = std::filesystem;
using results::Error;
using Clock = std::chrono::steady_clock;

constexpr double default_seconds = 60;
constexpr int interrupted_exit = 130;
constexpr int engine_interrupted = 72;  // libFuzzer's own for SIGINT
constexpr int sees_nothing = 3;
constexpr int most_attempts = 4;

std::unexpected<Error> usage(std::string text) {
  return std::unexpected{Error{"usage", std::move(text)}};
}

std::unexpected<Error> not_written(const std::string& file) {
  return usage(fmt::format("{} cannot be written.", results::for_terminal(file)));
}

// Options that make libFuzzer start itself through a shell, which reads all other arguments too.
bool starts_a_shell(std::string_view option) {
  constexpr auto names =
      std::to_array<std::string_view>({"-fork=", "-jobs=", "-workers=", "-merge=",
                                       "-set_cover_merge=", "-minimize_crash=", "-cleanse_crash="});
  return std::ranges::any_of(names,
                             [&](std::string_view name) { return option.starts_with(name); });
}

// --- The command line of a run. ---

struct Plan {
  std::uint64_t seed = 0;
  double seconds = 0;                       // 0: no limit
  std::uint64_t runs = 0;                   // 0: no limit
  std::vector<std::string> arguments = {};  // all but the three above
};

constexpr int program_and_target = 2;

std::vector<std::string> beginning(const fuzz::Target& target) {
  return {own_path(), std::string{fuzz::target_tag} + std::string{target.name}};
}

// libFuzzer takes directories, and single files by a list.
std::expected<void, Error> add_seeds(const FuzzOptions& options, const fuzz::Target& target,
                                     const std::string& list, std::vector<std::string>& arguments) {
  std::string single;
  for (const auto& path : paths_of(options)) {
    const auto inputs = files_of({path});
    if (!inputs) return std::unexpected{inputs.error()};
    std::error_code ignored;
    if (files::is_directory(path, ignored)) {
      arguments.push_back(path);
    } else if (path.contains(',')) {
      return usage(
          fmt::format("The name of a seed may have no comma: {}.", results::for_terminal(path)));
    } else {
      if (!single.empty()) single += ',';
      single += path;
    }
  }
  std::ranges::move(seed_folders(target), std::back_inserter(arguments));
  if (single.empty()) return {};
  if (!write_file(list, single)) return not_written(list);
  arguments.push_back("-seed_inputs=@" + list);
  return {};
}

std::expected<std::vector<std::string>, Error> arguments_of(const FuzzOptions& options,
                                                            const fuzz::Target& target,
                                                            const WorkFolders& folders) {
  auto arguments = beginning(target);
  const auto add = [&](std::string argument) { arguments.push_back(std::move(argument)); };
  add(std::string{fuzz::mutate_tag} + options.mutate);
  add("-timeout=5");
  add(fmt::format("-rss_limit_mb={}", fuzz::most_memory >> 20U));
  add(fmt::format("-malloc_limit_mb={}", fuzz::most_allocation >> 20U));
  add("-reload=0");  // it reads the folder by the clock, and no run could be repeated
  add("-print_final_stats=1");
  add("-print_funcs=0");  // of every new one, for which it would start a symbolizer
  if (options.value_profile) add("-use_value_profile=1");
  const auto own = files::path{folders.findings}.parent_path().parent_path();
  if (options.dictionary == "on" && !target.dictionary.empty()) {
    const auto file = (own / "dictionary").string();
    if (!write_file(file, fuzz::dictionary_file(target.dictionary))) return not_written(file);
    add("-dict=" + file);
  }
  add("-artifact_prefix=" + folders.findings);
  const auto wanted = engine_options_of(options);
  std::ranges::copy(wanted, std::back_inserter(arguments));
  // The engine writes into the first folder it is given; seeds behind it are read only.
  add(folders.corpus);
  if (const auto added = add_seeds(options, target, (own / "seeds").string(), arguments); !added) {
    return std::unexpected{added.error()};
  }
  if (std::ranges::none_of(wanted, starts_a_shell)) return arguments;
  const auto unsafe = std::ranges::find_if_not(arguments, is_safe_argument);
  if (unsafe == arguments.end()) return arguments;
  return usage(
      fmt::format("libFuzzer would give \"{}\" to a shell: with -fork, -jobs and the like, only "
                  "letters, digits "
                  "and ._/=+,:@%- are possible in names.",
                  results::for_terminal(*unsafe)));
}

std::uint64_t drawn_seed() {
  std::random_device source;
  return std::uniform_int_distribution<std::uint32_t>{1, 0x7fff'ffff}(source);
}

// --- The run. ---

// In front of the others, so that a limit among the user's own options counts.
std::vector<std::string> with_limits(const Plan& plan) {
  std::vector<std::string> limits{fmt::format("-seed={}", plan.seed)};
  if (plan.seconds > 0) {
    limits.push_back(fmt::format("-max_total_time={:.0f}", std::ceil(plan.seconds)));
  }
  if (plan.runs > 0) limits.push_back(fmt::format("-runs={}", plan.runs));
  auto arguments = plan.arguments;
  arguments.insert(arguments.begin() + program_and_target, limits.begin(), limits.end());
  return arguments;
}

// One life of the engine. Its figures are added to those of the report.
std::expected<void, Error> live(const GlobalOptions& global, const Plan& plan, FuzzReport& report) {
  const auto begin = Clock::now();
  const auto runs_before = report.runs;
  report.runs = 0;
  EngineListener listener{global, report};
  const auto end = run_program(with_limits(plan), [&](std::string_view line) {
    listener.line(line);
    return true;
  });
  listener.end();
  show_progress(global, "");
  report.runs += runs_before;
  report.seconds += std::chrono::duration<double>(Clock::now() - begin).count();
  if (!end) return usage(fmt::format("The engine could not be started: {}.", end.error()));
  report.cpu_seconds += end->cpu_seconds;
  if (end->exit == engine_interrupted || end->interrupted) {
    report.exit_code = interrupted_exit;
    return {};
  }
  if (end->exit == 0 || !report.findings.empty()) return {};
  auto why = results::sentence_for_terminal(listener.last_words());
  if (end->exit == sees_nothing) return std::unexpected{Error{"inconclusive", std::move(why)}};
  return usage(fmt::format("The engine ended with code {} and no finding: {}", end->exit, why));
}

// A machine that stood still looks like a timeout, and a long run may need memory that no single
// input does: what does not come about alone is told, and is no finding.
bool is_circumstance(const FuzzFinding& finding) {
  return !finding.comes_again && (finding.kind == "timeout" || finding.kind == "oom");
}

// What is left to do; false when that is nothing.
bool goes_on(Plan& plan, const Plan& whole, const FuzzReport& report) {
  ++plan.seed;
  if (whole.seconds > 0) plan.seconds = whole.seconds - report.seconds;
  if (whole.runs > 0) plan.runs = whole.runs - std::min(whole.runs, report.runs);
  return (whole.seconds == 0 || plan.seconds > 0) && (whole.runs == 0 || plan.runs > 0);
}

std::expected<void, Error> run_as_planned(const GlobalOptions& global, const fuzz::Target& target,
                                          const Plan& whole, FuzzReport& report) {
  auto plan = whole;
  for (int i = 0; i < most_attempts; ++i) {
    if (const auto lived = live(global, plan, report); !lived) return lived;
    for (auto& finding : report.findings) confirm_and_minimize(target, finding);
    bool again = false;
    std::erase_if(report.findings, [&](const FuzzFinding& finding) {
      if (!is_circumstance(finding)) return false;
      again = true;
      say(global, fmt::format("{} ({}) is no finding: run alone, it is harmless.",
                              results::for_terminal(finding.file), finding.kind));
      return true;
    });
    const bool ended = !again || !report.findings.empty() || report.exit_code != 0;
    if (ended || !goes_on(plan, whole, report)) {
      if (report.exit_code == 0 && !report.findings.empty()) report.exit_code = 1;
      return {};
    }
  }
  return std::unexpected{
      Error{"inconclusive",
            fmt::format(
                "Given up after {} runs: {} times an input took too long, or too much memory, that "
                "is harmless when run alone. This machine is too busy.",
                report.runs, most_attempts)}};
}

}  // namespace

std::optional<std::string> find_companion(const std::string& name) {
  const auto beside = files::path{own_path()}.parent_path();
  const auto places = std::to_array<files::path>(
      {beside, beside / "../libexec/sipauth", beside / "../libexec", beside / "../lib/sipauth"});
  for (const auto& place : places) {
    const auto program = (place / name).lexically_normal();
    std::error_code ignored;
    if (files::is_regular_file(program, ignored) && ::access(program.c_str(), X_OK) == 0 &&
        !files::equivalent(program, own_path(), ignored)) {
      return program.string();
    }
  }
  return std::nullopt;
}

std::optional<std::string> find_engine() {
  return fuzz::has_engine() ? own_path() : find_companion("sipauth-fuzz");
}

bool is_safe_argument(const std::string& argument) {
  return !argument.empty() && std::ranges::all_of(argument, [](char c) {
    return is_alpha(c) || is_digit(c) || std::string_view{"._/=+,:@%-"}.contains(c);
  });
}

std::expected<FuzzReport, Error> run_engine(const GlobalOptions& global, const FuzzOptions& options,
                                            const fuzz::Target& target) {
  for (const auto& argument : engine_options_of(options)) {
    if (is_safe_argument(argument)) continue;
    return usage(fmt::format(
        "\"{}\" is not handed to libFuzzer, which may give it to a shell: only letters, "
        "digits and ._/=+,:@%- are.",
        results::for_terminal(argument)));
  }
  const auto folders = make_work_folders(options);
  if (!folders) return std::unexpected{folders.error()};
  auto arguments = arguments_of(options, target, *folders);
  if (!arguments) return std::unexpected{arguments.error()};

  const bool unlimited = options.seconds == 0 && options.runs == 0;
  const Plan plan{.seed = options.seed.value_or(drawn_seed()),
                  .seconds = unlimited ? default_seconds : options.seconds,
                  .runs = options.runs,
                  .arguments = *std::move(arguments)};
  FuzzReport report{.target = options.target,
                    .action = FuzzAction::fuzz,
                    .program = options.command_line.front(),
                    .seed = plan.seed,
                    .corpus_folder = folders->corpus};
  if (const auto ran = run_as_planned(global, target, plan, report); !ran) {
    return std::unexpected{ran.error()};
  }
  return report;
}

}  // namespace sipauth::commands
