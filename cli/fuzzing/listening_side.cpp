#include "fuzzing/listening_side.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "sip/session.hpp"

namespace sipauth::fuzzing {
namespace {

constexpr net::Duration longest_turn = std::chrono::milliseconds{50};

}  // namespace

ListeningSide::ListeningSide()
    : server_{[this](const registrar::Incoming& request, const registrar::Server::Send& send) {
        if (waiting_.size() == max_waiting) return;
        Arrived arrived{.bytes = std::string{request.bytes},
                        .source = std::string{request.source},
                        .reliable = request.transport == "tcp"};
        if (on_message) on_message(arrived, false);
        arrived.reply = [this, send, source = arrived.source,
                         reliable = arrived.reliable](std::string bytes) {
          if (on_message)
            on_message({.bytes = bytes, .source = source, .reliable = reliable}, true);
          send({.bytes = std::move(bytes)});
        };
        waiting_.push_back(std::move(arrived));
      }} {}

std::optional<Arrived> ListeningSide::next(net::Instant deadline) {
  while (waiting_.empty()) {
    const auto left = deadline - clock_.now();
    if (left <= net::Duration{0}) return std::nullopt;
    if (server_.run_for(std::min(left, longest_turn)) != 0) throw sip::Interrupted{};
  }
  auto arrived = std::move(waiting_.front());
  waiting_.pop_front();
  return arrived;
}

}  // namespace sipauth::fuzzing
