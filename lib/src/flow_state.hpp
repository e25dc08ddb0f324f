// What is remembered between two messages, as little as the passive checks need.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "flow_event.hpp"
#include "sipauth/flow.hpp"

namespace sipauth::flow {

inline constexpr std::int64_t second = 1'000'000'000;

enum class Digest : std::uint8_t { unknown, right, wrong };

/// Credentials of a transaction, without their text.
struct Answered {
  bool is_proxy = false;
  Scheme scheme = Scheme::other;
  std::uint64_t nonce = 0;
  std::uint64_t realm = 0;
  std::uint64_t response = 0;
  std::uint64_t username = 0;
  Algorithms algorithm = 0;
  Digest digest = Digest::unknown;
  bool is_first_use = false;  ///< of a nonce that was offered to this dialogue
  bool count_is_wrong = false;
  bool was_accepted_before = false;  ///< the nonce
  bool moved = false;                ///< the nonce was last used from another address
  bool never_offered = false;        ///< its algorithm
  bool is_aka = false;
  std::string nonce_tail = {};
  std::string username_text = {};
};

struct Transaction {
  std::uint64_t branch = 0;
  std::uint64_t bytes = 0;
  bool has_cookie = false;
  std::uint32_t cseq = 0;
  std::string method = {};
  bool in_dialogue = false;
  bool removes = false;
  bool is_udp = true;
  bool was_seen = true;  ///< its request; else nobody knows what that carried
  std::int64_t first = 0;
  std::int64_t last = 0;
  std::uint64_t number = 0;
  std::uint32_t sent_times = 1;
  std::vector<Answered> sent = {};
  bool has_provisional = false;
  int status = 0;  ///< of its first final answer
  std::int64_t answered = 0;
  std::uint64_t offered = 0;          ///< nonce of that answer's first Digest challenge
  Algorithms offered_algorithms = 0;  ///< of all its challenges
  bool challenge_was_answered = false;
  bool told_otherwise = false;

  [[nodiscard]] bool is_challenged() const noexcept { return status == 401 || status == 407; }
};

/// Requests in a row that were refused with one nonce: either with challenges, which the phone
/// passes over, or without any.
struct DeadChain {
  std::uint64_t nonce = 0;
  bool is_challenged = false;
  std::uint64_t response = 0;
  std::uint32_t cseq = 0;
  std::uint32_t count = 0;
  std::uint32_t forbidden = 0;  ///< answered 403
  std::uint32_t silent = 0;
  std::uint32_t other = 0;
  int other_status = 0;
  std::uint32_t stale = 0;  ///< of the challenges, with stale=true
  std::int64_t first = 0;
  std::int64_t last = 0;
  std::uint64_t number = 0;
  bool was_accepted = false;
  bool was_superseded = false;  ///< a later challenge had been sent
  Digest digest = Digest::unknown;
  std::string nonce_tail = {};
};

/// Challenges in a row, each answered.
struct Loop {
  std::uint32_t answered = 0;
  std::uint32_t stale = 0;
  std::uint32_t same_nonce = 0;
  std::uint64_t last_nonce = 0;
  std::vector<std::uint64_t> users = {};  ///< at most eight
  std::int64_t first = 0;
  std::int64_t last = 0;
  std::uint64_t number = 0;
};

struct OfferSeen {
  std::uint64_t nonce = 0;
  std::int64_t time = 0;
};

struct Flow {
  std::string call_id = {};
  std::string aor = {};
  std::string domain = {};
  std::string client = {};
  std::string server = {};
  std::string transport = {};
  std::string user_agent = {};
  std::int64_t last = 0;
  bool was_answered = false;  ///< so answers are in the capture
  std::deque<Transaction> transactions = {};
  std::deque<OfferSeen> offers = {};
  DeadChain dead = {};
  Loop loop = {};
  std::uint32_t crossed = 0;
  std::uint64_t forbidden_nonce = 0;
  std::uint64_t stale_missing_at = 0;  ///< the nonce offered where stale=true was missing
  std::uint64_t stale_claimed_at = 0;  ///< the nonce offered with stale=true
  std::unique_ptr<FlowAttempt> attempt = {};
};

/// One nonce of one server.
struct NonceSeen {
  std::int64_t offered_first = 0;
  std::int64_t offered_last = 0;
  std::uint32_t offers = 0;
  std::uint64_t aor = 0;
  std::uint64_t dialogue = 0;  ///< to which it was offered first
  bool in_dialogue = false;
  bool has_qop = false;
  Algorithms algorithms = 0;  ///< of all challenges beside it
  Algorithms topmost = 0;
  std::uint32_t accepted = 0;
  bool is_answered = false;
  bool told_again = false;
};

/// One user of one nonce.
struct CountSeen {
  std::uint32_t uses = 0;
  std::uint32_t offers = 0;  ///< of the nonce, at its last use
  std::optional<std::uint32_t> count = {};
  std::uint64_t cnonce = 0;
  std::uint64_t branch = 0;
  std::uint64_t request = 0;  ///< Call-ID and CSeq
  std::uint64_t call_id = 0;
  std::uint64_t client = 0;
};

/// A user of a server.
struct UserSeen {
  bool is_new = true;
  std::array<std::int64_t, 11> registers{};
  std::uint32_t register_count = 0;  ///< since the last success
  bool was_challenged = false;
  bool was_refused = false;  ///< at once, with 403 or 404
};

/// A phone, as a server knows it.
struct PhoneSeen {
  Algorithms answered = 0;  ///< of challenges that it answered
  /// As far as it has come, under whatever Call-ID and From-tag.
  std::unique_ptr<DeadChain> dead = {};
};

struct StaleSeen {
  std::int64_t time = 0;
  std::uint64_t aor = 0;
};

struct ServerSeen {
  std::string name = {};
  std::uint64_t users = 0;
  std::optional<std::int64_t> youngest_stale = {};
  std::optional<std::int64_t> oldest_accepted = {};
  std::deque<StaleSeen> stale = {};  ///< of the last 10 s
  std::size_t most_stale = 0;        ///< different users within 10 s
  std::int64_t most_stale_time = 0;
  std::uint64_t most_stale_number = 0;
  bool told_clock = false;
  bool told_no_qop = false;
  bool told_md5 = false;
  bool told_md5_first = false;
};

/// Users of a domain, by what a request without credentials got.
struct DomainSeen {
  std::string name = {};
  std::string server = {};
  std::uint64_t challenged = 0;
  std::uint64_t refused = 0;
  FlowFinding refused_one = {};
  std::string challenged_one = {};
};

}  // namespace sipauth::flow
