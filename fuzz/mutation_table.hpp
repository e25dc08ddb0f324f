// Tables of mutations, put together from parts and from the tables of what lies inside.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fuzz/mutation.hpp"
#include "fuzz/mutation_text.hpp"

namespace sipauth::fuzz {

template <std::size_t... sizes>
consteval std::array<Mutation, (sizes + ...)> concatenated(
    const std::array<Mutation, sizes>&... tables) {
  std::array<Mutation, (sizes + ...)> all{};
  auto* end = all.data();
  ((end = std::ranges::copy(tables, end).out), ...);
  return all;
}

/// Rows of any table.
inline constexpr auto text_rows = std::to_array<Mutation>({
    {"cut-short", "cut anywhere", cut_short},
    {"odd-byte", "a control, a delimiter or broken UTF-8 anywhere", with_an_odd_byte},
    {"byte-changed", "one bit of a byte anywhere", with_a_byte_changed},
    {"run-repeated", "a run of bytes twice", with_a_run_repeated},
    {"format-string", "what a format string or a shell would read", with_a_format_string},
});

// --- What lies inside of something larger is damaged by its own table. ---

using TableOf = std::span<const Mutation> (*)() noexcept;

/// The part of a text that a table is about; a view of nothing (nullptr) where there is none.
using FindPart = std::string_view (*)(std::string_view text, Random& random);

/// The row `index` of `table`, applied to what `find` finds.
std::string apply_inside(std::string_view text, Random& random, TableOf table, FindPart find,
                         std::size_t index);

template <TableOf table, FindPart find, std::size_t index>
std::string damaged_inside(std::string_view text, Random& random) {
  return apply_inside(text, random, table, find, index);
}

/// Appends the rows of `table`, applied to what `find` finds, under their own names. It must not
/// have more than `most` rows: a function is made for each.
template <TableOf table, FindPart find, std::size_t most>
void append_rows_of(std::vector<Mutation>& rows) {
  constexpr auto appliers = []<std::size_t... indices>(std::index_sequence<indices...>) {
    return std::array{&damaged_inside<table, find, indices>...};
  }(std::make_index_sequence<most>{});
  const auto inside = table();
  for (std::size_t i = 0; i < std::min(inside.size(), most); ++i) {
    rows.push_back({.name = inside[i].name, .about = inside[i].about, .apply = appliers[i]});
  }
}

inline constexpr std::size_t most_list_rows = 80;   ///< of challenges and their like
inline constexpr std::size_t most_value_rows = 32;  ///< of addresses and their like

}  // namespace sipauth::fuzz
