// One Call-ID with a registrar: CSeq rises, each request has a branch of its
// own. The only way a check talks to a registrar.
//
// Each step blocks until its final answer; one that gets none throws NoAnswer. A procedure that
// studies silence catches it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sip/exchange.hpp"
#include "sip/session.hpp"
#include "sipauth/write.hpp"

namespace sipauth::sip {

/// What is wrong on purpose in otherwise right credentials.
struct Deviation {
  std::optional<std::string> nonce = std::nullopt;  ///< this one instead of the challenge's
  bool wrong_password = false;
  std::optional<std::uint32_t> nc = std::nullopt;
  std::optional<std::string> nc_text = std::nullopt;  ///< written and hashed as it stands
  Quoting nc_quoting = Quoting::as_due;
  std::optional<std::string> cnonce = std::nullopt;

  /// The registrar must refuse it: it counts as a refused try. Unset: decided by the members above
  /// (a foreign nonce or a wrong password is refused).
  std::optional<bool> must_be_refused = std::nullopt;

  [[nodiscard]] static Deviation with_nonce(std::string nonce) {
    return {.nonce = std::move(nonce)};
  }
  [[nodiscard]] static Deviation with_wrong_password() { return {.wrong_password = true}; }
};

class Dialogue {
 public:
  /// `user`, when given, stands in From, To and the digest instead of the session's.
  explicit Dialogue(Session& session, std::string user = {});

  /// REGISTER without credentials, without Contact and Expires: a query.
  Exchange challenge();

  /// The same with a Contact of ours and `Expires: 60`, for registrars that refuse queries.
  Exchange challenge_with_contact();

  /// REGISTER with credentials for the challenge that `challenged` chose. Precondition:
  /// challenged.offer() is not null. nc comes from Session::next_nonce_count. When the card had to
  /// resynchronise, the challenge that follows is answered too.
  Exchange answer(const Exchange& challenged, const Deviation& deviation = {});

  /// The same credentials once more, CSeq + 1, a new branch.
  Exchange send_again(const Exchange& exchange);

  /// Any other request (OPTIONS); no credentials.
  Exchange request(const std::string& method);

  void wait(net::Duration time);

  [[nodiscard]] const std::string& call_id() const { return call_id_; }
  [[nodiscard]] Session& session() { return session_; }

 private:
  Exchange send(const std::string& method,
                std::optional<SentCredentials> credentials = std::nullopt,
                std::vector<WrittenHeader> headers = {});
  std::pair<Exchange, std::optional<net::NetError>> transmit(
      const std::string& method, const std::optional<SentCredentials>& credentials,
      const std::vector<WrittenHeader>& headers);

  Session& session_;
  std::string user_;
  std::string call_id_;
  std::string from_tag_;
  std::uint32_t cseq_ = 0;
};

/// The value of an Authorization header for `offer` (RFC 7616 3.4), and nothing sent.
[[nodiscard]] SentCredentials make_credentials(Session& session, const Offer& offer,
                                               const std::string& user, std::uint32_t nc,
                                               const Deviation& deviation);

}  // namespace sipauth::sip
