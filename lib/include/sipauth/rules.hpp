// The lint rules: all that is ever said about a departure from the grammar stands in its row, once.
// Diagnostics, `lint`, the SA-CH checks and `explain` print it from here.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sipauth/auth_list_rules.hpp"
#include "sipauth/auth_value_rules.hpp"
#include "sipauth/exchange_rules.hpp"
#include "sipauth/header_rules.hpp"
#include "sipauth/lint_rules.hpp"
#include "sipauth/message_rules.hpp"
#include "sipauth/rule.hpp"

namespace sipauth {

/// One table out of several.
template <std::size_t... sizes>
consteval auto joined(const std::array<Rule, sizes>&... tables) {
  std::array<Rule, (sizes + ...)> all{};
  std::size_t next = 0;
  const auto append = [&](const auto& table) {
    for (const Rule& rule : table) all[next++] = rule;
  };
  (append(tables), ...);
  return all;
}

inline constexpr auto rules = joined(auth_list_rules, auth_value_rules, message_rules, lint_rules,
                                     header_rules, exchange_rules);

/// A row of `rules`, called by its name and found while compiling, so a misspelt name does not
/// compile. Searching for a name that a user quotes finds the row and the place that reports it.
class RuleId {
 public:
  constexpr RuleId() = default;

  consteval RuleId(const char* name) {
    while (rules[row_].name != name) ++row_;
  }

  constexpr const Rule* operator->() const noexcept { return &rules[row_]; }
  constexpr const Rule& operator*() const noexcept { return rules[row_]; }

  friend bool operator==(RuleId, RuleId) = default;

 private:
  std::uint8_t row_ = 0;
};

}  // namespace sipauth
