#include "interop/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace sipauth::interop {
namespace {

using namespace std::chrono_literals;

constexpr auto stop_limit = 2s;  // a few milliseconds, but a Kamailio in ten hangs while stopping

bool is_readable(const Descriptor& descriptor, std::chrono::milliseconds within) {
  pollfd readable{.fd = descriptor.get(), .events = POLLIN, .revents = 0};
  return ::poll(&readable, 1, static_cast<int>(within.count())) == 1;
}

struct Ends {
  Descriptor read;
  Descriptor write;
};

Ends make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error{"no pipe"};
  return {Descriptor{ends[0]}, Descriptor{ends[1]}};
}

}  // namespace

Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
}

Process::Process(const std::vector<std::string>& command, const std::filesystem::path& log,
                 Output output) {
  std::vector<char*> arguments;
  for (const auto& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  auto ends = output == Output::read ? make_pipe() : Ends{};

  const pid_t parent = ::getpid();
  pid_ = ::fork();
  if (pid_ < 0) throw std::runtime_error{"fork failed"};
  if (pid_ == 0) {
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() != parent) ::_exit(127);
    const int errors = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    const int input = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    ::dup2(input, STDIN_FILENO);
    ::dup2(output == Output::read ? ends.write.get() : errors, STDOUT_FILENO);
    ::dup2(errors, STDERR_FILENO);
    ::execvp(arguments.front(), arguments.data());
    ::_exit(127);
  }
  out_ = std::move(ends.read);
  // glibc 2.36 declares pidfd_open() without extern "C".
  pidfd_ = Descriptor{static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0))};
}

Process::Process(Process&& other) noexcept
    : pid_{std::exchange(other.pid_, -1)},
      pidfd_{std::move(other.pidfd_)},
      out_{std::move(other.out_)},
      unread_{std::move(other.unread_)} {}

Process::~Process() {
  if (pid_ < 0) return;
  ::kill(pid_, SIGTERM);
  if (!ends(stop_limit)) ::kill(-pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

bool Process::ends(std::chrono::milliseconds within) const { return is_readable(pidfd_, within); }

int Process::status() {
  int status = -1;
  ::waitpid(std::exchange(pid_, -1), &status, 0);
  return status;
}

std::optional<std::string> Process::line(std::chrono::milliseconds within) {
  const auto limit = std::chrono::steady_clock::now() + within;
  for (;;) {
    if (const auto end = unread_.find('\n'); end != std::string::npos) {
      auto found = unread_.substr(0, end);
      unread_.erase(0, end + 1);
      return found;
    }
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        limit - std::chrono::steady_clock::now());
    if (left <= 0ms || !is_readable(out_, left)) return std::nullopt;
    std::array<char, 256> bytes{};
    const auto size = ::read(out_.get(), bytes.data(), bytes.size());
    if (size <= 0) return std::nullopt;
    unread_.append(bytes.data(), static_cast<std::size_t>(size));
  }
}

std::string text_of(const std::filesystem::path& log) {
  std::ifstream file{log};
  return {std::istreambuf_iterator<char>{file}, {}};
}

}  // namespace sipauth::interop
