// What a peer sent, fit for a sentence.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "sipauth/text.hpp"

namespace sipauth::net {

/// At most so many bytes from the front; what is no printable ASCII becomes a dot.
[[nodiscard]] inline std::string printable(std::string_view bytes, std::size_t most) {
  std::string text{bytes.substr(0, most)};
  for (char& c : text) {
    if (is_control(c) || static_cast<unsigned char>(c) >= 0x80) c = '.';
  }
  return text;
}

}  // namespace sipauth::net
