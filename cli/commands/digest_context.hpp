// What stands round the credentials that are verified: the other challenges and requests of the
// text, and other spellings of the user name and the password.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "commands/credentials.hpp"
#include "commands/digest_fields.hpp"
#include "sipauth/explain.hpp"

namespace sipauth::commands {

/// Of all messages of a text, unquoted, each value once.
struct Neighbours {
  std::vector<std::string> realms = {}, nonces = {}, cnonces = {};
  std::string offered_qop = {};  ///< of the first challenge
  /// Passwords of an AKA nonce: RES, and what RFC 4169 makes of it.
  Secret akav1_password = {}, akav2_password = {};

  [[nodiscard]] static Neighbours of(std::string_view text);
};

/// Owns what an ExplainContext points to, but for `fields`, `neighbours` and `domain`, which have
/// to outlive it.
class DigestContext {
 public:
  DigestContext(const DigestFields& fields, const FoundPassword& password,
                const Neighbours& neighbours, std::string_view domain);

  [[nodiscard]] const ExplainContext& view() const noexcept { return context_; }

 private:
  std::vector<std::string_view> realms_, nonces_, cnonces_;
  std::string username_nfc_, username_nfd_;
  Secret password_nfc_, password_nfd_;
  ExplainContext context_;
};

}  // namespace sipauth::commands
