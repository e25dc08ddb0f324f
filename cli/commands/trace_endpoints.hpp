// Between whom a message of a pasted trace went, where its own lines do not say both.
//
//   On 192.0.2.9:5060 received from 192.0.2.7:5060      both
//   recv 448 bytes from udp/192.0.2.9:5060              where it came from
//
// Logs name one end, or both in some messages only. What another message of the same transaction
// says holds for all of it, and what is the same throughout a dialogue for all of that.
#pragma once

#include <span>
#include <string>
#include <unordered_map>

#include "sipauth/trace.hpp"

namespace sipauth::commands {

class TraceEndpoints {
 public:
  /// `192.0.2.1:5060`, `[2001:db8::1]:5060`, without a port where none is known; empty where nobody
  /// says.
  struct Ends {
    std::string source = {};
    std::string destination = {};
  };

  /// All messages of the trace, which are not needed afterwards.
  explicit TraceEndpoints(std::span<const TracedMessage> messages);

  [[nodiscard]] Ends of(const TracedMessage& message) const;

 private:
  struct Known {
    std::string client = {};
    std::string server = {};
    bool several_clients = false;  ///< so that none of them is the one
    bool several_servers = false;

    void learn(const std::string& a_client, const std::string& a_server);
  };

  std::unordered_map<std::string, Known> transactions_;
  std::unordered_map<std::string, Known> dialogues_;
};

}  // namespace sipauth::commands
