// From a captured frame to its IP packet: the link types that carry SIP in practice.
#pragma once

#include <cstdint>
#include <expected>
#include <string_view>

namespace sipauth::capture {

enum class NoIp : std::uint8_t {
  other_protocol,  ///< ARP, LLDP, ...
  too_short,
  unknown_link_type,  ///< link_type_is_known() says the same
};

/// What follows the link layer, VLAN tags, PPPoE and MPLS labels included: an IPv4 or IPv6 packet,
/// perhaps with the link layer's padding behind it.
[[nodiscard]] std::expected<std::string_view, NoIp> ip_packet_of(std::string_view frame,
                                                                 std::uint32_t link_type) noexcept;

[[nodiscard]] bool link_type_is_known(std::uint32_t link_type) noexcept;

}  // namespace sipauth::capture
