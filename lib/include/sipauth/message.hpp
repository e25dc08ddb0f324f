// A SIP request or response (RFC 3261 7 and 25.1): an index over bytes that it does not own.
//
//   SIP/2.0 401 Unauthorized\r\n
//   WWW-Authenticate: Digest realm="r",\r\n nonce="n"\r\n
//   |                 |
//   Header::offset    Header::value (folding included, blanks at both ends not)
//
// A Message and all its views need the text it was parsed from, alive and unmoved. Offsets count
// bytes from the first byte of that text. Nothing here allocates or throws. A Message is about
// 12 KiB: keep it on the stack or in place, do not copy it about.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>
#include <string_view>

#include "sipauth/bounded_list.hpp"
#include "sipauth/diagnostic.hpp"
#include "sipauth/limits.hpp"

namespace sipauth {

/// Headers that this project asks for by name; all others are `other` and keep their name.
enum class HeaderId : std::uint8_t {
  other,
  via,
  from,
  to,
  call_id,
  cseq,
  contact,
  max_forwards,
  expires,
  content_length,
  content_type,
  www_authenticate,
  proxy_authenticate,
  authorization,
  proxy_authorization,
  authentication_info,
  server,
  user_agent,
  warning,
  retry_after,
  allow,
  supported,
  require,
  record_route,
  route,
  date,
  min_expires,
  path,
  service_route,
  proxy_require,
  unsupported,
};

/// Any spelling, compact form (7.3.3) and case.
[[nodiscard]] SIPAUTH_API HeaderId header_id(std::string_view name) noexcept;

/// The usual spelling; empty for `other`.
[[nodiscard]] SIPAUTH_API std::string_view header_name(HeaderId id) noexcept;

struct Header {
  HeaderId id = HeaderId::other;
  std::string_view name;     ///< as written
  std::string_view value;    ///< without blanks at its ends; folding inside is kept
  std::uint32_t offset = 0;  ///< of the first byte of the name
};

class Message {
 public:
  static constexpr std::size_t max_headers = limits::headers;

  // Not defaulted, so that even Message{} leaves the index of headers as it is.
  Message() noexcept {}  // NOLINT(modernize-use-equals-default)

  /// Reads one datagram, or one message cut from a stream by a StreamFramer. Departures from the
  /// grammar go to `diagnostics`; authentication headers are not looked into (see challenge.hpp,
  /// lint.hpp). A Content-Length below what follows cuts the body there and is reported (18.3); one
  /// above it is reported and all that follows is the body. Of several the first counts.
  ///
  /// Line ends may be bare LFs, and the blank line behind the headers may be missing: what there is
  /// of the last row is read then. A text that ends before its first header is
  /// ParseError::truncated. A row without a colon is left out of headers(), yet counts as one of
  /// max_headers; one whose name is no token is kept as `other`.
  [[nodiscard]] SIPAUTH_API static std::expected<Message, ParseError> parse(
      std::string_view text, Diagnostics& diagnostics) noexcept;

  [[nodiscard]] bool is_request() const noexcept { return status_ == 0; }
  [[nodiscard]] std::string_view method() const noexcept { return method_; }
  [[nodiscard]] std::string_view request_uri() const noexcept { return request_uri_; }
  /// 100 to 699; 0 for a request.
  [[nodiscard]] int status() const noexcept { return status_; }
  /// Without the blanks that may stand around it.
  [[nodiscard]] std::string_view reason() const noexcept { return reason_; }
  [[nodiscard]] std::string_view version() const noexcept { return version_; }
  [[nodiscard]] std::string_view start_line() const noexcept { return start_line_; }
  [[nodiscard]] std::string_view body() const noexcept { return body_; }
  [[nodiscard]] std::string_view text() const noexcept { return text_; }

  /// In the order of the text, unknown and repeated ones included. Values with commas are one row.
  [[nodiscard]] std::span<const Header> headers() const noexcept { return headers_.elements(); }

  /// The first of its kind, or nullptr.
  [[nodiscard]] SIPAUTH_API const Header* find(HeaderId id) const noexcept;
  /// The first of that name in any case, or nullptr. Of a name with a HeaderId its compact form
  /// counts too.
  [[nodiscard]] SIPAUTH_API const Header* find(std::string_view name) const noexcept;
  /// The value of the first of its kind; empty when absent.
  [[nodiscard]] std::string_view value(HeaderId id) const noexcept {
    const auto* header = find(id);
    return header ? header->value : std::string_view{};
  }

 private:
  class Reader;

  std::string_view text_, start_line_, method_, request_uri_, reason_, version_, body_;
  int status_ = 0;
  BoundedList<Header, max_headers> headers_;
};

}  // namespace sipauth
