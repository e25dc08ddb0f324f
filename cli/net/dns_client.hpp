// Puts questions to the name servers: through the DNS module, which is loaded here, or without it
// to the system's resolver, which knows addresses only and cannot be interrupted.
#pragma once

#include <expected>
#include <memory>
#include <string>

#include "net/find_server.hpp"
#include "net/transport.hpp"

namespace sipauth::net {

struct DnsOptions {
  std::string name_server = {};  ///< `127.0.0.1:5353`; empty: those of the system
  bool ipv4 = true;
  bool ipv6 = true;
  Duration timeout = std::chrono::seconds{5};  ///< for all questions together
};

class DnsClient {
 public:
  /// Fails when the module is wanted and is not there: only it can ask a certain name server.
  [[nodiscard]] static std::expected<DnsClient, NetError> open(const DnsOptions& options);

  /// Answers to what was not answered in time say so. What no name server knows is looked for in
  /// the system's own places as well (hosts file, mDNS), unless a name server was named.
  [[nodiscard]] std::expected<std::vector<DnsAnswer>, NetError> fetch(
      const std::vector<DnsQuestion>& questions) const;

  /// Why NAPTR and SRV cannot be asked for, if so.
  [[nodiscard]] const std::optional<std::string>& only_addresses() const { return no_module_; }
  /// Comma-separated, for people.
  [[nodiscard]] const std::string& name_servers() const { return name_servers_; }

 private:
  explicit DnsClient(const DnsOptions& options) : options_{options} {}

  DnsOptions options_;
  SystemClock clock_;
  Instant end_{0};
  std::optional<std::string> no_module_;
  std::string name_servers_;
};

}  // namespace sipauth::net
