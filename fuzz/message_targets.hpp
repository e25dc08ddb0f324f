// Targets for messages, their typed header values, streams of them, and the lint of it all.
#pragma once

#include <string_view>

namespace sipauth::fuzz {

void message(std::string_view input);
void framer(std::string_view input);
void lint(std::string_view input);
void uri(std::string_view input);
void name_addr(std::string_view input);
void via(std::string_view input);
void cseq(std::string_view input);

}  // namespace sipauth::fuzz
