// What a phone sent and was sent lately, for whoever looks for the mistake in one of its digests.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "flow_event.hpp"
#include "flow_table.hpp"

namespace sipauth::flow {

/// Unquoted, each once, the latest first; at most eight of each.
struct Neighbours {
  std::vector<std::string> realms = {};
  std::vector<std::string> nonces = {};
  std::vector<std::string> cnonces = {};
  std::string offered_qop = {};  ///< of the latest challenge, as written
};

/// Views of what is other than the given value.
[[nodiscard]] std::vector<std::string_view> others(const std::vector<std::string>& all,
                                                   std::string_view own);

/// Of the phones heard last, by their address of record.
class NeighbourTable {
 public:
  /// Challenges and credentials of a message.
  void see(const Event& event);

  /// nullptr when nothing was seen yet.
  [[nodiscard]] const Neighbours* of(const Event& event);

 private:
  static constexpr std::size_t most_phones = 4096;

  Table<Neighbours> phones_{most_phones};
};

}  // namespace sipauth::flow
