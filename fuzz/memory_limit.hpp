// What one input may take of memory, held to in a process of its own: libFuzzer's limits for a run
// without libFuzzer.
#pragma once

#include <cstddef>
#include <functional>

namespace sipauth::fuzz {

inline constexpr std::size_t most_memory = 2048U << 20U;     ///< bytes in all
inline constexpr std::size_t most_allocation = 256U << 20U;  ///< bytes at once

/// From here on this process calls `exceeded` when more is asked for, or throws std::bad_alloc
/// where no sanitizer counts along. `exceeded` must not return, and may not allocate.
void limit_memory(void (*exceeded)());

/// What was allocated until now is not counted any more: the next input has the whole.
void forget_memory() noexcept;

/// Does the work leave memory behind that nobody can reach? `again` is the work once more: what is
/// made once and kept is no leak, and looking for one is slow. Only AddressSanitizer knows; without
/// it, false.
[[nodiscard]] bool leaks(const std::function<void()>& again);

}  // namespace sipauth::fuzz
