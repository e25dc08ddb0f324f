#include "commands/fuzz_listener.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <utility>

#include "commands/run.hpp"
#include "commands/values.hpp"
#include "fuzz/isolated_run.hpp"
#include "results/escape.hpp"
#include "sipauth/text.hpp"

namespace sipauth::commands {
namespace {

constexpr std::size_t most_failure = 64U << 10U;
constexpr std::string_view oracle = "oracle: ";
constexpr std::string_view summary = "SUMMARY: ";

std::optional<std::uint64_t> number_behind(std::string_view line, std::string_view mark) {
  const auto at = line.find(mark);
  if (at == std::string_view::npos) return std::nullopt;
  auto digits = trim(line.substr(at + mark.size()));
  digits = digits.substr(0, digits.find_first_not_of("0123456789"));
  const auto number = whole_of<std::uint64_t>(digits);
  return number ? std::optional{*number} : std::nullopt;
}

// The number before a mark, as in `12 new files`.
std::optional<std::uint64_t> number_before(std::string_view line, std::string_view mark) {
  const auto end = line.find(mark);
  if (end == std::string_view::npos) return std::nullopt;
  auto digits = line.substr(0, end);
  digits.remove_prefix(digits.find_last_not_of("0123456789") + 1);
  const auto number = whole_of<std::uint64_t>(digits);
  return number ? std::optional{*number} : std::nullopt;
}

struct ArtifactKind {
  std::string_view prefix;
  std::string_view kind;
};
constexpr auto artifact_kinds = std::to_array<ArtifactKind>(
    {{"crash-", "crash"}, {"timeout-", "timeout"}, {"oom-", "oom"}, {"leak-", "leak"}});

bool is_figure(std::string_view line) {
  return line.starts_with('#') || line.starts_with("stat::") || line.starts_with("INFO: ") ||
         line.starts_with("MERGE-") || line.starts_with("Done ") || line.empty();
}

// The first line of what a sanitizer or the engine writes about a failure.
bool begins_failure(std::string_view line) {
  return line.starts_with(oracle) || line.contains("ERROR: ") || line.contains("runtime error: ");
}

std::string cause_in(std::string_view failure) {
  const auto at = failure.find(summary);
  if (at == std::string_view::npos) return {};
  const auto begin = at + summary.size();
  return std::string{failure.substr(begin, failure.find('\n', begin) - begin)};
}

}  // namespace

void EngineListener::line(std::string_view line) {
  status(line);
  failure(line);
  artifact(line);
  if (!is_figure(line)) last_words_ = line;
  tell(line);
}

void EngineListener::status(std::string_view line) {
  const auto keep = [](std::optional<std::uint64_t>& into, std::optional<std::uint64_t> number) {
    if (number) into = number;
  };
  if (line.starts_with('#')) {
    keep(report_.edges, number_behind(line, " cov: "));
    keep(report_.features, number_behind(line, " ft: "));
    keep(report_.corpus, number_behind(line, " corp: "));
    report_.runs = number_behind(line, "#").value_or(report_.runs);
  }
  report_.runs = number_behind(line, "stat::number_of_executed_units:").value_or(report_.runs);
  if (line.starts_with("MERGE-OUTER: ") && line.contains(" new files ")) {
    keep(report_.features, number_before(line, " new features"));
    keep(report_.edges, number_before(line, " new coverage edges"));
  }
}

void EngineListener::failure(std::string_view line) {
  if (line.starts_with(oracle)) claim_ = line.substr(oracle.size());
  if (failure_.empty() && !begins_failure(line)) return;
  if (failure_.size() < most_failure) failure_.append(line).append(1, '\n');
}

void EngineListener::artifact(std::string_view line) {
  constexpr std::string_view written = "Test unit written to ";
  const auto at = line.find(written);
  if (at == std::string_view::npos) return;
  const std::string file{trim(line.substr(at + written.size()))};
  const auto name = std::filesystem::path{file}.filename().string();
  const auto kind = std::ranges::find_if(
      artifact_kinds, [&](const ArtifactKind& row) { return name.starts_with(row.prefix); });
  if (kind == artifact_kinds.end()) return;  // a slow input is no finding
  FuzzFinding finding{.kind = std::string{claim_.empty() ? kind->kind : "oracle"},
                      .file = file,
                      .claim = std::exchange(claim_, {})};
  if (finding.claim.empty()) {
    finding.cause = fuzz::bound_of(finding.kind);
    if (finding.cause.empty()) finding.cause = cause_in(failure_);
    finding.stack = stack_of(failure_);
  }
  failure_.clear();
  report_.findings.push_back(std::move(finding));
}

// Of a timeout the engine writes the stack behind the artifact's name.
void EngineListener::end() {
  if (report_.findings.empty()) return;
  auto& last = report_.findings.back();
  if (last.claim.empty() && last.stack.empty()) last.stack = stack_of(failure_);
}

// Its status lines are rewritten in place, unless all is asked for.
void EngineListener::tell(std::string_view line) {
  const auto shown = results::for_terminal(line);
  if (global_.verbosity > 0) {
    say(global_, shown);
  } else if (line.starts_with('#')) {
    show_progress(global_, shown);
  }
}

}  // namespace sipauth::commands
