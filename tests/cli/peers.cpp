#include "cli/peers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <stdexcept>

#include "sipauth/message.hpp"
#include "sipauth/text.hpp"

namespace sipauth::peers {
namespace {

void check(bool done, const char* what) {
  if (!done) throw std::runtime_error{what};
}

// True when it happens to `descriptor` before `stop` can be read.
bool happens(short what, int descriptor, int stop) {
  std::array<pollfd, 2> both{{{descriptor, what, 0}, {stop, POLLIN, 0}}};
  while (poll(both.data(), both.size(), -1) < 0) check(errno == EINTR, "poll");
  return both[1].revents == 0;
}

bool readable(int descriptor, int stop) { return happens(POLLIN, descriptor, stop); }

void raise_flag(const Descriptor& event) {
  const std::uint64_t one = 1;
  check(write(event.number(), &one, sizeof one) == sizeof one, "eventfd");
}

}  // namespace

std::string header_of(std::string_view message, std::string_view name) {
  Diagnostics ignored;
  const auto parsed = Message::parse(message, ignored);
  const auto* header = parsed ? parsed->find(name) : nullptr;
  return header ? std::string{header->value} : std::string{};
}

std::string parameter_of(std::string_view value, std::string_view parameter) {
  const auto name = std::string{parameter} + '=';
  for (auto at = value.find(name); at != std::string_view::npos; at = value.find(name, at + 1)) {
    if (at > 0 && is_token(value[at - 1])) continue;
    const auto rest = value.substr(at + name.size());
    if (rest.starts_with('"')) return std::string{rest.substr(1, rest.find('"', 1) - 1)};
    return std::string{rest.substr(0, rest.find_first_of(", "))};
  }
  return {};
}

std::string response_to(std::string_view request, int status, std::string_view rows) {
  auto text = "SIP/2.0 " + std::to_string(status) + " Reason\r\n";
  for (const std::string name : {"Via", "From", "To", "Call-ID", "CSeq"}) {
    text += name + ": " + header_of(request, name) + (name == "To" ? ";tag=server" : "") + "\r\n";
  }
  text += rows;
  return text + "Content-Length: 0\r\n\r\n";
}

std::string challenge_to(std::string_view request, std::string_view nonce, std::string_view more) {
  auto row = std::string{"WWW-Authenticate: Digest realm=\"test\", nonce=\""};
  row.append(nonce).append("\", qop=\"auth\"").append(more).append("\r\n");
  return response_to(request, 401, row);
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  check(at != std::string::npos, "nothing to replace");
  return text.replace(at, from.size(), to);
}

sip::Identity alice() {
  sip::Identity identity;
  identity.user = "alice";
  identity.domain = "example.com";
  identity.request_uri = "sip:127.0.0.1";
  identity.password = Secret{"secret"};
  identity.has_password = true;
  return identity;
}

void ScriptedTransport::put(Arrival arrival) {
  const auto at = std::ranges::upper_bound(arrivals_, arrival.due, {}, &Arrival::due);
  arrivals_.insert(at, std::move(arrival));
}

void ScriptedTransport::arrives(std::string bytes, net::Duration after, bool from_target) {
  put({clock_.now() + after,
       net::Received{std::move(bytes), from_target ? remote() : "127.0.0.1:9", from_target}});
}

void ScriptedTransport::fails(net::NetError error, net::Duration after) {
  put({clock_.now() + after, std::unexpected{std::move(error)}});
}

std::expected<void, net::NetError> ScriptedTransport::send(std::string_view message) {
  sent_.emplace_back(message);
  sent_at_.push_back(clock_.now());
  if (on_send) on_send(*this, sent_.back());
  return {};
}

std::expected<std::optional<net::Received>, net::NetError> ScriptedTransport::receive(
    net::Instant deadline) {
  if (arrivals_.empty() || arrivals_.front().due > deadline) {
    clock_.jump_to(deadline);
    return std::nullopt;
  }
  auto arrival = std::move(arrivals_.front());
  arrivals_.pop_front();
  clock_.jump_to(arrival.due);
  return std::move(arrival.what);
}

Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
}

Descriptor bound_socket(int type, Family family, std::uint16_t& port) {
  const bool ipv4 = family == Family::ipv4;
  Descriptor socket{::socket(ipv4 ? AF_INET : AF_INET6, type | SOCK_CLOEXEC, 0)};
  check(socket.is_open(), "socket");
  sockaddr_storage storage{};
  auto* address = reinterpret_cast<sockaddr*>(&storage);
  auto& v4 = reinterpret_cast<sockaddr_in&>(storage);
  auto& v6 = reinterpret_cast<sockaddr_in6&>(storage);
  socklen_t size = ipv4 ? sizeof v4 : sizeof v6;
  if (ipv4) {
    v4.sin_family = AF_INET;
    v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  } else {
    v6.sin6_family = AF_INET6;
    v6.sin6_addr = in6addr_loopback;
  }
  check(bind(socket.number(), address, size) == 0, "bind");
  check(getsockname(socket.number(), address, &size) == 0, "getsockname");
  port = ntohs(ipv4 ? v4.sin_port : v6.sin6_port);
  return socket;
}

