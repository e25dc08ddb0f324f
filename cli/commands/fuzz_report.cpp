#include "commands/fuzz_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <iterator>
#include <nlohmann/json.hpp>

#include "commands/fuzz_inputs.hpp"
#include "fuzz/targets.hpp"
#include "results/escape.hpp"
#include "sipauth/text.hpp"

namespace sipauth::commands {
namespace {

using nlohmann::ordered_json;
using results::for_terminal;
using results::sentence_for_terminal;

constexpr std::size_t most_frames = 16;

std::string plural(std::uint64_t number, std::string_view what) {
  return fmt::format("{} {}{}", number, what, number == 1 ? "" : "s");
}

std::string replay_line(const FuzzReport& report, const FuzzFinding& finding) {
  return fmt::format("{} fuzz {} --replay {}", for_shell(report.program), report.target,
                     for_shell(finding.minimized.empty() ? finding.file : finding.minimized));
}

std::string with_size(const std::string& file) {
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  const auto shown = for_terminal(file);
  return error ? shown : fmt::format("{} ({})", shown, plural(size, "byte"));
}

std::string text_of(const FuzzReport& report, const FuzzFinding& finding) {
  auto text = fmt::format("{}: {}\n", finding.kind,
                          for_terminal(finding.claim.empty() ? finding.cause : finding.claim));
  const auto row = [&](std::string_view name, std::string_view value) {
    fmt::format_to(std::back_inserter(text), "    {:<10} {}\n", name, value);
  };
  row("input", with_size(finding.file));
  if (!finding.minimized.empty()) row("minimized", with_size(finding.minimized));
  for (std::size_t i = 0; i < finding.stack.size(); ++i) {
    row(i == 0 ? "stack" : "", sentence_for_terminal(finding.stack[i]));
  }
  if (!finding.comes_again) row("but", "it does not come about when this input is run alone");
  row("replay", sentence_for_terminal(replay_line(report, finding)));
  return text;
}

ordered_json json_of(const FuzzReport& report, const FuzzFinding& finding) {
  ordered_json json{{"kind", finding.kind},
                    {"file", results::for_json(finding.file)},
                    {"minimized", nullptr},
                    {"replay", results::for_json(replay_line(report, finding))}};
  if (!finding.minimized.empty()) json["minimized"] = results::for_json(finding.minimized);
  if (!finding.claim.empty()) json["claim"] = results::for_json(finding.claim);
  if (!finding.cause.empty()) json["cause"] = results::for_json(finding.cause);
  auto stack = ordered_json::array();
  for (const auto& frame : finding.stack) stack.push_back(results::for_json(frame));
  json["stack"] = std::move(stack);
  json["comes_again"] = finding.comes_again;
  return json;
}

ordered_json number_or_null(std::optional<std::uint64_t> number) {
  return number ? ordered_json(*number) : ordered_json(nullptr);
}

std::uint64_t runs_per_cpu_second(const FuzzReport& report) {
  if (report.cpu_seconds <= 0) return 0;
  return static_cast<std::uint64_t>(static_cast<double>(report.runs) / report.cpu_seconds);
}

std::string_view name_of(FuzzAction action) {
  constexpr auto names = std::to_array<std::string_view>({"fuzz", "replay", "minimize", "merge"});
  return names[static_cast<std::size_t>(action)];
}

// What was done, without what was found.
std::string deed_of(const FuzzReport& report) {
  switch (report.action) {
    case FuzzAction::fuzz: {
      auto text = fmt::format("{}: {} in {:.1f} s, {} per CPU second, seed {}", report.target,
                              plural(report.runs, "run"), report.seconds,
                              runs_per_cpu_second(report), report.seed.value_or(0));
      if (report.edges) fmt::format_to(std::back_inserter(text), ", {} edges", *report.edges);
      if (report.corpus) {
        fmt::format_to(std::back_inserter(text), ", {} kept", plural(*report.corpus, "input"));
      }
      return text;
    }
    case FuzzAction::replay:
      return fmt::format("{}: {} replayed", report.target, plural(report.runs, "input"));
    case FuzzAction::minimize:
      return fmt::format("{}: the smallest input that fails in this way", report.target);
    case FuzzAction::merge:
      return fmt::format("{}: of {}, {} added to {}", report.target, plural(report.runs, "input"),
                         report.corpus.value_or(0), for_terminal(report.corpus_folder));
  }
  return {};
}

std::string text_of(const FuzzReport& report) {
  std::string text;
  for (const auto& finding : report.findings) text += text_of(report, finding);
  text += deed_of(report) + '\n';
  if (report.exit_code == 130) text += "Interrupted.\n";
  text += report.findings.empty() ? std::string{"Nothing was found.\n"}
                                  : plural(report.findings.size(), "finding") + '\n';
  return text;
}

ordered_json json_of(const FuzzReport& report) {
  auto findings = ordered_json::array();
  for (const auto& finding : report.findings) findings.push_back(json_of(report, finding));
  return {{"schema", "sipauth/1"},
          {"command", "fuzz"},
          {"action", name_of(report.action)},
          {"target", report.target},
          {"seed", number_or_null(report.seed)},
          {"runs", report.runs},
          {"seconds", report.seconds},
          {"runs_per_cpu_second", runs_per_cpu_second(report)},
          {"edges", number_or_null(report.edges)},
          {"features", number_or_null(report.features)},
          {"corpus", number_or_null(report.corpus)},
          {"corpus_folder", report.corpus_folder.empty()
                                ? ordered_json(nullptr)
                                : ordered_json(results::for_json(report.corpus_folder))},
          {"findings", std::move(findings)},
          {"exit_code", report.exit_code}};
}

std::span<const fuzz::Mutation> mutations_of(const fuzz::Target& target) {
  return target.mutations == nullptr ? std::span<const fuzz::Mutation>{} : target.mutations();
}

// Frames that are the same of every finding, or a library's in between.
bool is_machinery(std::string_view frame) {
  constexpr auto names = std::to_array<std::string_view>(
      {"__asan", "__lsan", "__ubsan", "__sanitizer", "__interceptor", "operator new",
       "operator delete", "malloc (", "calloc (", "realloc (", "free ("});
  return frame.contains("/include/c++/") ||
         std::ranges::any_of(names, [&](std::string_view name) { return frame.starts_with(name); });
}

// From here on outwards is what runs the target.
bool is_runner(std::string_view frame) {
  constexpr auto names = std::to_array<std::string_view>(
      {"fuzzer::", "sipauth::fuzz::run_input", "sipauth::fuzz::(anonymous namespace)::run_"});
  return std::ranges::any_of(names, [&](std::string_view name) { return frame.starts_with(name); });
}

// `#3 0x55d0 in f(int) /src/a.cpp:7:2` as `f(int) /src/a.cpp:7:2`; empty for other lines.
std::string_view frame_in(std::string_view line) {
  line = trim(line);
  if (!line.starts_with('#')) return {};
  constexpr std::string_view before = " in ";
  if (const auto at = line.find(before); at != std::string_view::npos) {
    return line.substr(at + before.size());
  }
  const auto at = line.find("0x");
  return at == std::string_view::npos ? std::string_view{} : line.substr(at);
}

}  // namespace

std::vector<std::string> stack_of(std::string_view sanitizer_report) {
  std::vector<std::string> frames;
  bool inside = false;
  for (std::size_t begin = 0; begin < sanitizer_report.size();) {
    const auto end = std::min(sanitizer_report.find('\n', begin), sanitizer_report.size());
    const auto line = sanitizer_report.substr(begin, end - begin);
    begin = end + 1;
    const auto frame = frame_in(line);
    if (frame.empty() && inside) break;  // of several stacks, the first
    if (frame.empty()) continue;
    inside = true;
    if (frames.size() == most_frames || (is_runner(frame) && !frames.empty())) break;
    if (!is_runner(frame) && !is_machinery(frame)) frames.emplace_back(frame);
  }
  return frames;
}

Document render_fuzz(const FuzzReport& report) {
  return {.text = text_of(report), .json = json_of(report).dump(2) + '\n'};
}

Document render_fuzz_targets() {
  Document document;
  auto list = ordered_json::array();
  for (const auto& target : fuzz::targets()) {
    std::size_t seeds = 0;
    const auto folders = seed_folders(target);
    for (const auto& folder : folders) seeds += count_files(folder);
    auto mutations = ordered_json::array();
    for (const auto& mutation : mutations_of(target)) mutations.push_back(mutation.name);
    fmt::format_to(std::back_inserter(document.text), "{:<20} {:>4} {:<10} {:>2} mutation{} {}\n",
                   target.name, seeds, seeds == 1 ? "seed" : "seeds", mutations.size(),
                   mutations.size() == 1 ? " " : "s", target.about);
    list.push_back({{"name", target.name},
                    {"about", target.about},
                    {"seeds", seeds},
                    {"folders", folders},
                    {"mutations", std::move(mutations)},
                    {"words", target.dictionary.size()}});
  }
  const ordered_json json{{"schema", "sipauth/1"}, {"command", "fuzz"}, {"targets", list}};
  document.json = json.dump(2) + '\n';
  return document;
}

}  // namespace sipauth::commands
