#include <fmt/core.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "net/byte_stream.hpp"
#include "net/message_stream.hpp"
#include "net/module_loader.hpp"
#include "net/printable.hpp"
#include "net/utf8.hpp"
#include "net/websocket_handshake.hpp"
#include "sipauth/framer.hpp"
#include "sipauth/limits.hpp"

namespace sipauth::net {
namespace {

std::unexpected<NetError> failed(NetError::Kind kind, std::string text) {
  return std::unexpected{NetError{kind, std::move(text)}};
}

bool is_keep_alive(std::string_view bytes) {
  return bytes.find_first_not_of("\r\n") == std::string_view::npos;
}

// Does a second SIP message begin here, or is this only more than Content-Length said?
bool begins_message(std::string_view bytes) {
  const auto line = bytes.substr(0, bytes.find("\r\n"));
  return line.starts_with("SIP/2.0 ") || line.ends_with(" SIP/2.0");
}

// A WebSocket message is one SIP message, and needs no Content-Length (RFC 7118 5). Where there is
// one and another message begins behind it, the sender has put two into one.
std::vector<std::string_view> messages_in(std::string_view bytes) {
  std::vector<std::string_view> messages;
  StreamFramer framer;
  for (;;) {
    const auto frame = framer.next(bytes);
    if (!frame || frame->kind != StreamFramer::Frame::Kind::message) break;
    const auto rest = bytes.substr(frame->consumed);
    if (!begins_message(rest)) break;
    messages.push_back(frame->message);
    bytes = rest;
  }
  messages.push_back(bytes);
  return messages;
}

class WebSocketStream final : public MessageStream {
 public:
  WebSocketStream(TransportKind kind, const WebSocketApi& api, std::unique_ptr<ByteStream> bytes,
                  const Clock& clock)
      : api_{api},
        clock_{clock},
        session_{api.create(limits::message_bytes), api.destroy},
        bytes_{std::move(bytes)},
        peer_{fmt::format("{} {}", transport_name(kind), bytes_->remote())} {}
  ~WebSocketStream() override;
  WebSocketStream(const WebSocketStream&) = delete;
  WebSocketStream& operator=(const WebSocketStream&) = delete;

  std::expected<void, NetError> handshake(const WebSocketOptions& options, Instant deadline);

  std::expected<bool, NetError> read(Arrivals& into, Instant deadline) override;
  std::expected<void, NetError> write(std::string_view message, std::optional<WebSocketFrame> frame,
                                      Instant deadline) override;
  std::string local() const override { return bytes_->local(); }
  std::string remote() const override { return bytes_->remote(); }
  std::optional<TlsFacts> tls() const override;

 private:
  std::expected<void, NetError> flush(Instant deadline);
  bool take(std::string_view wire, Arrivals& into);
  void deliver(const WebSocketMessage& message, Arrivals& into);

