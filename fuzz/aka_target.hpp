// AKA: a nonce as a card reads it, and what the network makes of the answer.
#pragma once

#include <string_view>

namespace sipauth::fuzz {

/// `input` is the nonce of an AKA challenge, and as such an AUTS as well.
void aka(std::string_view input);

}  // namespace sipauth::fuzz
