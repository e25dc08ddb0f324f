// A request, its final answer, and what the answer's challenges mean to a client.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "net/transport.hpp"
#include "sipauth/aka.hpp"
#include "sipauth/digest.hpp"
#include "sipauth/write.hpp"

namespace sipauth::sip {

/// A challenge as a client takes it; texts are unquoted and owned.
struct Offer {
  bool proxy = false;  ///< from Proxy-Authenticate
  std::string realm = {};
  std::string nonce = {};
  std::optional<std::string> opaque = {};
  std::string algorithm_text = {};           ///< as written; empty when absent
  const Algorithm* algorithm = nullptr;      ///< nullptr: not one we can compute
  std::optional<AkaAlgorithm> aka = {};      ///< of AKA, and `algorithm` is what it hashes with
  std::optional<std::string> qop_text = {};  ///< as written
  Qop qop = Qop::none;                       ///< the one we answer with: auth before auth-int
  std::optional<bool> stale = {};
  bool userhash = false;

  /// Digest with a realm, a non-empty nonce, a computable algorithm, and no qop or a known one.
  bool is_well_formed = false;
  /// It is well-formed, and there is what to answer it with; of AKA only with an AkaCard.
  bool answerable = false;
  std::shared_ptr<const AkaAnswer> aka_answer = {};  ///< what the card made of a chosen one
  std::string obstacle = {};  ///< why the card cannot answer; fits behind the header's name

  /// The card has had this SQN, or a higher one.
  [[nodiscard]] bool asks_to_resynchronise() const {
    return aka_answer && !aka_answer->auts.empty();
  }
};

/// Which credentials a request carried, so that they can be sent again.
struct SentCredentials {
  std::string header = {};  ///< `Authorization` or `Proxy-Authorization`
  std::string value = {};   ///< holds a response: redact it in what people see
  std::string nonce = {};
  std::uint32_t nc = 0;
  bool must_be_refused = false;  ///< a refused try, whatever the answer
  std::string nc_text = {};      ///< as written; empty without qop
  std::string cnonce = {};
  Qop qop = Qop::none;
  std::string rspauth = {};  ///< what a 2xx without a body must hold; empty: cannot be told
  bool raw = false;          ///< `value` is written byte for byte
  std::vector<WrittenHeader> rows_before = {};
  std::vector<WrittenHeader> rows_after = {};
  bool resynchronises = false;  ///< has an auts: a new challenge is the right answer (RFC 3310 3.4)
};

/// Owned texts; indices are those of the Recorder.
struct Exchange {
  std::uint32_t request = 0;
  std::optional<std::uint32_t> response = {};
  std::string call_id = {};
  net::WallTime wall{};  ///< when the request was sent first
  net::Instant sent_at{0};
  net::Duration rtt{0};
  int retransmissions = 0;
  bool wrong_branch = false;

  int status = 0;  ///< of the final answer; 0: none came
  std::string reason = {};
  std::optional<SentCredentials> sent = {};
  std::vector<Offer> offers = {};  ///< every challenge of the answer, WWW- rows before Proxy- rows
  std::optional<std::size_t> chosen = {};  ///< the topmost answerable one of the wanted realm
  net::Transport* over = nullptr;          ///< the way it took; lives as long as the Session
  std::string branch = {};
  /// What Session::learn_acceptance() was told: a 489 to SUBSCRIBE lies behind authentication.
  bool past_authentication = false;

  [[nodiscard]] bool accepted() const {
    return (status >= 200 && status < 300) || past_authentication;
  }
  [[nodiscard]] bool is_401_or_407() const { return status == 401 || status == 407; }
  [[nodiscard]] const Offer* offer() const { return chosen ? &offers[*chosen] : nullptr; }

  /// The answer has a challenge that leads on: answerable, with a nonce other than the one sent.
  [[nodiscard]] bool usable() const {
    return is_401_or_407() && offer() && (!sent || offer()->nonce != sent->nonce);
  }
  /// An answerable challenge, though perhaps with the nonce that was just refused.
  [[nodiscard]] bool challenged() const { return is_401_or_407() && offer(); }
  /// stale=true in the challenge a client would take.
  [[nodiscard]] bool stale() const {
    return is_401_or_407() && offer() && offer()->stale.value_or(false);
  }
};

}  // namespace sipauth::sip
