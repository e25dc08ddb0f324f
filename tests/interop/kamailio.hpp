// A Kamailio of our own making, on free ports of the loopback, for as long as the object lives.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "e2e/tool.hpp"

namespace sipauth::interop {

/// How its script challenges. Accounts are alice / secret and bob / secret2 in `realm`; every other
/// user is answered like one with a wrong password.
struct Variant {
  std::string_view name;
  std::chrono::seconds nonce_lifetime{300};
  bool qop = false;             ///< offer qop="auth"
  bool stale_when_old = false;  ///< stale=true for a nonce that auth.so calls old (flag 16)
  bool forbid_refused = false;  ///< 403 for credentials that it does not take, whatever is wrong
  bool nonce_count = false;     ///< demand a rising nc
  bool one_time_nonce = false;
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

class Kamailio {
 public:
  /// Returns when it has answered an OPTIONS with 200. Throws std::runtime_error, with the end of
  /// its log, when it does not.
  explicit Kamailio(const Variant& variant);
  ~Kamailio();
  Kamailio(const Kamailio&) = delete;
  Kamailio& operator=(const Kamailio&) = delete;

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
  bool exits_within(std::chrono::milliseconds time) const;
  void stop();

  e2e::ScratchDirectory scratch_;
  Ports ports_;
  pid_t pid_ = -1;
  int pidfd_ = -1;
};

}  // namespace sipauth::interop
