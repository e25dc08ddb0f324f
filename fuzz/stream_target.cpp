#include "fuzz/stream_target.hpp"

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "fuzz/oracle.hpp"
#include "sipauth/framer.hpp"
#include "sipauth/message.hpp"

namespace sipauth::fuzz {
namespace {

constexpr char end_of_stream = '\xff';

// Places in the stream, not copies: an exact buffer is made for each look of the framer only.
struct Stream {
  std::vector<Span> messages = {};
  std::optional<ParseError::Kind> error = std::nullopt;
  std::size_t left = 0;

  friend bool operator==(const Stream&, const Stream&) = default;
};

// How the stream comes: in pieces of these lengths, over and over.
using Lengths = std::string_view;

std::size_t length_of(char piece) {
  const auto length = static_cast<unsigned char>(piece);
  return length == 0 ? 256 : length;
}

// A StreamFramer sees what has arrived and is not consumed, and not one byte more.
class Reader {
 public:
  explicit Reader(std::string_view stream) : stream_{stream} {}

  Stream read(Lengths lengths) {
    // An exact buffer for each piece: a long stream comes in larger ones.
    constexpr std::size_t bytes_in_small_pieces = 2'048;
    const auto scale = 1 + stream_.size() / bytes_in_small_pieces;
    std::size_t piece = 0;
    while (arrived_ < stream_.size() && !read_.error) {
      const auto more = lengths.empty() ? stream_.size() : scale * length_of(lengths[piece]);
      if (!lengths.empty()) piece = (piece + 1) % lengths.size();
      arrived_ = std::min(arrived_ + more, stream_.size());
      take_frames();
    }
    // How much had arrived when the stream was given up depends on its pieces.
    if (!read_.error) read_.left = arrived_ - consumed_;
    return std::move(read_);
  }

 private:
  void take_frames() {
    using enum StreamFramer::Frame::Kind;
    while (true) {
      const ExactCopy buffer{stream_.substr(consumed_, arrived_ - consumed_)};
      const auto frame = without_allocating([&] { return framer_.next(buffer.view()); });
      if (!frame) {
        require(frame.error().offset <= buffer.view().size() ||
                    frame.error().kind == ParseError::Kind::too_long,
                "the offset of an error lies within the buffer");
        require(!frame.error().sentence().empty(), "an error has a sentence");
        read_.error = frame.error().kind;
        return;
      }
      require(frame->consumed <= buffer.view().size(), "no more is consumed than there is");
      if (frame->kind == incomplete) {
        require(frame->consumed == 0, "an incomplete frame consumes nothing");
        return;
      }
      require(frame->consumed > 0, "a frame consumes something");
      if (frame->kind == message) {
        require(frame->message.data() == buffer.view().data() &&
                    frame->message.size() == frame->consumed,
                "a message is what is consumed");
        read_.messages.push_back(
            {static_cast<std::uint32_t>(consumed_), static_cast<std::uint32_t>(frame->consumed)});
      }
      consumed_ += frame->consumed;
    }
  }

  std::string_view stream_;
  StreamFramer framer_;
  Stream read_;
  std::size_t arrived_ = 0;
  std::size_t consumed_ = 0;
};

void require_agreement_of_framer_and_parser(std::string_view one) {
  Diagnostics diagnostics;
  const auto read = Message::parse(one, diagnostics);
  require(!read || (!diagnostics.has("SL-content-length-long") &&
                    !diagnostics.has("SL-content-length-short")),
          "framer and parser agree about where a message ends");
}

}  // namespace

void message_stream(std::string_view input) {
  const auto end = input.rfind(end_of_stream);
  const auto stream = input.substr(0, end);
  const Lengths chosen = end == std::string_view::npos ? "\x07" : input.substr(end + 1);

  const auto at_once = Reader{stream}.read({});
  require(Reader{stream}.read(chosen) == at_once, "pieces give what all at once gives");
  for (const auto& [offset, length] : at_once.messages) {
    require_agreement_of_framer_and_parser(stream.substr(offset, length));
  }
  if (!is_due_for_costly_claims(input)) return;
  require(Reader{stream}.read("\x01") == at_once, "byte by byte gives what all at once gives");
}

}  // namespace sipauth::fuzz
