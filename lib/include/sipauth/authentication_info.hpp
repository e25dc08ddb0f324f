// What a registrar says after a success: the value of an Authentication-Info header (RFC 3261 20.6,
// RFC 7616 3.5). It has no scheme.
//
// It consists of views into the text it was parsed from: keep that text alive and unmoved. Nothing
// here allocates or throws.
#pragma once

#include <expected>
#include <string_view>

#include "sipauth/auth_params.hpp"

namespace sipauth {

class AuthenticationInfo : public AuthParams {
 public:
  [[nodiscard]] SIPAUTH_API static std::expected<AuthenticationInfo, ParseError> parse(
      std::string_view text, Diagnostics& diagnostics) noexcept;

  [[nodiscard]] auto nextnonce() const noexcept { return value("nextnonce"); }
  [[nodiscard]] auto rspauth() const noexcept { return value("rspauth"); }
  [[nodiscard]] auto qop() const noexcept { return value("qop"); }
  [[nodiscard]] auto cnonce() const noexcept { return value("cnonce"); }
  [[nodiscard]] auto nc() const noexcept { return value("nc"); }

 private:
  friend class AuthParamsReader;
};

}  // namespace sipauth
