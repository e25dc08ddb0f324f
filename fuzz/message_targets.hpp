// Targets for whole messages: one datagram, its start line, and what is pasted for lint.
#pragma once

#include <string_view>

namespace sipauth::fuzz {

void message_udp(std::string_view input);
void start_line(std::string_view input);
void lint(std::string_view input);

}  // namespace sipauth::fuzz
