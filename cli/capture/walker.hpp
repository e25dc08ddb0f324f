// The packets of a capture file: pcap in all its spellings, and pcapng with any number of sections
// and interfaces, each with a link type and a clock of its own (draft-ietf-opsawg-pcap and
// -pcapng).
//
// The caller owns the buffer, as with StreamFramer: it appends what it reads, asks `next`, and
// removes what the step consumed. Nothing is ever read beyond the buffer; lengths that cannot be
// are damage, which ends the walk. Allocates one row per interface of a section.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "capture/packet.hpp"

namespace sipauth::capture {

class CaptureWalker {
 public:
  struct Step {
    enum class Kind : std::uint8_t {
      more,     ///< the buffer must hold at least `needed` bytes; nothing was consumed
      packet,   ///< `packet` is a view into the buffer
      other,    ///< a header or a block without a packet
      damaged,  ///< nothing beyond this can be read: damage() says why
    };
    Kind kind = Kind::more;
    std::size_t consumed = 0;
    std::size_t needed = 0;
    Packet packet = {};
  };

  [[nodiscard]] Step next(std::string_view buffer);

  /// A sentence about the damage; empty as long as there is none.
  [[nodiscard]] std::string_view damage() const noexcept { return damage_; }
  /// The file's first bytes say that it is a capture.
  [[nodiscard]] bool is_capture() const noexcept { return format_ != Format::unknown; }
  /// Blocks of packets that contradict themselves, and were left out.
  [[nodiscard]] std::uint64_t bad_packets() const noexcept { return bad_packets_; }
  /// The file holds the keys of TLS sessions (a decryption secrets block).
  [[nodiscard]] bool has_tls_keys() const noexcept { return has_tls_keys_; }

  /// Do these first bytes begin a capture? Four suffice.
  [[nodiscard]] static bool begins_capture(std::string_view bytes) noexcept;

 private:
  enum class Format : std::uint8_t { unknown, pcap, pcapng };

  struct Interface {
    std::uint32_t link_type = 0;
    std::uint32_t snap_length = 0;
    std::uint64_t units_per_second = 1'000'000;
    std::int64_t offset_seconds = 0;
  };

  [[nodiscard]] std::uint32_t u16(std::string_view bytes, std::size_t at) const noexcept;
  [[nodiscard]] std::uint32_t u32(std::string_view bytes, std::size_t at) const noexcept;
  [[nodiscard]] std::uint64_t u64(std::string_view bytes, std::size_t at) const noexcept;
  [[nodiscard]] Step broken(std::string_view why);
  [[nodiscard]] static Step need(std::size_t bytes);

  [[nodiscard]] Step file_header(std::string_view buffer);
  [[nodiscard]] Step record(std::string_view buffer);
  [[nodiscard]] Step block(std::string_view buffer);
  [[nodiscard]] Step section(std::string_view buffer);
  [[nodiscard]] Step packet_of(std::string_view body, const Interface& interface, Time time,
                               std::uint32_t captured, std::uint32_t original, std::size_t at,
                               std::size_t consumed);
  [[nodiscard]] Step without_packet(std::size_t consumed, bool bad);
  [[nodiscard]] Step enhanced(std::string_view body, std::size_t consumed, bool obsolete);
  [[nodiscard]] Step simple(std::string_view body, std::size_t consumed);
  void add_interface(std::string_view body);
  [[nodiscard]] static Time time_of(std::uint64_t units, const Interface& interface) noexcept;

  Format format_ = Format::unknown;
  bool swapped_ = false;  // little-endian
  std::size_t record_header_ = 16;
  std::vector<Interface> interfaces_;
  std::uint64_t packets_ = 0;
  std::uint64_t bad_packets_ = 0;
  Time last_time_ = 0;
  bool has_tls_keys_ = false;
  bool is_damaged_ = false;
  std::string_view damage_;
};

}  // namespace sipauth::capture
