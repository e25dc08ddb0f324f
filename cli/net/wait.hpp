// How a blocking call waits: the event loop turns until the socket is ready, in slices short enough
// to see Ctrl-C.
#pragma once

#include <algorithm>
#include <asio/io_context.hpp>
#include <asio/socket_base.hpp>
#include <chrono>

#include "net/clock.hpp"

namespace sipauth::net {

inline constexpr Duration longest_slice = std::chrono::milliseconds{100};

/// One socket's readiness in one direction. A wait that was not over when its slice was goes on in
/// the next. The socket and this must outlive every run of the context.
class Readiness {
 public:
  explicit Readiness(asio::socket_base::wait_type what) : what_{what} {}

  /// Returns when the socket is ready, or after `time`, or a slice, whichever comes first; it may
  /// return earlier.
  template <typename Socket>
  void wait(asio::io_context& context, Socket& socket, Duration time) {
    if (!waiting_) {
      waiting_ = true;
      socket.async_wait(what_, [this](const std::error_code&) { waiting_ = false; });
    }
    context.restart();
    context.run_one_for(std::clamp(time, Duration{0}, longest_slice));
  }

 private:
  asio::socket_base::wait_type what_;
  bool waiting_ = false;
};

}  // namespace sipauth::net
