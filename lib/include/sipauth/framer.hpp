// Where one message ends and the next begins on a stream (RFC 3261 18.3 and 7.5): by its
// Content-Length. CR LF between messages is keep-alive (RFC 5626 3.5.1).
//
// A stream whose next boundary is a guess is an error, never a guess: a message without
// Content-Length (18.3 demands it), one with two that differ, one that is not a plain number. Two
// that agree are let through for Message::parse to report. Lines, names and blanks are understood
// exactly as Message::parse understands them.
//
// The caller owns the buffer: it appends what arrives, asks `next`, and removes what the frame
// consumed. Nothing here allocates or throws, and no byte is scanned more than twice however the
// stream trickles.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string_view>

#include "sipauth/diagnostic.hpp"

namespace sipauth {

class StreamFramer {
 public:
  struct Frame {
    enum class Kind : std::uint8_t {
      incomplete,  ///< read more; nothing was consumed
      keep_alive,  ///< CR LFs
      message,
    };
    Kind kind = Kind::incomplete;
    std::size_t consumed = 0;       ///< remove so many bytes from the front of the buffer
    std::string_view message = {};  ///< a view into the buffer, valid until they are removed
  };

  /// `longest` bounds one message, headers and body together.
  explicit StreamFramer(std::size_t longest = 65'536) noexcept : longest_{longest} {}

  /// `buffer` is all that arrived and was not yet consumed. After an error the stream cannot be
  /// read any further: close it.
  [[nodiscard]] SIPAUTH_API std::expected<Frame, ParseError> next(std::string_view buffer) noexcept;

 private:
  std::size_t longest_;
  std::size_t scanned_ = 0;  // of the headers of the message in front
  std::size_t needed_ = 0;   // length of the message in front once its headers are complete
};

}  // namespace sipauth
