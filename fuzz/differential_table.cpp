// Why other libraries read other things, and who is right.
#include <algorithm>
#include <array>

#include "fuzz/differential.hpp"
#include "sipauth/text.hpp"

namespace sipauth::fuzz {
namespace {

using enum Difference;
using enum Place;
using enum Right;

constexpr auto values = std::to_array<Difference>({missing, extra, another});
constexpr auto all = std::to_array<Difference>({missing, extra, another, rejected});
constexpr auto only_missing = std::to_array<Difference>({missing});
constexpr auto only_extra = std::to_array<Difference>({extra});
constexpr auto only_rejected = std::to_array<Difference>({rejected});
constexpr auto only_accepted = std::to_array<Difference>({accepted});

// --- What is broken. ---

constexpr auto missing_comma = std::to_array<RuleId>({"SL-missing-comma"});
constexpr auto semicolons = std::to_array<RuleId>({"SL-semicolon"});
constexpr auto empty_elements = std::to_array<RuleId>({"SL-empty-element"});
constexpr auto no_parameters = std::to_array<RuleId>({"SL-not-a-parameter", "SL-text-after-value"});
constexpr auto open_strings = std::to_array<RuleId>({"SL-open-string"});
constexpr auto stray_quotes =
    std::to_array<RuleId>({"SL-open-string", "SL-text-after-value", "SL-not-a-parameter"});
constexpr auto merged = std::to_array<RuleId>({"SL-merged-challenges", "SL-merged-credentials"});
constexpr auto single_quotes = std::to_array<RuleId>({"SL-single-quotes"});
constexpr auto typographic_quotes = std::to_array<RuleId>({"SL-typographic-quotes"});
constexpr auto empty_values = std::to_array<RuleId>({"SL-empty-value"});
constexpr auto unquoted = std::to_array<RuleId>(
    {"SL-unquoted-string", "SL-unquoted-qop", "SL-unquoted-opaque", "SL-unquoted-domain"});
constexpr auto no_tokens = std::to_array<RuleId>({"SL-not-a-token", "SL-bad-ext-value"});
constexpr auto cut_short =
    std::to_array<RuleId>({"SL-not-a-token", "SL-bad-ext-value", "SL-unquoted-string",
                           "SL-unquoted-qop", "SL-unquoted-opaque", "SL-unquoted-domain"});
constexpr auto quoted = std::to_array<RuleId>(
    {"SL-quoted-algorithm", "SL-quoted-stale", "SL-quoted-qop", "SL-quoted-nc"});
constexpr auto repeated =
    std::to_array<RuleId>({"SL-duplicate-required", "SL-duplicate-parameter"});
constexpr auto odd_stale = std::to_array<RuleId>({"SL-stale-not-boolean"});

// --- What no rule forbids. ---

bool lacks(const Compared& compared, Field field) { return !compared.own[field]; }

bool lacks_what_libre_needs(const Compared& compared, const Disagreement&) {
  if (lacks(compared, Field::realm) || lacks(compared, Field::nonce)) return true;
  return compared.kind == HeaderKind::credentials &&
         (lacks(compared, Field::username) || lacks(compared, Field::uri) ||
          lacks(compared, Field::response));
}

bool has_no_parameters(const Compared& compared, const Disagreement&) {
  return compared.parameters.empty();
}

bool is_empty(const Compared& compared, const Disagreement& disagreement) {
  return compared.own[disagreement.field] && compared.own[disagreement.field]->empty();
}

bool is_short_without_quotes(const Compared& compared, const Disagreement& disagreement) {
  const auto name = field_name(disagreement.field);
  return std::ranges::any_of(compared.parameters, [&](const Parameter& parameter) {
    return same(parameter.name, name) && !parameter.quoted && parameter.value.size() <= 2;
  });
}

// A name that begins like that of a field, whichever differs.
bool has_a_name_that_goes_on(const Compared& compared, const Disagreement&) {
  for (std::size_t field = 1; field < field_count; ++field) {
    const auto name = field_name(static_cast<Field>(field));
    if (std::ranges::any_of(compared.parameters, [&](const Parameter& parameter) {
          return parameter.name.size() > name.size() &&
                 same(parameter.name.substr(0, name.size()), name);
        })) {
      return true;
    }
  }
  return false;
}

bool has_a_parameter_called_digest(const Compared& compared, const Disagreement&) {
  return std::ranges::any_of(compared.parameters, [](const Parameter& parameter) {
    return same(parameter.name, "Digest");
  });
}

bool has_a_tab_round_equals(const Compared& compared, const Disagreement&) {
  return compared.text.find("\t=") != std::string::npos ||
         compared.text.find("=\t") != std::string::npos;
}

bool has_a_tab_behind_its_scheme(const Compared& compared, const Disagreement&) {
  return compared.text.find_first_of(" \t") == compared.text.find('\t');
}

bool has_a_name_of_more_than_letters(const Compared& compared, const Disagreement&) {
  return std::ranges::any_of(compared.parameters, [](const Parameter& parameter) {
    return parameter.quoted && !std::ranges::all_of(parameter.name, is_alpha);
  });
}

bool are_credentials(const Compared& compared, const Disagreement&) {
  return compared.kind == HeaderKind::credentials;
}

bool has_too_many(const Compared& compared, const Disagreement&) {
  return compared.error && compared.error->kind == ParseError::Kind::too_many_parameters;
}

bool has_no_scheme(const Compared& compared, const Disagreement&) {
  return compared.error && compared.error->kind == ParseError::Kind::not_a_scheme;
}

constexpr auto algorithm_alone = std::to_array<Field>({Field::algorithm});
constexpr auto stale_alone = std::to_array<Field>({Field::stale});

constexpr auto table = std::to_array<Explanation>({
    // The grammar is broken, and no RFC says what is to be read then.
    {.library = "",
     .differences = all,
     .rules = missing_comma,
     .reference = "RFC 3261 25.1",
     .why = "Without its comma a parameter is part of the value before it to those who read up to "
            "the next comma; here a value ends where it ends."},
    {.library = "",
     .differences = all,
     .rules = semicolons,
     .reference = "RFC 3261 25.1",
     .why = "A semicolon separates nothing to the others: it belongs to the value in front of it."},
    {.library = "",
     .differences = all,
     .rules = open_strings,
     .reference = "RFC 3261 25.1",
     .why =
         "Nothing says where an open string ends: here in front of the next `, name=`, elsewhere "
         "at the next quote or not at all."},
    {.library = "",
     .differences = all,
     .rules = no_parameters,
     .reference = "RFC 3261 25.1",
     .why = "What is no parameter is skipped here; others give up there, or take it for part of "
            "what is next to it."},
    {.library = "",
     .differences = all,
     .rules = merged,
     .place = anywhere,
     .reference = "RFC 3261 7.3.1",
     .why = "A second challenge in one row is not allowed, so none must read it; here the first "
            "ends in front of it, elsewhere its parameters replace the first's."},
    {.library = "",
     .differences = all,
     .rules = single_quotes,
     .place = anywhere,
     .reference = "RFC 3261 25.1",
     .why = "By the letter a single quote is a character of a token, and so the others read it; "
            "here it is reported and read as the quote that was meant."},
    {.library = "",
     .differences = all,
     .rules = typographic_quotes,
     .place = anywhere,
     .reference = "RFC 3261 25.1",
     .why = "The quotes of a word processor are no token's characters to the others; here they are "
            "reported and read as the quotes that were meant."},
    {.library = "",
     .differences = all,
     .rules = empty_elements,
     .right = ours,
     .reference = "RFC 9110 5.6.1.2",
     .why = "A recipient must skip a reasonable number of empty elements of a list."},
    {.library = "",
     .differences = all,
     .rules = empty_values,
     .reference = "RFC 3261 25.1",
     .why = "Neither a token nor a quoted string is this empty: absent to some, empty to others."},
    {.library = "",
     .differences = all,
     .rules = unquoted,
     .reference = "RFC 7616 3.3",
     .why = "A value that must be quoted and is not: libosip2 takes the next string in quotes "
            "instead, the others cut it at the first character that is no part of a token."},
    {.library = "",
     .differences = all,
     .rules = no_tokens,
     .reference = "RFC 3261 25.1",
     .why = "A value without quotes that holds what only quotes allow; others cut it there."},
    {.library = "",
     .differences = values,
     .rules = stray_quotes,
     .place = anywhere,
     .reference = "RFC 3261 25.1",
     .why = "libre and libosip2 look on for `name=value` wherever they stopped: behind a stray "
            "quote they find one inside of a string, and it may count."},
    // A parameter that stands twice.
    {.library = "libre",
     .differences = values,
     .rules = repeated,
     .place = in_it,
     .reference = "RFC 9110 11.2",
     .why = "It must stand once; libre takes the last, here the first counts."},
    {.library = "libosip2",
     .differences = values,
     .rules = repeated,
     .place = in_it,
     .reference = "RFC 9110 11.2",
     .why = "It must stand once; libosip2 takes the first that is not empty."},
    {.library = "Sofia-SIP",
     .differences = only_extra,
     .fields = stale_alone,
     .rules = repeated,
     .place = in_it,
     .reference = "RFC 9110 11.2",
     .why = "It must stand once; to Sofia-SIP one stale=true among others is enough."},
    {.library = "",
     .differences = values,
     .fields = stale_alone,
     .rules = odd_stale,
     .place = in_it,
     .right = ours,
     .reference = "RFC 7616 3.3",
     .why = "Anything but the word true is not true, whatever it begins with."},
    // Habits.
    {.library = "",
     .differences = only_rejected,
     .holds = has_no_parameters,
     .reference = "RFC 7616 3.3",
     .why = "A scheme alone cannot be answered; here it is read, and what is missing is reported."},
    {.library = "libre",
     .differences = only_rejected,
     .holds = lacks_what_libre_needs,
     .reference = "RFC 7616 3.3, 3.4",
     .why = "libre refuses what lacks a required parameter; here that is reported."},
    {.library = "libre",
     .differences = only_missing,
     .fields = algorithm_alone,
     .holds = are_credentials,
     .right = ours,
     .reference = "RFC 7616 3.4",
     .why = "libre does not look at the algorithm of credentials."},
    {.library = "libre",
     .differences = all,
     .holds = has_a_name_of_more_than_letters,
     .right = ours,
     .reference = "RFC 3261 25.1",
     .why =
         "A name is any token; libre knows names of letters, and of another takes the letters at "
         "the end and reads its string as if it were a token."},
    {.library = "libosip2",
     .differences = only_missing,
     .holds = is_empty,
     .right = ours,
     .reference = "RFC 3261 25.1",
     .why = "An empty quoted string is a value; libosip2 takes it for none."},
    {.library = "libosip2",
     .differences = values,
     .holds = is_short_without_quotes,
     .right = ours,
     .reference = "RFC 3261 25.1",
     .why = "A token may be one or two characters long; libosip2 looks for a longer one."},
    {.library = "libosip2",
     .differences = all,
     .holds = has_a_name_that_goes_on,
     .right = ours,
     .reference = "RFC 3261 25.1",
     .why = "libosip2 compares as much of a name as it knows: another name that begins so is taken "
            "for it, and its value read as that one's, as far as the next comma."},
    {.library = "libosip2",
     .differences = values,
     .rules = cut_short,
     .place = anywhere,
     .reference = "RFC 3261 25.1",
     .why = "A quote in a value without quotes opens a string to libosip2: names in strings behind "
            "it count."},
    {.library = "libre",
     .differences = values,
     .rules = cut_short,
     .place = anywhere,
     .reference = "RFC 3261 25.1",
     .why = "libre reads as much of it as makes a token, and looks for `name=value` in the rest."},
    {.library = "libosip2",
     .differences = all,
     .holds = has_a_parameter_called_digest,
     .right = ours,
     .reference = "RFC 3261 25.1",
     .why = "A name is any token; to libosip2 the scheme begins again there."},
    {.library = "libosip2",
     .differences = all,
     .rules = quoted,
     .place = anywhere,
     .reference = "RFC 7616 3.3, 3.4",
     .why = "What must be a token stands in quotes; libosip2 reads to the next comma, within the "
            "quotes or not, and finds the next parameter there."},
    {.library = "libosip2",
     .differences = only_missing,
     .holds = has_a_tab_round_equals,
     .right = ours,
     .reference = "RFC 3261 25.1",
     .why = "EQUAL allows tabs on both sides; libosip2 passes over spaces only."},
    {.library = "libosip2",
     .differences = only_rejected,
     .holds = has_a_tab_behind_its_scheme,
     .right = ours,
     .reference = "RFC 3261 25.1",
     .why = "LWS behind the scheme may be a tab; libosip2 looks for a space."},
    // What is not read here at all.
    {.library = "",
     .differences = only_accepted,
     .holds = has_too_many,
     .right = ours,
     .reference = "RFC 7616 3.3",
     .why = "More parameters than any RFC defines are refused here, so that their number costs "
            "nothing."},
    {.library = "",
     .differences = only_accepted,
     .holds = has_no_scheme,
     .right = ours,
     .reference = "RFC 3261 25.1",
     .why = "A scheme is followed by a blank and a parameter; `Digest =` is a parameter itself."},
});

}  // namespace

std::span<const Explanation> explanations() noexcept { return table; }

}  // namespace sipauth::fuzz
