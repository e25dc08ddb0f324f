// Requests and header values, written as the RFCs want them, or with a named deviation for checks
// and faults. All functions allocate the text they return.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sipauth/export.hpp"

namespace sipauth {

/// How one parameter is written where it is not written as the RFCs want it.
enum class Quoting : std::uint8_t { as_due, quoted, bare, single_quoted };

/// One parameter to be written. `value` is its meaning, without quotes and backslashes.
struct WrittenParameter {
  std::string name = {};
  std::string value = {};
  Quoting quoting = Quoting::as_due;
};

/// What stands between two parameters, before and after them.
struct ListLayout {
  std::string_view separator = ", ";
  std::string_view trailing = "";
  /// Written in front of `stale` instead of the separator when not null: the first Asterisk patch
  /// wrote a blank there, r5834 ` , `.
  std::optional<std::string_view> before_stale = std::nullopt;
};

/// `Digest name=value, ...`: the order is the list's. Quotes are set by the name of the parameter
/// and by `credentials` (RFC 7616 3.3 and 3.4 differ about qop): realm, nonce, opaque, domain,
/// username, uri, response, cnonce, auts, nextnonce, rspauth stand in quotes, qop in a challenge
/// only; stale, algorithm, nc, userhash, charset never; unknown ones when they are no token.
[[nodiscard]] SIPAUTH_API std::string write_challenge(std::span<const WrittenParameter> parameters,
                                                      const ListLayout& layout = {},
                                                      std::string_view scheme = "Digest");
[[nodiscard]] SIPAUTH_API std::string write_credentials(
    std::span<const WrittenParameter> parameters, const ListLayout& layout = {},
    std::string_view scheme = "Digest");
[[nodiscard]] SIPAUTH_API std::string write_authentication_info(
    std::span<const WrittenParameter> parameters, const ListLayout& layout = {});

/// A header row of a request or response to be written; CR and LF in it are left out unless `raw`.
struct WrittenHeader {
  std::string name = {};
  std::string value = {};
  bool raw = false;  ///< write the value byte for byte (a fault that folds, or worse)
};

struct WrittenRequest {
  std::string method = "REGISTER";
  std::string request_uri = {};
  std::string transport = "UDP";  ///< of the Via
  std::string via_host = {};      ///< with port
  std::string branch = {};        ///< with its z9hG4bK
  std::string from = {};          ///< the whole value, tag included
  std::string to = {};
  std::string call_id = {};
  std::uint32_t cseq = 1;
  std::uint32_t max_forwards = 70;
  std::string user_agent = {};              ///< empty: none
  std::vector<WrittenHeader> headers = {};  ///< Authorization, Contact, --header ...
  std::string body = {};
  std::string content_type = {};
  bool rport = true;           ///< RFC 3581
  bool content_length = true;  ///< a WebSocket needs none (RFC 7118 5)
};

/// RFC 3261 8.1.1, with rport (RFC 3581) and Content-Length. A Content-Length among the given
/// headers takes the place of the right one.
[[nodiscard]] SIPAUTH_API std::string write_request(const WrittenRequest& request);

/// A status line, the given header rows in order, Content-Length (see write_request) and body.
[[nodiscard]] SIPAUTH_API std::string write_response(int status, std::string_view reason,
                                                     std::span<const WrittenHeader> headers,
                                                     std::string_view body = {});

}  // namespace sipauth
