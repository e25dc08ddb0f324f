// No input takes time by the square of its length, and none makes a parser allocate. The time is
// that of the processor, and only its growth is looked at: four times the text must not take eight
// times as long, where a square would take sixteen. A busy machine spoils single measurements, so
// the least of several counts, and a suspicion is looked into again.
#include <gtest/gtest.h>

#include <algorithm>
#include <ctime>
#include <limits>
#include <string>
#include <vector>

#include "lib/allocations.hpp"
#include "sipauth/address.hpp"
#include "sipauth/authentication_info.hpp"
#include "sipauth/challenge.hpp"
#include "sipauth/credentials.hpp"
#include "sipauth/framer.hpp"
#include "sipauth/lint.hpp"
#include "sipauth/message.hpp"

namespace sipauth {
namespace {

struct Reader {
  std::string_view name;
  void (*read)(std::string_view text);
};

template <typename Value>
void read_one(std::string_view text) {
  Diagnostics diagnostics;
  (void)Value::parse(text, diagnostics);
}

template <typename Value>
void read_list(std::string_view text) {
  while (!text.empty()) {
    Diagnostics diagnostics;
    const auto value = Value::parse(text, diagnostics);
    if (!value) return;
    text = value->rest;
  }
}

template <auto lint>
void lint_by(std::string_view text) {
  Diagnostics diagnostics;
  (void)lint(text, diagnostics);
}

// What has arrived of a stream, looked at after every hundred bytes; what was consumed is gone.
void read_stream(std::string_view text) {
  StreamFramer framer;
  std::size_t begin = 0;
  for (std::size_t arrived = 0; arrived < text.size(); arrived += 100) {
    const auto frame = framer.next(text.substr(begin, arrived - begin));
    if (!frame) return;
    begin += frame->consumed;
  }
}

constexpr auto readers = std::to_array<Reader>({
    {"Challenge", read_one<Challenge>},
    {"Credentials", read_one<Credentials>},
    {"AuthenticationInfo", read_one<AuthenticationInfo>},
    {"Uri", read_one<Uri>},
    {"NameAddr", read_list<NameAddr>},
    {"Via", read_list<Via>},
    {"CSeq", read_one<CSeq>},
    {"Message", read_one<Message>},
    {"StreamFramer", read_stream},
    {"LintText", lint_by<lint_text>},
    {"LintHeader", lint_by<lint_header>},
    {"LintChallenge", lint_by<lint_challenge>},
});

struct Shape {
  std::string_view name;
  std::string_view front;
  std::string_view repeated;
};

constexpr auto shapes = std::to_array<Shape>({
    {"Commas", "Digest ", ","},
    {"Semicolons", "Digest ", ";"},
    {"Equals", "Digest ", "="},
    {"Backslashes", "Digest realm=\"", "\\"},
    {"Quotes", "Digest ", "\""},
    {"QuotesApart", "Digest ", "\" "},
    {"EscapedQuotes", "Digest a=\"", "\\\""},
    {"OpenStrings", "Digest ", "a=\"\\\",b=1,Digest "},
    {"SingleQuotes", "Digest ", "realm='a,"},
    {"Words", "Digest ", "a "},
    {"WordsOfNoise", "Digest ", "? a"},
    {"Challenges", "", "Digest a=1,"},
    {"Qops", "Digest qop=\"", "auth-int,"},
    {"Escapes", "sip:", "%"},
    {"AtSigns", "sip:", "@"},
    {"UriParameters", "sip:h", ";lr"},
    {"Brackets", "", "<"},
    {"Parentheses", "", "("},
    {"Addresses", "", "<sip:a@h>,"},
    {"AddressesBehindOpenQuotes", "", "\\\"<sip:a@h>,"},
    {"RowOfAddressesBehindOpenQuotes", "Contact: ", "\\\"<sip:a@h>,"},
    {"Vias", "", "SIP/2.0/UDP h;branch=z9hG4bK1,"},
    {"ViaParameters", "SIP/2.0/UDP h", ";a=\"b\""},
    {"Digits", "", "0"},
    {"Folds", "Via: x", "\r\n "},
    {"Rows", "A b SIP/2.0\r\n", "x\r\n"},
    {"BlankLines", "", "\r\n"},
    {"Blanks", "A b SIP/2.0\r\nx:", " "},
    {"Controls", "A b SIP/2.0\r\nx:", "\x01"},
});

std::string text_of(const Shape& shape, std::size_t size) {
  std::string text{shape.front};
  while (text.size() + shape.repeated.size() <= size) text += shape.repeated;
  return text;
}

double least_seconds(const Reader& reader, std::string_view text) {
  const auto now = [] {
    std::timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
  };
  auto least = std::numeric_limits<double>::max();
  for (int i = 0; i < 3; ++i) {
    const auto begin = now();
    reader.read(text);
    least = std::min(least, now() - begin);
  }
  return least;
}

class LinearTimeTest : public testing::TestWithParam<Shape> {};

TEST_P(LinearTimeTest, FourTimesTheTextTakesLessThanEightTimesAsLong) {
  constexpr std::size_t size = limits::message_bytes / 4;
  constexpr double most_growth = 8;
  constexpr double too_short_to_tell = 20e-6;
  const auto short_text = text_of(GetParam(), size);
  const auto long_text = text_of(GetParam(), 4 * size);
  for (const auto& reader : readers) {
    auto growth = std::numeric_limits<double>::max();
    for (int tries = 0; tries < 20 && growth >= most_growth; ++tries) {
      const auto base = std::max(least_seconds(reader, short_text), too_short_to_tell);
      growth = std::min(growth, least_seconds(reader, long_text) / base);
    }
    EXPECT_LT(growth, most_growth) << reader.name;
  }
}

TEST_P(LinearTimeTest, NothingIsAllocated) {
  const auto text = text_of(GetParam(), limits::message_bytes);
  for (const auto& reader : readers) {
    const auto before = allocations();
    reader.read(text);
    const auto after = allocations();
    EXPECT_EQ(after, before) << reader.name;
  }
}

INSTANTIATE_TEST_SUITE_P(Rows, LinearTimeTest, testing::ValuesIn(shapes),
                         [](const auto& row) { return std::string{row.param.name}; });

}  // namespace
}  // namespace sipauth
