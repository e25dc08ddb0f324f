// sipauth digest, from outside: where the password comes from, and what ends with an error.

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "e2e/digest_tool.hpp"

namespace sipauth::e2e {
namespace {

TEST_F(DigestTest, Ha1FileTakesThePlaceOfThePassword) {
  for (const auto ha1 :
       {"b1726872c344b6dc8365b774f8fd6412\n", "B1726872C344B6DC8365B774F8FD6412"}) {
    const auto outcome =
        run({"digest", "--header", credentials(right), "--ha1-file", scratch_.file("ha1", ha1)});
    EXPECT_EQ(outcome.exit, match) << outcome.err;
  }
}

TEST_F(DigestTest, PasswordComesFromTheEnvironmentOrStandardInputToo) {
  EXPECT_EQ(
      run({"digest", "--header", credentials(right)}, "", {{"SIPAUTH_PASSWORD", password}}).exit,
      match);
  EXPECT_EQ(
      run({"digest", "--header", credentials(right), "--password-file", "-"}, "secret\r\n").exit,
      match);
}

struct Failing {
  std::string_view proves;
  Arguments arguments;
  std::string standard_input = "";
  std::string_view kind = "usage";
};

TEST_F(DigestTest, WhatCannotBeDoneEndsWithTwoAndKeepsTheFormat) {
  const auto header = credentials(right);
  const auto good = scratch_.file("good", password);
  const std::vector<Failing> rows{
      {"no password", {"--header", header, "--no-input"}, "", "no-password"},
      {"others can read the password",
       {"--header", header, "--password-file", scratch_.file("open", password, 0644)}},
      {"the group can read the HA1",
       {"--header", header, "--ha1-file", scratch_.file("group", password, 0640)}},
      {"no such password file", {"--header", header, "--password-file", "/nonexistent"}},
      {"standard input twice", {"--header", "-", "--password-file", "-"}, header},
      {"two secrets", {"--header", header, "--password-file", good, "--ha1-file", good}},
      {"HA1 of the wrong length", {"--header", header, "--ha1-file", good}},
      {"missing values", {"--user", "alice", "--password-file", good}},
      {"challenge and credentials at once",
       {"--header", header, "--challenge", header, "--password-file", good}},
      {"unknown algorithm", alice + Arguments{"--algorithm", "SHA-3", "--password-file", good}},
      {"unknown qop", alice + Arguments{"--qop", "auth-conf", "--password-file", good}},
      {"Basic", {"--header", "Basic YTpi", "--password-file", good}},
      {"no credentials in the text", {"--header", "-", "--password-file", good}, "To: <sip:a@b>\n"},
      {"response without one",
       {"--header", R"(Digest username="a", realm="r", nonce="n", uri="u")", "--password-file",
        good}},
      {"nothing pasted", {"--header", "-", "--password-file", good}},
      {"challenge of another realm",
       {"--challenge", R"(Digest realm="r", nonce="n")", "--realm", "s", "--user", "a", "--uri",
        "u", "--password-file", good}},
      {"body that is not there", alice + Arguments{"--body-file", "/nonexistent"}},
  };
  for (const auto& [proves, arguments, standard_input, kind] : rows) {
    auto all = Arguments{"digest", "--json"} + arguments;
    const auto outcome = run(all, standard_input);
    EXPECT_EQ(outcome.exit, usage) << proves << outcome.out;
    const auto document = json::parse(outcome.out, nullptr, false);
    ASSERT_TRUE(document.is_object()) << proves << outcome.out << outcome.err;
    EXPECT_EQ(document["error"]["kind"], kind) << proves << outcome.out;
    EXPECT_FALSE(document["error"]["text"].get<std::string>().empty()) << proves;
  }
}

TEST_F(DigestTest, HostileBytesReachNoTerminal) {
  const auto outcome = digest({"--header",
                               "Digest username=\"a\x1b[2J\", realm=\"r\xe2\x80\xae\", nonce=\"n\","
                               " uri=\"u\", response=\"\x07\""});
  EXPECT_EQ(outcome.exit, mismatch);
  for (const auto hostile : {"\x1b", "\x07", "\xe2\x80\xae"}) {
    EXPECT_FALSE(outcome.out.contains(hostile)) << outcome.out;
  }
}

}  // namespace
}  // namespace sipauth::e2e
