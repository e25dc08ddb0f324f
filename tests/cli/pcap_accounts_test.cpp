// The lines of `pcap --accounts FILE`.

#include "commands/pcap_accounts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace sipauth::commands {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::string_view md5 = "0123456789abcdef0123456789ABCDEF";

TEST(PcapAccounts, ReadEveryForm) {
  struct Case {
    std::string line;
    std::string user, realm, secret;
    bool is_ha1 = false;
  };
  for (const auto& [line, user, realm, secret, is_ha1] : {
           Case{"alice example.com secret", "alice", "example.com", "secret"},
           Case{"alice * two  words ", "alice", "", "two  words "},
           Case{"alice secret", "alice", "", "secret"},
           Case{"\"a b\" \"my \\\"realm\\\"\" x", "a b", "my \"realm\"", "x"},
           Case{"alice r ha1:" + std::string{md5}, "alice", "r", std::string{md5}, true},
           Case{"alice r password:ha1:x", "alice", "r", "ha1:x"},
           Case{"alice:my realm:" + std::string{md5}, "alice", "my realm", std::string{md5}, true},
           Case{"# comment\r\n\r\n\talice r x\r", "alice", "r", "x"},
       }) {
    const auto accounts = read_flow_accounts(line);
    ASSERT_TRUE(accounts) << line;
    ASSERT_EQ(accounts->size(), 1U) << line;
    EXPECT_EQ(accounts->front().user, user);
    EXPECT_EQ(accounts->front().realm, realm);
    EXPECT_EQ(accounts->front().secret.reveal(), secret);
    EXPECT_EQ(accounts->front().is_ha1, is_ha1);
  }
}

TEST(PcapAccounts, NameTheLineThatIsWrongAndNoPassword) {
  for (const auto* text : {"alice r good\nalice\n", "alice r good\nalice \"r hidden\n",
                           "alice r good\nalice r ha1:hidden\n"}) {
    const auto accounts = read_flow_accounts(text);
    ASSERT_FALSE(accounts) << text;
    EXPECT_THAT(accounts.error(), HasSubstr("Line 2"));
    EXPECT_THAT(accounts.error(), Not(HasSubstr("hidden")));
  }
  EXPECT_FALSE(read_flow_accounts("# nothing\n"));
}

}  // namespace
}  // namespace sipauth::commands
