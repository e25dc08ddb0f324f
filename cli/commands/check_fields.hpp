// A row of the catalogue as fields, once for all that shows it: explain, --list, the man page and
// docs/checks.md.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "checks/check.hpp"

namespace sipauth::commands {

/// For programs; monostate: the text.
using FieldValue =
    std::variant<std::monostate, std::string, std::int64_t, bool, std::vector<std::string>,
                 std::vector<std::pair<std::string, std::string>>>;

struct CheckField {
  std::string_view member;  ///< of JSON
  std::string_view label;   ///< for people
  std::string text = {};    ///< for people; empty: nothing to tell
  FieldValue value = {};
};

/// All but id and title.
[[nodiscard]] std::vector<CheckField> fields_of(const checks::Check& check);

/// `wrong password, waits`: what a check needs, without what the rest implies.
[[nodiscard]] std::string needs_of(const checks::Check& check);

}  // namespace sipauth::commands
