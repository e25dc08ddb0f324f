#include "net/resolve.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <asio/io_context.hpp>
#include <asio/ip/udp.hpp>

#include "net/resolution.hpp"

namespace sipauth::net {
namespace {

constexpr std::size_t max_addresses = 16;

std::unexpected<NetError> failed(NetError::Kind kind, std::string text) {
  return std::unexpected{NetError{kind, std::move(text)}};
}

std::unexpected<NetError> not_resolved(DnsStatus status, const std::string& host) {
  if (status == DnsStatus::timeout) {
    return failed(NetError::Kind::dns,
                  fmt::format("The name server does not answer for {}: check the network, or give "
                              "the address.",
                              host));
  }
  if (is_known_absent(status)) {
    return failed(NetError::Kind::dns,
                  fmt::format("There is no host {}: check the spelling, or give its address with "
                              "--connect.",
                              host));
  }
  return failed(NetError::Kind::dns,
                fmt::format("The name {} was not resolved: {}.", host, status_text(status)));
}

DnsStatus status_of(const std::error_code& code) {
  if (!code) return DnsStatus::found;
  if (code == asio::error::host_not_found_try_again) return DnsStatus::timeout;
  if (code == asio::error::host_not_found) return DnsStatus::no_name;
  if (code == asio::error::no_data) return DnsStatus::no_data;
  return DnsStatus::server_failed;
}

// Neither is a registrar, and both reach more hosts than the one that was named.
std::expected<void, NetError> check_unicast(const asio::ip::address& address) {
  if (address.is_multicast()) {
    return failed(NetError::Kind::usage,
                  fmt::format("{} is a multicast address: name one host.", address.to_string()));
  }
  if (address.is_unspecified()) {
    return failed(NetError::Kind::usage,
                  fmt::format("{} is no host's address: name one host.", address.to_string()));
  }
  return {};
}

}  // namespace

std::expected<std::optional<asio::ip::address>, NetError> source_address(
    const ConnectOptions& options) {
  if (options.source.empty()) return std::nullopt;
  std::error_code code;
  auto address = asio::ip::make_address(options.source, code);
  if (code) {
    return failed(NetError::Kind::usage,
                  fmt::format("\"{}\" is not an address: --source takes one of this host's.",
                              options.source));
  }
  return address;
}

DnsAnswer system_addresses(const std::string& host, bool ipv4, bool ipv6) {
  asio::io_context context;
  asio::ip::udp::resolver resolver{context};
  std::error_code code;
  const auto found = resolver.resolve(host, "", asio::ip::resolver_base::flags{}, code);
  DnsAnswer answer{.status = status_of(code)};
  for (const bool v6 : {false, true}) {
    for (const auto& entry : found) {
      const auto address = entry.endpoint().address();
      auto text = address.to_string();
      const bool known = std::ranges::any_of(
          answer.addresses, [&](const AddressRecord& record) { return record.address == text; });
      if (known || address.is_v6() != v6 || !(v6 ? ipv6 : ipv4)) continue;
      if (answer.addresses.size() < max_addresses) answer.addresses.push_back({std::move(text)});
    }
  }
  if (!code && answer.addresses.empty()) answer.status = DnsStatus::no_data;
  return answer;
}

std::expected<Families, NetError> families(const ConnectOptions& options) {
  const auto source = source_address(options);
  if (!source) return std::unexpected{source.error()};
  return Families{.ipv4 = !options.ipv6_only && !(*source && (*source)->is_v6()),
                  .ipv6 = !options.ipv4_only && !(*source && (*source)->is_v4())};
}

std::expected<std::vector<asio::ip::address>, NetError> resolve(const ConnectOptions& options) {
  const auto wanted = families(options);
  if (!wanted) return std::unexpected{wanted.error()};
  auto host = options.host;
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);

  const auto answer = system_addresses(host, true, true);
  if (answer.status != DnsStatus::found) return not_resolved(answer.status, options.host);
  std::vector<asio::ip::address> addresses;
  for (const auto& record : answer.addresses) {
    const auto address = asio::ip::make_address(record.address);
    if (!(address.is_v4() ? wanted->ipv4 : wanted->ipv6)) continue;
    if (auto good = check_unicast(address); !good) return std::unexpected{good.error()};
    addresses.push_back(address);
  }
  if (addresses.empty()) {
    return failed(NetError::Kind::dns,
                  fmt::format("{} has no address of the family that -4, -6 or --source asks for.",
                              options.host));
  }
  return addresses;
}

std::string endpoint_text(const asio::ip::address& address, std::uint16_t port) {
  if (address.is_v4()) return fmt::format("{}:{}", address.to_string(), port);
  auto v6 = address.to_v6();
  v6.scope_id(0);  // fe80::1%eth0 is no host of a Via
  return fmt::format("[{}]:{}", v6.to_string(), port);
}

}  // namespace sipauth::net
