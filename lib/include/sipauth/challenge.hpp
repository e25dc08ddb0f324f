// A challenge: the value of a WWW-Authenticate or Proxy-Authenticate header (RFC 3261 20.44, 20.27
// and 25.1, RFC 7616 3.3, RFC 8760 2, RFC 3310 3.1).
//
// It consists of views into the text it was parsed from: keep that text alive and unmoved. Nothing
// here allocates or throws. The values of the accessors stand as written between the quotes,
// backslashes included: unquote() them before they are shown or hashed.
#pragma once

#include <expected>
#include <optional>
#include <string_view>

#include "sipauth/auth_params.hpp"

namespace sipauth {

class Challenge : public AuthParams {
 public:
  /// Reads the first challenge of a header's value as it was received, folding included. Departures
  /// from the grammar go to `diagnostics`; the Challenge is what the sender must have meant. Any
  /// scheme is read; the rules about Digest are applied to Digest only.
  [[nodiscard]] SIPAUTH_API static std::expected<Challenge, ParseError> parse(
      std::string_view text, Diagnostics& diagnostics) noexcept;

  /// The same from `offset` on, which is a next_challenge(). Offsets still count from the first
  /// byte of `text`.
  [[nodiscard]] SIPAUTH_API static std::expected<Challenge, ParseError> parse(
      std::string_view text, std::size_t offset, Diagnostics& diagnostics) noexcept;

  /// Where a second challenge begins that was wrongly merged into this row (RFC 3261 7.3.1; it is
  /// reported as SL-merged-challenges); nullopt when there is none.
  [[nodiscard]] std::optional<std::size_t> next_challenge() const noexcept { return next_; }

  [[nodiscard]] std::string_view scheme() const noexcept { return scheme_; }
  [[nodiscard]] bool is_digest() const noexcept { return same(scheme_, "Digest"); }

  [[nodiscard]] auto realm() const noexcept { return value("realm"); }
  [[nodiscard]] auto nonce() const noexcept { return value("nonce"); }
  [[nodiscard]] auto opaque() const noexcept { return value("opaque"); }
  [[nodiscard]] auto domain() const noexcept { return value("domain"); }
  [[nodiscard]] auto algorithm() const noexcept { return value("algorithm"); }
  [[nodiscard]] auto qop() const noexcept { return value("qop"); }
  [[nodiscard]] auto charset() const noexcept { return value("charset"); }
  [[nodiscard]] auto userhash() const noexcept { return value("userhash"); }

  /// Only the word true, in any case, says that a nonce went stale; quotes do not matter. Absent
  /// (nullopt) and false differ.
  [[nodiscard]] SIPAUTH_API std::optional<bool> stale() const noexcept;

 private:
  friend class AuthParamsReader;

  std::string_view scheme_;
  std::optional<std::size_t> next_;
};

}  // namespace sipauth
