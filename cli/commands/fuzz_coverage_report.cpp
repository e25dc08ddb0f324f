#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string_view>

#include "commands/fuzz_coverage.hpp"
#include "results/escape.hpp"

namespace sipauth::commands {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

// From the top of the sources, or empty when the file is not the library's.
std::string_view file_of_library(std::string_view file) {
  for (const std::string_view folder : {"lib/src/", "lib/include/"}) {
    const auto at = file.rfind(folder);
    if (at == 0 || (at != std::string_view::npos && file[at - 1] == '/')) return file.substr(at);
  }
  return {};
}

Reached reached(const json& summary, const char* what) {
  const auto& figures = summary.at(what);
  return {.all = figures.at("count").get<std::uint64_t>(),
          .reached = figures.at("covered").get<std::uint64_t>()};
}

double percent(const Reached& part) {
  if (part.all == 0) return 100;
  return 100.0 * static_cast<double>(part.reached) / static_cast<double>(part.all);
}

std::string row(std::string_view name, const FileCoverage& file) {
  return fmt::format("{:<44} {:>6.1f} {:>8.1f} {:>9.1f} {:>10.1f}   {:>5} of {:>5}\n", name,
                     percent(file.lines), percent(file.regions), percent(file.branches),
                     percent(file.functions), file.lines.reached, file.lines.all);
}

ordered_json json_of(const Reached& part) {
  return {{"all", part.all}, {"reached", part.reached}, {"percent", percent(part)}};
}

ordered_json json_of(const FileCoverage& file) {
  return {{"lines", json_of(file.lines)},
          {"regions", json_of(file.regions)},
          {"branches", json_of(file.branches)},
          {"functions", json_of(file.functions)}};
}

std::string text_of(const CoverageReport& report) {
  std::string text;
  for (const auto& failure : report.failures) text += render_fuzz(failure).text;
  fmt::format_to(std::back_inserter(text), "{:<44} {:>6} {:>8} {:>9} {:>10}   {:>14}\n",
                 "percent of", "lines", "regions", "branches", "functions", "lines");
  for (const auto& file : report.files) text += row(file.file, file);
  text += row(fmt::format("the library, by {} inputs", report.inputs), report.total);
  return text;
}

std::string json_of(const CoverageReport& report) {
  auto files = ordered_json::array();
  for (const auto& file : report.files) {
    ordered_json entry{{"file", results::for_json(file.file)}};
    entry.update(json_of(file));
    files.push_back(std::move(entry));
  }
  auto findings = ordered_json::array();
  for (const auto& failure : report.failures) {
    for (const auto& finding : ordered_json::parse(render_fuzz(failure).json)["findings"]) {
      findings.push_back(finding);
    }
  }
  const ordered_json document{
      {"schema", "sipauth/1"},
      {"command", "fuzz"},
      {"action", "coverage"},
      {"target", report.target.empty() ? ordered_json(nullptr) : ordered_json(report.target)},
      {"inputs", report.inputs},
      {"coverage", json_of(report.total)},
      {"files", std::move(files)},
      {"findings", std::move(findings)},
      {"exit_code", report.exit_code}};
  return document.dump(2) + '\n';
}

}  // namespace

std::expected<std::vector<FileCoverage>, std::string> read_coverage(const std::string& text) {
  std::vector<FileCoverage> files;
  try {
    const auto document = json::parse(text);
    for (const auto& entry : document.at("data").at(0).at("files")) {
      const auto& name = entry.at("filename").get_ref<const std::string&>();
      const auto file = file_of_library(name);
      if (file.empty()) continue;
      const auto& summary = entry.at("summary");
      files.push_back({.file = std::string{file},
                       .lines = reached(summary, "lines"),
                       .regions = reached(summary, "regions"),
                       .branches = reached(summary, "branches"),
                       .functions = reached(summary, "functions")});
    }
  } catch (const json::exception&) {
    return std::unexpected{std::string{"What llvm-cov wrote could not be read."}};
  }
  if (files.empty()) return std::unexpected{std::string{"llvm-cov named no file of the library."}};
  std::ranges::sort(files, {}, &FileCoverage::file);
  return files;
}

FileCoverage total_of(const std::vector<FileCoverage>& files) {
  FileCoverage total{.file = "total"};
  for (const auto& file : files) {
    for (const auto part : {&FileCoverage::lines, &FileCoverage::regions, &FileCoverage::branches,
                            &FileCoverage::functions}) {
      (total.*part).all += (file.*part).all;
      (total.*part).reached += (file.*part).reached;
    }
  }
  return total;
}

Document render_coverage(const CoverageReport& report) {
  return {.text = text_of(report), .json = json_of(report)};
}

}  // namespace sipauth::commands
