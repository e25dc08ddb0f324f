// Finding the server of a domain: RFC 3263 section 4, with the draw of RFC 2782. The rules know no
// socket: they ask through a function, and give what they ask in one go in one list.
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "net/dns_records.hpp"
#include "net/resolution.hpp"
#include "net/transport.hpp"

namespace sipauth::net {

/// What the target says about its server.
struct Wanted {
  std::string host = {};  ///< without brackets
  std::optional<std::uint16_t> port = {};
  std::optional<TransportKind> transport = {};  ///< when it was named, or nothing else can be meant
  bool secure = false;                          ///< sips: nothing but TLS will do
};

/// One answer for each question, in their order. An error ends the search: Ctrl-C.
using Fetch = std::function<std::expected<std::vector<DnsAnswer>, NetError>(
    const std::vector<DnsQuestion>& questions)>;

/// A number from 0 to `sum`, both included.
using Draw = std::function<std::uint32_t(std::uint32_t sum)>;

struct Finder {
  Fetch fetch = {};
  /// `fetch` answers questions for NAPTR and SRV; else the reason why it cannot.
  std::optional<std::string> only_addresses = {};
  Draw draw = {};
  /// Asked when a sip: domain offers TLS.
  std::function<bool()> speaks_tls = {};
};

/// Most candidates that are listed.
inline constexpr std::size_t max_candidates = 16;

/// The candidates in the order to try them, or `error`. An address is a candidate once.
[[nodiscard]] Resolution find_server(const Wanted& wanted, const Finder& finder);

/// Nothing is looked up. IPv6 comes without brackets.
[[nodiscard]] bool is_address(const std::string& host);

/// NAPTR and SRV are looked up: a name without port that is not the name of this host.
[[nodiscard]] bool needs_records(const Wanted& wanted);

/// By order and preference, each with the reason why it is not followed. Of the records that we can
/// follow, only those of the lowest order are (RFC 3403 3).
[[nodiscard]] std::vector<NaptrStep> judge_naptr(std::vector<NaptrRecord> records, bool secure,
                                                 const std::function<bool()>& speaks_tls);

/// The transport of a NAPTR service (RFC 3263 4.1), or nullopt for one that is not spoken here.
[[nodiscard]] std::optional<TransportKind> transport_of_service(std::string_view service);

/// Lowest priority first, inside a priority by lot (RFC 2782). The same lots give the same order
/// whatever the order of the answer.
[[nodiscard]] std::vector<SrvRecord> in_order(std::vector<SrvRecord> records, const Draw& draw);

}  // namespace sipauth::net
