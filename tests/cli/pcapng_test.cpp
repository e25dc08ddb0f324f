// Captures, read back by a reader that knows the formats and not the writer.

#include "results/pcapng.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace sipauth::results {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// --- the reader ---

std::uint64_t number(std::string_view bytes, std::size_t at, std::size_t size) {
  if (at + size > bytes.size()) throw std::out_of_range{"a number behind the end"};
  std::uint64_t value = 0;
  for (const char c : bytes.substr(at, size)) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

struct Option {
  std::uint64_t code;
  std::string value;
};

std::vector<Option> options_of(std::string_view bytes) {
  std::vector<Option> options;
  for (std::size_t at = 0; at < bytes.size();) {
    const auto code = number(bytes, at, 2);
    const auto length = number(bytes, at + 2, 2);
    if (code == 0) return options;
    options.push_back({code, std::string{bytes.substr(at + 4, length)}});
    at += 4 + (length + 3) / 4 * 4;
  }
  throw std::runtime_error{"options without an end"};
}

// Zero when the sum that is in there is right (RFC 1071).
std::uint64_t checksum(std::string_view bytes) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    sum += static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[i])) << (i % 2 == 0 ? 8 : 0);
  }
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  return 0xffff - sum;
}

struct Packet {
  std::uint64_t nanoseconds = 0;
  std::uint64_t true_length = 0;
  std::size_t captured = 0;
  std::vector<std::string> comments = {};
  std::uint64_t flags = 0;
  std::uint64_t version = 0;
  std::string from = {};  // the address, as bytes
  std::string to = {};
  std::uint64_t from_port = 0;
  std::uint64_t to_port = 0;
  std::uint64_t protocol = 0;
  std::uint64_t sequence = 0;
  std::uint64_t acknowledged = 0;
  std::string payload = {};
};

// Of what was not cut: lengths and checksums must be right.
void read_ip(std::string_view ip, bool whole, Packet& packet) {
  packet.version = number(ip, 0, 1) >> 4;
  const bool six = packet.version == 6;
  const std::size_t header = six ? 40 : 20;
  const std::size_t size = six ? 16 : 4;
  packet.from = ip.substr(six ? 8 : 12, size);
  packet.to = ip.substr(six ? 24 : 16, size);
  packet.protocol = number(ip, six ? 6 : 9, 1);
  EXPECT_EQ(number(ip, six ? 4 : 2, 2), ip.size() - (six ? header : 0));
  EXPECT_EQ(six ? 0U : checksum(ip.substr(0, header)), 0U);
  const auto content = ip.substr(header);
  if (whole) {
    std::string covered = packet.from + packet.to;
    covered += {'\0', static_cast<char>(packet.protocol)};
    covered += {static_cast<char>(content.size() >> 8), static_cast<char>(content.size() & 0xff)};
    EXPECT_EQ(checksum(covered.append(content)), 0U);
  }
  packet.from_port = number(content, 0, 2);
  packet.to_port = number(content, 2, 2);
  if (packet.protocol == 17) {
    EXPECT_EQ(number(content, 4, 2), content.size());
    packet.payload = content.substr(8);
    return;
  }
  EXPECT_EQ(packet.protocol, 6U);
  packet.sequence = number(content, 4, 4);
  packet.acknowledged = number(content, 8, 4);
  EXPECT_EQ(number(content, 12, 1) >> 4, 5U);
  packet.payload = content.substr(20);
}

Packet read_packet(std::string_view body) {
  EXPECT_EQ(number(body, 0, 4), 0U);  // the first interface
  Packet packet{.nanoseconds = number(body, 4, 8),
                .true_length = number(body, 16, 4),
                .captured = number(body, 12, 4)};
  read_ip(body.substr(20, packet.captured), packet.captured == packet.true_length, packet);
  for (const auto& [code, value] : options_of(body.substr(20 + (packet.captured + 3) / 4 * 4))) {
    if (code == 1) packet.comments.push_back(value);
    if (code == 2) packet.flags = number(value, 0, 4);
  }
  return packet;
}

