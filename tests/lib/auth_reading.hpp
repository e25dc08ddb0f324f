// A parameter list as one line, so that a row of a table asserts all of it.
#pragma once

#include <string>

#include "sipauth/auth_params.hpp"

namespace sipauth {

/// `offset name=value | ...`
inline std::string reading(const AuthParams& list) {
  std::string line;
  for (const auto& [name, value, quoted, where] : list.parameters()) {
    line += line.empty() ? "" : " | ";
    line += std::to_string(where.offset) + ' ' + std::string{name} + '=';
    line += quoted ? '"' + std::string{value} + '"' : std::string{value};
  }
  return line;
}

}  // namespace sipauth
