#include "capture/sip_stream.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "capture/packet.hpp"
#include "sipauth/limits.hpp"
#include "sipauth/text.hpp"

namespace sipauth::capture {

// RFC 6455 5.2.
struct WebSocketFrame {
  bool is_final = false;
  bool is_compressed = false;  ///< RSV1 of permessage-deflate (RFC 7692)
  bool is_reserved = false;    ///< RSV2 or RSV3, which nothing has a use for
  std::uint32_t opcode = 0;
  bool is_masked = false;
  std::array<char, 4> mask{};
  std::size_t header = 0;
  std::uint64_t length = 0;
};

namespace {

constexpr std::string_view version = "SIP/2.0";
constexpr std::size_t longest_line = 2048;
constexpr std::size_t longest_handshake = 16'384;

constexpr std::uint32_t continuation = 0;
constexpr std::uint32_t text_frame = 1;
constexpr std::uint32_t binary_frame = 2;
constexpr std::uint32_t first_control = 8;
constexpr std::uint32_t last_control = 10;

std::optional<WebSocketFrame> read_frame_header(std::string_view bytes) {
  if (bytes.size() < 2) return std::nullopt;
  WebSocketFrame frame;
  const auto first = byte_at(bytes, 0);
  frame.is_final = (first & 0x80U) != 0;
  frame.is_compressed = (first & 0x40U) != 0;
  frame.is_reserved = (first & 0x30U) != 0;
  frame.opcode = first & 0xfU;
  frame.is_masked = (byte_at(bytes, 1) & 0x80U) != 0;
  frame.length = byte_at(bytes, 1) & 0x7fU;
  frame.header = 2;
  const std::size_t more = frame.length == 126 ? 2 : frame.length == 127 ? 8 : 0;
  if (bytes.size() < frame.header + more + (frame.is_masked ? 4 : 0)) return std::nullopt;
  if (more == 2) frame.length = u16_at(bytes, 2);
  if (more == 8) frame.length = std::uint64_t{u32_at(bytes, 2)} << 32U | u32_at(bytes, 6);
  frame.header += more;
  if (frame.is_masked) {
    std::ranges::copy(bytes.substr(frame.header, 4), frame.mask.begin());
    frame.header += 4;
  }
  return frame;
}

std::string unmasked(const WebSocketFrame& frame, std::string_view payload) {
  std::string text{payload};
  if (!frame.is_masked) return text;
  for (std::size_t i = 0; i < text.size(); ++i) {
    text[i] = static_cast<char>(text[i] ^ frame.mask[i % frame.mask.size()]);
  }
  return text;
}

bool is_known(std::uint32_t opcode) {
  return opcode <= binary_frame || (opcode >= first_control && opcode <= last_control);
}

bool is_tls(std::string_view bytes) {
  if (bytes.size() < 3) return false;
  const auto type = byte_at(bytes, 0);
  return type >= 0x14 && type <= 0x17 && byte_at(bytes, 1) == 3 && byte_at(bytes, 2) <= 4;
}

bool contains_in_any_case(std::string_view text, std::string_view word) {
  return !std::ranges::search(text, word, {}, lower, lower).empty();
}

std::string_view without_line_end(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace

bool is_start_line(std::string_view line) noexcept {
  if (line.size() < version.size() + 4) return false;
  if (line.starts_with(version)) {
    return line[7] == ' ' && is_digit(line[8]) && is_digit(line[9]) && is_digit(line[10]);
  }
  return line.ends_with(version) && line[line.size() - version.size() - 1] == ' ' &&
         is_alpha(line.front()) && is_token(line.substr(0, line.find(' ')));
}

bool begins_message(std::string_view text) noexcept {
  if (text.empty() || !is_alpha(text.front())) return false;
  const auto end = text.substr(0, limits::message_bytes).find('\n');
  return end != std::string_view::npos && is_start_line(without_line_end(text.substr(0, end)));
}

void SipStream::feed(std::string_view bytes, const Emit& emit) {
  if (mode_ == Mode::tls || mode_ == Mode::ignored) return;
  const bool is_piece = buffer_.empty();
  buffer_ += bytes;
  std::string_view rest = buffer_;
  bool may_go_on = true;
  while (may_go_on && !rest.empty()) {
    switch (mode_) {
      case Mode::fresh:
        may_go_on = recognise(rest);
        break;
      case Mode::lost:
        may_go_on = find_start(rest, is_piece && rest.size() == buffer_.size());
        break;
      case Mode::sip:
        may_go_on = read_sip(rest, emit);
        break;
      case Mode::websocket:
        may_go_on = read_frame(rest, emit);
        break;
      case Mode::tls:
      case Mode::ignored:
        rest = {};
        break;
    }
  }
  buffer_.erase(0, buffer_.size() - rest.size());
  if (buffer_.empty() && buffer_.capacity() > longest_line) buffer_.shrink_to_fit();
}

void SipStream::gap() {
  if (mode_ == Mode::tls || mode_ == Mode::ignored) return;
  const bool had_begun = mode_ == Mode::sip || mode_ == Mode::websocket;
  if (had_begun && buffered() > 0) ++unreadable_;
  buffer_.clear();
  lose();
}

void SipStream::lose() {
  message_.clear();
  framer_ = StreamFramer{};
  mode_ = Mode::lost;
}

// What the connection is, by its first bytes.
bool SipStream::recognise(std::string_view& rest) {
  while (!rest.empty() && (rest.front() == '\r' || rest.front() == '\n')) rest.remove_prefix(1);
  if (rest.size() < 3) return false;
  if (is_tls(rest)) {
    mode_ = Mode::tls;
    return true;
  }
  const auto end = rest.substr(0, longest_line).find('\n');
  if (end == std::string_view::npos && rest.size() < longest_line && is_alpha(rest.front())) {
    return false;
  }
  const auto line = without_line_end(rest.substr(0, std::min(end, rest.size())));
  if (is_start_line(line)) {
    mode_ = Mode::sip;
    return true;
  }
  if (line.starts_with("GET ") || line.starts_with("HTTP/1.1 101")) {
    const auto blank = rest.find("\r\n\r\n");
    if (blank == std::string_view::npos && rest.size() < longest_handshake) return false;
    const bool upgrades = blank != std::string_view::npos &&
                          contains_in_any_case(rest.substr(0, blank + 2), "upgrade: websocket\r\n");
    if (upgrades) rest.remove_prefix(blank + 4);
    mode_ = upgrades ? Mode::websocket : Mode::lost;
    return true;
  }
  mode_ = Mode::lost;
  return true;
}

// A start line at the beginning of a line, or a WebSocket frame that holds one at the beginning of
// what was received.
bool SipStream::find_start(std::string_view& rest, bool is_piece) {
  if (is_tls(rest)) {
    mode_ = Mode::tls;
    return true;
  }
  // The letters of REGISTER could be the head of a frame, too.
  const auto frame = is_piece && !begins_message(rest) ? read_frame_header(rest) : std::nullopt;
  // No more than the frame holds: `R`, LF in front of a start line would be one of ten bytes.
  if (frame && !frame->is_reserved &&
      (frame->opcode == text_frame || frame->opcode == binary_frame) &&
      rest.size() > frame->header &&
      begins_message(unmasked(*frame, rest.substr(frame->header, frame->length)))) {
    mode_ = Mode::websocket;
    return true;
  }
  for (auto at = rest.find(version); at != std::string_view::npos;
       at = rest.find(version, at + 1)) {
    const auto before = rest.substr(0, at).rfind('\n');
    const auto begin = before == std::string_view::npos ? 0 : before + 1;
    const auto end = rest.find('\n', at);
    if (end == std::string_view::npos) break;
    if (is_start_line(without_line_end(rest.substr(begin, end - begin)))) {
      rest.remove_prefix(begin);
      mode_ = Mode::sip;
      return true;
    }
  }
  const auto last_line = rest.rfind('\n');
  if (last_line != std::string_view::npos) rest.remove_prefix(last_line + 1);
  if (rest.size() > longest_line) rest = {};
  return false;
}

bool SipStream::read_sip(std::string_view& rest, const Emit& emit) {
  const auto frame = framer_.next(rest);
  if (!frame) {
    ++unreadable_;
    // Its start line is not looked at again.
    rest.remove_prefix(std::min(rest.find('\n'), rest.size() - 1) + 1);
    lose();
    return true;
  }
  if (frame->kind == StreamFramer::Frame::Kind::incomplete) return false;
  if (frame->kind == StreamFramer::Frame::Kind::message) {
    if (!begins_message(frame->message)) {
      ++unreadable_;
      lose();
      rest.remove_prefix(frame->consumed);
      return true;
    }
    emit(frame->message, false);
  }
  rest.remove_prefix(frame->consumed);
  return true;
}

bool SipStream::read_frame(std::string_view& rest, const Emit& emit) {
  const auto frame = read_frame_header(rest);
  if (!frame) return false;
  if (!is_known(frame->opcode) || frame->length > limits::message_bytes) {
    ++unreadable_;
    rest.remove_prefix(1);
    lose();
    return true;
  }
  const auto whole = frame->header + static_cast<std::size_t>(frame->length);
  if (rest.size() < whole) return false;
  take(*frame, rest.substr(frame->header, whole - frame->header), emit);
  rest.remove_prefix(whole);
  return true;
}

// One SIP message per WebSocket message, however many frames it has (RFC 7118 5).
void SipStream::take(const WebSocketFrame& frame, std::string_view payload, const Emit& emit) {
  if (frame.opcode >= first_control) return;
  if (frame.opcode != continuation) {
    message_.clear();
    message_is_compressed_ = frame.is_compressed;
  }
  if (message_.size() + payload.size() > limits::message_bytes) {
    ++unreadable_;
    message_.clear();
    return;
  }
  message_ += unmasked(frame, payload);
  if (!frame.is_final) return;
  if (message_is_compressed_) {
    ++compressed_;
  } else if (begins_message(message_)) {
    emit(message_, true);
  }
  message_.clear();
}

}  // namespace sipauth::capture
