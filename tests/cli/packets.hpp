// Packets and capture files byte by byte, for the tests that read them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sipauth::test {

inline std::string u8(std::uint64_t value) {
  return std::string(1, static_cast<char>(value & 0xff));
}
inline std::string u16(std::uint64_t value) { return u8(value >> 8) + u8(value); }
inline std::string u32(std::uint64_t value) { return u16(value >> 16) + u16(value); }
inline std::string little32(std::uint64_t value) {
  return u8(value) + u8(value >> 8) + u8(value >> 16) + u8(value >> 24);
}
inline std::string little16(std::uint64_t value) { return u8(value) + u8(value >> 8); }

inline std::string udp(std::string_view payload, std::uint16_t from = 5060,
                       std::uint16_t to = 5060) {
  return u16(from) + u16(to) + u16(8 + payload.size()) + u16(0) + std::string{payload};
}

struct Tcp {
  std::uint32_t sequence = 0;
  std::uint8_t flags = 0x18;
  std::uint16_t from = 40000;
  std::uint16_t to = 5060;
};

inline std::string tcp(std::string_view payload, const Tcp& how) {
  return u16(how.from) + u16(how.to) + u32(how.sequence) + u32(0) + u8(0x50) + u8(how.flags) +
         u16(0xffff) + u32(0) + std::string{payload};
}

/// From 10.0.0.5 to 10.0.0.1. `fragment`: the field of flags and offset.
inline std::string ipv4(std::string_view payload, std::uint8_t protocol = 17,
                        std::uint16_t fragment = 0, std::uint16_t identification = 7) {
  return u16(0x4500) + u16(20 + payload.size()) + u16(identification) + u16(fragment) + u8(64) +
         u8(protocol) + u16(0) + u32(0x0a000005) + u32(0x0a000001) + std::string{payload};
}

/// From 2001:db8::5 to 2001:db8::1.
inline std::string ipv6(std::string_view payload, std::uint8_t next_header = 17) {
  const auto address = [](std::uint64_t host) {
    return u32(0x20010db8) + u32(0) + u32(0) + u32(host);
  };
  return u32(0x60000000) + u16(payload.size()) + u8(next_header) + u8(64) + address(5) +
         address(1) + std::string{payload};
}

/// The header of a fragment (RFC 8200 4.5) and its part.
inline std::string ipv6_fragment(std::string_view part, std::uint32_t offset, bool more) {
  return u8(17) + u8(0) + u16(offset | (more ? 1U : 0U)) + u32(0x1234) + std::string{part};
}

inline std::string ethernet(std::string_view packet, std::uint16_t type = 0x0800) {
  return std::string(12, '\x02') + u16(type) + std::string{packet};
}

inline std::string pcap_header(std::uint32_t link_type = 1, std::uint32_t magic = 0xa1b2c3d4) {
  return u32(magic) + u16(2) + u16(4) + u32(0) + u32(0) + u32(262144) + u32(link_type);
}

inline std::string pcap_record(std::string_view frame, std::uint32_t seconds = 1'700'000'000,
                               std::uint32_t fraction = 500'000) {
  return u32(seconds) + u32(fraction) + u32(frame.size()) + u32(frame.size()) + std::string{frame};
}

inline std::string padded(std::string bytes) {
  bytes.resize((bytes.size() + 3) / 4 * 4, '\0');
  return bytes;
}

inline std::string block(std::uint32_t type, const std::string& body) {
  const auto length = body.size() + 12;
  return u32(type) + u32(length) + body + u32(length);
}

inline std::string section() {
  return block(0x0a0d0d0a, u32(0x1a2b3c4d) + u16(1) + u16(0) + u32(~0U) + u32(~0U));
}

/// `resolution` of if_tsresol; 0: none is told.
inline std::string interface(std::uint16_t link_type, std::uint8_t resolution = 0) {
  auto body = u16(link_type) + u16(0) + u32(0);
  if (resolution > 0) body += u16(9) + u16(1) + padded(u8(resolution)) + u32(0);
  return block(1, body);
}

inline std::string enhanced(std::uint32_t interface, std::uint64_t time, std::string_view frame) {
  return block(6, u32(interface) + u32(time >> 32) + u32(time) + u32(frame.size()) +
                      u32(frame.size()) + padded(std::string{frame}));
}

inline std::string register_request(std::string_view call_id = "c1", std::string_view body = "") {
  return "REGISTER sip:example.com SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.5:5060;branch=z9hG4bK1\r\n"
         "From: <sip:alice@example.com>;tag=1\r\nTo: <sip:alice@example.com>\r\nCall-ID: " +
         std::string{call_id} +
         "\r\nCSeq: 1 REGISTER\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         std::string{body};
}

}  // namespace sipauth::test
