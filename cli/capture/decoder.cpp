#include "capture/decoder.hpp"

#include <array>
#include <utility>

#include "capture/hep.hpp"
#include "capture/link_layer.hpp"

namespace sipauth::capture {
namespace {

constexpr std::size_t most_unknown_types = 8;
constexpr std::size_t most_recent = 4096;
// An interface and the bridge it belongs to show the same datagram within microseconds; no
// transaction sends one again sooner than this.
constexpr Time same_moment = second / 50;

std::string_view without_keep_alives(std::string_view payload) {
  while (!payload.empty() && (payload.front() == '\r' || payload.front() == '\n')) {
    payload.remove_prefix(1);
  }
  return payload;
}

}  // namespace

std::string_view carrier_name(Carrier carrier) noexcept {
  constexpr std::array<std::string_view, 3> names{"udp", "tcp", "ws"};
  return names[static_cast<std::size_t>(carrier)];
}

Decoder::Decoder(Emit emit)
    : emit_{std::move(emit)},
      streams_{[this](std::string_view text, const TcpStreams::Place& place) {
        ++counts_.messages;
        emit_({.packet = packet_,
               .time = time_,
               .source = place.source,
               .destination = place.destination,
               .carrier = place.in_websocket ? Carrier::websocket : Carrier::tcp,
               .text = text});
      }},
      recent_(most_recent) {}

void Decoder::add(const Packet& packet) {
  ++counts_.packets;
  packet_ = packet.number;
  time_ = packet.time;
  const auto bytes = ip_packet_of(packet.bytes, packet.link_type);
  if (!bytes) {
    if (bytes.error() == NoIp::too_short) ++counts_.bad;
    if (bytes.error() != NoIp::unknown_link_type) return;
    ++counts_.unknown_link;
    if (counts_.unknown_link_types.size() < most_unknown_types) {
      counts_.unknown_link_types.insert(packet.link_type);
    }
    return;
  }
  auto ip = read_ip(*bytes);
  if (!ip) {
    ++counts_.bad;
    return;
  }
  if (!ip->is_fragment) return transport(*ip, packet);
  const auto whole = fragments_.add(*ip, packet.time);
  if (!whole) return;
  ++counts_.joined;
  ip->is_fragment = false;
  ip->payload = *whole;
  ip->missing = 0;
  transport(*ip, packet);
}

void Decoder::transport(const IpPacket& packet, const Packet& frame) {
  if (packet.protocol == protocol_udp) return datagram(packet, frame);
  if (packet.protocol == protocol_tcp) streams_.add(packet, frame.time);
}

void Decoder::datagram(const IpPacket& packet, const Packet& frame) {
  constexpr std::size_t header = 8;
  const auto bytes = packet.payload;
  if (bytes.size() < header) return;
  const std::size_t length = u16_at(bytes, 4);
  auto payload = bytes.substr(header);
  if (length >= header) payload = payload.substr(0, length - header);
  if (begins_hep(payload)) return hep(payload, frame);
  payload = without_keep_alives(payload);
  if (!begins_message(payload)) return;
  if (packet.missing > 0) ++counts_.cut;
  const CapturedMessage message{
      .packet = frame.number,
      .time = frame.time,
      .source = {packet.source, static_cast<std::uint16_t>(u16_at(bytes, 0))},
      .destination = {packet.destination, static_cast<std::uint16_t>(u16_at(bytes, 2))},
      .carrier = Carrier::udp,
      .text = payload};
  emit_once(message);
}

void Decoder::hep(std::string_view payload, const Packet& frame) {
  const auto read = read_hep(payload, frame.time);
  if (!read) {
    if (read.error() == NoHep::compressed) ++counts_.hep_compressed;
    if (read.error() == NoHep::broken) ++counts_.hep_broken;
    return;
  }
  const auto text = without_keep_alives(read->text);
  if (!begins_message(text)) return;
  ++counts_.hep;
  emit_once({.packet = frame.number,
             .time = read->time,
             .source = read->source,
             .destination = read->destination,
             .carrier = read->protocol == protocol_tcp ? Carrier::tcp : Carrier::udp,
             .text = text});
}

void Decoder::emit_once(const CapturedMessage& message) {
  if (is_duplicate(message)) {
    ++counts_.duplicates;
    return;
  }
  ++counts_.messages;
  emit_(message);
}

bool Decoder::is_duplicate(const CapturedMessage& message) {
  const auto hash = Mixer{}
                        .add(message.source)
                        .add(message.destination)
                        .add(std::hash<std::string_view>{}(message.text))
                        .value();
  auto& recent = recent_[hash % most_recent];
  const auto apart = message.time - recent.time;
  const bool is_same = recent.hash == hash && apart >= -same_moment && apart <= same_moment;
  recent = {hash, message.time};
  return is_same;
}

void Decoder::finish() { streams_.finish(); }

CaptureCounts Decoder::counts() const {
  auto counts = counts_;
  counts.incomplete_fragments = fragments_.incomplete();
  counts.streams = streams_.counts();
  return counts;
}

}  // namespace sipauth::capture
