#include "commands/pcap_accounts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "commands/aka_file.hpp"
#include "sipauth/text.hpp"

namespace sipauth::commands {
namespace {

constexpr std::string_view blanks = " \t";
constexpr std::string_view ha1_mark = "ha1:";
constexpr std::string_view password_mark = "password:";
constexpr auto key_names = std::to_array<std::string_view>({"k=", "op=", "opc=", "amf=", "sqn="});

bool is_ha1(std::string_view text) {
  return (text.size() == 32 || text.size() == 64) && std::ranges::all_of(text, is_hex);
}

void skip_blanks(std::string_view& rest) {
  rest.remove_prefix(std::min(rest.find_first_not_of(blanks), rest.size()));
}

// A word, or a quoted string; nullopt when a quote is never closed.
std::optional<std::string> take_word(std::string_view& rest) {
  if (!rest.starts_with('"')) {
    const auto word = rest.substr(0, rest.find_first_of(blanks));
    rest.remove_prefix(word.size());
    return std::string{word};
  }
  std::size_t end = 1;
  while (end < rest.size() && rest[end] != '"') end += rest[end] == '\\' ? 2 : 1;
  if (end >= rest.size()) return std::nullopt;
  auto word = unquote(rest.substr(1, end - 1));
  rest.remove_prefix(end + 1);
  return word;
}

std::optional<FlowAccount> as_htdigest(std::string_view line) {
  const auto first = line.find(':');
  const auto last = line.rfind(':');
  if (first == std::string_view::npos || first == last || !is_ha1(line.substr(last + 1))) {
    return std::nullopt;
  }
  return FlowAccount{.user = std::string{line.substr(0, first)},
                     .realm = std::string{line.substr(first + 1, last - first - 1)},
                     .secret = Secret{line.substr(last + 1)},
                     .is_ha1 = true};
}

// `k=HEX opc=HEX`, in any order: of a single such word it is a password.
bool are_keys(std::string_view text) {
  return text.find_first_of(blanks) != std::string_view::npos &&
         std::ranges::any_of(key_names, [&](std::string_view name) {
           return same(text.substr(0, name.size()), name);
         });
}

std::expected<FlowAccount, std::string> with_keys(FlowAccount account, std::string_view text) {
  auto card = read_aka(text);
  if (!card) return std::unexpected{std::move(card.error())};
  account.card = std::move(card->keys);
  return account;
}

std::unexpected<std::string> unlike(std::string_view what) {
  return std::unexpected{fmt::format("{}: USER REALM PASSWORD is expected.", what)};
}

std::expected<FlowAccount, std::string> read_line(std::string_view line) {
  if (auto account = as_htdigest(line)) return std::move(*account);
  auto rest = line;
  auto user = take_word(rest);
  skip_blanks(rest);
  if (!user || user->empty()) return unlike("has no user");
  if (rest.empty()) return unlike("has no password");
  FlowAccount account{.user = std::move(*user)};
  if (are_keys(rest)) return with_keys(std::move(account), rest);
  auto after_realm = rest;
  auto realm = take_word(after_realm);
  if (!realm) return unlike("has a quote that is never closed");
  skip_blanks(after_realm);
  if (after_realm.empty()) {
    account.secret = Secret{rest};
    return account;
  }
  if (*realm != "*") account.realm = std::move(*realm);
  if (are_keys(after_realm)) return with_keys(std::move(account), after_realm);
  if (after_realm.starts_with(password_mark)) {
    account.secret = Secret{after_realm.substr(password_mark.size())};
  } else if (after_realm.starts_with(ha1_mark)) {
    const auto digits = trim(after_realm.substr(ha1_mark.size()));
    if (!is_ha1(digits)) return unlike("has an HA1 that is not 32 or 64 hex digits");
    account.secret = Secret{digits};
    account.is_ha1 = true;
  } else {
    account.secret = Secret{after_realm};
  }
  return account;
}

}  // namespace

std::expected<std::vector<FlowAccount>, std::string> read_flow_accounts(std::string_view text) {
  std::vector<FlowAccount> accounts;
  std::size_t number = 0;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    if (line.ends_with('\r')) line.remove_suffix(1);
    skip_blanks(line);
    if (line.empty() || line.starts_with('#')) continue;
    auto account = read_line(line);
    if (!account) {
      return std::unexpected{fmt::format("Line {} of the accounts {}", number, account.error())};
    }
    accounts.push_back(std::move(*account));
  }
  if (accounts.empty()) return std::unexpected{std::string{"There is no account in the file."}};
  return accounts;
}

}  // namespace sipauth::commands
