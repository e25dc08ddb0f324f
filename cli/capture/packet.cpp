#include "capture/packet.hpp"

#include <arpa/inet.h>

#include <cstring>

namespace sipauth::capture {

std::string Address::text() const {
  std::array<char, INET6_ADDRSTRLEN> buffer{};
  ::inet_ntop(is_ipv6 ? AF_INET6 : AF_INET, bytes.data(), buffer.data(), buffer.size());
  return buffer.data();
}

std::string Endpoint::text() const {
  const auto host = address.is_ipv6 ? '[' + address.text() + ']' : address.text();
  return host + ':' + std::to_string(port);
}

Mixer& Mixer::add(const Address& address) noexcept {
  std::uint64_t half = 0;
  std::memcpy(&half, address.bytes.data(), sizeof half);
  add(half);
  if (!address.is_ipv6) return *this;
  std::memcpy(&half, address.bytes.data() + sizeof half, sizeof half);
  return add(half);
}

}  // namespace sipauth::capture
