#include "capture/ip.hpp"

#include <algorithm>

namespace sipauth::capture {
namespace {

void set_address(Address& address, std::string_view bytes) noexcept {
  std::ranges::copy(bytes, address.bytes.begin());
  address.is_ipv6 = bytes.size() == 16;
}

// The payload of `length` bytes, as far as it was captured.
void set_payload(IpPacket& packet, std::string_view rest, std::size_t length) noexcept {
  packet.payload = rest.substr(0, length);
  packet.missing = length - packet.payload.size();
}

std::optional<IpPacket> read_ipv4(std::string_view bytes) noexcept {
  constexpr std::size_t shortest = 20;
  if (bytes.size() < shortest) return std::nullopt;
  const std::size_t header = std::size_t{byte_at(bytes, 0) & 0xfU} * 4;
  std::size_t total = u16_at(bytes, 2);
  if (total == 0) total = bytes.size();  // a card cuts it into packets after the capture
  if (header < shortest || header > bytes.size() || total < header) return std::nullopt;
  IpPacket packet;
  const auto fragment = u16_at(bytes, 6);
  packet.more_fragments = (fragment & 0x2000U) != 0;
  packet.fragment_offset = (fragment & 0x1fffU) * 8;
  packet.is_fragment = packet.more_fragments || packet.fragment_offset > 0;
  packet.identification = u16_at(bytes, 4);
  packet.protocol = static_cast<std::uint8_t>(byte_at(bytes, 9));
  set_address(packet.source, bytes.substr(12, 4));
  set_address(packet.destination, bytes.substr(16, 4));
  set_payload(packet, bytes.substr(header), total - header);
  return packet;
}

std::optional<IpPacket> read_ipv6(std::string_view bytes) noexcept {
  constexpr std::size_t header = 40;
  constexpr std::uint32_t hop_by_hop = 0;
  constexpr std::uint32_t routing = 43;
  constexpr std::uint32_t fragment = 44;
  constexpr std::uint32_t authentication = 51;
  constexpr std::uint32_t destination_options = 60;
  constexpr int most_extensions = 8;
  if (bytes.size() < header) return std::nullopt;
  IpPacket packet;
  set_address(packet.source, bytes.substr(8, 16));
  set_address(packet.destination, bytes.substr(24, 16));
  std::size_t length = u16_at(bytes, 4);
  if (length == 0) length = bytes.size() - header;
  auto next = byte_at(bytes, 6);
  auto rest = bytes.substr(header);
  for (int i = 0; i < most_extensions; ++i) {
    const bool is_fragment = next == fragment;
    if (next != hop_by_hop && next != routing && next != destination_options &&
        next != authentication && !is_fragment) {
      break;
    }
    if (rest.size() < 8) return std::nullopt;
    std::size_t size = 8;
    if (next == authentication)
      size = (std::size_t{byte_at(rest, 1)} + 2) * 4;
    else if (!is_fragment)
      size = (std::size_t{byte_at(rest, 1)} + 1) * 8;
    if (size > rest.size() || size > length) return std::nullopt;
    if (is_fragment) {
      packet.fragment_offset = u16_at(rest, 2) & 0xfff8U;
      packet.more_fragments = (u16_at(rest, 2) & 1U) != 0;
      packet.is_fragment = packet.more_fragments || packet.fragment_offset > 0;
      packet.identification = u32_at(rest, 4);
    }
    next = byte_at(rest, 0);
    rest.remove_prefix(size);
    length -= size;
    // What lies within a fragment is known when it is joined; the first header names it.
    if (packet.is_fragment) break;
  }
  packet.protocol = static_cast<std::uint8_t>(next);
  set_payload(packet, rest, length);
  return packet;
}

}  // namespace

std::optional<IpPacket> read_ip(std::string_view bytes) noexcept {
  if (bytes.empty()) return std::nullopt;
  return byte_at(bytes, 0) >> 4U == 6 ? read_ipv6(bytes) : read_ipv4(bytes);
}

}  // namespace sipauth::capture
