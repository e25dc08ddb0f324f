// sipauth lint on texts as people paste them, from outside.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "e2e/tool.hpp"

namespace sipauth::e2e {
namespace {

const std::string challenge =
    R"(WWW-Authenticate: Digest realm="example.com", nonce="0f1e2d3c4b5a69788796a5b4c3d2e1f0", )"
    R"(qop="auth", algorithm=SHA-256)";

TEST(LintPasted, AStartLineThatIsWrongIsNamed) {
  const std::string rows =
      "Via: SIP/2.0/UDP h;branch=z9hG4bK1\r\nMax-Forwards: 70\r\nFrom: <sip:a@b>;tag=1\r\n"
      "To: <sip:a@b>\r\nCall-ID: 1\r\nCSeq: 1 REGISTER\r\nContent-Length: 0\r\n\r\n";
  const auto version = run({"lint", "-"}, "REGISTER sip:b SIP/7.0\r\n" + rows);
  EXPECT_EQ(version.exit, 1);
  EXPECT_TRUE(version.out.contains("-:1:16: error: This is not SIP/2.0")) << version.out;
  const auto none = run({"lint", "-"}, "REGISTER sip:b\r\n" + rows);
  EXPECT_EQ(none.exit, 1);
  EXPECT_TRUE(none.out.contains("-:1:10: error: The first line is neither")) << none.out;
}

TEST(LintPasted, TextBehindAHeaderIsNoHeader) {
  for (const std::string_view behind :
       {"\n\nHello, what is wrong here?\n", "\nContent-Length: 0\n\n--end msg--\n",
        "\nWhat is wrong here?\n"}) {
    const auto outcome = run({"lint", "-"}, challenge + std::string{behind});
    EXPECT_EQ(outcome.exit, 0) << outcome.out;
    EXPECT_TRUE(outcome.out.contains("Nothing is wrong.")) << outcome.out;
  }
  // What stands between headers is one that is written wrongly.
  EXPECT_EQ(run({"lint", "-"}, challenge + "\nSupported path\nContent-Length: 0\n").exit, 1);
  EXPECT_EQ(run({"lint", "--fix", "-"}, challenge + "\n\nHello?\n").out, challenge + "\n");
}

TEST(LintPasted, HeadersOfSeveralParagraphsAreJudgedTogether) {
  const std::string answer =
      R"(Authorization: Digest username="a", realm="example.com", qop=auth-int, nc=00000001, )"
      R"(nonce="0f1e2d3c4b5a69788796a5b4c3d2e1f0", cnonce="0a4f113b", uri="sip:example.com", )"
      R"(response="6629fae49393a05397450978507c4ef16629fae49393a05397450978507c4ef1", )"
      R"(algorithm=SHA-256)";
  for (const std::string_view between : {"\n\n", "\n\nand I answer\n\n"}) {
    const auto outcome = run({"lint", "-"}, challenge + std::string{between} + answer + "\n");
    EXPECT_EQ(outcome.exit, 1) << outcome.out;
    EXPECT_TRUE(outcome.out.contains("SL-qop-not-offered")) << outcome.out;
  }
}

TEST(LintPasted, BackticksAreNoPartOfAHeader) {
  const auto text = "`" + challenge + "` is what I get.\n";
  EXPECT_EQ(run({"lint", "-"}, text).exit, 0);
}

// As PowerShell writes it behind `>`.
TEST(LintPasted, Utf16IsNamed) {
  for (const std::string_view mark : {"\xff\xfe", "\xfe\xff"}) {
    std::string text{mark};
    for (const char c : challenge) text.append(1, c).append(1, '\0');
    const ScratchDirectory scratch;
    const auto file = scratch.file("trace.txt", text, 0644);
    for (const std::string command : {"lint", "digest", "pcap"}) {
      const auto outcome = run({command, file});
      EXPECT_EQ(outcome.exit, 2) << command;
      EXPECT_TRUE(outcome.err.contains("is UTF-16")) << command << outcome.err;
    }
  }
}

}  // namespace
}  // namespace sipauth::e2e
