// The built program, run as a user runs it: arguments and standard input in, exit code and both
// outputs out. It has no terminal, so it never prompts.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sipauth::e2e {

using Arguments = std::vector<std::string>;
/// Set besides what the test program was started with; SIPAUTH_PASSWORD is never inherited.
using Environment = std::vector<std::pair<std::string, std::string>>;

struct Outcome {
  int exit = -1;  ///< 128 + N after signal N, as a shell tells it
  std::string out;
  std::string err;
};

/// How long a run may take before it is killed and its exit is that of SIGKILL.
inline constexpr std::chrono::seconds longest_run{60};

/// Runs to the end.
[[nodiscard]] Outcome run(const Arguments& arguments, std::string_view standard_input = {},
                          const Environment& environment = {});

/// A run that goes on while the test does something else: `serve`. Killed when it goes out of
/// scope.
class Tool {
 public:
  explicit Tool(const Arguments& arguments, const Environment& environment = {});
  ~Tool();
  Tool(const Tool&) = delete;
  Tool& operator=(const Tool&) = delete;

  /// Reads until either output contains `text`; false when the run ended or `limit` passed first.
  [[nodiscard]] bool wait_for(std::string_view text, std::chrono::milliseconds limit = longest_run);

  /// All that was written so far, or up to the last wait.
  [[nodiscard]] const std::string& out() const { return outcome_.out; }
  [[nodiscard]] const std::string& err() const { return outcome_.err; }

  void send_signal(int number) const;

  /// Writes `standard_input`, closes it, and reads to the end.
  [[nodiscard]] Outcome finish(std::string_view standard_input = {});

 private:
  bool read_more(std::chrono::steady_clock::time_point end, std::string_view& standard_input);
  void reap();

  pid_t pid_ = -1;
  int in_ = -1;
  int out_ = -1;
  int err_ = -1;
  Outcome outcome_;
};

/// A directory of the test's own, removed with all that is in it.
class ScratchDirectory {
 public:
  ScratchDirectory();
  ~ScratchDirectory();
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;

  /// Writes a file and gives its path. The mode is that of a password file unless told otherwise.
  [[nodiscard]] std::string file(const std::string& name, std::string_view text,
                                 mode_t mode = 0600) const;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace sipauth::e2e
