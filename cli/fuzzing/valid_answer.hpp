// The answer of a registrar that a case for a phone is made of, and what in it belongs to the one
// request that it answers.
#pragma once

#include <string_view>

#include "fuzzing/cases.hpp"
#include "net/clock.hpp"

namespace sipauth::fuzzing {

[[nodiscard]] ValidMessage read_valid_answer(std::string_view answer);

/// The same answer with no `expires` of a Contact above `most`, so that the phone comes back soon.
[[nodiscard]] std::string with_short_expiry(std::string_view answer, net::Duration most);

}  // namespace sipauth::fuzzing
