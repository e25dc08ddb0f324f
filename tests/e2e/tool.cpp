#include "e2e/tool.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <system_error>

namespace sipauth::e2e {
namespace {

using std::chrono::steady_clock;

struct Pipe {
  int read_end = -1;
  int write_end = -1;
};

Pipe make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    throw std::system_error{errno, std::generic_category(), "pipe2"};
  }
  return {ends[0], ends[1]};
}

void close_end(int& descriptor) {
  if (descriptor >= 0) ::close(descriptor);
  descriptor = -1;
}

bool is_set_by(const Environment& environment, std::string_view entry) {
  const auto name = entry.substr(0, entry.find('='));
  return name == "SIPAUTH_PASSWORD" ||
         std::ranges::any_of(environment, [name](const auto& set) { return set.first == name; });
}

std::vector<std::string> merged(const Environment& environment) {
  std::vector<std::string> all;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    if (!is_set_by(environment, *entry)) all.emplace_back(*entry);
  }
  for (const auto& [name, value] : environment) all.push_back(name + '=' + value);
  return all;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (auto& text : texts) all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

}  // namespace

Tool::Tool(const Arguments& arguments, const Environment& environment) {
  ::signal(SIGPIPE, SIG_IGN);  // a run that ends before it read all of its input is no failure
  std::vector<std::string> argv_texts{SIPAUTH_TOOL};
  argv_texts.insert(argv_texts.end(), arguments.begin(), arguments.end());
  auto env_texts = merged(environment);
  const auto argv = pointers(argv_texts);
  const auto env = pointers(env_texts);

  Pipe in = make_pipe();
  Pipe out = make_pipe();
  Pipe err = make_pipe();
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, in.read_end, STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, out.write_end, STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, err.write_end, STDERR_FILENO);
  posix_spawnattr_t attributes;
  ::posix_spawnattr_init(&attributes);
  sigset_t reset;
  ::sigemptyset(&reset);
  ::sigaddset(&reset, SIGPIPE);
  ::posix_spawnattr_setsigdefault(&attributes, &reset);
  // A session of its own: without a controlling terminal nothing can prompt.
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF);
  const int error =
      ::posix_spawn(&pid_, SIPAUTH_TOOL, &actions, &attributes, argv.data(), env.data());
  ::posix_spawn_file_actions_destroy(&actions);
  ::posix_spawnattr_destroy(&attributes);

  close_end(in.read_end);
  close_end(out.write_end);
  close_end(err.write_end);
  in_ = in.write_end;
  out_ = out.read_end;
  err_ = err.read_end;
  if (error != 0) throw std::system_error{error, std::generic_category(), SIPAUTH_TOOL};
  ::fcntl(in_, F_SETFL, O_NONBLOCK);
}

Tool::~Tool() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    reap();
  }
  close_end(in_);
  close_end(out_);
  close_end(err_);
}

void Tool::send_signal(int number) const {
  if (pid_ > 0) ::kill(pid_, number);
}

void Tool::reap() {
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  outcome_.exit = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

// One round of whatever can be written or read. False when both outputs are closed or time is up.
bool Tool::read_more(steady_clock::time_point end, std::string_view& standard_input) {
  const auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(end - steady_clock::now()).count();
  if (left <= 0 || (out_ < 0 && err_ < 0)) return false;

  const int writable = standard_input.empty() ? -1 : in_;
  std::array<pollfd, 3> ready{{{writable, POLLOUT, 0}, {out_, POLLIN, 0}, {err_, POLLIN, 0}}};
  if (::poll(ready.data(), ready.size(), static_cast<int>(left)) <= 0) return errno == EINTR;

  if (ready[0].revents != 0) {
    const auto sent = ::write(in_, standard_input.data(), standard_input.size());
    standard_input.remove_prefix(sent > 0 ? static_cast<std::size_t>(sent) : standard_input.size());
    if (standard_input.empty()) close_end(in_);
  }
  const auto read = [](int& descriptor, short events, std::string& text) {
    if (events == 0) return;
    std::array<char, 4096> bytes;
    const auto got = ::read(descriptor, bytes.data(), bytes.size());
    if (got > 0) {
      text.append(bytes.data(), static_cast<std::size_t>(got));
    } else if (got == 0 || errno != EINTR) {
      close_end(descriptor);
    }
  };
  read(out_, ready[1].revents, outcome_.out);
  read(err_, ready[2].revents, outcome_.err);
  return true;
}

bool Tool::wait_for(std::string_view text, std::chrono::milliseconds limit) {
  const auto end = steady_clock::now() + limit;
  const auto seen = [&] { return outcome_.out.contains(text) || outcome_.err.contains(text); };
  std::string_view nothing;
  while (!seen()) {
    if (!read_more(end, nothing)) return seen();
  }
  return true;
}

Outcome Tool::finish(std::string_view standard_input) {
  if (standard_input.empty()) close_end(in_);
  const auto end = steady_clock::now() + longest_run;
  while (read_more(end, standard_input)) {
  }
  if (steady_clock::now() >= end) ::kill(pid_, SIGKILL);
  reap();
  return std::move(outcome_);
}

Outcome run(const Arguments& arguments, std::string_view standard_input,
            const Environment& environment) {
  Tool tool{arguments, environment};
  return tool.finish(standard_input);
}

ScratchDirectory::ScratchDirectory() {
  std::string path = (std::filesystem::temp_directory_path() / "sipauth-test-XXXXXX").string();
  if (::mkdtemp(path.data()) == nullptr) {
    throw std::system_error{errno, std::generic_category(), path};
  }
  path_ = path;
}

ScratchDirectory::~ScratchDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string ScratchDirectory::file(const std::string& name, std::string_view text,
                                   mode_t mode) const {
  const auto path = path_ + '/' + name;
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
  if (descriptor < 0) throw std::system_error{errno, std::generic_category(), path};
  while (!text.empty()) {
    const auto written = ::write(descriptor, text.data(), text.size());
    if (written < 0) break;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  ::fchmod(descriptor, mode);  // whatever the umask is
  ::close(descriptor);
  if (!text.empty()) throw std::runtime_error{"could not write " + path};
  return path;
}

}  // namespace sipauth::e2e
