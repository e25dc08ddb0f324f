#include "commands/accounts.hpp"

#include <fmt/format.h>

#include <set>

#include "commands/aka_file.hpp"

namespace sipauth::commands {
namespace {

constexpr std::string_view blanks = " \t";

}  // namespace

std::expected<std::vector<registrar::Account>, std::string> read_accounts(std::string_view text) {
  std::vector<registrar::Account> accounts;
  std::set<std::string_view> users;
  for (int line_number = 1; !text.empty(); ++line_number) {
    auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || line.starts_with('#')) continue;

    const auto user = line.substr(0, line.find_first_of(blanks));
    const auto password_at = line.find_first_not_of(blanks, user.size());
    if (user.empty() || password_at == std::string_view::npos) {
      return std::unexpected{fmt::format("line {}: wants USER PASSWORD.", line_number)};
    }
    if (!users.insert(user).second) {
      return std::unexpected{fmt::format("line {}: this user has a line already.", line_number)};
    }
    accounts.push_back({.user = std::string{user}, .password = Secret{line.substr(password_at)}});
  }
  if (accounts.empty()) return std::unexpected{"there is no account in it."};
  return accounts;
}

std::expected<void, std::string> read_cards(std::vector<registrar::Account>& accounts) {
  for (auto& account : accounts) {
    auto card = read_aka(account.password.reveal());
    if (!card) {
      return std::unexpected{fmt::format("the line of {} {}", account.user, card.error())};
    }
    account.aka = *std::move(card);
  }
  return {};
}

}  // namespace sipauth::commands
