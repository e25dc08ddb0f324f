// A phone for tests of the registrar: it holds one Call-ID, knows a user name and a password, and
// sends to a Registrar whose time it moves itself.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "registrar/registrar.hpp"
#include "sipauth/address.hpp"
#include "sipauth/aka.hpp"
#include "sipauth/challenge.hpp"
#include "sipauth/digest.hpp"
#include "sipauth/message.hpp"
#include "sipauth/text.hpp"
#include "sipauth/write.hpp"

namespace sipauth::registrar {

/// A registrar and its time.
struct World {
  explicit World(Profile profile, std::uint64_t seed = 1)
      : registrar{std::move(profile), built_in_accounts(), seed} {}

  std::vector<Answer> send(std::string_view bytes, std::string_view source = "127.0.0.1:5062",
                           bool reliable = false) {
    now += std::chrono::milliseconds{1};
    return registrar.handle(bytes, source, now,
                            start + std::chrono::duration_cast<net::WallTime::duration>(now),
                            reliable);
  }

  void wait(net::Duration time) { now += time; }

  Registrar registrar;
  net::Instant now{0};
  net::WallTime start{std::chrono::seconds{1'767'225'600}};
};

/// AKA hashes like the algorithm that it is named after.
inline const Algorithm* algorithm_of(std::string_view name) {
  const auto aka = find_aka_algorithm(name);
  return aka ? aka->algorithm : find_algorithm(name);
}

/// An answer as a client reads it.
struct Read {
  std::vector<std::string> all;  ///< every answer's bytes, provisional ones too
  std::string bytes;             ///< of the final one; empty: silence
  int status = 0;
  std::string reason;
  std::vector<std::string> rows;  ///< values of WWW- and Proxy-Authenticate
  std::string realm;
  std::string nonce;
  std::optional<std::string> opaque;
  std::string algorithm;
  std::string qop;
  bool stale = false;
  bool proxy = false;
  std::string to_tag;
  std::string authentication_info;
  std::vector<std::string> contacts;

  /// `S+`, `S-`, `200`, `403`, `401 bare`, `-` ...
  [[nodiscard]] std::string kind() const {
    if (status == 0) return "-";
    if (status != 401 && status != 407) return std::to_string(status);
    if (rows.empty()) return std::to_string(status) + " bare";
    return stale ? "S+" : "S-";
  }
};

inline Read read_answers(const std::vector<Answer>& answers) {
  Read read;
  for (const auto& answer : answers) read.all.push_back(answer.bytes);
  if (answers.empty()) return read;
  read.bytes = answers.back().bytes;
  Diagnostics diagnostics;
  const auto message = Message::parse(read.bytes, diagnostics);
  if (!message) return read;
  read.status = message->status();
  read.reason = message->reason();
  read.authentication_info = message->value(HeaderId::authentication_info);
  if (const auto to = NameAddr::parse(message->value(HeaderId::to), diagnostics)) {
    read.to_tag = to->tag().value_or("");
  }
  bool chosen = false;
  for (const auto& header : message->headers()) {
    if (header.id == HeaderId::contact) read.contacts.emplace_back(header.value);
    const bool proxy = header.id == HeaderId::proxy_authenticate;
    if (!proxy && header.id != HeaderId::www_authenticate) continue;
    read.rows.emplace_back(header.value);
    const auto challenge = Challenge::parse(header.value, diagnostics);
    const auto algorithm = challenge ? unquote(challenge->algorithm().value_or("")) : "?";
    const auto* const known = algorithm_of(algorithm);
    if (chosen || known == nullptr || !challenge->is_digest()) continue;
    chosen = true;
    read.proxy = proxy;
    read.realm = unquote(challenge->realm().value_or(""));
    read.nonce = unquote(challenge->nonce().value_or(""));
    if (challenge->opaque()) read.opaque = unquote(*challenge->opaque());
    read.algorithm = unquote(challenge->algorithm().value_or(""));
    read.qop = unquote(challenge->qop().value_or(""));
    read.stale = challenge->stale().value_or(false);
  }
  return read;
}

/// What differs from right credentials and from a plain query.
struct Tweak {
  std::optional<std::string> nonce = std::nullopt;
  std::optional<std::string> password = std::nullopt;
  std::optional<std::string> username = std::nullopt;
  std::optional<std::string> realm = std::nullopt;  ///< written and hashed
  std::optional<std::string> nc = std::nullopt;
  std::optional<std::string> cnonce = std::nullopt;
  bool with_qop = true;  ///< when one was offered
  bool with_opaque = true;
  std::vector<WrittenHeader> headers = {};
};

class Phone {
 public:
  explicit Phone(World& world, std::string user = "alice", std::string password = "secret",
                 std::string call_id = "call-1")
      : world_{world},
        user_{std::move(user)},
        password_{std::move(password)},
        call_id_{std::move(call_id)} {}

  /// R0
  Read ask(std::vector<WrittenHeader> headers = {}) { return send(std::move(headers)); }

  /// RA
  Read answer(const Read& challenged, const Tweak& tweak = {}) {
    auto headers = tweak.headers;
    headers.push_back({challenged.proxy ? "Proxy-Authorization" : "Authorization",
                       credentials(challenged, tweak)});
    return send(std::move(headers));
  }

  /// The last request, byte for byte.
  Read retransmit() { return read_answers(world_.send(last_, source)); }

  /// The last credentials with another CSeq and branch.
  Read send_again() { return send(last_headers_); }

  std::string credentials(const Read& challenged, const Tweak& tweak = {}) {
    const auto nonce = tweak.nonce.value_or(challenged.nonce);
    const auto username = tweak.username.value_or(user_);
    const auto realm = tweak.realm.value_or(challenged.realm);
    const auto card = card_answer(challenged.algorithm, nonce);
    const auto password = tweak.password.value_or(card.password.value_or(password_));
    const bool with_qop = tweak.with_qop && !challenged.qop.empty();
    const bool only_integrity = with_qop && challenged.qop == "auth-int";
    const auto qop = !with_qop ? Qop::none : only_integrity ? Qop::auth_int : Qop::auth;
    const auto nc = tweak.nc.value_or("00000001");
    const auto cnonce = tweak.cnonce.value_or("0a4f113b");
    const auto trace = compute_digest({.algorithm = algorithm_of(challenged.algorithm),
                                       .qop = qop,
                                       .username = username,
                                       .realm = realm,
                                       .password = password,
                                       .method = method,
                                       .uri = request_uri,
                                       .nonce = nonce,
                                       .nc = nc,
                                       .cnonce = cnonce});
    std::vector<WrittenParameter> list{{"username", username},
                                       {"realm", realm},
                                       {"nonce", nonce},
                                       {"uri", request_uri},
                                       {"response", std::string{trace->response.view()}}};
    if (!challenged.algorithm.empty()) list.push_back({"algorithm", challenged.algorithm});
    if (qop != Qop::none) {
      list.push_back({"qop", std::string{qop_name(qop)}});
      list.push_back({"nc", nc});
      list.push_back({"cnonce", cnonce});
    }
    if (challenged.opaque && tweak.with_opaque) list.push_back({"opaque", *challenged.opaque});
    if (!card.auts.empty()) list.push_back({"auts", card.auts});
    return write_credentials(list);
  }

  [[nodiscard]] const std::string& last_request() const { return last_; }

  std::string method = "REGISTER";
  std::string request_uri = "sip:test.local";
  std::string source = "127.0.0.1:5062";
  bool reliable = false;  ///< over a stream
  std::string to_user;    ///< empty: the user
  std::uint64_t highest_sqn = 0;

 private:
  struct CardAnswer {
    std::optional<std::string> password = std::nullopt;
    std::string auts = {};
  };

  // The built-in account of this user has a card; a password that is not its own needs none.
  [[nodiscard]] CardAnswer card_answer(std::string_view algorithm, std::string_view nonce) const {
    const auto aka = find_aka_algorithm(algorithm);
    const auto challenge = AkaChallenge::parse(nonce);
    if (!aka || !challenge) return {};
    for (const auto& account : built_in_accounts()) {
      if (account.user != user_ || account.password.reveal() != password_) continue;
      const auto answer = answer_aka(*challenge, account.aka->keys, highest_sqn).value();
      return {std::string{answer.password(*aka).value().reveal()}, answer.auts};
    }
    return {};
  }

  Read send(std::vector<WrittenHeader> headers) {
    last_headers_ = headers;
    const auto of_to = to_user.empty() ? user_ : to_user;
    ++cseq_;
    last_ = write_request({.method = method,
                           .request_uri = request_uri,
                           .via_host = source,
                           .branch = "z9hG4bK" + call_id_ + std::to_string(cseq_),
                           .from = "<sip:" + user_ + "@test.local>;tag=" + call_id_,
                           .to = "<sip:" + of_to + "@test.local>",
                           .call_id = call_id_,
                           .cseq = cseq_,
                           .headers = std::move(headers)});
    return read_answers(world_.send(last_, source, reliable));
  }

  World& world_;
  std::string user_;
  std::string password_;
  std::string call_id_;
  std::uint32_t cseq_ = 0;
  std::string last_;
  std::vector<WrittenHeader> last_headers_;
};

/// The profile of that name with these faults; an unknown name ends the test with an exception.
inline Profile profile_with(std::string_view name, std::vector<std::string> fault_names = {}) {
  return make_profile(name, fault_names).value();
}

/// As many characters, each another one of its class: nobody ever issued it. Letters stay
/// hexadecimal where they were, so that the shape remains.
inline std::string foreign(std::string nonce) {
  for (auto& c : nonce) {
    if (is_digit(c)) {
      c = c == '9' ? '1' : static_cast<char>(c + 1);
    } else if (is_lower_hex(c)) {
      c = c == 'f' ? 'a' : static_cast<char>(c + 1);
    } else if (is_alpha(c)) {
      c = lower(c) == 'z' ? static_cast<char>(c - 1) : static_cast<char>(c + 1);
    }
  }
  return nonce;
}

}  // namespace sipauth::registrar
