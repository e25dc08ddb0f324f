#include "capture/link_layer.hpp"

#include <algorithm>
#include <array>

#include "capture/packet.hpp"

namespace sipauth::capture {
namespace {

using Inner = std::expected<std::string_view, NoIp>;

constexpr std::uint32_t ipv4 = 0x0800;
constexpr std::uint32_t ipv6 = 0x86dd;
constexpr std::uint32_t pppoe_session = 0x8864;
constexpr std::uint32_t mpls = 0x8847;
constexpr auto vlan_tags = std::to_array<std::uint32_t>({0x8100, 0x88a8, 0x9100, 0x9200});

Inner raw(std::string_view bytes) noexcept {
  if (bytes.empty()) return std::unexpected{NoIp::too_short};
  const auto version = byte_at(bytes, 0) >> 4U;
  if (version != 4 && version != 6) return std::unexpected{NoIp::other_protocol};
  return bytes;
}

// RFC 2516 and RFC 1661: six bytes of PPPoE, then the protocol of PPP in one byte or two.
Inner ppp(std::string_view bytes) noexcept {
  if (bytes.size() < 3) return std::unexpected{NoIp::too_short};
  if (byte_at(bytes, 0) == 0xff && byte_at(bytes, 1) == 0x03) bytes.remove_prefix(2);
  if (bytes.size() < 3) return std::unexpected{NoIp::too_short};
  const bool is_compressed = (byte_at(bytes, 0) & 1U) != 0;
  const auto protocol = is_compressed ? byte_at(bytes, 0) : u16_at(bytes, 0);
  if (protocol != 0x21 && protocol != 0x57) return std::unexpected{NoIp::other_protocol};
  return raw(bytes.substr(is_compressed ? 1 : 2));
}

Inner labels(std::string_view bytes) noexcept {
  while (bytes.size() >= 4) {
    const bool is_last = (byte_at(bytes, 2) & 1U) != 0;
    bytes.remove_prefix(4);
    if (is_last) return raw(bytes);
  }
  return std::unexpected{NoIp::too_short};
}

// `bytes` begin with the EtherType. Each tag makes them shorter.
Inner ether_type(std::string_view bytes) noexcept {
  while (bytes.size() >= 2) {
    const auto type = u16_at(bytes, 0);
    bytes.remove_prefix(2);
    if (type == ipv4 || type == ipv6) return raw(bytes);
    if (type == mpls) return labels(bytes);
    if (type == pppoe_session) {
      return bytes.size() < 6 ? Inner{std::unexpected{NoIp::too_short}} : ppp(bytes.substr(6));
    }
    if (std::ranges::find(vlan_tags, type) == vlan_tags.end()) {
      return std::unexpected{NoIp::other_protocol};
    }
    if (bytes.size() < 2) break;
    bytes.remove_prefix(2);
  }
  return std::unexpected{NoIp::too_short};
}

template <std::size_t to_type>
Inner with_ether_type(std::string_view frame) noexcept {
  if (frame.size() < to_type) return std::unexpected{NoIp::too_short};
  return ether_type(frame.substr(to_type));
}

// The EtherType stands first, the addresses behind it.
Inner linux_cooked_2(std::string_view frame) noexcept {
  constexpr std::size_t header = 20;
  if (frame.size() < header) return std::unexpected{NoIp::too_short};
  const auto type = u16_at(frame, 0);
  if (type == ipv4 || type == ipv6) return raw(frame.substr(header));
  if (std::ranges::find(vlan_tags, type) == vlan_tags.end()) {
    return std::unexpected{NoIp::other_protocol};
  }
  return frame.size() < header + 2 ? Inner{std::unexpected{NoIp::too_short}}
                                   : ether_type(frame.substr(header + 2));
}

// An address family of four bytes, whose numbers and byte order differ between systems; the version
// of IP tells what matters.
Inner loopback(std::string_view frame) noexcept {
  if (frame.size() < 4) return std::unexpected{NoIp::too_short};
  return raw(frame.substr(4));
}

// IEEE 802.11: data frames in the clear, with LLC and SNAP behind the header.
Inner wireless(std::string_view frame) noexcept {
  constexpr std::size_t three_addresses = 24;
  if (frame.size() < three_addresses) return std::unexpected{NoIp::too_short};
  const auto type = byte_at(frame, 0) >> 2U & 3U;
  const auto subtype = byte_at(frame, 0) >> 4U;
  const auto flags = byte_at(frame, 1);
  const bool has_no_data = (subtype & 4U) != 0;
  const bool is_encrypted = (flags & 0x40U) != 0;
  if (type != 2 || has_no_data || is_encrypted) return std::unexpected{NoIp::other_protocol};
  std::size_t header = three_addresses;
  if ((flags & 3U) == 3) header += 6;                            // a fourth address
  if ((subtype & 8U) != 0) header += 2;                          // QoS
  if ((subtype & 8U) != 0 && (flags & 0x80U) != 0) header += 4;  // HT control
  constexpr std::size_t to_type = 6;                             // of LLC and SNAP
  if (frame.size() < header + to_type) return std::unexpected{NoIp::too_short};
  if (u16_at(frame, header) != 0xaaaa) return std::unexpected{NoIp::other_protocol};
  return ether_type(frame.substr(header + to_type));
}

Inner radiotap(std::string_view frame) noexcept {
  if (frame.size() < 4) return std::unexpected{NoIp::too_short};
  const std::size_t length = byte_at(frame, 2) | byte_at(frame, 3) << 8U;
  if (length < 4 || length > frame.size()) return std::unexpected{NoIp::too_short};
  return wireless(frame.substr(length));
}

struct LinkType {
  std::uint32_t number;
  Inner (*read)(std::string_view frame) noexcept;
};

constexpr auto link_types = std::to_array<LinkType>({
    {0, loopback},             // NULL
    {1, with_ether_type<12>},  // EN10MB
    {9, ppp},                  // PPP
    {12, raw},                 // RAW, by the DLT of most systems
    {14, raw},                 // the same on OpenBSD
    {50, ppp},                 // PPP_SERIAL
    {51,
     [](std::string_view frame) noexcept {
       return frame.size() < 6 ? Inner{std::unexpected{NoIp::too_short}} : ppp(frame.substr(6));
     }},                         // PPP_ETHER
    {101, raw},                  // RAW
    {105, wireless},             // IEEE802_11
    {108, loopback},             // LOOP
    {113, with_ether_type<14>},  // LINUX_SLL
    {127, radiotap},             // IEEE802_11_RADIOTAP
    {228, raw},                  // IPV4
    {229, raw},                  // IPV6
    {276, linux_cooked_2},       // LINUX_SLL2
});

const LinkType* find_link_type(std::uint32_t number) noexcept {
  const auto* found = std::ranges::find(link_types, number, &LinkType::number);
  return found == link_types.end() ? nullptr : found;
}

}  // namespace

std::expected<std::string_view, NoIp> ip_packet_of(std::string_view frame,
                                                   std::uint32_t link_type) noexcept {
  const auto* row = find_link_type(link_type);
  if (row == nullptr) return std::unexpected{NoIp::unknown_link_type};
  return row->read(frame);
}

bool link_type_is_known(std::uint32_t link_type) noexcept {
  return find_link_type(link_type) != nullptr;
}

}  // namespace sipauth::capture
