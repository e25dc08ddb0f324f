// What the checks know about clients and servers, as results and explanations tell it.
#pragma once

#include <string_view>
#include <vector>

#include "checks/client_impact.hpp"
#include "results/result.hpp"

namespace sipauth::commands {

[[nodiscard]] std::vector<results::ClientImpact> shown(
    const std::vector<checks::ClientImpact>& impacts);

/// The likely ones first: those of the server that `server_header` names.
[[nodiscard]] std::vector<results::Mending> mending_of(std::string_view check,
                                                       std::string_view server_header = {});

/// To all rows that fail or warn.
void add_mending(results::Result& result);

}  // namespace sipauth::commands
