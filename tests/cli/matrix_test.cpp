// The verdict of every check on every built-in registrar, held against the reviewed table
// docs/matrix.md. With SIPAUTH_WRITE_MATRIX set the table is written anew, to be read in the diff.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "checks/check.hpp"
#include "cli/builtin_run.hpp"
#include "registrar/profile.hpp"

namespace sipauth {
namespace {

constexpr std::string_view introduction =
    "# The verdicts on the built-in registrars\n\n"
    "<!-- Written by matrix_test with SIPAUTH_WRITE_MATRIX=1; the same test fails when it is out "
    "of "
    "date. -->\n\n"
    "Every check against every registrar that `sipauth serve --list-profiles` names, with "
    "`--bind`, "
    "`--intrusive`, a second account and time to wait. F fail, W warning, I note, `.` pass, `-` "
    "left out, `?` inconclusive. What a registrar is told to do is in its profile, what a check "
    "asks in [checks.md](checks.md).\n\n";

char letter_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::fail:
      return 'F';
    case Verdict::warn:
      return 'W';
    case Verdict::info:
      return 'I';
    case Verdict::pass:
      return '.';
    case Verdict::skip:
      return '-';
    case Verdict::inconclusive:
      return '?';
  }
  return ' ';
}

std::string matrix() {
  std::string numbered;
  std::string head = "| check |";
  std::string rule = "|---|";
  std::vector<BuiltinRun> runs;
  for (const auto& profile : registrar::profiles()) {
    runs.push_back(run_builtin(profile.name));
    numbered += fmt::format("{}. `{}`: {}\n", runs.size(), profile.name, profile.description);
    head += fmt::format(" {} |", runs.size());
    rule += ":-:|";
  }
  auto text = std::string{introduction} + numbered + '\n' + head + '\n' + rule + '\n';
  for (const auto* check : checks::catalogue()) {
    text += fmt::format("| {} |", check->id);
    for (const auto& run : runs) text += fmt::format(" {} |", letter_of(run[check->id].verdict));
    text += '\n';
  }
  return text;
}

std::string contents_of(const std::string& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

TEST(Matrix, OfProfilesAndChecksIsTheReviewedOne) {
  const std::string file = SIPAUTH_MATRIX;
  const auto seen = matrix();
  if (std::getenv("SIPAUTH_WRITE_MATRIX")) std::ofstream{file, std::ios::binary} << seen;
  const auto golden = contents_of(file);
  const auto now = lines_of(seen);
  const auto reviewed = lines_of(golden);
  ASSERT_EQ(now.size(), reviewed.size()) << "checks or profiles came or went";
  for (std::size_t i = 0; i < now.size(); ++i) EXPECT_EQ(now[i], reviewed[i]);
}

}  // namespace
}  // namespace sipauth
