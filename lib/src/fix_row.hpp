// The row that a diagnostic is about, and what stands in it.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "sipauth/auth_params.hpp"
#include "sipauth/diagnostic.hpp"
#include "sipauth/fix.hpp"
#include "sipauth/message.hpp"

namespace sipauth {

struct FixRow {
  HeaderId id = HeaderId::other;
  std::string_view name = {};   ///< empty: a bare value
  std::string_view value = {};  ///< a view into the text
};

/// The row in which the byte at `offset` stands, or which ends there.
[[nodiscard]] FixRow row_at(std::string_view text, std::size_t offset) noexcept;

/// The parameter of an authentication header in which the byte at `offset` of `text` stands.
[[nodiscard]] std::optional<Parameter> parameter_at(std::string_view text,
                                                    std::size_t offset) noexcept;

/// The first parameter of that name in the same list.
[[nodiscard]] std::optional<Parameter> first_of_name(std::string_view text, std::size_t offset,
                                                     std::string_view name) noexcept;

/// What stands outside the lists of authentication headers, mended (fix_message.cpp).
[[nodiscard]] std::optional<Edit> mend_message(std::string_view text, const Diagnostic& diagnostic);
[[nodiscard]] bool is_mended_in_message(RuleId rule) noexcept;

}  // namespace sipauth
