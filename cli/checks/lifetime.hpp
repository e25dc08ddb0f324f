// How long a nonce lives, measured while other checks run.
//
// Unused nonces, each from a dialogue of its own, are answered once at the ages 1, 2, 4, 8 ... s
// and at the longest age. The first refusal bounds the lifetime. Three more fresh nonces then age
// one second longer than that: one to confirm it (SA-STALE-01), one that was used once before, and
// one for the wrong password (SA-STALE-03).
//
// All of it is work that falls due: poll() does what is due and says when to call it next.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/clock.hpp"
#include "sip/dialogue.hpp"

namespace sipauth::checks {

class Lifetime {
 public:
  struct Plan {
    net::Duration longest{0};                           ///< the greatest age tried
    std::optional<net::Duration> given = std::nullopt;  ///< known already: nothing is measured
    bool reuse = false;  ///< SA-NONCE-01 was 200: age a used nonce as well
  };

  explicit Lifetime(sip::Session& session) : session_{session} {}

  /// From now on poll() has something to do.
  void start(const Plan& plan);
  [[nodiscard]] bool started() const { return started_; }

  /// Does what is due; nullopt when nothing will be due any more.
  std::optional<net::Instant> poll(net::Instant now);

  /// The aged nonces lie ready, or there will be none.
  [[nodiscard]] bool is_settled() const;
  /// When is_settled() can be true at the earliest.
  [[nodiscard]] net::Instant settled_at() const;

  /// The greatest age at which a nonce was taken.
  [[nodiscard]] std::optional<net::Duration> longest_accepted() const { return accepted_; }
  /// The age at which one was refused.
  [[nodiscard]] std::optional<net::Duration> first_refused() const { return refused_; }
  /// Why nothing can be known, or an empty text: a probe got no answer, or nonces do not differ.
  [[nodiscard]] std::string_view why_lost() const { return lost_; }

  /// A nonce whose time has come. Its dialogue was used no further than its name says.
  struct Aged {
    std::shared_ptr<sip::Dialogue> dialogue;
    sip::Exchange offered;
    net::Instant issued{0};
  };
  /// nullopt when the lifetime is not known to have an end.
  [[nodiscard]] std::optional<Aged>& expired() { return expired_; }
  [[nodiscard]] std::optional<Aged>& expired_used() { return expired_used_; }
  [[nodiscard]] std::optional<Aged>& expired_for_wrong_password() { return expired_wrong_; }

 private:
  struct Probe {
    Aged nonce;
    net::Duration age{0};
    bool answered = false;
  };

  bool fetch(Aged& into, net::Instant now);
  std::optional<net::Instant> fetch_probes(net::Instant now);
  std::optional<net::Instant> answer_probes(net::Instant now);
  std::optional<net::Instant> fetch_expiring(net::Instant now);
  void answer(Probe& probe, net::Instant now);

  sip::Session& session_;
  Plan plan_;
  bool started_ = false;
  std::string_view lost_;
  std::vector<net::Duration> ages_;  // still to be fetched, the greatest last
  std::vector<Probe> probes_;
  std::vector<std::string> nonces_;  // fetched so far: all must differ
  net::Instant next_fetch_{0};
  int same_in_a_row_ = 0;
  std::optional<net::Duration> accepted_;
  std::optional<net::Duration> refused_;
  std::optional<Aged> expired_, expired_used_, expired_wrong_;
};

}  // namespace sipauth::checks
