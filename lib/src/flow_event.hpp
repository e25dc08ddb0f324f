// One message of a flow, read as far as the passive checks look at it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "sipauth/credentials.hpp"
#include "sipauth/digest.hpp"
#include "sipauth/flow.hpp"
#include "sipauth/message.hpp"

namespace sipauth::flow {

enum class Scheme : std::uint8_t { digest, basic, other };

/// Algorithms as bits, so that a set of them is one number.
using Algorithms = std::uint8_t;
inline constexpr Algorithms unknown_algorithm = 1U << 7U;

/// The bit of the algorithm of that name; absent is MD5.
[[nodiscard]] Algorithms algorithm_bit(std::optional<std::string_view> name) noexcept;
/// MD5 and MD5-sess.
[[nodiscard]] Algorithms md5_bits() noexcept;
[[nodiscard]] std::string algorithm_names(Algorithms set);

/// A challenge of a 401 or 407.
struct Offer {
  Scheme scheme = Scheme::other;
  bool is_proxy = false;
  std::uint64_t nonce = 0;
  std::uint64_t realm = 0;
  bool is_stale = false;
  bool has_qop = false;
  Algorithms algorithm = 0;
  std::string_view nonce_text = {};  ///< in the message
  std::string_view realm_text = {};
};

/// Credentials of a request; a Digest with an empty nonce or response counts as none.
struct Sent {
  Credentials parsed;
  bool is_proxy = false;
  Scheme scheme = Scheme::other;
  std::uint64_t nonce = 0;
  std::uint64_t realm = 0;
  std::uint64_t response = 0;
  std::uint64_t cnonce = 0;
  std::uint64_t username = 0;
  std::optional<std::uint32_t> count = {};  ///< nc, when it is eight hexadecimal digits
  bool has_qop = false;
  Algorithms algorithm = 0;
  bool is_aka = false;
  bool resynchronises = false;  ///< carries an AUTS: the answer to it is another challenge
};

class Event {
 public:
  static constexpr std::size_t most_sent = 4;
  static constexpr std::size_t most_offers = limits::challenges;

  /// False when it is no SIP, or lacks what tells whose it is.
  [[nodiscard]] bool read(const FlowMessage& seen);

  const FlowMessage* seen = nullptr;
  Message message;
  std::string_view call_id;
  std::string_view from_tag;
  bool has_to_tag = false;
  std::string_view branch;
  bool has_cookie = false;  ///< of RFC 3261, so that the branch is unique
  std::uint32_t cseq = 0;
  std::string_view method;  ///< of the CSeq
  std::string aor;
  std::string_view domain;  ///< of the AOR
  std::string_view client;  ///< with its port
  std::string_view server;
  std::string transport;
  bool removes = false;  ///< a REGISTER with Expires 0

  [[nodiscard]] bool is_request() const noexcept { return message.is_request(); }
  [[nodiscard]] std::span<const Sent> sent() const noexcept {
    return std::span{sent_}.first(sent_count_);
  }
  [[nodiscard]] std::span<const Offer> offers() const noexcept {
    return std::span{offers_}.first(offer_count_);
  }
  [[nodiscard]] bool has_challenge() const noexcept { return has_challenge_; }
  /// What lint says of its challenges.
  [[nodiscard]] const Diagnostics& diagnostics() const noexcept { return diagnostics_; }

 private:
  void read_credentials();
  [[nodiscard]] std::uint64_t hash_of_nonce(std::string_view nonce) const;
  void read_challenges();
  [[nodiscard]] bool read_who();

  std::array<Sent, most_sent> sent_{};
  std::size_t sent_count_ = 0;
  std::array<Offer, most_offers> offers_{};
  std::size_t offer_count_ = 0;
  bool has_challenge_ = false;
  Diagnostics diagnostics_;
};

/// `192.0.2.1:5060` without its port.
[[nodiscard]] std::string_view host_of(std::string_view endpoint) noexcept;

}  // namespace sipauth::flow
