#include "commands/listening.hpp"

#include <fmt/format.h>

#include "commands/accounts.hpp"
#include "commands/input.hpp"
#include "sipauth/secret.hpp"
#include "sipauth/text.hpp"

namespace sipauth::commands {

std::expected<ListenAddress, std::string> parse_listen(std::string_view text) {
  const bool bracketed = text.starts_with('[');
  const auto end = bracketed ? text.find(']') : text.find(':');
  const auto wrong = [&] {
    return std::unexpected{
        fmt::format("--listen {}: wants ADDRESS:PORT, as in 127.0.0.1:5060, "
                    "127.0.0.1:0 or [::1]:5060.",
                    text)};
  };
  ListenAddress listen{.address =
                           std::string{text.substr(bracketed ? 1 : 0, bracketed ? end - 1 : end)}};
  if (bracketed && end == std::string_view::npos) return wrong();
  auto rest = end == std::string_view::npos ? std::string_view{} : text.substr(end);
  if (bracketed) rest.remove_prefix(1);
  if (listen.address.empty()) return wrong();
  if (!rest.empty()) {
    const auto port = rest.starts_with(':') ? number(rest.substr(1), 65'535) : std::nullopt;
    if (!port) return wrong();
    listen.port = static_cast<std::uint16_t>(*port);
  }
  listen.is_loopback = listen.address.starts_with("127.") || listen.address == "::1";
  return listen;
}

std::expected<std::vector<registrar::Account>, std::string> accounts_of(
    const std::string& file, const registrar::Profile& profile) {
  if (file.empty()) return registrar::built_in_accounts();
  auto text = read_private_input(file, max_accounts_bytes);
  if (!text) return std::unexpected{std::move(text.error())};
  auto accounts = read_accounts(*text);
  wipe_memory(text->data(), text->size());
  if (!accounts) return std::unexpected{file + ": " + accounts.error()};
  if (profile.aka.used) {
    if (auto cards = read_cards(*accounts); !cards) {
      return std::unexpected{file + ": " + cards.error()};
    }
  }
  return accounts;
}

}  // namespace sipauth::commands
