// A Request-URI or the URI of a name-addr (RFC 3261 19.1 and 25.1; tel: RFC 3966).
//
//   sip:alice:pw@[2001:db8::1]:5060;transport=tcp?subject=x
//       |     |  |              |   |             |
//       user  |  host           port parameters   headers
//             password
//
// All members are views into the text it was parsed from: keep that text alive and unmoved.
// Escapes (%41) are left as they stand. Nothing here allocates or throws.
//
// A URI with a second, unescaped `@` is reported, and read so that parameters and headers cannot
// move its host: the user ends at the last `@` in front of the first `;` or `?` behind the first.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string_view>

#include "sipauth/diagnostic.hpp"

namespace sipauth {

/// The value of `name` in a list `;a=b;c;d="e"` (RFC 3261 25.1, generic-param), compared without
/// case. A parameter without a value is an empty view that is not null; an absent one nullopt.
/// Quotes are part of the value.
[[nodiscard]] SIPAUTH_API std::optional<std::string_view> find_parameter(
    std::string_view list, std::string_view name) noexcept;

struct Uri {
  enum class Scheme : std::uint8_t { sip, sips, tel, other };

  Scheme scheme = Scheme::other;
  std::string_view scheme_name;
  std::string_view user;  ///< of tel: the number
  std::string_view password;
  std::string_view host;  ///< an IPv6 reference keeps its brackets; empty for tel and others
  std::optional<std::uint16_t> port;
  std::string_view parameters;  ///< from the first `;`, or empty
  std::string_view headers;     ///< behind the `?`, or empty
  std::string_view text;        ///< all of it

  /// Offsets of errors and diagnostics count from the first byte of `text`.
  [[nodiscard]] SIPAUTH_API static std::expected<Uri, ParseError> parse(
      std::string_view text, Diagnostics& diagnostics) noexcept;

  [[nodiscard]] std::optional<std::string_view> parameter(std::string_view name) const noexcept {
    return find_parameter(parameters, name);
  }
};

}  // namespace sipauth
