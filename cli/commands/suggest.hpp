// "Did you mean ...?" behind a name that is unknown.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace sipauth::commands {

/// ` Did you mean NAME?`, or an empty text when none of `names` is near what was typed. Letters
/// count in any case.
[[nodiscard]] std::string did_you_mean(std::string_view typed,
                                       std::span<const std::string_view> names);

}  // namespace sipauth::commands
