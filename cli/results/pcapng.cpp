#include "results/pcapng.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "results/escape.hpp"
#include "sipauth/text.hpp"

namespace sipauth::results {
namespace {

// draft-ietf-opsawg-pcapng, section 4. All numbers are big-endian, as the byte order mark says.
constexpr std::uint32_t section_header = 0x0a0d'0d0a;
constexpr std::uint32_t interface_description = 1;
constexpr std::uint32_t enhanced_packet = 6;
constexpr std::uint32_t byte_order_mark = 0x1a2b'3c4d;
constexpr std::uint16_t raw_ip = 101;  // LINKTYPE_RAW
constexpr std::uint16_t opt_comment = 1;
constexpr std::uint16_t shb_userappl = 4;
constexpr std::uint16_t if_name = 2;
constexpr std::uint16_t if_tsresol = 9;
constexpr std::uint16_t epb_flags = 2;
constexpr char nanoseconds = 9;

constexpr std::uint8_t tcp = 6;
constexpr std::uint8_t udp = 17;
constexpr std::size_t udp_header = 8;
constexpr std::size_t tcp_header = 20;
// An IPv4 packet has 65535 bytes with its header of 20; the same bound serves for IPv6.
constexpr std::size_t most_payload = 65'535 - 20;

// Readers take what passes at the ports of HTTP for HTTP.
constexpr std::uint16_t sip_port = 5060;

class Bytes {
 public:
  Bytes& u8(std::uint64_t value) { return number<1>(value); }
  Bytes& u16(std::uint64_t value) { return number<2>(value); }
  Bytes& u32(std::uint64_t value) { return number<4>(value); }
  Bytes& u64(std::uint64_t value) { return number<8>(value); }
  Bytes& add(std::string_view bytes) {
    text_ += bytes;
    return *this;
  }
  Bytes& pad() {
    text_.resize((text_.size() + 3) / 4 * 4, '\0');
    return *this;
  }
  Bytes& option(std::uint16_t code, std::string_view value) {
    constexpr std::size_t longest = 0xffff;
    value = value.substr(0, longest);
    return u16(code).u16(value.size()).add(value).pad();
  }
  Bytes& end_of_options() { return u32(0); }

  void set_u16(std::size_t at, std::uint16_t value) {
    text_[at] = static_cast<char>(value >> 8);
    text_[at + 1] = static_cast<char>(value & 0xff);
  }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  template <std::size_t size>
  Bytes& number(std::uint64_t value) {
    for (std::size_t i = size; i-- > 0;) text_ += static_cast<char>(value >> (8 * i) & 0xff);
    return *this;
  }

