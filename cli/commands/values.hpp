// Values of options that are more than a text: times and numbers.
#pragma once

#include <charconv>
#include <chrono>
#include <expected>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

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

/// Reads one of the words. The error is a sentence.
[[nodiscard]] inline auto one_of(std::initializer_list<std::string_view> choice) {
  return [words = std::vector(choice)](
             const std::string& word) -> std::expected<std::string, std::string> {
    std::string all = "takes ";
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (words[i] == word) return word;
      if (i > 0) all += i + 1 == words.size() ? " or " : ", ";
      all += words[i];
    }
    return std::unexpected{std::move(all)};
  };
}

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
