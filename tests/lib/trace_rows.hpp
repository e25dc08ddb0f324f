// The two messages that the traces of the tests hold, and how their rows are written.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sipauth/trace.hpp"

namespace sipauth {

inline const std::vector<std::string> request_rows{
    "REGISTER sip:example.com SIP/2.0",
    "Via: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK1;rport",
    "Max-Forwards: 70",
    "From: \"Alice\" <sip:alice@example.com>;tag=1",
    "To: <sip:alice@example.com>",
    "Call-ID: 1@10.0.0.1",
    "CSeq: 1 REGISTER",
    "Contact: <sip:alice@10.0.0.1:5060>;",
    "  expires=60",
    "Content-Length: 0",
    ""};

inline const std::vector<std::string> response_rows{
    "SIP/2.0 401 Unauthorized",
    "Via: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK1;rport=5060",
    "From: \"Alice\" <sip:alice@example.com>;tag=1",
    "To: <sip:alice@example.com>;tag=2",
    "Call-ID: 1@10.0.0.1",
    "CSeq: 1 REGISTER",
    "WWW-Authenticate: Digest realm=\"asterisk\", nonce=\"397d281a\" stale=true",
    "Content-Length: 0",
    ""};

inline std::string written(const std::vector<std::string>& rows, std::string_view before = "",
                           std::string_view behind = "\n") {
  std::string text;
  for (const auto& row : rows) text.append(before).append(row).append(behind);
  return text;
}

inline const std::string request = written(request_rows, "", "\r\n");
inline const std::string response = written(response_rows, "", "\r\n");

inline std::vector<TracedMessage> all_of(std::string_view input) {
  std::vector<TracedMessage> messages;
  TraceReader reader{input};
  while (auto message = reader.next()) messages.push_back(*std::move(message));
  return messages;
}

}  // namespace sipauth
