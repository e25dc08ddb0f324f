#include "fuzz/engine.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>

extern "C" int LLVMFuzzerRunDriver(int* argc, char*** argv,
                                   int (*run)(const std::uint8_t* data, std::size_t size));

namespace sipauth::fuzz {
namespace {

const Target* chosen = nullptr;  // libFuzzer's callback takes no context

int run_one(const std::uint8_t* data, std::size_t size) {
  try {
    chosen->run({reinterpret_cast<const char*>(data), size});
  } catch (const std::exception& violation) {
    std::fprintf(stderr, "oracle: %s\n", violation.what());
    std::abort();
  }
  return 0;
}

}  // namespace

bool has_engine() noexcept { return true; }

int run_engine(const Target& target, int argc, char** argv) {
  chosen = &target;
  return LLVMFuzzerRunDriver(&argc, &argv, run_one);
}

}  // namespace sipauth::fuzz
