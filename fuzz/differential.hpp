// Targets that compare this library's reading of a header with that of libosip2, Sofia-SIP and
// libre. Where they differ, a row of a table must say why and who is right: else it is a finding.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/differential_libraries.hpp"
#include "sipauth/auth_params.hpp"
#include "sipauth/diagnostic.hpp"

namespace sipauth::fuzz {

void differential_challenge(std::string_view input);
void differential_credentials(std::string_view input);

enum class HeaderKind : std::uint8_t { challenge, credentials };

enum class Difference : std::uint8_t {
  rejected,  ///< it takes the header for unreadable, we do not
  accepted,  ///< the other way round
  missing,   ///< it has no value, we have one
  extra,     ///< it has a value, we have none
  another,   ///< it has another value
};

/// One header and how it is read here; what a row looks at.
struct Compared {
  HeaderKind kind = HeaderKind::challenge;
  std::string text;  ///< one line: as a message parser hands it on
  std::vector<Parameter> parameters = {};
  Diagnostics diagnostics = {};
  std::optional<ParseError> error = std::nullopt;  ///< why it is not read here
  Reading own = {};
};

/// One difference of one library.
struct Disagreement {
  const ForeignLibrary* library = nullptr;
  Field field = Field::header;
  Difference difference = Difference::another;
  std::optional<std::string> theirs = std::nullopt;
};

/// nullopt where there is nothing to compare: a row that a message parser would not hand on, or
/// another scheme than Digest.
[[nodiscard]] std::optional<Compared> read_own(HeaderKind kind, std::string_view input);

[[nodiscard]] std::vector<Disagreement> disagreements(const Compared& compared);

// --- The classification. ---

enum class Right : std::uint8_t { ours, theirs, either };

/// Where the rule that explains a difference must have been broken.
enum class Place : std::uint8_t {
  in_it,      ///< in the parameter that differs, or where one of its name stands again
  before_it,  ///< there, or in front of it: it threw the other parser off
  anywhere,
};

/// Why a library reads something else: as long as `holds`, and one of `rules` is broken there.
struct Explanation {
  std::string_view library;  ///< empty: all
  std::span<const Difference> differences;
  std::span<const Field> fields = {};  ///< empty: all
  std::span<const RuleId> rules = {};  ///< empty: `holds` alone tells
  Place place = Place::before_it;
  bool (*holds)(const Compared& compared, const Disagreement& disagreement) = nullptr;
  Right right = Right::either;
  std::string_view reference;
  std::string_view why;
};

[[nodiscard]] std::span<const Explanation> explanations() noexcept;

/// nullptr when none fits.
[[nodiscard]] const Explanation* explain(const Compared& compared,
                                         const Disagreement& disagreement);

}  // namespace sipauth::fuzz
