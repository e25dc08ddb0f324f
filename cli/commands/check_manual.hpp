// The catalogue as a manual: the source of sipauth-checks(7) for scdoc, and docs/checks.md.
#pragma once

#include <string>

#include "commands/check_pages.hpp"

namespace sipauth::commands {

[[nodiscard]] std::string scdoc_of(Checks checks);
[[nodiscard]] std::string markdown_of(Checks checks);

}  // namespace sipauth::commands
