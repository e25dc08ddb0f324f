#include "fuzz/comparisons.hpp"

#include <cstdint>

// The linker lets clang's calls end here (--wrap), and gives libFuzzer's own hooks these names.
namespace {

bool followed = false;

template <typename Value>
void tell(void (*hook)(Value, Value), Value a, Value b) noexcept {
  if (followed) [[unlikely]] {
    hook(a, b);
  }
}

}  // namespace

extern "C" {
void __real___sanitizer_cov_trace_cmp1(std::uint8_t a, std::uint8_t b);
void __real___sanitizer_cov_trace_cmp2(std::uint16_t a, std::uint16_t b);
void __real___sanitizer_cov_trace_cmp4(std::uint32_t a, std::uint32_t b);
void __real___sanitizer_cov_trace_cmp8(std::uint64_t a, std::uint64_t b);
void __real___sanitizer_cov_trace_const_cmp1(std::uint8_t a, std::uint8_t b);
void __real___sanitizer_cov_trace_const_cmp2(std::uint16_t a, std::uint16_t b);
void __real___sanitizer_cov_trace_const_cmp4(std::uint32_t a, std::uint32_t b);
void __real___sanitizer_cov_trace_const_cmp8(std::uint64_t a, std::uint64_t b);

void __wrap___sanitizer_cov_trace_cmp1(std::uint8_t a, std::uint8_t b) {
  tell(__real___sanitizer_cov_trace_cmp1, a, b);
}
void __wrap___sanitizer_cov_trace_cmp2(std::uint16_t a, std::uint16_t b) {
  tell(__real___sanitizer_cov_trace_cmp2, a, b);
}
void __wrap___sanitizer_cov_trace_cmp4(std::uint32_t a, std::uint32_t b) {
  tell(__real___sanitizer_cov_trace_cmp4, a, b);
}
void __wrap___sanitizer_cov_trace_cmp8(std::uint64_t a, std::uint64_t b) {
  tell(__real___sanitizer_cov_trace_cmp8, a, b);
}
void __wrap___sanitizer_cov_trace_const_cmp1(std::uint8_t a, std::uint8_t b) {
  tell(__real___sanitizer_cov_trace_const_cmp1, a, b);
}
void __wrap___sanitizer_cov_trace_const_cmp2(std::uint16_t a, std::uint16_t b) {
  tell(__real___sanitizer_cov_trace_const_cmp2, a, b);
}
void __wrap___sanitizer_cov_trace_const_cmp4(std::uint32_t a, std::uint32_t b) {
  tell(__real___sanitizer_cov_trace_const_cmp4, a, b);
}
void __wrap___sanitizer_cov_trace_const_cmp8(std::uint64_t a, std::uint64_t b) {
  tell(__real___sanitizer_cov_trace_const_cmp8, a, b);
}
}

namespace sipauth::fuzz {

void follow_comparisons(bool follow) noexcept { followed = follow; }

}  // namespace sipauth::fuzz
