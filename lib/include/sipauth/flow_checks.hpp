// The passive checks: all that is ever said about one stands in its row, once.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sipauth/flow_check.hpp"
#include "sipauth/flow_digest_checks.hpp"
#include "sipauth/flow_registration_checks.hpp"

namespace sipauth {

inline constexpr auto flow_checks = [] {
  std::array<FlowCheck, flow_registration_checks.size() + flow_digest_checks.size()> all{};
  auto* const next = std::ranges::copy(flow_registration_checks, all.data()).out;
  std::ranges::copy(flow_digest_checks, next);
  return all;
}();

/// A row of `flow_checks`, called by its id and found while compiling.
class FlowCheckId {
 public:
  consteval FlowCheckId(const char* id) {
    while (flow_checks[row_].id != id) ++row_;
  }
  [[nodiscard]] constexpr std::size_t row() const noexcept { return row_; }

 private:
  std::uint8_t row_ = 0;
};

}  // namespace sipauth
