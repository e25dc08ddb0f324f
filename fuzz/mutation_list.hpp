// Damage to a list of parameters: `Digest realm="r", nonce="n"` as the library reads it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fuzz/mutation_text.hpp"
#include "sipauth/auth_params.hpp"

namespace sipauth::fuzz {

/// A challenge, credentials or authentication-info, whichever the text looks like; of challenges
/// merged into one row any. No parameters where nothing can be read.
[[nodiscard]] std::vector<Parameter> read_parameters(std::string_view text, Random& random);

/// One parameter in its parts: `nonce` `=` `"n"`.
struct WrittenPair {
  std::string_view name;
  std::string_view equals;    ///< with the blanks round it; empty when it is missing
  std::string_view notation;  ///< the value with its quotes
  std::string_view value;
  bool quoted = false;
};

using RewritePair = std::string (*)(const WrittenPair& pair, Random& random);
using RewriteGap = std::string (*)(std::string_view gap, Random& random);

/// The first parameter, from one that is drawn on, that `rewrite` changes.
[[nodiscard]] std::string rewrite_a_parameter(std::string_view text, Random& random,
                                              RewritePair rewrite);

/// What stands between two parameters.
[[nodiscard]] std::string rewrite_a_gap(std::string_view text, Random& random, RewriteGap rewrite);
[[nodiscard]] std::string rewrite_all_gaps(std::string_view text, Random& random,
                                           RewriteGap rewrite);

/// A name, and how its value is or may be written, quotes included.
struct Spellings {
  std::string_view name;
  Texts notations;
};

/// The parameter with one of these notations; added in front or behind where there is none.
[[nodiscard]] std::string respell(std::string_view text, Random& random,
                                  const Spellings& spellings);

/// Another one of that name, with one of these notations, in front of it or at the end.
[[nodiscard]] std::string double_otherwise(std::string_view text, Random& random,
                                           const Spellings& spellings);

// --- The same as what a row of a table holds. ---

template <RewritePair rewrite>
std::string at_a_parameter(std::string_view text, Random& random) {
  return rewrite_a_parameter(text, random, rewrite);
}

template <RewriteGap rewrite>
std::string at_a_gap(std::string_view text, Random& random) {
  return rewrite_a_gap(text, random, rewrite);
}

template <RewriteGap rewrite>
std::string at_all_gaps(std::string_view text, Random& random) {
  return rewrite_all_gaps(text, random, rewrite);
}

template <const Spellings& spellings>
std::string respelled(std::string_view text, Random& random) {
  return respell(text, random, spellings);
}

template <const Spellings& spellings>
std::string doubled_otherwise(std::string_view text, Random& random) {
  return double_otherwise(text, random, spellings);
}

// --- Whole parameters. ---

std::string without_a_parameter(std::string_view text, Random& random);
std::string with_two_swapped(std::string_view text, Random& random);
std::string with_all_shuffled(std::string_view text, Random& random);
std::string with_unknown_parameters(std::string_view text, Random& random);

/// Ends in the name of a parameter, behind its equals sign, or in its value.
std::string cut_in_a_parameter(std::string_view text, Random& random);

}  // namespace sipauth::fuzz
