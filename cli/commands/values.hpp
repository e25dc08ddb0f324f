// Values of options that are more than a text: times and numbers.
#pragma once

#include <charconv>
#include <chrono>
#include <expected>
#include <string>
#include <string_view>

#include "net/clock.hpp"

namespace sipauth::commands {

/// `500ms`, `5s`, `2m`, `5` (seconds), `1.5s`, as seconds: 0 or more. The error is a sentence.
[[nodiscard]] std::expected<double, std::string> seconds_of(std::string_view text);

/// What seconds_of read, for those who wait.
[[nodiscard]] constexpr net::Duration duration_of(double seconds) {
  return std::chrono::duration_cast<net::Duration>(std::chrono::duration<double>{seconds});
}

/// A decimal number, 0 or more. The error is a sentence.
[[nodiscard]] std::expected<double, std::string> real_of(std::string_view text);

/// Decimal digits only, and within the type. The error is a sentence.
template <typename Whole>
[[nodiscard]] std::expected<Whole, std::string> whole_of(std::string_view text) {
  Whole value{};
  const auto [stop, error] = std::from_chars(text.begin(), text.end(), value);
  if (error != std::errc{} || stop != text.end() || text.starts_with('-')) {
    return std::unexpected{std::string{"takes a whole number, 0 or more"}};
  }
  return value;
}

}  // namespace sipauth::commands
