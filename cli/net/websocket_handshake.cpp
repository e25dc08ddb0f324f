#include "net/websocket_handshake.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

#include "net/printable.hpp"
#include "sipauth/text.hpp"

namespace sipauth::net {
namespace {

// Cookies and policies of a web server take a few thousand bytes.
constexpr std::size_t longest_answer = 16'384;

// What is shown of one value.
constexpr std::size_t shown = 80;

constexpr std::string_view http = "HTTP/1.";

std::unexpected<NetError> failed(NetError::Kind kind, std::string text) {
  return std::unexpected{NetError{kind, std::move(text)}};
}

struct Refusal {
  int status;
  std::string_view what_to_do;
};

constexpr auto refusals = std::to_array<Refusal>({
    {400, "it did not like the request: check the path, and that the port is for SIP."},
    {401,
     "it wants a password of HTTP, before SIP: take a listener without one, or its plain SIP "
     "port."},
    {403,
     "it lets in only some: check which addresses and origins it allows, and the path (say "
     "ws://HOST:PORT/PATH)."},
    {404, "there is no WebSocket at that path: say ws://HOST:PORT/PATH (Asterisk: /ws)."},
    {405, "there is no WebSocket at that path: say ws://HOST:PORT/PATH (Asterisk: /ws)."},
    {407, "a proxy wants a password of HTTP: go round it with --connect HOST:PORT."},
    {426, "it wants another protocol or another version of WebSocket, and 13 is the only one."},
    {429, "it has had too many requests: wait, then try again."},
    {503, "it takes no more connections at present: wait, then try again."},
});

// The part of a status that tells what to do, whatever it is.
std::string_view advice(int status) {
  const auto row = std::ranges::find(refusals, status, &Refusal::status);
  if (row != refusals.end()) return row->what_to_do;
  if (status / 100 == 3) return "it says that the WebSocket is elsewhere: take that as the target.";
  if (status / 100 == 5) return "it is broken, or what stands behind it is: look at its log.";
  return "this is a web server: check port and path.";
}

class Answer {
 public:
  explicit Answer(std::string_view text) : rest_{text} {
    start_line_ = next_line();
    const auto code =
        start_line_.substr(std::min(start_line_.find(' '), start_line_.size() - 1) + 1);
    status_ = static_cast<int>(number(code.substr(0, code.find(' ')), 999).value_or(0));
  }

  [[nodiscard]] int status() const { return status_; }
  /// `404 Not Found`.
  [[nodiscard]] std::string status_text() const {
    return printable(trim(start_line_.substr(start_line_.find(' '))), shown);
  }

  /// All rows of that name, joined (RFC 9110 5.3); nullopt: there is none.
  [[nodiscard]] std::optional<std::string> find(std::string_view name) const {
    std::optional<std::string> value;
    auto copy = *this;
    for (auto line = copy.next_line(); !line.empty(); line = copy.next_line()) {
      const auto colon = line.find(':');
      if (colon == std::string_view::npos || !same(line.substr(0, colon), name)) continue;
      if (value) {
        *value += ", ";
      } else {
        value.emplace();
      }
      *value += trim(line.substr(colon + 1));
    }
    return value;
  }

  /// Is `word` one of the comma-separated tokens of that header?
  [[nodiscard]] bool lists(std::string_view name, std::string_view word) const {
    const auto value = find(name).value_or("");
    for (std::string_view list = value; !list.empty();) {
      const auto end = std::min(list.find(','), list.size());
      if (same(trim(list.substr(0, end)), word)) return true;
      list.remove_prefix(std::min(end + 1, list.size()));
    }
    return false;
  }

 private:
  std::string_view next_line() {
    const auto end = std::min(rest_.find("\r\n"), rest_.size());
    const auto line = rest_.substr(0, end);
    rest_.remove_prefix(std::min(end + 2, rest_.size()));
    return line;
  }

