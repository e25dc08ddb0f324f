// A parser of your own under libFuzzer, with sipauth's mutations of challenges. docs/fuzzing.md
// says how it is built and run.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <vector>

#include "fuzz/mutation.hpp"

// --- Yours. This one forgets that a quotation mark may be missing at the end. ---

static std::optional<std::string> realm_of(const char* text, std::size_t size) {
  constexpr std::string_view mark = "realm=\"";
  const auto at = std::string_view{text, size}.find(mark);
  if (at == std::string_view::npos) return std::nullopt;
  std::string realm;
  for (auto c = text + at + mark.size(); *c != '"'; ++c) realm += *c;
  return realm;
}

// --- What libFuzzer calls: the parser with a claim about what it read, and the mutations. ---

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto realm = realm_of(reinterpret_cast<const char*>(data), size);
  if (realm && realm->contains('"')) std::abort();
  return 0;
}

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most, unsigned seed) {
  using namespace sipauth::fuzz;
  Random random{seed};
  if (random.one_in(4)) return LLVMFuzzerMutate(data, size, most);
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const auto mutated = mutate(challenge_mutations(), text, random, most);
  if (mutated.name.empty()) return LLVMFuzzerMutate(data, size, most);
  std::ranges::copy(mutated.text, data);
  return mutated.text.size();
}
