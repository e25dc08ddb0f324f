// IPv4 and IPv6 headers, options and extension headers included (RFC 791, RFC 8200).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "capture/packet.hpp"

namespace sipauth::capture {

inline constexpr std::uint8_t protocol_tcp = 6;
inline constexpr std::uint8_t protocol_udp = 17;

struct IpPacket {
  Address source = {};
  Address destination = {};
  std::uint8_t protocol = 0;
  std::string_view payload = {};  ///< without the padding of the link layer
  std::size_t missing = 0;        ///< bytes of the payload that were not captured

  bool is_fragment = false;
  bool more_fragments = false;
  std::uint32_t identification = 0;
  std::uint32_t fragment_offset = 0;  ///< in bytes
};

/// nullopt when a header is not whole or contradicts itself.
[[nodiscard]] std::optional<IpPacket> read_ip(std::string_view bytes) noexcept;

}  // namespace sipauth::capture
