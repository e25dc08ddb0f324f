// --pcap-out of probe and stale, however the run ends.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <csignal>
#include <fstream>
#include <iterator>
#include <string>

#include "e2e/tool.hpp"
#include "e2e/udp_peer.hpp"

namespace sipauth::e2e {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string content(const std::string& file) {
  std::ifstream stream{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{stream}, {}};
}

mode_t mode_of(const std::string& file) {
  struct stat facts{};
  EXPECT_EQ(::stat(file.c_str(), &facts), 0) << file;
  return facts.st_mode & 0777U;
}

class PcapOut : public testing::Test {
 protected:
  ScratchDirectory scratch_;
  std::string file_ = scratch_.path() + "/run.pcapng";
};

TEST_F(PcapOut, IsTheOwnersAloneAndHoldsNoCredentials) {
  for (const std::string command : {"probe", "stale"}) {
    const auto outcome = run({command, "-q", "builtin:strict", "--pcap-out", file_});
    EXPECT_EQ(outcome.exit, 0) << outcome.err;
    EXPECT_EQ(mode_of(file_), 0600U);
    EXPECT_THAT(content(file_), HasSubstr("REGISTER sip:"));
    EXPECT_THAT(content(file_), HasSubstr("response=\"***\""));
  }
}

TEST_F(PcapOut, HoldsThemWhenTheyAreToBeShown) {
  const auto outcome =
      run({"probe", "-q", "builtin:strict", "--show-secrets", "--pcap-out", file_});
  EXPECT_EQ(outcome.exit, 0) << outcome.err;
  EXPECT_THAT(content(file_), Not(HasSubstr("***")));
  EXPECT_THAT(content(file_), HasSubstr("response=\""));
}

TEST_F(PcapOut, AFileThatOthersCouldReadIsClosedToThem) {
  const auto file = scratch_.file("old.pcapng", "something longer than nothing", 0644);
  EXPECT_EQ(run({"probe", "-q", "builtin:strict", "--pcap-out", file}).exit, 0);
  EXPECT_EQ(mode_of(file), 0600U);
  EXPECT_THAT(content(file), Not(HasSubstr("something longer")));
}

TEST_F(PcapOut, IsThereAfterSilence) {
  const UdpPeer peer{[](const std::string&) { return std::nullopt; }};
  const auto outcome =
      run({"probe", "-q", peer.place(), "--timeout", "700ms", "--pcap-out", file_});
  EXPECT_EQ(outcome.exit, 3);
  EXPECT_THAT(content(file_), HasSubstr("REGISTER sip:"));
  EXPECT_THAT(content(file_), HasSubstr("retransmission"));
}

TEST_F(PcapOut, IsThereAfterAnInterruption) {
  const UdpPeer peer{[](const std::string&) { return std::nullopt; }};
  Tool tool{{"stale", "-v", "--no-input", peer.place(), "--timeout", "30s", "--pcap-out", file_}};
  ASSERT_TRUE(tool.wait_for("-> REGISTER"));
  tool.send_signal(SIGINT);
  EXPECT_EQ(tool.finish().exit, 130);
  EXPECT_THAT(content(file_), HasSubstr("REGISTER sip:"));
}

TEST_F(PcapOut, WhereNothingCanBeWrittenNothingIsSent) {
  const auto outcome =
      run({"probe", "-q", "builtin:strict", "--pcap-out", scratch_.path() + "/no/such"});
  EXPECT_EQ(outcome.exit, 2);
  EXPECT_EQ(outcome.out, "");
  EXPECT_THAT(outcome.err, HasSubstr("Cannot write"));
}

TEST_F(PcapOut, AFullDiskIsTold) {
  const auto outcome = run({"probe", "-q", "builtin:strict", "--pcap-out", "/dev/full"});
  EXPECT_EQ(outcome.exit, 2);
  EXPECT_THAT(outcome.err, HasSubstr("Cannot write /dev/full"));
}

}  // namespace
}  // namespace sipauth::e2e
