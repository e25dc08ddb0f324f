// Whether a request is let in, and what it is answered with when it is not: the tests of a profile,
// in its order.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "registrar/aka_home.hpp"
#include "registrar/nonce_book.hpp"
#include "registrar/profile.hpp"
#include "registrar/registrar.hpp"
#include "registrar/request.hpp"
#include "sipauth/credentials.hpp"
#include "sipauth/digest.hpp"

namespace sipauth::registrar {

/// What the registrar made of the credentials that are meant for it; texts are unquoted.
struct Presented {
  std::string username;
  std::string realm;
  std::string nonce;
  std::string uri;
  std::string response;
  std::string cnonce;
  std::string nc;
  std::optional<std::string> opaque;
  std::optional<std::string> auts;
  std::optional<AkaAlgorithm> aka;       ///< `algorithm` is what it hashes with
  const Algorithm* algorithm = nullptr;  ///< nullptr: not one that was offered
  std::optional<Qop> qop;                ///< nullopt: an unknown one
  bool session_not_offered = false;
  bool has_nonce = false;
  bool complete = false;  ///< no parameter is missing or misshapen
};

/// Eight hexadecimal digits (RFC 7616 3.4).
[[nodiscard]] std::optional<std::uint32_t> read_count(std::string_view nc);

struct Judgement {
  Reply reply = {};
  std::optional<Presented> credentials = {};  ///< nullopt: none were meant for us
  const Account* account = nullptr;
  IssuedNonce* nonce = nullptr;
  std::shared_ptr<const Secret> aka_password = {};  ///< of this nonce, instead of the account's
};

/// What is kept of a Call-ID where nonces belong to Call-IDs.
struct CallState {
  std::string nonce;
  net::Instant issued{0};
  net::Instant ends{0};
  bool answered = false;
  bool came_with_stale = false;
};

class Judge {
 public:
  /// Phones keep a Call-ID from boot to boot; the oldest of so many is long past its 32 s.
  static constexpr std::size_t max_calls = 4096;

  Judge(const Profile& profile, std::span<const Account> accounts, sip::Random& random);

  [[nodiscard]] Judgement judge(const Request& request, const NonceContext& context);

  /// The nonce for the challenge that answers `judgement`.
  [[nodiscard]] std::string nonce_for(const Judgement& judgement, const NonceContext& context);

  /// Another one, for nextnonce.
  [[nodiscard]] std::string next_nonce(const NonceContext& context);

  /// To be called with every final answer: begins the state of a Call-ID again.
  void answered(const NonceContext& context);

  [[nodiscard]] const Account* account(std::string_view user) const;

  /// The realm this request is challenged with.
  [[nodiscard]] std::string realm_of(const Request& request) const;

  [[nodiscard]] DigestInput digest_input(const Request& request, const Judgement& judgement) const;

 private:
  struct Trial;
  using Outcome = std::optional<Reply>;  // nullopt: the test was passed

  [[nodiscard]] std::optional<Presented> find_credentials(const Request& request) const;
  [[nodiscard]] Presented present(const Credentials& credentials) const;
  [[nodiscard]] bool realm_is_ours(std::string_view realm, const Request& request) const;
  [[nodiscard]] const Algorithm* offered_algorithm(std::string_view name) const;
  [[nodiscard]] bool is_readable(const Credentials& credentials, std::string_view text) const;
  [[nodiscard]] Outcome reply_to_other_scheme(const Request& request) const;
  [[nodiscard]] Outcome reply_out_of_order(const Request& request,
                                           const Presented& presented) const;
  [[nodiscard]] bool response_fits(DigestInput input, std::string_view response) const;

  [[nodiscard]] Outcome test(Test test, Trial& trial);
  [[nodiscard]] Outcome test_account(Trial& trial) const;
  [[nodiscard]] Outcome test_nonce(Trial& trial);
  [[nodiscard]] Outcome test_count(Trial& trial);
  [[nodiscard]] Outcome test_digest(Trial& trial);
  [[nodiscard]] Outcome test_user_match(Trial& trial) const;
  [[nodiscard]] Outcome resynchronise(Trial& trial);
  [[nodiscard]] Reply verdict_on(ByDigest replies, Trial& trial);
  [[nodiscard]] bool digest_fits(Trial& trial);

  [[nodiscard]] CallState* living_call(const NonceContext& context);
  [[nodiscard]] NonceState state_in_call(std::string_view nonce, const CallState& call,
                                         net::Instant now) const;
  void accept(Trial& trial);

  const Profile& profile_;
  std::span<const Account> accounts_;
  NonceBook book_;
  AkaHome home_;
  BoundedMap<CallState> calls_{max_calls};
};

}  // namespace sipauth::registrar
