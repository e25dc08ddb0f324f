// The opening handshake of a WebSocket that carries SIP (RFC 6455 4, RFC 7118 4), as text: what is
// asked, and what an answer means.
#pragma once

#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "net/transport.hpp"

namespace sipauth::net {

/// The GET that asks for it. `options.authority` is not empty.
[[nodiscard]] std::string write_upgrade(const WebSocketOptions& options, std::string_view key);

/// Where the answer's blank line ends in what has arrived; nullopt: not yet. `searched` bytes are
/// known to hold no end. What is no HTTP is an error as early as that shows, and so is an answer
/// that does not end. `peer` is `ws 127.0.0.1:80`, for sentences.
[[nodiscard]] std::expected<std::optional<std::size_t>, NetError> end_of_upgrade(
    std::string_view arrived, std::size_t searched, std::string_view peer);

/// Is `answer`, up to its blank line, a 101 to that request? `accept` is what must be in
/// Sec-WebSocket-Accept. The error says what else it is and what can be done.
[[nodiscard]] std::expected<void, NetError> check_upgrade(std::string_view answer,
                                                          std::string_view accept,
                                                          const WebSocketOptions& options,
                                                          std::string_view peer);

}  // namespace sipauth::net
