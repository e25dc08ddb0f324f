// What the tool is to say about a server: a table of the verdicts that are not pass, each with what
// that server does. A verdict that changes fails the test by the name of its check.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "e2e/tool.hpp"

namespace sipauth::interop {

/// Checks without a line pass.
struct Line {
  std::string_view id;       ///< of one check; a star at its end stands for all that begin so
  std::string_view verdict;  ///< `a|b` where chance decides
  /// What this server really does; of a skip: how the tool says why, somewhere in its summary.
  std::string_view because;
};

using Lines = std::vector<Line>;

/// The lines of one server behind those that it has in common with others: the first that names a
/// check counts, and one with its whole name before one with a star.
[[nodiscard]] Lines joined(Lines own, const Lines& common);

/// What a run's document says otherwise than the table, for people to read; empty when nothing. A
/// line of a check that did not run is a difference as well.
[[nodiscard]] std::string differences(const nlohmann::json& document, const Lines& lines);

/// Runs `sipauth check` or another command with a document, and compares. `server` is how the
/// Server header begins (empty: there is none), `log` what that server has said.
struct Judged {
  e2e::Arguments arguments;
  std::string_view server;
  int exit = 0;
};
void expect_verdicts(const Judged& run, const Lines& lines, const std::string& log);

}  // namespace sipauth::interop
