// SIP messages on one direction of a TCP connection: framed by Content-Length, or in a WebSocket
// (RFC 6455, RFC 7118), from its beginning or from wherever the capture began. TLS is recognised,
// and not read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "sipauth/framer.hpp"

namespace sipauth::capture {

/// Does this line, without its line end, begin a SIP message?
[[nodiscard]] bool is_start_line(std::string_view line) noexcept;

/// Does this datagram begin with one?
[[nodiscard]] bool begins_message(std::string_view text) noexcept;

class SipStream {
 public:
  enum class Mode : std::uint8_t { fresh, lost, sip, websocket, tls, ignored };

  /// `text` is a view that lives through the call.
  using Emit = std::function<void(std::string_view text, bool in_websocket)>;

  /// `from_its_start`: the bytes that follow are the connection's first.
  explicit SipStream(bool from_its_start) noexcept
      : mode_{from_its_start ? Mode::fresh : Mode::lost} {}

  void feed(std::string_view bytes, const Emit& emit);

  /// Bytes are missing here: what was begun is given up, and the next start line looked for.
  void gap();

  [[nodiscard]] Mode mode() const noexcept { return mode_; }
  [[nodiscard]] std::size_t buffered() const noexcept { return buffer_.size() + message_.size(); }
  /// Messages that were begun and could not be read to their end.
  [[nodiscard]] std::uint64_t unreadable() const noexcept { return unreadable_; }
  /// WebSocket messages that were compressed.
  [[nodiscard]] std::uint64_t compressed() const noexcept { return compressed_; }

 private:
  // Each reads from the front of `rest` and says whether there may be more to read.
  bool recognise(std::string_view& rest);
  bool find_start(std::string_view& rest, bool is_piece);
  bool read_sip(std::string_view& rest, const Emit& emit);
  bool read_frame(std::string_view& rest, const Emit& emit);
  void take(const struct WebSocketFrame& frame, std::string_view payload, const Emit& emit);
  void lose();

  Mode mode_;
  std::string buffer_;
  std::string message_;  // of a WebSocket, in fragments
  bool message_is_compressed_ = false;
  StreamFramer framer_;
  std::uint64_t unreadable_ = 0;
  std::uint64_t compressed_ = 0;
};

}  // namespace sipauth::capture
