// Chance that can be repeated: the same seed gives the same numbers on every machine.
#pragma once

#include <cstddef>
#include <cstdint>

namespace sipauth::fuzz {

class Random {
 public:
  explicit constexpr Random(std::uint64_t seed) noexcept : state_{seed} {}

  /// The next number of SplitMix64.
  constexpr std::uint64_t next() noexcept {
    state_ += 0x9e37'79b9'7f4a'7c15U;
    auto mixed = state_;
    mixed = (mixed ^ (mixed >> 30U)) * 0xbf58'476d'1ce4'e5b9U;
    mixed = (mixed ^ (mixed >> 27U)) * 0x94d0'49bb'1331'11ebU;
    return mixed ^ (mixed >> 31U);
  }

  /// A number under `bound`; 0 when `bound` is 0.
  constexpr std::size_t below(std::size_t bound) noexcept {
    return bound == 0 ? 0 : static_cast<std::size_t>(next() % bound);
  }

  constexpr bool one_in(std::size_t times) noexcept { return below(times) == 0; }

 private:
  std::uint64_t state_;
};

}  // namespace sipauth::fuzz
