// The non-INVITE client transaction (RFC 3261 17.1.2): one request, its retransmissions, its final
// answer.
//
// Timer E retransmits at T1, 2*T1, 4*T1 ... up to T2 on datagrams; `timeout` ends it (64*T1 by the
// RFC, 5 s by our default). Timer K is not waited for: what comes late is a duplicate or a stray of
// a later transaction, and counted there. Nothing that arrives is dropped unseen.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/transport.hpp"
#include "sip/recorder.hpp"

namespace sipauth::sip {

struct Timers {
  net::Duration t1 = std::chrono::milliseconds{500};
  net::Duration t2 = std::chrono::seconds{4};
  net::Duration timeout = std::chrono::seconds{5};
};

/// What arrived beside the awaited answers, counted over a run.
struct Noise {
  std::uint64_t duplicates = 0;  ///< of answers already had
  std::uint64_t strays = 0;      ///< answers to nothing of ours, or from elsewhere
  std::uint64_t requests = 0;    ///< requests of the peer (OPTIONS to our Contact)
  std::uint64_t unreadable = 0;  ///< not SIP
};

struct TransactionResult {
  std::uint32_t request = 0;              ///< index of its first sending in the recorder
  std::optional<std::uint32_t> response;  ///< index of the final answer
  std::vector<std::uint32_t> provisional;
  int retransmissions = 0;
  net::Duration rtt{0};       ///< from the last sending to the final answer
  bool wrong_branch = false;  ///< an answer with our Call-ID and CSeq but another branch came
  std::optional<net::NetError> error;  ///< why there is no final answer, when not by silence
};

/// Sends `request`, whose top Via has `branch`, and blocks until its final answer, the end of its
/// time or an error. An ICMP error ends it unless an answer follows within T1; a closed stream, on
/// which none can follow, at once, unless the peer may have closed it before it saw the request,
/// which is then sent once more. However much arrives, it ends in its time.
[[nodiscard]] TransactionResult run_transaction(net::Transport& transport, Recorder& recorder,
                                                Noise& noise, const Timers& timers,
                                                std::string_view request, std::string_view branch);

/// Counts and records what arrived while nothing was awaited.
void take_noise(net::Transport& transport, Recorder& recorder, Noise& noise,
                net::Received received);

}  // namespace sipauth::sip
