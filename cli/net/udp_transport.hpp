// SIP over UDP (RFC 3261 18): one connected socket.
//
// Connected, so that the system hands ICMP errors back and drops what other hosts or ports send: a
// flood of foreign datagrams takes no place in the queue and hides nothing. An answer that the
// registrar sends from another address or port than it was asked at is dropped with them, as NAT
// would do.
#pragma once

#include <array>
#include <asio/io_context.hpp>
#include <asio/ip/udp.hpp>
#include <memory>
#include <optional>
#include <string>

#include "net/transport.hpp"
#include "net/wait.hpp"

namespace sipauth::net {

class UdpTransport final : public Transport {
 public:
  [[nodiscard]] static std::expected<std::unique_ptr<Transport>, NetError> open(
      const ConnectOptions& options);

  [[nodiscard]] TransportKind kind() const override { return TransportKind::udp; }
  [[nodiscard]] bool is_reliable() const override { return false; }
  [[nodiscard]] const Clock& clock() const override { return clock_; }
  [[nodiscard]] std::string local() const override { return local_; }
  [[nodiscard]] std::string remote() const override { return remote_; }
  [[nodiscard]] std::expected<void, NetError> send(std::string_view message) override;
  [[nodiscard]] std::expected<std::optional<Received>, NetError> receive(Instant deadline) override;

 private:
  [[nodiscard]] std::error_code connect(const asio::ip::udp::endpoint& peer,
                                        const std::optional<asio::ip::address>& source);
  [[nodiscard]] NetError error(const std::error_code& code) const;

  SystemClock clock_;
  asio::io_context context_;
  asio::ip::udp::socket socket_{context_};
  Readiness readable_{asio::socket_base::wait_read};
  std::string local_;
  std::string remote_;
  std::optional<NetError> not_yet_reported_;
  std::array<char, 65'536> datagram_;
};

}  // namespace sipauth::net
