#include "commands/fuzz_report.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "fuzz/targets.hpp"
#include "results/escape.hpp"

namespace sipauth::commands {
namespace {

using nlohmann::ordered_json;

std::string replay_line(const FuzzReport& report, const FuzzFinding& finding) {
  return fmt::format("sipauth fuzz {} --replay {}", report.target,
                     finding.minimized.empty() ? finding.file : finding.minimized);
}

std::string text_of(const FuzzReport& report, const FuzzFinding& finding) {
  auto text = fmt::format("{}: {}\n", finding.kind, results::for_terminal(finding.file));
  if (!finding.claim.empty()) text += fmt::format("    does not hold: {}\n", finding.claim);
  text += fmt::format("    {}\n", results::for_terminal(replay_line(report, finding)));
  return text;
}

ordered_json json_of(const FuzzReport& report, const FuzzFinding& finding) {
  ordered_json json{{"kind", finding.kind},
                    {"file", results::for_json(finding.file)},
                    {"minimized", nullptr},
                    {"replay", results::for_json(replay_line(report, finding))}};
  if (!finding.minimized.empty()) json["minimized"] = results::for_json(finding.minimized);
  if (!finding.claim.empty()) json["claim"] = finding.claim;
  return json;
}

ordered_json number_or_null(std::optional<std::uint64_t> number) {
  return number ? ordered_json(*number) : ordered_json(nullptr);
}

std::uint64_t runs_per_cpu_second(const FuzzReport& report) {
  if (report.cpu_seconds <= 0) return 0;
  return static_cast<std::uint64_t>(static_cast<double>(report.runs) / report.cpu_seconds);
}

std::string text_of(const FuzzReport& report) {
  std::string text;
  for (const auto& finding : report.findings) text += text_of(report, finding);
  if (report.seed) {
    text += fmt::format("{}: {} runs in {:.1f} s, {} per CPU second, seed {}", report.target,
                        report.runs, report.seconds, runs_per_cpu_second(report), *report.seed);
    if (report.edges) text += fmt::format(", {} edges", *report.edges);
    if (report.corpus) text += fmt::format(", {} inputs kept", *report.corpus);
    text += '\n';
  } else {
    text += fmt::format("{}: {} input{} replayed\n", report.target, report.runs,
                        report.runs == 1 ? "" : "s");
  }
  text += report.findings.empty() ? std::string{"Nothing was found.\n"}
                                  : fmt::format("{} finding{}\n", report.findings.size(),
                                                report.findings.size() == 1 ? "" : "s");
  return text;
}

ordered_json json_of(const FuzzReport& report) {
  auto findings = ordered_json::array();
  for (const auto& finding : report.findings) findings.push_back(json_of(report, finding));
  return {{"schema", "sipauth/1"},
          {"command", "fuzz"},
          {"target", report.target},
          {"seed", number_or_null(report.seed)},
          {"runs", report.runs},
          {"seconds", report.seconds},
          {"runs_per_cpu_second", runs_per_cpu_second(report)},
          {"edges", number_or_null(report.edges)},
          {"features", number_or_null(report.features)},
          {"corpus", number_or_null(report.corpus)},
          {"findings", std::move(findings)},
          {"exit_code", report.exit_code}};
}

}  // namespace

Document render_fuzz(const FuzzReport& report) {
  return {.text = text_of(report), .json = json_of(report).dump(2) + '\n'};
}

Document render_fuzz_targets() {
  Document document;
  auto list = ordered_json::array();
  for (const auto& target : fuzz::targets()) {
    document.text += fmt::format("{:<20} {}\n", target.name, target.about);
    list.push_back({{"name", target.name}, {"text", target.about}});
  }
  const ordered_json json{{"schema", "sipauth/1"}, {"command", "fuzz"}, {"targets", list}};
  document.json = json.dump(2) + '\n';
  return document;
}

}  // namespace sipauth::commands
