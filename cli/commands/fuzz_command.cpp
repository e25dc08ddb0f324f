#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <span>
#include <string_view>

#include "commands/document.hpp"
#include "commands/fuzz_coverage.hpp"
#include "commands/fuzz_engine.hpp"
#include "commands/fuzz_merge.hpp"
#include "commands/fuzz_process.hpp"
#include "commands/fuzz_replay.hpp"
#include "commands/fuzz_report.hpp"
#include "commands/options.hpp"
#include "commands/run.hpp"
#include "commands/suggest.hpp"
#include "commands/usage.hpp"
#include "fuzz/engine.hpp"
#include "fuzz/targets.hpp"
#include "results/escape.hpp"

namespace sipauth::commands {
namespace {

using results::Error;

constexpr int usage_exit = 2;

std::unexpected<Error> usage(std::string text) {
  return std::unexpected{Error{"usage", std::move(text)}};
}

// A target is known, or is not needed; and at most one thing is asked for.
std::expected<void, Error> check(const FuzzOptions& options) {
  std::vector<std::string_view> deeds;
  if (!options.replay.empty()) deeds.emplace_back("--replay");
  if (!options.minimize.empty()) deeds.emplace_back("--minimize");
  if (options.merge) deeds.emplace_back("--merge");
  if (options.coverage) deeds.emplace_back("--coverage");
  if (deeds.size() > 1) {
    return usage(fmt::format("{} and {} are two things: ask for one.", deeds[0], deeds[1]));
  }
  if (options.target.empty() && options.coverage) return {};
  if (options.target.empty()) return usage("Which parser? sipauth fuzz --list names them.");
  if (fuzz::find_target(options.target) != nullptr) return {};
  std::vector<std::string_view> names;
  for (const auto& target : fuzz::targets()) names.push_back(target.name);
  return usage(fmt::format("There is no fuzz target \"{}\".{} sipauth fuzz --list names them.",
                           results::for_terminal(options.target),
                           did_you_mean(options.target, names)));
}

constexpr std::string_view no_engine =
    "There is no fuzzing engine in this build, and no sipauth-fuzz beside it. From the sources, "
    "with clang-19 and libclang-rt-19-dev installed: cmake --preset fuzz && cmake --build --preset "
    "fuzz, then build-fuzz/bin/sipauth does the same; or, to have it here: cmake --install "
    "build-fuzz --component fuzz --prefix {}. Inputs can be run without it: {} fuzz {} --replay "
    "FILE.";

Error without_engine(const FuzzOptions& options) {
  const auto prefix = std::filesystem::path{own_path()}.parent_path().parent_path().string();
  return {"inconclusive", fmt::format(no_engine, for_shell(prefix),
                                      for_shell(options.command_line.front()), options.target)};
}

std::expected<FuzzReport, Error> run(const GlobalOptions& global, const FuzzOptions& options,
                                     const fuzz::Target& target) {
  if (!options.replay.empty()) return replay(global, options, target);
  if (!options.minimize.empty()) return minimize(global, options, target);
  if (!fuzz::has_engine()) return std::unexpected{without_engine(options)};
  return options.merge ? merge(global, options, target) : run_engine(global, options, target);
}

int run_and_tell(const GlobalOptions& global, const FuzzOptions& options,
                 const std::vector<Output>& outputs) {
  if (options.coverage) {
    const auto report = measure_coverage(global, options);
    if (!report) return put_out_error(global, "fuzz", report.error());
    return put_out_document(outputs, render_coverage(*report), report->exit_code);
  }
  const auto report = run(global, options, *fuzz::find_target(options.target));
  if (!report) return put_out_error(global, "fuzz", report.error());
  return put_out_document(outputs, render_fuzz(*report), report->exit_code);
}

}  // namespace

int run_fuzz(const GlobalOptions& global, const FuzzOptions& options) {
  const auto outputs = document_outputs(global, "fuzz");
  if (!outputs) return put_out_error(global, "fuzz", outputs.error());
  if (options.list) return put_out_document(*outputs, render_fuzz_targets(), 0);
  if (const auto checked = check(options); !checked) {
    return put_out_error(global, "fuzz", checked.error());
  }
  // Sees more than this build does, in replays too; comes back only when it cannot be started.
  if (!fuzz::has_engine()) {
    if (const auto companion = find_engine()) become(*companion, options.command_line);
  } else {
    // Whoever runs an input a thousand times to cut it down needs no names.
    const bool cuts = options.replay.empty() && !options.merge && !options.coverage;
    become_again(options.command_line, cuts ? Symbols::addresses : Symbols::named);
  }
  stop_on_signals();
  return run_and_tell(global, options, *outputs);
}

bool is_fuzzing(int argc, const char* const* argv) {
  return argc > 1 && std::string_view{argv[1]}.starts_with(fuzz::target_tag);
}

int continue_fuzzing(int argc, char** argv) {
  const auto name = std::string_view{argv[1]}.substr(fuzz::target_tag.size());
  const auto* target = fuzz::find_target(name);
  return target == nullptr ? usage_exit : fuzz::run_engine(*target, argc, argv);
}

}  // namespace sipauth::commands
