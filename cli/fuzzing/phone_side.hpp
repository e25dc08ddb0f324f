// Where the requests of phones come in and answers go out, as a procedure sees it.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "net/clock.hpp"

namespace sipauth::fuzzing {

/// A message of a phone, and the way back to it.
struct Arrived {
  std::string bytes = {};
  std::string source = {};  ///< `127.0.0.1:40000`
  bool reliable = false;    ///< over a stream
  std::function<void(std::string)> reply = {};
};

class PhoneSide {
 public:
  virtual ~PhoneSide() = default;
  [[nodiscard]] virtual const net::Clock& clock() const = 0;
  /// The next message, or nullopt when `deadline` came first. Throws sip::Interrupted.
  [[nodiscard]] virtual std::optional<Arrived> next(net::Instant deadline) = 0;
};

}  // namespace sipauth::fuzzing
