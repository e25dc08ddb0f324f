#include "net/socket_error.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <asio/error.hpp>

namespace sipauth::net {
namespace {

struct Row {
  int number;
  NetError::Kind kind;
  std::string_view sentence;  ///< {} is the way
};

constexpr auto rows = std::to_array<Row>({
    {ECONNREFUSED, NetError::Kind::refused,
     "Nothing listens on {}: check host, port and transport, and that the server runs."},
    {EHOSTUNREACH, NetError::Kind::unreachable,
     "There is no way to {}: check the network, or try -4 or -6."},
    {ENETUNREACH, NetError::Kind::unreachable,
     "There is no way to {}: check the network, or try -4 or -6."},
    {ENETDOWN, NetError::Kind::unreachable, "The network to {} is down."},
    {ETIMEDOUT, NetError::Kind::timeout,
     "{} did not answer in time: check host and port, and firewalls between."},
    {ECONNRESET, NetError::Kind::closed, "The peer at {} reset the connection."},
    {EPIPE, NetError::Kind::closed, "The peer at {} closed the connection."},
    {ECONNABORTED, NetError::Kind::closed, "The connection to {} was given up."},
    {EADDRNOTAVAIL, NetError::Kind::usage,
     "The address to send from to {} is not one of this host: check --source."},
    {EADDRINUSE, NetError::Kind::usage,
     "The address to send from to {} is in use: check --source."},
    {EACCES, NetError::Kind::usage,
     "The system does not allow sending to {}: a broadcast address, or a firewall rule."},
    {EPERM, NetError::Kind::usage,
     "The system does not allow sending to {}: a firewall rule of this host."},
    {EINVAL, NetError::Kind::usage, "{} is not an address that can be sent to from here."},
    {EMSGSIZE, NetError::Kind::usage,
     "The message is longer than a datagram to {} may be: use transport=tcp."},
    {EAFNOSUPPORT, NetError::Kind::unreachable,
     "This host does not speak the address family of {}: try -4 or -6."},
});

}  // namespace

NetError socket_error(const std::error_code& code, std::string_view way) {
  if (code == asio::error::eof) {
    return {NetError::Kind::closed, fmt::format("The peer at {} closed the connection.", way)};
  }
  if (code.category() == asio::error::get_system_category()) {
    const auto row = std::ranges::find(rows, code.value(), &Row::number);
    if (row != rows.end()) return {row->kind, fmt::format(fmt::runtime(row->sentence), way)};
  }
  return {NetError::Kind::internal,
          fmt::format("The system refused to talk to {}: {}.", way, code.message())};
}

NetError interrupted_error() { return {NetError::Kind::interrupted, "Interrupted."}; }

}  // namespace sipauth::net
