#include "commands/values.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace sipauth::commands {
namespace {

struct Unit {
  std::string_view name;
  double seconds;
};

constexpr auto units =
    std::to_array<Unit>({{"", 1}, {"ms", 0.001}, {"s", 1}, {"m", 60}, {"min", 60}, {"h", 3600}});

// Nothing here is waited for longer than a year.
constexpr double largest = 365.0 * 24 * 3600;

// The number in front, and what follows it.
std::pair<std::string_view, std::string_view> split(std::string_view text) {
  const auto end = std::min(text.find_first_not_of("0123456789."), text.size());
  return {text.substr(0, end), text.substr(end)};
}

}  // namespace

std::expected<double, std::string> real_of(std::string_view text) {
  double value = 0;
  constexpr auto plain = std::chars_format::fixed;  // no exponents
  const auto [stop, error] = std::from_chars(text.begin(), text.end(), value, plain);
  if (error != std::errc{} || stop != text.end() || !std::isfinite(value) || std::signbit(value)) {
    return std::unexpected{std::string{"takes a number, 0 or more"}};
  }
  return value;
}

std::expected<double, std::string> seconds_of(std::string_view text) {
  const auto [digits, name] = split(text);
  const auto unit = std::ranges::find(units, name, &Unit::name);
  const auto value = real_of(digits);
  if (unit == units.end() || !value || *value * unit->seconds > largest) {
    return std::unexpected{std::string{"takes a time, as in 500ms, 5s or 2m"}};
  }
  return *value * unit->seconds;
}

}  // namespace sipauth::commands
