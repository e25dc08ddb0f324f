#include "commands/restart_hook.hpp"

#include <fmt/core.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string_view>
#include <vector>

namespace sipauth::commands {

std::expected<void, std::string> run_restart_hook(const std::string& command) {
  std::vector<char*> environment;
  for (auto** entry = environ; *entry != nullptr; ++entry) {
    if (!std::string_view{*entry}.starts_with("SIPAUTH_PASSWORD=")) environment.push_back(*entry);
  }
  environment.push_back(nullptr);

  std::string shell = "sh";
  std::string option = "-c";
  std::string line = command;
  const std::vector<char*> arguments{shell.data(), option.data(), line.data(), nullptr};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
  pid_t process = 0;
  const int error =
      posix_spawn(&process, "/bin/sh", &actions, nullptr, arguments.data(), environment.data());
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) {
    return std::unexpected{fmt::format("--restart-hook: /bin/sh: {}", std::strerror(error))};
  }
  int status = 0;
  while (waitpid(process, &status, 0) < 0) {
    if (errno != EINTR) {
      return std::unexpected{fmt::format("--restart-hook: {}", std::strerror(errno))};
    }
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  if (WIFEXITED(status)) {
    return std::unexpected{
        fmt::format("--restart-hook ended with exit code {}", WEXITSTATUS(status))};
  }
  return std::unexpected{fmt::format("--restart-hook was ended by signal {}", WTERMSIG(status))};
}

}  // namespace sipauth::commands
