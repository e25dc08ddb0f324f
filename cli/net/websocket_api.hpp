// What the WebSocket module offers to the program that loads it: the frames of a client (RFC 6455)
// without a socket, and what the opening handshake needs of libcrypto. Bytes of the wire go in by
// read() and out by take(), as with TLS (tls_api.hpp).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "net/transport.hpp"

namespace sipauth::net {

struct WebSocketSession;  // of the module

struct WebSocketMessage {
  std::string bytes;
  WebSocketFrame frame = WebSocketFrame::text;
};

enum class WebSocketStep {
  open,
  closed,  ///< the peer closed it; `problem` is its code and reason
  failed,  ///< the peer broke RFC 6455; `problem` says how
};

struct WebSocketApi {
  /// Messages longer than `longest` are refused. Null when there is no memory.
  WebSocketSession* (*create)(std::size_t longest);
  void (*destroy)(WebSocketSession* session);

  /// 16 random bytes in base64: Sec-WebSocket-Key. Empty: libcrypto has none.
  std::string (*draw_key)();
  /// The Sec-WebSocket-Accept that answers it. Empty: libcrypto has no SHA-1.
  std::string (*accept_for)(std::string_view key);

  /// Appends the messages that became whole. Pings and the closing are answered: take() afterwards.
  WebSocketStep (*read)(WebSocketSession* session, std::string_view wire,
                        std::vector<WebSocketMessage>& messages, std::string& problem);
  /// Has a part of a message arrived that is not whole yet?
  bool (*is_halfway)(const WebSocketSession* session);

  /// False when nothing more can be sent.
  bool (*write)(WebSocketSession* session, std::string_view message, WebSocketFrame frame);
  /// Closes it from this side (1000).
  void (*close)(WebSocketSession* session);
  /// Appends what must be sent.
  void (*take)(WebSocketSession* session, std::string& wire);
};

inline constexpr const char* websocket_api_symbol = "sipauth_websocket_api";

}  // namespace sipauth::net
