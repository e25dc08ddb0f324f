// What the tables of causes are written with: other values of one member, and other spellings.
#pragma once

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "explain_causes.hpp"

namespace sipauth::explain {

using Text = std::string_view DigestInput::*;

/// Gives `candidate` with `value` in `member`, if that is another one.
void with(const Candidate& candidate, Text member, std::string_view value, Sink& sink);

/// The same for a password: it is never told, and wiped.
void with_password(const Candidate& candidate, std::string value, Sink& sink);

/// User, realm and password went into a given HA1 already: none of them can vary.
inline bool is_hashed(const Candidate& candidate) { return !candidate.input.ha1.empty(); }

/// The same for members that are part of A1.
void with_unhashed(const Candidate& candidate, Text member, std::string_view value, Sink& sink);

/// A row that gives what a member of the context holds, if anything.
template <Text Member, std::string_view ExplainContext::* Other>
void from_context(const Candidate& candidate, const ExplainContext& context, Sink& sink) {
  if ((context.*Other).empty()) return;
  if constexpr (Member == &DigestInput::username || Member == &DigestInput::realm) {
    with_unhashed(candidate, Member, context.*Other, sink);
  } else {
    with(candidate, Member, context.*Other, sink);
  }
}

/// Is one of `texts` this one?
[[nodiscard]] inline bool is_among(std::span<const std::string_view> texts, std::string_view text) {
  return std::ranges::find(texts, text) != texts.end();
}

[[nodiscard]] std::string lower_case(std::string_view text);
[[nodiscard]] std::string upper_case(std::string_view text);
/// Each letter in the other case, as Caps Lock has it.
[[nodiscard]] std::string swapped_case(std::string_view text);

/// %XX decoded, as RFC 3986 2.1 has it; what is none stays.
[[nodiscard]] std::string percent_decoded(std::string_view text);
/// All but letters, digits and `-._~` as %XX (RFC 3986 2.3).
[[nodiscard]] std::string percent_encoded(std::string_view text);

/// Text in UTF-8 whose characters all are in Latin-1, in one byte each; nullopt for any other.
[[nodiscard]] std::optional<std::string> latin1_of(std::string_view text);
/// Bytes taken for Latin-1, in UTF-8; nullopt where nothing differs. UTF-8 is encoded once more.
[[nodiscard]] std::optional<std::string> utf8_of_latin1(std::string_view text);

/// `"text"`.
[[nodiscard]] std::string in_quotes(std::string_view text);

/// The host of a URI of SIP, or of what is one without its scheme; empty when there is none.
[[nodiscard]] std::string_view host_of(std::string_view uri);
/// Of a From, To or Contact value; empty when it cannot be read.
[[nodiscard]] std::string_view uri_of(std::string_view name_addr);
/// Of its URI, without a password.
[[nodiscard]] std::string_view user_of(std::string_view name_addr);

}  // namespace sipauth::explain
