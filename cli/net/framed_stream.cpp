#include <fmt/core.h>

#include <utility>

#include "net/byte_stream.hpp"
#include "net/message_stream.hpp"
#include "sipauth/framer.hpp"

namespace sipauth::net {
namespace {

class FramedStream final : public MessageStream {
 public:
  explicit FramedStream(std::unique_ptr<ByteStream> bytes) : bytes_{std::move(bytes)} {}

  std::expected<bool, NetError> read(Arrivals& into, Instant deadline) override;
  std::expected<void, NetError> write(std::string_view message, std::optional<WebSocketFrame>,
                                      Instant deadline) override {
    return bytes_->write(message, deadline);
  }
  std::string local() const override { return bytes_->local(); }
  std::string remote() const override { return bytes_->remote(); }
  std::optional<TlsFacts> tls() const override { return bytes_->tls(); }

 private:
  std::expected<void, NetError> cut(Arrivals& into);

  std::unique_ptr<ByteStream> bytes_;
  StreamFramer framer_;
  std::string buffer_;  // arrived, and not yet a whole message
};

std::expected<bool, NetError> FramedStream::read(Arrivals& into, Instant deadline) {
  auto arrived = bytes_->read(buffer_, deadline);
  if (!arrived) {
    const bool interrupted = arrived.error().kind == NetError::Kind::interrupted;
    if (!interrupted && !buffer_.empty()) arrived.error().text += in_mid_message;
    return arrived;
  }
  if (auto done = cut(into); !done) return std::unexpected{std::move(done.error())};
  return arrived;
}

std::expected<void, NetError> FramedStream::cut(Arrivals& into) {
  std::size_t begin = 0;
  for (;;) {
    const auto frame = framer_.next(std::string_view{buffer_}.substr(begin));
    if (!frame) {
      return std::unexpected{NetError{
          NetError::Kind::framing, fmt::format("The stream from {} cannot be cut into messages: {}",
                                               remote(), frame.error().sentence())}};
    }
    if (frame->kind == StreamFramer::Frame::Kind::incomplete) break;
    if (frame->kind == StreamFramer::Frame::Kind::message) {
      into.messages.push_back({std::string{frame->message}, remote(), true});
    } else {
      ++into.keep_alives;
    }
    begin += frame->consumed;
  }
  buffer_.erase(0, begin);
  return {};
}

}  // namespace

std::expected<std::unique_ptr<MessageStream>, NetError> open_framed(TransportKind kind,
                                                                    const ConnectOptions& options,
                                                                    const Clock& clock) {
  auto bytes =
      kind == TransportKind::tls ? open_tls(kind, options, clock) : open_tcp(options, clock);
  if (!bytes) return std::unexpected{std::move(bytes.error())};
  return std::make_unique<FramedStream>(std::move(*bytes));
}

}  // namespace sipauth::net
