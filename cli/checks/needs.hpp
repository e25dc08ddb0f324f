// What a check cannot do without, as a table: the runner leaves checks out by it, lists and
// documents name it.
#pragma once

#include <span>
#include <string_view>

#include "checks/check.hpp"
#include "checks/context.hpp"

namespace sipauth::checks {

struct Need {
  bool Needs::* member;
  std::string_view name;  ///< for lists: `second account`
  /// Why a check that has this need is left out; empty: it is not.
  std::string_view (*lacking)(const Settings& settings);
};

[[nodiscard]] std::span<const Need> all_needs();

/// The first reason; empty: all is there.
[[nodiscard]] std::string_view lacking(const Needs& needs, const Settings& settings);

}  // namespace sipauth::checks
