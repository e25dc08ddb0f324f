// sipauth digest FILE, from outside: a request and its 401 in the forms in which tools show them.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "e2e/digest_tool.hpp"

namespace sipauth::e2e {
namespace {

using Rows = std::vector<std::string>;

const Rows challenged{"SIP/2.0 401 Unauthorized",
                      "Via: SIP/2.0/UDP 192.0.2.7:5060;branch=z9hG4bKa1",
                      "From: <sip:alice@example.com>;tag=1",
                      "To: <sip:alice@example.com>;tag=2",
                      "Call-ID: 1@192.0.2.7",
                      "CSeq: 1 REGISTER",
                      "WWW-Authenticate: Digest realm=\"example.com\", nonce=\"" + nonce +
                          "\", qop=\"auth\", algorithm=MD5",
                      "Content-Length: 0",
                      ""};

Rows authorized() {
  return {"REGISTER sip:example.com SIP/2.0",
          "Via: SIP/2.0/UDP 192.0.2.7:5060;branch=z9hG4bKa2",
          "Max-Forwards: 70",
          "From: <sip:alice@example.com>;tag=1",
          "To: <sip:alice@example.com>",
          "Call-ID: 1@192.0.2.7",
          "CSeq: 2 REGISTER",
          "Authorization: " + credentials(right),
          "Content-Length: 0",
          ""};
}

std::string written(const Rows& rows, const std::string& before, const std::string& behind) {
  std::string text;
  for (const auto& row : rows) text.append(before).append(row).append(behind);
  return text;
}

std::string in_hex(const std::string& text) {
  std::string dump;
  for (std::size_t at = 0; at < text.size(); at += 16) {
    dump += fmt::format("{:04x} ", at);
    for (const char c : text.substr(at, 16)) {
      dump += fmt::format(" {:02x}", static_cast<unsigned char>(c));
    }
    dump += '\n';
  }
  return dump + "\n";
}

std::string tree(const Rows& rows, const std::string& name) {
  auto text = "Session Initiation Protocol (x)\n    " + name + ": " + rows[0] +
              "\n        [Resent Packet: False]\n    Message Header\n";
  for (std::size_t i = 1; i + 1 < rows.size(); ++i) text += "        " + rows[i] + "\n";
  return text + "\n";
}

struct TraceForm {
  std::string_view proves = {};
  std::function<std::string(const Rows& response, const Rows& request)> show;
};

void PrintTo(const TraceForm& form, std::ostream* out) { *out << form.proves; }

const std::vector<TraceForm> forms{
    {"Sngrep",
     [](const Rows& response, const Rows& request) {
       return "2026/11/30 12:00:00.000001 198.51.100.5:5060 -> 192.0.2.7:5060\n" +
              written(response, "", "\n") +
              "2026/11/30 12:00:00.010001 192.0.2.7:5060 -> 198.51.100.5:5060\n" +
              written(request, "", "\n");
     }},
    {"AsteriskLog",
     [](const Rows& response, const Rows& request) {
       return "<--- Transmitting SIP response (480 bytes) to UDP:192.0.2.7:5060 --->\n" +
              written(response, "", "\n") +
              "\n<--- Received SIP request (530 bytes) from UDP:192.0.2.7:5060 --->\n" +
              written(request, "", "\n");
     }},
    {"KamailioInSyslog",
     [](const Rows& response, const Rows& request) {
       const std::string mark = "Nov 30 12:00:00 sip kamailio[812]: INFO: <script>: ";
       return written(response, mark, "\n") + written(request, mark, "\n");
     }},
    {"FreeSwitch",
     [](const Rows& response, const Rows& request) {
       return "send 480 bytes to udp/[192.0.2.7]:5060 at 12:00:00.000001:\n   ---------------\n" +
              written(response, "   ", "\n") +
              "   ---------------\nrecv 530 bytes from udp/[192.0.2.7]:5060 at 12:00:00.010001:\n" +
              "   ---------------\n" + written(request, "   ", "\n") + "   ---------------\n";
     }},
    {"WiresharkTree",
     [](const Rows& response, const Rows& request) {
       return tree(response, "Status-Line") + tree(request, "Request-Line");
     }},
    {"WiresharkHexDump",
     [](const Rows& response, const Rows& request) {
       return in_hex(written(response, "", "\r\n")) + in_hex(written(request, "", "\r\n"));
     }},
    {"TcpdumpInAscii",
     [](const Rows& response, const Rows& request) {
       return "12:00:00.000001 IP 198.51.100.5.5060 > 192.0.2.7.5060: SIP: SIP/2.0 401\n"
              "E..P..@.@...!3..........,.." +
              written(response, "", "\n") +
              "12:00:00.010001 IP 192.0.2.7.5060 > 198.51.100.5.5060: SIP: REGISTER\n"
              "E..<..@.@...!3..........,.." +
              written(request, "", "\n");
     }},
    {"NgrepByline",
     [](const Rows& response, const Rows& request) {
       return "U 198.51.100.5:5060 -> 192.0.2.7:5060\n" + written(response, "", ".\n") +
              "\n#\nU 192.0.2.7:5060 -> 198.51.100.5:5060\n" + written(request, "", ".\n");
     }},
    {"QuotedInAMail",
     [](const Rows& response, const Rows& request) {
       return "It says:\n" + written(response, "> ", "\n") + "> ---\n" +
              written(request, "> ", "\n");
     }},
    {"Indented",
     [](const Rows& response, const Rows& request) {
       return written(response, "        ", "\n") + written(request, "        ", "\n");
     }},
    {"CrLf",
     [](const Rows& response, const Rows& request) {
       return written(response, "", "\r\n") + written(request, "", "\r\n");
     }},
};

class DigestTraceTest : public DigestTest, public testing::WithParamInterface<TraceForm> {};

TEST_P(DigestTraceTest, CredentialsAreVerified) {
  const auto result = digest_json({"-"}, GetParam().show(challenged, authorized()));
  EXPECT_EQ(outcome_.exit, match) << outcome_.out << outcome_.err;
  EXPECT_EQ(result["match"], true);
}

TEST_P(DigestTraceTest, AMistakeIsExplainedByTheChallengeBeside) {
  auto wrong = authorized();
  // The digest is right for a nonce that only the challenge has.
  const auto at = wrong[7].find(nonce);
  wrong[7].replace(at, nonce.size(), std::string(nonce.size(), '0'));
  const auto result = digest_json({"-"}, GetParam().show(challenged, wrong));
  EXPECT_EQ(outcome_.exit, mismatch) << outcome_.out << outcome_.err;
  EXPECT_TRUE(result["explanations"].dump().contains("other-nonce")) << outcome_.out;
}

TEST_P(DigestTraceTest, AChallengeIsAnswered) {
  auto first = authorized();
  std::erase_if(first, [](const std::string& row) { return row.starts_with("Authorization"); });
  const auto result = digest_json({"-"}, GetParam().show(challenged, first));
  EXPECT_EQ(outcome_.exit, match) << outcome_.out << outcome_.err;
  EXPECT_EQ(result["a1"], "alice:example.com:***");
  EXPECT_EQ(result["a2"], "REGISTER:sip:example.com");
}

INSTANTIATE_TEST_SUITE_P(Forms, DigestTraceTest, testing::ValuesIn(forms),
                         [](const auto& form) { return std::string{form.param.proves}; });

TEST_F(DigestTest, AHeaderQuotedInAMailIsVerified) {
  EXPECT_EQ(digest_json({"-"}, "> Authorization: " + credentials(right) + "\n")["match"], true);
}

}  // namespace
}  // namespace sipauth::e2e
