// How long a message over UDP may be before it comes to harm on its way.
#pragma once

#include <cstddef>

namespace sipauth {

/// In bytes. Room for IP, UDP and what proxies add, within an Ethernet frame: above this a request
/// belongs on TCP (RFC 3261 18.1.1), and a challenge comes in fragments, which many firewalls drop.
inline constexpr std::size_t comfortable_datagram = 1300;

}  // namespace sipauth
