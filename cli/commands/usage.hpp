// What the command line says about itself beside its options, and what it can be asked before it
// could be read.
#pragma once

#include <string_view>

#include "commands/options.hpp"

namespace sipauth::commands {

/// For a call without arguments.
inline constexpr std::string_view short_help =
    R"(sipauth: SIP digest authentication, looked at closely

  sipauth probe sip:alice@pbx.example.com     what does this registrar challenge with?
  sipauth stale 'sip:alice@127.0.0.1:5060;transport=udp'
                                              will its phones lock themselves out?
  xclip -o | sipauth lint -                   what is wrong with this header?

Commands: probe, stale, check, digest, lint, serve, fuzz, explain
sipauth --help tells more, sipauth COMMAND --help all about one; sipauth probe builtin:strict
needs no server.
)";

inline constexpr const char* exit_codes_help =
    "Exit codes: 0 nothing found, 1 findings, 2 usage, 3 unreachable or not judged,\n"
    "4 credentials refused, 5 internal error, 130 interrupted.";

inline constexpr const char* target_help =
    "TARGET: sip:[USER@]HOST[:PORT][;transport=udp|tcp|tls|ws|wss], sips:..., HOST[:PORT],\n"
    "[::1]:5060, udp:HOST, tcp:HOST, tls:HOST, ws://HOST[:PORT][/PATH], wss://..., or\n"
    "builtin:PROFILE[;fault=NAME][;transport=udp|tcp], a registrar inside this process. Quote it,\n"
    "or a shell cuts it at the semicolon.\n"
    "Password: --password-file, --ha1-file, or SIPAUTH_PASSWORD; never on the command line.\n";

/// For a command line that could not be read to its end: is JSON asked for on standard output?
[[nodiscard]] bool wants_json(int argc, const char* const* argv);

/// The first SIGINT or SIGTERM sets net::stop_requested, so that a run ends at its next wait and
/// tells what is known; the second ends the process at once with 130.
void stop_on_signals();

/// Tells of an exception nobody expected, and returns the exit code. What it says may quote what
/// was read, a secret included: only its type, a mangled name, is told.
int put_out_internal_error(const GlobalOptions& global, const char* type);

}  // namespace sipauth::commands
