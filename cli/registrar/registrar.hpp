// A registrar without I/O: bytes and a time in, answers out. `serve`, `builtin:` and tests put
// sockets or queues round it.
//
// Its behaviour is a Profile, a row of knobs; the engine knows no profile by name. Everything
// random is drawn from a seed. State is bounded: per-Call-ID states, nonces and replayed answers
// are dropped oldest first.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/clock.hpp"
#include "registrar/profile.hpp"
#include "sipauth/aka.hpp"
#include "sipauth/secret.hpp"

namespace sipauth::registrar {

/// What a home network knows of a card (3GPP TS 33.102 6.3).
struct AkaSubscription {
  AkaKeys keys = {};
  std::uint16_t amf = 0x8000;  ///< the separation bit alone (TS 33.102 H.3)
  std::uint64_t sqn = 0;       ///< the highest that was used before
};

struct Account {
  std::string user = {};
  Secret password = {};
  std::optional<AkaSubscription> aka = std::nullopt;  ///< for profiles of AKA
};

/// alice / secret and bob / secret2, each with a card: alice's is the first test set of 3GPP TS
/// 35.208.
[[nodiscard]] std::vector<Account> built_in_accounts();

struct Answer {
  std::string bytes;
  net::Duration delay{0};       ///< send it so much later
  std::string to = {};          ///< of a datagram: `127.0.0.1:5066`; empty: whence the request came
  bool from_elsewhere = false;  ///< of a datagram: from another port of ours
};

class Registrar {
 public:
  /// `seed` decides every nonce, tag and secret.
  Registrar(Profile profile, std::vector<Account> accounts, std::uint64_t seed);
  ~Registrar();
  Registrar(Registrar&&) noexcept;
  Registrar& operator=(Registrar&&) noexcept;

  /// `source` is `127.0.0.1:40000`. `reliable`: over TCP or TLS, where nothing is retransmitted.
  /// Unreadable bytes get no answer, or a 400 when enough of them could be read. `wall` is the
  /// calendar's time (nonces carry it).
  [[nodiscard]] std::vector<Answer> handle(std::string_view bytes, std::string_view source,
                                           net::Instant now, net::WallTime wall,
                                           bool reliable = false);

  /// Forgets all but profile and accounts, and draws a new secret.
  void restart();

  [[nodiscard]] const Profile& profile() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sipauth::registrar
