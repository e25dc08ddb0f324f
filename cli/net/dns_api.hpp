// What the DNS module offers to the program that loads it: questions that are asked side by side,
// and a turn at a time, so that deadlines and Ctrl-C stay with the program.
//
// A table of functions, as in tls_api.hpp.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "net/dns_records.hpp"

namespace sipauth::net {

struct DnsSession;  // of the module

struct DnsSetup {
  std::string name_server;  ///< `127.0.0.1:5353`; empty: those of the system, and its hosts file
  bool ipv4 = true;         ///< address questions ask for A
  bool ipv6 = true;         ///< ... and for AAAA
  std::chrono::milliseconds first_try{1000};  ///< the second and last one takes twice as long
};

struct DnsApi {
  /// Null, with the reason in `problem`.
  DnsSession* (*create)(const DnsSetup& setup, std::string& problem);
  /// Questions without an answer are given up.
  void (*destroy)(DnsSession* session);

  /// The number of the question, counted from 0.
  std::size_t (*ask)(DnsSession* session, const DnsQuestion& question);
  /// Sends and receives, at most so long. True when every question has its answer.
  bool (*turn)(DnsSession* session, std::chrono::milliseconds longest);
  /// DnsStatus::timeout while there is none.
  DnsAnswer (*answer)(const DnsSession* session, std::size_t question);
  /// The name servers, comma-separated.
  std::string (*name_servers)(DnsSession* session);
};

inline constexpr const char* dns_api_symbol = "sipauth_dns_api";

}  // namespace sipauth::net
