// What somebody made unreadable in a text before he showed it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "sipauth/diagnostic.hpp"

namespace sipauth {

class Redaction {
 public:
  /// Finds the placeholders. Allocates in proportion to them.
  explicit Redaction(std::string_view text);

  /// In ascending order, apart from one another.
  [[nodiscard]] const std::vector<Span>& places() const noexcept { return places_; }

  /// A copy of the text in which placeholders are words, so that its structure is what it was
  /// before: as long as the text, byte for byte.
  [[nodiscard]] std::string with_words() const;

  /// Is it, or may it be, the placeholder that is wrong at `diagnostic`?
  [[nodiscard]] bool excuses(const Diagnostic& diagnostic) const noexcept;

 private:
  [[nodiscard]] bool touches(Span where) const noexcept;
  [[nodiscard]] bool stands_for_elements(std::uint32_t offset) const noexcept;

  std::string_view text_;
  std::vector<Span> places_;
};

/// Does the rule say that something is not there, which may have been left out?
[[nodiscard]] bool tells_absence(RuleId rule) noexcept;

}  // namespace sipauth
