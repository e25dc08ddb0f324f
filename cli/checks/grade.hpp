// A letter for a whole run of the catalogue: A+ until something caps it. What caps it is a table.
//
// The letter tells how the registrar authenticates. By which transport it is asked is the choice of
// whoever asks, so that UDP in the clear caps nothing.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "checks/policy.hpp"
#include "checks/runner.hpp"

namespace sipauth::checks {

/// From the best to the worst. What is missing cannot mend a fault that was seen, so F outweighs T.
enum class Grade : std::uint8_t {
  a_plus,
  a,
  a_minus,
  b,
  c,
  d,
  not_gradable,  ///< T: too little was seen
  f,
};

[[nodiscard]] std::string_view grade_name(Grade grade);

/// A rule that applies to this run, and the checks that brought it about.
struct Cap {
  std::string_view rule = {};
  Grade grade = Grade::a_plus;
  std::string_view reason = {};  ///< fits behind "because"
  std::vector<std::string_view> ids = {};
};

struct Graded {
  Grade grade = Grade::a_plus;
  std::vector<Cap> caps = {};  ///< the worst first
};

[[nodiscard]] Graded grade_of(const RunReport& report, Policy policy);

}  // namespace sipauth::checks
