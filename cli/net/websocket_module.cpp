// The WebSocket module: frames by wslay, SHA-1 and random bytes by libcrypto. Loaded when a
// WebSocket is first opened.

#include <openssl/evp.h>
#include <openssl/rand.h>
#include <wslay/wslay.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "net/websocket_api.hpp"

namespace sipauth::net {

struct FreeContext {
  void operator()(wslay_event_context* context) const { wslay_event_context_free(context); }
};

struct WebSocketSession {
  std::unique_ptr<wslay_event_context, FreeContext> context;
  std::string_view unread;                            // of the wire, within read()
  std::vector<WebSocketMessage>* messages = nullptr;  // likewise
  std::string unsent;
  std::string reason;  // of the peer's close frame
  bool halfway = false;
};

namespace {

WebSocketSession& session_of(void* pointer) { return *static_cast<WebSocketSession*>(pointer); }

ssize_t give_unread(wslay_event_context* context, std::uint8_t* into, std::size_t most, int,
                    void* pointer) {
  auto& unread = session_of(pointer).unread;
  const auto size = std::min(unread.size(), most);
  if (size == 0) {
    wslay_event_set_error(context, WSLAY_ERR_WOULDBLOCK);
    return -1;
  }
  std::ranges::copy(unread.substr(0, size), into);
  unread.remove_prefix(size);
  return static_cast<ssize_t>(size);
}

ssize_t keep_unsent(wslay_event_context*, const std::uint8_t* bytes, std::size_t size, int,
                    void* pointer) {
  session_of(pointer).unsent.append(reinterpret_cast<const char*>(bytes), size);
  return static_cast<ssize_t>(size);
}

int draw_mask(wslay_event_context* context, std::uint8_t* mask, std::size_t size, void*) {
  if (RAND_bytes(mask, static_cast<int>(size)) == 1) return 0;
  wslay_event_set_error(context, WSLAY_ERR_CALLBACK_FAILURE);
  return -1;
}

void begin_frame(wslay_event_context*, const wslay_event_on_frame_recv_start_arg* frame,
                 void* pointer) {
  if (!wslay_is_ctrl_frame(frame->opcode)) session_of(pointer).halfway = true;
}

void take_message(wslay_event_context*, const wslay_event_on_msg_recv_arg* message, void* pointer) {
  auto& session = session_of(pointer);
  const std::string_view bytes{reinterpret_cast<const char*>(message->msg), message->msg_length};
  if (message->opcode == WSLAY_CONNECTION_CLOSE) {
    session.reason = bytes.substr(std::min<std::size_t>(2, bytes.size()));  // behind its code
  }
  if (wslay_is_ctrl_frame(message->opcode)) return;
  session.halfway = false;
  session.messages->push_back({std::string{bytes}, message->opcode == WSLAY_TEXT_FRAME
                                                       ? WebSocketFrame::text
                                                       : WebSocketFrame::binary});
}

WebSocketSession* create(std::size_t longest) {
  static constexpr wslay_event_callbacks callbacks{.recv_callback = give_unread,
                                                   .send_callback = keep_unsent,
                                                   .genmask_callback = draw_mask,
                                                   .on_frame_recv_start_callback = begin_frame,
                                                   .on_frame_recv_chunk_callback = nullptr,
                                                   .on_frame_recv_end_callback = nullptr,
                                                   .on_msg_recv_callback = take_message};
  auto session = std::make_unique<WebSocketSession>();
  wslay_event_context_ptr context = nullptr;
  if (wslay_event_context_client_init(&context, &callbacks, session.get()) != 0) return nullptr;
  session->context.reset(context);
  wslay_event_config_set_max_recv_msg_length(context, longest);
  return session.release();
}

void destroy(WebSocketSession* session) { delete session; }

std::string base64(const unsigned char* bytes, std::size_t size) {
  std::string text((size + 2) / 3 * 4 + 1, '\0');  // libcrypto ends it with a NUL
  const int length =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes, static_cast<int>(size));
  text.resize(static_cast<std::size_t>(length));
  return text;
}

std::string draw_key() {
  std::array<unsigned char, 16> random{};
  if (RAND_bytes(random.data(), static_cast<int>(random.size())) != 1) return {};
  return base64(random.data(), random.size());
}

std::string accept_for(std::string_view key) {
  const auto text = std::string{key} + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";  // RFC 6455 1.3
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  std::size_t size = 0;
  if (EVP_Q_digest(nullptr, "SHA1", nullptr, text.data(), text.size(), digest.data(), &size) != 1) {
    return {};
  }
  return base64(digest.data(), size);
}

// By the code that wslay closed with (RFC 6455 7.4.1).
std::string what_broke(std::uint16_t code) {
  switch (code) {
    case WSLAY_CODE_MESSAGE_TOO_BIG:
      return "a message longer than any SIP message";
    case WSLAY_CODE_INVALID_FRAME_PAYLOAD_DATA:
      return "a text message that is not UTF-8";
    default:
      return "a frame that no server may send: masked, of an unknown kind, or out of order";
  }
}

WebSocketStep read(WebSocketSession* session, std::string_view wire,
                   std::vector<WebSocketMessage>& messages, std::string& problem) {
  auto* context = session->context.get();
  session->unread = wire;
  session->messages = &messages;
  const bool failed = wslay_event_recv(context) != 0;
  session->unread = {};
  session->messages = nullptr;
  wslay_event_send(context);  // a pong, or the close frame that tells what wslay thinks
  if (wslay_event_get_close_received(context)) {
    const auto code = wslay_event_get_status_code_received(context);
    if (code != WSLAY_CODE_NO_STATUS_RCVD) problem = std::to_string(code);
    if (!session->reason.empty()) problem += " " + session->reason;
    return WebSocketStep::closed;
  }
  if (!failed && wslay_event_get_read_enabled(context)) return WebSocketStep::open;
  problem = what_broke(wslay_event_get_status_code_sent(context));
  return WebSocketStep::failed;
}

bool is_halfway(const WebSocketSession* session) { return session->halfway; }

bool write(WebSocketSession* session, std::string_view message, WebSocketFrame frame) {
  const wslay_event_msg queued{.opcode = frame == WebSocketFrame::text
                                             ? std::uint8_t{WSLAY_TEXT_FRAME}
                                             : std::uint8_t{WSLAY_BINARY_FRAME},
                               .msg = reinterpret_cast<const std::uint8_t*>(message.data()),
                               .msg_length = message.size()};
  return wslay_event_queue_msg(session->context.get(), &queued) == 0 &&
         wslay_event_send(session->context.get()) == 0;
}

void close(WebSocketSession* session) {
  wslay_event_queue_close(session->context.get(), WSLAY_CODE_NORMAL_CLOSURE, nullptr, 0);
  wslay_event_send(session->context.get());
}

void take(WebSocketSession* session, std::string& wire) {
  wire += std::exchange(session->unsent, {});
}

constexpr WebSocketApi api{create,     destroy, draw_key, accept_for, read,
                           is_halfway, write,   close,    take};

}  // namespace
}  // namespace sipauth::net

extern "C" [[gnu::visibility("default")]] const sipauth::net::WebSocketApi* sipauth_websocket_api(
    const char* version) {
  return std::string_view{version} == SIPAUTH_VERSION ? &sipauth::net::api : nullptr;
}
