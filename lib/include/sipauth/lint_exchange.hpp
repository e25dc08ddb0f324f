// What only the messages of a trace together show: see exchange_rules.hpp.
//
// Where the trace cannot show it (the request is not there, rows were cut, a value was made
// unreadable), nothing is said. Allocates in proportion to what it was shown; throws std::bad_alloc
// only.
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "sipauth/diagnostic.hpp"

namespace sipauth {

class ExchangeLint {
 public:
  SIPAUTH_API ExchangeLint();
  SIPAUTH_API ~ExchangeLint();
  ExchangeLint(const ExchangeLint&) = delete;
  ExchangeLint& operator=(const ExchangeLint&) = delete;

  /// The next text, read as lint_text reads it: a message, header rows or a bare value, in the
  /// order in which they were sent. Nothing of it is kept by view. Offsets count from its first
  /// byte. `hidden`, ascending and apart, is what somebody made unreadable in it; `is_abridged`:
  /// rows of it may be missing.
  SIPAUTH_API void look(std::string_view text, std::span<const Span> hidden, bool is_abridged,
                        Diagnostics& diagnostics);

 private:
  class State;
  std::unique_ptr<State> state_;
};

/// Is it one that ExchangeLint reports?
[[nodiscard]] SIPAUTH_API bool is_of_exchange(RuleId rule) noexcept;

}  // namespace sipauth
