// What is written where: how a stream wants its text, and the lines on standard error.
#pragma once

#include <string>
#include <string_view>

#include "commands/options.hpp"
#include "results/result.hpp"

namespace sipauth::commands {

/// How text for standard output is drawn: colours by --color, NO_COLOR, CLICOLOR_FORCE and TERM,
/// letters by the locale, width by the terminal.
[[nodiscard]] results::TextStyle standard_output_style(const GlobalOptions& global);

/// For a file: no colours, UTF-8, a fixed width.
[[nodiscard]] results::TextStyle file_style(const GlobalOptions& global);

/// Does this locale speak UTF-8? By LC_ALL, LC_CTYPE, LANG, the first that is set.
[[nodiscard]] bool locale_is_utf8();

/// Writes a line to standard error, -q or not. The text must be harmless for a terminal; letters it
/// cannot show are escaped.
void write_error_line(std::string_view text);

}  // namespace sipauth::commands
