#include "fuzz/mutation.hpp"

#include <array>

namespace sipauth::fuzz {
namespace {

// The text without the comma that is drawn.
std::string without_a_comma(std::string_view text, Random& random) {
  std::size_t commas = 0;
  for (const char c : text) commas += c == ',' ? 1 : 0;
  std::string damaged{text};
  auto left = random.below(commas);
  for (std::size_t i = 0; i < damaged.size(); ++i) {
    if (damaged[i] == ',' && left-- == 0) return damaged.erase(i, 1);
  }
  return damaged;
}

constexpr auto parameter_list = std::to_array<Mutation>({
    {"comma-removed", "two parameters with no comma between them", without_a_comma},
});

}  // namespace

std::span<const Mutation> challenge_mutations() noexcept { return parameter_list; }

std::span<const Mutation> credentials_mutations() noexcept { return parameter_list; }

std::span<const Mutation> message_mutations() noexcept { return parameter_list; }

Mutated mutate(std::span<const Mutation> table, std::string_view text, Random& random,
               std::size_t most_bytes) {
  constexpr int most_tries = 8;
  for (int i = 0; i < most_tries && !table.empty(); ++i) {
    const auto& mutation = table[random.below(table.size())];
    auto damaged = mutation.apply(text, random);
    if (damaged != text && damaged.size() <= most_bytes) return {std::move(damaged), mutation.name};
  }
  return {std::string{text}};
}

}  // namespace sipauth::fuzz