  std::string_view rest_;
  std::string_view start_line_;
  int status_ = 0;
};

// What web servers put into a refusal for the reader.
std::string detail(const Answer& answer) {
  for (const std::string_view name : {"Location", "Sec-WebSocket-Version", "Upgrade"}) {
    if (const auto value = answer.find(name)) {
      return fmt::format(" ({}: {})", name, printable(*value, shown));
    }
  }
  return {};
}

// RFC 7118 4.1: the server must take the subprotocol sip, or this is a WebSocket for something
// else.
std::expected<void, NetError> check_subprotocol(const Answer& answer, bool offered,
                                                std::string_view peer) {
  const auto taken = answer.find("Sec-WebSocket-Protocol");
  if (!offered) {
    if (!taken) return {};
    return failed(NetError::Kind::framing,
                  fmt::format("{} takes the WebSocket subprotocol \"{}\", and none was offered.",
                              peer, printable(*taken, shown)));
  }
  if (!taken) {
    return failed(NetError::Kind::subprotocol,
                  fmt::format("{} opened the WebSocket and did not take the subprotocol sip (RFC "
                              "7118 4.1: its 101 must have Sec-WebSocket-Protocol: sip; a browser "
                              "closes such a WebSocket). Check port and path, and that the "
                              "server's SIP over WebSocket is loaded.",
                              peer));
  }
  if (*taken != "sip") {
    return failed(NetError::Kind::subprotocol,
                  fmt::format("{} takes the WebSocket subprotocol \"{}\" where sip was offered "
                              "(RFC 7118 4.1). Check port and path.",
                              peer, printable(*taken, shown)));
  }
  return {};
}

}  // namespace

std::string write_upgrade(const WebSocketOptions& options, std::string_view key) {
  return fmt::format(
      "GET {} HTTP/1.1\r\nHost: {}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Key: {}\r\nSec-WebSocket-Version: 13\r\n{}\r\n",
      options.path, options.authority, key,
      options.offer_sip ? "Sec-WebSocket-Protocol: sip\r\n" : "");
}

std::expected<std::optional<std::size_t>, NetError> end_of_upgrade(std::string_view arrived,
                                                                   std::size_t searched,
                                                                   std::string_view peer) {
  if (!http.starts_with(arrived.substr(0, http.size()))) {
    // 21 and 22 begin an alert and a handshake of TLS (RFC 8446 5.1).
    const bool tls = arrived.front() == 21 || arrived.front() == 22;
    return failed(NetError::Kind::framing,
                  tls ? fmt::format("{} speaks TLS: say wss instead of ws.", peer)
                      : fmt::format("{} does not speak WebSocket: its answer begins with \"{}\". "
                                    "Check the port, or try transport=tcp.",
                                    peer, printable(arrived, 16)));
  }
  constexpr std::string_view blank_line = "\r\n\r\n";
  const auto from = searched < blank_line.size() ? 0 : searched - blank_line.size();
  const auto end = arrived.find(blank_line, from);
  if (end <= longest_answer) return end + blank_line.size();
  if (arrived.size() <= longest_answer) return std::nullopt;
  return failed(NetError::Kind::framing,
                fmt::format("{} answered the WebSocket handshake with more than {} bytes of "
                            "headers: check port and path.",
                            peer, longest_answer));
}

std::expected<void, NetError> check_upgrade(std::string_view answer, std::string_view accept,
                                            const WebSocketOptions& options,
                                            std::string_view peer) {
  const Answer read{answer};
  if (read.status() != 101) {
    if (read.status() < 100) {
      return failed(NetError::Kind::framing,
                    fmt::format("{} answered the WebSocket handshake with what is no HTTP: \"{}\".",
                                peer, printable(answer.substr(0, answer.find("\r\n")), shown)));
    }
    return failed(
        NetError::Kind::refused,
        fmt::format("{} refused the WebSocket at {} with HTTP {}{}: {}", peer, options.path,
                    read.status_text(), detail(read), advice(read.status())));
  }
  if (!read.lists("Upgrade", "websocket") || !read.lists("Connection", "Upgrade")) {
    return failed(NetError::Kind::framing,
                  fmt::format("{} answered 101 without Upgrade: websocket and Connection: Upgrade "
                              "(RFC 6455 4.2.2): it is no WebSocket server, or a proxy between "
                              "took them out.",
                              peer));
  }
  if (const auto given = read.find("Sec-WebSocket-Accept"); given != accept) {
    return failed(NetError::Kind::framing,
                  fmt::format("{} answered 101 {} Sec-WebSocket-Accept (RFC 6455 4.2.2): it is no "
                              "WebSocket server, or the answer is to another request.",
                              peer, given ? "with a wrong" : "without"));
  }
  if (const auto extensions = read.find("Sec-WebSocket-Extensions"); extensions) {
    return failed(NetError::Kind::framing,
                  fmt::format("{} switched on the WebSocket extension \"{}\", and none was offered "
                              "(RFC 6455 4.1).",
                              peer, printable(*extensions, shown)));
  }
  return check_subprotocol(read, options.offer_sip, peer);
}

}  // namespace sipauth::net
