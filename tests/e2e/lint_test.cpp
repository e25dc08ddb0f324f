// sipauth lint, from outside.

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "e2e/tool.hpp"

namespace sipauth::e2e {
namespace {

using nlohmann::json;

constexpr int clean = 0;
constexpr int wrong = 1;
constexpr int unreadable = 2;

// What Asterisk sent after its first patch: no comma in front of stale.
const std::string first_patch =
    R"(WWW-Authenticate: Digest realm="asterisk", nonce="397d281a" stale=true)";
const std::string good_header =
    R"(WWW-Authenticate: Digest realm="example.com", nonce="0f1e2d3c4b5a69788796a5b4c3d2e1f0", )"
    R"(qop="auth", algorithm=SHA-256)";

std::string unauthorized(const std::string& header) {
  return "SIP/2.0 401 Unauthorized\r\nVia: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1\r\n"
         "From: <sip:alice@example.com>;tag=1\r\nTo: <sip:alice@example.com>;tag=2\r\n"
         "Call-ID: abc\r\nCSeq: 1 REGISTER\r\n" +
         header + "\r\nContent-Length: 0\r\n\r\n";
}

struct Linted {
  Outcome outcome;
  json document;

  const json& input() const { return document["inputs"][0]; }
  // The first diagnostic of that rule; null when there is none.
  json diagnostic(const std::string& rule) const {
    for (const auto& row : input()["diagnostics"]) {
      if (row["rule"] == rule) return row;
    }
    return {};
  }
};

Linted lint(const Arguments& arguments, std::string_view standard_input = {}) {
  Arguments all{"lint", "--json"};
  all.insert(all.end(), arguments.begin(), arguments.end());
  Linted linted;
  linted.outcome = run(all, standard_input);
  linted.document = json::parse(linted.outcome.out, nullptr, false);
  return linted;
}

TEST(Lint, MissingCommaIsNamedAndTheHeaderUnderstood) {
  const auto linted = lint({"-"}, first_patch + "\n");
  EXPECT_EQ(linted.outcome.exit, wrong);
  EXPECT_EQ(linted.document["schema"], "sipauth/1");
  EXPECT_EQ(linted.document["command"], "lint");
  const auto& input = linted.input();
  EXPECT_EQ(input["file"], "-");
  EXPECT_EQ(input["kind"], "header");

  const auto comma = linted.diagnostic("SL-missing-comma");
  EXPECT_EQ(comma["severity"], "error");
  EXPECT_EQ(comma["line"], 1);
  EXPECT_EQ(comma["column"], 60);
  EXPECT_EQ(comma["offset"], 59);
  EXPECT_EQ(comma["length"], 0);
  EXPECT_EQ(comma["reference"], "RFC 3261 25.1");
  EXPECT_FALSE(comma["text"].get<std::string>().empty());

  const auto& understood = input["understood"];
  EXPECT_EQ(understood["header"], "WWW-Authenticate");
  EXPECT_EQ(understood["scheme"], "Digest");
  EXPECT_EQ(understood["realm"], "asterisk");
  EXPECT_EQ(understood["nonce"], "397d281a");
  EXPECT_EQ(understood["stale"], true);
  EXPECT_EQ(understood["qop"], nullptr);
  EXPECT_EQ(understood["algorithm"], nullptr);
  EXPECT_EQ(understood["parameters"][0], json({{"name", "realm"},
                                               {"value", "asterisk"},
                                               {"quoted", true},
                                               {"offset", 7},
                                               {"length", 16}}));
  EXPECT_EQ(understood["parameters"][2]["offset"], 42);
}

TEST(Lint, CleanHeaderEndsWithNothing) {
  const auto linted = lint({"--header", good_header});
  EXPECT_EQ(linted.outcome.exit, clean) << linted.outcome.out;
  EXPECT_EQ(linted.input()["understood"]["qop"], json({"auth"}));
  EXPECT_EQ(linted.input()["understood"]["algorithm"], "SHA-256");
  EXPECT_EQ(linted.input()["understood"]["stale"], nullptr);
}

TEST(Lint, WarningsAloneEndWithNothingToo) {
  const auto linted = lint({"--header", R"(WWW-Authenticate: Digest realm="r", nonce="n")"});
  EXPECT_FALSE(linted.input()["diagnostics"].empty());
  EXPECT_EQ(linted.outcome.exit, clean);
}

TEST(Lint, MessageHasOffsetsOfItsOwn) {
  const auto text = unauthorized(first_patch);
  const auto linted = lint({"-"}, text);
  EXPECT_EQ(linted.outcome.exit, wrong);
  EXPECT_EQ(linted.input()["kind"], "message");
  const auto row = text.find(first_patch);
  const auto comma = linted.diagnostic("SL-missing-comma");
  EXPECT_EQ(comma["offset"], row + 59);
  EXPECT_EQ(comma["line"], 7);
  EXPECT_EQ(comma["column"], 60);

  const auto& understood = linted.input()["understood"];
  EXPECT_EQ(understood["start_line"], "SIP/2.0 401 Unauthorized");
  ASSERT_EQ(understood["headers"].size(), 7U);
  EXPECT_EQ(understood["headers"][0]["name"], "Via");
  const auto& challenge = understood["headers"][5];
  EXPECT_EQ(challenge["name"], "WWW-Authenticate");
  EXPECT_EQ(challenge["offset"], row);
  EXPECT_EQ(challenge["realm"], "asterisk");
  EXPECT_EQ(challenge["stale"], true);
}

TEST(Lint, SeveralHeaderLinesAreOneInput) {
  const auto linted = lint({"-"}, good_header + "\r\n" + first_patch + "\r\n");
  const auto comma = linted.diagnostic("SL-missing-comma");
  EXPECT_EQ(comma["line"], 2);
  EXPECT_EQ(comma["column"], 60);
  EXPECT_EQ(comma["offset"], good_header.size() + 2 + 59);
  const auto& headers = linted.input()["understood"]["headers"];
  ASSERT_EQ(headers.size(), 2U);
  EXPECT_EQ(headers[0]["realm"], "example.com");
  EXPECT_EQ(headers[1]["realm"], "asterisk");
}

TEST(Lint, MergedChallengesAreUnderstoodEach) {
  const auto linted =
      lint({"--header",
            R"(WWW-Authenticate: Digest realm="a", nonce="b", Digest realm="c", nonce="d")"});
  EXPECT_FALSE(linted.diagnostic("SL-merged-challenges").is_null());
  EXPECT_EQ(linted.input()["understood"]["realm"], "a");
  EXPECT_EQ(linted.input()["understood"]["merged"][0]["realm"], "c");
}

TEST(Lint, BareValueHasNoHeaderName) {
  const auto linted = lint({"-"}, R"(Digest realm="r", nonce="n" stale=true)");
  EXPECT_EQ(linted.outcome.exit, wrong);
  EXPECT_EQ(linted.diagnostic("SL-missing-comma")["offset"], 27);
  EXPECT_EQ(linted.input()["kind"], "header");
  EXPECT_EQ(linted.input()["understood"]["header"], nullptr);
  EXPECT_EQ(linted.input()["understood"]["realm"], "r");
}

TEST(Lint, FilesAndStandardInputKeepTheirOrder) {
  const ScratchDirectory scratch;
  const auto file = scratch.file("401.sip", unauthorized(good_header), 0644);
  const auto linted = lint({file, "-"}, first_patch);
  EXPECT_EQ(linted.outcome.exit, wrong);
  ASSERT_EQ(linted.document["inputs"].size(), 2U);
  EXPECT_EQ(linted.document["inputs"][0]["file"], file);
  EXPECT_EQ(linted.document["inputs"][0]["diagnostics"], json::array());
  EXPECT_EQ(linted.document["inputs"][1]["file"], "-");
}

TEST(Lint, UnreadableFileEndsWithTwoAndTheOthersAreLinted) {
  const auto alone = lint({"/nonexistent"});
  EXPECT_EQ(alone.outcome.exit, unreadable);
  EXPECT_EQ(alone.document["error"]["kind"], "usage");
  const auto linted = lint({"/nonexistent", "-"}, first_patch);
  EXPECT_EQ(linted.outcome.exit, unreadable);
  EXPECT_EQ(linted.document["inputs"].size(), 1U);
  EXPECT_TRUE(linted.document["error"]["text"].get<std::string>().contains("/nonexistent"));
}

TEST(Lint, ForPeopleItLooksLikeACompiler) {
  const auto outcome = run({"lint", "-"}, first_patch + "\n");
  EXPECT_EQ(outcome.exit, wrong);
  EXPECT_TRUE(outcome.out.starts_with("-:1:60: error: ")) << outcome.out;
  EXPECT_TRUE(outcome.out.contains("[SL-missing-comma, RFC 3261 25.1]\n    " + first_patch + "\n" +
                                   std::string(4 + 59, ' ') + "^\n" + std::string(4 + 59, ' ') +
                                   ",\n"))
      << outcome.out;
  EXPECT_TRUE(outcome.out.contains("understood: WWW-Authenticate: Digest\n")) << outcome.out;
}

TEST(Lint, WhatIsNoSipIsAnErrorWithItsPlace) {
  for (const std::string_view text : {"", "hello", "GET / HTTP/1.1\r\n\r\n"}) {
    const auto linted = lint({"-"}, text);
    EXPECT_EQ(linted.outcome.exit, wrong) << text;
    EXPECT_FALSE(linted.input()["error"]["text"].get<std::string>().empty()) << text;
  }
}

TEST(Lint, TooLongInputsAreRefusedNotCut) {
  const auto linted = lint({"-"}, "X: " + std::string(70'000, 'x'));
  EXPECT_EQ(linted.outcome.exit, wrong);
  EXPECT_EQ(linted.input()["error"]["offset"], 65'536);
  EXPECT_EQ(lint({"-"}, std::string(20'000'000, 'x')).outcome.exit, unreadable);
}

TEST(Lint, ResponseAndCnonceAreNowhereShown) {
  const std::string header =
      R"(Authorization: Digest username="a", realm="r", nonce="n", uri="sip:r", )"
      R"(response="0123456789abcdef0123456789ABCDEF", cnonce="top5ecret" qop=auth, nc=1)";
  for (const auto& text : {header, "Authorization: Basic dG9wNWVjcmV0\r\n" + header}) {
    for (const auto format : {"json", "text"}) {
      const auto outcome = run({"lint", "-", "-o", format}, text);
      EXPECT_EQ(outcome.exit, wrong);
      EXPECT_FALSE(outcome.out.contains("top5ecret")) << outcome.out;
      EXPECT_FALSE(outcome.out.contains("0123456789")) << outcome.out;
      EXPECT_FALSE(outcome.out.contains("dG9wNWVj")) << outcome.out;
    }
  }
}

TEST(Lint, HostileBytesReachNoTerminal) {
  const auto outcome = run(
      {"lint", "-"}, "WWW-Authenticate: Digest realm=\"\x1b[2J\xe2\x80\xae\x9b\", nonce=\"n\" x=1");
  for (const auto hostile : {"\x1b", "\xe2\x80\xae", "\x9b"}) {
    EXPECT_FALSE(outcome.out.contains(hostile)) << outcome.out;
  }
}

TEST(Lint, CaretStandsUnderThePlaceOfALongLine) {
  const auto outcome =
      run({"lint", "-"}, "WWW-Authenticate: Digest realm=\"" + std::string(3000, 'r') +
                             "\", nonce=\"n\" stale=true");
  const auto line = outcome.out.find("    ...");
  ASSERT_NE(line, std::string::npos) << outcome.out;
  const auto caret_line = outcome.out.find('\n', line) + 1;
  const auto caret = outcome.out.find('^', caret_line) - caret_line;
  EXPECT_LT(caret, 160U);
  EXPECT_EQ(outcome.out.substr(line + caret, 11), " stale=true");
}

// --- Traces. ---

std::string quoted(const std::string& text) {
  std::string mail = "> ";
  for (const char c : text) {
    if (c == '\r') continue;
    mail += c;
    if (c == '\n') mail += "> ";
  }
  return mail + "\n";
}

TEST(Lint, ATraceIsLintedMessageByMessage) {
  const auto good = unauthorized(good_header);
  const auto wrong_one = unauthorized(first_patch);
  const auto text = "U 10.0.0.2:5060 -> 10.0.0.1:5060\n" + good +
                    "U 2026/11/30 12:00:00.5 10.0.0.2:5060 -> 10.0.0.1:5060\n" + wrong_one;
  const auto linted = lint({"-"}, text);
  EXPECT_EQ(linted.outcome.exit, wrong);
  const auto& input = linted.input();
  EXPECT_EQ(input["kind"], "trace");
  ASSERT_EQ(input["messages"].size(), 2U);
  EXPECT_EQ(input["messages"][0]["diagnostics"], json::array());
  EXPECT_EQ(input["messages"][1]["source"], json({{"host", "10.0.0.2"}, {"port", 5060}}));
  EXPECT_EQ(input["messages"][1]["transport"], "UDP");
  EXPECT_EQ(input["messages"][1]["time"], "2026/11/30 12:00:00.5");
  EXPECT_EQ(input["messages"][1]["understood"]["start_line"], "SIP/2.0 401 Unauthorized");
  const auto comma = linted.diagnostic("SL-missing-comma");
  EXPECT_EQ(comma["offset"], text.rfind(" stale=true"));
  EXPECT_EQ(comma["message"], 1);
  EXPECT_EQ(comma["line"], 1 + std::ranges::count(text.substr(0, text.rfind(" stale=true")), '\n'));
}

TEST(Lint, OneQuotedMessageIsAMessageWithTheOffsetsOfThePaste) {
  const auto text = "It says:\n" + quoted(unauthorized(first_patch));
  const auto linted = lint({"-"}, text);
  EXPECT_EQ(linted.outcome.exit, wrong);
  EXPECT_EQ(linted.input()["kind"], "message");
  EXPECT_EQ(linted.diagnostic("SL-missing-comma")["offset"], text.find(" stale=true"));
  EXPECT_EQ(linted.diagnostic("SL-missing-comma")["column"], 62);
  EXPECT_TRUE(linted.diagnostic("SL-bare-line-feed").is_null());
  EXPECT_EQ(linted.input()["understood"]["headers"][5]["offset"], text.find("WWW-"));
}

TEST(Lint, AnIndentedHeaderIsAHeader) {
  const auto linted = lint({"-"}, "        " + first_patch + "\n");
  EXPECT_EQ(linted.input()["kind"], "header");
  EXPECT_EQ(linted.diagnostic("SL-missing-comma")["offset"], 59 + 8);
  EXPECT_EQ(linted.input()["understood"]["realm"], "asterisk");
}

TEST(Lint, SecretsOfATraceAreNowhereShown) {
  const std::string header =
      R"(Authorization: Digest username="a", realm="r", nonce="n", uri="sip:r", )"
      R"(response="0123456789abcdef0123456789ABCDEF", cnonce="top5ecret" qop=auth, nc=1)";
  const auto text = quoted(unauthorized(header)) + quoted(unauthorized(header));
  for (const Arguments& more :
       {Arguments{}, Arguments{"--fix"}, Arguments{"--json"}, Arguments{"--json", "--fix"}}) {
    Arguments arguments{"lint", "-"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const auto outcome = run(arguments, text);
    EXPECT_FALSE(outcome.out.contains("top5ecret")) << outcome.out;
    EXPECT_FALSE(outcome.out.contains("0123456789")) << outcome.out;
  }
}

TEST(Lint, RedactionIsNoError) {
  const auto linted = lint(
      {"-"}, R"(Authorization: Digest username="***", realm="r", nonce="xxx", uri="sip:<ip>", )"
             R"(response="<removed>")");
  EXPECT_EQ(linted.outcome.exit, clean) << linted.outcome.out;
  EXPECT_EQ(linted.input()["redacted"], 4);
}

TEST(Lint, AnAnswerIsHeldAgainstItsChallengeInTheTrace) {
  const std::string nonce = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
  const auto challenge = unauthorized(
      R"(WWW-Authenticate: Digest realm="example.com", algorithm=SHA-256, nonce=")" + nonce + '"');
  const auto answer =
      "REGISTER sip:example.com SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK2\r\n"
      "Max-Forwards: 70\r\nFrom: <sip:alice@example.com>;tag=1\r\nTo: <sip:alice@example.com>\r\n"
      "Call-ID: abc\r\nCSeq: 2 REGISTER\r\nAuthorization: Digest username=\"alice\", "
      "realm=\"example.com\", nonce=\"" +
      nonce + "\", uri=\"sip:example.com\", algorithm=SHA-256, response=\"" + std::string(64, 'a') +
      "\", qop=auth, cnonce=\"c\", nc=00000001\r\nContent-Length: 0\r\n\r\n";
  const auto text = challenge + answer;
  const auto linted = lint({"-"}, text);
  EXPECT_EQ(linted.outcome.exit, wrong);
  const auto qop = linted.diagnostic("SL-qop-not-offered");
  EXPECT_EQ(qop["offset"], text.find("qop=auth") + 4);
  EXPECT_EQ(qop["length"], 4);
  EXPECT_EQ(qop["message"], 1);
  EXPECT_EQ(qop["reference"], "RFC 2617 3.2.2");
  EXPECT_EQ(qop["severity"], "error");
  EXPECT_EQ(lint({"-"}, answer).outcome.exit, clean);
  // It cannot be mended here, and is said to be left.
  const auto mended = lint({"--fix", "-"}, text);
  EXPECT_EQ(mended.outcome.exit, wrong);
  EXPECT_EQ(mended.input()["messages"][1]["left"][0]["rule"], "SL-qop-not-offered");
  EXPECT_EQ(mended.input()["messages"][1]["left"][0]["reference"], "RFC 2617 3.2.2");
  EXPECT_TRUE(
      run({"lint", "--fix", "-"}, text).err.contains("[SL-qop-not-offered, RFC 2617 3.2.2]"));
}

TEST(Lint, FilesAreExchangesOfTheirOwn) {
  const ScratchDirectory scratch;
  const std::string header = R"(WWW-Authenticate: Digest realm="r", nonce="1f2e3d4c")";
  const auto file = scratch.file("challenge", header, 0644);
  const auto linted = lint({file, "-"}, header);
  for (const auto& input : linted.document["inputs"]) {
    EXPECT_TRUE(input["diagnostics"].dump().contains("SL-short-nonce")) << input;
  }
}

TEST(Lint, APolicyCountsForWhatIsLeftToo) {
  const std::string header = R"(WWW-Authenticate: Digest realm="r", nonce=1234567, qop="auth")";
  EXPECT_EQ(run({"lint", "--fix", "-"}, header).exit, clean);
  EXPECT_EQ(run({"lint", "--fix", "--policy", "rfc8760", "-"}, header).exit, wrong);
}

// --- Mending and policies. ---

TEST(Lint, FixPrintsTheTextMended) {
  const auto outcome = run({"lint", "--fix", "-"}, first_patch + "\n");
  EXPECT_EQ(outcome.exit, clean);
  EXPECT_EQ(outcome.out,
            "WWW-Authenticate: Digest realm=\"asterisk\", nonce=\"397d281a\", stale=true\n");
  const auto left = run({"lint", "--fix", "-"}, "WWW-Authenticate: Digest nonce=n");
  EXPECT_EQ(left.exit, wrong);
  EXPECT_EQ(left.out, "WWW-Authenticate: Digest nonce=\"n\"");
  EXPECT_TRUE(left.err.contains("SL-missing-realm")) << left.err;
}

TEST(Lint, FixShowsSecretsWhenAsked) {
  const std::string header =
      R"(Authorization: Digest username="a", realm="r", nonce="n", uri="sip:r", )"
      R"(response="0123456789abcdef0123456789abcdef")";
  EXPECT_EQ(run({"lint", "--fix", "--show-secrets", "-"}, header).out, header);
  EXPECT_FALSE(run({"lint", "--fix", "-"}, header).out.contains("0123456789"));
}

TEST(Lint, APolicyMakesAWarningAnError) {
  const std::string header = R"(WWW-Authenticate: Digest realm="r", nonce="n")";
  EXPECT_EQ(lint({"--header", header}).outcome.exit, clean);
  for (const auto policy : {"rfc3261", "rfc8760"}) {
    const auto linted = lint({"--header", header, "--policy", policy});
    EXPECT_EQ(linted.outcome.exit, wrong);
    EXPECT_EQ(linted.diagnostic("SL-missing-qop")["severity"], "error");
  }
}

TEST(Lint, ColoursAreForTerminals) {
  EXPECT_FALSE(run({"lint", "-"}, first_patch).out.contains('\x1b'));
  EXPECT_TRUE(
      run({"lint", "-", "--color", "always"}, first_patch).out.contains("\x1b[1;31merror:"));
}

}  // namespace
}  // namespace sipauth::e2e
