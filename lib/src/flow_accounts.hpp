// Digests held against the accounts that the caller knows.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "flow_event.hpp"
#include "flow_neighbours.hpp"
#include "flow_state.hpp"

namespace sipauth::flow {

struct Verification {
  Digest digest = Digest::unknown;  ///< unknown: no account, or no digest that could be computed
  std::string text = {};            ///< why it is wrong
  std::size_t tried = 0;            ///< digests, to find that out
};

class Accounts {
 public:
  explicit Accounts(std::span<const FlowAccount> accounts);

  /// `explain`: look for the mistake when it is wrong, which costs some hundred digests.
  [[nodiscard]] Verification verify(const Event& request, const Sent& sent, bool explain);

  /// A message whose values another digest may have been made with by mistake.
  void see(const Event& event) {
    if (!accounts_.empty()) neighbours_.see(event);
  }

 private:
  [[nodiscard]] std::vector<const FlowAccount*> candidates(const Sent& sent,
                                                           std::string_view username,
                                                           std::string_view realm) const;

  std::span<const FlowAccount> accounts_;
  std::unordered_multimap<std::string_view, const FlowAccount*> by_user_;
  NeighbourTable neighbours_;
};

}  // namespace sipauth::flow
