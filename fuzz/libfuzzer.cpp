#include "fuzz/libfuzzer.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <span>
#include <string>

#include "fuzz/mutation.hpp"
#include "fuzz/random.hpp"

// Weak: an engine may have hooks for mutations of ours and none of its own to offer.
extern "C" [[gnu::weak]] std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size,
                                                      std::size_t most_bytes);

namespace sipauth::fuzz {
namespace {

enum class Mutate : std::uint8_t { both, structure, plain };

const Target* chosen = nullptr;
Mutate mutate_by = Mutate::both;

Mutate named(std::string_view name) {
  if (name == "both") return Mutate::both;
  if (name == "structure") return Mutate::structure;
  if (name == "plain") return Mutate::plain;
  std::fputs("--sipauth-mutate is one of both, structure, plain\n", stderr);
  std::exit(2);
}

// Bytes now and then also where there is a structure: they reach what no mutation was written for.
bool takes_structure(Random& random) {
  if (mutate_by == Mutate::plain || chosen->mutations == nullptr) return false;
  return mutate_by == Mutate::structure || !random.one_in(4);
}

std::size_t mutate_input(std::span<std::uint8_t> buffer, std::size_t size, unsigned seed) {
  Random random{seed};
  if (takes_structure(random)) {
    const std::string_view text{reinterpret_cast<const char*>(buffer.data()), size};
    const auto mutated = mutate(chosen->mutations(), text, random, buffer.size());
    if (!mutated.name.empty()) {
      std::ranges::copy(mutated.text, buffer.begin());
      return mutated.text.size();
    }
  }
  return LLVMFuzzerMutate == nullptr ? size : LLVMFuzzerMutate(buffer.data(), size, buffer.size());
}

}  // namespace

void choose_target(const Target& target) noexcept { chosen = &target; }

std::vector<char*> engine_arguments(int argc, char** argv) {
  static auto short_first = std::to_array("-len_control=100");
  std::vector<char*> arguments{argv, argv + argc};
  for (const std::string_view argument : arguments) {
    if (argument.starts_with(mutate_tag)) mutate_by = named(argument.substr(mutate_tag.size()));
  }
  // In front, so that a -len_control of the user's own comes later and counts; but behind the tag
  // by which the tool knows itself when libFuzzer starts it again.
  if (mutate_by == Mutate::plain && argc > 0) {
    arguments.insert(arguments.begin() + std::min(argc, 2), short_first.data());
  }
  return arguments;
}

int run_input(const std::uint8_t* data, std::size_t size) {
  try {
    chosen->run({reinterpret_cast<const char*>(data), size});
  } catch (const std::exception& violation) {
    std::fprintf(stderr, "oracle: %s\n", violation.what());
    std::abort();
  }
  return 0;
}

}  // namespace sipauth::fuzz

// AddressSanitizer asks for these; ASAN_OPTIONS in the environment counts more. What an input freed
// is not kept for long: nothing of it is used by the next, and fresh memory is half of the time of
// an input. The exit code is libFuzzer's for everything it finds.
extern "C" const char* __asan_default_options() {
  return "quarantine_size_mb=8:malloc_context_size=12:exitcode=77";
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most_bytes, unsigned seed) {
  return sipauth::fuzz::mutate_input({data, most_bytes}, size, seed);
}
