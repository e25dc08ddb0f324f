// The tables for challenges, credentials and authentication-info.
#include <algorithm>
#include <array>

#include "fuzz/mutation.hpp"
#include "fuzz/mutation_list.hpp"
#include "fuzz/mutation_pair.hpp"
#include "fuzz/mutation_spellings.hpp"
#include "fuzz/mutation_table.hpp"
#include "sipauth/text.hpp"

namespace sipauth::fuzz {
namespace {

using enum Reach;

// --- The whole value. ---

std::string comma_at_an_end(std::string_view text, Random& random) {
  constexpr auto ends = std::to_array<std::string_view>({",", ", ", " ,", ",,"});
  const auto comma = drawn(ends, random);
  if (random.one_in(2)) return joined({text, comma});
  const auto blank = text.find(' ');
  return blank == std::string_view::npos ? joined({comma, text}) : inserted(text, blank + 1, comma);
}

std::string scheme_respelled(std::string_view text, Random& random) {
  constexpr auto schemes = std::to_array<std::string_view>(
      {"digest ",  "DIGEST ",  "Digest  ", "Digest\t",       "Digest\r\n ", "Digest",
       "Digest, ", "Digest: ", "Digest=",  "Basic ",         "Bearer ",     "Negotiate ",
       "NTLM ",    "",         " ",        "Digest Digest ", "\"Digest\" ", "Digest realm ",
       "x ",       "Diges",    "AKA "});
  const auto blank = std::min(text.find_first_of(" \t\r\n"), text.size());
  const auto rest = trim(text.substr(blank));
  return joined({drawn(schemes, random), rest});
}

std::string merged(std::string_view text, Random& random) {
  constexpr auto others = std::to_array<std::string_view>(
      {"Digest realm=\"other\", nonce=\"m\"", "Bearer realm=\"other\"", "Basic realm=\"other\"",
       "Basic YWxpY2U6c2VjcmV0", "Digest", "Digest ", "Digest username=\"bob\", realm=\"other\""});
  constexpr auto gaps = std::to_array<std::string_view>({", ", ",", " ", "; ", ",\r\n "});
  const auto other = random.one_in(2) ? text : drawn(others, random);
  const auto gap = drawn(gaps, random);
  return random.one_in(2) ? joined({text, gap, other}) : joined({other, gap, text});
}

std::string parameters_lost(std::string_view text, Random& random) {
  const auto blank = std::min(text.find_first_of(" \t\r\n"), text.size());
  return joined({text.substr(0, blank), random.one_in(2) ? " " : ""});
}

// --- The rows. ---

constexpr auto list_rows = std::to_array<Mutation>({
    {"comma-removed", "no comma between two parameters", at_a_gap<without_comma>, layout},
    {"commas-removed", "no comma between any two", at_all_gaps<without_comma>, layout},
    {"comma-doubled", "two commas, or more", at_a_gap<comma_doubled>, layout},
    {"comma-to-semicolon", "a semicolon between two parameters", at_a_gap<semicolon>, layout},
    {"semicolons", "semicolons between all", at_all_gaps<semicolon>, layout},
    {"comma-at-an-end", "a comma that leads or trails", comma_at_an_end, layout},
    {"blanks-round-comma", "blanks, tabs or folds round a comma", at_a_gap<blanks_round_comma>,
     layout},
    {"folded", "blanks, tabs or folds round all commas", at_all_gaps<blanks_round_comma>, layout},
    {"no-blanks", "nothing but commas between the parameters", at_all_gaps<comma_alone>, layout},
    {"gap-lost", "nothing at all between two parameters", at_a_gap<without_anything>},
    {"line-broken", "a line break behind a comma that folds nothing", at_a_gap<line_broken>,
     layout},
    {"blanks-round-equals", "blanks, tabs or folds round =", at_a_parameter<blanks_round_equals>,
     layout},
    {"swapped", "two parameters in each other's place", with_two_swapped, layout},
    {"shuffled", "all parameters in another order", with_all_shuffled, layout},
    {"dropped", "one parameter less", without_a_parameter, parameter},
    {"doubled", "one parameter twice", at_a_parameter<doubled>, parameter},
    {"doubled-otherwise", "one parameter twice, with another value",
     at_a_parameter<doubled_with_another_value>, parameter},
    {"name-case", "a name in another case", at_a_parameter<name_in_other_case>, parameter},
    {"name-misspelled", "a name with a letter too few or too many", at_a_parameter<name_misspelled>,
     parameter},
    {"name-lost", "a value without its name", at_a_parameter<name_lost>},
    {"value-lost", "a name with nothing behind it", at_a_parameter<value_lost>, parameter},
    {"value-emptied", "an empty quoted value", at_a_parameter<value_emptied>, parameter},
    {"equals-respelled", "another sign than =, or two", at_a_parameter<equals_respelled>},
    {"unquoted", "a value without its quotes", at_a_parameter<unquoted>, parameter},
    {"quoted", "a value in quotes, whether it may or not", at_a_parameter<quoted>, parameter},
    {"single-quoted", "a value in single quotes", at_a_parameter<single_quoted>, parameter},
    {"quote-unbalanced", "a value with one quote", at_a_parameter<quote_unbalanced>, parameter},
    {"quotes-doubled", "a value in two pairs of quotes", at_a_parameter<quotes_doubled>},
    {"backslash-at-the-end", "a backslash that escapes the closing quote",
     at_a_parameter<backslash_at_the_end>, parameter},
    {"escaped-character", "a quoted pair in a value", at_a_parameter<escaped_character>, parameter},
    {"bare-quote-inside", "a quote in a value that is not escaped",
     at_a_parameter<bare_quote_inside>},
    {"odd-byte-inside", "a control, a delimiter or broken UTF-8 in a value",
     at_a_parameter<odd_byte_inside>},
    {"grown", "a value longer by up to 8192 bytes", at_a_parameter<grown>, parameter},
    {"cut", "a value that lost its end", at_a_parameter<cut>, parameter},
    {"value-case", "a value in another case", at_a_parameter<value_in_other_case>, parameter},
    {"number-instead", "a number at a boundary as the value", at_a_parameter<number_instead>,
     parameter},
    {"unknown-added", "parameters that nobody knows, up to far too many", with_unknown_parameters},
    {"ends-in-a-parameter", "cut in a name, behind =, in a quote or behind a backslash",
     cut_in_a_parameter},
});

constexpr auto scheme_rows = std::to_array<Mutation>({
    {"scheme-respelled", "another scheme, none, two, or with a comma behind it", scheme_respelled},
    {"merged", "something else in the same row", merged},
    {"parameters-lost", "the scheme alone", parameters_lost},
    {"realm-respelled", "realms that parsers disagree about", respelled<realm_spellings>,
     parameter},
    {"nonce-respelled", "nonces that parsers disagree about", respelled<nonce_spellings>,
     parameter},
    {"nonce-doubled", "two nonces that differ", doubled_otherwise<nonce_spellings>, parameter},
    {"algorithm-respelled", "algorithms, known and unknown, in quotes or another case",
     respelled<algorithm_spellings>, parameter},
    {"algorithm-doubled", "two algorithms", doubled_otherwise<algorithm_spellings>, parameter},
    {"opaque-respelled", "opaque values in quotes, bare, empty", respelled<opaque_spellings>,
     parameter},
    {"userhash-respelled", "userhash (RFC 7616 3.4.4)", respelled<userhash_spellings>, parameter},
});

constexpr auto challenge_rows = std::to_array<Mutation>({
    {"stale-respelled", "stale as real software writes it, or nearly", respelled<stale_spellings>,
     parameter},
    {"stale-doubled", "two values of stale", doubled_otherwise<stale_spellings>, parameter},
    {"qop-respelled", "qop lists that phones stumble over", respelled<offered_qop_spellings>,
     parameter},
    {"qop-doubled", "two qop lists", doubled_otherwise<offered_qop_spellings>, parameter},
    {"charset-respelled", "charset (RFC 7616 4)", respelled<charset_spellings>, parameter},
    {"domain-respelled", "domain lists in quotes, bare, empty", respelled<domain_spellings>,
     parameter},
});

constexpr auto answer_rows = std::to_array<Mutation>({
    {"qop-respelled", "qop of an answer, in quotes or unknown", respelled<chosen_qop_spellings>,
     parameter},
    {"nc-respelled", "nonce counts at boundaries, decimal, too short or too long",
     respelled<nc_spellings>, parameter},
    {"cnonce-respelled", "cnonces bare, empty, open", respelled<cnonce_spellings>, parameter},
});

constexpr auto credentials_rows = std::to_array<Mutation>({
    {"username-respelled", "user names that parsers disagree about", respelled<username_spellings>,
     parameter},
    {"username-doubled", "two user names", doubled_otherwise<username_spellings>, parameter},
    {"extended-username", "username* (RFC 5987), beside username",
     respelled<extended_username_spellings>, parameter},
    {"uri-respelled", "digest URIs that are no SIP URI, or hardly", respelled<digest_uri_spellings>,
     parameter},
    {"response-respelled", "responses of a wrong length, case or alphabet",
     respelled<response_spellings>, parameter},
    {"response-doubled", "two responses", doubled_otherwise<response_spellings>, parameter},
    {"nc-doubled", "two nonce counts", doubled_otherwise<nc_spellings>, parameter},
    {"auts-respelled", "auts (RFC 3310), of a wrong length or alphabet", respelled<auts_spellings>,
     parameter},
});

constexpr auto info_rows = std::to_array<Mutation>({
    {"nextnonce-respelled", "nonces that parsers disagree about", respelled<nextnonce_spellings>,
     parameter},
    {"rspauth-respelled", "rspauth of a wrong length, case or alphabet",
     respelled<rspauth_spellings>, parameter},
});

constexpr auto of_challenge = concatenated(list_rows, text_rows, scheme_rows, challenge_rows);
constexpr auto of_credentials =
    concatenated(list_rows, text_rows, scheme_rows, answer_rows, credentials_rows);
constexpr auto of_info = concatenated(list_rows, text_rows, answer_rows, info_rows);

}  // namespace

std::span<const Mutation> challenge_mutations() noexcept { return of_challenge; }

std::span<const Mutation> credentials_mutations() noexcept { return of_credentials; }

std::span<const Mutation> authentication_info_mutations() noexcept { return of_info; }

}  // namespace sipauth::fuzz
