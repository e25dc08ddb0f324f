// What can be told from nonces alone: how much of them varies, whether they count, whether they
// tell the time. Pure functions of texts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "net/clock.hpp"

namespace sipauth::checks {

struct NonceSample {
  std::string_view nonce = {};
  net::WallTime asked{};  ///< when its challenge was asked for
};

enum class NonceAlphabet : std::uint8_t { decimal, hexadecimal, base64, other };

[[nodiscard]] std::string_view alphabet_name(NonceAlphabet alphabet);

/// Hexadecimal may have separators (`-:./`), decimal too. A text that is hexadecimal throughout is
/// never taken for base64.
[[nodiscard]] NonceAlphabet alphabet_of(std::span<const NonceSample> nonces);

/// Digits in either case; separators are passed over. nullopt: other characters, or an odd number.
[[nodiscard]] std::optional<std::string> bytes_of_hex(std::string_view text);

/// RFC 4648 4, padding optional. nullopt: other characters, or an impossible length.
[[nodiscard]] std::optional<std::string> bytes_of_base64(std::string_view text);

/// Where a time of the calendar stands in every nonce.
struct ReadableTime {
  enum class Form : std::uint8_t { decimal, big_endian, little_endian };
  Form form = Form::decimal;
  std::size_t offset = 0;  ///< of characters, or of the decoded bytes
};

/// A number of seconds since 1970 within a day of the asking, at one place in all nonces.
[[nodiscard]] std::optional<ReadableTime> find_time(std::span<const NonceSample> nonces);

/// The seconds that stand there; nullopt when none do.
[[nodiscard]] std::optional<std::int64_t> read_time(const ReadableTime& where,
                                                    std::string_view nonce);

/// All of a nonce is a number that goes up by little, or by the same each time: nothing in it
/// depends on a secret. Needs four different ones.
[[nodiscard]] bool is_counter(std::span<const NonceSample> nonces);

struct NonceStatistics {
  std::size_t different = 0;
  std::size_t shortest = 0;  ///< characters
  std::size_t longest = 0;
  NonceAlphabet alphabet = NonceAlphabet::other;
  std::size_t common_prefix = 0;  ///< characters that begin all of them
  std::size_t common_suffix = 0;  ///< that end all of them, behind the common prefix
  /// What the characters that are not always the same could hold at most.
  double varying_bits = 0;
  /// Shannon's entropy of each position, summed up: at most log2 of the number of nonces each.
  double entropy_bits = 0;
  /// Of the bits that are not always the same, how many are set: 0.5 of random ones.
  std::optional<double> ones = std::nullopt;
  bool counts = false;
  std::optional<ReadableTime> time = std::nullopt;
};

/// `nonces` in the order of their issue; repeated ones are looked at once.
[[nodiscard]] NonceStatistics statistics_of(std::span<const NonceSample> nonces);

}  // namespace sipauth::checks
