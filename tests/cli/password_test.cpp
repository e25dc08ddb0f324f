#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "commands/credentials.hpp"

namespace sipauth::commands {
namespace {

class PasswordTest : public testing::Test {
 protected:
  PasswordTest() {
    std::string path = testing::TempDir() + "sipauth-password-XXXXXX";
    directory_ = ::mkdtemp(path.data());
    ::unsetenv("SIPAUTH_PASSWORD");
  }
  ~PasswordTest() override {
    ::unsetenv("SIPAUTH_PASSWORD");
    std::filesystem::remove_all(directory_);
  }

  std::string file(const std::string& bytes, mode_t mode = 0600) {
    const auto path = directory_ + "/secret";
    std::ofstream{path, std::ios::binary} << bytes;
    ::chmod(path.c_str(), mode);
    return path;
  }

  std::string directory_;
};

struct Case {
  std::string_view proves;
  std::string bytes;
  std::string password;
};

TEST_F(PasswordTest, OneLineEndIsNoPartOfIt) {
  for (const auto& [proves, bytes, password] : std::initializer_list<Case>{
           {"no line end", "secret", "secret"},
           {"LF", "secret\n", "secret"},
           {"CR LF", "secret\r\n", "secret"},
           {"only one", "secret\n\n", "secret\n"},
           {"a lone CR belongs to it", "secret\r", "secret\r"},
           {"blanks belong to it", " secret \n", " secret "},
           {"zero bytes belong to it", std::string{"a\0b", 3}, std::string{"a\0b", 3}},
           {"an empty file is an empty password", "", ""},
           {"so is a line end", "\n", ""}}) {
    const auto found = find_password({.password_file = file(bytes)});
    ASSERT_TRUE(found) << proves << found.error();
    ASSERT_TRUE(*found) << proves;
    EXPECT_EQ((*found)->secret.reveal(), password) << proves;
    EXPECT_FALSE((*found)->is_ha1);
  }
}

TEST_F(PasswordTest, FileThatOthersCanReadIsRefused) {
  for (const mode_t mode : {0644U, 0640U, 0604U, 0660U}) {
    const auto found = find_password({.password_file = file("secret", mode)});
    ASSERT_FALSE(found) << std::oct << mode;
    EXPECT_TRUE(found.error().contains("chmod 600")) << found.error();
    EXPECT_FALSE(found.error().contains("secret\n"));
  }
  EXPECT_TRUE(find_password({.password_file = file("secret", 0400)}));
}

TEST_F(PasswordTest, DevicesAndPipesAreNotAsked) {
  EXPECT_TRUE(find_password({.password_file = "/dev/null"}));
}

TEST_F(PasswordTest, FileThatIsNotThereOrTooLongIsAnError) {
  EXPECT_FALSE(find_password({.password_file = directory_ + "/absent"}));
  EXPECT_FALSE(find_password({.password_file = directory_}));
  EXPECT_FALSE(find_password({.password_file = file(std::string(max_password_bytes + 1, 'x'))}));
  EXPECT_TRUE(find_password({.password_file = file(std::string(max_password_bytes, 'x'))}));
}

TEST_F(PasswordTest, Ha1FileIsMarkedAsOne) {
  const auto found = find_password({.ha1_file = file("b1726872c344b6dc8365b774f8fd6412\n")});
  ASSERT_TRUE(found && *found);
  EXPECT_TRUE((*found)->is_ha1);
  EXPECT_EQ((*found)->secret.size(), 32U);
}

TEST_F(PasswordTest, TwoFilesAtOnceAreAnError) {
  EXPECT_FALSE(find_password({.password_file = "/dev/null", .ha1_file = "/dev/null"}));
}

TEST_F(PasswordTest, StandardInputIsReadOnce) {
  EXPECT_FALSE(find_password({.password_file = "-", .standard_input_taken = true}));
}

TEST_F(PasswordTest, EnvironmentComesAfterTheFilesAndIsErased) {
  ::setenv("SIPAUTH_PASSWORD", "from environment", 1);
  const auto from_file = find_password({.password_file = file("from file")});
  ASSERT_TRUE(from_file && *from_file);
  EXPECT_EQ((*from_file)->secret.reveal(), "from file");

  const auto found = find_password({});
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->secret.reveal(), "from environment");
  EXPECT_EQ(std::getenv("SIPAUTH_PASSWORD"), nullptr);
}

TEST_F(PasswordTest, EnvironmentIsIgnoredWhereItShallBeAndEmptyIsAbsent) {
  ::setenv("SIPAUTH_PASSWORD", "secret", 1);
  const auto ignored = find_password({.environment = false});
  ASSERT_TRUE(ignored);
  EXPECT_FALSE(*ignored);
  ::setenv("SIPAUTH_PASSWORD", "", 1);
  const auto empty = find_password({});
  ASSERT_TRUE(empty);
  EXPECT_FALSE(*empty);
}

}  // namespace
}  // namespace sipauth::commands
