// What a command line says about a run, understood before anything is sent or resolved.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <random>
#include <string>
#include <utility>

#include "commands/aka_file.hpp"
#include "commands/credentials.hpp"
#include "commands/run.hpp"
#include "net/find_server.hpp"
#include "net/host_text.hpp"
#include "net/uri_user.hpp"
#include "registrar/registrar.hpp"
#include "results/escape.hpp"
#include "sipauth/message.hpp"
#include "sipauth/text.hpp"

namespace sipauth::commands {
namespace {

using results::Error;

std::unexpected<Error> usage(std::string text) {
  return std::unexpected{Error{"usage", std::move(text)}};
}

using Step = std::expected<void, Error>;

constexpr double longest_timeout = 3600;
constexpr double polite_rate = 5;  // requests per second to other than loopback

std::uint64_t seed_from_system() {
  std::random_device device;
  return (std::uint64_t{device()} << 32U) | device();
}

bool has_control(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return is_control(c); });
}

std::expected<net::TransportKind, Error> transport_of(const TargetOptions& options,
                                                      const net::Target& target) {
  using net::TransportKind;
  const auto& name = options.transport;
  if (name.empty()) return target.transport;
  const auto* row = net::find_transport(name);
  if (!row) {
    return usage(fmt::format("--transport {} is not known: type {}.", results::for_terminal(name),
                             net::transport_choice));
  }
  if (target.is_builtin()) {
    if (row->kind == TransportKind::udp) return TransportKind::builtin;
    if (row->kind == TransportKind::tcp) return row->kind;
    return usage("A built-in registrar is reached over udp or tcp.");
  }
  if (!target.secure_scheme) return row->kind;
  if (row->kind == TransportKind::udp) {
    return usage("sips: is never sent over udp: leave --transport out, or type sip:.");
  }
  return row->secure_form;
}

// Written by the tool itself, or judged by it: a second one would spoil every verdict.
constexpr auto own_headers =
    std::to_array({HeaderId::via, HeaderId::from, HeaderId::to, HeaderId::call_id, HeaderId::cseq,
                   HeaderId::max_forwards, HeaderId::content_length, HeaderId::authorization,
                   HeaderId::proxy_authorization, HeaderId::user_agent});

std::expected<std::pair<std::string, std::string>, Error> header_of(const std::string& line) {
  const auto shown = results::for_terminal(line);
  const auto colon = line.find(':');
  const auto name = trim(std::string_view{line}.substr(0, std::min(colon, line.size())));
  if (colon == std::string::npos || !is_token(name)) {
    return usage(fmt::format("--header wants 'Name: value', and this is not: {}", shown));
  }
  const auto value = trim(std::string_view{line}.substr(colon + 1));
  if (has_control(value)) {
    return usage(fmt::format("The value of this header holds a control character: {}", shown));
  }
  if (std::ranges::find(own_headers, header_id(name)) != own_headers.end()) {
    return usage(fmt::format("{} is written by the tool itself: leave that --header out.", name));
  }
  return std::pair{std::string{name}, std::string{value}};
}

Step check_numbers(const TargetOptions& options) {
  if (!(options.timeout_seconds > 0 && options.timeout_seconds <= longest_timeout)) {
    return usage("--timeout takes a time above 0 and up to one hour, as in 500ms, 5s or 2m.");
  }
  if (options.rate && !(*options.rate > 0)) {
    return usage("--rate takes a number of requests per second above 0.");
  }
  if (options.ipv4_only && options.ipv6_only) return usage("Give either -4 or -6, not both.");
  return {};
}

struct Text {
  std::string_view option;
  const std::string& value;
  std::string_view forbidden = "";  ///< besides control characters
};

// What would end a header row, or the name-addr it is written into.
Step check_texts(const TargetOptions& options) {
  for (const auto& [option, value, forbidden] :
       {Text{"--user", options.user}, Text{"--auth-user", options.auth_user},
        Text{"--realm", options.realm}, Text{"--user-agent", options.user_agent},
        Text{"--second-user", options.second_user},
        Text{"--domain", options.domain, " <>@;?,\""}}) {
    const auto bad =
        std::ranges::find_if(value, [&](char c) { return is_control(c) || forbidden.contains(c); });
    if (bad == value.end()) continue;
    return usage(fmt::format("{} holds a character that cannot be there: {}", option,
                             results::for_terminal(value)));
  }
  return {};
}

// A built-in registrar brings its own passwords along; an unknown user has none.
void take_builtin_password(Prepared& prepared) {
  const auto& identity = prepared.identity;
  const auto& user = identity.auth_user.empty() ? identity.user : identity.auth_user;
  auto accounts = registrar::built_in_accounts();
  const auto account = std::ranges::find(accounts, user, &registrar::Account::user);
  if (account == accounts.end()) return;
  prepared.identity.password = std::move(account->password);
  prepared.identity.has_password = true;
  if (!account->aka) return;
  prepared.identity.card =
      std::make_shared<sip::AkaCard>(std::move(account->aka->keys), account->aka->sqn, false);
}

