// Credentials: the value of an Authorization or Proxy-Authorization header (RFC 3261 20.7, 20.28
// and 25.1, RFC 7616 3.4, RFC 8760 2.7, RFC 3310 3.2).
//
// It consists of views into the text it was parsed from: keep that text alive and unmoved. Nothing
// here allocates or throws. Values stand as written between the quotes: unquote() them before use.
#pragma once

#include <expected>
#include <optional>
#include <string_view>

#include "sipauth/auth_params.hpp"

namespace sipauth {

class Credentials : public AuthParams {
 public:
  /// Reads a header's value as it was received, folding included. Departures from the grammar go to
  /// `diagnostics`; any scheme is read, the rules about Digest are applied to Digest only.
  [[nodiscard]] SIPAUTH_API static std::expected<Credentials, ParseError> parse(
      std::string_view text, Diagnostics& diagnostics) noexcept;

  [[nodiscard]] std::string_view scheme() const noexcept { return scheme_; }
  [[nodiscard]] bool is_digest() const noexcept { return same(scheme_, "Digest"); }

  [[nodiscard]] auto username() const noexcept { return value("username"); }
  [[nodiscard]] auto realm() const noexcept { return value("realm"); }
  [[nodiscard]] auto nonce() const noexcept { return value("nonce"); }
  [[nodiscard]] auto uri() const noexcept { return value("uri"); }
  [[nodiscard]] auto response() const noexcept { return value("response"); }
  [[nodiscard]] auto algorithm() const noexcept { return value("algorithm"); }
  [[nodiscard]] auto cnonce() const noexcept { return value("cnonce"); }
  [[nodiscard]] auto opaque() const noexcept { return value("opaque"); }
  [[nodiscard]] auto qop() const noexcept { return value("qop"); }
  [[nodiscard]] auto nc() const noexcept { return value("nc"); }
  [[nodiscard]] auto userhash() const noexcept { return value("userhash"); }
  [[nodiscard]] auto auts() const noexcept { return value("auts"); }

 private:
  friend class AuthParamsReader;

  std::string_view scheme_;
};

}  // namespace sipauth
