#include "sipauth/message_rules.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "lib/reported.hpp"
#include "sipauth/lint.hpp"
#include "sipauth/message.hpp"
#include "sipauth/rules.hpp"
#include "sipauth/text.hpp"

namespace sipauth {
namespace {

TEST(MessageRules, WrongBreaksItsRuleAloneAndRightBreaksNone) {
  for (const auto& rule : message_rules) {
    Diagnostics wrong;
    EXPECT_TRUE(lint_message(rule.wrong, wrong)) << rule.name;
    ASSERT_EQ(wrong.list().size(), 1U) << rule.name << ": " << reported(wrong);
    EXPECT_EQ(wrong.list().front().rule->name, rule.name);

    Diagnostics right;
    EXPECT_TRUE(lint_message(rule.right, right)) << rule.name;
    EXPECT_EQ(reported(right), "") << rule.name;
  }
}

TEST(HeaderRules, WrongBreaksItsRuleAloneAndRightBreaksNone) {
  for (const auto& rule : header_rules) {
    Diagnostics wrong;
    EXPECT_TRUE(lint_message(rule.wrong, wrong)) << rule.name;
    ASSERT_EQ(wrong.list().size(), 1U) << rule.name << ": " << reported(wrong);
    EXPECT_EQ(wrong.list().front().rule->name, rule.name);

    Diagnostics right;
    EXPECT_TRUE(lint_message(rule.right, right)) << rule.name;
    EXPECT_EQ(reported(right), "") << rule.name;
  }
}

TEST(MessageRules, SayEverythingAUserAsksFor) {
  for (const auto& rule : message_rules) {
    EXPECT_TRUE(rule.name.starts_with("SL-")) << rule.name;
    EXPECT_TRUE(std::ranges::all_of(rule.name.substr(3), [](char c) {
      return c == '-' || lower(c) == c;
    })) << rule.name;
    EXPECT_TRUE(rule.reference.starts_with("RFC ")) << rule.name;
    EXPECT_TRUE(rule.sentence.ends_with('.')) << rule.name;
    EXPECT_EQ(rule.example_of, ExampleOf::message) << rule.name;
    EXPECT_NE(rule.wrong, rule.right) << rule.name;
  }
}

// A row is found by its name, so that each is there once, of all tables together.
TEST(Rules, HaveDifferentNames) {
  for (const auto& rule : rules) {
    EXPECT_EQ(std::ranges::count(rules, rule.name, &Rule::name), 1) << rule.name;
  }
}

TEST(RuleIds, FitTheirNumber) { EXPECT_LE(rules.size(), 256U); }

// A lint of a message is one pass, whatever it holds: what a peer repeats is counted, not kept.
TEST(MessageRules, HostileRepetitionIsCountedAndNothingElse) {
  std::string text = "A b SIP/2.0\r\n";
  for (std::size_t i = 0; i < Message::max_headers; ++i) text += "x(: \x01\r\n";
  text += "\r\n";
  Diagnostics diagnostics;
  ASSERT_TRUE(Message::parse(text, diagnostics));
  EXPECT_EQ(diagnostics.list().size(), Diagnostics::capacity);
  EXPECT_EQ(diagnostics.list().size() + diagnostics.dropped(), 2 * Message::max_headers);
}

}  // namespace
}  // namespace sipauth
