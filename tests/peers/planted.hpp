// What the peers with planted bugs share: a parent that starts the child again, and where the bugs
// lie in a message.
#pragma once

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <string_view>

namespace sipauth::planted {

/// The value of the first row of that name, as it stands there; empty: there is none.
inline std::string_view row(std::string_view message, std::string_view name) {
  while (!message.empty()) {
    const auto line = message.substr(0, std::min(message.find('\n'), message.size()));
    if (line.starts_with(name)) return line.substr(name.size());
    message.remove_prefix(std::min(line.size() + 1, message.size()));
  }
  return {};
}

inline bool has_open_quote(std::string_view value) {
  return std::ranges::count(value, '"') % 2 != 0;
}

inline bool has_long_row(std::string_view message, std::size_t most) {
  while (!message.empty()) {
    const auto size = std::min(message.find('\n'), message.size());
    if (size > most) return true;
    message.remove_prefix(std::min(size + 1, message.size()));
  }
  return false;
}

/// Runs `life` in a child, over and over: again `pause` after a death when `rises`, and at once on
/// SIGHUP. Ends on SIGTERM. Nothing is left behind.
inline int supervise(bool rises, timespec pause, const std::function<int()>& life) {
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  sigset_t watched;
  sigemptyset(&watched);
  for (const int number : {SIGCHLD, SIGHUP, SIGTERM}) sigaddset(&watched, number);
  ::sigprocmask(SIG_BLOCK, &watched, nullptr);
  pid_t child = -1;
  const auto start = [&] {
    child = ::fork();
    if (child != 0) return;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::sigprocmask(SIG_UNBLOCK, &watched, nullptr);
    ::_exit(life());
  };
  const auto stop = [&] {
    if (child <= 0) return;
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    child = -1;
  };
  start();
  for (;;) {
    const int number = ::sigwaitinfo(&watched, nullptr);
    if (number == SIGTERM) {
      stop();
      return 0;
    }
    if (number == SIGHUP) {
      stop();
      start();
    }
    if (number == SIGCHLD && child > 0 && ::waitpid(child, nullptr, WNOHANG) == child) {
      child = -1;
      if (!rises) continue;
      ::nanosleep(&pause, nullptr);
      start();
    }
  }
}

}  // namespace sipauth::planted
