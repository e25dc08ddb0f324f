#include "sip/binary_session.hpp"

#include <initializer_list>
#include <string_view>

#include "sipauth/text.hpp"

namespace sipauth::sip {
namespace {

std::string bytes_of(std::string_view hex) {
  const auto digit = [](char c) { return is_digit(c) ? c - '0' : lower(c) - 'a' + 10; };
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes += static_cast<char>(digit(hex[i]) << 4 | digit(hex[i + 1]));
  }
  return bytes;
}

}  // namespace

std::string binary_session_response(const DigestInput& input) {
  const auto traced = compute_digest(input);
  if (!traced || input.algorithm == nullptr) return {};
  const auto hash = [&](std::initializer_list<std::string_view> parts) {
    const auto made = hash_hex(input.algorithm->hash, {parts.begin(), parts.size()});
    return made ? std::string{made->view()} : std::string{};
  };
  const auto inner = bytes_of(traced->ha1_first.view());
  const auto ha1 = hash({inner, ":", input.nonce, ":", input.cnonce});
  const auto ha2 = traced->ha2.view();
  if (input.qop == Qop::none) return hash({ha1, ":", input.nonce, ":", ha2});
  return hash({ha1, ":", input.nonce, ":", input.nc, ":", input.cnonce, ":", qop_name(input.qop),
               ":", ha2});
}

}  // namespace sipauth::sip
