// A WebSocket server for tests: wslay reads what the client sends, and frames are written byte by
// byte, so that they can be wrong.
#pragma once

#ifdef SIPAUTH_TEST_WEBSOCKET

#include <wslay/wslay.h>

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>

#include "cli/peers.hpp"

namespace sipauth::peers {

enum class Opcode : std::uint8_t {
  continuation = 0,
  text = 1,
  binary = 2,
  unknown = 3,
  close = 8,
  ping = 9,
  pong = 10
};

struct FrameWish {
  Opcode opcode = Opcode::text;
  bool last = true;  ///< FIN
  bool masked = false;
  bool reserved_bit = false;
};

/// A frame as it stands on the wire.
[[nodiscard]] std::string frame_of(std::string_view payload, const FrameWish& wish = {});

/// The 101 to that request, with the subprotocol unless it is empty.
[[nodiscard]] std::string upgrade_answer(std::string_view request,
                                         std::string_view subprotocol = "sip");

inline constexpr std::string_view options_over_websocket =
    "OPTIONS sip:127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/WS a;branch=z9hG4bKa\r\nFrom: "
    "<sip:a@a>;tag=1\r\nTo: <sip:a@a>\r\nCall-ID: a\r\nCSeq: 1 OPTIONS\r\nContent-Length: "
    "0\r\n\r\n";

/// The next message, `error: ` and its sentence, or `silence`.
[[nodiscard]] std::string next(net::Transport& transport, net::Duration within = 20s);

/// One accepted connection, within a script.
class WebSocketConnection {
 public:
  explicit WebSocketConnection(TcpConnection& tcp);

  /// Reads the GET and answers it with 101. The GET is kept.
  void accept(std::string_view subprotocol = "sip");
  [[nodiscard]] const std::string& upgrade() const { return upgrade_; }

  struct Message {
    Opcode opcode = Opcode::close;
    std::string bytes;
  };
  /// The next message, a pong and a close frame too; the latter as well when the connection is gone
  /// or the client broke the protocol, then with `bytes` empty.
  Message read();
  bool write(std::string_view payload, const FrameWish& wish = {}) const;
  bool write_raw(std::string_view bytes) const { return tcp_.write(bytes); }
  void wait_for_close();

 private:
  struct Free {
    void operator()(wslay_event_context* context) const { wslay_event_context_free(context); }
  };

  TcpConnection& tcp_;
  std::string upgrade_;
  std::string_view unread_;
  std::deque<Message> messages_;
  std::unique_ptr<wslay_event_context, Free> context_;
};

/// A server whose script begins behind the handshake.
[[nodiscard]] TcpPeer::Script websocket(std::function<void(WebSocketConnection&)> script);

}  // namespace sipauth::peers

#endif
