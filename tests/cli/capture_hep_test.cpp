// HEP version 3: the SIP message in it, with the addresses that its sender saw.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "capture/decoder.hpp"
#include "capture/hep.hpp"
#include "cli/packets.hpp"

namespace sipauth::capture {
namespace {

using namespace sipauth::test;

std::string chunk(std::uint16_t type, const std::string& value, std::uint16_t vendor = 0) {
  return u16(vendor) + u16(type) + u16(6 + value.size()) + value;
}

std::string hep(const std::string& chunks) { return "HEP3" + u16(6 + chunks.size()) + chunks; }

std::string ipv4_ends() {
  return chunk(1, u8(2)) + chunk(2, u8(17)) + chunk(3, u32(0xc0000205)) +
         chunk(4, u32(0xc0000201)) + chunk(7, u16(5062)) + chunk(8, u16(5060));
}

std::string with_message(const std::string& more = {}) {
  return hep(ipv4_ends() + chunk(9, u32(1'700'000'000)) + chunk(10, u32(500'000)) +
             chunk(11, u8(1)) + chunk(12, u32(2001)) + more + chunk(15, register_request()));
}

TEST(CaptureHep, GivesTheMessageItsAddressesAndItsTime) {
  const auto datagram = with_message(chunk(1, "a vendor's own", 5));
  const auto read = read_hep(datagram, 1);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->text, register_request());
  EXPECT_EQ(read->source.text(), "192.0.2.5:5062");
  EXPECT_EQ(read->destination.text(), "192.0.2.1:5060");
  EXPECT_EQ(read->time, 1'700'000'000 * second + second / 2);
  EXPECT_EQ(read->protocol, 17);
}

TEST(CaptureHep, ReadsIpv6AndTakesTheTimeOfTheCaptureWhereThereIsNone) {
  const auto address = u32(0x20010db8) + u32(0) + u32(0);
  const auto datagram = hep(chunk(1, u8(10)) + chunk(2, u8(6)) + chunk(5, address + u32(5)) +
                            chunk(6, address + u32(1)) + chunk(7, u16(1)) + chunk(8, u16(2)) +
                            chunk(15, register_request()));
  const auto read = read_hep(datagram, 77);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->source.text(), "[2001:db8::5]:1");
  EXPECT_EQ(read->destination.text(), "[2001:db8::1]:2");
  EXPECT_EQ(read->time, 77);
}

TEST(CaptureHep, TellsWhatItDoesNotRead) {
  struct Case {
    std::string datagram;
    NoHep why;
  };
  for (const auto& [datagram, why] :
       {Case{hep(ipv4_ends() + chunk(11, u8(5)) + chunk(15, "rtcp")), NoHep::other_payload},
        Case{hep(ipv4_ends() + chunk(11, u8(1)) + chunk(16, "zlib")), NoHep::compressed},
        Case{hep(ipv4_ends()), NoHep::broken}, Case{"HEP3", NoHep::broken},
        Case{"HEP3" + u16(5), NoHep::broken}, Case{"HEP3" + u16(600) + "short", NoHep::broken},
        Case{hep(chunk(3, "abc")), NoHep::broken}, Case{hep(chunk(7, "a")), NoHep::broken},
        Case{hep(u16(0) + u16(15) + u16(5)), NoHep::broken},
        Case{hep(u16(0) + u16(15) + u16(60) + "x"), NoHep::broken},
        Case{hep("abc"), NoHep::broken}}) {
    const auto read = read_hep(datagram, 0);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error(), why);
  }
}

TEST(CaptureHep, NoCutOfADatagramIsReadAsAWholeOne) {
  const auto whole = with_message();
  for (std::size_t cut = 0; cut < whole.size(); ++cut) {
    EXPECT_FALSE(read_hep(std::string_view{whole}.substr(0, cut), 0)) << cut;
  }
}

// A server that captures and sends HEP: the message and its copy are one.
TEST(CaptureHep, IsCountedAndReadOnce) {
  std::vector<std::string> sources;
  Decoder decoder{
      [&](const CapturedMessage& message) { sources.push_back(message.source.text()); }};
  const std::vector<std::string> frames{
      ipv4(udp(with_message(), 40000, 9060)), ipv4(udp(with_message(), 40000, 9060)),
      ipv4(udp(hep(chunk(11, u8(1)) + chunk(16, "zlib")), 40000, 9060)),
      ipv4(udp("HEP3" + u16(900), 40000, 9060)),
      ipv4(udp(hep(ipv4_ends() + chunk(15, "not SIP")), 40000, 9060))};
  for (const auto& frame : frames) {
    decoder.add({.number = 1,
                 .link_type = 101,
                 .original_size = static_cast<std::uint32_t>(frame.size()),
                 .bytes = frame});
  }
  decoder.finish();
  const auto counts = decoder.counts();
  EXPECT_EQ(sources, std::vector<std::string>{"192.0.2.5:5062"});
  EXPECT_EQ(counts.hep, 2U);
  EXPECT_EQ(counts.duplicates, 1U);
  EXPECT_EQ(counts.messages, 1U);
  EXPECT_EQ(counts.hep_compressed, 1U);
  EXPECT_EQ(counts.hep_broken, 1U);
}

}  // namespace
}  // namespace sipauth::capture
