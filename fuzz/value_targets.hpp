// Targets for the values of single headers: URIs, addresses, Vias, CSeqs.
#pragma once

#include <string_view>

namespace sipauth::fuzz {

void uri(std::string_view input);
void name_addr(std::string_view input);
void via(std::string_view input);
void cseq(std::string_view input);

}  // namespace sipauth::fuzz
