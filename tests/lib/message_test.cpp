#include "sipauth/message.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "lib/allocations.hpp"
#include "lib/header_values.hpp"
#include "lib/reported.hpp"
#include "sipauth/text.hpp"

namespace sipauth {

using namespace header_values;
using namespace std::string_view_literals;

// `start | offset name=value | ... | body`, the start as `method uri version` or
// `version status reason`.
static std::string reading(const Message& message) {
  std::string line = message.is_request()
                         ? std::string{message.method()} + ' ' +
                               std::string{message.request_uri()} + ' ' +
                               std::string{message.version()}
                         : std::string{message.version()} + ' ' + std::to_string(message.status()) +
                               ' ' + std::string{message.reason()};
  for (const auto& header : message.headers()) {
    line += " | " + std::to_string(header.offset) + ' ' + std::string{header.name} + '=' +
            std::string{header.value};
  }
  return line + " | " + std::string{message.body()};
}

namespace {

class MessageTest : public testing::TestWithParam<Case> {};
TEST_P(MessageTest, IsReadAndReported) { expect_reading<Message>(GetParam()); }

const std::vector<Case> start_lines{
    {.proves = "Request",
     .text = "REGISTER sip:example.com SIP/2.0\r\nl: 0\r\n\r\n",
     .reading = "REGISTER sip:example.com SIP/2.0 | 34 l=0 | "},
    {.proves = "Response",
     .text = "SIP/2.0 401 Unauthorized: no\r\nl: 0\r\n\r\n",
     .reading = "SIP/2.0 401 Unauthorized: no | 30 l=0 | "},
    {.proves = "EmptyReasonBehindItsSpace",
     .text = "SIP/2.0 100 \r\n\r\n",
     .reading = "SIP/2.0 100  | "},
    {.proves = "ReasonOfBlanksAlone",
     .text = "SIP/2.0 100  \t\r\n\r\n",
     .reading = "SIP/2.0 100  | "},
    {.proves = "BlanksAroundAReasonAreOfIt",
     .text = "SIP/2.0 200  OK \r\n\r\n",
     .reading = "SIP/2.0 200 OK | "},
    {.proves = "TabInsteadOfTheSpaceBehindAStatus",
     .text = "SIP/2.0 200\t OK\r\n\r\n",
     .reading = "SIP/2.0 200 OK | ",
     .reported = "SL-start-line 11+1"},
    {.proves = "TabBehindAStatusWithoutReason",
     .text = "SIP/2.0 200\t\r\n\r\n",
     .reading = "SIP/2.0 200  | ",
     .reported = "SL-start-line 11+0"},
    {.proves = "ReasonInUtf8",
     .text = "SIP/2.0 200 = 2**3 * 5 \xd0\xbd\r\n\r\n",
     .reading = "SIP/2.0 200 = 2**3 * 5 \xd0\xbd | "},
    {.proves = "MethodOfOneLetter", .text = "A b SIP/2.0\r\n\r\n", .reading = "A b SIP/2.0 | "},
    {.proves = "MethodsAreCaseSensitiveTokens",
     .text = "!a-Z.%*_+`'~9 sip:h SIP/2.0\r\n\r\n",
     .reading = "!a-Z.%*_+`'~9 sip:h SIP/2.0 | "},
    {.proves = "LastStatus", .text = "SIP/2.0 699 x\r\n\r\n", .reading = "SIP/2.0 699 x | "},
    {.proves = "NoReasonAndNoSpace",
     .text = "SIP/2.0 200\r\n\r\n",
     .reading = "SIP/2.0 200  | ",
     .reported = "SL-start-line 11+0"},
    {.proves = "BlanksInAStatusLine",
     .text = "SIP/2.0  200\tOK\r\n\r\n",
     .reading = "SIP/2.0 200 OK | ",
     .reported = "SL-start-line 7+2 | SL-start-line 12+1"},
    {.proves = "BlanksInARequestLineAsRfc4475Lwsstart",
     .text = "INVITE  sip:u@h  SIP/2.0\r\n\r\n",
     .reading = "INVITE sip:u@h SIP/2.0 | ",
     .reported = "SL-start-line 6+2 | SL-start-line 15+2"},
    {.proves = "BlankBehindARequestLineAsRfc4475Trws",
     .text = "OPTIONS sip:u@h SIP/2.0  \r\n\r\n",
     .reading = "OPTIONS sip:u@h SIP/2.0 | ",
     .reported = "SL-start-line 23+1"},
    {.proves = "BlankInFrontOfARequestLine",
     .text = " OPTIONS sip:u@h SIP/2.0\r\n\r\n",
     .reading = "OPTIONS sip:u@h SIP/2.0 | ",
     .reported = "SL-start-line 0+1"},
    {.proves = "BlankWithinTheRequestUriIsKept",
     .text = "INVITE sip:u@h; lr SIP/2.0\r\n\r\n",
     .reading = "INVITE sip:u@h; lr SIP/2.0 | "},
    {.proves = "BracketsRoundTheRequestUriAreKept",
     .text = "INVITE <sip:u@h> SIP/2.0\r\n\r\n",
     .reading = "INVITE <sip:u@h> SIP/2.0 | "},
    {.proves = "VersionInLowerCase",
     .text = "INVITE sip:h sip/2.0\r\n\r\n",
     .reading = "INVITE sip:h sip/2.0 | ",
     .reported = "SL-version-case 13+7"},
    {.proves = "AnotherVersionOfARequest",
     .text = "OPTIONS sip:h SIP/7.0\r\n\r\n",
     .reading = "OPTIONS sip:h SIP/7.0 | ",
     .reported = "SL-version 14+7"},
    {.proves = "AnotherVersionOfAResponse",
     .text = "SIP/2.00 200 OK\r\n\r\n",
     .reading = "SIP/2.00 200 OK | ",
     .reported = "SL-version 0+8"},
    {.proves = "MethodThatIsNoToken",
     .text = "\"INVITE\" sip:h SIP/2.0\r\n\r\n",
     .reading = "\"INVITE\" sip:h SIP/2.0 | ",
     .reported = "SL-method 0+8"},
    {.proves = "ControlByteInTheReason",
     .text = "SIP/2.0 200 O\0K\r\n\r\n"sv,
     .reading = "SIP/2.0 200 O\0K | "sv,
     .reported = "SL-control-byte 13+1"},
    {.proves = "BlankLinesInFront",
     .text = "\r\n\r\n\nA sip:h SIP/2.0\r\nl: 0\r\n\r\n",
     .reading = "A sip:h SIP/2.0 | 22 l=0 | ",
     .reported = "SL-leading-blank-line 0+5"},
};
INSTANTIATE_TEST_SUITE_P(StartLine, MessageTest, testing::ValuesIn(start_lines), name_of);

const std::vector<Case> headers{
    {.proves = "OrderRepetitionAndSpellingAreKept",
     .text = "A b SIP/2.0\r\nvia: 1\r\nX-a:2, 3\r\nV:\t4 \r\nX-A:\r\n\r\n",
     .reading = "A b SIP/2.0 | 13 via=1 | 21 X-a=2, 3 | 31 V=4 | 38 X-A= | "},
    {.proves = "FoldingStaysInTheValue",
     .text = "A b SIP/2.0\r\nTo:\r\n  <sip:a@b>\r\n\t;tag=1\r\nl: 0\r\n\r\n",
     .reading = "A b SIP/2.0 | 13 To=<sip:a@b>\r\n\t;tag=1 | 40 l=0 | "},
    {.proves = "LineOfBlanksContinuesItsHeader",
     .text = "A b SIP/2.0\r\nX: 1\r\n  \r\nl: 0\r\n\r\n",
     .reading = "A b SIP/2.0 | 13 X=1 | 23 l=0 | "},
    {.proves = "ColonsInAValue",
     .text = "A b SIP/2.0\r\nX: a:b:c\r\n\r\n",
     .reading = "A b SIP/2.0 | 13 X=a:b:c | "},
    {.proves = "EscapedControlBytesInAQuotedStringAsRfc4475Intmeth",
     .text = "A b SIP/2.0\r\nTo: \"\\\x07\\\0\\\x7F\" <c>\r\n\r\n"sv,
     .reading = "A b SIP/2.0 | 13 To=\"\\\x07\\\0\\\x7F\" <c> | "sv},
    {.proves = "BlankInFrontOfTheColon",
     .text = "A b SIP/2.0\r\nTO \t: c\r\n\r\n",
     .reading = "A b SIP/2.0 | 13 TO=c | ",
     .reported = "SL-space-before-colon 15+2"},
    {.proves = "ControlByteInFrontOfTheColonIsNotTheHeaderItLooksLike",
     .text = "A b SIP/2.0\r\nTo\x01: c\r\nTo: d\r\n\r\n",
     .reading = "A b SIP/2.0 | 13 To\x01=c | 21 To=d | ",
     .reported = "SL-header-name 13+3"},
    {.proves = "NulInFrontOfTheColon",
     .text = "A b SIP/2.0\r\nTo\0: c\r\n\r\n"sv,
     .reading = "A b SIP/2.0 | 13 To\0=c | "sv,
     .reported = "SL-header-name 13+3"},
    {.proves = "BlankWithinAName",
     .text = "A b SIP/2.0\r\nCall ID : c\r\n\r\n",
     .reading = "A b SIP/2.0 | 13 Call ID=c | ",
     .reported = "SL-header-name 13+7"},
    {.proves = "EmptyName",
     .text = "A b SIP/2.0\r\n: c\r\n\r\n",
     .reading = "A b SIP/2.0 | 13 =c | ",
     .reported = "SL-header-name 13+0"},
    {.proves = "NoColon",
     .text = "A b SIP/2.0\r\nX: 1\r\n  no colon \r\nnone\r\nl: 0\r\n\r\n",
     .reading = "A b SIP/2.0 | 13 X=1\r\n  no colon | 38 l=0 | ",
     .reported = "SL-no-colon 32+4"},
    {.proves = "FirstRowBeginsWithABlank",
     .text = "A b SIP/2.0\r\n X: 1\r\n\r\n",
     .reading = "A b SIP/2.0 | 14 X=1 | ",
     .reported = "SL-nothing-to-continue 13+1"},
    {.proves = "ControlByteInAValue",
     .text = "A b SIP/2.0\r\nX: long enough\x1f value\x7f\r\n\r\n",
     .reading = "A b SIP/2.0 | 13 X=long enough\x1f value\x7f | ",
     .reported = "SL-control-byte 27+1"},
    {.proves = "ControlByteInAQuotedStringWithoutBackslash",
     .text = "A b SIP/2.0\r\nX: \"a\0\"\r\n\r\n"sv,
     .reading = "A b SIP/2.0 | 13 X=\"a\0\" | "sv,
     .reported = "SL-control-byte 18+1"},
    {.proves = "BackslashOutsideOfQuotesEscapesNothing",
     .text = "A b SIP/2.0\r\nX: \\\x01\r\n\r\n",
     .reading = "A b SIP/2.0 | 13 X=\\\x01 | ",
     .reported = "SL-control-byte 17+1"},
    {.proves = "CarriageReturnAloneEndsNoLine",
     .text = "A b SIP/2.0\r\nX: a\rY: b\r\n\r\n",
     .reading = "A b SIP/2.0 | 13 X=a\rY: b | ",
     .reported = "SL-control-byte 17+1"},
    {.proves = "BareLineFeedsAreReportedOnce",
     .text = "A b SIP/2.0\nX: 1\n 2\nl: 0\n\n",
     .reading = "A b SIP/2.0 | 12 X=1\n 2 | 20 l=0 | ",
     .reported = "SL-bare-line-feed 11+1"},
    {.proves = "OneBareLineFeedWithinAFold",
     .text = "A b SIP/2.0\r\nX: 1\n 2\r\n\r\n",
     .reading = "A b SIP/2.0 | 13 X=1\n 2 | ",
     .reported = "SL-bare-line-feed 17+1"},
    {.proves = "BareLineFeedAsTheBlankLine",
     .text = "A b SIP/2.0\r\nl: 1\r\n\n\n",
     .reading = "A b SIP/2.0 | 13 l=1 | \n",
     .reported = "SL-bare-line-feed 19+1"},
    {.proves = "NoBlankLine",
     .text = "A b SIP/2.0\r\nX: 1\r\n",
     .reading = "A b SIP/2.0 | 13 X=1 | ",
     .reported = "SL-no-end-of-headers 19+0"},
    {.proves = "CutWithinAHeader",
     .text = "A b SIP/2.0\r\nX: 1\r\nY: 2",
     .reading = "A b SIP/2.0 | 13 X=1 | 19 Y=2 | ",
     .reported = "SL-no-end-of-headers 23+0"},
    {.proves = "CutWithinAName",
     .text = "A b SIP/2.0\r\nX: 1\r\nCont",
     .reading = "A b SIP/2.0 | 13 X=1 | ",
     .reported = "SL-no-colon 19+4 | SL-no-end-of-headers 23+0"},
};
INSTANTIATE_TEST_SUITE_P(Header, MessageTest, testing::ValuesIn(headers), name_of);

const std::vector<Case> bodies{
    {.proves = "BodyOfItsLength",
     .text = "A b SIP/2.0\r\nContent-Length : 3\r\n\r\n\r\na",
     .reading = "A b SIP/2.0 | 13 Content-Length=3 | \r\na",
     .reported = "SL-space-before-colon 27+1"},
    {.proves = "WithoutLengthAllIsBody",
     .text = "A b SIP/2.0\r\n\r\nabc\0"sv,
     .reading = "A b SIP/2.0 | abc\0"sv},
    {.proves = "LeadingZerosOfALength",
     .text = "A b SIP/2.0\r\nl: 0000000000000000000000000000000003\r\n\r\nabc",
     .reading = "A b SIP/2.0 | 13 l=0000000000000000000000000000000003 | abc"},
    {.proves = "ShortLengthCutsTheBody",
     .text = "A b SIP/2.0\r\nl: 2\r\n\r\nabc",
     .reading = "A b SIP/2.0 | 13 l=2 | ab",
     .reported = "SL-content-length-short 16+1"},
    {.proves = "LongLengthLeavesWhatThereIs",
     .text = "A b SIP/2.0\r\nL: 4294967295\r\n\r\nabc",
     .reading = "A b SIP/2.0 | 13 L=4294967295 | abc",
     .reported = "SL-content-length-long 16+10"},
    {.proves = "LengthThatIsThirtyTwoModuloTwoToTheThirtyTwo",
     .text = "A b SIP/2.0\r\nl: 4294967328\r\n\r\nabc",
     .reading = "A b SIP/2.0 | 13 l=4294967328 | abc",
     .reported = "SL-content-length-malformed 16+10"},
    {.proves = "LengthThatIsOneModuloTwoToTheSixtyFour",
     .text = "A b SIP/2.0\r\nl: 18446744073709551617\r\n\r\nabc",
     .reading = "A b SIP/2.0 | 13 l=18446744073709551617 | abc",
     .reported = "SL-content-length-malformed 16+20"},
    {.proves = "NegativeLength",
     .text = "A b SIP/2.0\r\nl: -999\r\n\r\nabc",
     .reading = "A b SIP/2.0 | 13 l=-999 | abc",
     .reported = "SL-content-length-malformed 16+4"},
    {.proves = "EmptyLength",
     .text = "A b SIP/2.0\r\nl:\r\n\r\nabc",
     .reading = "A b SIP/2.0 | 13 l= | abc",
     .reported = "SL-content-length-malformed 15+0"},
    {.proves = "LengthsInAList",
     .text = "A b SIP/2.0\r\nl: 3, 3\r\n\r\nabc",
     .reading = "A b SIP/2.0 | 13 l=3, 3 | abc",
     .reported = "SL-content-length-malformed 16+4"},
    {.proves = "OfTwoLengthsTheFirstCounts",
     .text = "A b SIP/2.0\r\nl: 3\r\nContent-Length: 1\r\n\r\nabc",
     .reading = "A b SIP/2.0 | 13 l=3 | 19 Content-Length=1 | abc",
     .reported = "SL-content-length-duplicate 35+1"},
};
INSTANTIATE_TEST_SUITE_P(Body, MessageTest, testing::ValuesIn(bodies), name_of);

TEST(MessageError, SaysWhichByteWasNotRead) {
  using Kind = ParseError::Kind;
  expect_unread<Message>({
      {"", {Kind::empty, 0}},
      {"\r\n\r\n", {Kind::empty, 4}},
      {"A", {Kind::not_sip, 1}},
      {"INVITE", {Kind::not_sip, 6}},
      {"  \r\n", {Kind::not_sip, 4}},
      {"GET / HTTP/1.1\r\n\r\n", {Kind::not_sip, 6}},
      {"jaK\r\n", {Kind::not_sip, 3}},
      {"INVITE SIP/2.0\r\n\r\n", {Kind::not_sip, 7}},
      {"INVITE sip:h\r\n\r\n", {Kind::not_sip, 7}},
      {"SIP/2.0\r\n\r\n", {Kind::not_sip, 7}},
      {"SIP/2.0 \r\n\r\n", {Kind::not_sip, 7}},
      {"SIP/2.0 OK\r\n\r\n", {Kind::not_sip, 8}},
      {"SIP/2.0 099 x\r\n\r\n", {Kind::not_sip, 8}},
      {"SIP/2.0 700 x\r\n\r\n", {Kind::not_sip, 8}},
      {"SIP/2.0 0200 x\r\n\r\n", {Kind::not_sip, 8}},
      {"SIP/2.0 4294967497 x\r\n\r\n", {Kind::not_sip, 8}},
      {"SIP/2.0 -99 x\r\n\r\n", {Kind::not_sip, 8}},
      {"SIP/2.0 2e2 x\r\n\r\n", {Kind::not_sip, 8}},
      {"\x01\x01\xff\xff\x21\x12\xa4\x42", {Kind::not_sip, 8}},  // STUN on the SIP port
      {"SIP/2.0 200 OK", {Kind::truncated, 14}},
      {"SIP/2.0 200 OK\r\n", {Kind::truncated, 16}},
      {"SIP/2.0 200 OK\r\nVi", {Kind::truncated, 18}},
  });
}

TEST(MessageBounds, OneRowTooManyIsNamedByItsOffset) {
  const std::string start = "A b SIP/2.0\r\n";
  std::string most = start;
  for (std::size_t i = 0; i < Message::max_headers; ++i)
    most += i % 2 == 0 ? "a:1\r\n" : "none\r\n";
  Diagnostics diagnostics;
  const auto message = Message::parse(most + "\r\n", diagnostics);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->headers().size(), Message::max_headers / 2);

