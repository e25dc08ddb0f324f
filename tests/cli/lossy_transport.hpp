// A built-in registrar behind a network that loses what the test tells it to lose.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "registrar/builtin_transport.hpp"

namespace sipauth {

class LossyTransport final : public net::Transport {
 public:
  explicit LossyTransport(registrar::Registrar registrar) : inner_{std::move(registrar)} {}

  /// Called with every request that is sent; true: the registrar never sees it.
  std::function<bool(std::string_view)> loses_request = [](std::string_view) { return false; };
  /// The same for answers on their way back.
  std::function<bool(std::string_view)> loses_answer = [](std::string_view) { return false; };

  [[nodiscard]] net::TransportKind kind() const override { return inner_.kind(); }
  [[nodiscard]] bool is_reliable() const override { return false; }
  [[nodiscard]] const net::Clock& clock() const override { return inner_.clock(); }
  [[nodiscard]] std::string local() const override { return inner_.local(); }
  [[nodiscard]] std::string remote() const override { return inner_.remote(); }

  [[nodiscard]] std::expected<void, net::NetError> send(std::string_view message) override {
    if (loses_request(message)) return {};
    return inner_.send(message);
  }

  [[nodiscard]] std::expected<std::optional<net::Received>, net::NetError> receive(
      net::Instant deadline) override {
    for (;;) {
      auto received = inner_.receive(deadline);
      if (!received || !*received || !loses_answer((*received)->bytes)) return received;
    }
  }

 private:
  registrar::BuiltinTransport inner_;
};

}  // namespace sipauth
