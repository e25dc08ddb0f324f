// Targets for the parameter lists of challenges, credentials and authentication-info.
#pragma once

#include <string_view>

namespace sipauth::fuzz {

void challenge(std::string_view input);
void credentials(std::string_view input);
void authentication_info(std::string_view input);

}  // namespace sipauth::fuzz
