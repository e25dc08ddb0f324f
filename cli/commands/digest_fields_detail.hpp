// What the two files that gather DigestFields share.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "commands/digest_fields.hpp"

namespace sipauth::commands::detail {

inline std::unexpected<results::Error> usage(std::string text) {
  return std::unexpected{results::Error{"usage", std::move(text)}};
}

inline Spelt same_spelling(const std::string& text) { return {.meant = text, .written = text}; }

/// An absent value is an empty one.
[[nodiscard]] Spelt spelt(std::optional<std::string_view> between_quotes);

/// nullptr when no digest is known for it. AKA hashes like the algorithm it is named after; its
/// password is RES, or derived from it (RFC 3310 3.3, RFC 4169 3).
[[nodiscard]] const Algorithm* algorithm_named(std::string_view name);

[[nodiscard]] std::expected<void, results::Error> set_algorithm(const std::string& name,
                                                                DigestFields& fields);

/// nullopt when no digest is known for it; an empty one is none.
[[nodiscard]] std::optional<Qop> qop_named(std::string_view name);

/// Does an option that was given say something else than what was found?
inline bool given_otherwise(const std::string& given, std::string_view found) {
  return !given.empty() && given != found;
}

/// --method, else the one of the pasted message, else REGISTER.
[[nodiscard]] std::string method_of(const DigestOptions& options, const Paste& paste);

}  // namespace sipauth::commands::detail
