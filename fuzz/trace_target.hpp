// A target for pasted traces.
#pragma once

#include <string_view>

namespace sipauth::fuzz {

void trace(std::string_view input);

}  // namespace sipauth::fuzz
