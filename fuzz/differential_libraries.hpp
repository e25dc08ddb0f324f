// Challenges and credentials as other libraries read them, in one form.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sipauth::fuzz {

/// What is compared. `header` is whether the whole was read at all.
enum class Field : std::uint8_t {
  header,
  realm,
  nonce,
  stale,
  algorithm,
  qop,
  username,
  uri,
  response,
  nc,
  cnonce,
};
inline constexpr std::size_t field_count = 11;

/// The name of the parameter, or "header".
[[nodiscard]] std::string_view field_name(Field field) noexcept;

/// What the values mean: without quotes and backslashes. Of stale only whether it is true, so it
/// is "true" or absent; algorithm and qop are in lower case.
struct Reading {
  bool accepted = false;
  std::array<std::optional<std::string>, field_count> values = {};

  [[nodiscard]] const std::optional<std::string>& operator[](Field field) const noexcept {
    return values[static_cast<std::size_t>(field)];
  }
  void set(Field field, std::optional<std::string_view> between_quotes);
};

struct ForeignLibrary {
  std::string_view name;
  Reading (*challenge)(const std::string& text);
  Reading (*credentials)(const std::string& text);
};

[[nodiscard]] Reading osip_challenge(const std::string& text);
[[nodiscard]] Reading osip_credentials(const std::string& text);
[[nodiscard]] Reading sofia_challenge(const std::string& text);
[[nodiscard]] Reading sofia_credentials(const std::string& text);
[[nodiscard]] Reading re_challenge(const std::string& text);
[[nodiscard]] Reading re_credentials(const std::string& text);

inline constexpr auto foreign_libraries = std::to_array<ForeignLibrary>({
    {"libosip2", osip_challenge, osip_credentials},
    {"Sofia-SIP", sofia_challenge, sofia_credentials},
    {"libre", re_challenge, re_credentials},
});

}  // namespace sipauth::fuzz
