// What must hold of every reading, whatever was read.
#pragma once

#include <exception>
#include <string>
#include <string_view>

#include "sipauth/diagnostic.hpp"

namespace sipauth::fuzz {

/// A claim that did not hold. It quotes nothing of the input.
class OracleViolation : public std::exception {
 public:
  explicit OracleViolation(std::string_view claim) : claim_{claim} {}
  [[nodiscard]] const char* what() const noexcept override { return claim_.c_str(); }

 private:
  std::string claim_;
};

inline void require(bool holds, std::string_view claim) {
  if (!holds) throw OracleViolation{claim};
}

/// An empty view may lie anywhere, or nowhere.
[[nodiscard]] inline bool lies_in(std::string_view part, std::string_view text) {
  return part.empty() ||
         (part.data() >= text.data() && part.data() + part.size() <= text.data() + text.size());
}

[[nodiscard]] inline bool lies_in(Span where, std::string_view text) {
  return where.offset <= text.size() && where.length <= text.size() - where.offset;
}

inline void require_within(const Diagnostics& diagnostics, std::string_view text) {
  for (const auto& diagnostic : diagnostics.list()) {
    if (!lies_in(diagnostic.where, text)) {
      throw OracleViolation{"lies outside of the text: " + std::string{diagnostic.rule->name}};
    }
  }
}

inline void require_within(ParseError error, std::string_view text) {
  require(error.offset <= text.size(), "the offset of an error lies within the text");
  require(!error.sentence().empty(), "an error has a sentence");
}

}  // namespace sipauth::fuzz
