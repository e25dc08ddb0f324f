// What is asked of the DNS and what it answers, as far as finding a SIP server needs it. Texts are
// those of the answer: whoever shows them escapes them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace sipauth::net {

enum class DnsType { naptr, srv, address };  // address: A and AAAA in one

struct DnsQuestion {
  DnsType type = DnsType::address;
  std::string name = {};

  friend bool operator==(const DnsQuestion&, const DnsQuestion&) = default;
};

enum class DnsStatus {
  found,
  no_name,        ///< NXDOMAIN
  no_data,        ///< the name is there, such a record is not
  server_failed,  ///< SERVFAIL, REFUSED, NOTIMP, or an answer that cannot be read
  unreachable,    ///< no name server takes questions
  timeout,
  not_asked,
};

/// There is no such record, as opposed to nobody knows.
[[nodiscard]] constexpr bool is_known_absent(DnsStatus status) {
  return status == DnsStatus::no_name || status == DnsStatus::no_data;
}

/// RFC 3403 4.1.
struct NaptrRecord {
  std::uint16_t order = 0;
  std::uint16_t preference = 0;
  std::string flags = {};
  std::string service = {};
  std::string regexp = {};
  std::string replacement = {};
};

/// RFC 2782. The target is `.` where there is no such service.
struct SrvRecord {
  std::uint16_t priority = 0;
  std::uint16_t weight = 0;
  std::uint16_t port = 0;
  std::string target = {};
};

struct AddressRecord {
  std::string address = {};
  std::uint32_t ttl = 0;  ///< seconds; 0 also when it is not known
};

/// Only the records of the type that was asked for, in the order they came, at most max_records.
struct DnsAnswer {
  DnsStatus status = DnsStatus::not_asked;
  std::vector<NaptrRecord> naptr = {};
  std::vector<SrvRecord> srv = {};
  std::vector<AddressRecord> addresses = {};
  std::string canonical_name = {};  ///< where CNAMEs led to; empty: there were none
};

inline constexpr std::size_t max_records = 32;

}  // namespace sipauth::net
