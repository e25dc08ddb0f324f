// What passed between phones and registrars, judged from a capture or a log: registration attempts,
// the ladder of each, and the passive checks (flow_checks.hpp).
//
//   messages, in the order they were seen -> FlowAnalysis::add -> finish() -> attempts and findings
//
// There is no I/O and no clock here: times come with the messages, in nanoseconds since 1970 or
// since any other moment. Allocates, and throws nothing but std::bad_alloc. What is kept is bounded
// (FlowLimits), whatever the messages are: what was longest silent is given up, and counted.
//
// Nothing of a password, a response or a cnonce stands in any text of the report; all else that
// peers wrote does, as they wrote it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sipauth/aka.hpp"
#include "sipauth/export.hpp"
#include "sipauth/flow_checks.hpp"
#include "sipauth/secret.hpp"

namespace sipauth {

/// What the times of messages are.
enum class FlowClock : std::uint8_t {
  utc,    ///< since 1970
  local,  ///< since 1970, in a zone that nobody knows
  any,    ///< since any moment
};

/// One message as it was seen. Views live through the call.
struct FlowMessage {
  std::uint64_t number = 0;      ///< of the packet, for people: handed back in the report
  std::int64_t time = 0;         ///< nanoseconds; 0 where no message has a time
  std::string_view source = {};  ///< `192.0.2.1:5060`, `[2001:db8::1]:5060`, or empty
  std::string_view destination = {};
  std::string_view transport = {};  ///< `udp`, `tcp`, `ws`, ...; empty: as the Via says
  std::string_view text = {};
  FlowClock clock = FlowClock::utc;  ///< what `time` is
};

/// What to verify digests with: a password, the HA1 of MD5 (32 hex digits) or SHA (64), or the keys
/// of a card, which answer AKA algorithms and no others.
struct FlowAccount {
  std::string user = {};
  std::string realm = {};  ///< empty: any realm
  Secret secret = {};
  bool is_ha1 = false;
  std::optional<AkaKeys> card = {};
};

struct FlowLimits {
  std::size_t flows = 20'000;  ///< dialogues followed at a time
  std::size_t nonces = 65'536;
  std::size_t identities = 65'536;  ///< users, phones
  std::size_t servers = 4096;
  std::size_t attempts = 20'000;  ///< told one by one, failed ones first; all are counted
  std::size_t steps = 64;         ///< of one attempt's ladder
  std::int64_t silence = 7'200'000'000'000;  ///< after so long a dialogue is over
};

/// An arrow of a ladder.
struct FlowStep {
  std::int64_t time = 0;
  std::uint64_t number = 0;
  bool from_client = true;
  int status = 0;         ///< 0: a request
  std::string text = {};  ///< `REGISTER, CSeq 2, nonce ..f1a2, nc 1`
};

enum class FlowOutcome : std::uint8_t {
  accepted,
  removed,     ///< accepted, and it took a registration away
  refused,     ///< 403 and the like, or a challenge to credentials, without stale=true
  challenged,  ///< the last answer was another challenge, and nothing followed
  no_answer,
  unfinished,  ///< the capture ends within it
};

[[nodiscard]] SIPAUTH_API std::string_view outcome_name(FlowOutcome outcome) noexcept;

/// From the first request of a registration to what became of it. Requests of other methods are
/// attempts too, when they were challenged or carry credentials.
struct FlowAttempt {
  std::uint64_t index = 0;  ///< from 1
  std::string method = {};
  std::string aor = {};       ///< `alice@example.com`
  std::string username = {};  ///< of the credentials; empty: none were sent
  std::string client = {};
  std::string server = {};
  std::string transport = {};
  std::string call_id = {};
  std::string user_agent = {};
  std::int64_t begin = 0;
  std::int64_t end = 0;
  std::uint32_t requests = 0;  ///< retransmissions not counted; 0 where only answers were seen
  std::uint32_t retransmissions = 0;
  std::uint32_t challenges = 0;
  std::uint32_t stale = 0;  ///< of them with stale=true
  std::uint32_t digests_right = 0;
  std::uint32_t digests_wrong = 0;
  std::string digest_text = {};  ///< why the last wrong one is wrong
  int status = 0;                ///< of the last final answer; 0: none
  FlowOutcome outcome = FlowOutcome::unfinished;
  std::vector<FlowStep> steps = {};
  std::uint32_t steps_left_out = 0;
};

/// What one finding was seen on.
struct FlowFinding {
  FlowVerdict verdict = FlowVerdict::info;
  std::string text = {};   ///< a sentence
  std::string fault = {};  ///< whose it is: `phone`, `server`, `both`, or `either` where it is open
  std::int64_t time = 0;
  std::uint64_t number = 0;  ///< of the message that shows it
  std::string call_id = {};
  std::string aor = {};
  std::string client = {};
  std::string server = {};
};

/// A check, and what came of it: the worst verdict of its findings.
struct FlowRow {
  const FlowCheck* check = nullptr;
  FlowVerdict verdict = FlowVerdict::skip;  ///< skip: nothing was seen that could be judged
  std::uint64_t judged = 0;                 ///< occasions to find something
  std::uint64_t found = 0;
  std::vector<FlowFinding> findings = {};  ///< at most eight, the worst first
};

struct FlowReport {
  std::vector<FlowRow> rows = {};          ///< one per check, in the order of flow_checks
  std::vector<FlowAttempt> attempts = {};  ///< in the order of their first request
  std::uint64_t attempts_seen = 0;
  std::uint64_t messages = 0;    ///< that could be read
  std::uint64_t unreadable = 0;  ///< that are no SIP
  std::uint64_t requests = 0;    ///< retransmissions not counted
  std::uint64_t unasked = 0;     ///< answers whose request was not seen, sent again not counted
  std::uint64_t refused = 0;     ///< requests with credentials that were refused
  std::uint64_t verified = 0;    ///< digests held against an account
  std::uint64_t unverified = 0;  ///< digests without one
  std::uint64_t evicted = 0;     ///< dialogues given up for want of room, before they were over
  std::uint64_t forgotten_dialogues = 0;  ///< that were over, in want of room as well
  std::uint64_t forgotten_nonces = 0;
};

class SIPAUTH_API FlowAnalysis {
 public:
  /// `accounts` are looked at until finish().
  explicit FlowAnalysis(std::span<const FlowAccount> accounts = {}, const FlowLimits& limits = {});
  FlowAnalysis(FlowAnalysis&&) noexcept;
  FlowAnalysis& operator=(FlowAnalysis&&) noexcept;
  FlowAnalysis(const FlowAnalysis&) = delete;
  FlowAnalysis& operator=(const FlowAnalysis&) = delete;
  ~FlowAnalysis();

  void add(const FlowMessage& message);

  /// Once, after the last message.
  [[nodiscard]] FlowReport finish();

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace sipauth
