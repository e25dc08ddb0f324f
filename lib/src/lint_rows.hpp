// The values of header rows, each read by the parser of its header.
#pragma once

#include <cstddef>
#include <string_view>

#include "sipauth/diagnostic.hpp"
#include "sipauth/message.hpp"

namespace sipauth {

/// Reports about one text; offsets count from its first byte.
class RowLint {
 public:
  RowLint(std::string_view text, Diagnostics& diagnostics) noexcept
      : text_{text}, diagnostics_{diagnostics} {}

  /// All values of a row.
  void value(HeaderId id, std::string_view value) noexcept;

  /// Another part of the text, read by `Value`'s parser.
  template <typename Value>
  void part(std::string_view part) noexcept {
    Diagnostics found;
    const auto read = Value::parse(part, found);
    diagnostics_.append(found, span_of(part, text_).offset);
    if (!read) refused(part, read.error());
  }

  void report(RuleId rule, std::string_view part) noexcept {
    diagnostics_.report(rule, span_of(part, text_));
  }

  /// True once there were more challenges than are read.
  [[nodiscard]] bool left_challenges_out() const noexcept {
    return challenges_ > limits::challenges;
  }

 private:
  void challenge_layout(std::string_view value) noexcept;
  void refused(std::string_view part, ParseError error) noexcept;

  std::string_view text_;
  Diagnostics& diagnostics_;
  std::size_t challenges_ = 0;
};

/// Must a message have no more than one row of it?
[[nodiscard]] bool stands_once(HeaderId id) noexcept;

}  // namespace sipauth
