// The typed values of the headers that carry a request: Via, From, To, Contact, CSeq
// (RFC 3261 20 and 25.1).
//
// All members are views into the header value they were parsed from: keep it alive and unmoved.
// Offsets of errors and diagnostics count from its first byte. Nothing here allocates or throws.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string_view>

#include "sipauth/diagnostic.hpp"
#include "sipauth/uri.hpp"

namespace sipauth {

/// `"Alice" <sip:alice@example.com;lr>;tag=1`, or the addr-spec form without brackets, where every
/// parameter belongs to the header (20.10). `*` of a Contact is is_wildcard.
///
/// An open quote, an open bracket, a bare name with commas, text behind the bracket: all are read
/// as they must have been meant and reported. Without a bracket or a scheme it is not_an_address.
struct NameAddr {
  std::string_view display_name;  ///< as written, quotes included
  Uri uri;
  std::string_view parameters;  ///< of the header, from the first `;`
  bool is_wildcard = false;

  /// Reads the first address of `value`; `rest` is what stands behind its comma, or empty.
  [[nodiscard]] SIPAUTH_API static std::expected<NameAddr, ParseError> parse(
      std::string_view value, Diagnostics& diagnostics) noexcept;

  std::string_view rest;

  [[nodiscard]] std::optional<std::string_view> parameter(std::string_view name) const noexcept {
    return find_parameter(parameters, name);
  }
  [[nodiscard]] std::optional<std::string_view> tag() const noexcept { return parameter("tag"); }
};

/// `SIP/2.0/UDP host:port;branch=z9hG4bK...;rport`. Without a host it is read all the same, with an
/// empty `host` and a report; without a transport it is not_a_via.
struct Via {
  std::string_view protocol;   ///< `SIP/2.0`, blanks round the slashes included as written
  std::string_view transport;  ///< `UDP`, in any case
  std::string_view host;
  std::optional<std::uint16_t> port;
  std::string_view parameters;
  std::string_view rest;  ///< behind the comma when several are in one row, or empty

  [[nodiscard]] SIPAUTH_API static std::expected<Via, ParseError> parse(
      std::string_view value, Diagnostics& diagnostics) noexcept;

  [[nodiscard]] std::optional<std::string_view> parameter(std::string_view name) const noexcept {
    return find_parameter(parameters, name);
  }
  [[nodiscard]] std::optional<std::string_view> branch() const noexcept {
    return parameter("branch");
  }
};

/// `4711 REGISTER`. A number from 2^31 on is reported, one from 2^32 on is not_a_number.
struct CSeq {
  std::uint32_t number = 0;
  std::string_view method;

  [[nodiscard]] SIPAUTH_API static std::expected<CSeq, ParseError> parse(
      std::string_view value, Diagnostics& diagnostics) noexcept;
};

}  // namespace sipauth
