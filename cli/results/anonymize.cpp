#include "results/anonymize.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <optional>

#include "sipauth/address.hpp"
#include "sipauth/challenge.hpp"
#include "sipauth/credentials.hpp"
#include "sipauth/digest.hpp"
#include "sipauth/text.hpp"

namespace sipauth::results {
namespace {

// What cannot name anybody.
constexpr auto plain_headers = std::to_array<std::string_view>({"CSeq",
                                                                "Max-Forwards",
                                                                "Expires",
                                                                "Min-Expires",
                                                                "Content-Type",
                                                                "c",
                                                                "Allow",
                                                                "Supported",
                                                                "k",
                                                                "Require",
                                                                "Proxy-Require",
                                                                "Unsupported",
                                                                "Retry-After",
                                                                "Date",
                                                                "Event",
                                                                "o",
                                                                "Accept",
                                                                "Accept-Encoding",
                                                                "Accept-Language",
                                                                "Allow-Events",
                                                                "u",
                                                                "Session-Expires",
                                                                "x",
                                                                "Min-SE",
                                                                "Privacy",
                                                                "Subscription-State",
                                                                "MIME-Version",
                                                                "RSeq",
                                                                "RAck",
                                                                "Timestamp",
                                                                "Authentication-Info"});

constexpr auto address_headers = std::to_array<std::string_view>(
    {"From", "f", "To", "t", "Contact", "m", "Route", "Record-Route", "Path", "Service-Route",
     "P-Asserted-Identity", "P-Preferred-Identity", "P-Associated-URI", "Remote-Party-ID",
     "Referred-By", "Refer-To", "Diversion", "Reply-To"});

constexpr auto plain_parameters = std::to_array<std::string_view>(
    {"expires", "q", "transport", "lr", "rport", "ttl", "user", "method", "reg-id", "ob"});

constexpr auto plain_auth_parameters = std::to_array<std::string_view>(
    {"algorithm", "qop", "nc", "stale", "charset", "userhash", "nonce", "cnonce", "opaque"});

bool contains(std::span<const std::string_view> names, std::string_view name) {
  return std::ranges::any_of(names, [&](auto known) { return same(known, name); });
}

bool is_address(std::string_view name, int family) {
  std::array<unsigned char, 16> bytes{};
  return ::inet_pton(family, std::string{name}.c_str(), bytes.data()) == 1;
}

std::string blanked(std::string_view text) {
  std::string result{text};
  std::ranges::replace_if(result, [](char c) { return c != '\r' && c != '\n'; }, 'x');
  return result;
}

std::string lower_case(std::string_view text) {
  std::string result{text};
  std::ranges::transform(result, result.begin(), lower);
  return result;
}

std::string unquoted(std::optional<std::string_view> value) { return unquote(value.value_or("")); }

std::optional<Qop> qop_of(std::string_view name) {
  for (const auto qop : {Qop::none, Qop::auth, Qop::auth_int}) {
    if (same(name, qop_name(qop))) return qop;
  }
  return std::nullopt;
}

}  // namespace

std::string Anonymizer::user(std::string_view name) {
  if (name.empty()) return {};
  const auto [row, is_new] = users_.try_emplace(std::string{name});
  if (is_new) row->second = fmt::format("user{}", users_.size());
  return row->second;
}

std::string Anonymizer::host(std::string_view name) {
  if (name.empty()) return {};
  const bool bracketed = name.starts_with('[') && name.ends_with(']');
  const auto bare = bracketed ? name.substr(1, name.size() - 2) : name;
  const auto [row, is_new] = hosts_.try_emplace(lower_case(bare));
  if (is_new) {
    if (is_address(bare, AF_INET)) {
      ++ipv4_;
      row->second =
          fmt::format("10.{}.{}.{}", ipv4_ >> 16U & 0xffU, ipv4_ >> 8U & 0xffU, ipv4_ & 0xffU);
    } else if (is_address(bare, AF_INET6)) {
      row->second = fmt::format("2001:db8::{:x}", ++ipv6_);
    } else {
      ++names_;
      row->second = bare.contains('.') ? fmt::format("domain{}.example", names_)
                                       : fmt::format("name{}", names_);
    }
  }
  return bracketed ? '[' + row->second + ']' : row->second;
}

// `alice` or `alice@example.com`.
std::string Anonymizer::identity(std::string_view name) {
  const auto at = name.rfind('@');
  if (at == std::string_view::npos) return user(name);
  return user(name.substr(0, at)) + '@' + host(name.substr(at + 1));
}

std::string Anonymizer::token(std::string_view text) const {
  constexpr std::string_view cookie = "z9hG4bK";
  if (text.empty()) return {};
  const auto hash = std::hash<std::string>{}(std::to_string(salt_) + std::string{text});
  return fmt::format("{}{:016x}", text.starts_with(cookie) ? cookie : "", hash);
}

std::string Anonymizer::uri(std::string_view text) {
  Diagnostics ignored;
  const auto read = Uri::parse(text, ignored);
  if (!read) return blanked(text);
  std::string result{read->scheme_name};
  result += ':';
  if (read->host.empty()) return result + user(read->user.empty() ? text : read->user);
  if (!read->user.empty()) result += user(read->user) + '@';
  result += host(read->host);
  if (read->port) result += fmt::format(":{}", *read->port);
  return result + parameters(read->parameters);
}

// `;name=value;name`: values that may name somebody are made anew, the same for the same.
std::string Anonymizer::parameters(std::string_view list) {
  std::string result;
  while (!list.empty()) {
    list.remove_prefix(1);
    bool in_quotes = false;
    std::size_t end = 0;
    while (end < list.size() && (in_quotes || list[end] != ';')) {
      in_quotes = (list[end] == '"') != in_quotes;
      ++end;
    }
    const auto part = list.substr(0, end);
    list.remove_prefix(end);
    const auto equals = std::min(part.find('='), part.size());
    const auto name = trim(part.substr(0, equals));
    const auto value = equals < part.size() ? trim(part.substr(equals + 1)) : std::string_view{};
    result.append(";").append(is_token(name) ? name : std::string_view{"x"});
    if (equals == part.size()) continue;
    result += '=';
    if (contains(plain_parameters, name)) {
      result += value;
    } else if (same(name, "received") || same(name, "maddr")) {
      result += host(value);
    } else {
      result += token(value);
    }
  }
  return result;
}

std::string Anonymizer::addresses(std::string_view value) {
  std::string result;
  while (!value.empty()) {
    Diagnostics ignored;
    const auto read = NameAddr::parse(value, ignored);
    if (!read) return result + blanked(value);
    if (!result.empty()) result += ", ";
    if (read->is_wildcard) {
      result += '*';
    } else {
      result += '<' + uri(read->uri.text) + '>' + parameters(read->parameters);
    }
    value = read->rest;
  }
  return result;
}

std::string Anonymizer::via(std::string_view value) {
  std::string result;
  while (!value.empty()) {
    Diagnostics ignored;
    const auto read = Via::parse(value, ignored);
    if (!read) return result + blanked(value);
    if (!result.empty()) result += ", ";
    result += fmt::format("SIP/2.0/{} {}", read->transport, host(read->host));
    if (read->port) result += fmt::format(":{}", *read->port);
    result += parameters(read->parameters);
    value = read->rest;
  }
  return result;
}

// Products keep their names and versions; words that may be a serial number do not.
std::string Anonymizer::words(std::string_view text) const {
  std::string result;
  while (!text.empty()) {
    const auto blank = std::min(text.find(' '), text.size());
    const auto word = text.substr(0, blank);
    std::size_t run = 0;
    std::size_t longest = 0;
    for (const char c : word) {
      run = is_hex(c) ? run + 1 : 0;
      longest = std::max(longest, run);
    }
    const bool is_name = users_.contains(word) || hosts_.contains(lower_case(word)) ||
                         word.contains('@') || is_address(word, AF_INET);
    constexpr std::size_t serial_number = 6;
    result += longest >= serial_number || is_name ? blanked(word) : std::string{word};
    text.remove_prefix(std::min(blank + 1, text.size()));
    if (!text.empty()) result += ' ';
  }
  return result;
}

// In place, so that a comma that is missing stays missing.
std::string Anonymizer::challenge(std::string_view value) {
  Edits edits;
  std::optional<std::size_t> offset = 0;
  while (offset) {
    Diagnostics ignored;
    const auto read = Challenge::parse(value, *offset, ignored);
    if (!read) return blanked(value);
    for (const auto& [name, content, quoted, where] : read->parameters()) {
      if (contains(plain_auth_parameters, name)) continue;
      const auto at = static_cast<std::size_t>(content.data() - value.data());
      edits.push_back(
          {at, content.size(), same(name, "realm") ? host(unquote(content)) : blanked(content)});
    }
    offset = read->next_challenge();
  }
  std::string result{value};
  std::ranges::sort(edits, std::ranges::greater{}, &Edit::offset);
  for (const auto& edit : edits) result.replace(edit.offset, edit.length, edit.text);
  return result;
}

std::string Anonymizer::credentials(std::string_view value, const Message& message,
                                    std::string_view body) {
  Diagnostics ignored;
  const auto read = Credentials::parse(value, ignored);
  if (!read || !read->is_digest()) {
    const auto scheme = value.substr(0, value.find(' '));
    return std::string{scheme} + ' ' +
           blanked(value.substr(std::min(scheme.size() + 1, value.size())));
  }
  const auto username = unquoted(read->username());
  const auto realm = unquoted(read->realm());
  const auto nonce = unquoted(read->nonce());
  const auto cnonce = unquoted(read->cnonce());
  const auto old_uri = unquoted(read->uri());
  const auto new_user = identity(username);
  const auto new_realm = host(realm);
  const auto new_uri = uri(old_uri);
  const auto response = std::string{trim(read->response().value_or(""))};
  auto new_response =
      token(response) + token(response + '+') + token(response + '-') + token('=' + response);
  new_response.resize(std::min(response.size(), new_response.size()));
  const auto* algorithm = find_algorithm(trim(read->algorithm().value_or("")));
  const auto qop = qop_of(trim(read->qop().value_or("")));
  for (const auto& account : accounts_) {
    if (algorithm == nullptr || !qop || account.user != username) continue;
    if (!account.realm.empty() && account.realm != realm) continue;
    DigestInput input{.algorithm = algorithm,
                      .qop = *qop,
                      .username = username,
                      .realm = realm,
                      .method = message.method(),
                      .uri = old_uri,
                      .nonce = nonce,
                      .nc = trim(read->nc().value_or("")),
                      .cnonce = cnonce,
                      .body = message.body()};
    (account.is_ha1 ? input.ha1 : input.password) = account.secret.reveal();
    const auto right = compute_digest(input);
    if (!right || !equal_digests(right->response.view(), response)) continue;
    input.username = new_user;
    input.realm = new_realm;
    input.uri = new_uri;
    input.body = body;
    input.ha1 = {};
    input.password = password;
    if (const auto anew = compute_digest(input)) new_response = anew->response.view();
  }
  Edits edits;
  for (const auto& [name, content, quoted, where] : read->parameters()) {
    if (contains(plain_auth_parameters, name)) continue;
    std::string text;
    if (same(name, "username"))
      text = new_user;
    else if (same(name, "realm"))
      text = new_realm;
    else if (same(name, "uri"))
      text = new_uri;
    else if (same(name, "response"))
      text = new_response;
    else
      text = blanked(content);
    edits.push_back(
        {static_cast<std::size_t>(content.data() - value.data()), content.size(), text});
  }
  std::string result{value};
  std::ranges::sort(edits, std::ranges::greater{}, &Edit::offset);
  for (const auto& edit : edits) result.replace(edit.offset, edit.length, edit.text);
  return result;
}

std::string Anonymizer::header(const Header& header, const Message& message,
                               std::string_view body) {
  switch (header.id) {
    case HeaderId::via:
      return via(header.value);
    case HeaderId::call_id:
      return token(header.value);
    case HeaderId::content_length:
      return std::to_string(body.size());
    case HeaderId::www_authenticate:
    case HeaderId::proxy_authenticate:
      return challenge(header.value);
    case HeaderId::authorization:
    case HeaderId::proxy_authorization:
      return credentials(header.value, message, body);
    case HeaderId::server:
    case HeaderId::user_agent:
      return words(header.value);
    default:
      break;
  }
  if (contains(address_headers, header.name)) return addresses(header.value);
  if (contains(plain_headers, header.name)) return std::string{header.value};
  return "anonymized";
}

std::string Anonymizer::message(std::string_view text) {
  Diagnostics ignored;
  const auto read = Message::parse(text, ignored);
  if (!read) return {};
  const auto body = blanked(read->body());
  std::string headers;
  for (const auto& row : read->headers()) {
    if (!is_token(row.name)) continue;
    headers.append(row.name).append(": ").append(header(row, *read, body)).append("\r\n");
  }
  // Behind the headers, which tell the names that a reason may repeat.
  auto start = read->is_request()
                   ? fmt::format("{} {} SIP/2.0", read->method(), uri(read->request_uri()))
                   : fmt::format("SIP/2.0 {} {}", read->status(), words(read->reason()));
  return start + "\r\n" + headers + "\r\n" + body;
}

std::string Anonymizer::endpoint(std::string_view text) {
  const auto colon = std::min(text.rfind(':'), text.size());
  return host(text.substr(0, colon)) + std::string{text.substr(colon)};
}

}  // namespace sipauth::results
