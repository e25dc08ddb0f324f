// What a check makes different on purpose: in the credentials, in the request round them, and in
// the way that the request takes.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "net/transport.hpp"
#include "sipauth/digest.hpp"
#include "sipauth/secret.hpp"
#include "sipauth/write.hpp"

namespace sipauth::sip {

/// Who registers. Right credentials of another account may still be wrong for an AOR.
struct Account {
  std::string user = {};       ///< of From and To
  std::string auth_user = {};  ///< of the digest; empty: the same
  Secret password = {};        ///< or, when `password_is_ha1`, the HA1 in hex
  bool password_is_ha1 = false;
};

/// Credentials just before they are written. `parameters` hold meanings, without quotes.
struct WrittenCredentials {
  std::string header = {};  ///< `Authorization` or `Proxy-Authorization`, spelled at will
  std::string scheme = "Digest";
  std::vector<WrittenParameter> parameters = {};
  std::string separator = ", ";
  std::string trailing = {};
  /// Written byte for byte in place of all that, line ends included.
  std::optional<std::string> value = std::nullopt;
  std::vector<WrittenHeader> rows_before = {};
  std::vector<WrittenHeader> rows_after = {};

  [[nodiscard]] WrittenParameter* find(std::string_view name);
  void set(std::string_view name, std::string value);  ///< appended when it was not there
  void remove(std::string_view name);
  /// The value as it would be written.
  [[nodiscard]] std::string text() const;
};

/// What is wrong on purpose in otherwise right credentials. A member that is set goes into the
/// digest as well as into the header, unless its comment says otherwise.
struct Deviation {
  std::optional<std::string> nonce = std::nullopt;  ///< this one instead of the challenge's
  bool wrong_password = false;
  std::optional<std::uint32_t> nc = std::nullopt;
  std::optional<std::string> nc_text = std::nullopt;  ///< written and hashed as it stands
  Quoting nc_quoting = Quoting::as_due;
  std::optional<std::string> cnonce = std::nullopt;

  /// The registrar must refuse it: it counts as a refused try. Unset: decided by nonce and
  /// passwords (a foreign nonce, a wrong or an empty password is refused).
  std::optional<bool> must_be_refused = std::nullopt;

  bool empty_password = false;
  std::optional<std::string> username = std::nullopt;
  std::optional<std::string> realm = std::nullopt;
  std::optional<std::string> uri = std::nullopt;
  std::optional<std::string> hashed_uri = std::nullopt;      ///< not written
  std::optional<std::string> hashed_method = std::nullopt;   ///< not written
  const Algorithm* algorithm = nullptr;                      ///< hashed with, not written
  std::optional<std::string> algorithm_text = std::nullopt;  ///< written; empty: left out
  std::optional<Qop> qop = std::nullopt;
  /// Digest and, unless `username` says otherwise, user name of this account.
  const Account* account = nullptr;

  /// Has the last word on what is written; the digest is computed by then.
  std::function<void(WrittenCredentials&)> rewrite = {};

  [[nodiscard]] static Deviation with_nonce(std::string nonce) {
    return {.nonce = std::move(nonce)};
  }
  [[nodiscard]] static Deviation with_wrong_password() { return {.wrong_password = true}; }

  /// The answer that a client would give, but for nc and cnonce.
  [[nodiscard]] bool is_plain() const;
};

/// How a request differs from the plain one of its dialogue, credentials apart.
struct Shape {
  std::string method = {};                              ///< empty: the session's
  std::optional<std::string> from_user = std::nullopt;  ///< unescaped
  std::optional<std::string> to_user = std::nullopt;    ///< unescaped
  std::optional<std::string> from_tag = std::nullopt;   ///< of this request only
  std::optional<std::string> to_tag = std::nullopt;     ///< none is written otherwise
  std::optional<std::uint32_t> cseq = std::nullopt;     ///< instead of the next; the count stays
  std::optional<std::string> via_host = std::nullopt;   ///< `192.0.2.1:5066`
  bool rport = true;
  std::vector<WrittenHeader> headers = {};  ///< Contact, Expires ...
  std::string body = {};                    ///< hashed where the qop is auth-int
  std::string content_type = {};
  bool content_length = true;
  net::Transport* over = nullptr;  ///< instead of the session's (Session::open_another)
  bool in_binary = false;          ///< in a binary frame, on a WebSocket
};

}  // namespace sipauth::sip
