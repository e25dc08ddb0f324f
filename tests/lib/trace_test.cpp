// Pasted traces, as the tools write them: every one gives the same two messages.
#include "sipauth/trace.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "lib/trace_rows.hpp"
#include "sipauth/lint.hpp"
#include "sipauth/text.hpp"

namespace sipauth {
namespace {

// The first row without the prefix.
std::string first_bare(const std::vector<std::string>& rows, std::string_view before) {
  return written(rows, before).substr(before.size());
}

std::string in_json(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '"' || c == '\\') escaped += '\\';
    if (c == '\r') {
      escaped += "\\r";
    } else if (c == '\n') {
      escaped += "\\n";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

std::string hexadecimal(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string dump;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (at % 16 == 0) {
      if (at > 0) dump += "  ab cd ef\n";
      for (const int shift : {12, 8, 4, 0}) dump += digits[at >> shift & 15U];
      dump += ' ';
    }
    dump.append(" ").append(1, digits[byte >> 4U]).append(1, digits[byte & 15U]);
  }
  return dump + "\n\n";
}

std::string tree(const std::vector<std::string>& rows, std::string_view name) {
  std::string text = "Session Initiation Protocol (x)\n    ";
  text.append(name).append(": ").append(rows[0]).append("\n        Method: REGISTER\n");
  text += "    Message Header\n";
  for (std::size_t i = 1; i + 1 < rows.size(); ++i) {
    if (rows[i].starts_with(' ')) continue;  // unfolded there
    text.append("        ").append(rows[i]);
    if (rows[i].ends_with(';')) text.append(trim(rows[i + 1]));
    text += "\n            Part: of it\n";
    if (rows[i].starts_with("Call-ID")) text += "        [Generated Call-ID: 1@10.0.0.1]\n";
  }
  return text + "\n";
}

struct TraceCase {
  std::string_view proves = {};
  std::string text = {};
  std::string_view source = "";
  std::string_view destination = "";
  TraceDirection direction = TraceDirection::unknown;
  std::string_view time = "";
  std::string_view transport = "";
};

void PrintTo(const TraceCase& row, std::ostream* out) { *out << row.text; }

constexpr auto received = TraceDirection::received;

const std::vector<TraceCase> traces{
    {"SeveralMessagesWithCrLf", request + response},
    {"SeveralMessagesWithLf", written(request_rows) + written(response_rows)},
    {"NgrepByline",
     "#\nU 2026/11/30 12:00:00.123456 10.0.0.1:5060 -> 10.0.0.2:5060 #1\n" +
         written(request_rows, "", ".\n") +
         "\n#\nU 2026/11/30 12:00:00.2 10.0.0.2:5060 -> 10.0.0.1:5060 #2\n" +
         written(response_rows, "", ".\n") + "\n",
     "10.0.0.1:5060", "10.0.0.2:5060", TraceDirection::unknown, "2026/11/30 12:00:00.123456",
     "UDP"},
    {"Sngrep",
     "proto:UDP 2026/11/30 12:00:00.123456 10.0.0.1:5060 -> 10.0.0.2:5060\n" +
         written(request_rows, "", "\r\n") +
         "\nproto:UDP 2026/11/30 12:00:00.2 10.0.0.2:5060 -> 10.0.0.1:5060\n" +
         written(response_rows, "", "\r\n") + "\n",
     "10.0.0.1:5060", "10.0.0.2:5060", TraceDirection::unknown, "2026/11/30 12:00:00.123456",
     "UDP"},
    {"Homer",
     "proto:TCP 2026-11-30T12:00:00.123Z  [2001:db8::1]:5060 ---> [2001:db8::2]:5060\n\n" +
         written(request_rows) +
         "\nproto:TCP 2026-11-30T12:00:00.2Z  [2001:db8::2]:5060 ---> [2001:db8::1]:5060\n\n" +
         written(response_rows),
     "2001:db8::1:5060", "2001:db8::2:5060", TraceDirection::unknown, "2026-11-30T12:00:00.123Z",
     "TCP"},
    {"LogsOfContainers", written(request_rows, "asterisk_1  | ") + "asterisk_1  | \n" +
                             written(response_rows, "asterisk_1  | ")},
    {"LineBreaksOfHtml",
     written(request_rows, "", "<br>\n") + written(response_rows, "", "<br />\n")},
    {"AsteriskChanSip",
     "<--- SIP read from UDP:10.0.0.1:5060 --->\n" + written(request_rows) +
         "<------------->\n--- (9 headers 0 lines) ---\nSending to 10.0.0.1:5060 (no NAT)\n\n"
         "<--- Transmitting (no NAT) to 10.0.0.1:5060 --->\n" +
         written(response_rows) + "\n\n<------------>\n",
     "10.0.0.1:5060", "", received, "", "UDP"},
    {"AsteriskPjsip",
     "[Nov 30 12:00:00] VERBOSE[1234] res_pjsip_logger.c: <--- Received SIP request (563 bytes) "
     "from UDP:10.0.0.1:5060 --->\n" +
         written(request_rows) +
         "\n[Nov 30 12:00:00] VERBOSE[1234] res_pjsip_logger.c: <--- Transmitting SIP response "
         "(500 bytes) to UDP:10.0.0.1:5060 --->\n" +
         written(response_rows) + "\n",
     "10.0.0.1:5060", "", received, "Nov 30 12:00:00", "UDP"},
    {"FreeSwitch",
     "recv 563 bytes from udp/[10.0.0.1]:5060 at 12:00:00.123456:\n"
     "   ------------------------------------------------------------------------\n" +
         written(request_rows, "   ") +
         "   ------------------------------------------------------------------------\n"
         "send 500 bytes to udp/[10.0.0.1]:5060 at 12:00:00.133456:\n"
         "   ------------------------------------------------------------------------\n" +
         written(response_rows, "   ") +
         "   ------------------------------------------------------------------------\n",
     "10.0.0.1:5060", "", received, "12:00:00.123456", "UDP"},
    {"TcpdumpAscii",
     "12:00:00.123456 IP 10.0.0.1.5060 > 10.0.0.2.5060: SIP: REGISTER sip:example.com SIP/2.0\n"
     "E..x..@.@..q.........d.ZREGISTER sip:example.com SIP/2.0\n" +
         written(request_rows).substr(request_rows[0].size() + 1) +
         "\n12:00:00.2 IP 10.0.0.2.5060 > 10.0.0.1.5060: SIP: SIP/2.0 401 Unauthorized\n"
         "E..x..@.@..q.........d.z" +
         written(response_rows) + "\n",
     "10.0.0.1:5060", "10.0.0.2:5060", TraceDirection::unknown, "12:00:00.123456"},
    {"TcpdumpVerbose",
     "12:00:00.123456 IP (tos 0x0, ttl 64, id 1, offset 0, flags [DF], proto UDP (17), length 9)\n"
     "    10.0.0.1.5060 > 10.0.0.2.5060: SIP, length: 335\n" +
         written(request_rows, "\t") +
         "12:00:00.2 IP (tos 0x0, ttl 64)\n    10.0.0.2.5060 > 10.0.0.1.5060: SIP, length: 3\n" +
         written(response_rows, "\t"),
     "10.0.0.1:5060", "10.0.0.2:5060", TraceDirection::unknown, "12:00:00.123456", "UDP"},
    {"WiresharkTree",
     "Frame 1: 733 bytes on wire\n    Arrival Time: Nov 30, 2026 12:00:00.123456000 UTC\n"
     "Ethernet II, Src: a (20:53:45:4e:44:00), Dst: b (20:52:45:43:56:00)\n"
     "Internet Protocol Version 4, Src: 10.0.0.1, Dst: 10.0.0.2\n"
     "User Datagram Protocol, Src Port: 5060, Dst Port: 5061\n" +
         tree(request_rows, "Request-Line") + tree(response_rows, "Status-Line"),
     "10.0.0.1:5060", "10.0.0.2:5061", TraceDirection::unknown,
     "Nov 30, 2026 12:00:00.123456000 UTC"},
    {"WiresharkHexDump", hexadecimal("\x45 @\x11" + request) + hexadecimal(response)},
    {"SyslogOneLine",
     "Nov 30 12:00:00 pbx kamailio[12]: INFO: " + written(request_rows, "", "#015#012") +
         "\nNov 30 12:00:01 pbx kamailio[7]: INFO: " + written(response_rows, "", "#015#012") +
         "\n",
     "", "", TraceDirection::unknown, "Nov 30 12:00:00"},
    {"SyslogLineByLine",
     written(request_rows, "<134>Nov  9 12:00:00 phone sua [102]: SIP  <6+info> [000] ") +
         written(response_rows, "<134>Nov 10 12:00:13 phone sua [7]: SIP  <6+info> [000] ") +
         "<134>Nov 10 12:00:13 phone sua [7]: APP: done\n",
     "", "", TraceDirection::unknown, "Nov  9 12:00:00"},
    {"JournalIndented",
     "Nov 30 12:00:00 pbx kamailio[12]: " + first_bare(request_rows, std::string(34, ' ')) +
         "Nov 30 12:00:00 pbx kamailio[12]: " + first_bare(response_rows, std::string(34, ' ')),
     "", "", TraceDirection::unknown, "Nov 30 12:00:00"},
    {"JsonString",
     R"({"ts":"2026-11-30T12:00:00.5Z","payload":")" + in_json(request) + "\"}\n" +
         R"({"ts":"2026-11-30T12:00:00.7Z","payload":")" + in_json(response) + "\"}\n",
     "", "", TraceDirection::unknown, "2026-11-30T12:00:00.5Z"},
    {"Mail", "From: Bob <bob@example.com>\nTo: list\n\n> It says:\n>\n" +
                 written(request_rows, "> ") + "> and\n>\n" + written(response_rows, "> ") +
                 ">\nWhat?\n"},
    {"MailInMail", written(request_rows, "> > ") + ">>\n" + written(response_rows, ">>")},
    {"QuoteMarksWithoutBlankOnEmptyRows",
     ">REGISTER sip:example.com SIP/2.0\n" +
         written(request_rows, "> ").substr(request_rows[0].size() + 3) + ">\n" +
         written(response_rows, ">  ")},
    {"MarkdownFence", "It says\n```\n" + written(request_rows) + "```\nand\n```sip\n" +
                          written(response_rows) + "```\n"},
    {"FenceInsteadOfTheEmptyLine",
     "```\n" + written(request_rows).substr(0, written(request_rows).size() - 1) + "```\n" +
         written(response_rows)},
    {"Indented", written(request_rows, "        ") + "\n" + written(response_rows, "\t\t")},
    {"SelectedFromTheMiddleOfTheFirstLine",
     first_bare(request_rows, "    ") + "\n" + written(response_rows, "    ")},
    {"EveryLineDoubled",
     written(request_rows, "", "\n\n") + "\n" + written(response_rows, "", "\n\n")},
    {"EscapedLineEnds",
     written(request_rows, "    ", "\\r\\n\n") + written(response_rows, "    ", "\\r\\n\n")},
    {"CaretM", written(request_rows, "", "^M\n") + written(response_rows, "", "^M\n")},
    {"CiscoIos",
     "*Nov 30 12:00:00.123: //-1/xxxxxxxxxxxx/SIP/Msg/ccsipDisplayMsg:\nReceived:\n" +
         written(request_rows) +
         "*Nov 30 12:00:00.133: //-1/xxxxxxxxxxxx/SIP/Msg/ccsipDisplayMsg:\nSent:\n" +
         written(response_rows),
     "", "", received, "Nov 30 12:00:00.123"},
    {"Pjsua",
     "12:00:00.123   pjsua_core.c  .RX 563 bytes Request msg REGISTER/cseq=1 (rdata0x55) from UDP "
     "10.0.0.1:5060:\n" +
         written(request_rows) +
         "\n--end msg--\n12:00:00.133   pjsua_core.c  .TX 500 bytes Response msg 401 (tdta0x5) to "
         "UDP 10.0.0.1:5060:\n" +
         written(response_rows) + "\n--end msg--\n",
     "10.0.0.1:5060", "", received, "12:00:00.123", "UDP"},
    {"Snom",
     "Received from udp:10.0.0.1:5060 at 30/11/2026 12:00:00:123 (563 bytes):\n\n" +
         written(request_rows) +
         "Sent to udp:10.0.0.1:5060 at 30/11/2026 12:00:00:133 (500 bytes):\n\n" +
         written(response_rows),
     "10.0.0.1:5060", "", received, "30/11/2026 12:00:00:123", "UDP"},
    {"Sipp",
     "----------------------------------------------- 2026-11-30 12:00:00.123456\n"
     "UDP message received [563] bytes :\n\n" +
         written(request_rows) +
         "----------------------------------------------- 2026-11-30 12:00:00.133456\n"
         "UDP message sent (500 bytes):\n\n" +
         written(response_rows),
     "", "", received, "2026-11-30 12:00:00.123456", "UDP"},
    {"Sipdump",
     "====================\ntag: rcv\npid: 12\ntime: 1796040000.123456\nproto: udp ipv4\n"
     "srcip: 10.0.0.1\nsrcport: 5060\ndstip: 10.0.0.2\ndstport: 5061\n~~~~~~~~~~~~~~~~~~~~\n" +
         written(request_rows) +
         "||||||||||||||||||||\n====================\ntag: snd\n~~~~~~~~~~\n" +
         written(response_rows) + "||||||||||||||||||||\n",
     "10.0.0.1:5060", "10.0.0.2:5061", TraceDirection::unknown, "1796040000.123456", "UDP"},
    {"SngrepWindow",
     "   10.0.0.1:5060    10.0.0.2:5060  │REGISTER sip:example.com SIP/2.0\n" +
         written(request_rows, "  12:00:00   ───────────>        │  │")
             .substr(request_rows[0].size() + 1 +
                     std::string_view{"  12:00:00   ───────────>        │  │"}.size()) +
         "\n\n" + written(response_rows)},
    {"Colours",
     "\x1b[36;1m#\nUDP 10.0.0.1:5060 -> 10.0.0.2:5060\n" + written(request_rows) +
         "\x1b[;m\n\x1b[36;1m" + written(response_rows, "", "\x1b[;m\n"),
     "10.0.0.1:5060", "10.0.0.2:5060", TraceDirection::unknown, "", "UDP"},
};

