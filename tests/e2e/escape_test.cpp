// A registrar that writes what takes over terminals: nothing of it may reach one, in any output.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "e2e/tool.hpp"
#include "e2e/udp_peer.hpp"

namespace sipauth::e2e {
namespace {

using testing::HasSubstr;

// An escape sequence, a C1 control both ways, an override, a zero-width space, half a letter.
const std::string hostile =
    "\x1b[2J\x9b"
    "31m\xc2\x9b"
    "31m\u202e\u200b\x07\xe5";

class HostilePeer : public testing::Test {
 protected:
  static std::string answer(const std::string& request) {
    return answer_to(request, "SIP/2.0 401 " + hostile,
                     "Server: " + hostile + "\r\nWWW-Authenticate: Digest realm=\"" + hostile +
                         "\", nonce=\"" + hostile + "\", qop=\"auth\"\r\n");
  }

  static void expect_harmless(const std::string& text) {
    for (const char c : text) {
      ASSERT_TRUE(c == '\n' || (static_cast<unsigned char>(c) >= 0x20 && c != '\x7f'))
          << testing::PrintToString(text);
    }
    for (const auto* part : {"\xc2\x9b", "\u202e", "\u200b", "\x9b",
                             "\xe5"
                             "\n"}) {
      ASSERT_EQ(text.find(part), std::string::npos) << testing::PrintToString(text);
    }
  }

  [[nodiscard]] Outcome outcome_of(Arguments arguments) const {
    arguments.push_back("sip:alice@" + peer_.place());
    return run(arguments, {}, {{"LC_ALL", "C.UTF-8"}, {"SIPAUTH_PASSWORD", "secret"}});
  }

  UdpPeer peer_{answer};
};

TEST_F(HostilePeer, WritesNothingOnATerminal) {
  const auto outcome = outcome_of({"probe", "-vv"});
  expect_harmless(outcome.out);
  expect_harmless(outcome.err);
  EXPECT_THAT(outcome.out, HasSubstr(R"(\x1B[2J\x9B31m\xC2\x9B31m\u{202E}\u{200B}\x07\xE5)"));
}

TEST_F(HostilePeer, WritesNothingThroughAJsonDocument) {
  const auto outcome = outcome_of({"probe", "--json"});
  expect_harmless(outcome.out);
  expect_harmless(outcome.err);
  const auto document = nlohmann::json::parse(outcome.out, nullptr, false);
  ASSERT_TRUE(document.is_object());
  EXPECT_THAT(document["probe"]["reason"].get<std::string>(), HasSubstr("\\u{202E}\\u{200B}"));
}

TEST_F(HostilePeer, WritesNothingInAReportOfChecks) {
  const auto outcome = outcome_of({"stale", "-vv", "--only", "SA-CH", "--no-wait"});
  expect_harmless(outcome.out);
  expect_harmless(outcome.err);
  EXPECT_THAT(outcome.out, HasSubstr("SA-CH-01"));
}

TEST_F(HostilePeer, WritesAsciiAloneWhereTheLocaleHasNoMore) {
  const auto outcome = run({"probe", "-vv", "sip:alice@" + peer_.place()}, {},
                           {{"LC_ALL", "C"}, {"SIPAUTH_PASSWORD", "secret"}});
  for (const auto* text : {&outcome.out, &outcome.err}) {
    EXPECT_TRUE(
        std::ranges::all_of(*text, [](char c) { return c == '\n' || (c >= 0x20 && c < 0x7f); }));
  }
}

TEST(HostileArgument, IsNotEchoedAsItIs) {
  for (const auto& arguments :
       {Arguments{hostile}, Arguments{"probe", hostile}, Arguments{"probe", "--" + hostile},
        Arguments{"probe", "x", "-o", hostile}, Arguments{"explain", hostile},
        Arguments{"lint", hostile}, Arguments{"probe", "x", "--timeout", hostile}}) {
    const auto outcome = run(arguments, {}, {{"LC_ALL", "C.UTF-8"}});
    EXPECT_EQ(outcome.exit, 2);
    for (const char c : outcome.out + outcome.err) {
      ASSERT_TRUE(c == '\n' || (static_cast<unsigned char>(c) >= 0x20 && c != '\x7f'))
          << testing::PrintToString(arguments);
    }
    EXPECT_EQ(outcome.err.find("\u202e"), std::string::npos);
  }
}

}  // namespace
}  // namespace sipauth::e2e