// In the place of a password.
Step take_card(const TargetOptions& options, Prepared& prepared) {
  if (!options.password_file.empty() || !options.ha1_file.empty()) {
    return usage("Give one of --password-file, --ha1-file and --aka-file.");
  }
  auto card = read_aka_file(options.aka_file);
  if (!card) return usage(std::move(card.error()));
  prepared.identity.card = std::make_shared<sip::AkaCard>(std::move(card->keys), card->sqn, true);
  prepared.identity.has_password = true;
  return {};
}

bool is_ha1(std::string_view text) {
  constexpr std::size_t md5 = 32;
  constexpr std::size_t sha256 = 64;
  return (text.size() == md5 || text.size() == sha256) &&
         std::ranges::all_of(text, [](char c) { return is_hex(c); });
}

Step take_password(const GlobalOptions& global, const TargetOptions& options, bool prompt,
                   Prepared& prepared) {
  auto& identity = prepared.identity;
  const bool has_file =
      !options.password_file.empty() || !options.ha1_file.empty() || !options.aka_file.empty();
  if (has_file && !prepared.has_user) {
    return usage("Whose password is it? Type sip:USER@HOST, or --user NAME.");
  }
  if (!options.aka_file.empty()) return take_card(options, prepared);
  if (prepared.target.is_builtin() && !has_file) {
    take_builtin_password(prepared);
    return {};
  }
  const auto& user = identity.auth_user.empty() ? identity.user : identity.auth_user;
  auto found = find_password(
      {.password_file = options.password_file,
       .ha1_file = options.ha1_file,
       .environment = prepared.has_user && !prepared.target.is_builtin(),
       .prompt = prompt && prepared.has_user && !global.no_input,
       .prompt_text = fmt::format("Password of {} at {}: ", results::for_terminal(user),
                                  results::for_terminal(identity.domain))});
  if (!found && net::stop_requested) return std::unexpected{Error{"interrupted", "Interrupted."}};
  if (!found) return usage(std::move(found.error()));
  if (!*found) return {};
  if ((*found)->is_ha1 && !is_ha1((*found)->secret.reveal())) {
    return usage(
        "The HA1 file holds no HA1: that is H(user:realm:password) in 32 (MD5) or 64 (SHA-256) "
        "hexadecimal digits.");
  }
  identity.password = std::move((*found)->secret);
  identity.password_is_ha1 = (*found)->is_ha1;
  identity.has_password = true;
  return {};
}

// The user of the command line, of the target, alice of a built-in registrar, or one that nobody
// has.
void take_user(const TargetOptions& options, Prepared& prepared) {
  auto& user = prepared.identity.user;
  user = options.user.empty() ? prepared.target.user : options.user;
  if (user.empty() && prepared.target.is_builtin()) {
    user = registrar::built_in_accounts().front().user;
  }
  prepared.has_user = !user.empty();
  if (!prepared.has_user) user = "nobody-" + sip::Random{prepared.seed}.hex(8);
}

// For checks that need two accounts. A built-in registrar has them.
Step take_second_account(const TargetOptions& options, Prepared& prepared) {
  auto& identity = prepared.identity;
  if (options.second_user.empty()) {
    if (!options.second_password_file.empty()) {
      return usage("Whose password is --second-password-file? Type --second-user NAME.");
    }
    if (!prepared.target.is_builtin()) return {};
    for (auto& account : registrar::built_in_accounts()) {
      if (account.user == identity.user) continue;
      identity.second = {.user = account.user, .password = std::move(account.password)};
      return {};
    }
    return {};
  }
  if (options.second_user == identity.user) {
    return usage("--second-user takes another account than the first.");
  }
  if (options.second_password_file.empty()) {
    return usage("--second-user wants --second-password-file FILE.");
  }
  auto found = find_password(
      {.password_file = options.second_password_file,
       .standard_input_taken = options.password_file == "-" || options.ha1_file == "-",
       .environment = false});
  if (!found) return usage(std::move(found.error()));
  identity.second = {.user = options.second_user, .password = std::move((*found)->secret)};
  return {};
}

// What a request of another method cannot go without, and the user that it is for.
void take_method(const TargetOptions& options, Prepared& prepared) {
  auto& identity = prepared.identity;
  identity.method = options.method;
  const bool to_the_user = identity.method == "SUBSCRIBE" || identity.method == "MESSAGE";
  if (to_the_user) {
    const auto scheme = identity.request_uri.find(':') + 1;
    identity.request_uri.insert(scheme, net::escape_user(identity.user) + '@');
  }
  // A fetch (RFC 6665 4.4.3): one NOTIFY, and nothing stays behind.
  if (identity.method == "SUBSCRIBE") {
    identity.method_headers = {{"Event", "presence"}, {"Expires", "0"}};
  }
}

