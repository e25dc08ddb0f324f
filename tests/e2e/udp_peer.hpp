// A server on loopback that answers every datagram by a function, in a thread of its own.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace sipauth::e2e {

class UdpPeer {
 public:
  /// What to send back; nullopt: nothing.
  using Answer = std::function<std::optional<std::string>(const std::string& request)>;

  explicit UdpPeer(Answer answer) : answer_{std::move(answer)} {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (socket_ < 0 || stop_ < 0 || ::bind(socket_, as_generic(address), size) != 0 ||
        ::getsockname(socket_, as_generic(address), &size) != 0) {
      throw std::runtime_error{"no UDP socket on loopback"};
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::thread{[this] { serve(); }};
  }

  ~UdpPeer() {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(stop_, &one, sizeof one);
    thread_.join();
    ::close(socket_);
    ::close(stop_);
  }

  UdpPeer(const UdpPeer&) = delete;
  UdpPeer& operator=(const UdpPeer&) = delete;

  [[nodiscard]] std::string place() const { return "127.0.0.1:" + std::to_string(port_); }

 private:
  static sockaddr* as_generic(sockaddr_in& address) {
    return reinterpret_cast<sockaddr*>(&address);
  }

  void serve() {
    for (;;) {
      std::array<pollfd, 2> waiting{{{socket_, POLLIN, 0}, {stop_, POLLIN, 0}}};
      ::poll(waiting.data(), waiting.size(), -1);
      if (waiting[1].revents != 0) return;
      std::string request(65'536, '\0');
      sockaddr_in from{};
      socklen_t size = sizeof from;
      const auto length =
          ::recvfrom(socket_, request.data(), request.size(), 0, as_generic(from), &size);
      if (length < 0) continue;
      request.resize(static_cast<std::size_t>(length));
      if (const auto answer = answer_(request)) {
        ::sendto(socket_, answer->data(), answer->size(), 0, as_generic(from), size);
      }
    }
  }

  Answer answer_;
  int socket_ = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  int stop_ = ::eventfd(0, EFD_CLOEXEC);
  std::uint16_t port_ = 0;
  std::thread thread_;
};

/// `start_line`, the request's Via, From, To, Call-ID and CSeq, then `rows`, each with its CR LF.
[[nodiscard]] inline std::string answer_to(const std::string& request, std::string_view start_line,
                                           std::string_view rows) {
  std::string answer{start_line};
  answer += "\r\n";
  for (const std::string_view name : {"Via:", "From:", "To:", "Call-ID:", "CSeq:"}) {
    const auto begin = request.find("\r\n" + std::string{name});
    if (begin == std::string::npos) continue;
    answer += request.substr(begin + 2, request.find("\r\n", begin + 2) - begin - 2);
    answer += name == "To:" ? ";tag=peer\r\n" : "\r\n";
  }
  answer += rows;
  return answer += "Content-Length: 0\r\n\r\n";
}

}  // namespace sipauth::e2e
