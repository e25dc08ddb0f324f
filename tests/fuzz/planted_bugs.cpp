// Two targets with a bug each, in place of the registry: that an engine which is set up like this
// one finds them is the proof that it can find something.
#include <algorithm>
#include <array>
#include <vector>

#include "fuzz/mutation.hpp"
#include "fuzz/targets.hpp"
#include "sipauth/challenge.hpp"

namespace sipauth::fuzz {
namespace {

volatile char sink = 0;

[[gnu::noinline]] void read_behind_the_end() {
  const std::vector<char> bytes(3, 'a');
  const volatile char* const begin = bytes.data();
  sink = begin[bytes.size()];
}

// Byte after byte, so that each right one is news to who counts edges; at random all three are
// right once in some billions of inputs.
void nonce_of_three(std::string_view input) {
  Diagnostics diagnostics;
  const auto challenge = Challenge::parse(input, diagnostics);
  if (!challenge || !challenge->nonce()) return;
  const auto nonce = *challenge->nonce();
  if (nonce.size() != 3) return;
  if (nonce[0] != 'b') return;
  if (nonce[1] != 'u') return;
  if (nonce[2] == 'g') read_behind_the_end();
}

// One mutation after the other leads there, each of which the library reports.
void comma_by_comma(std::string_view input) {
  Diagnostics diagnostics;
  const auto challenge = Challenge::parse(input, diagnostics);
  if (!challenge) return;
  const auto lost =
      std::ranges::count(diagnostics.list(), RuleId{"SL-missing-comma"}, &Diagnostic::rule);
  if (lost >= 3) read_behind_the_end();
}

constexpr auto registry = std::to_array<Target>({
    {"nonce_of_three", "Reads behind the end for one nonce", nonce_of_three},
    {"comma_by_comma", "Reads behind the end without commas", comma_by_comma, challenge_mutations},
});

}  // namespace

std::span<const Target> targets() noexcept { return registry; }

const Target* find_target(std::string_view name) noexcept {
  const auto* found = std::ranges::find(registry, name, &Target::name);
  return found == registry.end() ? nullptr : found;
}

}  // namespace sipauth::fuzz
