#include "net/certificate_names.hpp"

#include <algorithm>
#include <asio/ip/address.hpp>
#include <optional>

#include "net/host_text.hpp"
#include "sipauth/text.hpp"

namespace sipauth::net {
namespace {

std::optional<asio::ip::address> address_of(std::string_view host) {
  std::error_code code;
  const auto address = asio::ip::make_address(std::string{without_brackets(host)}, code);
  return code ? std::nullopt : std::optional{address};
}

std::string_view without_root_dot(std::string_view name) {
  if (name.size() > 1 && name.ends_with('.')) name.remove_suffix(1);
  return name;
}

bool same_host(std::string_view a, std::string_view b) {
  const auto address = address_of(a);
  if (address) return address == address_of(b);
  return same(without_root_dot(a), without_root_dot(b));
}

// The star stands for one whole label, the leftmost, and never for a whole top-level domain.
bool matches_wildcard(std::string_view pattern, std::string_view name) {
  name = without_root_dot(name);
  pattern = without_root_dot(pattern);
  if (!pattern.starts_with("*.") || !pattern.substr(2).contains('.')) return false;
  const auto dot = name.find('.');
  return dot != std::string_view::npos && dot > 0 && same(name.substr(dot), pattern.substr(1));
}

NameMatch match_dns(std::string_view pattern, std::string_view domain) {
  if (same_host(pattern, domain)) return NameMatch::exact;
  return matches_wildcard(pattern, domain) ? NameMatch::wildcard : NameMatch::none;
}

// The host of a SIP URI that names a domain: one with a user part names a person, and sips: does
// not count (RFC 5922 7.1).
std::optional<std::string_view> domain_of(std::string_view uri) {
  if (uri.size() < 4 || !same(uri.substr(0, 4), "sip:") || uri.contains('@')) return std::nullopt;
  uri.remove_prefix(4);
  if (uri.starts_with('[')) return uri.substr(0, uri.find(']') + 1);
  return uri.substr(0, uri.find_first_of(":;?"));
}

}  // namespace

bool is_dns_name(std::string_view host) {
  return !host.empty() && !host.starts_with('[') && !address_of(host);
}

NameMatch match_certificate(const CertificateNames& names, std::string_view domain) {
  if (domain.empty()) return NameMatch::none;
  bool names_a_domain = false;
  for (const auto& uri : names.uris) {
    const auto host = domain_of(uri);
    if (!host) continue;
    names_a_domain = true;
    if (same_host(*host, domain)) return NameMatch::exact;
  }
  if (const auto address = address_of(domain)) {
    const auto is_it = [&](const auto& held) { return address_of(held) == address; };
    if (std::ranges::any_of(names.addresses, is_it)) return NameMatch::exact;
    return !names.has_alternative_names && is_it(names.common_name) ? NameMatch::exact
                                                                    : NameMatch::none;
  }
  if (names_a_domain) return NameMatch::none;
  if (!names.has_alternative_names) return match_dns(names.common_name, domain);
  auto best = NameMatch::none;
  for (const auto& name : names.dns) {
    const auto match = match_dns(name, domain);
    if (match == NameMatch::exact) return match;
    if (match == NameMatch::wildcard) best = match;
  }
  return best;
}

std::string CertificateNames::text() const {
  std::string list;
  const auto add = [&](std::string_view kind, const std::string& name) {
    if (!list.empty()) list += ", ";
    list += kind;
    for (const char c : name) list += is_control(c) ? '?' : c;
  };
  for (const auto& uri : uris) add("URI:", uri);
  for (const auto& name : dns) add("DNS:", name);
  for (const auto& address : addresses) add("IP:", address);
  if (!has_alternative_names && !common_name.empty()) add("CN:", common_name);
  return list;
}

}  // namespace sipauth::net
