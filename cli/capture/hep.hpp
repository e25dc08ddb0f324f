// HEP version 3: a captured message in a datagram of its own, with the addresses and the time that
// the sender saw it at. SIP servers send it to a capture server (Homer), mostly to port 9060.
//
//   "HEP3" length(16), then chunks: vendor(16) type(16) length(16, of the whole chunk) value
#pragma once

#include <cstdint>
#include <expected>
#include <string_view>

#include "capture/packet.hpp"

namespace sipauth::capture {

struct HepMessage {
  Time time = 0;  ///< when the sender of the datagram saw it
  Endpoint source = {};
  Endpoint destination = {};
  std::uint8_t protocol = 0;   ///< as in an IP header
  std::string_view text = {};  ///< a view into the datagram
};

enum class NoHep : std::uint8_t {
  other_payload,  ///< RTCP, a log line, ...
  compressed,
  broken,  ///< cut, or it contradicts itself
};

[[nodiscard]] bool begins_hep(std::string_view datagram) noexcept;

/// `captured` is its time where it tells none of its own.
[[nodiscard]] std::expected<HepMessage, NoHep> read_hep(std::string_view datagram,
                                                        Time captured) noexcept;

}  // namespace sipauth::capture
