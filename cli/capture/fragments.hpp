// Joins the fragments of IP packets (RFC 791 3.2, RFC 8200 4.5), of both versions alike.
//
// What is kept is bounded: the oldest packet that is not whole is given up when there are too many,
// and every one after 30 seconds. libtins, which could join those of IPv4, keeps fragments for
// ever.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "capture/ip.hpp"

namespace sipauth::capture {

class Fragments {
 public:
  /// The payload of the whole packet, when this fragment completes it.
  [[nodiscard]] std::optional<std::string> add(const IpPacket& packet, Time time);

  /// Packets that were given up because a fragment did not come.
  [[nodiscard]] std::uint64_t incomplete() const noexcept { return given_up_ + waiting_.size(); }

 private:
  struct Key {
    Address source;
    Address destination;
    std::uint32_t identification = 0;
    std::uint8_t protocol = 0;
    friend bool operator==(const Key&, const Key&) = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const noexcept {
      return Mixer{}.add(key.source).add(key.destination).add(key.identification).value();
    }
  };
  struct Part {
    std::uint32_t offset = 0;
    std::string bytes = {};
  };
  struct Waiting {
    std::vector<Part> parts = {};
    std::optional<std::size_t> size = {};  ///< once the last fragment came
    std::size_t bytes = 0;                 ///< of all parts, overlaps counted twice
    std::uint64_t serial = 0;
  };
  struct Age {
    Key key;
    std::uint64_t serial = 0;
    Time time = 0;
  };

  void give_up_old(Time now);
  void forget(const Key& key);
  [[nodiscard]] static std::optional<std::string> joined(Waiting& waiting);

  std::unordered_map<Key, Waiting, KeyHash> waiting_;
  std::deque<Age> ages_;  // in the order of arrival; some of them whole by now
  std::size_t bytes_ = 0;
  std::uint64_t serial_ = 0;
  std::uint64_t given_up_ = 0;
};

}  // namespace sipauth::capture
