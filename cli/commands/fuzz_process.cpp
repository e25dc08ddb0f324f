#include "commands/fuzz_process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include "net/transport.hpp"

namespace sipauth::commands {
namespace {

constexpr int looks_every_ms = 100;  // at net::stop_requested
constexpr std::size_t longest_line = 64U << 10U;

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all;
  all.reserve(texts.size() + 1);
  for (auto& text : texts) all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

// As of libFuzzer: 1, the exit code of a sanitizer, is that of other errors too.
constexpr std::string_view our_exit = "exitcode=77";

// The user's settings between, so that they count where we only wish.
std::string settings(const char* name, Symbols symbols) {
  const char* theirs = std::getenv(name);
  return fmt::format("{}={}:{}:symbolize={}", name, our_exit, theirs == nullptr ? "" : theirs,
                     symbols == Symbols::named ? 1 : 0);
}

std::vector<std::string> environment(Symbols symbols) {
  std::vector<std::string> own{settings("ASAN_OPTIONS", symbols),
                               settings("UBSAN_OPTIONS", symbols)};
  if (std::getenv("ASAN_SYMBOLIZER_PATH") == nullptr) {
    const auto symbolizer = find_in_path({"llvm-symbolizer-19", "llvm-symbolizer"});
    if (!symbolizer.empty()) own.push_back("ASAN_SYMBOLIZER_PATH=" + symbolizer);
  }
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    if (!text.starts_with("ASAN_OPTIONS=") && !text.starts_with("UBSAN_OPTIONS=")) {
      own.emplace_back(text);
    }
  }
  return own;
}

struct Child {
  pid_t process = -1;
  int output = -1;
};

Child start(std::vector<std::string> arguments) {
  auto texts = environment(Symbols::named);
  const auto argv = pointers(arguments);
  const auto envp = pointers(texts);
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return {};
  const auto parent = ::getpid();
  const Child child{.process = ::fork(), .output = ends[0]};
  if (child.process == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(127);
    ::setpgid(0, 0);  // so that what it starts is ended with it
    // How deep the stack is counts for the engine, and where it begins would be drawn by lot.
    ::personality(ADDR_NO_RANDOMIZE);
    ::dup2(ends[1], STDOUT_FILENO);
    ::dup2(ends[1], STDERR_FILENO);
    ::execve(argv[0], argv.data(), envp.data());
    ::_exit(127);
  }
  ::close(ends[1]);
  if (child.process < 0) {
    ::close(child.output);
  } else {
    ::setpgid(child.process, child.process);  // whoever comes first
  }
  return child;
}

// Cuts what was read into lines.
class Lines {
 public:
  explicit Lines(const std::function<bool(std::string_view)>& line) : line_{line} {}

  bool take(std::string_view bytes) {
    pending_.append(bytes);
    bool wanted = true;
    std::size_t begin = 0;
    for (auto end = pending_.find('\n'); end != std::string::npos;
         end = pending_.find('\n', begin)) {
      wanted = line_(std::string_view{pending_}.substr(begin, end - begin)) && wanted;
      begin = end + 1;
    }
    pending_.erase(0, begin);
    if (pending_.size() > longest_line) finish();
    return wanted;
  }

  void finish() {
    if (!pending_.empty()) line_(pending_);
    pending_.clear();
  }

 private:
  const std::function<bool(std::string_view)>& line_;
  std::string pending_;
};

// True when the program was told to end because this one was.
bool read_until_end(const Child& child, Lines& lines) {
  std::array<char, 4096> buffer;
  bool interrupted = false;
  const auto end_it = [&] { ::kill(-child.process, SIGINT); };
  while (true) {
    if (net::stop_requested && !interrupted) {
      interrupted = true;
      end_it();
    }
    pollfd ready{child.output, POLLIN, 0};
    if (::poll(&ready, 1, looks_every_ms) <= 0) continue;
    const auto size = ::read(child.output, buffer.data(), buffer.size());
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return interrupted;
    if (!lines.take({buffer.data(), static_cast<std::size_t>(size)})) end_it();
  }
}

}  // namespace

std::expected<ProgramEnd, std::string> run_program(
    const std::vector<std::string>& arguments, const std::function<bool(std::string_view)>& line) {
  const auto child = start(arguments);
  if (child.process < 0) return std::unexpected{std::string{std::strerror(errno)}};
  Lines lines{line};
  ProgramEnd end{.interrupted = read_until_end(child, lines)};
  lines.finish();
  ::close(child.output);
  int status = 0;
  rusage usage{};
  while (::wait4(child.process, &status, 0, &usage) < 0 && errno == EINTR) {
  }
  const auto seconds = [](timeval time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  end.cpu_seconds = seconds(usage.ru_utime) + seconds(usage.ru_stime);
  end.exit = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return end;
}

std::string find_in_path(const std::vector<std::string>& names) {
  const char* variable = std::getenv("PATH");
  const std::string_view path = variable == nullptr ? "/usr/local/bin:/usr/bin:/bin" : variable;
  for (const auto& name : names) {
    for (std::size_t begin = 0; begin <= path.size();) {
      const auto end = std::min(path.find(':', begin), path.size());
      auto file = fmt::format("{}/{}", path.substr(begin, end - begin), name);
      if (end > begin && ::access(file.c_str(), X_OK) == 0) return file;
      begin = end + 1;
    }
  }
  return {};
}

void become(const std::string& program, const std::vector<std::string>& arguments) {
  auto texts = arguments;
  const auto argv = pointers(texts);
  ::execv(program.c_str(), argv.data());
}

void become_again(const std::vector<std::string>& arguments, Symbols symbols) {
  const char* now = std::getenv("ASAN_OPTIONS");
  if (now != nullptr && std::string_view{now}.starts_with(our_exit)) return;
  auto own = environment(symbols);
  auto texts = arguments;
  const auto argv = pointers(texts);
  const auto envp = pointers(own);
  ::execve("/proc/self/exe", argv.data(), envp.data());
}

}  // namespace sipauth::commands
