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

#include "sip/deviation.hpp"
#include "sip/exchange.hpp"
#include "sip/session.hpp"
#include "sipauth/write.hpp"

namespace sipauth::sip {

class Dialogue {
 public:
  /// `user`, when given, stands in From, To and the digest instead of the session's.
  explicit Dialogue(Session& session, std::string user = {});

  /// The request (REGISTER, or what --method says) without credentials; a REGISTER has neither
  /// Contact nor Expires: a query. Behind a proxy that was answered before, its credentials go
  /// along, so that the registrar gets to see the request.
  Exchange challenge(const Shape& shape = {});

  /// The same with a Contact of ours and `Expires: 60`, for registrars that refuse queries.
  Exchange challenge_with_contact();

  /// The request with credentials for the challenge that `challenged` chose. Precondition:
  /// challenged.offer() is not null. nc comes from Session::next_nonce_count. When the card had to
  /// resynchronise, or a proxy let us pass and the registrar challenges, the challenge that follows
  /// is answered too.
  Exchange answer(const Exchange& challenged, const Deviation& deviation = {},
                  const Shape& shape = {});

  /// The same credentials once more, CSeq + 1, a new branch.
  Exchange send_again(const Exchange& exchange, const Shape& shape = {});

  /// Header rows of any kind in place of credentials that were computed; `must_be_refused` counts
  /// it as a refused try.
  Exchange send_with(std::vector<WrittenHeader> rows, bool must_be_refused, Shape shape = {});

  /// The same bytes once more, branch and all, on the same way.
  Exchange retransmit(const Exchange& exchange);

  /// Any other request (OPTIONS); no credentials.
  Exchange request(const std::string& method) { return challenge({.method = method}); }

  /// `<sip:alice@127.0.0.1:5062>`: where we can be reached.
  [[nodiscard]] std::string contact() const;

  /// Of the last request that was sent.
  [[nodiscard]] std::uint32_t cseq() const { return cseq_; }

  void wait(net::Duration time);

  [[nodiscard]] const std::string& call_id() const { return call_id_; }
  [[nodiscard]] Session& session() { return session_; }

 private:
  Exchange send(const Shape& shape, std::optional<SentCredentials> credentials = std::nullopt);
  std::pair<Exchange, std::optional<net::NetError>> transmit(
      const Shape& shape, const std::optional<SentCredentials>& credentials,
      const std::vector<WrittenHeader>& rows);
  std::vector<WrittenHeader> rows_of(const Shape& shape,
                                     const std::optional<SentCredentials>& credentials);
  SentCredentials proxy_credentials(const Shape& shape);
  Exchange judged(std::pair<Exchange, std::optional<net::NetError>> sent);

  Session& session_;
  std::string user_;
  std::string call_id_;
  std::string from_tag_;
  std::uint32_t cseq_ = 0;
};

/// The value of an Authorization header for `offer` (RFC 7616 3.4), and nothing sent. `shape` gives
/// method and body.
[[nodiscard]] SentCredentials make_credentials(Session& session, const Offer& offer,
                                               const std::string& user, std::uint32_t nc,
                                               const Deviation& deviation, const Shape& shape = {});

}  // namespace sipauth::sip
