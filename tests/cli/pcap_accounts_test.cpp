// The lines of `pcap --accounts FILE`.

#include "commands/pcap_accounts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

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

TEST(PcapAccounts, ReadTheKeysOfACard) {
  const std::string k = "k=465b5ce8b199b49faa5f0a2ee238a6bc";
  const std::string op = "op=cdc202d5123e20f62b6d676ac72cb318";
  for (const auto& [line, realm] : {std::pair{"alice ims.example " + k + ' ' + op, "ims.example"},
                                    std::pair{"alice * " + op + "  " + k + " amf=b9b9", ""},
                                    std::pair{"alice " + k + ' ' + op + " sqn=000000000020", ""}}) {
    const auto accounts = read_flow_accounts(line);
    ASSERT_TRUE(accounts) << accounts.error();
    EXPECT_EQ(accounts->front().realm, realm);
    ASSERT_TRUE(accounts->front().card) << line;
    EXPECT_EQ(accounts->front().card->opc.size(), 16U);
    EXPECT_TRUE(accounts->front().secret.empty());
  }
  // One word is a password, whatever it looks like.
  const auto password = read_flow_accounts("alice " + k);
  ASSERT_TRUE(password);
  EXPECT_EQ(password->front().secret.reveal(), k);
  const auto cut = read_flow_accounts("alice r k=465b5ce8 " + op);
  ASSERT_FALSE(cut);
  EXPECT_THAT(cut.error(), HasSubstr("Line 1 of the accounts wants 32 hexadecimal digits"));
  EXPECT_THAT(cut.error(), Not(HasSubstr("465b5ce8")));
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
