// What a procedure may use: dialogues with the registrar, and what earlier procedures saw.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checks/check.hpp"
#include "checks/nonce_mutation.hpp"
#include "sip/dialogue.hpp"
#include "sip/session.hpp"

namespace sipauth::checks {

class Lifetime;

/// How a run is to be made: what the command line says about it.
struct Settings {
  bool no_wait = false;
  std::chrono::nanoseconds max_wait = std::chrono::seconds{40};
  std::optional<std::chrono::nanoseconds> nonce_lifetime = std::nullopt;
  bool loopback = true;
  bool has_password = false;
  bool no_wrong_password = false;
  int max_refused = 60;
  bool has_second_account = false;
  bool may_bind = false;   ///< --bind
  bool intrusive = false;  ///< --intrusive
};

/// Exchanges that more than one check judges. Each member is set by the check in its comment.
struct Shared {
  std::optional<sip::Exchange> first;         ///< SA-CH-01: the first R0
  bool needs_contact = false;                 ///< SA-CH-01: queries are refused
  std::optional<sip::Exchange> reuse;         ///< SA-NONCE-01: the second use of a nonce
  std::optional<sip::Exchange> never_issued;  ///< SA-NONCE-02: every character random
  std::optional<sip::Exchange> broken_mac;    ///< SA-NONCE-02: front kept
  /// SA-NONCE-02: its challenge answered rightly, and once more when that was called stale.
  std::vector<sip::Exchange> after_never_issued;
  std::string decisive_nonce;                   ///< SA-NONCE-02: the one with the worse outcome
  std::optional<sip::Exchange> wrong_password;  ///< SA-AUTH-03
  std::optional<sip::Exchange> expired;         ///< SA-STALE-01: n1
  std::shared_ptr<sip::Dialogue> expired_dialogue;
  std::optional<sip::Exchange> expired_wrong;  ///< SA-STALE-03
  std::shared_ptr<sip::Dialogue> expired_wrong_dialogue;
};

enum class Liveness : std::uint8_t {
  alive,
  refused,  ///< answered, but the right password is not taken
  silent,   ///< a query without credentials gets no answer
};

/// The check asks for something that this registrar's challenges do not allow: the runner makes it
/// a SKIP.
struct NotPossible {
  std::string_view why;
};

class Context {
 public:
  Context(sip::Session& session, const Settings& settings);
  ~Context();

  [[nodiscard]] sip::Session& session() { return session_; }
  [[nodiscard]] const Settings& settings() const { return settings_; }
  [[nodiscard]] Lifetime& lifetime() { return *lifetime_; }

  /// A fresh Call-ID; `user` in From, To and digest when it is not the account's.
  [[nodiscard]] sip::Dialogue dialogue(std::string user = {}) {
    return sip::Dialogue{session_, std::move(user)};
  }

  /// Throws NotPossible for AKA: its nonce is what the password is made of, so there is no right
  /// answer to another one.
  [[nodiscard]] std::string mutated(const sip::Exchange& offered, Mutation mutation) {
    if (offered.offer()->aka) throw NotPossible{"an AKA nonce cannot be mutated"};
    return mutate(offered.offer()->nonce, mutation, session_.random());
  }

  /// A fresh registration with the right password: R0, RA, following stale=true up to three times.
  /// Before one succeeded for the first time (`registered`), and without a password: R0 is
  /// challenged.
  [[nodiscard]] Liveness liveness();

  /// What a check of this run found, or nullptr when it had no turn.
  [[nodiscard]] const Finding* finding(std::string_view id) const;
  void remember(std::string_view id, const Finding& finding) {
    findings_[std::string{id}] = finding;
  }

  /// Every exchange with a final answer, in order.
  [[nodiscard]] const std::vector<sip::Exchange>& exchanges() const { return exchanges_; }

  Shared shared;
  bool registered = false;  ///< SA-AUTH-01: the right password was taken

 private:
  Liveness try_registration();

  sip::Session& session_;
  Settings settings_;
  std::unique_ptr<Lifetime> lifetime_;
  std::map<std::string, Finding, std::less<>> findings_;
  std::vector<sip::Exchange> exchanges_;
};

}  // namespace sipauth::checks
