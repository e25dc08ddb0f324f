#include "fuzz/engine.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string_view>
#include <vector>

#include "fuzz/comparisons.hpp"
#include "fuzz/libfuzzer.hpp"
#include "sipauth/challenge.hpp"

extern "C" int LLVMFuzzerRunDriver(int* argc, char*** argv,
                                   int (*run)(const std::uint8_t* data, std::size_t size));

// What clang counts edges in, between marks that the linker sets; without any counter there are
// none.
extern "C" {
[[gnu::weak, gnu::visibility("hidden")]] extern std::uint8_t __start___sancov_cntrs[];
[[gnu::weak, gnu::visibility("hidden")]] extern std::uint8_t __stop___sancov_cntrs[];
}

namespace sipauth::fuzz {
namespace {

constexpr int no_engine_exit = 3;

// Whether the library counts: others' counters do not help an engine that is to find its way there.
bool sees_library() {
  const std::uint8_t* const begin = __start___sancov_cntrs;
  const std::uint8_t* const end = __stop___sancov_cntrs;
  if (begin == nullptr) return false;
  const std::vector<std::uint8_t> before{begin, end};
  Diagnostics diagnostics;
  const auto read = Challenge::parse(R"(Digest realm="a", nonce="b", qop="auth")", diagnostics);
  return read.has_value() && !std::equal(begin, end, before.begin());
}

}  // namespace

bool has_engine() noexcept { return true; }

int run_engine(const Target& target, int argc, char** argv) {
  if (!sees_library()) {
    std::fputs(
        "The engine sees nothing of the library, which was built without "
        "-fsanitize=fuzzer-no-link: "
        "it would try at random and call it fuzzing. cmake --preset fuzz builds both as they must "
        "be.\n",
        stderr);
    return no_engine_exit;
  }
  choose_target(target);
  auto arguments = engine_arguments(argc, argv);
  follow_comparisons(std::ranges::any_of(
      arguments, [](std::string_view argument) { return argument == "-use_value_profile=1"; }));
  int count = static_cast<int>(arguments.size());
  arguments.push_back(nullptr);
  auto* vector = arguments.data();
  return LLVMFuzzerRunDriver(&count, &vector, run_input);
}

}  // namespace sipauth::fuzz
