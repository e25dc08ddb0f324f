// What can be said of a realm and a nonce by themselves.
#include <algorithm>
#include <array>

#include "lint_exchange.hpp"
#include "sipauth/text.hpp"

namespace sipauth {
namespace {

// Not example.com, which is what people put in place of theirs.
constexpr auto default_realms = std::to_array<std::string_view>(
    {"asterisk", "freeswitch", "kamailio", "opensips", "3CXPhoneSystem", "BroadWorks", "Yate",
     "ccmsipline", "audiocodes.com", "sip", "voip", "pbx", "localhost", "127.0.0.1", "sip.local",
     "realm", "mydomain.com"});

}  // namespace

bool is_default_realm(std::string_view realm) noexcept {
  return std::ranges::any_of(default_realms,
                             [&](std::string_view known) { return same(known, realm); });
}

// Eight hexadecimal digits are decimal ones once in 43 times, so digits alone count as hexadecimal.
double bits_of_nonce(std::string_view nonce) noexcept {
  const bool is_hexadecimal = std::ranges::all_of(
      nonce, [](char c) { return is_hex(c) || std::string_view{"-:/."}.contains(c); });
  return (is_hexadecimal ? 4.0 : 6.0) * static_cast<double>(nonce.size());
}

}  // namespace sipauth
