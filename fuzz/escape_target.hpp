// A target for what is done to a peer's bytes before they are shown.
#pragma once

#include <string_view>

namespace sipauth::fuzz {

void escape(std::string_view input);

}  // namespace sipauth::fuzz
