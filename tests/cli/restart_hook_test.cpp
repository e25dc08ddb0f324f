#include "commands/restart_hook.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <vector>

namespace sipauth::commands {
namespace {

TEST(RestartHook, IsAShellCommandThatEndsWithZero) {
  EXPECT_TRUE(run_restart_hook("true && true"));
}

TEST(RestartHook, SaysHowItFailed) {
  struct Row {
    std::string command;
    std::string_view told;
  };
  for (const auto& [command, told] : std::vector<Row>{{"exit 7", "exit code 7"},
                                                      {"kill -TERM $$", "signal 15"},
                                                      {"no-such-command-here", "exit code 127"}}) {
    const auto done = run_restart_hook(command);
    ASSERT_FALSE(done) << command;
    EXPECT_TRUE(done.error().contains(told)) << done.error();
  }
}

TEST(RestartHook, KeepsStandardOutputForResults) {
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  const auto done = run_restart_hook("echo restarted");
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "restarted\n");
  EXPECT_TRUE(done);
}

TEST(RestartHook, IsNotToldThePassword) {
  ::setenv("SIPAUTH_PASSWORD", "secret", 1);
  const auto done = run_restart_hook("test -z \"$SIPAUTH_PASSWORD\" && test -n \"$PATH\"");
  ::unsetenv("SIPAUTH_PASSWORD");
  EXPECT_TRUE(done);
}

}  // namespace
}  // namespace sipauth::commands
