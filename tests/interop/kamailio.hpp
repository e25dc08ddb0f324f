// A Kamailio of our own making, on free ports of the loopback, for as long as the object lives.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "e2e/tool.hpp"
#include "interop/process.hpp"

namespace sipauth::interop {

/// How its script challenges. Accounts are alice / secret and bob / secret2 in `realm`; every other
/// user is answered like one with a wrong password.
struct Variant {
  std::string_view name;
  std::chrono::seconds nonce_lifetime{300};
  bool qop = false;              ///< offer qop="auth"
  bool stale_when_old = false;   ///< stale=true for a nonce that auth.so calls old (flag 16)
  bool stale_when_used = false;  ///< the same for a nonce that it has seen before
  bool forbid_refused = false;   ///< 403 for credentials that it does not take, whatever is wrong
  bool forbid_wrong = false;     ///< 403 for a wrong password only, and 404 for an unknown user
  bool nonce_count = false;      ///< demand a rising nc
  bool one_time_nonce = false;
  bool absorbs = true;       ///< retransmissions, by a transaction (t_newtran)
  bool bound_nonce = false;  ///< to Request-URI, Call-ID and source address
  bool sane = false;         ///< sanity_check() for all requests
  bool authentication_info = false;
  std::string_view algorithm = "MD5";
  bool tls = false;
  bool websocket = false;  ///< on all streams
};

inline constexpr std::string_view realm = "test.local";

/// The script that makes a Kamailio answer as `variant` says.
struct Ports {
  std::uint16_t sip = 0;  ///< UDP and TCP
  std::uint16_t tls = 0;
};
std::string script_of(const Variant& variant, Ports ports, const std::filesystem::path& folder);

/// With what it answers OPTIONS: another server that took the port would not know.
std::string ready_phrase(const std::filesystem::path& folder);

class Kamailio {
 public:
  /// Returns when it has answered an OPTIONS with 200. Throws std::runtime_error, with the end of
  /// its log, when it does not.
  explicit Kamailio(const Variant& variant);

  /// UDP and TCP.
  std::uint16_t port() const { return ports_.sip; }
  std::uint16_t tls_port() const { return ports_.tls; }
  /// Of its TLS side, for `realm` and signed by itself.
  std::filesystem::path certificate() const { return folder() / "certificate.pem"; }
  /// What it has said so far.
  std::string log() const;

 private:
  std::filesystem::path folder() const { return scratch_.path(); }
  bool start(const Variant& variant);
  bool answers_options() const;

  e2e::ScratchDirectory scratch_;
  Ports ports_;
  std::optional<Process> process_;
};

}  // namespace sipauth::interop
