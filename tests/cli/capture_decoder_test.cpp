// From frames to SIP messages: link types, fragments, TCP, WebSocket.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "capture/decoder.hpp"
#include "cli/packets.hpp"

namespace sipauth::capture {
namespace {

using namespace sipauth::test;

constexpr std::uint32_t raw_ip = 101;

struct Seen {
  std::vector<std::string> texts = {};
  std::vector<std::string> sources = {};
  std::vector<std::string_view> carriers = {};
  CaptureCounts counts = {};
};

// Each frame comes a second after the one before.
Seen decode(const std::vector<std::string>& frames, std::uint32_t link_type = raw_ip,
            Time apart = second) {
  Seen seen;
  Decoder decoder{[&](const CapturedMessage& message) {
    seen.texts.emplace_back(message.text);
    seen.sources.push_back(message.source.text());
    seen.carriers.push_back(carrier_name(message.carrier));
  }};
  Packet packet{.link_type = link_type};
  for (const auto& frame : frames) {
    ++packet.number;
    packet.time += apart;
    packet.bytes = frame;
    decoder.add(packet);
  }
  decoder.finish();
  seen.counts = decoder.counts();
  return seen;
}

TEST(CaptureDecoder, FindsIpBehindEveryLinkLayer) {
  const auto packet = ipv4(udp(register_request()));
  struct Case {
    std::uint32_t link_type;
    std::string frame;
  };
  const auto vlan = u16(0x8100) + u16(5) + u16(0x0800);
  for (const auto& [link_type, frame] : {
           Case{0, little32(2) + packet},
           Case{1, ethernet(packet)},
           Case{1, std::string(12, '\x02') + vlan + packet},
           Case{1, std::string(12, '\x02') + u16(0x88a8) + u16(7) + vlan + packet},
           Case{1,
                std::string(12, '\x02') + u16(0x8864) + std::string(6, '\0') + u16(0x21) + packet},
           Case{1, std::string(12, '\x02') + u16(0x8847) + u32(0x1040) + u32(0x00000140) + packet},
           Case{101, packet},
           Case{108, u32(2) + packet},
           Case{113, std::string(14, '\0') + u16(0x0800) + packet},
           Case{228, packet},
           Case{276, u16(0x0800) + std::string(18, '\0') + packet},
           Case{105, "\x08" + std::string(23, '\0') + u16(0xaaaa) + u8(3) + std::string(3, '\0') +
                         u16(0x0800) + packet},
       }) {
    const auto seen = decode({frame}, link_type);
    ASSERT_EQ(seen.texts.size(), 1U) << link_type;
    EXPECT_EQ(seen.texts.front(), register_request());
    EXPECT_EQ(seen.sources.front(), "10.0.0.5:5060");
  }
}

TEST(CaptureDecoder, CountsLinkTypesThatItDoesNotKnow) {
  const auto seen = decode({"x", "y"}, 147);
  EXPECT_EQ(seen.counts.unknown_link, 2U);
  EXPECT_EQ(seen.counts.unknown_link_types, std::set<std::uint32_t>{147});
}

TEST(CaptureDecoder, ReadsAHeaderAgainWhoseLengthLies) {
  auto packet = ipv4(udp(register_request()));
  packet[0] = '\x4f';  // sixty bytes of header, which are not there
  EXPECT_TRUE(decode({packet.substr(0, 30)}).texts.empty());
}

TEST(CaptureDecoder, JoinsFragmentsInAnyOrder) {
  const auto whole = udp(register_request());
  const std::string first = whole.substr(0, 64);
  const std::string second_part = whole.substr(64, 64);
  const std::string last = whole.substr(128);
  const auto v4 = [&](const std::string& part, std::uint16_t offset, bool more) {
    return ipv4(part, 17, static_cast<std::uint16_t>((more ? 0x2000 : 0) | offset / 8));
  };
  const auto v6 = [&](const std::string& part, std::uint32_t offset, bool more) {
    return ipv6(ipv6_fragment(part, offset, more), 44);
  };
  const auto joined4 =
      decode({v4(last, 128, false), v4(first, 0, true), v4(second_part, 64, true)});
  ASSERT_EQ(joined4.texts, std::vector<std::string>{register_request()});
  const auto joined6 =
      decode({v6(second_part, 64, true), v6(last, 128, false), v6(first, 0, true)});
  ASSERT_EQ(joined6.texts, std::vector<std::string>{register_request()});
  EXPECT_EQ(joined6.sources.front(), "[2001:db8::5]:5060");
  const auto missing = decode({v4(first, 0, true), v4(last, 128, false)});
  EXPECT_TRUE(missing.texts.empty());
  EXPECT_EQ(missing.counts.incomplete_fragments, 1U);
}

TEST(CaptureDecoder, LeavesOutADatagramThatWasCapturedTwice) {
  const auto frame = ipv4(udp(register_request()));
  constexpr Time microseconds = 1000;
  EXPECT_EQ(decode({frame, frame}, raw_ip, microseconds).counts.duplicates, 1U);
  // Half a second later it is a retransmission.
  EXPECT_EQ(decode({frame, frame}, raw_ip, second / 2).texts.size(), 2U);
}

std::string segment(std::string_view bytes, std::uint32_t sequence, std::uint8_t flags = 0x18) {
  return ipv4(tcp(bytes, {.sequence = sequence, .flags = flags}), 6);
}

TEST(CaptureDecoder, OrdersSegmentsAndLeavesOutWhatCameTwice) {
  const auto stream = register_request("a") + "\r\n\r\n" + register_request("b", "body");
  const std::string_view view{stream};
  const auto seen = decode({segment("", 99, 0x02), segment(view.substr(50, 60), 150),
                            segment(view.substr(0, 60), 100), segment(view.substr(0, 60), 100),
                            segment(view.substr(100), 200)});
  EXPECT_EQ(seen.texts,
            (std::vector<std::string>{register_request("a"), register_request("b", "body")}));
  EXPECT_EQ(seen.carriers.front(), "tcp");
  EXPECT_EQ(seen.counts.streams.gaps, 0U);
}

TEST(CaptureDecoder, GoesOnAtTheNextMessageBehindAGap) {
  const auto first = register_request("a");
  const auto second_one = register_request("b");
  const auto after = static_cast<std::uint32_t>(100 + first.size());
  const auto seen =
      decode({segment(std::string_view{first}.substr(0, 80), 100), segment(second_one, after)});
  EXPECT_EQ(seen.texts, std::vector<std::string>{second_one});
  EXPECT_EQ(seen.counts.streams.gaps, 1U);
  EXPECT_EQ(seen.counts.streams.unreadable, 1U);
}

TEST(CaptureDecoder, BeginsInTheMiddleOfAConnection) {
  const auto seen = decode({segment("sip>;tag=1\r\n\r\n" + register_request(), 777)});
  EXPECT_EQ(seen.texts, std::vector<std::string>{register_request()});
}

std::string frame_of(std::uint8_t first, std::string_view payload, bool masked) {
  const std::string mask = masked ? "\x01\x02\x03\x04" : "";
  auto frame = u8(first) + u8((masked ? 0x80U : 0U) | 126U) + u16(payload.size()) + mask;
  for (std::size_t i = 0; i < payload.size(); ++i) {
    frame += masked ? static_cast<char>(payload[i] ^ mask[i % 4]) : payload[i];
  }
  return frame;
}

TEST(CaptureDecoder, ReadsWebSocketsWithMasksFragmentsAndPings) {
  const auto text = register_request();
  const std::string_view view{text};
  const std::string handshake =
      "GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";
  const auto frames = frame_of(0x01, view.substr(0, 40), true) + frame_of(0x89, "ping", true) +
                      frame_of(0x80, view.substr(40), true);
  const auto seen = decode({segment("", 0, 0x02), segment(handshake + frames, 1)});
  ASSERT_EQ(seen.texts, std::vector<std::string>{text});
  EXPECT_EQ(seen.carriers.front(), "ws");
  // Without the handshake.
  EXPECT_EQ(decode({segment(frame_of(0x82, text, true), 5000)}).texts,
            std::vector<std::string>{text});
  // Compressed ones are counted.
  EXPECT_EQ(decode({segment("", 0, 0x02), segment(handshake + frame_of(0xc1, "zip", false), 1)})
                .counts.streams.compressed,
            1U);
}

TEST(CaptureDecoder, CountsWhatIsEncrypted) {
  const auto seen = decode({segment("", 0, 0x02), segment("\x16\x03\x01\x02\x10", 1)});
  EXPECT_EQ(seen.counts.streams.tls, 1U);
  EXPECT_TRUE(seen.texts.empty());
}

}  // namespace
}  // namespace sipauth::capture
