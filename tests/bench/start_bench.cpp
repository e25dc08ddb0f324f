// How long the program takes from its start to its end when it has almost nothing to do. This is
// what every call in a script pays, and what a library linked too early makes longer.

#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <string>

namespace {

// Both outputs go to /dev/null. True when it exited with `due`.
bool run_tool(std::string argument, int due) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  std::string program = SIPAUTH_TOOL;
  const std::array<char*, 3> arguments{program.data(), argument.data(), nullptr};
  pid_t pid = -1;
  const int error = posix_spawn(&pid, SIPAUTH_TOOL, &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  int status = 0;
  return error == 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) &&
         WEXITSTATUS(status) == due;
}

void start(benchmark::State& state, const char* argument, int due) {
  for (auto _ : state) {
    if (run_tool(argument, due)) continue;
    state.SkipWithError("the program did not end as it should");
    break;
  }
}
BENCHMARK_CAPTURE(start, version, "--version", 0)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(start, help, "--help", 0)->UseRealTime()->Unit(benchmark::kMillisecond);
// An empty standard input is no message: 1.
BENCHMARK_CAPTURE(start, lint, "lint", 1)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
