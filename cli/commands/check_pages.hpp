// The catalogue for people and programs: one check explained, or all of them listed.
#pragma once

#include <span>
#include <string>

#include "checks/check.hpp"
#include "commands/document.hpp"
#include "results/result.hpp"

namespace sipauth::commands {

using Checks = std::span<const checks::Check* const>;

/// All fields of one row.
[[nodiscard]] Document explanation_of(const checks::Check& check, const results::TextStyle& style);

/// A line for each check within the width of `style`; all fields in JSON. `command` is the one that
/// was asked for its list.
[[nodiscard]] Document list_of(Checks checks, const std::string& command,
                               const results::TextStyle& style);

}  // namespace sipauth::commands
