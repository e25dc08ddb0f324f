// What the layers of a capture hand to one another. Bytes are views into the caller's buffers.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sipauth::capture {

/// Nanoseconds since 1970, as the capture tells it.
using Time = std::int64_t;

inline constexpr Time second = 1'000'000'000;

/// A frame as it was captured.
struct Packet {
  std::uint64_t number = 0;  ///< counted from 1 through the whole file, as Wireshark counts
  Time time = 0;
  std::uint32_t link_type = 0;      ///< LINKTYPE_ value
  std::uint32_t original_size = 0;  ///< larger than bytes.size() when it was cut
  std::string_view bytes = {};
};

struct Address {
  std::array<unsigned char, 16> bytes{};
  bool is_ipv6 = false;

  /// `192.0.2.1` or `2001:db8::1`.
  [[nodiscard]] std::string text() const;
  friend auto operator<=>(const Address&, const Address&) = default;
};

struct Endpoint {
  Address address = {};
  std::uint16_t port = 0;

  /// `192.0.2.1:5060` or `[2001:db8::1]:5060`.
  [[nodiscard]] std::string text() const;
  friend auto operator<=>(const Endpoint&, const Endpoint&) = default;
};

/// Mixes addresses, ports and the like into a key for a hash table.
class Mixer {
 public:
  Mixer& add(std::uint64_t value) noexcept {
    value_ = (value_ ^ value) * 0x9e37'79b9'7f4a'7c15ULL;
    value_ ^= value_ >> 32U;
    return *this;
  }
  Mixer& add(const Address& address) noexcept;
  Mixer& add(const Endpoint& endpoint) noexcept { return add(endpoint.address).add(endpoint.port); }
  [[nodiscard]] std::size_t value() const noexcept { return value_; }

 private:
  std::uint64_t value_ = 0;
};

/// Big-endian numbers at a place that is known to be there.
[[nodiscard]] inline std::uint32_t byte_at(std::string_view bytes, std::size_t at) noexcept {
  return static_cast<unsigned char>(bytes[at]);
}
[[nodiscard]] inline std::uint32_t u16_at(std::string_view bytes, std::size_t at) noexcept {
  return byte_at(bytes, at) << 8U | byte_at(bytes, at + 1);
}
[[nodiscard]] inline std::uint32_t u32_at(std::string_view bytes, std::size_t at) noexcept {
  return u16_at(bytes, at) << 16U | u16_at(bytes, at + 2);
}

}  // namespace sipauth::capture
