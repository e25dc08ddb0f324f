// A capture that ends anywhere is read to its last whole packet, and said to be cut unless it ends
// between two of them.

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "capture/capture_reader.hpp"
#include "cli/packets.hpp"

namespace sipauth::capture {
namespace {

using namespace sipauth::test;

struct Read {
  std::vector<std::string> frames = {};
  ReadFacts facts = {};
};

Read read(std::string_view bytes) {
  const auto file =
      (std::filesystem::temp_directory_path() / ("sipauth-cut-" + std::to_string(::getpid())))
          .string();
  std::ofstream{file, std::ios::binary} << bytes;
  Read result;
  const auto input = InputFile::open(file);
  std::filesystem::remove(file);
  EXPECT_TRUE(input);
  if (!input) return result;
  const auto beginning = read_beginning(*input);
  EXPECT_TRUE(beginning);
  if (!beginning) return result;
  const auto facts = read_capture(
      *input, *beginning, [&](const Packet& packet) { result.frames.emplace_back(packet.bytes); });
  EXPECT_TRUE(facts);
  if (facts) result.facts = *facts;
  return result;
}

struct Piece {
  std::string bytes;
  std::string frame = {};  // empty: no packet is in it
};

void expect_the_same_up_to_every_cut(const std::vector<Piece>& pieces) {
  std::string file;
  std::set<std::size_t> boundaries{0};
  for (const auto& piece : pieces) {
    file += piece.bytes;
    boundaries.insert(file.size());
  }
  for (std::size_t cut = 0; cut <= file.size(); ++cut) {
    std::vector<std::string> whole;
    std::size_t end = 0;
    std::size_t last = 0;
    for (const auto& piece : pieces) {
      end += piece.bytes.size();
      if (end > cut) break;
      last = end;
      if (!piece.frame.empty()) whole.push_back(piece.frame);
    }
    const auto result = read(file.substr(0, cut));
    EXPECT_EQ(result.frames, whole) << "cut behind byte " << cut;
    EXPECT_EQ(result.facts.damage.empty(), boundaries.contains(cut)) << "cut behind byte " << cut;
    EXPECT_EQ(result.facts.bytes, last) << "cut behind byte " << cut;
  }
}

TEST(CaptureCut, PcapIsReadToItsLastWholePacket) {
  std::vector<Piece> pieces{{pcap_header(101)}};
  for (const auto* text : {"one", "three", "seventeen bytes.."}) {
    const auto frame = ipv4(udp(text));
    pieces.push_back({pcap_record(frame), frame});
  }
  expect_the_same_up_to_every_cut(pieces);
}

TEST(CaptureCut, PcapngIsReadToItsLastWholeBlock) {
  const auto ip = ipv4(udp("one"));
  const auto ethernet_frame = ethernet(ipv4(udp("three")));
  expect_the_same_up_to_every_cut({{section()},
                                   {interface(101)},
                                   {enhanced(0, 1, ip), ip},
                                   {interface(1, 9)},
                                   {enhanced(1, 2, ethernet_frame), ethernet_frame},
                                   {block(10, u32(0x544c534b) + u32(4) + "keys")},
                                   {enhanced(0, 3, ip), ip}});
}

}  // namespace
}  // namespace sipauth::capture
