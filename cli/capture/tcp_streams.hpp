// The bytes of TCP connections in their order (RFC 9293): segments that come late, twice or
// overlapping, and those that never come, after which reading goes on at what was captured.
//
// Directions are kept by the time of their last segment; when there are too many, or too many bytes
// wait for a segment, the ones longest silent are given up. libtins follows streams too, but bounds
// neither their number nor what all of them hold.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>

#include "capture/ip.hpp"
#include "capture/packet.hpp"
#include "capture/sip_stream.hpp"

namespace sipauth::capture {

struct StreamCounts {
  std::uint64_t gaps = 0;        ///< segments that are not in the capture
  std::uint64_t evicted = 0;     ///< directions given up with bytes in hand
  std::uint64_t tls = 0;         ///< connections that are encrypted
  std::uint64_t compressed = 0;  ///< WebSocket messages
  std::uint64_t unreadable = 0;  ///< messages whose end was not found
};

class TcpStreams {
 public:
  struct Place {
    Endpoint source = {};
    Endpoint destination = {};
    bool in_websocket = false;
  };
  using Emit = std::function<void(std::string_view text, const Place& place)>;

  explicit TcpStreams(Emit emit) : emit_{std::move(emit)} {}

  /// A whole TCP segment, header included, as the payload of an IP packet.
  void add(const IpPacket& packet, Time time);

  /// What waits for a segment is read past the gap.
  void finish();

  [[nodiscard]] const StreamCounts& counts() const noexcept { return counts_; }

 private:
  struct Key {
    Endpoint source;
    Endpoint destination;
    friend bool operator==(const Key&, const Key&) = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const noexcept {
      return Mixer{}.add(key.source).add(key.destination).value();
    }
  };
  struct Direction;
  using Directions = std::list<Direction>;
  struct Waiting {
    std::string bytes = {};
    std::size_t missing = 0;  ///< that were not captured, behind them
  };
  struct Direction {
    Key key;
    std::uint32_t next = 0;                         ///< sequence number
    std::map<std::uint32_t, Waiting> waiting = {};  ///< by distance from `base`
    std::uint32_t base = 0;
    std::size_t waiting_bytes = 0;
    Time waiting_since = 0;
    Time last = 0;
    SipStream stream;
  };

  Direction& direction_of(const Key& key, std::uint32_t sequence, bool is_start, Time time);
  void deliver(Direction& direction, std::string_view bytes, std::size_t missing);
  void keep(Direction& direction, std::uint32_t sequence, std::string_view bytes,
            std::size_t missing, Time time);
  void drain(Direction& direction);
  void skip_gap(Direction& direction);
  void close(const Key& key);
  void count(const SipStream& stream);
  void give_up_old(Time now);

  Emit emit_;
  Directions by_age_;  // the longest silent first
  std::unordered_map<Key, Directions::iterator, KeyHash> directions_;
  std::size_t bytes_ = 0;
  StreamCounts counts_;
};

}  // namespace sipauth::capture
