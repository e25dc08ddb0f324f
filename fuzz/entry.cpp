// A program of one target, SIPAUTH_FUZZ_TARGET, for engines that bring their own main: libFuzzer,
// ClusterFuzzLite and OSS-Fuzz, AFL++, honggfuzz.
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "fuzz/dictionary_file.hpp"
#include "fuzz/libfuzzer.hpp"

namespace {

using namespace sipauth::fuzz;

// For the build of a fuzzing service, which lays the words of a target beside its program.
constexpr std::string_view dictionary_flag = "--sipauth-dictionary";

const Target& target() {
  const auto* found = find_target(SIPAUTH_FUZZ_TARGET);
  if (found == nullptr) std::abort();
  return *found;
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  static std::vector<char*> arguments;
  choose_target(target());
  if (*argc == 2 && (*argv)[1] == dictionary_flag) {
    std::fputs(dictionary_file(target().dictionary).c_str(), stdout);
    std::fflush(stdout);
    std::_Exit(0);  // no leaks are looked for: where programs are built that is often forbidden
  }
  arguments = engine_arguments(*argc, *argv);
  *argc = static_cast<int>(arguments.size());
  arguments.push_back(nullptr);
  *argv = arguments.data();
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return run_input(data, size);
}
