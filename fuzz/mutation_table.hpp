// Tables of mutations, put together from parts and from tables of what lies inside.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

#include "fuzz/mutation.hpp"

namespace sipauth::fuzz {

template <std::size_t... sizes>
consteval std::array<Mutation, (sizes + ...)> concatenated(
    const std::array<Mutation, sizes>&... tables) {
  std::array<Mutation, (sizes + ...)> all{};
  auto* end = all.data();
  ((end = std::ranges::copy(tables, end).out), ...);
  return all;
}

}  // namespace sipauth::fuzz
