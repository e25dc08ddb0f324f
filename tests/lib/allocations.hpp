// How often this thread called operator new: for tests that prove a function allocates nothing.
//
//   const auto before = allocations();
//   ...
//   EXPECT_EQ(allocations(), before);
//
// The counting operator new is defined in allocations_test.cpp, once for the whole test program;
// libsipauth.so calls it too. A test includes this header and links nothing more. Keep expectations
// that print, and strings, out of the counted stretch: they allocate.
#pragma once

#include <cstddef>

namespace sipauth {

[[nodiscard]] std::size_t allocations() noexcept;

}  // namespace sipauth
