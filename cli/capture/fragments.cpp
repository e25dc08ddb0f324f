#include "capture/fragments.hpp"

#include <algorithm>

namespace sipauth::capture {
namespace {

constexpr std::size_t longest_packet = 65'535;
constexpr std::size_t most_parts = 256;  // 64 KiB over a link of 256 bytes
constexpr std::size_t most_waiting = 4096;
constexpr std::size_t most_bytes = 8U << 20U;
constexpr Time longest_wait = 30 * second;

}  // namespace

std::optional<std::string> Fragments::add(const IpPacket& packet, Time time) {
  give_up_old(time);
  const Key key{packet.source, packet.destination, packet.identification, packet.protocol};
  // One that was cut, or would reach beyond the longest packet, can never become whole.
  if (packet.missing > 0 || packet.payload.size() > longest_packet - packet.fragment_offset) {
    forget(key);
    ++given_up_;
    return std::nullopt;
  }
  auto& waiting = waiting_[key];
  if (waiting.parts.empty()) {
    waiting.serial = ++serial_;
    ages_.push_back({key, waiting.serial, time});
  }
  if (waiting.parts.size() == most_parts) return std::nullopt;
  if (!packet.more_fragments) waiting.size = packet.fragment_offset + packet.payload.size();
  const auto place =
      std::ranges::upper_bound(waiting.parts, packet.fragment_offset, {}, &Part::offset);
  waiting.parts.insert(place, {packet.fragment_offset, std::string{packet.payload}});
  bytes_ += packet.payload.size();
  waiting.bytes += packet.payload.size();
  auto whole = joined(waiting);
  if (whole) forget(key);
  return whole;
}

void Fragments::forget(const Key& key) {
  const auto found = waiting_.find(key);
  if (found == waiting_.end()) return;
  bytes_ -= found->second.bytes;
  waiting_.erase(found);
}

void Fragments::give_up_old(Time now) {
  while (!ages_.empty()) {
    const auto& oldest = ages_.front();
    const auto found = waiting_.find(oldest.key);
    const bool is_whole = found == waiting_.end() || found->second.serial != oldest.serial;
    const bool is_old =
        now - oldest.time > longest_wait || waiting_.size() >= most_waiting || bytes_ > most_bytes;
    if (!is_whole && !is_old) return;
    if (!is_whole) {
      forget(oldest.key);
      ++given_up_;
    }
    ages_.pop_front();
  }
}

// Where fragments overlap the first that came counts.
std::optional<std::string> Fragments::joined(Waiting& waiting) {
  if (!waiting.size || waiting.bytes < *waiting.size) return std::nullopt;
  std::string whole;
  whole.reserve(*waiting.size);
  for (const auto& part : waiting.parts) {
    if (part.offset > whole.size()) return std::nullopt;
    const auto known = whole.size() - part.offset;
    if (known < part.bytes.size()) whole.append(part.bytes, known);
  }
  if (whole.size() < *waiting.size) return std::nullopt;
  whole.resize(*waiting.size);
  return whole;
}

}  // namespace sipauth::capture