class TraceTest : public testing::TestWithParam<TraceCase> {};

// Trees show folded rows in one.
std::string unfolded(std::string text) {
  for (auto fold = text.find("\r\n  "); fold != std::string::npos; fold = text.find("\r\n  ")) {
    text.erase(fold, 4);
  }
  return text;
}

std::string shown(const TraceAddress& address) {
  std::string text{address.host};
  if (address.port > 0) text += ':' + std::to_string(address.port);
  return text;
}

TEST_P(TraceTest, GivesTheSameMessages) {
  const auto messages = all_of(GetParam().text);
  ASSERT_EQ(messages.size(), 2U);
  EXPECT_EQ(unfolded(messages[0].text), unfolded(request));
  EXPECT_EQ(messages[1].text, response);
  for (const auto& message : messages) {
    EXPECT_FALSE(message.is_fragment);
    EXPECT_FALSE(message.is_abridged);
    EXPECT_FALSE(message.is_verbatim);
  }
}

TEST_P(TraceTest, TellsWhatTheHeadingSays) {
  const auto messages = all_of(GetParam().text);
  ASSERT_EQ(messages.size(), 2U);
  EXPECT_EQ(shown(messages[0].source), GetParam().source);
  EXPECT_EQ(shown(messages[0].destination), GetParam().destination);
  EXPECT_EQ(messages[0].direction, GetParam().direction);
  EXPECT_EQ(messages[0].time, GetParam().time);
  EXPECT_EQ(messages[0].transport, GetParam().transport);
  if (messages[0].direction == received) {
    EXPECT_EQ(messages[1].direction, TraceDirection::sent);
  }
}

