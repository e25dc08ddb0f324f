// Where messages begin and end that are written wrongly, or stand close to other text.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "lib/trace_rows.hpp"
#include "sipauth/lint.hpp"
#include "sipauth/rules.hpp"
#include "sipauth/trace.hpp"

namespace sipauth {
namespace {

// Header rows of a REGISTER, and of an answer to it.
const std::vector<std::string> rows_of_request(request_rows.begin() + 1, request_rows.end() - 1);
const std::vector<std::string> rows_of_response{"Via: SIP/2.0/UDP h;branch=z9hG4bK1",
                                                "From: <sip:a@b>;tag=1",
                                                "To: <sip:a@b>;tag=2",
                                                "Call-ID: 1",
                                                "CSeq: 1 REGISTER",
                                                "Content-Length: 0"};
const std::string challenge =
    R"(WWW-Authenticate: Digest realm="a", nonce="0f1e2d3c4b5a69788796a5b4c3d2e1f0", qop="auth")";

// What is told of all messages: names of rules, and `refused` where nothing more could be read.
std::string told(std::string_view text) {
  std::string names;
  const auto add = [&](std::string_view name) {
    if (!names.empty()) names += ' ';
    names += name;
  };
  TraceReader reader{text};
  while (const auto message = reader.next()) {
    Diagnostics found;
    const auto linted = lint_traced(*message, found);
    for (const auto& diagnostic : found.list()) {
      if (diagnostic.rule->severity != Severity::note) add(diagnostic.rule->name);
    }
    if (!linted) add("refused");
  }
  return names;
}

struct StartLineCase {
  std::string_view line;
  std::string_view told;
};

void PrintTo(const StartLineCase& row, std::ostream* out) { *out << row.line; }

class WrongStartLineTest : public testing::TestWithParam<StartLineCase> {};

const std::vector<StartLineCase> wrong_start_lines{
    {"REGISTER sip:b SIP/7.0", "SL-version"},
    {"REGISTER sip:b SIP/2.1", "SL-version"},
    {"REGISTER sip:b sip/2.0", "SL-version-case"},
    {"REGISTER sip:b SIP/", "SL-version"},
    {"FOO sip:b SIP/7.0", "SL-version SL-cseq-method"},
    {"REGISTER sip:b SIP2.0", "refused"},
    {"REGISTER sip:b HTTP/1.1", "refused"},
    {"REGISTER sip:b", "refused"},
    {"REGISTER sip:b; lr", "refused"},
    {"register sip:b", "refused"},
    {"REGISTER sip:b SIP/2.0 x", "refused"},
    {"register sip:b SIP/2.0", "SL-cseq-method"},
    {"REGISTER example.com SIP/2.0", "SL-not-a-uri"},
    {"REGISTER alice@example.com SIP/2.0", "SL-not-a-uri"},
    {"REGISTER sip:b; lr SIP/2.0", "SL-uri-character"},
    {"REGISTER sip:exa mple.com SIP/2.0", "SL-host-character"},
    {"REGISTER sip:alice smith@b SIP/2.0", "SL-uri-character"},
    {"SIP/2.0 4294967301 x", "SL-status-code refused"},
    {"SIP/2.0 40 x", "SL-status-code refused"},
    {"SIP/2.0 700 x", "SL-status-code refused"},
    {"SIP/2.0 -1 x", "SL-status-code refused"},
    {"SIP/2.0 200OK", "SL-status-code refused"},
    {"SIP/2.0 OK", "SL-status-code refused"},
    {"SIP/2.0  200 OK", "SL-start-line"},
    {"sip/2.0 200 OK", "SL-version-case"},
    {"SIP/3.0 200 OK", "SL-version"},
    {"HTTP/1.1 200 OK", "refused"},
};

bool is_response(std::string_view line) {
  return line.starts_with("SIP/") || line.starts_with("sip/") || line.starts_with("HTTP/");
}

std::string message_of(std::string_view line, std::string_view before, std::string_view behind) {
  std::string text{before};
  text.append(line).append(behind);
  return text + written(is_response(line) ? rows_of_response : rows_of_request, before, behind) +
         std::string{before} + std::string{behind};
}

TEST_P(WrongStartLineTest, IsJudgedWhateverStandsInFrontOfTheLines) {
  const auto& [line, rules] = GetParam();
  EXPECT_EQ(told(message_of(line, "", "\r\n")), rules);
  for (const std::string_view before : {"", "> ", "    ", "Nov 30 12:00:00 h p[1]: "}) {
    // Behind a right line, as tools write it.
    if (line.ends_with(" x") && line.starts_with("REGISTER") && !before.empty()) continue;
    EXPECT_EQ(told(message_of(line, before, "\n")), rules) << before;
    EXPECT_EQ(told("I get:\n" + message_of(line, before, "\n")), rules) << before;
  }
}

TEST_P(WrongStartLineTest, BeginsAMessageAmongOthers) {
  const auto& [line, rules] = GetParam();
  for (const std::string_view behind : {"\n", "\r\n"}) {
    const auto right = message_of("SIP/2.0 200 OK", "", behind);
    EXPECT_EQ(all_of(right + message_of(line, "", behind) + right).size(), 3U) << behind;
    const auto without_end = right.substr(0, right.size() - behind.size());
    EXPECT_EQ(all_of(without_end + message_of(line, "", behind)).size(), 2U) << behind;
  }
}

TEST_P(WrongStartLineTest, IsProseWhereNoHeaderFollows) {
  const std::string line{GetParam().line};
  if (line.ends_with("SIP/2.0 x")) return;  // begins as a right one does
  EXPECT_TRUE(all_of(line + "\n").empty());
  EXPECT_TRUE(all_of(line + "\nHello: world\nis no message\n").empty());
  EXPECT_TRUE(all_of(line + "\n\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\n")[0].is_fragment);
}

INSTANTIATE_TEST_SUITE_P(Rows, WrongStartLineTest, testing::ValuesIn(wrong_start_lines));

TEST(TraceForms, AVersionInFrontOfARequestIsNoLogs) {
  for (const std::string_view before : {"", "> ", "    ", "Nov 30 12:00:00 h p[1]: "}) {
    const auto text = message_of("SIP/2.0 REGISTER sip:b SIP/2.0", before, "\n");
    EXPECT_EQ(told(text), "SL-status-code refused") << before;
    EXPECT_EQ(told(message_of("Received: REGISTER sip:b SIP/2.0", before, "\n")), "") << before;
  }
}

TEST(TraceForms, NoProseInFrontOfHeadersIsAStartLine) {
  for (const std::string_view prose : {"SIP/2.0 is what the phone speaks",
                                       "SIP/2.0 headers:",
                                       "SIP headers",
                                       "sip",
                                       "The phone speaks SIP/2.0",
                                       "Register over SIP/2.0",
                                       "REGISTER",
                                       "INVITE:",
                                       "Register with pbx.example.com via SIP/2.0",
                                       "REGISTER failed",
                                       "REGISTER failed.",
                                       "REGISTER sip:b does not work with SIP/2.0",
                                       "register sip:b in SIP/2.0",
                                       "OPTIONS I tried with SIP/2.0",
                                       "Options: SIP/2.0",
                                       "MESSAGE sip:b gets lost",
                                       "INFO sip",
                                       "INFO sip: sent",
                                       "ACK to sip:b SIP/2.0 was lost",
                                       "Message to sip:b:",
                                       "SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK1",
                                       "SIP/2.0 3, with the rows",
                                       "HTTP/1.1 is not SIP",
                                       "OPTIONS http://b HTTP/1.1",
                                       "tel: 0123",
                                       "Refer to sips:b"}) {
    const auto messages = all_of(std::string{prose} + "\n" + written(rows_of_response));
    ASSERT_FALSE(messages.empty()) << prose;
    EXPECT_TRUE(messages[0].is_fragment) << prose;
  }
  const auto http = all_of("HTTP/1.1 401 Unauthorized\nVia: 1.1 proxy\n" + challenge + "\n\n");
  ASSERT_EQ(http.size(), 1U);
  EXPECT_TRUE(http[0].is_fragment);
}

// As sources of programs hold messages; the last one is of Rust.
TEST(TraceForms, LiteralsAreReadAsTheProgramReadsThem) {
  const std::string nonce = R"(WWW-Authenticate: Digest realm="a\b", nonce="397d281a" stale=true)";
  auto rows = rows_of_response;
  rows.insert(rows.begin(), "SIP/2.0 401 Unauthorized");
  rows.insert(rows.end() - 1, nonce);
  const auto escaped = [](std::string_view row, char quote) {
    std::string text;
    for (const char c : row) {
      if (c == quote || c == '\\') text += '\\';
      text += c;
    }
    return text + "\\r\\n";
  };
  const auto literals = [&](char quote, std::string_view operation, std::string_view end) {
    std::string text = "  const answer = ";
    for (const auto& row : rows) {
      text.append(1, quote).append(escaped(row, quote)).append(1, quote);
      text.append(operation).append("\n    ");
    }
    return text.append(1, quote).append("\\r\\n").append(1, quote).append(end);
  };
  std::string rust = "let answer = b\"";
  for (const auto& row : rows) rust.append(escaped(row, '"')).append("\\\n    ");
  rust += "\\r\\n\";\n";
  const auto expected = written(rows, "", "\r\n") + "\r\n";
  for (const auto& text :
       {literals('"', " +", ";\n"), literals('\'', "+", "\n"), literals('"', "", ",\nfoo\n"),
        literals('"', " \\", ";\n"), literals('"', " .", "\n\n\"other\""), rust}) {
    const auto messages = all_of(text);
    ASSERT_EQ(messages.size(), 1U) << text;
    EXPECT_EQ(messages[0].text, expected) << text;
    const auto place =
        messages[0].in_input({static_cast<std::uint32_t>(expected.find("397d281a")), 8});
    EXPECT_EQ(text.substr(place.offset, place.length), "397d281a");
  }
}

TEST(TraceForms, TwoLiteralsAreTwoMessages) {
  const std::string one = "  \"SIP/2.0 200 OK\\r\\n\"\n  \"Via: SIP/2.0/UDP h\\r\\n\\r\\n\",\n";
  EXPECT_EQ(all_of(one + one).size(), 2U);
  const auto cut = all_of("\"SIP/2.0 200 OK\\r\\n\" +\n\"Via: SIP/2.0/UDP h");
  ASSERT_EQ(cut.size(), 1U);
  EXPECT_EQ(cut[0].text, "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP h\r\n\r\n");
}

// Rows of a manual, with the addresses behind the start line.
TEST(TraceForms, TheNameOfAColumnIsNoHeader) {
  auto rows = rows_of_response;
  const auto headers = written(rows, "Header:        ");
  const auto messages = all_of(
      "sip-req:  OPTIONS sip:b SIP/2.0    [10.0.0.1:5060-\n"
      ">10.0.0.2:5060]\n" +
      headers +
      "-----------\n"
      "sip-res:  SIP/2.0 200 OK\n" +
      headers);
  ASSERT_EQ(messages.size(), 2U);
  EXPECT_EQ(messages[0].text, "OPTIONS sip:b SIP/2.0\r\n" + written(rows, "", "\r\n") + "\r\n");
  EXPECT_EQ(messages[1].text, "SIP/2.0 200 OK\r\n" + written(rows, "", "\r\n") + "\r\n");
}

TEST(TraceForms, WhatADaemonWritesBehindAMessageIsNoRow) {
  for (const std::string_view tail : {"#015\\n\"", "#015#012#015\\n\"", "\""}) {
    const auto messages = all_of("Jun 2 00:39:36 h p[1]: command \"SIP/2.0 200 OK#015#012" +
                                 written(rows_of_response, "", "#015#012") + std::string{tail});
    ASSERT_EQ(messages.size(), 1U);
    EXPECT_EQ(messages[0].text,
              "SIP/2.0 200 OK\r\n" + written(rows_of_response, "", "\r\n") + "\r\n");
  }
}

// ngrep without -W byline, in one line or broken at the width of a window.
TEST(TraceForms, DotsAreLineEndsInFrontOfHeaders) {
  auto rows = rows_of_response;
  rows[3] = "Call-ID: a..b.";
  const auto expected = "SIP/2.0 200 OK\r\n" + written(rows, "", "\r\n") + "\r\n";
  const auto line = "SIP/2.0 200 OK.." + written(rows, "", "..") + "..";
  const std::string_view heading = "U 10.0.0.1:5060 -> 10.0.0.2:5060\n  ";
  auto broken = line;
  for (std::size_t at = 60; at < broken.size(); at += 63) broken.insert(at, "\n  ");
  for (const auto& text : {line, broken}) {
    const auto traced = std::string{heading} + text + "\n\n";
    const auto twice = traced + "#\n" + traced;
    const auto messages = all_of(twice);
    ASSERT_EQ(messages.size(), 2U) << text;
    EXPECT_EQ(messages[0].text, expected);
    EXPECT_EQ(messages[1].text, expected);
    EXPECT_EQ(messages[1].source.host, "10.0.0.1");
  }
}

// What a rule shows as wrong is wrong in whatever trace it stands.
TEST(TraceForms, WrongExamplesOfRulesAboutMessagesAreWrongInATrace) {
  for (const auto& rule : rules) {
    if (rule.example_of != ExampleOf::message) continue;
    SCOPED_TRACE(rule.name);
    TraceReader reader{rule.wrong};
    const auto message = reader.next();
    ASSERT_TRUE(message);
    EXPECT_FALSE(message->is_fragment);
  }
}

struct EndCase {
  std::string_view proves;
  std::string text;
  std::size_t messages = 1;
  std::string_view told = "";
  std::string_view body = "";
};

void PrintTo(const EndCase& row, std::ostream* out) { *out << row.text; }

class EndOfRowsTest : public testing::TestWithParam<EndCase> {};

std::string rows_with(std::vector<std::string> more, std::string_view before = "") {
  auto rows = rows_of_response;
  rows.insert(rows.begin(), "SIP/2.0 200 OK");
  rows.insert(rows.end(), more.begin(), more.end());
  return written(rows, before);
}

std::string response_with_row(std::size_t at, std::string row, std::string_view behind = "\n") {
  auto rows = rows_of_response;
  rows.insert(rows.begin(), "SIP/2.0 200 OK");
  rows.insert(rows.begin() + static_cast<std::ptrdiff_t>(at), std::move(row));
  return "I get:\n" + written(rows, "", behind);
}

const std::vector<EndCase> ends{
    {"BodyBehindItsLength",
     "I get:\nSIP/2.0 200 OK\n" +
         written(std::vector<std::string>(rows_of_response.begin(), rows_of_response.end() - 1)) +
         "Content-Type: application/sdp\nContent-Length: 39\nv=0\no=- 1 1 IN IP4 h\n"
         "a=ptime:20\n",
     1, "", "v=0\r\no=- 1 1 IN IP4 h\r\na=ptime:20\r\n"},
    {"Question", rows_with({"What does that mean?"})},
    {"LogLine", rows_with({"574617038mS SIP Reg/Opt Tx: phone"}) + rows_with({}), 2},
    {"LogLineWithPrefix", rows_with({"channel [0x1]: done"}, "L: ")},
    {"LogLineOfAnotherTag", rows_with({"I/Phone: channel [0x1]: done"})},
    {"RecordOfLync", "Start-Line: " + rows_with({"Message-Body: -", "$$end_record"})},
    {"WrongRowInTheMiddle", response_with_row(3, "Supported path"), 1, "SL-no-colon"},
    {"TwoWrongRowsInTheMiddle", response_with_row(3, "a b\nc d"), 1, "SL-no-colon SL-no-colon"},
    {"WrongNameInTheMiddle", response_with_row(3, "X(1): a"), 1, "SL-header-name"},
    {"WrongNameFirst", response_with_row(1, "?X: a"), 1, "SL-header-name"},
    {"LengthWithoutColonAtTheEnd",
     "I get:\nSIP/2.0 200 OK\n" +
         written(std::vector<std::string>(rows_of_response.begin(), rows_of_response.end() - 1)) +
         "Content-Length 0\n\n",
     1, "SL-no-colon"},
    {"WrongRowAtTheEndOfAVerbatimMessage",
     "SIP/2.0 200 OK\r\n" + written(rows_of_response, "", "\r\n") + "Supported path\r\n\r\n", 1,
     "SL-no-colon"},
    {"BlankInFrontOfSomeLines",
     " I/Ph: SIP/2.0 200 OK\n I/Ph: " + rows_of_response[0] + "\nI/Ph: " + rows_of_response[1] +
         "\nI/Ph: " + rows_of_response[2] + "\n I/Ph: " + rows_of_response[3] +
         "\n I/Ph: " + rows_of_response[4] + "\nI/Ph: " + rows_of_response[5] + "\n"},
    {"PrefixOnSomeRows",
     "<15> HT: DEBUG  SIP/2.0 200 OK\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\n"
     "<15> HT: DEBUG  Route: <sip:r;lr>\nFrom: <sip:a@b>;tag=1\n"
     "<15> HT: DEBUG  To: <sip:a@b>;tag=2\nCall-ID: 1\nCSeq: 1 REGISTER\nContent-Length: 0\n"
     "<15> HT: DEBUG  Account 1 is registered\n"},
    {"PrefixOnTheFirstRowToo",
     "<15> HT: DEBUG  SIP/2.0 200 OK\n<15> HT: DEBUG  Via: SIP/2.0/UDP h;branch=z9hG4bK1\n"
     "From: <sip:a@b>;tag=1\nTo: <sip:a@b>;tag=2\n<15> HT: DEBUG  Call-ID: 1\n"
     "CSeq: 1 REGISTER\nContent-Length: 0\n"},
    {"CutWithinAnAddress",
     "log:\nSIP/2.0 200 OK\nVia: SIP/2.0/UDP 192.1\n68.1.37:45092;branch=z9hG4bK1\n" +
         written(std::vector<std::string>(rows_of_response.begin() + 1, rows_of_response.end()))},
    {"CutBehindADotOfAnAddress",
     "log:\nSIP/2.0 200 OK\nVia: SIP/2.0/UDP 192.168.\n1.37:45092;branch=z9hG4bK1\n" +
         written(std::vector<std::string>(rows_of_response.begin() + 1, rows_of_response.end()))},
    {"TextBehindARow", challenge + "\n\nHello, what is wrong here?\n"},
    {"TextBehindTwoRows", challenge + "\nContent-Length: 0\n\n--end msg--\n"},
    {"TextRightBehindARow", challenge + "\nWhat is wrong here?\n"},
    {"RowInASentence", "I get " + challenge + " from it.\n"},
    {"RowAtTheEndOfASentence", "I get " + challenge + ".\n"},
    {"RowInBackticks", "`" + challenge + "` is what I get.\n"},
    {"RowInBackticksInASentence", "I get `" + challenge + "` from it.\n"},
    {"RowsInBackticks", "I get\n`" + challenge + "\nContent-Length: 0` from it.\n"},
    {"TextBehindAValueInALog", "Nov 30 12:00:00 h p[1]: " + challenge + " is wrong\n", 1,
     "SL-text-after-value"},
};

TEST_P(EndOfRowsTest, NothingElseIsTakenForARow) {
  const auto messages = all_of(GetParam().text);
  EXPECT_EQ(messages.size(), GetParam().messages);
  EXPECT_EQ(told(GetParam().text), GetParam().told);
  if (!GetParam().body.empty()) {
    EXPECT_TRUE(messages.at(0).text.ends_with("\r\n\r\n" + std::string{GetParam().body}));
  }
}

INSTANTIATE_TEST_SUITE_P(Rows, EndOfRowsTest, testing::ValuesIn(ends),
                         [](const auto& row) { return std::string{row.param.proves}; });

}  // namespace
}  // namespace sipauth
