#include "fuzz/mutation.hpp"

#include <utility>

#include "fuzz/mutation_table.hpp"

namespace sipauth::fuzz {

Mutated mutate(std::span<const Mutation> table, std::string_view text, Random& random,
               std::size_t most_bytes) {
  // Of the rows for messages a third finds something to damage in a plain request.
  constexpr int most_tries = 32;
  for (int i = 0; i < most_tries && !table.empty(); ++i) {
    const auto& mutation = table[random.below(table.size())];
    auto damaged = mutation.apply(text, random);
    if (damaged != text && damaged.size() <= most_bytes) return {std::move(damaged), mutation.name};
  }
  return {std::string{text}};
}

MutatedOften mutate_often(std::span<const Mutation> table, std::string_view text, Random& random,
                          std::size_t most_bytes) {
  MutatedOften damaged{std::string{text}};
  const auto times = random.one_in(3) ? 2 + random.below(most_stacked - 1) : 1;
  for (std::size_t i = 0; i < times; ++i) {
    auto once = mutate(table, damaged.text, random, most_bytes);
    if (once.name.empty()) break;
    damaged.text = std::move(once.text);
    damaged.names.push_back(once.name);
  }
  return damaged;
}

std::string apply_inside(std::string_view text, Random& random, TableOf table, FindPart find,
                         std::size_t index) {
  const auto part = find(text, random);
  if (part.data() == nullptr) return std::string{text};
  return replaced(text, part, table()[index].apply(part, random));
}

}  // namespace sipauth::fuzz