  for (const auto* row : {"a:1\r\n\r\n", "none", "a"}) {
    const auto refused = Message::parse(most + row, diagnostics);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ParseError::Kind::too_many_headers);
    EXPECT_EQ(refused.error().offset, most.size());
  }
}

TEST(MessageBounds, FullIndexOfHeadersCanBeCopied) {
  std::string text = "A b SIP/2.0\r\n";
  for (std::size_t i = 0; i < Message::max_headers; ++i) text += "a:" + std::to_string(i) + "\r\n";
  text += "\r\n";
  Diagnostics diagnostics;
  const auto parsed = Message::parse(text, diagnostics);
  ASSERT_TRUE(parsed);
  const Message copy = *parsed;
  ASSERT_EQ(copy.headers().size(), Message::max_headers);
  EXPECT_EQ(copy.headers().back().value, "255");
  EXPECT_EQ(Message{}.headers().size(), 0U);
}

TEST(MessageBounds, OneByteTooLong) {
  std::string longest = "A b SIP/2.0\r\n\r\n";
  longest.resize(limits::message_bytes, 'a');
  Diagnostics diagnostics;
  EXPECT_TRUE(Message::parse(longest, diagnostics));
  const auto refused = Message::parse(longest + 'a', diagnostics);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ParseError::Kind::too_long);
  EXPECT_EQ(refused.error().offset, limits::message_bytes);
}

