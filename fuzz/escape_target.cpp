#include "fuzz/escape_target.hpp"

#include <algorithm>
#include <cstdint>
#include <string>

#include "fuzz/oracle.hpp"
#include "results/escape.hpp"
#include "sipauth/text.hpp"

namespace sipauth::fuzz {
namespace {

// Reads one code point and moves behind it; 0xffff'ffff where it is no UTF-8. Written without the
// escaper's own decoder, or both would err alike.
std::uint32_t next_code_point(std::string_view text, std::size_t& at) {
  constexpr std::uint32_t broken = 0xffff'ffff;
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const std::uint32_t first = byte(at);
  const int more = first < 0x80    ? 0
                   : first >= 0xf0 ? 3
                   : first >= 0xe0 ? 2
                   : first >= 0xc0 ? 1
                                   : -1;
  if (more < 0 || first > 0xf4) return broken;
  std::uint32_t value = more == 0 ? first : first & (0x3fU >> more);
  for (int i = 1; i <= more; ++i) {
    const auto next = byte(at + static_cast<std::size_t>(i));
    if ((next & 0xc0U) != 0x80U) return broken;
    value = value << 6U | (next & 0x3fU);
  }
  constexpr std::uint32_t least[] = {0, 0x80, 0x800, 0x10000};
  if (value < least[more] || value > 0x10'ffff || (value >= 0xd800 && value <= 0xdfff)) {
    return broken;
  }
  at += static_cast<std::size_t>(more) + 1;
  return value;
}

constexpr bool reorders(std::uint32_t c) {
  return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0x200e || c == 0x200f;
}

void require_harmless(std::string_view shown, bool may_hold_c0, std::string_view may_hold = "") {
  for (std::size_t at = 0; at < shown.size();) {
    const char c = shown[at];
    const auto code_point = next_code_point(shown, at);
    require(code_point != 0xffff'ffff, "what is shown is UTF-8");
    require(may_hold.contains(c) || may_hold_c0 || code_point >= 0x20, "no C0 control is shown");
    require(code_point < 0x7f || code_point > 0x9f, "no DEL and no C1 control is shown");
    require(!reorders(code_point), "nothing that is shown turns the writing round");
  }
}

}  // namespace

void escape(std::string_view input) {
  require_harmless(results::for_terminal(input), false);
  require_harmless(results::for_json(input), true);
  require_harmless(results::message_for_terminal(input), false, "\n");
  require_harmless(results::sentence_for_terminal(input), false);
  const auto ascii = results::ascii_only(results::for_terminal(input));
  require(std::ranges::all_of(ascii, [](char c) { return c >= ' ' && c < 0x7f; }),
          "a terminal without UTF-8 gets ASCII");

  const auto [redacted, changed] = results::redact(input);
  require(changed == (redacted != input) || redacted.size() == input.size(),
          "redacting says whether it took something out");
  require(results::redact(redacted).first == redacted, "nothing is left to redact");
}

}  // namespace sipauth::fuzz
