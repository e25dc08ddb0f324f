#include "sipauth/framer.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "lib/allocations.hpp"
#include "sipauth/message.hpp"
#include "sipauth/text.hpp"

namespace sipauth {
namespace {

using Kind = StreamFramer::Frame::Kind;

// What a stream is cut into: `ping` for keep-alives, the messages, and in the end what is left over
// as `+bytes` or the error as `!kind offset`. The stream arrives `step` bytes at a time.
std::vector<std::string> cut(std::string_view stream, std::size_t step,
                             std::size_t longest = 65'536) {
  std::vector<std::string> pieces;
  StreamFramer framer{longest};
  std::string buffer;
  for (std::size_t at = 0; at < stream.size(); at += step) {
    buffer += stream.substr(at, step);
    while (true) {
      const auto frame = framer.next(buffer);
      if (!frame) {
        pieces.push_back('!' + std::to_string(static_cast<int>(frame.error().kind)) + ' ' +
                         std::to_string(frame.error().offset));
        return pieces;
      }
      if (frame->kind == Kind::incomplete) break;
      pieces.emplace_back(frame->kind == Kind::keep_alive
                              ? "ping " + std::to_string(frame->consumed)
                              : std::string{frame->message});
      buffer.erase(0, frame->consumed);
    }
  }
  if (!buffer.empty()) pieces.push_back('+' + std::to_string(buffer.size()));
  return pieces;
}

std::string error(ParseError::Kind kind, std::size_t offset) {
  return '!' + std::to_string(static_cast<int>(kind)) + ' ' + std::to_string(offset);
}

struct Case {
  std::string_view proves;
  std::string stream;
  std::vector<std::string> pieces;
};

void PrintTo(const Case& row, std::ostream* out) { *out << testing::PrintToString(row.stream); }

class FramerTest : public testing::TestWithParam<Case> {};

TEST_P(FramerTest, CutsAlikeHoweverTheStreamArrives) {
  const auto& [proves, stream, pieces] = GetParam();
  for (const std::size_t step : {1U, 2U, 3U, 7U, 1000U}) {
    auto cut_pieces = cut(stream, step);
    // Keep-alives merge when they arrive together: their bytes are what counts.
    EXPECT_EQ(cut_pieces.back(), pieces.back()) << step;
    if (std::ranges::none_of(pieces, [](const auto& p) { return p.starts_with("ping"); })) {
      EXPECT_EQ(cut_pieces, pieces) << step;
    }
  }
  EXPECT_EQ(cut(stream, stream.size()), pieces);
}

const std::string plain = "A b SIP/2.0\r\nContent-Length: 3\r\n\r\nabc";
const std::string start = "A b SIP/2.0\r\n";  // 13 bytes
const std::string twenty_zeros(20, '0');

const std::vector<Case> cases{
    {"OneMessage", plain, {plain}},
    {"TwoMessagesInOneSegment", plain + plain, {plain, plain}},
    {"KeepAlivesBetweenMessages",
     "\r\n\r\n" + plain + "\r\n" + plain,
     {"ping 4", plain, "ping 2", plain}},
    {"BareLineFeedsBetweenMessages", "\n\n" + plain, {"ping 2", plain}},
    {"CompactForm", start + "l:3\r\n\r\nabc", {start + "l:3\r\n\r\nabc"}},
    {"AnyCaseAndBlanks",
     start + "CONTENT-length \t: \r\n 3 \r\n\r\nabc",
     {start + "CONTENT-length \t: \r\n 3 \r\n\r\nabc"}},
    {"NoBody", start + "l: 0\r\n\r\n" + plain, {start + "l: 0\r\n\r\n", plain}},
    {"BareLineFeeds", "A b SIP/2.0\nl: 1\n\nx" + plain, {"A b SIP/2.0\nl: 1\n\nx", plain}},
    {"MixedLineEnds", "A b SIP/2.0\nl: 1\r\n\nx" + plain, {"A b SIP/2.0\nl: 1\r\n\nx", plain}},
    {"LeadingZeros",
     start + "l: " + twenty_zeros + "1\r\n\r\nx",
     {start + "l: " + twenty_zeros + "1\r\n\r\nx"}},
    {"SameLengthTwice",
     start + "l: 1\r\nContent-Length: 01\r\n\r\nx",
     {start + "l: 1\r\nContent-Length: 01\r\n\r\nx"}},
    {"LengthInAFoldIsNone",
     start + "X: 1\r\n Content-Length: 9\r\nl: 0\r\n\r\n",
     {start + "X: 1\r\n Content-Length: 9\r\nl: 0\r\n\r\n"}},
    {"LengthInTheBodyIsNone", start + "l: 6\r\n\r\nl: 9\r\n", {start + "l: 6\r\n\r\nl: 9\r\n"}},
    {"BlankLineInTheBody",
     start + "l: 8\r\n\r\n\r\n\r\n\r\n\r\n" + plain,
     {start + "l: 8\r\n\r\n\r\n\r\n\r\n\r\n", plain}},
    {"LineOfBlanksEndsNoHeaders",
     start + "X: 1\r\n \r\nl: 1\r\n\r\nx",
     {start + "X: 1\r\n \r\nl: 1\r\n\r\nx"}},
    {"LessThanAMessage", plain.substr(0, 20), {"+20"}},
    {"BodyIsNotComplete", plain + plain.substr(0, 34), {plain, "+34"}},
    {"DifferingLengths",
     start + "l: 1\r\nContent-Length: 2\r\n\r\nxx",
     {error(ParseError::Kind::bad_content_length, 35)}},
    {"NoLength", start + "X: 1\r\n\r\n", {error(ParseError::Kind::bad_content_length, 21)}},
    {"NoHeader", start + "\r\n" + plain, {error(ParseError::Kind::bad_content_length, 15)}},
    {"ControlByteInTheName",
     start + "l\x01: 1\r\n\r\n",
     {error(ParseError::Kind::bad_content_length, 22)}},
    {"NegativeLength", start + "l: -1\r\n\r\n", {error(ParseError::Kind::bad_content_length, 16)}},
    {"SignedLength", start + "l: +1\r\n\r\n", {error(ParseError::Kind::bad_content_length, 16)}},
    {"EmptyLength", start + "l: \r\n\r\n", {error(ParseError::Kind::bad_content_length, 15)}},
    {"ListOfLengths", start + "l: 1, 1\r\n\r\n", {error(ParseError::Kind::bad_content_length, 16)}},
    {"HexadecimalLength",
     start + "l: 0x1\r\n\r\n",
     {error(ParseError::Kind::bad_content_length, 16)}},
    {"LengthThatIsThirtyTwoModuloTwoToTheThirtyTwo",
     start + "l: 4294967328\r\n\r\n" + plain,
     {error(ParseError::Kind::body_too_long, 16)}},
    {"LengthThatIsOneModuloTwoToTheSixtyFour",
     start + "l: 18446744073709551617\r\n\r\nx",
     {error(ParseError::Kind::body_too_long, 16)}},
    {"LengthOfFortyDigits",
     start + "l: 9999999999999999999999999999999999999999\r\n\r\n",
     {error(ParseError::Kind::body_too_long, 16)}},
    {"LengthAtTheEndOfThirtyTwoBits",
     start + "l: 4294967295\r\n\r\n",
     {error(ParseError::Kind::body_too_long, 16)}},
};
INSTANTIATE_TEST_SUITE_P(All, FramerTest, testing::ValuesIn(cases),
                         [](const auto& row) { return std::string{row.param.proves}; });

TEST(FramerKeepAlive, CarriageReturnAloneWaitsForItsLineFeed) {
  StreamFramer framer;
  EXPECT_EQ(framer.next("\r")->kind, Kind::incomplete);
  EXPECT_EQ(framer.next("\r\n")->consumed, 2U);
  EXPECT_EQ(framer.next("\r\n\r")->consumed, 2U);
  EXPECT_EQ(framer.next("")->kind, Kind::incomplete);
  EXPECT_EQ(cut("\r\n\r\n" + plain, 1), (std::vector<std::string>{"ping 2", "ping 2", plain}));
}

TEST(FramerBounds, MessageMayBeAsLongAsAllowedAndNoByteLonger) {
  EXPECT_EQ(cut(plain, 1, plain.size()), std::vector{plain});
  EXPECT_EQ(cut(plain, 1000, plain.size() - 1),
            std::vector{error(ParseError::Kind::body_too_long, 29)});
}

TEST(FramerBounds, HeadersWithoutEndAreRefusedAtTheBound) {
  const std::string endless = start + "X: " + std::string(100, 'x');
  EXPECT_EQ(cut(endless, 1, 64), std::vector{error(ParseError::Kind::too_long, 64)});
  EXPECT_EQ(cut(endless + "\r\nl: 0\r\n\r\n", 1000, 64),
            std::vector{error(ParseError::Kind::too_long, 64)});
}

TEST(FramerBounds, ErrorIsRepeatedWhenAskedAgain) {
  StreamFramer framer;
  const auto wrong = start + "\r\n";
  ASSERT_FALSE(framer.next(wrong));
  ASSERT_FALSE(framer.next(wrong));
}

// Were each byte to begin the search anew, this would look at 125 billion of them.
TEST(FramerBounds, TrickledStreamCostsLinearTime) {
  constexpr std::size_t half = 500'000;
  std::string stream = start + "l: 500000\r\nX: ";
  stream.append(half, 'x');
  stream += "\r\n\r\n";
  stream.append(half, '\n');

  StreamFramer framer{stream.size()};
  std::size_t messages = 0;
  const auto begin = std::chrono::steady_clock::now();
  for (std::size_t length = 1; length <= stream.size(); ++length) {
    const auto frame = framer.next(std::string_view{stream}.substr(0, length));
    ASSERT_TRUE(frame);
    messages += frame->kind == Kind::message ? 1U : 0U;
  }
  const auto elapsed = std::chrono::steady_clock::now() - begin;
  EXPECT_EQ(messages, 1U);
  EXPECT_LT(elapsed, std::chrono::seconds{2});
}

TEST(FramerMemory, NothingIsAllocated) {
  const std::string stream = "\r\n" + plain;
  const std::string wrong = start + "l: x\r\n\r\n";
  StreamFramer framer;
  const auto before = allocations();
  for (std::size_t length = 1; length <= stream.size(); ++length) {
    const auto frame = framer.next(std::string_view{stream}.substr(2, length));
    if (!frame || frame->kind == Kind::message) break;
  }
  const bool refused = !framer.next(wrong);
  const auto after = allocations();
  EXPECT_EQ(after, before);
  EXPECT_TRUE(refused);
}

// Framer and Message must agree on where the headers end and what the length is.
TEST(FramerAndMessage, SeeTheSameBody) {
  for (const auto& [proves, stream, pieces] : cases) {
    for (const auto& piece : pieces) {
      if (piece.starts_with('!') || piece.starts_with('+') || piece.starts_with("ping")) continue;
      Diagnostics diagnostics;
      const auto message = Message::parse(piece, diagnostics);
      ASSERT_TRUE(message) << proves;
      EXPECT_TRUE(piece.ends_with(message->body())) << proves;
      EXPECT_EQ(number(message->value(HeaderId::content_length), 65'536), message->body().size())
          << proves;
      EXPECT_FALSE(diagnostics.has("SL-content-length-short")) << proves;
      EXPECT_FALSE(diagnostics.has("SL-content-length-long")) << proves;
    }
  }
}

}  // namespace
}  // namespace sipauth
