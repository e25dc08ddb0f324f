// A text of a trace as ExchangeLint looks at it: what can be judged of it, and what cannot.
#pragma once

#include <algorithm>
#include <optional>
#include <span>
#include <string_view>

#include "sipauth/diagnostic.hpp"

namespace sipauth {

class ShownText {
 public:
  ShownText(std::string_view text, std::span<const Span> hidden, Diagnostics& diagnostics) noexcept
      : text_{text}, hidden_{hidden}, diagnostics_{diagnostics} {}

  /// Can all of `part` be read?
  [[nodiscard]] bool shows(std::string_view part) const noexcept {
    const auto where = span_of(part, text_);
    const auto place = std::ranges::lower_bound(hidden_, where.offset, {},
                                                [](Span one) { return one.offset + one.length; });
    return place == hidden_.end() || place->offset > where.offset + where.length;
  }

  /// The same of a value that may be absent.
  [[nodiscard]] bool shows(std::optional<std::string_view> part) const noexcept {
    return !part || shows(*part);
  }

  void report(RuleId rule, std::string_view part) const noexcept {
    diagnostics_.report(rule, span_of(part, text_));
  }

 private:
  std::string_view text_;
  std::span<const Span> hidden_;
  Diagnostics& diagnostics_;
};

/// At most so many bits a nonce like this one can hold.
[[nodiscard]] double bits_of_nonce(std::string_view nonce) noexcept;

/// What servers send that nobody has given a name.
[[nodiscard]] bool is_default_realm(std::string_view realm) noexcept;

}  // namespace sipauth
