#include "fuzz/allocated.hpp"

// Of the sanitizers' runtime (sanitizer/allocator_interface.h); null without one.
extern "C" [[gnu::weak]] int __sanitizer_install_malloc_and_free_hooks(
    void (*malloc_hook)(const volatile void* memory, std::size_t size),
    void (*free_hook)(const volatile void* memory));

namespace sipauth::fuzz {
namespace {

thread_local std::size_t bytes = 0;

void count(const volatile void*, std::size_t size) { bytes += size; }
void count_nothing(const volatile void*) {}

bool install() noexcept {
  return __sanitizer_install_malloc_and_free_hooks != nullptr &&
         __sanitizer_install_malloc_and_free_hooks(count, count_nothing) != 0;
}

}  // namespace

bool counts_allocations() noexcept {
  static const bool installed = install();
  return installed;
}

std::size_t allocated_bytes() noexcept { return counts_allocations() ? bytes : 0; }

}  // namespace sipauth::fuzz
