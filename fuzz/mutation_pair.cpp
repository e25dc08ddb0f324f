#include "fuzz/mutation_pair.hpp"

#include <algorithm>
#include <array>

#include "sipauth/text.hpp"

namespace sipauth::fuzz {
namespace {

std::string with_in_quotes(const WrittenPair& pair, std::size_t at, std::string_view what) {
  return joined({pair.name, pair.equals, "\"", inserted(pair.value, at, what), "\""});
}

}  // namespace

// --- What stands between two parameters. ---

std::string without_comma(std::string_view gap, Random& random) {
  std::string rest{gap};
  std::erase(rest, ',');
  return random.one_in(4) ? std::string{" "} : rest.empty() ? std::string{" "} : rest;
}

std::string without_anything(std::string_view, Random&) { return {}; }

std::string comma_doubled(std::string_view gap, Random& random) {
  constexpr auto commas = std::to_array<std::string_view>({",,", ", ,", ",,,,", " , , "});
  return joined({drawn(commas, random), gap.ends_with(' ') ? " " : ""});
}

std::string semicolon(std::string_view, Random& random) {
  constexpr auto separators = std::to_array<std::string_view>({"; ", ";", " ; ", ";,", ",;"});
  return std::string{drawn(separators, random)};
}

std::string blanks_round_comma(std::string_view, Random& random) {
  constexpr auto separators = std::to_array<std::string_view>(
      {" , ", "\t,\t", ",\r\n ", ",\r\n\t", "\r\n , ", " ,", ",      ", ",\r\n \r\n "});
  return std::string{drawn(separators, random)};
}

std::string line_broken(std::string_view, Random& random) {
  constexpr auto separators =
      std::to_array<std::string_view>({",\r\n", ",\n", ",\r", "\r\n", ",\n ", ",\r "});
  return std::string{drawn(separators, random)};
}

std::string comma_alone(std::string_view, Random&) { return ","; }

// --- One parameter. ---

std::string doubled(const WrittenPair& pair, Random&) {
  return joined(
      {pair.name, pair.equals, pair.notation, ", ", pair.name, pair.equals, pair.notation});
}

std::string doubled_with_another_value(const WrittenPair& pair, Random& random) {
  constexpr auto others = std::to_array<std::string_view>({"\"other\"", "other", "\"\"", "1"});
  const auto other = joined({pair.name, "=", drawn(others, random)});
  const auto same_again = joined({pair.name, pair.equals, pair.notation});
  return random.one_in(2) ? joined({same_again, ", ", other}) : joined({other, ", ", same_again});
}

std::string name_in_other_case(const WrittenPair& pair, Random& random) {
  std::string name{pair.name};
  const bool all = random.one_in(2);
  for (std::size_t i = 0; i < name.size() && (all || i == 0); ++i) {
    if (is_alpha(name[i])) name[i] = static_cast<char>(static_cast<unsigned char>(name[i]) ^ 0x20U);
  }
  return joined({name, pair.equals, pair.notation});
}

std::string name_misspelled(const WrittenPair& pair, Random& random) {
  std::string name{pair.name};
  const auto at = random.below(name.size());
  switch (random.below(3)) {
    case 0:
      name.erase(at, 1);
      break;
    case 1:
      name.insert(at, 1, name[at]);
      break;
    default:
      name += drawn(format_strings, random);
      break;
  }
  return joined({name, pair.equals, pair.notation});
}

std::string name_lost(const WrittenPair& pair, Random&) {
  return joined({pair.equals, pair.notation});
}

std::string value_lost(const WrittenPair& pair, Random& random) {
  return random.one_in(2) ? std::string{pair.name} : joined({pair.name, pair.equals});
}

std::string value_emptied(const WrittenPair& pair, Random&) {
  return joined({pair.name, pair.equals, "\"\""});
}

std::string equals_respelled(const WrittenPair& pair, Random& random) {
  constexpr auto signs = std::to_array<std::string_view>({"==", ":", ": ", " ", "=,", "%3D", "=="});
  return joined({pair.name, drawn(signs, random), pair.notation});
}

std::string blanks_round_equals(const WrittenPair& pair, Random& random) {
  constexpr auto signs = std::to_array<std::string_view>(
      {" = ", "= ", " =", "\t=\t", "=\r\n ", "\r\n =", "\r\n\t=\r\n\t"});
  return joined({pair.name, drawn(signs, random), pair.notation});
}

std::string unquoted(const WrittenPair& pair, Random&) {
  return joined({pair.name, pair.equals, pair.value});
}

std::string quoted(const WrittenPair& pair, Random&) {
  return joined({pair.name, pair.equals, "\"", pair.value, "\""});
}

std::string single_quoted(const WrittenPair& pair, Random&) {
  return joined({pair.name, pair.equals, "'", pair.value, "'"});
}

std::string quote_unbalanced(const WrittenPair& pair, Random& random) {
  return random.one_in(2) ? joined({pair.name, pair.equals, "\"", pair.value})
                          : joined({pair.name, pair.equals, pair.value, "\""});
}

std::string quotes_doubled(const WrittenPair& pair, Random&) {
  return joined({pair.name, pair.equals, "\"\"", pair.value, "\"\""});
}

std::string backslash_at_the_end(const WrittenPair& pair, Random&) {
  return joined({pair.name, pair.equals, "\"", pair.value, "\\\""});
}

std::string escaped_character(const WrittenPair& pair, Random& random) {
  constexpr auto escapes =
      std::to_array<std::string_view>({"\\\"", "\\\\", "\\,", "\\a", "\\\\\\\"", "\\ "});
  return with_in_quotes(pair, random.below(pair.value.size() + 1), drawn(escapes, random));
}

std::string bare_quote_inside(const WrittenPair& pair, Random& random) {
  return with_in_quotes(pair, random.below(pair.value.size() + 1), "\"");
}

std::string odd_byte_inside(const WrittenPair& pair, Random& random) {
  const auto at = random.below(pair.value.size() + 1);
  if (pair.quoted) return with_in_quotes(pair, at, drawn(odd_bytes, random));
  return joined({pair.name, pair.equals, inserted(pair.value, at, drawn(odd_bytes, random))});
}

std::string grown(const WrittenPair& pair, Random& random) {
  // In the alphabet of the value, as far as it has one.
  const char fill = pair.value.empty() ? 'a' : pair.value[random.below(pair.value.size())];
  const std::string more(drawn_length(random, 8'192), is_token(fill) ? fill : 'a');
  if (pair.quoted) return with_in_quotes(pair, pair.value.size(), more);
  return joined({pair.name, pair.equals, pair.value, more});
}

std::string cut(const WrittenPair& pair, Random& random) {
  const auto shorter = pair.value.substr(0, random.below(pair.value.size()));
  return pair.quoted ? joined({pair.name, pair.equals, "\"", shorter, "\""})
                     : joined({pair.name, pair.equals, shorter});
}

std::string value_in_other_case(const WrittenPair& pair, Random& random) {
  std::string value{pair.notation};
  const bool all = random.one_in(2);
  for (auto& c : value) {
    if (is_alpha(c) && (all || random.one_in(4))) {
      c = static_cast<char>(static_cast<unsigned char>(c) ^ 0x20U);
    }
  }
  return joined({pair.name, pair.equals, value});
}

std::string number_instead(const WrittenPair& pair, Random& random) {
  return joined({pair.name, pair.equals, drawn(odd_numbers, random)});
}

}  // namespace sipauth::fuzz
