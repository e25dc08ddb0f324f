// The counters of clang's source-based coverage, where the build has them.
#pragma once

#include <string>

namespace sipauth::fuzz {

[[nodiscard]] bool counts_coverage() noexcept;

/// All counters are 0 again.
void forget_coverage() noexcept;

/// Writes the counters as a raw profile, which llvm-profdata reads; false when there are none or
/// the file cannot be written.
[[nodiscard]] bool write_coverage(const std::string& file) noexcept;

}  // namespace sipauth::fuzz
