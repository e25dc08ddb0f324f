#include "capture/tcp_streams.hpp"

#include <utility>

namespace sipauth::capture {
namespace {

constexpr std::size_t most_directions = 65'536;
constexpr std::size_t most_bytes = 64U << 20U;
constexpr std::size_t most_waiting_bytes = 256U << 10U;
constexpr std::size_t most_waiting_segments = 256;
constexpr Time longest_wait = 10 * second;
constexpr Time longest_silence = 3600 * second;
// Further from what is expected a segment belongs to another connection of the same ports.
constexpr std::int32_t farthest = 1 << 24;

constexpr std::uint32_t fin = 1;
constexpr std::uint32_t syn = 2;
constexpr std::uint32_t rst = 4;

std::int32_t distance(std::uint32_t from, std::uint32_t to) {
  return static_cast<std::int32_t>(to - from);
}

}  // namespace

void TcpStreams::add(const IpPacket& packet, Time time) {
  constexpr std::size_t shortest = 20;
  const auto segment = packet.payload;
  if (segment.size() < shortest) return;
  const std::size_t header = std::size_t{byte_at(segment, 12) >> 4U} * 4;
  if (header < shortest || header > segment.size()) return;
  const Key key{{packet.source, static_cast<std::uint16_t>(u16_at(segment, 0))},
                {packet.destination, static_cast<std::uint16_t>(u16_at(segment, 2))}};
  const auto flags = byte_at(segment, 13);
  const bool is_start = (flags & syn) != 0;
  auto sequence = u32_at(segment, 4);
  auto bytes = segment.substr(header);
  give_up_old(time);
  if (is_start) ++sequence;
  if (!is_start && bytes.empty() && (flags & (fin | rst)) == 0) return;
  if ((flags & rst) != 0) return close(key);
  auto& direction = direction_of(key, sequence, is_start, time);
  const auto ahead = distance(direction.next, sequence);
  if (ahead > farthest || ahead < -farthest) {
    while (!direction.waiting.empty()) skip_gap(direction);
    ++counts_.gaps;
    bytes_ -= direction.stream.buffered();
    direction.stream.gap();
    direction.next = sequence;
  }
  const auto offset = distance(direction.next, sequence);
  if (offset > 0) {
    keep(direction, sequence, bytes, packet.missing, time);
  } else if (static_cast<std::size_t>(-std::int64_t{offset}) < bytes.size() + packet.missing) {
    const auto known = static_cast<std::size_t>(-std::int64_t{offset});
    const auto missing = packet.missing - (known > bytes.size() ? known - bytes.size() : 0);
    bytes.remove_prefix(std::min(known, bytes.size()));
    deliver(direction, bytes, missing);
    drain(direction);
  }
  const bool is_end = (flags & fin) != 0 && direction.waiting.empty();
  if (is_end) close(key);
}

TcpStreams::Direction& TcpStreams::direction_of(const Key& key, std::uint32_t sequence,
                                                bool is_start, Time time) {
  const auto found = directions_.find(key);
  if (found != directions_.end()) {
    by_age_.splice(by_age_.end(), by_age_, found->second);
    auto& direction = *found->second;
    direction.last = time;
    if (!is_start || direction.next == sequence) return direction;
    close(key);  // its ports are used again
  }
  by_age_.push_back({.key = key, .next = sequence, .last = time, .stream = SipStream{is_start}});
  directions_[key] = std::prev(by_age_.end());
  return by_age_.back();
}

void TcpStreams::deliver(Direction& direction, std::string_view bytes, std::size_t missing) {
  auto& stream = direction.stream;
  const auto before = stream.buffered();
  const bool was_tls = stream.mode() == SipStream::Mode::tls;
  stream.feed(bytes, [&](std::string_view text, bool in_websocket) {
    emit_(text, {direction.key.source, direction.key.destination, in_websocket});
  });
  if (!was_tls && stream.mode() == SipStream::Mode::tls) ++counts_.tls;
  if (missing > 0) {
    ++counts_.gaps;
    stream.gap();
  }
  direction.next += static_cast<std::uint32_t>(bytes.size() + missing);
  bytes_ = bytes_ - before + stream.buffered();
}

void TcpStreams::keep(Direction& direction, std::uint32_t sequence, std::string_view bytes,
                      std::size_t missing, Time time) {
  const auto mode = direction.stream.mode();
  if (bytes.empty() || mode == SipStream::Mode::tls) return;
  if (direction.waiting.empty()) {
    direction.base = direction.next;
    direction.waiting_since = time;
  }
  auto& waiting = direction.waiting[sequence - direction.base];
  if (bytes.size() > waiting.bytes.size()) {
    const auto more = bytes.size() - waiting.bytes.size();
    direction.waiting_bytes += more;
    bytes_ += more;
    waiting = {std::string{bytes}, missing};
  }
  while (direction.waiting_bytes > most_waiting_bytes ||
         direction.waiting.size() > most_waiting_segments ||
         (!direction.waiting.empty() && time - direction.waiting_since > longest_wait)) {
    skip_gap(direction);
  }
}

// Segments that are due now.
void TcpStreams::drain(Direction& direction) {
  while (!direction.waiting.empty()) {
    const auto first = direction.waiting.begin();
    const auto ahead = distance(direction.next, direction.base + first->first);
    if (ahead > 0) return;
    const auto [bytes, missing] = std::move(first->second);
    direction.waiting.erase(first);
    direction.waiting_bytes -= bytes.size();
    bytes_ -= bytes.size();
    const auto known = static_cast<std::size_t>(-std::int64_t{ahead});
    if (known < bytes.size()) deliver(direction, std::string_view{bytes}.substr(known), missing);
  }
}

void TcpStreams::skip_gap(Direction& direction) {
  if (direction.waiting.empty()) return;
  ++counts_.gaps;
  bytes_ -= direction.stream.buffered();
  direction.stream.gap();
  direction.next = direction.base + direction.waiting.begin()->first;
  drain(direction);
}

void TcpStreams::close(const Key& key) {
  const auto found = directions_.find(key);
  if (found == directions_.end()) return;
  auto& direction = *found->second;
  while (!direction.waiting.empty()) skip_gap(direction);
  count(direction.stream);
  bytes_ -= direction.stream.buffered();
  by_age_.erase(found->second);
  directions_.erase(found);
}

void TcpStreams::count(const SipStream& stream) {
  counts_.compressed += stream.compressed();
  counts_.unreadable += stream.unreadable();
}

void TcpStreams::give_up_old(Time now) {
  while (!by_age_.empty()) {
    const auto& oldest = by_age_.front();
    const bool must_go = directions_.size() >= most_directions || bytes_ > most_bytes ||
                         now - oldest.last > longest_silence;
    if (!must_go) return;
    if (oldest.waiting_bytes + oldest.stream.buffered() > 0) ++counts_.evicted;
    close(Key{oldest.key});
  }
}

void TcpStreams::finish() {
  while (!by_age_.empty()) close(Key{by_age_.front().key});
}

}  // namespace sipauth::capture
