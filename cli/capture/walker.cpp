#include "capture/walker.hpp"

#include <algorithm>
#include <limits>

namespace sipauth::capture {
namespace {

using Kind = CaptureWalker::Step::Kind;

// A packet longer than libpcap's largest snapshot is not one; a block of keys or names may be.
constexpr std::uint32_t longest_packet = 262'144;
constexpr std::uint32_t longest_block = 16U << 20U;
constexpr std::size_t most_interfaces = 4096;

constexpr std::size_t pcap_header = 24;
constexpr std::uint32_t microsecond_magic = 0xa1b2'c3d4;
constexpr std::uint32_t nanosecond_magic = 0xa1b2'3c4d;
constexpr std::uint32_t kuznetzov_magic = 0xa1b2'cd34;  // 8 more bytes in each record header

constexpr std::uint32_t section_header = 0x0a0d'0d0a;
constexpr std::uint32_t byte_order_mark = 0x1a2b'3c4d;
constexpr std::uint32_t interface_description = 1;
constexpr std::uint32_t obsolete_packet = 2;
constexpr std::uint32_t simple_packet = 3;
constexpr std::uint32_t enhanced_packet = 6;
constexpr std::uint32_t decryption_secrets = 10;
constexpr std::size_t around_body = 12;  // type, and the length at both ends

constexpr std::uint32_t end_of_options = 0;
constexpr std::uint32_t if_tsresol = 9;
constexpr std::uint32_t if_tsoffset = 14;

constexpr std::uint32_t link_type_bits = 0xffff;  // above them stand bits about the FCS

std::uint32_t swapped(std::uint32_t value) noexcept { return __builtin_bswap32(value); }

std::size_t padded(std::size_t size) noexcept { return (size + 3) / 4 * 4; }

struct Magic {
  std::uint32_t value;
  std::uint64_t units_per_second;
  std::size_t record_header;
};
constexpr auto magics = std::to_array<Magic>({{microsecond_magic, 1'000'000, 16},
                                              {nanosecond_magic, 1'000'000'000, 16},
                                              {kuznetzov_magic, 1'000'000, 24}});

const Magic* find_magic(std::uint32_t value) noexcept {
  const auto* found = std::ranges::find(magics, value, &Magic::value);
  return found == magics.end() ? nullptr : found;
}

}  // namespace

std::uint32_t CaptureWalker::u32(std::string_view bytes, std::size_t at) const noexcept {
  return swapped_ ? swapped(u32_at(bytes, at)) : u32_at(bytes, at);
}

std::uint32_t CaptureWalker::u16(std::string_view bytes, std::size_t at) const noexcept {
  const auto value = u16_at(bytes, at);
  return swapped_ ? (value >> 8U | (value & 0xffU) << 8U) : value;
}

std::uint64_t CaptureWalker::u64(std::string_view bytes, std::size_t at) const noexcept {
  const std::uint64_t first = u32(bytes, at);
  const std::uint64_t second_half = u32(bytes, at + 4);
  return swapped_ ? second_half << 32U | first : first << 32U | second_half;
}

CaptureWalker::Step CaptureWalker::broken(std::string_view why) {
  is_damaged_ = true;
  damage_ = why;
  return {.kind = Kind::damaged};
}

CaptureWalker::Step CaptureWalker::need(std::size_t bytes) {
  return {.kind = Kind::more, .needed = bytes};
}

bool CaptureWalker::begins_capture(std::string_view bytes) noexcept {
  if (bytes.size() < 4) return false;
  const auto value = u32_at(bytes, 0);
  return value == section_header || find_magic(value) || find_magic(swapped(value));
}

CaptureWalker::Step CaptureWalker::next(std::string_view buffer) {
  if (is_damaged_) return {.kind = Kind::damaged};
  if (format_ == Format::pcap) return record(buffer);
  if (format_ == Format::pcapng) return block(buffer);
  return file_header(buffer);
}

CaptureWalker::Step CaptureWalker::file_header(std::string_view buffer) {
  if (buffer.size() < 4) return need(4);
  if (!begins_capture(buffer)) return broken("it is neither pcap nor pcapng");
  const auto value = u32_at(buffer, 0);
  if (value == section_header) {
    format_ = Format::pcapng;
    return block(buffer);
  }
  if (buffer.size() < pcap_header) return need(pcap_header);
  swapped_ = find_magic(value) == nullptr;
  const auto* magic = find_magic(swapped_ ? swapped(value) : value);
  record_header_ = magic->record_header;
  interfaces_ = {
      {.link_type = u32(buffer, 20) & link_type_bits, .units_per_second = magic->units_per_second}};
  format_ = Format::pcap;
  return without_packet(pcap_header, false);
}

CaptureWalker::Step CaptureWalker::record(std::string_view buffer) {
  if (buffer.size() < record_header_) return need(record_header_);
  const auto& interface = interfaces_.front();
  const auto captured = u32(buffer, 8);
  const auto original = u32(buffer, 12);
  if (captured > longest_packet) return broken("a packet's length cannot be");
  const auto whole = record_header_ + captured;
  if (buffer.size() < whole) return need(whole);
  const std::uint64_t fraction = u32(buffer, 4);
  const auto time = static_cast<Time>(u32(buffer, 0)) * second +
                    static_cast<Time>(fraction * (1'000'000'000 / interface.units_per_second));
  return packet_of(buffer, interface, time, captured, original, record_header_, whole);
}

CaptureWalker::Step CaptureWalker::without_packet(std::size_t consumed, bool bad) {
  if (bad) ++bad_packets_;
  return {.kind = Kind::other, .consumed = consumed};
}

// A contradictory packet of a block whose own length is right is left out alone.
CaptureWalker::Step CaptureWalker::packet_of(std::string_view body, const Interface& interface,
                                             Time time, std::uint32_t captured,
                                             std::uint32_t original, std::size_t at,
                                             std::size_t consumed) {
  ++packets_;
  if (at > body.size() || captured > body.size() - at || captured > longest_packet) {
    return without_packet(consumed, true);
  }
  last_time_ = time;
  return {.kind = Kind::packet,
          .consumed = consumed,
          .packet = {.number = packets_,
                     .time = time,
                     .link_type = interface.link_type,
                     .original_size = std::max(original, captured),
                     .bytes = body.substr(at, captured)}};
}

CaptureWalker::Step CaptureWalker::section(std::string_view buffer) {
  constexpr std::size_t to_byte_order = 12;
  if (buffer.size() < to_byte_order) return need(to_byte_order);
  const auto mark = u32_at(buffer, 8);
  if (mark != byte_order_mark && swapped(mark) != byte_order_mark) {
    return broken("a section has no byte order");
  }
  swapped_ = mark != byte_order_mark;
  return {.kind = Kind::other};
}

CaptureWalker::Step CaptureWalker::block(std::string_view buffer) {
  constexpr std::size_t head = 8;
  if (buffer.size() < head) return need(head);
  const bool begins_section = u32_at(buffer, 0) == section_header;
  if (begins_section) {
    if (const auto step = section(buffer); step.kind != Kind::other) return step;
  }
  const auto type = u32(buffer, 0);
  const std::size_t length = u32(buffer, 4);
  if (length < around_body || length > longest_block || length % 4 != 0) {
    return broken("a block's length cannot be");
  }
  if (buffer.size() < length) return need(length);
  if (u32(buffer, length - 4) != length) return broken("a block has two different lengths");
  const auto body = buffer.substr(head, length - around_body);
  if (begins_section) {
    interfaces_.clear();
    return without_packet(length, false);
  }
  switch (type) {
    case interface_description:
      if (body.size() < 8) return broken("an interface is not described");
      if (interfaces_.size() == most_interfaces) return broken("there are too many interfaces");
      add_interface(body);
      return without_packet(length, false);
    case enhanced_packet:
    case obsolete_packet:
      return enhanced(body, length, type == obsolete_packet);
    case simple_packet:
      return simple(body, length);
    case decryption_secrets:
      has_tls_keys_ = true;
      return without_packet(length, false);
    default:
      return without_packet(length, false);
  }
}

CaptureWalker::Step CaptureWalker::enhanced(std::string_view body, std::size_t consumed,
                                            bool obsolete) {
  constexpr std::size_t fields = 20;
  if (body.size() < fields) return without_packet(consumed, true);
  const std::size_t index = obsolete ? u16(body, 0) : u32(body, 0);
  if (index >= interfaces_.size()) {
    ++packets_;
    return without_packet(consumed, true);
  }
  const auto& interface = interfaces_[index];
  const auto units = std::uint64_t{u32(body, 4)} << 32U | u32(body, 8);
  return packet_of(body, interface, time_of(units, interface), u32(body, 12), u32(body, 16), fields,
                   consumed);
}

// It has no time of its own: the one before it is the nearest there is.
CaptureWalker::Step CaptureWalker::simple(std::string_view body, std::size_t consumed) {
  if (body.size() < 4) return without_packet(consumed, true);
  if (interfaces_.empty()) {
    ++packets_;
    return without_packet(consumed, true);
  }
  const auto& interface = interfaces_.front();
  const auto original = u32(body, 0);
  auto captured = std::min<std::size_t>(original, body.size() - 4);
  if (interface.snap_length > 0) captured = std::min<std::size_t>(captured, interface.snap_length);
  return packet_of(body, interface, last_time_, static_cast<std::uint32_t>(captured), original, 4,
                   consumed);
}

void CaptureWalker::add_interface(std::string_view body) {
  Interface interface{.link_type = u16(body, 0), .snap_length = u32(body, 4)};
  auto options = body.substr(8);
  while (options.size() >= 4) {
    const auto code = u16(options, 0);
    const std::size_t length = u16(options, 2);
    if (code == end_of_options || 4 + length > options.size()) break;
    const auto value = options.substr(4, length);
    if (code == if_tsresol && length == 1) {
      const auto exponent = byte_at(value, 0) & 0x7fU;
      const bool binary = (byte_at(value, 0) & 0x80U) != 0;
      // Beyond these a second has more units than 64 bits count: such a clock is not believed.
      if (binary && exponent < 63) interface.units_per_second = std::uint64_t{1} << exponent;
      if (!binary && exponent < 19) {
        interface.units_per_second = 1;
        for (unsigned i = 0; i < exponent; ++i) interface.units_per_second *= 10;
      }
    } else if (code == if_tsoffset && length == 8) {
      interface.offset_seconds = static_cast<std::int64_t>(u64(value, 0));
    }
    options.remove_prefix(std::min(4 + padded(length), options.size()));
  }
  interfaces_.push_back(interface);
}

Time CaptureWalker::time_of(std::uint64_t units, const Interface& interface) noexcept {
  const auto per_second = interface.units_per_second;
  // 292 years, on either side of 1970; a hostile clock is held there.
  constexpr std::int64_t most_seconds = std::numeric_limits<Time>::max() / second - 1;
  const auto whole = static_cast<std::int64_t>(
      std::min<std::uint64_t>(units / per_second, static_cast<std::uint64_t>(most_seconds)));
  const auto offset = std::clamp(interface.offset_seconds, -most_seconds, most_seconds);
  const auto seconds = std::clamp(whole + offset, -most_seconds, most_seconds);
  const auto rest = static_cast<double>(units % per_second) / static_cast<double>(per_second);
  const auto nanoseconds =
      per_second <= 1'000'000'000 && 1'000'000'000 % per_second == 0
          ? static_cast<Time>(units % per_second * (1'000'000'000 / per_second))
          : static_cast<Time>(rest * 1e9);
  return seconds * second + nanoseconds;
}

}  // namespace sipauth::capture
