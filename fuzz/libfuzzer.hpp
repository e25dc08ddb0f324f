// What an engine with libFuzzer's interface calls: one input of the chosen target, and a mutation
// of it. The hook LLVMFuzzerCustomMutator comes along with this file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "fuzz/targets.hpp"

namespace sipauth::fuzz {

/// Before `plain` (bytes only), `structure` (mutations of the target wherever one fits) or `both`,
/// which is what happens without it. Engines pass over what begins with `--`.
inline constexpr std::string_view mutate_tag = "--sipauth-mutate=";

/// The target of all calls of the engine, which hand no context around.
void choose_target(const Target& target) noexcept;

/// The engine's command line with the choice of mutations taken from it. Plain bytes get back what
/// the presence of the hook switches off: inputs that begin short (-len_control).
[[nodiscard]] std::vector<char*> engine_arguments(int argc, char** argv);

/// Aborts when the oracle's claim does not hold, which it tells on standard error.
int run_input(const std::uint8_t* data, std::size_t size);

}  // namespace sipauth::fuzz
