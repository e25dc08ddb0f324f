// Damage to the header rows of a message, whatever their values are.
#pragma once

#include <string>
#include <string_view>

#include "fuzz/mutation_rows.hpp"

namespace sipauth::fuzz {

/// The value of one of those headers; a view of nothing (nullptr) where there is none.
template <HeaderId... ids>
std::string_view value_of(std::string_view text, Random& random) {
  const auto rows = read_rows(text);
  const auto* row = drawn_row(rows, {ids...}, random);
  return row == nullptr ? std::string_view{} : row->value;
}

std::string header_dropped(std::string_view text, Random& random);
std::string header_doubled(std::string_view text, Random& random);
std::string header_doubled_otherwise(std::string_view text, Random& random);
std::string headers_swapped(std::string_view text, Random& random);
std::string header_added(std::string_view text, Random& random);
std::string many_headers(std::string_view text, Random& random);

std::string header_name_form(std::string_view text, Random& random);
std::string header_name_case(std::string_view text, Random& random);
std::string header_name_odd(std::string_view text, Random& random);
std::string header_colon(std::string_view text, Random& random);

std::string header_line_end(std::string_view text, Random& random);
std::string all_line_ends(std::string_view text, Random& random);
std::string header_folded(std::string_view text, Random& random);

std::string header_value_grown(std::string_view text, Random& random);
std::string header_value_emptied(std::string_view text, Random& random);
std::string header_value_odd(std::string_view text, Random& random);
std::string header_value_format_string(std::string_view text, Random& random);
std::string header_number(std::string_view text, Random& random);

std::string auth_row_split(std::string_view text, Random& random);
std::string auth_rows_merged(std::string_view text, Random& random);
std::string auth_header_renamed(std::string_view text, Random& random);

}  // namespace sipauth::fuzz
