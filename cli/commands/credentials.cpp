#include "commands/credentials.hpp"

#include <dlfcn.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "commands/input.hpp"

namespace sipauth::commands {
namespace {

using Found = std::expected<std::optional<FoundPassword>, std::string>;

std::string_view without_line_end(std::string_view text) {
  if (text.ends_with('\n')) {
    text.remove_suffix(1);
    if (text.ends_with('\r')) text.remove_suffix(1);
  }
  return text;
}

Found from_file(const std::string& file, bool is_ha1) {
  auto text = read_private_input(file, max_password_bytes);
  if (!text) return std::unexpected{std::move(text.error())};
  FoundPassword found{Secret{without_line_end(*text)}, is_ha1};
  wipe_memory(text->data(), text->size());
  return found;
}

Found from_environment() {
  char* const value = std::getenv("SIPAUTH_PASSWORD");
  if (value == nullptr || *value == '\0') return std::nullopt;
  FoundPassword found{Secret{value}};
  wipe_memory(value, std::strlen(value));
  ::unsetenv("SIPAUTH_PASSWORD");
  return found;
}

// libcrypto's prompt reads the terminal itself and gives the echo back after a Ctrl-C. It is opened
// only here, so that nobody who is not asked pays for it.
Found from_prompt(const std::string& text) {
  if (::isatty(STDIN_FILENO) == 0 && ::isatty(STDERR_FILENO) == 0) return std::nullopt;
  void* const libcrypto = dlopen("libcrypto.so.3", RTLD_NOW | RTLD_LOCAL);
  if (libcrypto == nullptr) return std::nullopt;
  using ReadPassword = int (*)(char*, int, const char*, int);
  const auto read_password = reinterpret_cast<ReadPassword>(dlsym(libcrypto, "EVP_read_pw_string"));
  if (read_password == nullptr) return std::nullopt;

  constexpr int interrupted = -2;  // of UI_process(3)
  std::array<char, 1024> typed{};
  const int outcome = read_password(typed.data(), static_cast<int>(typed.size()), text.c_str(), 0);
  if (outcome == interrupted) std::raise(SIGINT);
  if (outcome != 0) return std::unexpected{"No password could be read from the terminal."};
  FoundPassword found{Secret{typed.data()}};
  wipe_memory(typed.data(), typed.size());
  return found;
}

}  // namespace

Found find_password(const PasswordSources& sources) {
  if (!sources.password_file.empty() && !sources.ha1_file.empty()) {
    return std::unexpected{"Give either --password-file or --ha1-file, not both."};
  }
  const bool is_ha1 = sources.password_file.empty();
  const auto& file = is_ha1 ? sources.ha1_file : sources.password_file;
  if (file == "-" && sources.standard_input_taken) {
    return std::unexpected{
        "Standard input is read for something else: put the password in a file."};
  }
  if (!file.empty()) return from_file(file, is_ha1);
  if (sources.environment) {
    if (auto found = from_environment(); found && *found) return found;
  }
  if (sources.prompt) return from_prompt(sources.prompt_text);
  return std::nullopt;
}

}  // namespace sipauth::commands
