#include "cli/websocket_peer.hpp"

#ifdef SIPAUTH_TEST_WEBSOCKET

#include <openssl/evp.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

namespace sipauth::peers {

std::string frame_of(std::string_view payload, const FrameWish& wish) {
  const auto byte = [](std::size_t value) { return static_cast<char>(value & 0xffU); };
  constexpr std::size_t two_bytes = 126;
  constexpr std::size_t eight_bytes = 127;
  std::string frame;
  frame += byte((wish.last ? 0x80U : 0U) | (wish.reserved_bit ? 0x40U : 0U) |
                static_cast<std::size_t>(wish.opcode));
  const std::size_t mask_bit = wish.masked ? 0x80U : 0U;
  const auto size = payload.size();
  const auto length = size < two_bytes ? size : size < 65'536 ? two_bytes : eight_bytes;
  frame += byte(mask_bit | length);
  for (int i = length == eight_bytes ? 8 : length == two_bytes ? 2 : 0; i-- > 0;) {
    frame += byte(size >> (8U * static_cast<unsigned>(i)));
  }
  if (wish.masked) frame += std::string(4, '\0');  // which changes nothing
  return frame.append(payload);
}

std::string upgrade_answer(std::string_view request, std::string_view subprotocol) {
  const auto begin = request.find("Sec-WebSocket-Key: ") + 19;
  auto key = std::string{request.substr(begin, request.find("\r\n", begin) - begin)};
  key += "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, 20> digest{};
  std::size_t size = 0;
  if (EVP_Q_digest(nullptr, "SHA1", nullptr, key.data(), key.size(), digest.data(), &size) != 1) {
    throw std::runtime_error{"SHA1"};
  }
  std::array<unsigned char, 32> accept{};
  const int length = EVP_EncodeBlock(accept.data(), digest.data(), static_cast<int>(size));
  auto answer = std::string{
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Accept: "};
  answer.append(reinterpret_cast<const char*>(accept.data()), static_cast<std::size_t>(length));
  if (!subprotocol.empty()) answer.append("\r\nSec-WebSocket-Protocol: ").append(subprotocol);
  return answer + "\r\n\r\n";
}

std::string next(net::Transport& transport, net::Duration within) {
  const auto received = transport.receive(transport.clock().now() + within);
  if (!received) return "error: " + received.error().text;
  return *received ? (*received)->bytes : "silence";
}

WebSocketConnection::WebSocketConnection(TcpConnection& tcp) : tcp_{tcp} {
  wslay_event_callbacks callbacks{};
  callbacks.recv_callback = [](wslay_event_context* context, std::uint8_t* into, std::size_t most,
                               int, void* pointer) -> ssize_t {
    auto& unread = static_cast<WebSocketConnection*>(pointer)->unread_;
    const auto size = std::min(unread.size(), most);
    if (size == 0) {
      wslay_event_set_error(context, WSLAY_ERR_WOULDBLOCK);
      return -1;
    }
    std::ranges::copy(unread.substr(0, size), into);
    unread.remove_prefix(size);
    return static_cast<ssize_t>(size);
  };
  callbacks.on_msg_recv_callback = [](wslay_event_context*,
                                      const wslay_event_on_msg_recv_arg* message, void* pointer) {
    static_cast<WebSocketConnection*>(pointer)->messages_.push_back(
        {static_cast<Opcode>(message->opcode),
         {reinterpret_cast<const char*>(message->msg), message->msg_length}});
  };
  wslay_event_context_ptr context = nullptr;
  if (wslay_event_context_server_init(&context, &callbacks, this) != 0) throw std::bad_alloc{};
  context_.reset(context);
}

void WebSocketConnection::accept(std::string_view subprotocol) {
  upgrade_ = tcp_.read_request();
  if (!upgrade_.empty()) tcp_.write(upgrade_answer(upgrade_, subprotocol));
}

WebSocketConnection::Message WebSocketConnection::read() {
  while (messages_.empty()) {
    std::array<char, 4096> chunk;
    if (!tcp_.wait_readable()) return {};
    const auto length = recv(tcp_.descriptor(), chunk.data(), chunk.size(), 0);
    if (length <= 0) return {};
    unread_ = {chunk.data(), static_cast<std::size_t>(length)};
    if (wslay_event_recv(context_.get()) != 0) return {};
    if (messages_.empty() && !wslay_event_get_read_enabled(context_.get())) return {};
  }
  auto message = std::move(messages_.front());
  messages_.pop_front();
  return message;
}

bool WebSocketConnection::write(std::string_view payload, const FrameWish& wish) const {
  return tcp_.write(frame_of(payload, wish));
}

void WebSocketConnection::wait_for_close() {
  while (read().opcode != Opcode::close) {
  }
}

TcpPeer::Script websocket(std::function<void(WebSocketConnection&)> script) {
  return [script = std::move(script)](TcpConnection& tcp) {
    WebSocketConnection connection{tcp};
    connection.accept();
    script(connection);
  };
}

}  // namespace sipauth::peers

#endif
