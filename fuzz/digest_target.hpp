// A target for what stands between a challenge and a response that a registrar accepts.
#pragma once

#include <string_view>

namespace sipauth::fuzz {

void digest_end_to_end(std::string_view input);

}  // namespace sipauth::fuzz
