// `pcap --anonymize FILE`: the messages of a capture, written anew without names and secrets.
#pragma once

#include <expected>
#include <span>
#include <string>

#include "sipauth/flow.hpp"

namespace sipauth::commands {

/// Reads `from` once more and makes the pcapng file `to`; the error is a sentence. What was written
/// is told in one.
[[nodiscard]] std::expected<std::string, std::string> write_anonymized(
    const std::string& from, const std::string& to, std::span<const FlowAccount> accounts);

}  // namespace sipauth::commands
