// Where the password comes from, the same for every command: --password-file, --ha1-file, the
// environment, a prompt. Never the command line, which every user of the machine can read.
#pragma once

#include <expected>
#include <optional>
#include <string>

#include "sipauth/secret.hpp"

namespace sipauth::commands {

struct PasswordSources {
  std::string password_file = {};     ///< `-`: standard input; empty: none
  std::string ha1_file = {};          ///< the same, with the HA1 in hex
  bool standard_input_taken = false;  ///< by something else, so that `-` is an error
  bool environment = true;            ///< SIPAUTH_PASSWORD counts; it does not for builtin: targets
  bool prompt = false;                ///< ask when there is a terminal
  std::string prompt_text = "Password: ";
};

struct FoundPassword {
  Secret secret = {};
  bool is_ha1 = false;
};

/// The first source that is given; nullopt when there is none. An error is a sentence for a person
/// and of kind `usage`: a file that cannot be read or that others can read, two files at once,
/// standard input taken. One LF or CR LF at the end of a file is no part of the password.
///
/// SIPAUTH_PASSWORD is erased from the environment once read, so ask once per process; an empty one
/// counts as absent. An empty file is an empty password.
[[nodiscard]] std::expected<std::optional<FoundPassword>, std::string> find_password(
    const PasswordSources& sources);

/// The longest password or HA1 file, in bytes, its line end included.
inline constexpr std::size_t max_password_bytes = 4096;

}  // namespace sipauth::commands
