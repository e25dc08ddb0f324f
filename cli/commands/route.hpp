// The way to the registrar: which servers there are, which of them is in use, and which were passed
// over (RFC 3263 4.3).
#pragma once

#include <expected>
#include <functional>
#include <memory>
#include <string>

#include "net/find_server.hpp"
#include "net/resolution.hpp"
#include "net/transport.hpp"

namespace sipauth::commands {

class Route {
 public:
  /// The candidates of `resolution`, reached as `way` says but for host and port.
  Route(net::Resolution resolution, net::ConnectOptions way)
      : resolution_{std::move(resolution)}, way_{std::move(way)} {}

  /// To a built-in registrar: there is no other.
  explicit Route(std::unique_ptr<net::Transport> only) : transport_{std::move(only)} {}

  /// Opens the next server that can be reached; those that cannot are passed over. When none is
  /// left, the transport stays what it was, and the error tells of all that were tried.
  [[nodiscard]] std::expected<void, net::NetError> open_next();

  /// The server in use did not serve.
  void pass_over(std::string why);

  /// Told of each server that is passed over while there are others.
  std::function<void(const std::string& sentence)> on_passed_over;

  /// There is one after the first open_next() that succeeded.
  [[nodiscard]] net::Transport& transport() const { return *transport_; }
  [[nodiscard]] const net::Resolution& resolution() const { return resolution_; }
  /// How the server in use was reached.
  [[nodiscard]] const net::ConnectOptions& way() const { return way_; }

  /// One sentence for each server that was passed over.
  [[nodiscard]] std::vector<std::string> passed_over() const;

 private:
  void pass_over(net::Candidate& candidate, std::string why);
  [[nodiscard]] net::NetError none_is_left(net::NetError::Kind kind) const;

  net::Resolution resolution_;
  net::ConnectOptions way_;
  std::unique_ptr<net::Transport> transport_;
};

}  // namespace sipauth::commands
