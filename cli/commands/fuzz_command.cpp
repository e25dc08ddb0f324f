#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <string_view>

#include "commands/document.hpp"
#include "commands/fuzz_engine.hpp"
#include "commands/fuzz_report.hpp"
#include "commands/input.hpp"
#include "commands/options.hpp"
#include "commands/run.hpp"
#include "commands/suggest.hpp"
#include "fuzz/engine.hpp"
#include "fuzz/isolated_run.hpp"
#include "fuzz/targets.hpp"
#include "results/escape.hpp"

namespace sipauth::commands {
namespace {

namespace files = std::filesystem;
using results::Error;

constexpr int usage_exit = 2;
constexpr std::size_t most_bytes = 16U << 20U;

std::unexpected<Error> usage(std::string text) {
  return std::unexpected{Error{"usage", std::move(text)}};
}

std::expected<const fuzz::Target*, Error> find_target(const std::string& name) {
  if (name.empty()) return usage("Which parser? sipauth fuzz --list names them.");
  if (const auto* target = fuzz::find_target(name)) return target;
  std::vector<std::string_view> names;
  for (const auto& target : fuzz::targets()) names.push_back(target.name);
  return usage(fmt::format("There is no fuzz target \"{}\".{} sipauth fuzz --list names them.",
                           results::for_terminal(name), did_you_mean(name, names)));
}

// --- Replay. ---

// The file itself, or the files in the folder by name.
std::expected<std::vector<std::string>, Error> inputs_of(const std::string& path) {
  std::error_code error;
  if (!files::is_directory(path, error)) return std::vector{path};
  std::vector<std::string> inputs;
  for (const auto& entry : files::directory_iterator{path, error}) {
    if (entry.is_regular_file(error)) inputs.push_back(entry.path().string());
  }
  if (inputs.empty()) {
    return usage(fmt::format("There is nothing to replay in {}.", results::for_terminal(path)));
  }
  std::ranges::sort(inputs);
  return inputs;
}

std::string_view kind_of(fuzz::Outcome outcome) {
  constexpr auto names = std::to_array<std::string_view>({"clean", "crash", "oracle", "timeout"});
  return names[static_cast<std::size_t>(outcome)];
}

std::expected<FuzzReport, Error> replay(const fuzz::Target& target, const std::string& path) {
  const auto inputs = inputs_of(path);
  if (!inputs) return std::unexpected{inputs.error()};
  FuzzReport report{.target = std::string{target.name}};
  const auto begin = std::chrono::steady_clock::now();
  for (const auto& file : *inputs) {
    const auto input = read_input(file, most_bytes);
    if (!input) return usage(input.error());
    const auto run = fuzz::run_isolated(target, *input, fuzz::Told::on_standard_error);
    ++report.runs;
    if (run.outcome == fuzz::Outcome::clean) continue;
    report.findings.push_back(
        {.kind = std::string{kind_of(run.outcome)}, .file = file, .claim = run.claim});
  }
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  report.exit_code = report.findings.empty() ? 0 : 1;
  return report;
}

constexpr std::string_view no_engine =
    "There is no fuzzing engine in this build, and no sipauth-fuzz beside it. To get one: cmake "
    "--preset fuzz && cmake --build --preset fuzz, with clang++-19 and libclang-rt-19-dev. Inputs "
    "can be run without it: sipauth fuzz {} --replay FILE.";

std::expected<FuzzReport, Error> run(const GlobalOptions& global, const FuzzOptions& options) {
  const auto target = find_target(options.target);
  if (!target) return std::unexpected{target.error()};
  if (!options.replay.empty()) return replay(**target, options.replay);
  const auto engine = find_engine();
  if (!engine) {
    return std::unexpected{Error{"inconclusive", fmt::format(no_engine, options.target)}};
  }
  return run_engine(global, options, **target, *engine);
}

}  // namespace

int run_fuzz(const GlobalOptions& global, const FuzzOptions& options) {
  const auto outputs = document_outputs(global, "fuzz");
  if (!outputs) return put_out_error(global, "fuzz", outputs.error());
  if (options.list) return put_out_document(*outputs, render_fuzz_targets(), 0);
  const auto report = run(global, options);
  if (!report) return put_out_error(global, "fuzz", report.error());
  return put_out_document(*outputs, render_fuzz(*report), report->exit_code);
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
