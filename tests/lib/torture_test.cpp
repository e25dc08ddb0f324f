// RFC 4475 (torture messages) and RFC 5118 (IPv6), each case in a message of our own making that
// shows the same: corpus/message_udp/rfcNNNN-SECTION-WHAT. What is valid has no error, what is not
// is reported with its rule, at its byte.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "lib/reported.hpp"
#include "sipauth/lint.hpp"
#include "sipauth/message.hpp"

namespace sipauth {
namespace {

const std::filesystem::path folder =
    std::filesystem::path{SIPAUTH_SOURCE_DIR} / "corpus/message_udp";

std::string contents(std::string_view file) {
  std::ifstream stream{folder / file, std::ios::binary};
  return {std::istreambuf_iterator<char>{stream}, {}};
}

bool is_error(const Diagnostic& diagnostic) { return diagnostic.rule->severity == Severity::error; }
bool is_no_note(const Diagnostic& diagnostic) { return diagnostic.rule->severity > Severity::note; }

// All of 3.1.1, the cases of 3.3 whose fault is none of grammar, and all but one of RFC 5118.
constexpr auto accepted = std::to_array<std::string_view>({
    "rfc4475-3.1.1.1-tortuous-invite",
    "rfc4475-3.1.1.2-wide-range-of-characters",
    "rfc4475-3.1.1.3-escapes",
    "rfc4475-3.1.1.4-escaped-nulls",
    "rfc4475-3.1.1.5-percent-that-escapes-nothing",
    "rfc4475-3.1.1.6-no-blank-behind-the-display-name",
    "rfc4475-3.1.1.7-long-values",
    "rfc4475-3.1.1.8-octets-behind-the-message",
    "rfc4475-3.1.1.9-semicolons-in-the-user",
    "rfc4475-3.1.1.10-transports",
    "rfc4475-3.1.1.11-multipart",
    "rfc4475-3.1.1.12-unusual-reason",
    "rfc4475-3.1.1.13-no-reason",
    "rfc4475-3.3.2-request-uri-scheme-unknown",
    "rfc4475-3.3.3-request-uri-scheme-atypical",
    "rfc4475-3.3.4-schemes-unknown-in-headers",
    "rfc4475-3.3.5-extensions-required",
    "rfc4475-3.3.6-content-type-unknown",
    "rfc4475-3.3.7-authorization-scheme-unknown",
    "rfc4475-3.3.10-broadcast-via",
    "rfc4475-3.3.11-max-forwards-zero",
    "rfc4475-3.3.12-contact-parameter-of-the-header",
    "rfc4475-3.3.13-contact-parameter-of-the-uri",
    "rfc4475-3.3.14-contact-with-headers",
    "rfc4475-3.3.15-accept-of-nothing-usual",
    "rfc5118-4.1-ipv6-in-brackets",
    "rfc5118-4.3-port-within-the-brackets",
    "rfc5118-4.4-port-behind-the-brackets",
    "rfc5118-4.5-received-in-brackets",
    "rfc5118-4.5-received-without-brackets",
    "rfc5118-4.6-ipv6-in-sdp",
    "rfc5118-4.7-both-families-in-headers",
    "rfc5118-4.8-both-families-in-sdp",
    "rfc5118-4.9-ipv4-mapped-in-ipv6",
    "rfc5118-4.10-three-colons",
    "rfc5118-4.10-two-colons",
});

class AcceptedTest : public testing::TestWithParam<std::string_view> {};

TEST_P(AcceptedTest, IsReadWithoutAnError) {
  const auto text = contents(GetParam());
  Diagnostics diagnostics;
  ASSERT_TRUE(lint_message(text, diagnostics)) << GetParam();
  EXPECT_TRUE(std::ranges::none_of(diagnostics.list(), is_error)) << reported(diagnostics);
}

// The first that is more than a note, and whether the message can be read all the same.
struct Flagged {
  std::string_view file;
  std::string_view rule;
  std::uint32_t offset = 0;
  std::string_view covered = {};
  bool readable = true;
};

constexpr auto flagged = std::to_array<Flagged>({
    {"rfc4475-3.1.2.1-separators-too-many", "SL-parameter-empty", 71, ""},
    {"rfc4475-3.1.2.2-content-length-beyond-the-end", "SL-content-length-long", 257, "9998"},
    {"rfc4475-3.1.2.3-content-length-negative", "SL-content-length-malformed", 293, "-998"},
    {"rfc4475-3.1.2.4-request-numbers-overlarge", "SL-not-a-number", 109, "301"},
    {"rfc4475-3.1.2.5-response-numbers-overlarge", "SL-not-a-number", 206,
     "8292394834772304023312 OPTIONS"},
    {"rfc4475-3.1.2.6-quote-never-closed", "SL-name-addr-quote", 40, "\""},
    {"rfc4475-3.1.2.7-request-uri-in-brackets", "SL-not-a-uri", 7, "<sip:bob@example.org>"},
    {"rfc4475-3.1.2.8-blank-in-request-uri", "SL-uri-character", 27, " "},
    {"rfc4475-3.1.2.9-several-blanks-in-the-request-line", "SL-start-line", 6, "  "},
    {"rfc4475-3.1.2.10-blanks-behind-the-request-line", "SL-start-line", 43, " "},
    {"rfc4475-3.1.2.11-headers-in-request-uri", "SL-request-uri-headers", 26,
     "?Subject=%3Chello%3E"},
    {"rfc4475-3.1.2.12-date-not-in-gmt", "SL-date", 216, "Sat, 14 Nov 2009 23:29:00 CET"},
    {"rfc4475-3.1.2.13-contact-without-brackets", "SL-name-addr-brackets-needed", 219,
     "sip:alice@example.net?Subject=%3Chello%3E"},
    {"rfc4475-3.1.2.14-blanks-in-brackets", "SL-name-addr-blank", 57, " sip:bob@example.org "},
    {"rfc4475-3.1.2.15-display-name-needs-quotes", "SL-name-addr-display", 68, "Liddell, Alice"},
    {"rfc4475-3.1.2.16-version-unknown", "SL-version", 28, "SIP/8.5"},
    {"rfc4475-3.1.2.17-cseq-of-another-method", "SL-cseq-method", 154, "INVITE"},
    {"rfc4475-3.1.2.18-cseq-of-another-unknown-method", "SL-cseq-method", 155, "INVITE"},
    {"rfc4475-3.1.2.19-status-overlarge", "SL-status-code", 8, "4294967496", false},
    {"rfc4475-3.2.1-branch-without-identifier", "SL-via-branch-empty", 201, "z9hG4bK"},
    {"rfc4475-3.3.1-required-headers-missing", "SL-missing-from", 34, ""},
    {"rfc4475-3.3.8-single-values-several-times", "SL-repeated-header", 200, "CSeq"},
    {"rfc4475-3.3.9-two-content-lengths", "SL-content-length-duplicate", 248, "4"},
    {"rfc4475-3.4.1-invite-of-rfc-2543", "SL-via-branch-missing", 84, ""},
    {"rfc5118-4.2-ipv6-without-brackets", "SL-port", 18, "db8:1::20"},
});

class FlaggedTest : public testing::TestWithParam<Flagged> {};

TEST_P(FlaggedTest, IsReportedAtItsByte) {
  const auto& row = GetParam();
  const auto text = contents(row.file);
  Diagnostics diagnostics;
  EXPECT_EQ(lint_message(text, diagnostics).has_value(), row.readable);
  const auto first = std::ranges::find_if(diagnostics.list(), is_no_note);
  ASSERT_NE(first, diagnostics.list().end()) << row.file;
  EXPECT_EQ(first->rule->name, row.rule) << reported(diagnostics);
  EXPECT_EQ(first->where.offset, row.offset) << row.file;
  EXPECT_EQ(text.substr(first->where.offset, first->where.length), row.covered) << row.file;
}

std::string name_of(std::string_view file) {
  std::string name{file};
  std::ranges::replace_if(name, [](char c) { return c == '-' || c == '.'; }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Rfc, AcceptedTest, testing::ValuesIn(accepted),
                         [](const auto& row) { return name_of(row.param); });
INSTANTIATE_TEST_SUITE_P(Rfc, FlaggedTest, testing::ValuesIn(flagged),
                         [](const auto& row) { return name_of(row.param.file); });

// What is understood of a message does not depend on what is wrong with it.
TEST(Torture, WhatIsWrongIsReadAsItWasMeant) {
  const auto of = [](std::string_view file, auto reading) {
    const auto text = contents(file);
    Diagnostics diagnostics;
    const auto message = Message::parse(text, diagnostics);
    ASSERT_TRUE(message) << file;
    reading(*message);
  };
  of("rfc4475-3.1.2.7-request-uri-in-brackets",
     [](const Message& message) { EXPECT_EQ(message.request_uri(), "<sip:bob@example.org>"); });
  of("rfc4475-3.1.2.9-several-blanks-in-the-request-line", [](const Message& message) {
    EXPECT_EQ(message.method(), "INVITE");
    EXPECT_EQ(message.request_uri(), "sip:bob@example.org");
  });
  of("rfc4475-3.1.2.2-content-length-beyond-the-end",
     [](const Message& message) { EXPECT_EQ(message.body(), "v=0\r\n"); });
  of("rfc4475-3.1.1.8-octets-behind-the-message",
     [](const Message& message) { EXPECT_EQ(message.body(), ""); });
}

// The sections have so many cases.
TEST(Torture, EveryCaseStandsInATable) {
  const auto count = [](std::string_view section) {
    const auto begins = [&](std::string_view file) { return file.starts_with(section); };
    return std::pair{std::ranges::count_if(accepted, begins),
                     std::ranges::count_if(flagged, begins, &Flagged::file)};
  };
  EXPECT_EQ(count("rfc4475-3.1.1."), std::pair(13L, 0L));
  EXPECT_EQ(count("rfc4475-3.1.2."), std::pair(0L, 19L));
  EXPECT_EQ(count("rfc4475-3.2."), std::pair(0L, 1L));
  EXPECT_EQ(count("rfc4475-3.3."), std::pair(12L, 3L));
  EXPECT_EQ(count("rfc4475-3.4."), std::pair(0L, 1L));
  EXPECT_EQ(count("rfc5118-"), std::pair(11L, 1L));
}

}  // namespace
}  // namespace sipauth
