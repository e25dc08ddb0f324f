// The rows of the passive checks as pages: `pcap --list` and `explain SP-DEAD-01`.
#pragma once

#include <string_view>

#include "commands/document.hpp"
#include "results/result.hpp"
#include "sipauth/flow_check.hpp"

namespace sipauth::commands {

[[nodiscard]] std::string_view flow_verdict_name(FlowVerdict verdict);

/// In any case, with or without `SP-`; nullptr when there is none.
[[nodiscard]] const FlowCheck* find_flow_check(std::string_view id);

[[nodiscard]] Document list_of_flow_checks(const results::TextStyle& style);
[[nodiscard]] Document explanation_of(const FlowCheck& check, const results::TextStyle& style);

}  // namespace sipauth::commands
