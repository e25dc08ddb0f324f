#pragma once

#include <string_view>

namespace sipauth::fuzz {

void pcapng(std::string_view input);
void flow(std::string_view input);

}  // namespace sipauth::fuzz
