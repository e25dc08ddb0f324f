// What a tool says about a message in the lines above it: when, from where, whereto.
#pragma once

#include <cstddef>
#include <string_view>

#include "sipauth/trace.hpp"

namespace sipauth::trace {

class Heading {
 public:
  /// A line that belongs to no message. The latest one that says a thing counts.
  void read(std::string_view line) noexcept;

  /// Into the message whose start line comes next. What was said too long ago is left out.
  void tell(TracedMessage& message) const noexcept;

 private:
  void addresses(std::string_view line) noexcept;
  void one_address(std::string_view line, std::string_view before, TraceAddress address) noexcept;
  void words(std::string_view line) noexcept;
  void named_values(std::string_view line) noexcept;
  void time_of(std::string_view line) noexcept;

  TraceDirection direction_ = TraceDirection::unknown;
  std::string_view transport_;
  TraceAddress source_;
  TraceAddress destination_;
  std::string_view time_;
  std::optional<TraceMoment> moment_;
  // Lines since something was said, and whether it was said in many lines (Wireshark's trees).
  std::size_t age_ = 0;
  bool is_tree_ = false;
};

}  // namespace sipauth::trace
