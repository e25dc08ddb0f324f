// A target for the search that explains a mismatch.
#pragma once

#include <string_view>

namespace sipauth::fuzz {

void explain(std::string_view input);

}  // namespace sipauth::fuzz