  const WebSocketApi& api_;
  const Clock& clock_;
  std::unique_ptr<WebSocketSession, void (*)(WebSocketSession*)> session_;
  std::unique_ptr<ByteStream> bytes_;
  std::string peer_;
  std::string behind_handshake_;  // frames that came with the 101
  std::optional<NetError> ended_;
};

WebSocketStream::~WebSocketStream() {
  if (!session_ || ended_) return;
  api_.close(session_.get());
  (void)flush(Instant{0});  // as much as goes at once
}

std::expected<void, NetError> WebSocketStream::handshake(const WebSocketOptions& options,
                                                         Instant deadline) {
  const auto key = api_.draw_key();
  const auto accept = api_.accept_for(key);
  if (!session_ || key.empty() || accept.empty()) {
    return failed(NetError::Kind::internal,
                  "libcrypto gives no random bytes or no SHA-1: WebSocket cannot be used here.");
  }
  ended_ = NetError{};  // no close frame before there is a WebSocket
  if (auto sent = bytes_->write(write_upgrade(options, key), deadline); !sent) return sent;
  std::string arrived;
  for (std::size_t searched = 0;;) {
    const auto more = bytes_->read(arrived, deadline);
    if (!more && more.error().kind == NetError::Kind::closed) {
      return failed(NetError::Kind::closed,
                    fmt::format("{} It did so during the WebSocket handshake: check that the port "
                                "speaks WebSocket{}.",
                                more.error().text, tls() ? "" : ", and try wss"));
    }
    if (!more) return std::unexpected{more.error()};
    if (!*more || clock_.now() > deadline) {
      return failed(NetError::Kind::timeout,
                    fmt::format("{} accepted the connection and did not finish the WebSocket "
                                "handshake: check that the port speaks WebSocket.",
                                peer_));
    }
    const auto end = end_of_upgrade(arrived, searched, peer_);
    if (!end) return std::unexpected{end.error()};
    searched = arrived.size();
    if (!*end) continue;
    behind_handshake_ = arrived.substr(**end);
    arrived.resize(**end);
    if (auto good = check_upgrade(arrived, accept, options, peer_); !good) return good;
    ended_.reset();
    return {};
  }
}

// RFC 5922 speaks of SIP over TLS; on a WebSocket names are matched as on the web, where wildcards
// are allowed (RFC 6455 4.1).
std::optional<TlsFacts> WebSocketStream::tls() const {
  auto facts = bytes_->tls();
  if (facts) facts->by_wildcard = false;
  return facts;
}

std::expected<void, NetError> WebSocketStream::flush(Instant deadline) {
  std::string wire;
  api_.take(session_.get(), wire);
  return bytes_->write(wire, deadline);
}

void WebSocketStream::deliver(const WebSocketMessage& message, Arrivals& into) {
  if (is_keep_alive(message.bytes)) {  // RFC 7118 6
    ++into.keep_alives;
    return;
  }
  const auto messages = messages_in(message.bytes);
  for (const auto bytes : messages) {
    into.messages.push_back({std::string{bytes}, remote(), true});
  }
  if (!into.websocket) into.websocket.emplace();
  into.websocket->frame = message.frame;
  into.websocket->most_messages = std::max(into.websocket->most_messages, messages.size());
}

// True when a part of a message was in it.
bool WebSocketStream::take(std::string_view wire, Arrivals& into) {
  std::vector<WebSocketMessage> messages;
  std::string problem;
  const auto step = api_.read(session_.get(), wire, messages, problem);
  for (const auto& message : messages) deliver(message, into);
  const bool halfway = api_.is_halfway(session_.get());
  if (step == WebSocketStep::closed) {
    ended_ = {NetError::Kind::closed,
              fmt::format("The peer at {} closed the WebSocket{}{}.", peer_,
                          problem.empty() ? "" : ": ", printable(problem, 130))};
    if (halfway) ended_->text += in_mid_message;
  } else if (step == WebSocketStep::failed) {
    ended_ = {NetError::Kind::framing,
              fmt::format("The peer at {} broke the WebSocket protocol (RFC 6455): it sent {}.",
                          peer_, problem)};
  }
  return !messages.empty() || halfway;
}

std::expected<bool, NetError> WebSocketStream::read(Arrivals& into, Instant deadline) {
  for (;;) {
    if (ended_) return std::unexpected{*ended_};
    auto wire = std::exchange(behind_handshake_, {});
    if (wire.empty()) {
      auto arrived = bytes_->read(wire, deadline);
      if (!arrived) {
        const bool interrupted = arrived.error().kind == NetError::Kind::interrupted;
        if (!interrupted && api_.is_halfway(session_.get())) {
          arrived.error().text += in_mid_message;
        }
        if (!interrupted) ended_ = arrived.error();
        return arrived;
      }
      if (!*arrived) return false;
    }
    const bool some = take(wire, into);
    // What is left of a peer that has closed need not hear our answer.
    if (const auto sent = flush(deadline); !sent && !ended_) ended_ = sent.error();
    if (some) return true;
    // Pings without end must not hold us either.
    if (!ended_ && clock_.now() >= deadline) return false;
  }
}

std::expected<void, NetError> WebSocketStream::write(std::string_view message,
                                                     std::optional<WebSocketFrame> frame,
                                                     Instant deadline) {
  if (ended_) return std::unexpected{*ended_};
  const auto fitting = is_utf8(message) ? WebSocketFrame::text : WebSocketFrame::binary;
  if (!api_.write(session_.get(), message, frame.value_or(fitting))) {
    return failed(NetError::Kind::internal, "libcrypto gives no random bytes.");
  }
  auto sent = flush(deadline);
  if (!sent) ended_ = sent.error();
  return sent;
}

}  // namespace

std::expected<std::unique_ptr<MessageStream>, NetError> open_websocket(
    TransportKind kind, const ConnectOptions& options, const Clock& clock) {
  const auto& api = websocket_api();
  if (!api) return failed(NetError::Kind::usage, api.error());
  auto bytes =
      kind == TransportKind::wss ? open_tls(kind, options, clock) : open_tcp(options, clock);
  if (!bytes) return std::unexpected{std::move(bytes.error())};
  auto websocket = options.websocket;
  if (websocket.authority.empty()) {
    const bool ipv6 = options.host.contains(':');
    websocket.authority =
        fmt::format("{}{}{}:{}", ipv6 ? "[" : "", options.host, ipv6 ? "]" : "", options.port);
  }
  auto stream = std::make_unique<WebSocketStream>(kind, **api, std::move(*bytes), clock);
  const auto deadline = clock.now() + options.timeout;
  if (auto done = stream->handshake(websocket, deadline); !done) {
    return std::unexpected{std::move(done.error())};
  }
  return stream;
}

}  // namespace sipauth::net
