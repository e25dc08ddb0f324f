// `builtin:PROFILE`: a registrar inside this process, reached without a socket.
//
// Tool and registrar share one JumpingClock: it moves 1 ms with every message and jumps to the next
// deadline when nothing is in flight, so waiting costs no time and two runs print the same.
#pragma once

#include <deque>
#include <memory>
#include <string>

#include "net/transport.hpp"
#include "registrar/registrar.hpp"

namespace sipauth::registrar {

class BuiltinTransport final : public net::Transport {
 public:
  /// `kind` is builtin, where requests are sent again as on UDP, or tcp, where they are not. The
  /// addresses it shows are fixed: 127.0.0.1:5060 of the registrar, 127.0.0.1:5062 ours.
  explicit BuiltinTransport(Registrar registrar,
                            net::TransportKind kind = net::TransportKind::builtin);

  /// To the same registrar from another `local` address. They share the clock, and either may
  /// outlive the other.
  [[nodiscard]] std::unique_ptr<BuiltinTransport> another(net::TransportKind kind,
                                                          std::string local) const;

  /// To another registrar, on the same clock.
  [[nodiscard]] std::unique_ptr<BuiltinTransport> elsewhere(Registrar registrar) const;

  [[nodiscard]] net::TransportKind kind() const override { return kind_; }
  [[nodiscard]] bool is_reliable() const override { return kind_ == net::TransportKind::tcp; }
  [[nodiscard]] const net::Clock& clock() const override { return *clock_; }
  [[nodiscard]] std::string local() const override { return local_; }
  [[nodiscard]] std::string remote() const override { return "127.0.0.1:5060"; }
  [[nodiscard]] std::expected<void, net::NetError> send(std::string_view message) override;
  [[nodiscard]] std::expected<std::optional<net::Received>, net::NetError> receive(
      net::Instant deadline) override;

 private:
  struct InFlight {
    net::Instant due;
    std::string bytes;
  };

  BuiltinTransport(std::shared_ptr<net::JumpingClock> clock, std::shared_ptr<Registrar> registrar,
                   net::TransportKind kind, std::string local);

  std::shared_ptr<net::JumpingClock> clock_;
  std::shared_ptr<Registrar> registrar_;
  net::TransportKind kind_;
  std::string local_;
  std::deque<InFlight> in_flight_;  // by due time
};

}  // namespace sipauth::registrar
