#include "commands/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>

#include "commands/run.hpp"
#include "results/escape.hpp"
#include "sipauth/text.hpp"

namespace sipauth::commands {
namespace {

constexpr std::size_t usual_width = 100;
constexpr std::size_t widest = 140;  // longer lines are hard to read

std::string_view environment(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? std::string_view{} : std::string_view{value};
}

bool wants_colour(const std::string& option) {
  if (option == "always") return true;
  if (option == "never" || !environment("NO_COLOR").empty()) return false;
  const auto forced = environment("CLICOLOR_FORCE");
  if (!forced.empty() && forced != "0") return true;
  return ::isatty(STDOUT_FILENO) != 0 && environment("TERM") != "dumb";
}

std::size_t terminal_width(int descriptor) {
  winsize size{};
  if (::isatty(descriptor) == 0 || ::ioctl(descriptor, TIOCGWINSZ, &size) != 0 ||
      size.ws_col == 0) {
    return usual_width;
  }
  return std::min<std::size_t>(size.ws_col, widest);
}

// Whether the last thing on standard error is a progress line, which the next line replaces.
bool progress_is_shown = false;

void clear_progress() {
  if (!progress_is_shown) return;
  std::fputs("\r\x1b[K", stderr);
  progress_is_shown = false;
}

std::string for_standard_error(std::string_view text) {
  return locale_is_utf8() ? std::string{text} : results::ascii_only(text);
}

// The first `columns` letters.
std::string_view shortened(std::string_view text, std::size_t columns) {
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    const bool begins = (static_cast<unsigned char>(text[at]) & 0xc0U) != 0x80;
    if (begins && columns-- == 0) break;
  }
  return text.substr(0, at);
}

}  // namespace

results::TextStyle standard_output_style(const GlobalOptions& global) {
  return {.colour = wants_colour(global.color),
          .utf8 = locale_is_utf8(),
          .verbosity = global.verbosity,
          .width = terminal_width(STDOUT_FILENO)};
}

results::TextStyle file_style(const GlobalOptions& global) {
  return {.colour = false, .utf8 = true, .verbosity = global.verbosity, .width = usual_width};
}

bool locale_is_utf8() {
  for (const char* const name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const auto value = environment(name);
    if (value.empty()) continue;
    const auto charset = value.substr(std::min(value.find('.'), value.size()));
    const auto plain = charset.substr(0, charset.find('@'));
    return same(plain, ".UTF-8") || same(plain, ".UTF8");
  }
  return false;
}

void write_error_line(std::string_view text) {
  clear_progress();
  const auto line = for_standard_error(text) + '\n';
  std::fwrite(line.data(), 1, line.size(), stderr);
}

void say(const GlobalOptions& global, const std::string& line) {
  if (!global.quiet) write_error_line(results::sentence_for_terminal(line));
}

void show_progress(const GlobalOptions& global, const std::string& line) {
  if (global.quiet || ::isatty(STDERR_FILENO) == 0) return;
  clear_progress();
  if (line.empty()) return;
  const auto harmless = results::sentence_for_terminal(line);
  const auto text = for_standard_error(shortened(harmless, terminal_width(STDERR_FILENO) - 1));
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
  progress_is_shown = true;
}

}  // namespace sipauth::commands
