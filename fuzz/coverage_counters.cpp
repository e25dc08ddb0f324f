#include "fuzz/coverage_counters.hpp"

extern "C" {
// Defined here, clang's runtime writes no file at every exit of the program.
[[gnu::used, gnu::visibility("hidden")]] int __llvm_profile_runtime = 0;

[[gnu::weak]] void __llvm_profile_reset_counters();
[[gnu::weak]] void __llvm_profile_set_filename(const char* name);
[[gnu::weak]] int __llvm_profile_write_file();
}

namespace sipauth::fuzz {

bool counts_coverage() noexcept { return __llvm_profile_write_file != nullptr; }

void forget_coverage() noexcept {
  if (counts_coverage()) __llvm_profile_reset_counters();
}

bool write_coverage(const std::string& file) noexcept {
  if (!counts_coverage()) return false;
  __llvm_profile_set_filename(file.c_str());
  return __llvm_profile_write_file() == 0;
}

}  // namespace sipauth::fuzz
