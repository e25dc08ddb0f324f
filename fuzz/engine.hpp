// libFuzzer inside this program. Builds without it have the second implementation, which says so.
#pragma once

#include <string_view>

#include "fuzz/targets.hpp"

namespace sipauth::fuzz {

/// First argument of a program that is to go on as the engine. libFuzzer passes over what begins
/// with `--`, so it survives when the engine starts its own program again.
inline constexpr std::string_view target_tag = "--sipauth-fuzz-target=";

[[nodiscard]] bool has_engine() noexcept;

/// Goes on as libFuzzer with its own command line, in which argv[0] is this program's path. Returns
/// its exit code; a finding ends the process. Without an engine it returns 3.
int run_engine(const Target& target, int argc, char** argv);

}  // namespace sipauth::fuzz
