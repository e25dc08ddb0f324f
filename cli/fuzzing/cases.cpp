#include "fuzzing/cases.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "fuzz/mutation.hpp"
#include "fuzz/random.hpp"
#include "fuzzing/value_mutations.hpp"
#include "sipauth/message.hpp"

namespace sipauth::fuzzing {
namespace {

using fuzz::Random;
using Table = std::span<const fuzz::Mutation>;

// Headers whose grammar is known to the mutations.
struct Grammar {
  HeaderId header;
  Table (*table)() noexcept;
};
constexpr auto grammars =
    std::to_array<Grammar>({{HeaderId::authorization, fuzz::credentials_mutations},
                            {HeaderId::proxy_authorization, fuzz::credentials_mutations},
                            {HeaderId::www_authenticate, fuzz::challenge_mutations},
                            {HeaderId::proxy_authenticate, fuzz::challenge_mutations}});

// What is damaged: a part of the message, by its place in it.
struct Place {
  std::string name;
  std::size_t begin = 0;
  std::size_t size = 0;
  Table table = {};  ///< besides value_mutations()
};

Place place_of(const Header& header, std::string_view text) {
  const auto grammar = std::ranges::find(grammars, header.id, &Grammar::header);
  return {.name = std::string{header.name},
          .begin = static_cast<std::size_t>(header.value.data() - text.data()),
          .size = header.value.size(),
          .table = grammar == grammars.end() ? Table{} : grammar->table()};
}

Place whole(std::string_view text) {
  return {.name = "message", .begin = 0, .size = text.size(), .table = fuzz::message_mutations()};
}

Place draw_place(std::string_view text, Random& random) {
  constexpr std::size_t of_message = 4;  // one in so many
  Diagnostics ignored;
  const auto message = Message::parse(text, ignored);
  if (!message) return whole(text);
  std::vector<Place> authentication;
  std::vector<Place> others;
  for (const auto& header : message->headers()) {
    auto place = place_of(header, text);
    if (place.size == 0) continue;
    (place.table.empty() ? others : authentication).push_back(std::move(place));
  }
  const auto one_of = [&](std::vector<Place>& places) {
    return std::move(places[random.below(places.size())]);
  };
  if (!authentication.empty() && random.one_in(2)) return one_of(authentication);
  if (others.empty() || random.one_in(of_message / 2)) return whole(text);
  return one_of(others);
}

std::string damage(std::string& text, Random& random, std::size_t most_bytes) {
  const auto place = draw_place(text, random);
  const auto rest = text.size() - place.size;
  const auto room = most_bytes > rest ? most_bytes - rest : 0;
  const auto value = std::string_view{text}.substr(place.begin, place.size);
  constexpr std::size_t without_grammar = 3;  // one in so many
  fuzz::Mutated mutated{.text = std::string{value}};
  if (!place.table.empty() && !random.one_in(without_grammar)) {
    mutated = fuzz::mutate(place.table, value, random, room);
  }
  if (mutated.name.empty()) mutated = fuzz::mutate(value_mutations(), value, random, room);
  text.replace(place.begin, place.size, mutated.text);
  return fmt::format("{}: {}", place.name, mutated.name.empty() ? "unchanged" : mutated.name);
}

}  // namespace

std::uint64_t seed_of_case(std::uint64_t number, std::uint64_t seed) noexcept {
  return Random{seed ^ Random{number}.next()}.next();
}

Case draw_case(std::uint64_t number, std::uint64_t seed, const ValidMessage& valid,
               std::size_t most_bytes) {
  constexpr std::size_t damaged_twice = 4;  // one in so many
  Random random{seed_of_case(number, seed)};
  auto text = valid.text;
  auto mutation = damage(text, random, most_bytes);
  if (random.one_in(damaged_twice)) mutation += " + " + damage(text, random, most_bytes);
  return {.number = number,
          .text = with_placeholders(text, valid.fresh),
          .mutation = std::move(mutation)};
}

}  // namespace sipauth::fuzzing
