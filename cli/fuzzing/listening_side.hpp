// A PhoneSide on sockets: UDP and TCP on one address and port.
#pragma once

#include <cstdint>
#include <deque>
#include <expected>
#include <string>

#include "fuzzing/phone_side.hpp"
#include "registrar/server.hpp"

namespace sipauth::fuzzing {

class ListeningSide final : public PhoneSide {
 public:
  /// Messages that wait to be looked at; a flood beyond that is dropped.
  static constexpr std::size_t max_waiting = 256;

  ListeningSide();

  /// As registrar::Server::listen().
  [[nodiscard]] std::expected<std::string, std::string> listen(const std::string& address,
                                                               std::uint16_t port) {
    return server_.listen(address, port);
  }

  [[nodiscard]] const net::Clock& clock() const override { return clock_; }
  [[nodiscard]] std::optional<Arrived> next(net::Instant deadline) override;

  /// Everything that passes, for -v; `out` is an answer.
  std::function<void(const Arrived& message, bool out)> on_message;

 private:
  net::SystemClock clock_;
  std::deque<Arrived> waiting_;
  registrar::Server server_;
};

}  // namespace sipauth::fuzzing
