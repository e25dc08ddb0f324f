// Two targets with a bug each, in place of the registry: that an engine which is set up like this
// one finds them is the proof that it can find something.
#include <algorithm>
#include <array>
#include <vector>

#include "fuzz/mutation.hpp"
#include "fuzz/targets.hpp"
#include "sipauth/address.hpp"
#include "sipauth/challenge.hpp"

namespace sipauth::fuzz {
namespace {

volatile char sink = 0;

[[gnu::noinline]] void read_behind_the_end() {
  const std::vector<char> bytes(3, 'a');
  const volatile char* const begin = bytes.data();
  sink = begin[bytes.size()];
}

// An engine that sees comparisons reads each word off its own; one that counts edges keeps a text
// with the first of them, without which it would need both at once.
void two_words(std::string_view input) {
  Diagnostics diagnostics;
  const auto cseq = CSeq::parse(input, diagnostics);
  if (!cseq || !cseq->method.starts_with("VOID")) return;
  if (cseq->method.substr(4) == "CALL") read_behind_the_end();
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
    {"two_words", "Reads behind the end for two words", two_words},
    {"comma_by_comma", "Reads behind the end without commas", comma_by_comma, challenge_mutations},
});

}  // namespace

std::span<const Target> targets() noexcept { return registry; }

const Target* find_target(std::string_view name) noexcept {
  const auto* found = std::ranges::find(registry, name, &Target::name);
  return found == registry.end() ? nullptr : found;
}

}  // namespace sipauth::fuzz
