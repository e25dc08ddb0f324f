// The accounts of `pcap --accounts FILE`.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "sipauth/flow.hpp"

namespace sipauth::commands {

/// One account a line, empty lines and those that begin with `#` skipped:
///
///   USER REALM PASSWORD         REALM `*`: any; the password is all that follows, blanks included
///   USER REALM ha1:HEX          H(user:realm:password), 32 digits (MD5) or 64 (SHA)
///   USER REALM password:TEXT    for a password that begins like one of these
///   USER REALM k=HEX opc=HEX    the keys of a card for AKA, or op=HEX, as in --aka-file
///   USER PASSWORD               any realm, as in `serve --accounts`; keys likewise
///   USER:REALM:HEX              as htdigest writes it
///
/// USER and REALM stand in quotes when they hold blanks. The error is a sentence that names a line
/// and no password.
[[nodiscard]] std::expected<std::vector<FlowAccount>, std::string> read_flow_accounts(
    std::string_view text);

/// The longest file, in bytes.
inline constexpr std::size_t max_flow_accounts_bytes = 16'000'000;

}  // namespace sipauth::commands
