// Judge: what the credentials of a request say, and whether a response fits, by the knobs of
// CredentialRules. The tests that follow are in judge.cpp.

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "net/base64.hpp"
#include "registrar/judge.hpp"
#include "sip/binary_session.hpp"
#include "sipauth/text.hpp"
#include "sipauth/uri.hpp"

namespace sipauth::registrar {
namespace {

std::string host_of(std::string_view uri) {
  Diagnostics diagnostics;
  const auto read = Uri::parse(uri, diagnostics);
  std::string host{read ? read->host : std::string_view{}};
  std::ranges::transform(host, host.begin(), lower);
  return host;
}

constexpr std::size_t nc_digits = 8;

std::string unquoted(std::optional<std::string_view> value) {
  return value ? unquote(*value) : std::string{};
}

std::optional<Qop> read_qop(std::optional<std::string_view> qop) {
  if (!qop) return Qop::none;
  for (const auto known : {Qop::auth, Qop::auth_int}) {
    if (same(*qop, qop_name(known))) return known;
  }
  return std::nullopt;
}

// Which of the two headers answers the challenge that this registrar sends.
HeaderId credentials_header(const Profile& profile) {
  const bool proxy = profile.challenge_header.empty()
                         ? profile.challenge_code == 407
                         : same(profile.challenge_header.substr(0, 5), "Proxy");
  return proxy ? HeaderId::proxy_authorization : HeaderId::authorization;
}

bool has_repeated_parameter(const Credentials& credentials) {
  const auto parameters = credentials.parameters();
  return std::ranges::any_of(parameters, [&](const Parameter& parameter) {
    return credentials.find(parameter.name) != &parameter;
  });
}

}  // namespace

std::optional<std::uint32_t> read_count(std::string_view nc) {
  if (nc.size() != nc_digits || !std::ranges::all_of(nc, is_hex)) return std::nullopt;
  std::uint32_t count = 0;
  for (const char c : nc) {
    const auto digit = is_digit(c) ? c - '0' : lower(c) - 'a' + 10;
    count = count << 4 | static_cast<std::uint32_t>(digit);
  }
  return count;
}

// Rows of other schemes and realms are not ours, and neither is what cannot be read.
std::optional<Presented> Judge::find_credentials(const Request& request) const {
  const auto& rules = profile_.credentials;
  const auto wanted = credentials_header(profile_);
  std::optional<Presented> of_other_realm;
  for (const auto& header : request.message->headers()) {
    if (header.id != wanted) continue;
    Diagnostics diagnostics;
    const auto credentials = Credentials::parse(header.value, diagnostics);
    if (credentials && is_readable(*credentials, header.value)) {
      const bool ours = realm_is_ours(unquoted(credentials->realm()), request);
      if (ours || !profile_.checks_realm) return present(*credentials);
      if (rules.believes_realm && !of_other_realm) of_other_realm = present(*credentials);
    }
    if (rules.first_row_only) break;
  }
  return of_other_realm;
}

bool Judge::is_readable(const Credentials& credentials, std::string_view text) const {
  const auto& rules = profile_.credentials;
  if (!credentials.is_digest()) return false;
  if (rules.scheme_in_one_case && credentials.scheme() != "Digest") return false;
  return rules.reads_single_quotes ||
         std::ranges::none_of(credentials.parameters(), [&](const Parameter& parameter) {
           return text.substr(parameter.where.offset, parameter.where.length).ends_with('\'');
         });
}

bool Judge::realm_is_ours(std::string_view realm, const Request& request) const {
  if (!profile_.realm_changes) return realm == realm_of(request);
  return realm.starts_with(profile_.realm ? *profile_.realm : request.to_host);
}

const Algorithm* Judge::offered_algorithm(std::string_view name) const {
  const auto or_md5 = [](std::string_view text) { return text.empty() ? "MD5" : text; };
  const bool offered = std::ranges::any_of(profile_.rows, [&](const ChallengeRow& row) {
    return same(row.scheme, "Digest") && same(or_md5(row.algorithm), or_md5(name));
  });
  if (!offered && !profile_.credentials.any_algorithm) return nullptr;
  const auto aka = find_aka_algorithm(name);
  return aka ? aka->algorithm : find_algorithm(name);
}

Presented Judge::present(const Credentials& credentials) const {
  const auto& rules = profile_.credentials;
  const auto value = [&](std::string_view name) {
    auto found = credentials.value(name);
    for (const auto& parameter : credentials.parameters()) {
      if (rules.last_of_two_counts && same(parameter.name, name)) found = parameter.value;
    }
    return unquoted(found);
  };
  const auto algorithm = value("algorithm");
  Presented presented{.username = value("username"),
                      .realm = value("realm"),
                      .nonce = value("nonce"),
                      .uri = value("uri"),
                      .response = value("response"),
                      .cnonce = value("cnonce"),
                      .nc = value("nc"),
                      .opaque = std::nullopt,
                      .auts = std::nullopt,
                      .aka = find_aka_algorithm(algorithm),
                      .algorithm = offered_algorithm(algorithm),
                      .qop = read_qop(credentials.qop())};
  if (const auto opaque = credentials.opaque()) presented.opaque = unquote(*opaque);
  if (const auto auts = credentials.auts()) presented.auts = unquote(*auts);
  const auto* const named = find_algorithm(algorithm);
  presented.session_not_offered = named && named->session && !presented.algorithm;
  presented.has_nonce = credentials.nonce().has_value();

  const bool has_all = credentials.username() && credentials.nonce() && credentials.uri() &&
                       credentials.response() &&
                       (credentials.algorithm() || !rules.needs_algorithm);
  const bool counts = credentials.qop() || profile_.count.required;
  const bool counted = (read_count(presented.nc) || !rules.needs_count) &&
                       (credentials.cnonce() || !rules.needs_cnonce);
  const bool contradicts =
      rules.refuses_contradictions && (has_repeated_parameter(credentials) ||
                                       (credentials.username() && credentials.find("username*")));
  presented.complete = has_all && (!counts || counted) && !contradicts;
  return presented;
}

Judge::Outcome Judge::reply_to_other_scheme(const Request& request) const {
  const auto& rules = profile_.credentials;
  for (const auto& header : request.message->headers()) {
    if (header.id != credentials_header(profile_)) continue;
    Diagnostics diagnostics;
    const auto credentials = Credentials::parse(header.value, diagnostics);
    if (!credentials || credentials->is_digest()) continue;
    if (rules.other_scheme) return rules.other_scheme;
    if (!rules.takes_basic || !same(credentials->scheme(), "Basic")) continue;
    const auto given = trim(header.value.substr(header.value.find(' ') + 1));
    const bool is_known = std::ranges::any_of(accounts_, [&](const Account& account) {
      return net::base64(account.user + ':' + std::string{account.password.reveal()}) == given;
    });
    if (is_known) return reply::accept;
  }
  return std::nullopt;
}

Judge::Outcome Judge::reply_out_of_order(const Request& request, const Presented& presented) const {
  const auto& rules = profile_.credentials;
  const auto rows = std::ranges::count_if(request.message->headers(), [&](const Header& header) {
    Diagnostics diagnostics;
    const auto credentials = Credentials::parse(header.value, diagnostics);
    return header.id == credentials_header(profile_) && credentials && credentials->is_digest() &&
           unquoted(credentials->realm()) == presented.realm;
  });
  const bool is_odd = std::ranges::any_of(
      presented.username, [](char c) { return c == '"' || static_cast<unsigned char>(c) >= 0x80; });
  if (rules.two_rows && rows > 1) return rules.two_rows;
  if (rules.odd_name && is_odd) return rules.odd_name;
  if (rules.session_not_offered && presented.session_not_offered) return rules.session_not_offered;
  if (rules.missing_qop && !profile_.qop.empty() && presented.qop == Qop::none) {
    return rules.missing_qop;
  }
  if (rules.other_from && request.from_user != request.to_user) return rules.other_from;
  if (rules.uri_names_host && host_of(presented.uri) != host_of(request.request_uri)) {
    return reply::bad_request;
  }
  if (rules.uri_must_match && presented.uri != request.request_uri) return reply::bad_request;
  return std::nullopt;
}

bool Judge::response_fits(DigestInput input, std::string_view response) const {
  const auto& rules = profile_.credentials;
  const auto fits = [&](const DigestInput& one) {
    const auto digest = compute_digest(one);
    if (!digest) return false;
    auto given = response;
    auto right = digest->response.view();
    if (profile_.compared_digits != 0) given = given.substr(0, profile_.compared_digits);
    if (rules.compares_prefix) right = right.substr(0, given.size());
    return equal_digests(given, right);
  };
  if (fits(input)) return true;
  if (rules.takes_binary_session && input.algorithm->session) {
    return response == sip::binary_session_response(input);
  }
  if (rules.any_method) {
    for (const auto method : {"INVITE", "OPTIONS"}) {
      input.method = method;
      if (fits(input)) return true;
    }
  }
  input.password = {};
  return rules.takes_empty_password && fits(input);
}

}  // namespace sipauth::registrar
