// From a host name to the addresses to try, in the order to try them.
#pragma once

#include <asio/ip/address.hpp>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "net/dns_records.hpp"
#include "net/transport.hpp"

namespace sipauth::net {

/// IPv4 stands before IPv6: a registrar that has both answers SIP on IPv4 at least, and datagrams
/// tell nothing when they go to the other. -4, -6 and the family of --source leave the rest out.
/// At most 16 addresses. Asks the system's resolver, which cannot be interrupted.
[[nodiscard]] std::expected<std::vector<asio::ip::address>, NetError> resolve(
    const ConnectOptions& options);

/// What the system knows of a name, from wherever it is told to look: IPv4 first, at most 16. It
/// cannot be interrupted.
[[nodiscard]] DnsAnswer system_addresses(const std::string& host, bool ipv4, bool ipv6);

/// Which families -4, -6 and --source leave.
struct Families {
  bool ipv4 = true;
  bool ipv6 = true;
};
[[nodiscard]] std::expected<Families, NetError> families(const ConnectOptions& options);

/// --source, or nullopt when there is none.
[[nodiscard]] std::expected<std::optional<asio::ip::address>, NetError> source_address(
    const ConnectOptions& options);

/// `127.0.0.1:5060`, `[::1]:5060`.
[[nodiscard]] std::string endpoint_text(const asio::ip::address& address, std::uint16_t port);

}  // namespace sipauth::net
