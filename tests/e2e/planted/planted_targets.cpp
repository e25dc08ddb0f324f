// Targets that fail in every way a target can, in place of the tool's own: what a report says of a
// finding is tested with them.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <memory>
#include <vector>

#include "fuzz/oracle.hpp"
#include "fuzz/targets.hpp"

namespace sipauth::fuzz {
namespace {

volatile unsigned char sink = 0;

// A sanitizer sees the read; without one the process ends in the next line.
[[gnu::noinline]] void read_behind_the_end(std::string_view input) {
  const std::vector<char> copy{input.begin(), input.end()};
  const volatile char* const bytes = copy.data();
  sink = static_cast<unsigned char>(bytes[copy.size()]);
  std::abort();
}

void crash(std::string_view input) {
  if (input.size() > 2 && input[0] == 'B' && input[1] == 'U' && input[2] == 'G') {
    read_behind_the_end(input);
  }
}

void oracle(std::string_view input) { require(!input.contains("x"), "there is no x"); }

void timeout(std::string_view input) {
  while (input.starts_with('L')) sink = static_cast<unsigned char>(sink + 1);
}

void oom(std::string_view input) {
  if (!input.starts_with('M')) return;
  const std::vector<char> much(std::size_t{300} << 20U, 'm');
  sink = static_cast<unsigned char>(much.back());
}

void leak(std::string_view input) {
  if (!input.starts_with('K')) return;
  auto lost = std::make_unique<std::array<char, 100>>();
  lost.release();  // NOLINT: what this target is for
}

void clean(std::string_view input) { sink = static_cast<unsigned char>(input.size()); }

// Nothing that an engine could read off a comparison tells it the word.
bool ends_in_word(std::string_view input, std::uint64_t hash) {
  constexpr std::size_t length = 12;
  if (input.size() < length) return false;
  std::uint64_t sum = 0xcbf2'9ce4'8422'2325U;
  for (const char c : input.substr(input.size() - length)) {
    sum = (sum ^ static_cast<unsigned char>(c)) * 0x100'0000'01b3U;
  }
  return sum == hash;
}

constexpr std::string_view secret = "shibboleth-7";
constexpr std::array<std::string_view, 2> words{"harmless", secret};

std::uint64_t hash_of(std::string_view word) {
  std::uint64_t sum = 0xcbf2'9ce4'8422'2325U;
  for (const char c : word) sum = (sum ^ static_cast<unsigned char>(c)) * 0x100'0000'01b3U;
  return sum;
}

void word(std::string_view input) {
  require(!ends_in_word(input, hash_of(secret)), "the word is not at the end");
}

std::string append_secret(std::string_view text, Random&) {
  return std::string{text}.append(secret);
}

std::span<const Mutation> appending() {
  static constexpr auto table =
      std::to_array<Mutation>({{"secret-appended", "ends in the word", append_secret}});
  return table;
}

constexpr auto registry = std::to_array<Target>({
    {"crash", "Reads behind its input", crash},
    {"oracle", "Claims what does not hold", oracle},
    {"timeout", "Never ends", timeout},
    {"oom", "Takes much memory", oom},
    {"leak", "Loses memory", leak},
    {"clean", "Finds nothing", clean},
    {"word", "Falls for a word of its dictionary", word, nullptr, words},
    {"structure", "Falls for a mutation of its own", word, appending},
});

}  // namespace

std::span<const Target> targets() noexcept { return registry; }

const Target* find_target(std::string_view name) noexcept {
  const auto* found = std::ranges::find(registry, name, &Target::name);
  return found == registry.end() ? nullptr : found;
}

}  // namespace sipauth::fuzz
