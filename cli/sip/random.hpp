// Where everything random comes from: Call-IDs, branches, tags, cnonces, mutated nonces.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>

namespace sipauth::sip {

/// A fixed seed repeats a run; live runs seed it from the system, because a registrar may remember
/// branches and Call-IDs of the run before.
class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_{seed} {}

  /// 0 to `below` - 1; the same on every platform.
  [[nodiscard]] std::uint32_t below(std::uint32_t below) {
    return static_cast<std::uint32_t>(((engine_() >> 32) * below) >> 32);
  }

  /// `length` characters drawn from `alphabet`.
  [[nodiscard]] std::string text(std::size_t length, std::string_view alphabet) {
    std::string result(length, '\0');
    for (auto& c : result) c = alphabet[below(static_cast<std::uint32_t>(alphabet.size()))];
    return result;
  }

  [[nodiscard]] std::string hex(std::size_t digits) { return text(digits, "0123456789abcdef"); }

 private:
  std::mt19937_64 engine_;
};

}  // namespace sipauth::sip
