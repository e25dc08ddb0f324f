#include "commands/pcap_accounts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "sipauth/text.hpp"

namespace sipauth::commands {
namespace {

constexpr std::string_view blanks = " \t";
constexpr std::string_view ha1_mark = "ha1:";
constexpr std::string_view password_mark = "password:";

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

std::expected<FlowAccount, std::string_view> read_line(std::string_view line) {
  if (auto account = as_htdigest(line)) return std::move(*account);
  auto rest = line;
  auto user = take_word(rest);
  skip_blanks(rest);
  if (!user || user->empty()) return std::unexpected{"has no user"};
  if (rest.empty()) return std::unexpected{"has no password"};
  FlowAccount account{.user = std::move(*user)};
  auto after_realm = rest;
  auto realm = take_word(after_realm);
  if (!realm) return std::unexpected{"has a quote that is never closed"};
  skip_blanks(after_realm);
  if (after_realm.empty()) {
    account.secret = Secret{rest};
    return account;
  }
  if (*realm != "*") account.realm = std::move(*realm);
  if (after_realm.starts_with(password_mark)) {
    account.secret = Secret{after_realm.substr(password_mark.size())};
  } else if (after_realm.starts_with(ha1_mark)) {
    const auto digits = trim(after_realm.substr(ha1_mark.size()));
    if (!is_ha1(digits)) return std::unexpected{"has an HA1 that is not 32 or 64 hex digits"};
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
      return std::unexpected{
          fmt::format("Line {} of the accounts {}: USER REALM PASSWORD is "
                      "expected.",
                      number, account.error())};
    }
    accounts.push_back(std::move(*account));
  }
  if (accounts.empty()) return std::unexpected{std::string{"There is no account in the file."}};
  return accounts;
}

}  // namespace sipauth::commands