Step check_tls(const TargetOptions& options) {
  if (options.tls_cert.empty() && !options.tls_key.empty()) {
    return usage("--tls-key FILE wants the certificate that it belongs to: --tls-cert FILE.");
  }
  return {};
}

// As c-ares reads it: the port always, IPv6 in brackets.
std::expected<std::string, Error> name_server_of(const std::string& text) {
  if (text.empty()) return {};
  const auto place = net::parse_target(text);
  const std::string host{net::without_brackets(place ? place->host : "")};
  if (!place || place->is_builtin() || !place->user.empty() || !net::is_address(host)) {
    return usage(fmt::format("--dns-server takes ADDRESS or ADDRESS:PORT, not {}.",
                             results::for_terminal(text)));
  }
  constexpr std::uint16_t dns_port = 53;
  return fmt::format("{}:{}", place->host, place->port.value_or(dns_port));
}

Step check_builtin(const TargetOptions& options, const net::Target& target) {
  if (!target.is_builtin()) return {};
  if (!options.connect.empty() || !options.source.empty() || !options.dns_server.empty()) {
    return usage(
        "A built-in registrar is inside this process: leave --connect, --source and --dns-server "
        "out.");
  }
  const auto profile = builtin_profile(target);
  if (!profile) return std::unexpected{profile.error()};
  return {};
}

std::expected<bool, Error> goes_to_loopback(const TargetOptions& options,
                                            const net::Target& target) {
  if (options.connect.empty()) return target.is_loopback();
  const auto place = connect_place(options);
  if (!place) return std::unexpected{place.error()};
  return place->is_loopback();
}

}  // namespace

std::expected<net::Target, Error> connect_place(const TargetOptions& options) {
  auto place = net::parse_target(options.connect);
  if (!place) return usage("--connect: " + place.error());
  if (place->is_builtin() || !place->user.empty()) {
    return usage("--connect takes HOST:PORT, without a user.");
  }
  return std::move(*place);
}

std::expected<registrar::Profile, Error> builtin_profile(const net::Target& target) {
  std::vector<std::string> faults;
  if (!target.builtin_fault.empty()) faults.push_back(target.builtin_fault);
  auto profile = registrar::make_profile(target.builtin_profile, faults);
  if (!profile) return usage(std::move(profile.error()));
  return std::move(*profile);
}

std::expected<Prepared, Error> prepare(const GlobalOptions& global, const TargetOptions& options,
                                       bool wants_password) {
  auto target = net::parse_target(options.target);
  if (!target) return usage(std::move(target.error()));
  for (const auto& step : {check_numbers(options), check_texts(options), check_tls(options),
                           check_builtin(options, *target)}) {
    if (!step) return std::unexpected{step.error()};
  }
  const auto transport = transport_of(options, *target);
  if (!transport) return std::unexpected{transport.error()};
  target->transport = *transport;
  // --connect says where to send, so nothing but the usual transport can be meant.
  if (!options.transport.empty() || !options.connect.empty()) target->transport_was_named = true;
  auto name_server = name_server_of(options.dns_server);
  if (!name_server) return std::unexpected{name_server.error()};

  Prepared prepared{.target = std::move(*target), .name_server = std::move(*name_server)};
  prepared.seed = options.seed.value_or(prepared.target.is_builtin() ? 1 : seed_from_system());
  auto& identity = prepared.identity;
  identity.auth_user = options.auth_user;
  identity.domain = options.domain.empty() ? prepared.target.domain() : options.domain;
  identity.request_uri = prepared.target.request_uri();
  identity.realm = options.realm;
  identity.user_agent = options.user_agent;
  for (const auto& line : options.headers) {
    auto header = header_of(line);
    if (!header) return std::unexpected{header.error()};
    identity.extra_headers.push_back(std::move(*header));
  }
  const auto loopback = goes_to_loopback(options, prepared.target);
  if (!loopback) return std::unexpected{loopback.error()};
  prepared.loopback = *loopback;
  prepared.requests_per_second = options.rate.value_or(prepared.loopback ? 0 : polite_rate);

  take_user(options, prepared);
  if (auto step = take_password(global, options, wants_password, prepared); !step) {
    return std::unexpected{step.error()};
  }
  if (auto step = take_second_account(options, prepared); !step) {
    return std::unexpected{step.error()};
  }
  if (!options.second_target.empty()) {
    auto second = net::parse_target(options.second_target);
    if (!second) return usage("--second-target: " + second.error());
    if (second->is_builtin() || !second->user.empty() ||
        !net::is_address(std::string{net::without_brackets(second->host)})) {
      return usage("--second-target takes ADDRESS:PORT of another registrar.");
    }
    prepared.second_target = std::move(*second);
  }
  take_method(options, prepared);
  return prepared;
}

}  // namespace sipauth::commands
