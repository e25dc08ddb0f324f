// From the domain of a target to the servers to try: what was asked, what was answered, and what
// follows from it (RFC 3263 4), kept for people to look at.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/dns_records.hpp"
#include "net/transport.hpp"

namespace sipauth::net {

/// One server to try, and what became of it.
struct Candidate {
  enum class Outcome { not_tried, passed_over, used };

  TransportKind transport = TransportKind::udp;
  std::string address = {};  ///< without brackets
  std::uint16_t port = 0;
  std::string name = {};  ///< whose address it is: an SRV target, or the domain
  Outcome outcome = Outcome::not_tried;
  std::string why = {};  ///< it was passed over

  /// `127.0.0.1:5060 over UDP`, with the name before it when there is one.
  [[nodiscard]] std::string text() const;
};

/// A record of the domain; `why_not` is empty when it is followed.
struct NaptrStep {
  NaptrRecord record = {};
  std::string why_not = {};
};

struct HostStep {
  std::string name = {};
  DnsAnswer answer = {};
};

struct SrvStep {
  SrvRecord record = {};
  DnsAnswer addresses = {};
};

/// What stands at one name such as `_sip._udp.example.test`, in the order to try it.
struct SrvSet {
  std::string name = {};
  TransportKind transport = TransportKind::udp;
  DnsStatus status = DnsStatus::not_asked;
  std::vector<SrvStep> steps = {};
};

struct Resolution {
  std::string domain = {};        ///< as typed, without brackets
  std::string name_servers = {};  ///< empty: the system's resolver was asked, or nobody
  DnsStatus naptr_status = DnsStatus::not_asked;
  std::vector<NaptrStep> naptr = {};  ///< by order and preference
  std::vector<SrvSet> srv = {};
  std::optional<HostStep> host = {};  ///< addresses of the domain itself, when they are used
  std::vector<Candidate> candidates = {};
  std::vector<std::string> problems = {};  ///< what is wrong in the records, as sentences
  std::vector<std::string> notes = {};     ///< what could not be done here
  std::optional<NetError> error = {};      ///< why there is no candidate

  /// Something was looked up, so there is something to show.
  [[nodiscard]] bool has_lookups() const {
    return naptr_status != DnsStatus::not_asked || !srv.empty() || host.has_value();
  }
  /// The candidate of that address, or nullptr.
  [[nodiscard]] const Candidate* find(TransportKind transport, std::string_view address,
                                      std::uint16_t port) const;
};

/// `found`, `no such name`, ...
[[nodiscard]] std::string_view status_text(DnsStatus status);

}  // namespace sipauth::net
