#include "commands/terms.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>

#include "commands/input.hpp"
#include "commands/suggest.hpp"
#include "results/escape.hpp"
#include "sipauth/text.hpp"

namespace sipauth::commands {
namespace {

using nlohmann::json;

/// A run of the whole catalogue with all its messages is a hundredth of it.
constexpr std::size_t longest_baseline = 64U * 1024 * 1024;

constexpr auto verdicts = {Verdict::fail, Verdict::warn, Verdict::inconclusive,
                           Verdict::info, Verdict::skip, Verdict::pass};

std::unexpected<results::Error> usage(std::string text) {
  return std::unexpected{results::Error{"usage", std::move(text)}};
}

std::string text_in(const json& object, const char* name) {
  const auto member = object.find(name);
  return member != object.end() && member->is_string() ? member->get<std::string>() : std::string{};
}

std::optional<Verdict> verdict_called(std::string_view name) {
  const auto* found = std::ranges::find(verdicts, name, verdict_name);
  return found == verdicts.end() ? std::nullopt : std::optional{*found};
}

// The verdict of one row under a policy.
std::optional<Verdict> verdict_in(const json& row, checks::Policy policy) {
  const auto by_policy = row.find("verdicts");
  if (by_policy != row.end() && by_policy->is_object()) {
    return verdict_called(text_in(*by_policy, std::string{checks::policy_name(policy)}.c_str()));
  }
  return verdict_called(text_in(row, "verdict"));
}

bool is_finding(Verdict verdict) { return verdict == Verdict::fail || verdict == Verdict::warn; }

// Not to be judged is no finding, but an old story when it was so before.
bool is_known(Verdict then, Verdict now) {
  if (now == Verdict::inconclusive) return then == now;
  return is_finding(now) && is_finding(then) && then <= now;
}

std::expected<std::vector<std::string>, results::Error> ids_in(
    const std::vector<std::string>& lists) {
  std::vector<std::string> ids;
  for (const std::string_view list : lists) {
    for (std::size_t begin = 0; begin <= list.size();) {
      const auto end = std::min(list.find(',', begin), list.size());
      const auto word = trim(list.substr(begin, end - begin));
      begin = end + 1;
      if (word.empty()) continue;
      if (const auto* check = checks::find(word)) {
        ids.emplace_back(check->id);
        continue;
      }
      std::vector<std::string_view> names;
      for (const auto* check : checks::catalogue()) names.push_back(check->id);
      return usage(
          fmt::format("--expect-fail: there is no check {}.{} sipauth check --list names "
                      "them all.",
                      results::for_terminal(word), did_you_mean(word, names)));
    }
  }
  return ids;
}

void hold_against(const EarlierRun& earlier, results::Result& result) {
  results::Baseline baseline{.file = earlier.file, .started = earlier.started};
  for (auto& row : result.rows) {
    const auto then = earlier.verdicts.find(row.id);
    const bool was_there = then != earlier.verdicts.end();
    row.known = was_there && is_known(then->second, row.verdict);
    if (row.known) row.counts = false;
    if (is_finding(row.verdict)) {
      (row.known ? baseline.known : baseline.news).push_back(row.id);
    } else if (was_there && is_finding(then->second) && row.verdict != Verdict::skip &&
               row.verdict != Verdict::inconclusive) {
      baseline.gone.push_back(row.id);
    }
  }
  result.baseline = std::move(baseline);
}

void expect_to_fail(const std::string& id, results::Result& result) {
  const auto row = std::ranges::find(result.rows, id, &results::Row::id);
  if (row == result.rows.end()) {
    result.notes.push_back(id + " is expected to fail (--expect-fail), but was not selected.");
    return;
  }
  row->expected_to_fail = true;
  row->counts = row->passed_unexpectedly();
  if (row->passed_unexpectedly()) {
    result.notes.push_back(id + " was expected to fail (--expect-fail), but passed.");
  }
}

}  // namespace

std::expected<EarlierRun, std::string> read_earlier_run(std::string_view document,
                                                        checks::Policy policy) {
  const auto wrong = [](std::string text) { return std::unexpected{std::move(text)}; };
  const auto read = json::parse(document, nullptr, false);
  if (read.is_discarded()) return wrong("is no JSON: write it with sipauth check --json");
  if (!read.is_object() || text_in(read, "schema") != "sipauth/1") {
    return wrong("is no document of the schema sipauth/1: write it with sipauth check --json");
  }
  const auto results = read.find("results");
  if (results == read.end() || !results->is_array() || results->empty()) {
    return wrong("holds no results of checks: it has to be written by sipauth check or stale");
  }
  EarlierRun earlier{.started = text_in(read, "started")};
  for (const auto& row : *results) {
    const auto id = row.is_object() ? text_in(row, "id") : std::string{};
    if (id.empty()) return wrong("has a result without an id");
    const auto verdict = verdict_in(row, policy);
    if (!verdict) {
      return wrong(
          fmt::format("tells no verdict of {} that is known here", results::for_terminal(id)));
    }
    if (!earlier.verdicts.emplace(id, *verdict).second) {
      return wrong(fmt::format("has two results of {}", results::for_terminal(id)));
    }
  }
  return earlier;
}

std::expected<Terms, results::Error> terms_of(const CheckOptions& options) {
  Terms terms;
  const auto* policy = checks::find_policy(options.policy);
  if (policy == nullptr) {
    return usage(fmt::format("There is no policy \"{}\": it is field, rfc3261 or rfc8760.",
                             results::for_terminal(options.policy)));
  }
  terms.policy = policy->policy;
  auto ids = ids_in(options.expect_fail);
  if (!ids) return std::unexpected{std::move(ids.error())};
  terms.expected_to_fail = std::move(*ids);
  if (options.baseline.empty()) return terms;

  const auto document = read_input(options.baseline, longest_baseline);
  if (!document) return usage("--baseline: " + document.error());
  auto earlier = read_earlier_run(*document, terms.policy);
  if (!earlier) {
    const auto name =
        options.baseline == "-" ? "standard input" : results::for_terminal(options.baseline);
    return usage(fmt::format("--baseline: {} {}.", name, earlier.error()));
  }
  earlier->file = options.baseline;
  terms.baseline = std::move(*earlier);
  return terms;
}

void apply(const Terms& terms, results::Result& result) {
  if (terms.baseline) hold_against(*terms.baseline, result);
  for (const auto& id : terms.expected_to_fail) expect_to_fail(id, result);
}

}  // namespace sipauth::commands
