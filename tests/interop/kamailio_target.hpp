// How the tool is asked to talk to a Kamailio.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "e2e/tool.hpp"
#include "interop/kamailio.hpp"

namespace sipauth::interop {

[[nodiscard]] std::string target_of(const Kamailio& kamailio, const Variant& variant);

/// A command with its target, the realm as domain, trust in its certificate, the password on
/// standard input and a document as output.
[[nodiscard]] e2e::Arguments arguments(std::string_view command, const Kamailio& kamailio,
                                       const Variant& variant,
                                       const std::vector<std::string>& more = {});

}  // namespace sipauth::interop