UdpPeer::UdpPeer(Script script, Family family)
    : script_{std::move(script)},
      socket_{bound_socket(SOCK_DGRAM, family, port_)},
      stop_{eventfd(0, EFD_CLOEXEC)} {
  std::uint16_t other_port = 0;
  elsewhere_ = bound_socket(SOCK_DGRAM, family, other_port);
  thread_ = std::thread{[this] { run(); }};
}

UdpPeer::~UdpPeer() {
  raise_flag(stop_);
  thread_.join();
}

void UdpPeer::run() {
  std::vector<char> datagram(65'536);
  while (readable(socket_.number(), stop_.number())) {
    sockaddr_storage from{};
    socklen_t size = sizeof from;
    const auto length = recvfrom(socket_.number(), datagram.data(), datagram.size(), 0,
                                 reinterpret_cast<sockaddr*>(&from), &size);
    if (length < 0) continue;  // an ICMP error of an answer nobody waited for
    const auto* bytes = reinterpret_cast<const char*>(&from);
    sender_.assign(bytes, bytes + size);
    ++received_;
    script_(*this, std::string{datagram.data(), static_cast<std::size_t>(length)});
  }
}

void UdpPeer::send(std::string_view datagram) const {
  sendto(socket_.number(), datagram.data(), datagram.size(), 0,
         reinterpret_cast<const sockaddr*>(sender_.data()), static_cast<socklen_t>(sender_.size()));
}

void UdpPeer::send_from_elsewhere(std::string_view datagram) const {
  sendto(elsewhere_.number(), datagram.data(), datagram.size(), 0,
         reinterpret_cast<const sockaddr*>(sender_.data()), static_cast<socklen_t>(sender_.size()));
}

bool TcpConnection::wait_readable() const { return readable(socket_.number(), stop_); }

std::string TcpConnection::read_request() {
  for (;;) {
    if (const auto end = buffer_.find("\r\n\r\n"); end != std::string::npos) {
      auto request = buffer_.substr(0, end + 4);
      buffer_.erase(0, end + 4);
      return request;
    }
    std::array<char, 4096> chunk;
    if (!wait_readable()) return {};
    const auto length = recv(socket_.number(), chunk.data(), chunk.size(), 0);
    if (length <= 0) return {};
    buffer_.append(chunk.data(), static_cast<std::size_t>(length));
  }
}

bool TcpConnection::write(std::string_view bytes) const {
  while (!bytes.empty()) {
    const auto length = ::send(socket_.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (length <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(length));
  }
  return true;
}

void TcpConnection::wait_unread() const { (void)happens(POLLRDHUP, socket_.number(), stop_); }

void TcpConnection::wait_for_close() {
  while (!read_request().empty()) {
  }
}

TcpPeer::TcpPeer(Script script, Family family)
    : script_{std::move(script)},
      socket_{bound_socket(SOCK_STREAM, family, port_)},
      stop_{eventfd(0, EFD_CLOEXEC)} {
  check(listen(socket_.number(), 8) == 0, "listen");
  thread_ = std::thread{[this] { run(); }};
}

TcpPeer::~TcpPeer() {
  raise_flag(stop_);
  thread_.join();
}

void TcpPeer::run() {
  while (readable(socket_.number(), stop_.number())) {
    Descriptor accepted{accept4(socket_.number(), nullptr, nullptr, SOCK_CLOEXEC)};
    if (!accepted.is_open()) continue;
    ++accepted_;
    TcpConnection connection{std::move(accepted), stop_.number()};
    script_(connection);
  }
}

TemporaryFile::TemporaryFile(std::string_view text) {
  path_ = std::filesystem::temp_directory_path() / "sipauth-test-XXXXXX";
  const Descriptor file{mkstemp(path_.data())};
  check(file.is_open() &&
            ::write(file.number(), text.data(), text.size()) == static_cast<ssize_t>(text.size()),
        "temporary file");
}

TemporaryFile::~TemporaryFile() { unlink(path_.c_str()); }

net::ConnectOptions loopback(std::uint16_t port, Family family) {
  net::ConnectOptions options;
  options.host = family == Family::ipv4 ? "127.0.0.1" : "::1";
  options.port = port;
  options.timeout = 2s;
  return options;
}

void expect_no_connection(net::TransportKind kind, const NoConnection& row) {
  TcpPeer peer{row.script};
  auto options = loopback(peer.port());
  options.timeout = row.kind == net::NetError::Kind::timeout ? 300ms : 20s;
  const auto transport = net::connect(kind, options);
  ASSERT_FALSE(transport);
  EXPECT_EQ(transport.error().kind, row.kind) << transport.error().text;
  EXPECT_THAT(transport.error().text, testing::HasSubstr(std::string{row.says}));
}

std::unique_ptr<net::Transport> opened(net::TransportKind kind,
                                       const net::ConnectOptions& options) {
  auto transport = net::connect(kind, options);
  if (!transport) throw std::runtime_error{transport.error().text};
  return std::move(*transport);
}

}  // namespace sipauth::peers