std::vector<Packet> read_capture(std::string_view file) {
  constexpr std::string_view section{"\x0a\x0d\x0d\x0a", 4};
  EXPECT_EQ(file.substr(0, 4), section);
  EXPECT_EQ(number(file, 8, 4), 0x1a2b3c4dU);
  std::vector<Packet> packets;
  std::size_t interfaces = 0;
  while (!file.empty()) {
    const auto type = number(file, 0, 4);
    const auto length = number(file, 4, 4);
    EXPECT_EQ(length % 4, 0U);
    EXPECT_EQ(number(file, length - 4, 4), length);
    const auto body = file.substr(8, length - 12);
    if (type == 1) {
      ++interfaces;
      EXPECT_EQ(number(body, 0, 2), 101U);  // raw IP
      EXPECT_EQ(number(body, 4, 4), 0U);    // nothing is cut by the interface
      bool in_nanoseconds = false;
      for (const auto& [code, value] : options_of(body.substr(8))) {
        in_nanoseconds = in_nanoseconds || (code == 9 && value == "\x09");
      }
      EXPECT_TRUE(in_nanoseconds);
    }
    if (type == 6) packets.push_back(read_packet(body));
    file.remove_prefix(length);
  }
  EXPECT_EQ(interfaces, 1U);
  return packets;
}

// --- the claims ---

