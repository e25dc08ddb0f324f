// docs/digest-by-hand.md and docs/pcap.md, run as they stand: every command gives what the page
// shows.
//
// A block ```text NAME is a file; in a block ```console a line `$ command` is followed by its
// output.

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "e2e/tool.hpp"

namespace sipauth::e2e {
namespace {

struct Command {
  std::string line;
  std::string output;
};

struct Page {
  std::vector<std::pair<std::string, std::string>> files;
  std::vector<Command> commands;
};

Page read_page(const std::string& path) {
  Page page;
  std::ifstream in{path};
  std::string line;
  std::string block;
  while (std::getline(in, line)) {
    if (line.starts_with("```")) {
      block = block.empty() ? line.substr(3) : "";
      if (block.starts_with("text ")) page.files.emplace_back(block.substr(5), "");
    } else if (block.starts_with("text ")) {
      page.files.back().second += line + '\n';
    } else if (block == "console" && line.starts_with("$ ")) {
      page.commands.push_back({line.substr(2), ""});
    } else if (block == "console" && !page.commands.empty()) {
      page.commands.back().output += line + '\n';
    }
  }
  return page;
}

std::string output_of(const std::string& directory, const std::string& command) {
  const auto script =
      "cd '" + directory + "' && umask 077 && PATH=\"$PWD:$PATH\" && { " + command + "; } 2>&1";
  FILE* const pipe = popen(script.c_str(), "r");
  if (pipe == nullptr) return "popen failed";
  std::string output;
  std::array<char, 4096> buffer{};
  while (const auto read = fread(buffer.data(), 1, buffer.size(), pipe)) {
    output.append(buffer.data(), read);
  }
  pclose(pipe);
  return output;
}

void expect_what_it_shows(const std::string& name, std::size_t commands) {
  const auto page = read_page(SIPAUTH_SOURCE_DIR "/docs/" + name);
  ASSERT_GE(page.commands.size(), commands);
  const ScratchDirectory scratch;
  std::filesystem::create_symlink(SIPAUTH_TOOL, scratch.path() + "/sipauth");
  for (const auto& [file, text] : page.files) (void)scratch.file(file, text);
  for (const auto& command : page.commands) {
    EXPECT_EQ(output_of(scratch.path(), command.line), command.output) << command.line;
  }
}

TEST(DigestPage, EveryCommandGivesWhatThePageShows) {
  expect_what_it_shows("digest-by-hand.md", 10);
}

TEST(PcapPage, EveryCommandGivesWhatThePageShows) { expect_what_it_shows("pcap.md", 3); }

}  // namespace
}  // namespace sipauth::e2e
