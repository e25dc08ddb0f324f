// SIP messages out of captured packets: link layer, IP, fragments, UDP, TCP, WebSocket, HEP.
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string_view>
#include <vector>

#include "capture/fragments.hpp"
#include "capture/packet.hpp"
#include "capture/tcp_streams.hpp"

namespace sipauth::capture {

enum class Carrier : std::uint8_t { udp, tcp, websocket };

[[nodiscard]] std::string_view carrier_name(Carrier carrier) noexcept;

struct CapturedMessage {
  std::uint64_t packet = 0;  ///< number of the packet that completed it
  Time time = 0;
  Endpoint source = {};
  Endpoint destination = {};
  Carrier carrier = Carrier::udp;
  std::string_view text = {};  ///< lives through the call
};

struct CaptureCounts {
  std::uint64_t packets = 0;
  std::uint64_t messages = 0;
  std::uint64_t duplicates = 0;  ///< datagrams captured twice, and read once
  std::uint64_t cut = 0;         ///< datagrams with SIP that the snapshot length cut
  std::uint64_t bad = 0;         ///< packets whose headers contradict themselves
  std::uint64_t unknown_link = 0;
  std::set<std::uint32_t> unknown_link_types = {};  ///< at most eight
  std::uint64_t incomplete_fragments = 0;
  std::uint64_t joined = 0;          ///< packets put together from fragments
  std::uint64_t hep = 0;             ///< messages that came in HEP
  std::uint64_t hep_compressed = 0;  ///< datagrams of HEP that were not read
  std::uint64_t hep_broken = 0;      ///< the same
  StreamCounts streams = {};
};

class Decoder {
 public:
  using Emit = std::function<void(const CapturedMessage&)>;

  explicit Decoder(Emit emit);

  void add(const Packet& packet);
  /// After the last packet.
  void finish();

  [[nodiscard]] CaptureCounts counts() const;

 private:
  void transport(const IpPacket& packet, const Packet& frame);
  void datagram(const IpPacket& packet, const Packet& frame);
  void hep(std::string_view payload, const Packet& frame);
  void emit_once(const CapturedMessage& message);
  [[nodiscard]] bool is_duplicate(const CapturedMessage& message);

  struct Recent {
    std::size_t hash = 0;
    Time time = 0;
  };

  Emit emit_;
  Fragments fragments_;
  TcpStreams streams_;
  CaptureCounts counts_;
  std::uint64_t packet_ = 0;  // the one being read
  Time time_ = 0;
  std::vector<Recent> recent_;
};

}  // namespace sipauth::capture
