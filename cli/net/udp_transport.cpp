#include "net/udp_transport.hpp"

#include <asio/buffer.hpp>
#include <utility>

#include "net/resolve.hpp"
#include "net/socket_error.hpp"

namespace sipauth::net {
namespace {

// Answers of a burst wait here while one of them is looked at. The system may give less.
constexpr int receive_buffer = 1 << 20;

}  // namespace

std::expected<std::unique_ptr<Transport>, NetError> UdpTransport::open(
    const ConnectOptions& options) {
  const auto addresses = resolve(options);
  if (!addresses) return std::unexpected{addresses.error()};
  const auto source = source_address(options);
  if (!source) return std::unexpected{source.error()};

  std::optional<NetError> first;
  for (const auto& address : *addresses) {
    auto transport = std::make_unique<UdpTransport>();
    const auto code = transport->connect({address, options.port}, *source);
    if (!code) return transport;
    if (!first) first = transport->error(code);
  }
  return std::unexpected{std::move(*first)};
}

std::error_code UdpTransport::connect(const asio::ip::udp::endpoint& peer,
                                      const std::optional<asio::ip::address>& source) {
  remote_ = endpoint_text(peer.address(), peer.port());
  std::error_code code;
  socket_.open(peer.protocol(), code);
  if (!code && source) socket_.bind({*source, 0}, code);
  if (!code) socket_.connect(peer, code);
  if (!code) socket_.non_blocking(true, code);
  if (code) return code;

  const auto local = socket_.local_endpoint(code);
  local_ = endpoint_text(local.address(), local.port());
  std::error_code ignored;
  socket_.set_option(asio::socket_base::receive_buffer_size{receive_buffer}, ignored);
  return code;
}

std::expected<void, NetError> UdpTransport::send(std::string_view message) {
  // An ICMP error of an earlier datagram comes out of the next call, which then does nothing: it is
  // kept for receive(), and the call made again. Should the buffer be full, the datagram is lost,
  // as it might be on its way; it is sent again like any other.
  for (int attempt = 0; attempt < 3; ++attempt) {
    std::error_code code;
    socket_.send(asio::buffer(message), 0, code);
    if (!code || code == asio::error::would_block || code == asio::error::no_buffer_space) {
      return {};
    }
    auto failed = error(code);
    if (failed.kind != NetError::Kind::refused) return std::unexpected{std::move(failed)};
    not_yet_reported_ = std::move(failed);
  }
  return {};
}

std::expected<std::optional<Received>, NetError> UdpTransport::receive(Instant deadline) {
  while (!stop_requested.load(std::memory_order_relaxed)) {
    if (not_yet_reported_) {
      return std::unexpected{*std::exchange(not_yet_reported_, std::nullopt)};
    }
    std::error_code code;
    const auto size = socket_.receive(asio::buffer(datagram_), 0, code);
    if (!code) return Received{{datagram_.data(), size}, remote_, true};
    if (code != asio::error::would_block) return std::unexpected{error(code)};

    const auto left = deadline - clock_.now();
    if (left <= Duration{0}) return std::nullopt;
    readable_.wait(context_, socket_, left);
  }
  return std::unexpected{interrupted_error()};
}

NetError UdpTransport::error(const std::error_code& code) const {
  return socket_error(code, "udp " + remote_);
}

}  // namespace sipauth::net
