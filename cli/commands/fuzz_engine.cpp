#include "commands/fuzz_engine.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <string_view>

#include "commands/input.hpp"
#include "commands/run.hpp"
#include "commands/values.hpp"
#include "fuzz/engine.hpp"
#include "fuzz/isolated_run.hpp"
#include "results/escape.hpp"
#include "sipauth/text.hpp"

namespace sipauth::commands {
namespace {

namespace files = std::filesystem;
using results::Error;
using Clock = std::chrono::steady_clock;

constexpr std::string_view companion = "sipauth-fuzz";
constexpr double default_seconds = 60;
constexpr int interrupted_exit = 130;
constexpr int engine_interrupted = 72;  // libFuzzer's -interrupted exit code
constexpr std::size_t most_bytes = 1U << 20U;
constexpr auto most_minimizing = std::chrono::seconds{10};

std::unexpected<Error> usage(std::string text) {
  return std::unexpected{Error{"usage", std::move(text)}};
}

// --- Folders and arguments. ---

// Where the seeds of the source tree or of an installation lie, seen from here.
std::vector<std::string> seed_folders(const fuzz::Target& target) {
  const auto beside = files::path{own_path()}.parent_path();
  const std::string name{target.name};
  for (const auto& corpus :
       {files::path{"corpus"}, beside / "../../corpus", beside / "../share/sipauth/corpus"}) {
    std::error_code ignored;
    if (!files::is_directory(corpus / name, ignored)) continue;
    std::vector<std::string> folders{(corpus / name).lexically_normal().string()};
    const auto regressions = corpus / "regressions" / name;
    if (files::is_directory(regressions, ignored)) {
      folders.push_back(regressions.lexically_normal().string());
    }
    return folders;
  }
  return {};
}

struct Folders {
  std::string corpus;
  std::string findings;
};

std::expected<Folders, Error> make_folders(const FuzzOptions& options) {
  const auto own = "sipauth-fuzz/" + options.target;
  Folders folders{.corpus = options.corpus.empty() ? own + "/corpus" : options.corpus,
                  .findings = own + "/findings/"};
  for (const auto& folder : {folders.corpus, folders.findings}) {
    std::error_code error;
    files::create_directories(folder, error);
    if (error) {
      return usage(fmt::format("The folder {} cannot be made: {}.", results::for_terminal(folder),
                               error.message()));
    }
  }
  return folders;
}

std::vector<std::string> engine_arguments(const FuzzOptions& options, const fuzz::Target& target,
                                          const std::string& engine, const Folders& folders,
                                          std::uint64_t seed) {
  std::vector<std::string> arguments{
      engine,
      std::string{fuzz::target_tag} + std::string{target.name},
      fmt::format("-seed={}", seed),
      "-timeout=5",
      "-rss_limit_mb=2048",
      "-print_final_stats=1",
      fmt::format("-artifact_prefix={}", folders.findings),
  };
  const auto seconds =
      options.seconds == 0 && options.runs == 0 ? default_seconds : options.seconds;
  if (seconds > 0) arguments.push_back(fmt::format("-max_total_time={:.0f}", std::ceil(seconds)));
  if (options.runs > 0) arguments.push_back(fmt::format("-runs={}", options.runs));
  // The engine writes into the first folder it is given; seeds behind it are read only.
  arguments.push_back(folders.corpus);
  std::ranges::copy(options.rest, std::back_inserter(arguments));
  std::ranges::copy(seed_folders(target), std::back_inserter(arguments));
  std::erase_if(arguments, [&](const std::string& argument) {
    return &argument != arguments.data() && !is_safe_argument(argument);
  });
  return arguments;
}

std::uint64_t drawn_seed() {
  std::random_device source;
  return std::uniform_int_distribution<std::uint32_t>{1, 0x7fff'ffff}(source);
}

// --- The process and what it says. ---

struct Child {
  pid_t process = -1;
  int output = -1;
};

Child start(const std::vector<std::string>& arguments) {
  std::vector<char*> argv;
  argv.reserve(arguments.size() + 1);
  for (const auto& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return {};
  const Child child{.process = ::fork(), .output = ends[0]};
  if (child.process == 0) {
    ::dup2(ends[1], STDOUT_FILENO);
    ::dup2(ends[1], STDERR_FILENO);
    ::execv(argv[0], argv.data());
    ::_exit(127);
  }
  ::close(ends[1]);
  return child;
}

std::optional<std::uint64_t> number_behind(std::string_view line, std::string_view mark) {
  const auto at = line.find(mark);
  if (at == std::string_view::npos) return std::nullopt;
  auto digits = trim(line.substr(at + mark.size()));
  digits = digits.substr(0, digits.find_first_not_of("0123456789"));
  const auto number = whole_of<std::uint64_t>(digits);
  return number ? std::optional{*number} : std::nullopt;
}

struct ArtifactKind {
  std::string_view prefix;
  std::string_view kind;
};
constexpr auto artifact_kinds = std::to_array<ArtifactKind>(
    {{"crash-", "crash"}, {"timeout-", "timeout"}, {"oom-", "oom"}, {"leak-", "leak"}});

// Reads the engine's lines as they come.
class EngineListener {
 public:
  EngineListener(const GlobalOptions& global, FuzzReport& report)
      : global_{global}, report_{report} {}

  void line(std::string_view line) {
    const auto read = [&](std::string_view mark, std::optional<std::uint64_t> before) {
      const auto number = number_behind(line, mark);
      return number ? number : before;
    };
    if (line.starts_with('#')) {
      report_.edges = read(" cov: ", report_.edges);
      report_.features = read(" ft: ", report_.features);
      report_.corpus = read(" corp: ", report_.corpus);
      report_.runs = read("#", report_.runs).value_or(0);
    }
    report_.runs = read("stat::number_of_executed_units:", report_.runs).value_or(0);
    constexpr std::string_view oracle = "oracle: ";
    if (line.starts_with(oracle)) claim_ = line.substr(oracle.size());
    artifact(line);
    tell(line);
  }

 private:
  void artifact(std::string_view line) {
    constexpr std::string_view written = "Test unit written to ";
    const auto at = line.find(written);
    if (at == std::string_view::npos) return;
    const std::string file{trim(line.substr(at + written.size()))};
    const auto name = files::path{file}.filename().string();
    const auto kind = std::ranges::find_if(
        artifact_kinds, [&](const ArtifactKind& row) { return name.starts_with(row.prefix); });
    if (kind == artifact_kinds.end()) return;  // a slow input is no finding
    report_.findings.push_back({.kind = std::string{claim_.empty() ? kind->kind : "oracle"},
                                .file = file,
                                .claim = claim_});
    claim_.clear();
  }

  // Its status lines are rewritten in place, unless all is asked for.
  void tell(std::string_view line) {
    const auto shown = results::for_terminal(line);
    if (line.starts_with('#') && global_.verbosity == 0) {
      show_progress(global_, shown);
    } else if (global_.verbosity > 0 || !report_.findings.empty() || is_report(line)) {
      show_progress(global_, "");
      say(global_, shown);
    }
  }

  static bool is_report(std::string_view line) {
    return line.starts_with("==") || line.starts_with("oracle: ") || line.starts_with("    #") ||
           line.contains("ERROR") || line.contains("runtime error");
  }

  const GlobalOptions& global_;
  FuzzReport& report_;
  std::string claim_;
};

void listen(int output, EngineListener& listener) {
  std::string pending;
  std::array<char, 4096> buffer;
  while (true) {
    const auto size = ::read(output, buffer.data(), buffer.size());
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) break;
    pending.append(buffer.data(), static_cast<std::size_t>(size));
    std::size_t begin = 0;
    for (auto end = pending.find('\n'); end != std::string::npos; end = pending.find('\n', begin)) {
      listener.line(std::string_view{pending}.substr(begin, end - begin));
      begin = end + 1;
    }
    pending.erase(0, begin);
  }
  if (!pending.empty()) listener.line(pending);
  ::close(output);
}

double cpu_seconds_of_children() {
  rusage usage{};
  ::getrusage(RUSAGE_CHILDREN, &usage);
  const auto seconds = [](timeval time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// --- What was found. ---

std::optional<fuzz::Outcome> outcome_of(const std::string& kind) {
  if (kind == "oracle") return fuzz::Outcome::oracle;
  if (kind == "crash") return fuzz::Outcome::crash;
  return std::nullopt;  // a timeout takes too long to be tried often, memory needs its limit
}

void minimize(const fuzz::Target& target, FuzzFinding& finding) {
  const auto outcome = outcome_of(finding.kind);
  const auto input = read_input(finding.file, most_bytes);
  if (!outcome || !input) return;
  const auto shorter = fuzz::minimized(target, *input, *outcome, most_minimizing);
  if (shorter.size() == input->size()) return;
  const auto name = finding.file + ".min";
  std::ofstream file{name, std::ios::binary};
  file << shorter;
  if (file.flush()) finding.minimized = name;
}

}  // namespace

std::string own_path() {
  std::error_code error;
  const auto path = files::read_symlink("/proc/self/exe", error);
  return error ? std::string{} : path.string();
}

std::optional<std::string> find_engine() {
  if (fuzz::has_engine()) return own_path();
  auto beside = (files::path{own_path()}.parent_path() / companion).string();
  if (::access(beside.c_str(), X_OK) == 0) return beside;
  return std::nullopt;
}

bool is_safe_argument(const std::string& argument) {
  return !argument.empty() && std::ranges::all_of(argument, [](char c) {
    return is_alpha(c) || is_digit(c) || std::string_view{"._/=+,:@%-"}.contains(c);
  });
}

std::expected<FuzzReport, Error> run_engine(const GlobalOptions& global, const FuzzOptions& options,
                                            const fuzz::Target& target, const std::string& engine) {
  for (const auto& argument : options.rest) {
    if (is_safe_argument(argument)) continue;
    return usage(fmt::format(
        "\"{}\" is not handed to libFuzzer, which may give it to a shell: only letters, "
        "digits and ._/=+,:@%- are.",
        results::for_terminal(argument)));
  }
  if (!options.corpus.empty() && !is_safe_argument(options.corpus)) {
    return usage("The name of --corpus may hold letters, digits and ._/=+,:@%- only.");
  }
  const auto folders = make_folders(options);
  if (!folders) return std::unexpected{folders.error()};

  const auto seed = options.seed.value_or(drawn_seed());
  FuzzReport report{.target = options.target};
  report.seed = seed;
  const auto begin = Clock::now();
  const auto cpu_before = cpu_seconds_of_children();
  const auto child = start(engine_arguments(options, target, engine, *folders, seed));
  if (child.process < 0) return usage("No process could be started for the engine.");
  EngineListener listener{global, report};
  listen(child.output, listener);
  int status = 0;
  while (::waitpid(child.process, &status, 0) < 0 && errno == EINTR) {
  }
  show_progress(global, "");
  report.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  report.cpu_seconds = cpu_seconds_of_children() - cpu_before;

  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  if (code != 0 && code != engine_interrupted && report.findings.empty()) {
    return usage(
        fmt::format("The engine ended with code {} and no finding; -v shows what it said.", code));
  }
  for (auto& finding : report.findings) minimize(target, finding);
  report.exit_code = !report.findings.empty() ? 1 : code == 0 ? 0 : interrupted_exit;
  return report;
}

}  // namespace sipauth::commands
