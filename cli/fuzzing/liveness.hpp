// Is the registrar still what it was? A valid REGISTER, looked at like a phone does: the challenge,
// then the right answer to it.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "net/clock.hpp"
#include "sip/exchange.hpp"
#include "sip/session.hpp"

namespace sipauth::fuzzing {

/// What a valid REGISTER is answered with, by and by; each an own text, so that they can be
/// compared one by one.
struct Health {
  std::string first;       ///< `401`: to no credentials
  std::string challenges;  ///< header, scheme, realm, algorithm and qop of each
  std::string second;      ///< `200`: to the right credentials; empty: there are none
};

struct Look {
  enum class Kind {
    healthy,
    slow,     ///< it answered as ever, and too late
    changed,  ///< it answered otherwise
    silent,   ///< no answer in time
    gone,     ///< nothing listens there: an ICMP error, or a refused connection
  };
  Kind kind = Kind::healthy;
  std::string seen = {};  ///< a sentence; empty of a healthy one
  net::Duration took{0};
  /// The exchange whose challenge was answered, or could be.
  std::optional<sip::Exchange> challenged = {};
  int status = 0;  ///< of the last answer
};

class Liveness {
 public:
  /// `slow_after`: a look that takes longer is slow.
  Liveness(sip::Session& session, net::Duration slow_after)
      : session_{session}, slow_after_{slow_after} {}

  /// Learns how a healthy registrar answers, by some looks; what differs between them is not
  /// compared any more. Throws sip::NoAnswer.
  void learn();

  /// One look, compared with what was learnt. Throws Interrupted, OverLimit.
  [[nodiscard]] Look look();

  [[nodiscard]] const Health& usual() const { return usual_; }
  /// Sentences about what cannot be compared.
  [[nodiscard]] const std::vector<std::string>& not_compared() const { return not_compared_; }
  /// A second request with the same nonce is accepted.
  [[nodiscard]] bool nonce_serves_again() const { return nonce_serves_again_; }
  /// The right credentials are accepted.
  [[nodiscard]] bool accepted() const { return accepted_; }
  /// Of the last look that had one.
  [[nodiscard]] net::Duration rtt() const { return rtt_; }
  [[nodiscard]] std::uint64_t looks() const { return looks_; }

 private:
  Health ask(Look& look);
  [[nodiscard]] std::string difference(const Health& now) const;

  sip::Session& session_;
  net::Duration slow_after_;
  Health usual_;
  std::vector<std::string> not_compared_;
  bool compares_first_ = true;
  bool compares_challenges_ = true;
  bool compares_second_ = true;
  bool nonce_serves_again_ = false;
  bool accepted_ = false;
  net::Duration rtt_{0};
  std::uint64_t looks_ = 0;
};

}  // namespace sipauth::fuzzing
