#include "net/stream_transport.hpp"

#include <algorithm>
#include <thread>
#include <utility>

#include "net/socket_error.hpp"
#include "net/wait.hpp"

namespace sipauth::net {
namespace {

// Messages that wait for receive(). What comes beyond stays with the system, whose window closes.
constexpr std::size_t max_waiting = 64;

}  // namespace

std::expected<std::unique_ptr<Transport>, NetError> StreamTransport::open(
    TransportKind kind, const ConnectOptions& options) {
  auto transport = std::make_unique<StreamTransport>(kind, options);
  if (auto opened = transport->reopen(); !opened) return std::unexpected{opened.error()};
  return transport;
}

std::expected<void, NetError> StreamTransport::reopen() {
  const bool framed = kind_ == TransportKind::tcp || kind_ == TransportKind::tls;
  auto stream =
      framed ? open_framed(kind_, options_, clock_) : open_websocket(kind_, options_, clock_);
  if (!stream) return std::unexpected{stream.error()};
  stream_ = std::move(*stream);
  was_used_ = false;
  closed_with_.reset();
  local_ = stream_->local();
  remote_ = stream_->remote();
  tls_ = stream_->tls();
  return {};
}

std::expected<void, NetError> StreamTransport::write(std::string_view message) {
  auto written = stream_->write(message, next_frame_, clock_.now() + options_.timeout);
  if (!written) stream_.reset();
  return written;
}

std::expected<void, NetError> StreamTransport::send(std::string_view message) {
  // Whether the peer has closed in the meantime shows only when one reads.
  if (stream_ && arrivals_.messages.size() < max_waiting) {
    if (const auto seen = fill(clock_.now()); !seen) {
      if (seen.error().kind == NetError::Kind::interrupted) return std::unexpected{seen.error()};
    }
  }
  const bool was_open = stream_ != nullptr;
  if (!was_open) {
    if (auto opened = reopen(); !opened) return opened;
  }
  auto written = write(message);
  if (!written) {
    if (!was_open || written.error().kind != NetError::Kind::closed) return written;
    if (auto opened = reopen(); !opened) return opened;
    written = write(message);
    reused_ = false;
  } else {
    reused_ = was_open && was_used_;
  }
  was_used_ = true;
  next_frame_.reset();
  arrived_since_sent_ = false;
  return written;
}

std::expected<std::optional<Received>, NetError> StreamTransport::receive(Instant deadline) {
  for (;;) {
    if (stop_requested.load(std::memory_order_relaxed)) return std::unexpected{interrupted_error()};
    if (!arrivals_.messages.empty()) {
      auto message = std::move(arrivals_.messages.front());
      arrivals_.messages.pop_front();
      return message;
    }
    if (stream_) {
      const auto arrived = fill(deadline);
      if (!arrived) {
        // Messages that came before the end are handed out first, and a closed stream says so once.
        if (arrivals_.messages.empty() || arrived.error().kind == NetError::Kind::interrupted) {
          return std::unexpected{arrived.error()};
        }
        closed_with_ = arrived.error();
      }
      if (arrived && !*arrived) return std::nullopt;
      // A peer that trickles must not hold us past the deadline.
      if (arrivals_.messages.empty() && clock_.now() >= deadline) return std::nullopt;
      continue;
    }
    if (closed_with_) return std::unexpected{*std::exchange(closed_with_, std::nullopt)};
    const auto left = deadline - clock_.now();
    if (left <= Duration{0}) return std::nullopt;
    std::this_thread::sleep_for(std::min(left, longest_slice));
  }
}

std::expected<bool, NetError> StreamTransport::fill(Instant deadline) {
  auto arrived = stream_->read(arrivals_, deadline);
  if (arrived) {
    arrived_since_sent_ = arrived_since_sent_ || *arrived;
  } else if (arrived.error().kind != NetError::Kind::interrupted) {
    arrived.error().may_be_unseen =
        reused_ && !arrived_since_sent_ && arrived.error().kind == NetError::Kind::closed;
    stream_.reset();
  }
  return arrived;
}

}  // namespace sipauth::net
