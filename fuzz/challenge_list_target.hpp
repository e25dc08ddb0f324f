// All challenges of an answer together.
#pragma once

#include <string_view>

namespace sipauth::fuzz {

/// Each line of `input` is the value of one WWW-Authenticate row of a 401.
void challenge_list(std::string_view input);

}  // namespace sipauth::fuzz
