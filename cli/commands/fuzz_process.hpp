// Another program, read line by line, that ends when this one is interrupted.
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace sipauth::commands {

struct ProgramEnd {
  int exit = -1;           ///< 128 + N after signal N, as a shell tells it
  double cpu_seconds = 0;  ///< of the program and of all that it waited for
  bool interrupted = false;
};

/// Starts `arguments[0]` and gives every line of both its outputs, without its end, to `line`;
/// where that returns false, the program is ended. SIGINT and SIGTERM (net::stop_requested) are
/// handed on as SIGINT. The sanitizers of the program are told to find a symbolizer and to keep
/// exit code 1 for us. The error is a sentence.
[[nodiscard]] std::expected<ProgramEnd, std::string> run_program(
    const std::vector<std::string>& arguments, const std::function<bool(std::string_view)>& line);

/// The path of the first of these programs that the PATH holds, or empty.
[[nodiscard]] std::string find_in_path(const std::vector<std::string>& names);

/// Whether a sanitizer names functions and lines, which takes it a while.
enum class Symbols : std::uint8_t { named, addresses };

/// Goes on as another program, which sees the `arguments` as they stand. Returns only when it could
/// not be started.
void become(const std::string& program, const std::vector<std::string>& arguments);

/// Goes on as this program from its beginning, once: a sanitizer reads its settings there alone.
void become_again(const std::vector<std::string>& arguments, Symbols symbols);

}  // namespace sipauth::commands
