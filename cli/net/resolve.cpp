#include "net/resolve.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <asio/io_context.hpp>
#include <asio/ip/udp.hpp>

namespace sipauth::net {
namespace {

constexpr std::size_t max_addresses = 16;

std::unexpected<NetError> failed(NetError::Kind kind, std::string text) {
  return std::unexpected{NetError{kind, std::move(text)}};
}

std::unexpected<NetError> not_resolved(const std::error_code& code, const std::string& host) {
  if (code == asio::error::host_not_found_try_again) {
    return failed(NetError::Kind::dns,
                  fmt::format("The name server does not answer for {}: check the network, or give "
                              "the address.",
                              host));
  }
  if (code == asio::error::host_not_found || code == asio::error::no_data) {
    return failed(NetError::Kind::dns,
                  fmt::format("There is no host {}: check the spelling, or give its address with "
                              "--connect.",
                              host));
  }
  return failed(NetError::Kind::dns,
                fmt::format("The name {} was not resolved: {}.", host, code.message()));
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

std::expected<std::vector<asio::ip::address>, NetError> resolve(const ConnectOptions& options) {
  const auto source = source_address(options);
  if (!source) return std::unexpected{source.error()};
  const auto wanted = [&](const asio::ip::address& address) {
    return !(options.ipv4_only && address.is_v6()) && !(options.ipv6_only && address.is_v4()) &&
           (!*source || (*source)->is_v4() == address.is_v4());
  };

  auto host = options.host;
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  asio::io_context context;
  asio::ip::udp::resolver resolver{context};
  std::error_code code;
  const auto found = resolver.resolve(host, "", asio::ip::resolver_base::flags{}, code);
  if (code) return not_resolved(code, options.host);

  std::vector<asio::ip::address> addresses;
  for (const bool ipv6 : {false, true}) {
    for (const auto& entry : found) {
      const auto address = entry.endpoint().address();
      const bool known = std::ranges::find(addresses, address) != addresses.end();
      if (known || address.is_v6() != ipv6 || !wanted(address)) continue;
      if (auto good = check_unicast(address); !good) return std::unexpected{good.error()};
      if (addresses.size() < max_addresses) addresses.push_back(address);
    }
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
