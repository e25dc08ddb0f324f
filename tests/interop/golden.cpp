#include "interop/golden.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace sipauth::interop {
namespace {

using nlohmann::json;

/// What the options of these runs leave out, whoever the server is, and what few servers have.
const Lines& left_out() {
  static const Lines lines{
      {"SA-AUTH-02", "skip", "needs --bind"},
      {"SA-NC-02", "skip", "needs --bind"},
      {"SA-TX-04", "skip", "needs --bind"},
      {"SA-AUTH-15", "skip", "--second-user"},
      {"SA-NONCE-09", "skip", "--second-user"},
      {"SA-NONCE-12", "skip", "--second-target"},
      {"SA-NONCE-17", "skip", "--restart-hook"},
      {"SA-AUTH-23", "skip", "--intrusive"},
      {"SA-AUTH-29", "skip", "--intrusive"},
      {"SA-ENUM-02", "skip", "--intrusive"},
      {"SA-NONCE-15", "skip", "left out by --no-wait"},
      {"SA-NONCE-16", "skip", "left out by --no-wait"},
      {"SA-TX-10", "skip", "not over TLS"},
      {"SA-TX-12", "skip", "not over WebSocket"},
      {"SA-INFO-*", "skip", "no Authentication-Info"},
  };
  return lines;
}

bool is_star(const Line& line) { return line.id.ends_with('*'); }

/// The line of that check, or nothing.
const Line* line_of(std::string_view id, const Lines& lines) {
  const auto whole = std::ranges::find(lines, id, &Line::id);
  if (whole != lines.end()) return &*whole;
  const auto star = std::ranges::find_if(lines, [id](const Line& line) {
    return is_star(line) && id.starts_with(line.id.substr(0, line.id.size() - 1));
  });
  return star != lines.end() ? &*star : nullptr;
}

bool allows(std::string_view verdicts, std::string_view verdict) {
  for (;;) {
    const auto bar = verdicts.find('|');
    if (verdicts.substr(0, bar) == verdict) return true;
    if (bar == std::string_view::npos) return false;
    verdicts.remove_prefix(bar + 1);
  }
}

std::string text(const json& object, const char* name) { return object.value(name, std::string{}); }

/// Empty when the result is what the line says.
std::string difference(const json& result, const Line* line) {
  const auto verdict = text(result, "verdict");
  const auto summary = text(result, "summary");
  const std::string_view expected = line != nullptr ? line->verdict : "pass";
  if (!allows(expected, verdict)) {
    return fmt::format("{}: {} instead of {}: {}\n{}", text(result, "id"), verdict, expected,
                       summary,
                       line != nullptr ? fmt::format("    known of it: {}\n", line->because) : "");
  }
  if (verdict == "skip" && line != nullptr && !summary.contains(line->because)) {
    return fmt::format("{}: skipped for another reason than \"{}\": {}\n", text(result, "id"),
                       line->because, summary);
  }
  return "";
}

/// The results that need a line, to be read beside the table.
std::string table_of(const json& document) {
  std::string table;
  for (const auto& result : document["results"]) {
    const auto verdict = text(result, "verdict");
    if (verdict == "pass") continue;
    table +=
        fmt::format("  {:<12} {:<12} {}\n", text(result, "id"), verdict, text(result, "summary"));
  }
  return table;
}

}  // namespace

Lines joined(Lines own, const Lines& common) {
  own.insert(own.end(), common.begin(), common.end());
  return own;
}

std::string differences(const json& document, const Lines& lines) {
  std::string all;
  std::set<std::string, std::less<>> ran;
  for (const auto& result : document["results"]) {
    const auto id = text(result, "id");
    all += difference(result, line_of(id, lines));
    ran.insert(id);
  }
  for (const auto& line : lines) {
    if (!is_star(line) && !ran.contains(line.id)) {
      all += fmt::format("{}: did not run, though it has a line\n", line.id);
    }
  }
  return all;
}

void expect_verdicts(const Judged& run, const Lines& lines, const std::string& log) {
  const auto outcome = e2e::run(run.arguments, "secret\n");
  const auto document = json::parse(outcome.out, nullptr, false);
  ASSERT_TRUE(document.is_object()) << outcome.out << outcome.err << log;
  ASSERT_FALSE(document["results"].empty()) << outcome.out << outcome.err;
  const auto found = differences(document, joined(lines, left_out()));
  EXPECT_TRUE(found.empty()) << found << "All that did not pass:\n" << table_of(document);
  EXPECT_EQ(outcome.exit, run.exit) << outcome.err;
  EXPECT_EQ(document["exit_code"], run.exit);
  const auto& named = document["target"]["server"];
  const auto server = named.is_string() ? named.get<std::string>() : std::string{};
  EXPECT_TRUE(run.server.empty() ? server.empty() : server.starts_with(run.server)) << server;
}

}  // namespace sipauth::interop
