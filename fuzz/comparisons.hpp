// Whether the engine is told of every comparison that an instrumented file makes.
#pragma once

namespace sipauth::fuzz {

/// Off until it is turned on: a value profile is made of comparisons, and nothing else here needs
/// them, but telling them takes a third of the time of an input.
void follow_comparisons(bool follow) noexcept;

}  // namespace sipauth::fuzz
