#include "lib/allocations.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <new>
#include <string>

#include "sipauth/text.hpp"

namespace {

thread_local std::size_t count = 0;

void* counted(std::size_t size) {
  ++count;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc{};
}

}  // namespace

// Not inline, or g++ takes new and free for a mismatched pair.
[[gnu::noinline]] void* operator new(std::size_t size) { return counted(size); }
[[gnu::noinline]] void* operator new[](std::size_t size) { return counted(size); }
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete[](void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }

namespace sipauth {

std::size_t allocations() noexcept { return count; }

namespace {

TEST(Allocations, OfTheProgramAreCounted) {
  const auto before = allocations();
  ::operator delete(::operator new(1));  // a new-expression could be left out by the compiler
  EXPECT_EQ(allocations(), before + 1);
}

TEST(Allocations, OfTheLibraryAreCounted) {
  const std::string text(100, 'a');
  const auto before = allocations();
  const auto quoted = quote(text);
  const auto after = allocations();
  EXPECT_EQ(quoted.size(), text.size() + 2);
  EXPECT_GT(after, before);
}

}  // namespace
}  // namespace sipauth
