#include "fuzz/memory_limit.hpp"

#include <sys/resource.h>

// Of the sanitizers' runtime, and nullptr without it.
extern "C" {
[[gnu::weak]] int __sanitizer_install_malloc_and_free_hooks(
    void (*malloc_hook)(const volatile void*, std::size_t),
    void (*free_hook)(const volatile void*));
[[gnu::weak]] std::size_t __sanitizer_get_allocated_size(const volatile void* at);
[[gnu::weak]] int __lsan_do_recoverable_leak_check();
}

namespace sipauth::fuzz {
namespace {

// Hooks take no context. Signed: what was allocated earlier may be freed later.
void (*stop)() = nullptr;
long long bytes = 0;
long long pieces = 0;

void allocated(const volatile void*, std::size_t size) {
  ++pieces;
  bytes += static_cast<long long>(size);
  if (size > most_allocation || bytes > static_cast<long long>(most_memory)) stop();
}

void freed(const volatile void* at) {
  if (at == nullptr) return;
  --pieces;
  bytes -= static_cast<long long>(__sanitizer_get_allocated_size(at));
}

}  // namespace

void limit_memory(void (*exceeded)()) {
  if (__sanitizer_install_malloc_and_free_hooks != nullptr) {
    stop = exceeded;
    __sanitizer_install_malloc_and_free_hooks(allocated, freed);
    return;
  }
  rlimit limit{};
  ::getrlimit(RLIMIT_AS, &limit);
  if (limit.rlim_cur > most_memory) limit.rlim_cur = most_memory;
  ::setrlimit(RLIMIT_AS, &limit);
}

void forget_memory() noexcept {
  bytes = 0;
  pieces = 0;
}

bool leaks(const std::function<void()>& again) {
  if (stop == nullptr || pieces <= 0 || __lsan_do_recoverable_leak_check == nullptr) return false;
  pieces = 0;
  again();
  return pieces > 0 && __lsan_do_recoverable_leak_check() != 0;
}

}  // namespace sipauth::fuzz