TEST_P(TraceTest, KnowsWhereEveryByteStood) {
  const std::string_view input = GetParam().text;
  const bool is_dump = GetParam().proves == "WiresharkHexDump";
  for (const auto& message : all_of(input)) {
    EXPECT_EQ(message.in_input({0, 1}).offset, message.where.offset);
    for (std::uint32_t at = 0; at < message.text.size(); ++at) {
      const auto [offset, length] = message.in_input({at, 1});
      ASSERT_LE(offset + length, input.size());
      if (length == 1) {
        ASSERT_EQ(input[offset], message.text[at]);
      }
      if (length == 2 && !is_dump) {
        ASSERT_EQ(input[offset + 1], message.text[at]);
      }
    }
  }
}

TEST_P(TraceTest, AMissingCommaIsFoundWhereItIsMissing) {
  const std::string_view input = GetParam().text;
  const auto messages = all_of(input);
  ASSERT_EQ(messages.size(), 2U);
  Diagnostics diagnostics;
  ASSERT_TRUE(lint_text(messages[1].text, diagnostics));
  ASSERT_FALSE(diagnostics.list().empty());
  const auto& [rule, where] = diagnostics.list().front();
  EXPECT_EQ(rule, RuleId{"SL-missing-comma"});
  const auto place = messages[1].in_input(where);
  EXPECT_EQ(place.length, 0U);
  const std::string_view behind =
      GetParam().proves == "WiresharkHexDump" ? "20 73 74 61" : " stale=true";
  EXPECT_EQ(input.substr(place.offset, behind.size()).substr(0, 3), behind.substr(0, 3));
}

INSTANTIATE_TEST_SUITE_P(Rows, TraceTest, testing::ValuesIn(traces),
                         [](const auto& row) { return std::string{row.param.proves}; });

}  // namespace
}  // namespace sipauth
