// The examples of the rules about parameter lists: each wrong one breaks its rule alone, and mended
// it breaks none.
#include <gtest/gtest.h>

#include <string>

#include "sipauth/authentication_info.hpp"
#include "sipauth/challenge.hpp"
#include "sipauth/credentials.hpp"

namespace sipauth {
namespace {

std::string diagnostics_of(std::string_view text, ExampleOf kind) {
  Diagnostics diagnostics;
  bool read = false;
  switch (kind) {
    case ExampleOf::challenge:
      read = Challenge::parse(text, diagnostics).has_value();
      break;
    case ExampleOf::credentials:
      read = Credentials::parse(text, diagnostics).has_value();
      break;
    case ExampleOf::authentication_info:
      read = AuthenticationInfo::parse(text, diagnostics).has_value();
      break;
    case ExampleOf::message:
    case ExampleOf::exchange:
      break;
  }
  if (!read) return "unreadable";
  std::string names;
  for (const auto& diagnostic : diagnostics.list()) names += std::string{diagnostic.rule->name};
  return names;
}

void expect_examples_hold(const Rule& rule) {
  EXPECT_EQ(diagnostics_of(rule.wrong, rule.example_of), rule.name);
  EXPECT_EQ(diagnostics_of(rule.right, rule.example_of), "") << rule.name;
}

TEST(AuthRules, WrongBreaksItsRuleAloneAndRightBreaksNone) {
  for (const auto& rule : auth_list_rules) expect_examples_hold(rule);
  for (const auto& rule : auth_value_rules) expect_examples_hold(rule);
}

TEST(Rules, SayEverythingAUserAsksFor) {
  for (const auto& rule : rules) {
    EXPECT_TRUE(rule.name.starts_with("SL-")) << rule.name;
    EXPECT_TRUE(rule.sentence.ends_with('.')) << rule.name;
    EXPECT_TRUE(rule.reference.starts_with("RFC ")) << rule.name;
    EXPECT_NE(rule.wrong, rule.right) << rule.name;
  }
}

}  // namespace
}  // namespace sipauth
