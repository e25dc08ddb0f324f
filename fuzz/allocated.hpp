// How much memory this thread has asked for: claims about it hold where a sanitizer counts.
#pragma once

#include <cstddef>

namespace sipauth::fuzz {

/// Bytes since the first call; always 0 without AddressSanitizer, which is asked to tell.
[[nodiscard]] std::size_t allocated_bytes() noexcept;

/// Does it count?
[[nodiscard]] bool counts_allocations() noexcept;

}  // namespace sipauth::fuzz
