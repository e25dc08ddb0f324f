// --restart-hook: a command line that restarts the registrar under test.
#pragma once

#include <expected>
#include <string>

namespace sipauth::commands {

/// Runs it by /bin/sh and waits for its end. What it prints goes to standard error, because results
/// have standard output to themselves, and SIPAUTH_PASSWORD is not passed on. The error is a
/// sentence: it could not be started, or ended with something else than 0.
[[nodiscard]] std::expected<void, std::string> run_restart_hook(const std::string& command);

}  // namespace sipauth::commands
