// A server that a test starts and stops: a process of its own, with its output at hand.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sipauth::interop {

/// A file descriptor that is closed when it goes.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_{number} {}
  Descriptor(Descriptor&& other) noexcept : number_{std::exchange(other.number_, -1)} {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor();

  int get() const { return number_; }

 private:
  int number_ = -1;
};

/// Runs until it goes out of scope, and never longer than the test.
class Process {
 public:
  enum class Output : bool {
    logged,  ///< both outputs go to the log
    read,    ///< standard output is read by `line`
  };

  /// Throws std::runtime_error when there can be no process. One whose program cannot be run ends
  /// with 127.
  Process(const std::vector<std::string>& command, const std::filesystem::path& log,
          Output output = Output::logged);
  Process(Process&& other) noexcept;
  Process& operator=(Process&& other) = delete;
  ~Process();

  /// True as soon as it has ended, false when it has not `within` that time.
  [[nodiscard]] bool ends(std::chrono::milliseconds within) const;
  /// Waits for its end and gives what waitpid() says.
  [[nodiscard]] int status();
  /// The next line that it writes, without the end of line.
  [[nodiscard]] std::optional<std::string> line(std::chrono::milliseconds within);

 private:
  pid_t pid_ = -1;
  Descriptor pidfd_;
  Descriptor out_;
  std::string unread_;
};

/// What a log holds so far.
[[nodiscard]] std::string text_of(const std::filesystem::path& log);

}  // namespace sipauth::interop
