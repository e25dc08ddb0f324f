#include "capture/hep.hpp"

#include <algorithm>

namespace sipauth::capture {
namespace {

constexpr std::string_view magic = "HEP3";
constexpr std::size_t head = 6;  // of the datagram, and of each chunk

// Chunks of vendor 0.
constexpr std::uint32_t protocol_of_ip = 0x0002;
constexpr std::uint32_t source_ipv4 = 0x0003;
constexpr std::uint32_t destination_ipv4 = 0x0004;
constexpr std::uint32_t source_ipv6 = 0x0005;
constexpr std::uint32_t destination_ipv6 = 0x0006;
constexpr std::uint32_t source_port = 0x0007;
constexpr std::uint32_t destination_port = 0x0008;
constexpr std::uint32_t seconds = 0x0009;
constexpr std::uint32_t microseconds = 0x000a;
constexpr std::uint32_t kind_of_payload = 0x000b;
constexpr std::uint32_t payload = 0x000f;
constexpr std::uint32_t compressed_payload = 0x0010;

constexpr std::uint32_t sip = 1;

struct Chunks {
  HepMessage message = {};
  std::uint32_t kind = sip;
  std::uint32_t second = 0;
  std::uint32_t microsecond = 0;
  bool has_payload = false;
  bool is_compressed = false;
};

bool set_address(Address& address, std::string_view value, std::size_t size) noexcept {
  if (value.size() != size) return false;
  address = {};
  std::ranges::copy(value, address.bytes.begin());
  address.is_ipv6 = size == 16;
  return true;
}

// False when the value is not as long as its type demands.
bool take(Chunks& chunks, std::uint32_t type, std::string_view value) noexcept {
  auto& message = chunks.message;
  switch (type) {
    case protocol_of_ip:
      if (value.size() != 1) return false;
      message.protocol = static_cast<std::uint8_t>(byte_at(value, 0));
      return true;
    case source_ipv4:
      return set_address(message.source.address, value, 4);
    case destination_ipv4:
      return set_address(message.destination.address, value, 4);
    case source_ipv6:
      return set_address(message.source.address, value, 16);
    case destination_ipv6:
      return set_address(message.destination.address, value, 16);
    case source_port:
    case destination_port: {
      if (value.size() != 2) return false;
      auto& end = type == source_port ? message.source : message.destination;
      end.port = static_cast<std::uint16_t>(u16_at(value, 0));
      return true;
    }
    case seconds:
    case microseconds:
      if (value.size() != 4) return false;
      (type == seconds ? chunks.second : chunks.microsecond) = u32_at(value, 0);
      return true;
    case kind_of_payload:
      if (value.size() != 1) return false;
      chunks.kind = byte_at(value, 0);
      return true;
    case payload:
      message.text = value;
      chunks.has_payload = true;
      return true;
    case compressed_payload:
      chunks.is_compressed = true;
      return true;
    default:
      return true;
  }
}

}  // namespace

bool begins_hep(std::string_view datagram) noexcept { return datagram.starts_with(magic); }

std::expected<HepMessage, NoHep> read_hep(std::string_view datagram, Time captured) noexcept {
  if (!begins_hep(datagram) || datagram.size() < head) return std::unexpected{NoHep::broken};
  const std::size_t length = u16_at(datagram, magic.size());
  if (length < head || length > datagram.size()) return std::unexpected{NoHep::broken};
  auto rest = datagram.substr(head, length - head);
  Chunks chunks;
  while (!rest.empty()) {
    if (rest.size() < head) return std::unexpected{NoHep::broken};
    const std::size_t size = u16_at(rest, 4);
    if (size < head || size > rest.size()) return std::unexpected{NoHep::broken};
    const bool is_common = u16_at(rest, 0) == 0;  // no vendor's own
    if (is_common && !take(chunks, u16_at(rest, 2), rest.substr(head, size - head))) {
      return std::unexpected{NoHep::broken};
    }
    rest.remove_prefix(size);
  }
  if (chunks.kind != sip) return std::unexpected{NoHep::other_payload};
  if (chunks.is_compressed) return std::unexpected{NoHep::compressed};
  if (!chunks.has_payload) return std::unexpected{NoHep::broken};
  constexpr Time nanoseconds = 1000;
  chunks.message.time =
      chunks.second == 0 ? captured : chunks.second * second + chunks.microsecond * nanoseconds;
  return chunks.message;
}

}  // namespace sipauth::capture