  std::string text_;
};

std::string block(std::uint32_t type, const Bytes& body) {
  constexpr std::size_t around = 12;
  const auto length = body.text().size() + around;
  return Bytes{}.u32(type).u32(length).add(body.text()).u32(length).text();
}

// RFC 1071. What was cut off counts as zero.
std::uint16_t checksum(std::initializer_list<std::string_view> parts) {
  std::uint64_t sum = 0;
  for (const auto part : parts) {  // of even length, but for the last
    for (std::size_t i = 0; i < part.size(); ++i) {
      const auto byte = static_cast<unsigned char>(part[i]);
      sum += i % 2 == 0 ? std::uint64_t{byte} << 8 : byte;
    }
  }
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<std::uint16_t>(~sum & 0xffff);
}

struct Endpoint {
  std::string address = {};  ///< 4 or 16 bytes
  std::uint16_t port = 0;
};

// `127.0.0.1:5060`, `[::1]:5060`; the zone of a link-local address is left out.
Endpoint endpoint_of(std::string_view text) {
  const auto colon = std::min(text.rfind(':'), text.size());
  const auto port = number(text.substr(std::min(colon + 1, text.size())), 65'535);
  auto host = text.substr(0, colon);
  Endpoint end{.port = static_cast<std::uint16_t>(port.value_or(0))};
  const bool six = host.starts_with('[') && host.ends_with(']');
  if (six) host = host.substr(1, host.size() - 2);
  const std::string name{host.substr(0, host.find('%'))};
  std::array<char, 16> bytes{};
  if (::inet_pton(six ? AF_INET6 : AF_INET, name.c_str(), bytes.data()) != 1) bytes.fill(0);
  end.address.assign(bytes.data(), six ? 16 : 4);
  return end;
}

struct Segment {
  const Endpoint& from;
  const Endpoint& to;
  std::uint8_t protocol = udp;
  std::string_view payload;
  std::size_t true_length = 0;  ///< of the payload, where it was cut
  std::uint32_t sequence = 0;   ///< the next two are TCP's
  std::uint32_t acknowledged = 0;
};

// What a checksum of UDP and TCP covers besides themselves (RFC 768, RFC 9293 3.1, RFC 8200 8.1).
std::string pseudo_header(const Segment& segment, std::size_t length) {
  Bytes bytes;
  bytes.add(segment.from.address).add(segment.to.address);
  if (segment.from.address.size() == 4) return bytes.u8(0).u8(segment.protocol).u16(length).text();
  return bytes.u32(length).u32(segment.protocol).text();
}

std::string transport_layer(const Segment& segment) {
  Bytes header;
  header.u16(segment.from.port).u16(segment.to.port);
  std::size_t checksum_at = 0;
  if (segment.protocol == udp) {
    checksum_at = 6;
    header.u16(udp_header + segment.payload.size()).u16(0);
  } else {
    constexpr std::uint16_t five_words_psh_ack = 0x5018;
    constexpr std::uint16_t window = 0xffff;
    checksum_at = 16;
    header.u32(segment.sequence).u32(segment.acknowledged).u16(five_words_psh_ack).u16(window);
    header.u16(0).u16(0);
  }
  const auto length = header.text().size() + segment.payload.size();
  auto sum = checksum({pseudo_header(segment, length), header.text(), segment.payload});
  if (sum == 0 && segment.protocol == udp) sum = 0xffff;
  header.set_u16(checksum_at, sum);
  return header.add(segment.payload).text();
}

std::string ip_packet(const Segment& segment) {
  const auto content = transport_layer(segment);
  constexpr std::uint8_t hops = 64;
  Bytes packet;
  if (segment.from.address.size() == 4) {
    constexpr std::size_t header_bytes = 20;
    constexpr std::size_t checksum_at = 10;
    packet.u16(0x4500).u16(header_bytes + content.size()).u16(0).u16(0x4000);
    packet.u8(hops).u8(segment.protocol).u16(0).add(segment.from.address).add(segment.to.address);
    packet.set_u16(checksum_at, checksum({packet.text()}));
  } else {
    packet.u32(0x6000'0000).u16(content.size()).u8(segment.protocol).u8(hops);
    packet.add(segment.from.address).add(segment.to.address);
  }
  return packet.add(content).text();
}

std::string packet_block(const sip::RecordedMessage& message, const Segment& segment,
                         std::span<const std::string> comments) {
  using std::chrono::duration_cast;
  const auto since_epoch = message.wall.time_since_epoch();
  const auto time =
      static_cast<std::uint64_t>(duration_cast<std::chrono::nanoseconds>(since_epoch).count());
  const auto packet = ip_packet(segment);
  const auto missing = segment.true_length - segment.payload.size();
  Bytes body;
  body.u32(0).u64(time).u32(packet.size()).u32(packet.size() + missing).add(packet).pad();
  for (const auto& comment : comments) body.option(opt_comment, comment);
  const bool in = message.direction == sip::Direction::in;
  body.option(epb_flags, Bytes{}.u32(in ? 1 : 2).text());
  return block(enhanced_packet, body.end_of_options());
}

}  // namespace

std::string Pcapng::beginning() {
  constexpr std::uint64_t unknown_length = ~std::uint64_t{0};
  Bytes section;
  section.u32(byte_order_mark).u16(1).u16(0).u64(unknown_length);
  section.option(opt_comment,
                 "The messages of a run as sipauth recorded them. The packets round them are made "
                 "up: TLS and WebSocket are left out.");
  section.option(shb_userappl, "sipauth " SIPAUTH_VERSION).end_of_options();
  Bytes interface;
  interface.u16(raw_ip).u16(0).u32(0);
  interface.option(if_name, "sipauth").option(if_tsresol, {&nanoseconds, 1}).end_of_options();
  return block(section_header, section) + block(interface_description, interface);
}

std::string Pcapng::packets(const sip::RecordedMessage& message) {
  std::vector<std::string> comments;
  if (!message.note.empty()) comments.push_back(for_json(message.note));
  const bool is_stream = message.transport != "udp";
  if (is_stream && message.transport != "tcp") {
    comments.push_back(fmt::format("passed over {} at {}", message.transport, message.remote));
  }
  std::string shown;
  bool redacted = false;
  if (!show_secrets_) std::tie(shown, redacted) = redact(message.bytes);
  if (redacted) comments.emplace_back("credentials are left out: --show-secrets shows them");
  std::string_view payload = show_secrets_ ? message.bytes : shown;

  const bool in = message.direction == sip::Direction::in;
  auto local = endpoint_of(message.local);
  auto remote = endpoint_of(message.remote);
  if (local.address.size() != remote.address.size()) {
    local.address.assign(remote.address.size(), '\0');
  }
  if (message.transport == "ws" || message.transport == "wss") remote.port = sip_port;
  const auto& from = in ? remote : local;
  const auto& to = in ? local : remote;
  if (!is_stream) {
    const auto kept = payload.substr(0, most_payload - udp_header);
    return packet_block(message,
                        {.from = from, .to = to, .payload = kept, .true_length = payload.size()},
                        comments);
  }

  auto& flow = flows_[message.local + ' ' + message.remote];
  auto& ours = in ? flow.next_in : flow.next_out;
  const auto theirs = in ? flow.next_out : flow.next_in;
  std::string blocks;
  do {
    const auto part = payload.substr(0, most_payload - tcp_header);
    blocks += packet_block(message,
                           {.from = from,
                            .to = to,
                            .protocol = tcp,
                            .payload = part,
                            .true_length = part.size(),
                            .sequence = ours,
                            .acknowledged = theirs},
                           comments);
    ours += static_cast<std::uint32_t>(part.size());
    payload.remove_prefix(part.size());
    comments.clear();
  } while (!payload.empty());
  return blocks;
}

}  // namespace sipauth::results
