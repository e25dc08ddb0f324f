// The one parser of parameter lists, which Challenge, Credentials and AuthenticationInfo share.
//
//   list      = [scheme LWS] parameter *(COMMA parameter)      RFC 3261 25.1
//   parameter = token EQUAL (token / quoted-string)
//
// What differs between the three stands in tables of KnownParameter. Reading and reporting are the
// same pass; a byte is looked at a few times at most.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "cursor.hpp"
#include "sipauth/auth_params.hpp"
#include "sipauth/diagnostic.hpp"

namespace sipauth {

/// How the value of a known parameter is to be written.
enum class Notation : std::uint8_t {
  either,
  quoted_string,
  token,
  ext_value,  ///< charset'language'%XX, without quotes (RFC 5987 3.2)
};

struct KnownParameter {
  std::string_view name;
  Notation notation = Notation::either;
  RuleId misquoted = "SL-unquoted-string";     ///< reported where quotes are missing or too many
  RuleId repeated = "SL-duplicate-parameter";  ///< reported at the second of this name
  /// A URI without its quotes: `;` belongs to it and separates nothing.
  bool holds_semicolons = false;
};

class AuthParamsReader {
 public:
  /// Reads from `offset` on into `list`. All four must outlive the reader.
  AuthParamsReader(std::string_view text, std::size_t offset, AuthParams& list,
                   Diagnostics& diagnostics) noexcept
      : text_{text}, at_{text}, list_{list}, diagnostics_{diagnostics} {
    at_.take_to(std::min(offset, text.size()));
  }

  /// The word in front of the list. Another one behind a comma ends the list and is reported as
  /// `merged`.
  std::expected<std::string_view, ParseError> scheme(RuleId merged) noexcept;

  /// A scheme that is not Digest, in front of a list that begins with none (RFC 3261 20.6); as
  /// [MS-SIPAE] has it. Left where it is when it is not one that is known by its name.
  std::optional<std::string_view> other_scheme() noexcept;

  /// The list. Names that are not in `known` are noted.
  std::expected<void, ParseError> parameters(std::span<const KnownParameter> known) noexcept;

  /// The list of a scheme whose parameters nobody here knows.
  std::expected<void, ParseError> parameters_of_other_scheme() noexcept;

  /// Where the list ended because another scheme began.
  [[nodiscard]] std::optional<std::size_t> next_scheme() const noexcept { return next_scheme_; }

  /// Reports that something is missing, in front of the byte behind the list.
  void report_missing(RuleId rule) noexcept { report(rule, text_.substr(end_, 0)); }

  void report(RuleId rule, std::string_view part) noexcept {
    diagnostics_.report(rule, span_of(part, text_));
  }

 private:
  std::expected<void, ParseError> list() noexcept;
  std::expected<void, ParseError> parameter() noexcept;
  bool separator() noexcept;
  void noise(RuleId rule) noexcept;

  std::string_view value(Parameter& parameter, const KnownParameter* known) noexcept;
  std::string_view rest_of_quoted_string() noexcept;
  std::string_view bare_value(bool with_semicolons) noexcept;
  std::optional<std::string_view> between_single_quotes() noexcept;
  std::size_t typographic_quote_at(std::size_t at) const noexcept;
  std::optional<std::string_view> between_typographic_quotes() noexcept;
  std::optional<std::size_t> end_of_open_string(std::string_view value, bool closed) const noexcept;

  std::optional<std::size_t> comma_before_parameter(std::string_view value) const noexcept;

  void lint_notation(const Parameter& parameter, const KnownParameter* known) noexcept;
  void lint_bytes(const Parameter& parameter) noexcept;

  bool starts_parameter(std::size_t begin) const noexcept;
  bool starts_scheme(bool behind_separator) const noexcept;
  std::size_t end_of_token(std::size_t begin) const noexcept;
  std::size_t end_of_lws(std::size_t begin) const noexcept;

  const KnownParameter* find_known(std::string_view name) const noexcept;

  std::string_view text_;
  detail::Cursor at_;
  AuthParams& list_;
  Diagnostics& diagnostics_;
  std::span<const KnownParameter> known_;
  bool notes_unknown_ = false;
  bool is_misquoted_ = false;  // the value that was read last, which was told
  std::optional<RuleId> merged_;
  std::optional<std::size_t> next_scheme_;
  std::size_t end_ = 0;  // behind the last thing that was read
};

// --- Rules that challenges and credentials share. ---

/// What the name of an algorithm tells without computing anything.
struct AlgorithmFacts {
  std::size_t hex_length = 32;  ///< of a response
  bool aka = false;             ///< RFC 3310, RFC 4169
};

/// By the name as it stands in a header, in any case; nullopt when no RFC knows it.
std::optional<AlgorithmFacts> algorithm_facts(std::string_view name) noexcept;

/// How it is registered, -sess included; empty when no RFC knows it. Allocates.
std::string usual_algorithm_name(std::string_view name);

/// The same for a name of which the letters and digits alone are right; empty when none is meant.
/// Allocates.
std::string algorithm_spelt_like(std::string_view name);

/// A scheme that is recognised by its name alone.
bool is_well_known_scheme(std::string_view name) noexcept;

/// Looks at the list's `algorithm`, MD5 when there is none; nullopt when it is unknown.
std::optional<AlgorithmFacts> lint_algorithm(const AuthParams& list,
                                             AuthParamsReader& reader) noexcept;

/// Looks at a response or rspauth.
void lint_hex_digest(std::string_view digest, AuthParamsReader& reader) noexcept;

/// What a qop of credentials or authentication-info brings with it: cnonce and nc, and that nc is
/// well written.
void lint_qop_company(const AuthParams& list, AuthParamsReader& reader) noexcept;

/// A parameter whose value is true or false, in any case.
void lint_boolean(const AuthParams& list, std::string_view name, RuleId rule,
                  AuthParamsReader& reader) noexcept;

}  // namespace sipauth