TEST(MessageBounds, EveryFieldMayBeVeryLong) {
  const std::string a(60'000, 'a');
  for (const auto& text : {a + " sip:h SIP/2.0\r\n\r\n", "A " + a + " SIP/2.0\r\n\r\n",
                           "SIP/2.0 200 " + a + "\r\n\r\n", "A b SIP/2.0\r\n" + a + ": 1\r\n\r\n",
                           "A b SIP/2.0\r\nCall-ID: " + a + "\r\n\r\n",
                           "A b SIP/2.0\r\nl: " + std::string(60'000, '9') + "\r\n\r\n",
                           "A b SIP/2.0\r\nX: \"" + std::string(60'000, '\\') + "\x01\r\n\r\n"}) {
    Diagnostics diagnostics;
    EXPECT_TRUE(Message::parse(text, diagnostics)) << text.substr(0, 40);
  }
}

TEST(Find, ReturnsTheFirstOfItsKind) {
  Diagnostics diagnostics;
  const auto message = Message::parse(
      "A b SIP/2.0\r\nv: 1\r\nVia: 2\r\nsubject: 3\r\nSubject: 4\r\n\r\n", diagnostics);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->value(HeaderId::via), "1");
  EXPECT_EQ(message->find("Via"), message->find(HeaderId::via));
  ASSERT_NE(message->find("SUBJECT"), nullptr);
  EXPECT_EQ(message->find("SUBJECT")->value, "3");
  EXPECT_EQ(message->find(HeaderId::to), nullptr);
  EXPECT_EQ(message->find("X"), nullptr);
  EXPECT_EQ(message->find(""), nullptr);
  EXPECT_EQ(message->value(HeaderId::to), "");
}

TEST(MessageMemory, NothingIsAllocatedInAnyPrefix) {
  expect_no_allocation_in_any_prefix<Message>(
      "\r\n\n  REG@STER  sip:a b@h  sip/2.1 \t\r\n folded: 1\r\nVia : SIP/2.0/UDP h\r\n"
      "To\x01: \"\\\x01\" \x02\r\n\tmore\n WWW-Authenticate\r\nnone\r\n: empty\r\n"
      "l: 7\r\nContent-Length: -1\r\nWWW-Authenticate: Digest realm=\"r\",\r\n nonce=\"n\"\r\n"
      "m: <sip:a@b>, <sip:c@d>\r\n\r\nbody and more\r\n"sv);
}

TEST(MessageMemory, EveryViewLiesInTheTextAtItsOffset) {
  const auto text =
      "SIP/2.0 401 Unauthorized\r\nv : a\r\nnone\r\nX(: b\r\n c\r\nl: 2\r\n\r\nbody"sv;
  for (std::size_t length = 0; length <= text.size(); ++length) {
    const auto part = text.substr(0, length);
    Diagnostics diagnostics;
    const auto message = Message::parse(part, diagnostics);
    if (!message) continue;
    for (const auto& header : message->headers()) {
      EXPECT_EQ(part.substr(header.offset, header.name.size()), header.name);
      EXPECT_EQ(span_of(header.name, part).offset, header.offset);
      EXPECT_LE(span_of(header.value, part).offset + header.value.size(), length);
      EXPECT_EQ(trim(header.value), header.value);
    }
    EXPECT_EQ(message->text(), part);
    EXPECT_LE(span_of(message->body(), part).offset + message->body().size(), length);
  }
}

}  // namespace
}  // namespace sipauth
