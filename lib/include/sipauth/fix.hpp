// What lint reports, mended: quotes set, commas put in, lengths counted anew.
//
// Only what can be mended without knowing what the sender meant to say: a realm that is missing
// stays missing. Everything here allocates what it returns and throws std::bad_alloc only.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sipauth/diagnostic.hpp"

namespace sipauth {

/// `replacement` takes the place of the bytes `where`; of none where the length is 0.
struct Edit {
  Span where = {};
  std::string replacement = {};
  RuleId rule = {};
};

/// Can what this rule reports ever be mended?
[[nodiscard]] SIPAUTH_API bool has_fix(RuleId rule) noexcept;

/// Edits of `text` that mend what `diagnostics`, which lint_text reported about it, are about: in
/// ascending order and apart from one another. What would overlap another edit is left out, and
/// comes up again when the mended text is linted.
[[nodiscard]] SIPAUTH_API std::vector<Edit> fixes(std::string_view text,
                                                  std::span<const Diagnostic> diagnostics);

[[nodiscard]] SIPAUTH_API std::string with_edits(std::string_view text,
                                                 std::span<const Edit> edits);

struct Fixed {
  std::string text = {};
  std::vector<RuleId> mended = {};    ///< each once, in the order of mending
  std::vector<Diagnostic> left = {};  ///< of `text`: errors, warnings and notes that have no fix
};

/// Lints and mends until nothing more can be, at most 128 times: of a CR or LF alone, and of
/// control bytes that stand apart in one row, one is mended each time. A text without anything to
/// mend is returned as it is, byte for byte; so is one longer than limits::message_bytes.
[[nodiscard]] SIPAUTH_API Fixed fixed(std::string_view text);

}  // namespace sipauth
