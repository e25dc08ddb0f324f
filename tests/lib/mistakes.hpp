// The mistakes that clients make, written down once more and by the formulas of the RFCs alone, so
// that the search for them is held against something that is not the search.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sipauth/digest.hpp"
#include "sipauth/explain.hpp"

namespace sipauth {

/// What goes into a digest, owned, and how its pieces are put together.
struct Hashed {
  std::string algorithm = "MD5";
  std::string qop = {};  ///< in the final string; empty: the short form
  bool with_body = false;
  std::string username = "alice", realm = "example.com", password = "secret";
  std::string method = "REGISTER", uri = "sip:example.com", nonce = "n", nc = "00000001";
  std::string cnonce = "c", body = {};
  std::string session_cnonce = {};  ///< in the A1 of a session; empty: cnonce
  bool binary_session = false, upper_ha1 = false;

  [[nodiscard]] std::string response() const;

  /// As a verifier has it, who knows of no mistake. Views into this object.
  [[nodiscard]] DigestInput input() const;

  friend bool operator==(const Hashed&, const Hashed&) = default;
};

/// What stands beside the credentials in a paste.
struct Surroundings {
  std::string request_uri = "sip:pbx.example.net:5080;lr";
  std::string from = R"("Alice A" <sip:4711@phones.example.org>;tag=1)";
  std::string to = "<sip:4712@phones.example.org>";
  std::string contact = "<sip:4713@192.0.2.7:5062;ob>";
  std::vector<std::string_view> realms{"Proxy of example.net"};
  std::vector<std::string_view> nonces{"bm9uY2UtYmVmb3Jl"};
  std::vector<std::string_view> cnonces{"cnonce-before"};
  std::string username_nfc = {}, username_nfd = {}, password_nfc = {}, password_nfd = {};

  [[nodiscard]] ExplainContext context() const;
};

struct Mistake {
  std::string_view id;     ///< of the cause
  std::string_view field;  ///< that it changes
  /// Changes `hashed`; leaves it as it is where the mistake cannot be made.
  void (*make)(Hashed& hashed, const Surroundings& around);
};

[[nodiscard]] std::span<const Mistake> mistakes();

}  // namespace sipauth
