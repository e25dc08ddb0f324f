// A list of diagnostics as one line, `SL-port 5+3 | SL-uri-escape 9+1`, so that it fits a table.
#pragma once

#include <string>

#include "sipauth/diagnostic.hpp"

namespace sipauth {

inline std::string reported(const Diagnostics& diagnostics) {
  std::string line;
  for (const auto& [rule, where] : diagnostics.list()) {
    line += line.empty() ? "" : " | ";
    line += std::string{rule->name} + ' ' + std::to_string(where.offset) + '+' +
            std::to_string(where.length);
  }
  return line;
}

}  // namespace sipauth