sip::RecordedMessage message(sip::Direction direction, std::string bytes,
                             std::string transport = "udp", std::string note = "") {
  return {.wall = net::WallTime{std::chrono::seconds{1'767'225'600} + std::chrono::microseconds{7}},
          .direction = direction,
          .transport = std::move(transport),
          .local = "127.0.0.1:51234",
          .remote = "127.0.0.1:5061",
          .bytes = std::move(bytes),
          .note = std::move(note)};
}

std::vector<Packet> written(const std::vector<sip::RecordedMessage>& messages,
                            bool show_secrets = true) {
  Pcapng pcapng{show_secrets};
  auto file = Pcapng::beginning();
  for (const auto& one : messages) file += pcapng.packets(one);
  return read_capture(file);
}

constexpr auto out = sip::Direction::out;
constexpr auto in = sip::Direction::in;

TEST(Pcapng, ARunWithoutMessagesIsACapture) { EXPECT_THAT(written({}), IsEmpty()); }

TEST(Pcapng, UdpOfIpv4) {
  const auto packets = written({message(out, "REGISTER"), message(in, "SIP/2.0 200 OK")});
  ASSERT_EQ(packets.size(), 2U);
  const auto& request = packets[0];
  EXPECT_EQ(request.version, 4U);
  EXPECT_EQ(request.protocol, 17U);
  EXPECT_EQ(request.from, (std::string{"\x7f\0\0\x01", 4}));
  EXPECT_EQ(request.from_port, 51234U);
  EXPECT_EQ(request.to_port, 5061U);
  EXPECT_EQ(request.payload, "REGISTER");
  EXPECT_EQ(request.nanoseconds, 1'767'225'600'000'007'000U);
  EXPECT_EQ(request.flags, 2U);  // outbound
  EXPECT_THAT(request.comments, IsEmpty());
  EXPECT_EQ(packets[1].from_port, 5061U);
  EXPECT_EQ(packets[1].to_port, 51234U);
  EXPECT_EQ(packets[1].payload, "SIP/2.0 200 OK");
  EXPECT_EQ(packets[1].flags, 1U);
}

TEST(Pcapng, UdpOfIpv6) {
  auto one = message(out, "odd");
  one.local = "[fe80::1%lo]:5062";
  one.remote = "[2001:db8::2]:5060";
  const auto packets = written({one});
  ASSERT_EQ(packets.size(), 1U);
  EXPECT_EQ(packets[0].version, 6U);
  EXPECT_EQ(packets[0].from.substr(0, 2), "\xfe\x80");
  EXPECT_EQ(packets[0].to.substr(0, 4), (std::string{"\x20\x01\x0d\xb8"}));
  EXPECT_EQ(packets[0].to_port, 5060U);
  EXPECT_EQ(packets[0].payload, "odd");
}

TEST(Pcapng, NotesAreComments) {
  const auto packets = written({message(out, "a", "udp", "retransmission"), message(in, "b", "tls"),
                                message(in, "c", "tcp", "duplicate")});
  EXPECT_THAT(packets.at(0).comments, ElementsAre("retransmission"));
  EXPECT_THAT(packets.at(1).comments, ElementsAre("passed over tls at 127.0.0.1:5061"));
  EXPECT_THAT(packets.at(2).comments, ElementsAre("duplicate"));
}

TEST(Pcapng, TheSegmentsOfAStreamFollowOneAnother) {
  const auto packets = written({message(out, "REGISTER 1", "tcp"), message(in, "401", "tcp"),
                                message(out, "REGISTER 22", "tcp"), message(in, "200 OK", "tcp")});
  ASSERT_EQ(packets.size(), 4U);
  std::uint64_t next_out = packets[0].sequence;
  std::uint64_t next_in = packets[0].acknowledged;
  for (const auto& packet : packets) {
    const bool outbound = packet.to_port == 5061;
    EXPECT_EQ(packet.protocol, 6U);
    EXPECT_EQ(packet.sequence, outbound ? next_out : next_in);
    EXPECT_EQ(packet.acknowledged, outbound ? next_in : next_out);
    (outbound ? next_out : next_in) += packet.payload.size();
  }
  // Another connection begins anew.
  auto other = message(out, "REGISTER", "tcp");
  other.local = "127.0.0.1:51235";
  const auto both = written({message(out, "REGISTER", "tcp"), other});
  EXPECT_EQ(both.at(0).sequence, both.at(1).sequence);
}

TEST(Pcapng, AWebSocketStandsAtThePortOfSip) {
  for (const std::string transport : {"ws", "wss"}) {
    const auto packets = written({message(out, "a", transport), message(in, "b", transport)});
    EXPECT_EQ(packets.at(0).to_port, 5060U);
    EXPECT_EQ(packets.at(1).from_port, 5060U);
    EXPECT_THAT(packets.at(0).comments,
                ElementsAre("passed over " + transport + " at 127.0.0.1:5061"));
  }
}

TEST(Pcapng, WhatIsTooLongForAPacketTakesSeveralSegments) {
  std::string text;
  for (int i = 0; i < 30'000; ++i) text += std::to_string(i) + ' ';
  ASSERT_GT(text.size(), 2U * 65'535);
  const auto packets = written({message(out, text, "tcp", "long")});
  ASSERT_EQ(packets.size(), 3U);
  std::string joined;
  for (const auto& packet : packets) {
    EXPECT_EQ(packet.captured, packet.true_length);
    EXPECT_EQ(packet.sequence, packets.front().sequence + joined.size());
    joined += packet.payload;
  }
  EXPECT_EQ(joined, text);
  EXPECT_THAT(packets[0].comments, ElementsAre("long"));
  EXPECT_THAT(packets[1].comments, IsEmpty());
}

TEST(Pcapng, ADatagramThatIsTooLongIsCutAndItsLengthTold) {
  const std::string fits(65'507, 'a');
  EXPECT_EQ(written({message(in, fits)}).at(0).payload, fits);
  const auto packets = written({message(in, fits + "bcd")});
  ASSERT_EQ(packets.size(), 1U);
  EXPECT_EQ(packets[0].payload, fits);
  EXPECT_EQ(packets[0].captured, 65'535U);
  EXPECT_EQ(packets[0].true_length, 65'538U);
}

TEST(Pcapng, CredentialsAreLeftOutAndLengthsAreThoseOfWhatIsLeft) {
  const std::string request =
      "REGISTER sip:a SIP/2.0\r\nAuthorization: Digest username=\"alice\", "
      "response=\"6629fae49393a05397450978507c4ef1\", cnonce=\"0a4f113b\"\r\n\r\n";
  const auto redacted = written(
      {message(out, request), message(out, request, "tcp"), message(out, "next", "tcp")}, false);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(redacted[i].payload.find("6629fae4"), std::string::npos);
    EXPECT_EQ(redacted[i].payload.find("0a4f113b"), std::string::npos);
    EXPECT_NE(redacted[i].payload.find("response=\"***\""), std::string::npos);
    EXPECT_THAT(redacted[i].comments,
                ElementsAre("credentials are left out: --show-secrets shows them"));
  }
  EXPECT_EQ(redacted[2].sequence, redacted[1].sequence + redacted[1].payload.size());
  EXPECT_EQ(written({message(out, request)}).at(0).payload, request);
}

TEST(Pcapng, AnAddressThatIsNoneIsUnspecified) {
  auto one = message(out, "a");
  one.local = "somewhere";
  const auto packets = written({one});
  EXPECT_EQ(packets.at(0).from, std::string(4, '\0'));
  EXPECT_EQ(packets.at(0).from_port, 0U);
}

}  // namespace
}  // namespace sipauth::results
