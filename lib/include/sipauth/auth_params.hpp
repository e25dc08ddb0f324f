// The ordered list `name=value, name="value"` that challenge, credentials and authentication-info
// share (RFC 3261 25.1, RFC 7616 3.3 to 3.5).
//
//   Digest realm="asterisk", nonce="397d281a", stale=true
//          |                 |                 |
//          7                 25                43          Parameter::where.offset
//
// It consists of views into the text it was parsed from: keep that text alive and unmoved. Offsets
// and lengths count bytes from the first byte of that text. Nothing here allocates or throws.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "sipauth/bounded_list.hpp"
#include "sipauth/diagnostic.hpp"
#include "sipauth/limits.hpp"
#include "sipauth/text.hpp"

namespace sipauth {

/// One `name=value`, as it was written.
struct Parameter {
  /// In any case: compare it with same().
  std::string_view name = {};
  /// What stands between the quotes, backslashes included, or the token.
  std::string_view value = {};
  bool quoted = false;
  Span where = {};  ///< from the name to the end of the value, with its quotes
};  ///< in any case: compare it with same()

class AuthParams {
 public:
  static constexpr std::size_t max_parameters = limits::auth_parameters;

  /// In the order of the text, unknown and repeated ones included.
  [[nodiscard]] std::span<const Parameter> parameters() const noexcept {
    return parameters_.elements();
  }

  /// The first parameter of that name in any case, or nullptr.
  [[nodiscard]] const Parameter* find(std::string_view name) const noexcept {
    for (const auto& parameter : parameters()) {
      if (same(parameter.name, name)) return &parameter;
    }
    return nullptr;
  }

  /// The value of the first parameter of that name. Absent and empty differ.
  [[nodiscard]] std::optional<std::string_view> value(std::string_view name) const noexcept {
    const auto* parameter = find(name);
    return parameter ? std::optional{parameter->value} : std::nullopt;
  }

 protected:
  friend class AuthParamsReader;  // lib/src/auth_params.hpp: the one parser of all three

  BoundedList<Parameter, max_parameters> parameters_;
};

/// Is `wanted` one of the comma-separated words of a qop list, in any case, blanks ignored?
[[nodiscard]] SIPAUTH_API bool qop_offers(std::string_view list, std::string_view wanted) noexcept;

}  // namespace sipauth
