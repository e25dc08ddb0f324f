#include "interop/kamailio.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <fstream>
#include <stdexcept>
#include <vector>

namespace sipauth::interop {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto start_limit = 15s;  // 0.02 s on an idle machine, 0.3 s with a certificate to make
constexpr int start_attempts = 3;  // someone else may take a port between choosing and binding

Descriptor opened_socket(int type) {
  Descriptor socket{::socket(AF_INET, type | SOCK_CLOEXEC, 0)};
  if (socket.get() < 0) throw std::runtime_error{"no socket"};
  return socket;
}

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

bool bind_to(const Descriptor& socket, std::uint16_t port) {
  const auto address = loopback(port);
  return ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

/// Free for UDP and for TCP a moment ago.
std::uint16_t free_port() {
  for (;;) {
    const auto tcp = opened_socket(SOCK_STREAM);
    const auto udp = opened_socket(SOCK_DGRAM);
    sockaddr_in address{};
    socklen_t length = sizeof address;
    if (!bind_to(tcp, 0) ||
        ::getsockname(tcp.get(), reinterpret_cast<sockaddr*>(&address), &length) != 0) {
      throw std::runtime_error{"no free port on the loopback"};
    }
    const auto port = ntohs(address.sin_port);
    if (bind_to(udp, port)) return port;
  }
}

void make_certificate(const std::filesystem::path& folder) {
  const auto subject = std::string{realm};
  Process openssl{{"openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
                   "-subj", "/CN=" + subject, "-addext", "subjectAltName=DNS:" + subject, "-keyout",
                   folder / "key.pem", "-out", folder / "certificate.pem"},
                  folder / "openssl.log"};
  if (openssl.status() != 0) throw std::runtime_error{"openssl req made no certificate"};
}

}  // namespace

Kamailio::Kamailio(const Variant& variant) {
  if (variant.tls) make_certificate(folder());
  for (int attempt = 0; attempt < start_attempts; ++attempt) {
    if (start(variant)) return;
  }
  throw std::runtime_error{"kamailio does not answer: " + log()};
}

bool Kamailio::start(const Variant& variant) {
  ports_ = {.sip = free_port(), .tls = variant.tls ? free_port() : std::uint16_t{0}};
  const auto script = folder() / "kamailio.cfg";
  std::ofstream{script} << script_of(variant, ports_, folder());

  process_.emplace(
      std::vector<std::string>{SIPAUTH_KAMAILIO, "-DD", "-E", "-m", "32", "-M", "4", "-f", script,
                               "-P", folder() / "kamailio.pid", "-Y", folder(), "-w", folder()},
      folder() / "kamailio.log");
  const auto limit = Clock::now() + start_limit;
  while (Clock::now() < limit) {
    if (answers_options()) return true;
    if (process_->ends(20ms)) return false;
  }
  return false;
}

bool Kamailio::answers_options() const {
  const auto socket = opened_socket(SOCK_DGRAM);
  const auto address = loopback(ports_.sip);
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return false;
  }
  const std::string options =
      "OPTIONS sip:127.0.0.1 SIP/2.0\r\n"
      "Via: SIP/2.0/UDP 127.0.0.1;rport;branch=z9hG4bKready\r\n"
      "Max-Forwards: 70\r\n"
      "From: <sip:test@127.0.0.1>;tag=ready\r\n"
      "To: <sip:127.0.0.1>\r\n"
      "Call-ID: ready\r\n"
      "CSeq: 1 OPTIONS\r\n"
      "Content-Length: 0\r\n\r\n";
  if (::send(socket.get(), options.data(), options.size(), 0) < 0) return false;

  pollfd answer{.fd = socket.get(), .events = POLLIN, .revents = 0};
  std::array<char, 2048> bytes{};
  if (::poll(&answer, 1, 200) != 1) return false;
  const auto size = ::recv(socket.get(), bytes.data(), bytes.size(), 0);
  return size > 0 && std::string_view{bytes.data(), static_cast<std::size_t>(size)}.starts_with(
                         "SIP/2.0 200 " + ready_phrase(folder()));
}

std::string Kamailio::log() const { return text_of(folder() / "kamailio.log"); }

}  // namespace sipauth::interop
