// What must hold of every reading, whatever was read.
#pragma once

#include <algorithm>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "fuzz/allocated.hpp"
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
  if (!holds) [[unlikely]] {
    throw OracleViolation{claim};
  }
}

/// A text of our own making, for a parser: not one byte more belongs to it, so that
/// AddressSanitizer sees whoever reads on. A std::string has a NUL and spare room behind it.
class ExactCopy {
 public:
  explicit ExactCopy(std::string_view text) : size_{text.size()}, bytes_{new char[text.size()]} {
    std::ranges::copy(text, bytes_.get());
  }
  [[nodiscard]] std::string_view view() const noexcept { return {bytes_.get(), size_}; }

 private:
  std::size_t size_;
  std::unique_ptr<char[]> bytes_;
};

/// Costly claims, which write a reading and read it again, are held against one input of so many:
/// what an engine finds grows with the number of its runs. Which ones they are depends on their
/// bytes alone, so that a finding is one again. A replay sets 1.
inline std::size_t costly_claims_for_one_in = 8;

[[nodiscard]] inline bool is_due_for_costly_claims(std::string_view input) {
  return costly_claims_for_one_in <= 1 ||
         std::hash<std::string_view>{}(input) % costly_claims_for_one_in == 0;
}

/// A parser allocates nothing.
template <typename Read>
auto without_allocating(Read read) {
  const auto before = allocated_bytes();
  auto result = read();
  require(allocated_bytes() == before, "a parser allocates nothing");
  return result;
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

/// The gravest thing that was reported.
[[nodiscard]] inline Severity gravest(const Diagnostics& diagnostics) {
  auto gravest = Severity::note;
  for (const auto& [rule, where] : diagnostics.list()) gravest = std::max(gravest, rule->severity);
  return gravest;
}

}  // namespace sipauth::fuzz
