// A registrar of tests/peers: a program that writes "port N" when it listens on the loopback.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "e2e/tool.hpp"
#include "interop/process.hpp"

namespace sipauth::interop {

class Peer {
 public:
  /// Throws std::runtime_error, with what it has written, when it does not listen.
  explicit Peer(const std::vector<std::string>& command);

  [[nodiscard]] std::uint16_t port() const { return port_; }
  /// What it has said so far.
  [[nodiscard]] std::string log() const;

  /// `sipauth check` for alice of test.local, the password on standard input and a document as
  /// output.
  [[nodiscard]] e2e::Arguments check(const std::vector<std::string>& more) const;

 private:
  e2e::ScratchDirectory scratch_;
  Process process_;
  std::uint16_t port_ = 0;
};

}  // namespace sipauth::interop
