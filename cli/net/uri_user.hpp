// The user part of a SIP URI and its escapes (RFC 3261 19.1.2 and 25.1).
#pragma once

#include <string>
#include <string_view>

namespace sipauth::net {

/// %41 becomes A; a percent sign without two hex digits stays.
[[nodiscard]] std::string unescape_user(std::string_view text);

/// Every byte that may not stand in a user part becomes %XX.
[[nodiscard]] std::string escape_user(std::string_view user);

}  // namespace sipauth::net
