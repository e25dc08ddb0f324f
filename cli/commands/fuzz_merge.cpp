#include "commands/fuzz_merge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "commands/fuzz_engine.hpp"
#include "commands/fuzz_inputs.hpp"
#include "commands/fuzz_listener.hpp"
#include "commands/fuzz_process.hpp"
#include "commands/fuzz_replay.hpp"
#include "commands/fuzz_scratch.hpp"
#include "commands/input.hpp"
#include "commands/run.hpp"
#include "fuzz/engine.hpp"
#include "net/transport.hpp"
#include "results/escape.hpp"

namespace sipauth::commands {
namespace {

namespace files = std::filesystem;
using results::Error;

constexpr int interrupted_exit = 130;

std::unexpected<Error> usage(std::string text) {
  return std::unexpected{Error{"usage", std::move(text)}};
}

// Links under numbers, in the order of the files: libFuzzer merges through a shell, so it is shown
// harmless names and never the user's paths.
void link_all(const std::vector<std::string>& inputs, const std::string& folder) {
  files::create_directory(folder);
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    files::create_symlink(files::absolute(inputs[i]), fmt::format("{}/{:08}", folder, i));
  }
}

std::vector<std::string> without(std::vector<std::string> inputs,
                                 const std::vector<FuzzFinding>& findings) {
  std::set<std::string> failed;
  for (const auto& finding : findings) failed.insert(finding.file);
  std::erase_if(inputs, [&](const std::string& file) { return failed.contains(file); });
  return inputs;
}

// Copies what libFuzzer chose, by the names that the inputs came with; by libFuzzer's own, a hash,
// where another input has that name already.
std::expected<std::uint64_t, Error> keep(const std::string& chosen,
                                         const std::vector<std::string>& inputs,
                                         const std::string& corpus) {
  std::map<std::string, std::string> names;
  for (const auto& file : inputs) {
    if (const auto bytes = read_input(file, most_input_bytes)) {
      names.try_emplace(*bytes, files::path{file}.filename().string());
    }
  }
  std::uint64_t kept = 0;
  for (const auto& entry : files::directory_iterator{chosen}) {
    if (entry.is_symlink()) continue;  // of the corpus itself
    const auto bytes = read_input(entry.path().string(), most_input_bytes);
    if (!bytes) return usage(bytes.error());
    const auto known = names.find(*bytes);
    auto to = files::path{corpus} /
              (known == names.end() ? entry.path().filename().string() : known->second);
    if (files::exists(to)) to = files::path{corpus} / entry.path().filename();
    if (!write_file(to.string(), *bytes)) {
      return usage(fmt::format("{} cannot be written.", results::for_terminal(to.string())));
    }
    ++kept;
  }
  return kept;
}

std::expected<void, Error> choose(const GlobalOptions& global, const fuzz::Target& target,
                                  const ScratchFolder& scratch, FuzzReport& report) {
  const auto program = scratch.path() + "/engine";
  files::create_symlink(own_path(), program);
  const std::vector<std::string> arguments{program,
                                           std::string{fuzz::target_tag} + std::string{target.name},
                                           "-set_cover_merge=1",
                                           "-timeout=5",
                                           scratch.path() + "/corpus",
                                           scratch.path() + "/inputs"};
  FuzzReport engine{.target = report.target};
  EngineListener listener{global, engine};
  const auto end = run_program(arguments, [&](std::string_view line) {
    listener.line(line);
    return true;
  });
  listener.end();
  show_progress(global, "");
  if (!end) return usage(fmt::format("The engine could not be started: {}.", end.error()));
  report.cpu_seconds = end->cpu_seconds;
  report.edges = engine.edges;
  report.features = engine.features;
  if (end->interrupted) report.exit_code = interrupted_exit;
  if (end->exit == 0 || end->interrupted) return {};
  return usage(fmt::format("The engine ended with code {}: {}", end->exit,
                           results::sentence_for_terminal(listener.last_words())));
}

std::expected<void, Error> merge_into(const GlobalOptions& global, const fuzz::Target& target,
                                      const std::vector<std::string>& inputs,
                                      const std::string& corpus, FuzzReport& report) {
  const ScratchFolder scratch;
  if (!is_safe_argument(scratch.path())) {
    return usage("No folder of a harmless name could be made: set TMPDIR to one.");
  }
  const auto present = files_of({corpus});
  if (!present) return std::unexpected{present.error()};
  link_all(*present, scratch.path() + "/corpus");
  link_all(inputs, scratch.path() + "/inputs");
  if (const auto chosen = choose(global, target, scratch, report); !chosen) return chosen;
  if (net::stop_requested) return {};
  const auto kept = keep(scratch.path() + "/corpus", inputs, corpus);
  if (!kept) return std::unexpected{kept.error()};
  report.corpus = *kept;
  return {};
}

}  // namespace

std::expected<FuzzReport, Error> merge(const GlobalOptions& global, const FuzzOptions& options,
                                       const fuzz::Target& target) {
  const auto paths = paths_of(options);
  if (options.corpus.empty() || paths.empty()) {
    return usage(
        fmt::format("Merge what, and where to? sipauth fuzz {} --merge --corpus DIRECTORY "
                    "SEEDS...",
                    target.name));
  }
  const auto inputs = files_of(paths);
  if (!inputs) return std::unexpected{inputs.error()};
  const auto folders = make_work_folders(options);
  if (!folders) return std::unexpected{folders.error()};
  FuzzReport report{.target = std::string{target.name},
                    .action = FuzzAction::merge,
                    .program = options.command_line.front(),
                    .corpus_folder = folders->corpus};
  if (const auto ran = run_each(global, target, *inputs, report); !ran) {
    return std::unexpected{ran.error()};
  }
  if (net::stop_requested) return report;
  try {
    const auto merged =
        merge_into(global, target, without(*inputs, report.findings), folders->corpus, report);
    if (!merged) return std::unexpected{merged.error()};
  } catch (const files::filesystem_error& error) {
    return usage(fmt::format("{}: {}.", results::for_terminal(error.path1().string()),
                             error.code().message()));
  }
  return report;
}

}  // namespace sipauth::commands
