// Damage to one parameter of a list, and to what stands between two.
#pragma once

#include <string>
#include <string_view>

#include "fuzz/mutation_list.hpp"

namespace sipauth::fuzz {

// --- What stands between two parameters. ---

std::string without_comma(std::string_view gap, Random& random);
std::string without_anything(std::string_view gap, Random& random);
std::string comma_doubled(std::string_view gap, Random& random);
std::string semicolon(std::string_view gap, Random& random);
std::string blanks_round_comma(std::string_view gap, Random& random);
std::string line_broken(std::string_view gap, Random& random);
std::string comma_alone(std::string_view gap, Random& random);

// --- One parameter. ---

std::string doubled(const WrittenPair& pair, Random& random);
std::string doubled_with_another_value(const WrittenPair& pair, Random& random);
std::string name_in_other_case(const WrittenPair& pair, Random& random);
std::string name_misspelled(const WrittenPair& pair, Random& random);
std::string name_lost(const WrittenPair& pair, Random& random);
std::string value_lost(const WrittenPair& pair, Random& random);
std::string value_emptied(const WrittenPair& pair, Random& random);
std::string equals_respelled(const WrittenPair& pair, Random& random);
std::string blanks_round_equals(const WrittenPair& pair, Random& random);
std::string unquoted(const WrittenPair& pair, Random& random);
std::string quoted(const WrittenPair& pair, Random& random);
std::string single_quoted(const WrittenPair& pair, Random& random);
std::string quote_unbalanced(const WrittenPair& pair, Random& random);
std::string quotes_doubled(const WrittenPair& pair, Random& random);
std::string backslash_at_the_end(const WrittenPair& pair, Random& random);
std::string escaped_character(const WrittenPair& pair, Random& random);
std::string bare_quote_inside(const WrittenPair& pair, Random& random);
std::string odd_byte_inside(const WrittenPair& pair, Random& random);
std::string grown(const WrittenPair& pair, Random& random);
std::string cut(const WrittenPair& pair, Random& random);
std::string value_in_other_case(const WrittenPair& pair, Random& random);
std::string number_instead(const WrittenPair& pair, Random& random);

}  // namespace sipauth::fuzz
