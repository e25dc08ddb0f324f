// The bounds on everything a peer can send, each with its reason. Nothing longer is read, and what
// is refused is refused with the offset of the first byte too many, never cut silently.
#pragma once

#include <cstddef>
#include <cstdint>

namespace sipauth::limits {

/// A UDP datagram holds no more, and offsets stay far from the end of 32 bits.
inline constexpr std::size_t message_bytes = 65'536;

/// Real messages have 10 to 30 rows; a proxy chain with Via, Record-Route and Path for each hop
/// stays below 150. The index of a Message is an array of this length.
inline constexpr std::size_t headers = 256;

/// RFC 7616 and 3310 define twelve; the rest is room for private ones (sofia-sip sends `uri`).
inline constexpr std::size_t auth_parameters = 24;

/// Challenges of one message, all rows together: two realms with three algorithms each, twice over.
inline constexpr std::size_t challenges = 12;

/// CSeq is below 2^31 (RFC 3261 8.1.1.5).
inline constexpr std::uint32_t cseq = 0x7fff'ffff;

}  // namespace sipauth::limits
