// pcap and pcapng: every spelling gives the same packets, and damage ends the reading.

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "capture/walker.hpp"
#include "cli/packets.hpp"

namespace sipauth::capture {
namespace {

using namespace sipauth::test;

struct Walked {
  std::vector<std::string> frames = {};
  std::vector<std::uint32_t> link_types = {};
  std::vector<Time> times = {};
  std::string damage = {};
  std::size_t left = 0;
};

Walked walk(std::string file, CaptureWalker& walker) {
  Walked walked;
  while (true) {
    const auto step = walker.next(file);
    if (step.kind == CaptureWalker::Step::Kind::damaged) break;
    if (step.kind == CaptureWalker::Step::Kind::more) break;
    if (step.kind == CaptureWalker::Step::Kind::packet) {
      walked.frames.emplace_back(step.packet.bytes);
      walked.link_types.push_back(step.packet.link_type);
      walked.times.push_back(step.packet.time);
    }
    file.erase(0, step.consumed);
  }
  walked.damage = walker.damage();
  walked.left = file.size();
  return walked;
}

Walked walk(const std::string& file) {
  CaptureWalker walker;
  return walk(file, walker);
}

constexpr Time half_past = 1'700'000'000 * second + second / 2;

std::string little_endian(std::uint32_t magic, std::uint32_t fraction) {
  return little32(magic) + little16(2) + little16(4) + little32(0) + little32(0) + little32(65535) +
         little32(101) + little32(1'700'000'000) + little32(fraction) + little32(3) + little32(3) +
         "abc";
}

TEST(CaptureWalker, ReadsPcapOfBothByteOrdersAndResolutions) {
  for (const auto& file :
       {pcap_header(101) + pcap_record("abc"),
        pcap_header(101, 0xa1b23c4d) + pcap_record("abc", 1'700'000'000, 500'000'000),
        little_endian(0xa1b2c3d4, 500'000), little_endian(0xa1b23c4d, 500'000'000)}) {
    const auto walked = walk(file);
    ASSERT_EQ(walked.frames, std::vector<std::string>{"abc"});
    EXPECT_EQ(walked.times.front(), half_past);
    EXPECT_EQ(walked.link_types.front(), 101U);
    EXPECT_EQ(walked.left, 0U);
  }
}

TEST(CaptureWalker, ReadsSectionsAndInterfacesWithLinkTypesOfTheirOwn) {
  const auto walked = walk(section() + interface(1) + interface(276, 9) +
                           enhanced(0, 1'700'000'000'500'000, "one") +
                           enhanced(1, 1'700'000'000'500'000'000, "three") + section() +
                           interface(101) + enhanced(0, 1'700'000'000'500'000, "raw"));
  EXPECT_EQ(walked.frames, (std::vector<std::string>{"one", "three", "raw"}));
  EXPECT_EQ(walked.link_types, (std::vector<std::uint32_t>{1, 276, 101}));
  for (const auto time : walked.times) EXPECT_EQ(time, half_past);
}

TEST(CaptureWalker, ReadsSimpleAndObsoletePackets) {
  const auto obsolete =
      block(2, u16(0) + u16(0) + u32(0) + u32(5) + u32(3) + u32(3) + padded("old"));
  const auto walked = walk(section() + interface(1) + block(3, u32(4) + "spb!") + obsolete);
  EXPECT_EQ(walked.frames, (std::vector<std::string>{"spb!", "old"}));
}

TEST(CaptureWalker, LeavesOutAPacketThatContradictsItself) {
  CaptureWalker walker;
  const auto lie = block(6, u32(0) + u32(0) + u32(0) + u32(4000) + u32(4000) + padded("x"));
  const auto walked = walk(
      section() + interface(1) + lie + enhanced(7, 0, "no such interface") + enhanced(0, 0, "good"),
      walker);
  EXPECT_EQ(walked.frames, std::vector<std::string>{"good"});
  EXPECT_EQ(walker.bad_packets(), 2U);
}

TEST(CaptureWalker, EndsAtDamageAfterTheLastGoodPacket) {
  struct Case {
    const char* name;
    std::string file;
  };
  const auto good = section() + interface(1) + enhanced(0, 0, "good");
  for (const auto& [name, file] :
       {Case{"a length that is no multiple of four",
             good + u32(6) + u32(33) + std::string(40, 'x')},
        Case{"two lengths", good + u32(6) + u32(32) + std::string(20, 'x') + u32(36)},
        Case{"a length beyond all bounds", good + u32(6) + u32(0x7ffffffc)},
        Case{"no byte order", good + u32(0x0a0d0d0a) + u32(28) + u32(0) + std::string(16, 'x')},
        Case{"pcap", pcap_header() + pcap_record("good") + u32(0) + u32(0) + u32(~0U) + u32(0)}}) {
    const auto walked = walk(file);
    EXPECT_EQ(walked.frames, std::vector<std::string>{"good"}) << name;
    EXPECT_FALSE(walked.damage.empty()) << name;
  }
}

TEST(CaptureWalker, KnowsThatTheCaptureHoldsTlsKeys) {
  CaptureWalker walker;
  (void)walk(section() + block(10, u32(0x544c534b) + u32(4) + "keys"), walker);
  EXPECT_TRUE(walker.has_tls_keys());
}

TEST(CaptureWalker, RefusesWhatIsNoCapture) {
  EXPECT_FALSE(walk("REGISTER sip:example.com SIP/2.0\r\n").damage.empty());
  EXPECT_FALSE(CaptureWalker::begins_capture("\x1f\x8b"));
}

}  // namespace
}  // namespace sipauth::capture
