// sipauth digest FILE, from outside: requests, their challenges and whole traces as people paste
// them, and what of the paste explains a mismatch.

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "e2e/digest_tool.hpp"

namespace sipauth::e2e {
namespace {

// A message with its CSeq and with `more` header rows.
std::string message(const std::string& start, const std::string& cseq,
                    const std::vector<std::string>& more) {
  std::string text = start + "\r\nVia: SIP/2.0/UDP 192.0.2.7;branch=z9hG4bK1\r\n" +
                     "From: \"Alice A\" <sip:alice@dom.test>;tag=1\r\n" +
                     "To: <sip:4711@dom.test>\r\nCall-ID: 1\r\nCSeq: " + cseq +
                     "\r\nContact: <sip:alice@192.0.2.7:5062>\r\n";
  for (const auto& row : more) text += row + "\r\n";
  return text + "Content-Length: 0\r\n\r\n";
}

std::string registration(const std::string& cseq, const std::vector<std::string>& more) {
  return message("REGISTER sip:example.com:5070 SIP/2.0", cseq + " REGISTER", more);
}

std::string challenged(const std::string& more) {
  return message("SIP/2.0 401 Unauthorized", "1 REGISTER", {"WWW-Authenticate: Digest " + more});
}

const std::string trace_challenge =
    "realm=\"example.com\", nonce=\"" + nonce + "\", qop=\"auth,auth-int\", algorithm=MD5";

class DigestPasteTest : public DigestTest {
 protected:
  // What a client sends that made a mistake: the digest of `hashed`, in the header of the right
  // one.
  std::string sent(Arguments hashed) {
    const Arguments base{"--qop", "auth", "--nc", "00000001", "--cnonce", "0a4f113b"};
    const auto computed = digest_json(alice + base + hashed);
    return "Authorization: " + credentials(computed["response"].get<std::string>());
  }

  std::vector<std::string> ids(const json& result) {
    std::vector<std::string> all;
    for (const auto& explanation : result["explanations"]) all.push_back(explanation["id"]);
    return all;
  }
};

TEST_F(DigestPasteTest, CredentialsOfATraceAreVerified) {
  const auto text = registration("1", {}) + challenged(trace_challenge) +
                    registration("2", {"Authorization: " + credentials(right)});
  EXPECT_EQ(digest_json({"-"}, text)["match"], true);
  EXPECT_EQ(digest_json({scratch_.file("trace", text)})["match"], true);
}

TEST_F(DigestPasteTest, ARequestAndIts401AreAnswered) {
  const auto result =
      digest_json({"-"}, registration("1", {}) + challenged(trace_challenge + ", opaque=\"o\""));
  EXPECT_EQ(outcome_.exit, match) << outcome_.out;
  EXPECT_EQ(result["a1"], "alice:example.com:***");
  EXPECT_EQ(result["a2"], "REGISTER:sip:example.com:5070");
  EXPECT_EQ(result["header"], "Authorization");
  EXPECT_TRUE(result["authorization"].get<std::string>().contains("opaque=\"o\""));
}

TEST_F(DigestPasteTest, ABareValueIsWhatItHolds) {
  EXPECT_EQ(digest_json({"-"}, credentials(right))["match"], true);
  const auto answered =
      digest_json({"-", "--user", "alice", "--uri", "sip:b"}, "Digest " + trace_challenge);
  EXPECT_TRUE(answered.contains("authorization")) << outcome_.out;
}

TEST_F(DigestPasteTest, ATextWithoutEitherIsRefused) {
  digest_json({"-"}, registration("1", {}));
  EXPECT_EQ(outcome_.exit, usage);
  EXPECT_EQ(digest({"-", "--header", "-"}, "").exit, usage);
}

TEST_F(DigestPasteTest, OfSeveralRequestsTheFirstThatDoesNotMatchCounts) {
  const auto good = registration("2", {"Authorization: " + credentials(right)});
  const auto bad = registration("3", {"Authorization: " + credentials(std::string(32, '0'))});
  const auto all_match = digest_json({"-"}, good + good);
  EXPECT_EQ(all_match["match"], true);
  EXPECT_TRUE(all_match["notes"].dump().contains("all match"));
  const auto one_bad = digest_json({"-"}, good + bad + good);
  EXPECT_EQ(one_bad["match"], false);
  EXPECT_TRUE(one_bad["notes"].dump().contains("number 2"));
}

TEST_F(DigestPasteTest, WhatStandsRoundTheCredentialsExplains) {
  const auto other_challenge = "realm=\"proxy.test\", nonce=\"older\", qop=\"auth\"";
  struct Row {
    Arguments hashed;
    std::string_view id;
  };
  const std::vector<Row> rows{
      {{"--nonce", "older"}, "other-nonce"},
      {{"--realm", "proxy.test"}, "realm-of-other-challenge"},
      {{"--realm", "dom.test"}, "realm-of-from"},
      {{"--uri", "sip:4711@dom.test"}, "uri-of-to"},
      {{"--uri", "sip:alice@dom.test"}, "uri-of-from"},
      {{"--uri", "sip:alice@192.0.2.7:5062"}, "uri-of-contact"},
      {{"--uri", "\"Alice A\" <sip:alice@dom.test>"}, "uri-is-from"},
      {{"--uri", "sip:example.com:5070"}, "request-uri"},
      {{"--user", "alice@dom.test"}, "user-with-domain"},
      {{"--user", "4711"}, "user-of-header"},
      {{"--cnonce", "previous"}, "other-cnonce"},
  };
  for (const auto& [hashed, id] : rows) {
    auto before = credentials(right);
    before.replace(before.find("0a4f113b"), 8, "previous");
    // That of the request before is right, so that this is about the other one.
    const auto computed = digest_json(alice + Arguments{"--qop", "auth", "--cnonce", "previous"});
    before.replace(before.find(right), right.size(), computed["response"].get<std::string>());
    const auto result =
        digest_json({"-"}, challenged(other_challenge) + challenged(trace_challenge) +
                               registration("2", {"Authorization: " + before}) +
                               registration("3", {sent(hashed)}));
    EXPECT_EQ(outcome_.exit, mismatch) << id;
    const auto all = ids(result);
    EXPECT_NE(std::ranges::find(all, id), all.end()) << id << result["explanations"].dump(1);
  }
}

// RFC 3261 22.1: neither can be challenged, and an ACK has to repeat the credentials of its INVITE.
TEST_F(DigestPasteTest, AckAndCancelAreJudgedByTheCredentialsOfTheirInvite) {
  const auto in_dialogue = [&](const std::string& method, const Arguments& hashed) {
    return message(method + " sip:example.com SIP/2.0", "2 " + method, {sent(hashed)});
  };
  struct Row {
    std::string method;
    Arguments hashed;
    int exit;
    std::string_view says;
  };
  const std::vector<Row> rows{
      {"ACK", {"--method", "INVITE"}, match, "It fits as the digest of an INVITE"},
      {"CANCEL", {"--method", "INVITE"}, match, "CANCEL may repeat"},
      {"ACK", {"--method", "ACK"}, match, "It was made for ACK itself"},
      {"CANCEL", {"--method", "CANCEL"}, match, "MATCH: the response is right."},
      {"BYE", {"--method", "INVITE"}, mismatch, "[other-method]"},
      {"ACK", {"--method", "INVITE", "--realm", "EXAMPLE.COM"}, mismatch, "[realm-case]"},
      {"ACK", {"--method", "ACK", "--realm", "EXAMPLE.COM"}, mismatch, "[realm-case]"},
      {"ACK", {"--method", "REGISTER"}, mismatch, "for the method REGISTER, not"},
  };
  for (const auto& [method, hashed, exit, says] : rows) {
    const auto outcome = digest({"-"}, in_dialogue(method, hashed));
    EXPECT_EQ(outcome.exit, exit) << method << outcome.out;
    EXPECT_TRUE(outcome.out.contains(says)) << method << ' ' << says << '\n' << outcome.out;
    const bool blames_the_method = outcome.out.contains("[other-method]");
    EXPECT_EQ(blames_the_method, says.contains("method")) << outcome.out;
  }
}

// In lines, whatever ends them; with its quotes as JSON, HTML and CSV have them.
TEST_F(DigestPasteTest, BrokenAndEscapedPastesAreVerified) {
  const auto changed = [](std::string text, const std::string& from, const std::string& to) {
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
      text.replace(at, from.size(), to);
    }
    return text;
  };
  const auto value = credentials(right);
  const auto header = "Authorization: " + value;
  const auto lines = changed(value, ", ", ",\n");
  const auto message = "REGISTER sip:example.com SIP/2.0\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\n" +
                       changed(header, ", ", ",\n") + "\nContent-Length: 0\n\n";
  struct Row {
    std::string text;
    std::string_view note;
  };
  const std::vector<Row> rows{
      {lines, "broken lines"},
      {"Authorization: " + lines + "\n", "broken lines"},
      {"Authorization:\n" + lines + "\n", "broken lines"},
      {changed("Authorization: " + lines + "\n", "\n", "\r\n"), "broken lines"},
      {message, "broken lines"},
      {changed(message, "\n", "\r\n"), "broken lines"},
      {changed(header, "b0c093", "b0\nc093"), "broken lines"},
      {changed(value, "\"", "\\\""), "as in JSON"},
      {changed(header, "\"", "\\\""), "as in JSON"},
      {changed(header, "\"", "&quot;"), "as in HTML"},
      {changed(value, "\"", "\"\""), "as in CSV"},
  };
  for (const auto& [text, note] : rows) {
    const auto outcome = digest({"-"}, text);
    EXPECT_EQ(outcome.exit, match) << text << '\n' << outcome.out << outcome.err;
    EXPECT_TRUE(outcome.out.contains(note)) << text << '\n' << outcome.out;
    EXPECT_EQ(digest({"--header", text}).exit, match) << text;
  }
}

TEST_F(DigestPasteTest, WhatWasMadeUnreadableIsNotJudged) {
  struct Row {
    std::string given, left, name;
  };
  for (const auto& [given, left, name] : std::vector<Row>{
           {right, std::string(32, 'x'), "response"},
           {right, "[redacted]", "response"},
           {nonce, "***", "nonce"},
           {"sip:example.com", "sip:***", "uri"},
           {"\"alice\"", "\"xxx\"", "username"},
       }) {
    auto text = credentials(right);
    text.replace(text.find(given), given.size(), left);
    const auto outcome = digest({"--header", text});
    EXPECT_EQ(outcome.exit, usage) << text << outcome.out;
    EXPECT_TRUE(outcome.err.contains("The " + name + " was made unreadable")) << outcome.err;
  }
  // Beside others that can be verified.
  const auto good = registration("2", {"Authorization: " + credentials(right)});
  const auto hidden = registration("3", {"Authorization: " + credentials("xxxxxxxx")});
  const auto result = digest_json({"-"}, hidden + good);
  EXPECT_EQ(outcome_.exit, match);
  EXPECT_TRUE(result["notes"].dump().contains("made unreadable"));
}

TEST_F(DigestPasteTest, TheFirstLineSaysWhatIsWrong) {
  const auto outcome = digest({"-"}, registration("2", {sent({"--method", "INVITE"})}));
  EXPECT_TRUE(outcome.out.starts_with(
      "MISMATCH: The digest was made for the method INVITE, not REGISTER. [other-method]\n"))
      << outcome.out;
  EXPECT_FALSE(outcome.out.contains(password));
}

TEST_F(DigestPasteTest, NoExplanationSaysWhatWasTried) {
  const auto text = registration("2", {"Authorization: " + credentials(std::string(32, '0'))});
  const auto outcome = digest({"-"}, text);
  EXPECT_TRUE(outcome.out.starts_with("MISMATCH: no usual mistake")) << outcome.out;
  const auto result = digest_json({"-"}, text);
  EXPECT_GT(result["tried"], 1000);
  EXPECT_EQ(result["complete"], true);
  EXPECT_TRUE(outcome.out.contains("tried: " + std::to_string(result["tried"].get<int>())));
}

TEST_F(DigestPasteTest, AResponseOfAnotherLengthIsNamed) {
  const auto outcome = digest({"--header", credentials("7fd9")});
  EXPECT_TRUE(outcome.out.starts_with("MISMATCH: the response has 4 characters")) << outcome.out;
}

TEST_F(DigestPasteTest, AResponseIsVerifiedByOptions) {
  const Arguments counted{"--qop", "auth", "--nc", "00000001", "--cnonce", "0a4f113b"};
  EXPECT_EQ(digest_json(alice + counted + Arguments{"--response", right})["match"], true);
  EXPECT_EQ(digest_json(alice + counted + Arguments{"--response", "-"}, right + "\n")["match"],
            true);
  digest_json(alice + counted + Arguments{"--response", std::string(32, '0')});
  EXPECT_EQ(outcome_.exit, mismatch);
}

TEST_F(DigestPasteTest, TheOwnerOfAHashedNameIsThatOfFrom) {
  const auto answer = digest_json({"--challenge", "Digest " + trace_challenge + ", userhash=true",
                                   "--user", "alice", "--uri", "sip:example.com"});
  EXPECT_EQ(answer["userhash"], "e714bf7dde243fc2061a4e3d877edc0d");
  const auto text =
      registration("2", {"Authorization: " + answer["authorization"].get<std::string>()});
  EXPECT_EQ(digest_json({"-"}, text)["match"], true);
  EXPECT_EQ(digest({"--header", answer["authorization"].get<std::string>()}).exit, usage);
}

TEST_F(DigestPasteTest, TheHashedNameInA1IsFound) {
  const auto hashed = "e714bf7dde243fc2061a4e3d877edc0d";
  const auto computed =
      digest_json(alice + Arguments{"--user", hashed, "--qop", "auth", "--cnonce", "0a4f113b"});
  auto header = credentials(computed["response"].get<std::string>()) + ", userhash=true";
  header.replace(header.find("alice"), 5, hashed);
  const auto result = digest_json({"--header", header, "--user", "alice"});
  EXPECT_EQ(ids(result), (std::vector<std::string>{"user-hashed"}));
}

TEST_F(DigestPasteTest, TextsThatAreNotAsciiAreHashedInTheCharset) {
  // LATIN SMALL LETTER A and COMBINING DIAERESIS are one letter in NFC.
  const auto ha1 = [this](const std::string& secret, const std::string& more,
                          const Arguments& options) {
    const Arguments arguments{"digest",          "--json",
                              "--user",          "a",
                              "--uri",           "sip:r",
                              "--challenge",     "Digest realm=\"r\", nonce=\"n\"" + more,
                              "--password-file", scratch_.file("secret", secret)};
    return json::parse(run(arguments + options).out, nullptr, false).value("ha1", "refused");
  };
  const std::string decomposed = "pa\xcc\x88ss";
  EXPECT_EQ(ha1(decomposed, "", {}), "99bcca0c934ee99750ef09514d3ef0b2");
  EXPECT_EQ(ha1(decomposed, ", charset=UTF-8", {}), "084b5437072006cc176b47bb0f32f9a7");
  EXPECT_EQ(ha1(decomposed, "", {"--charset", "utf-8"}), "084b5437072006cc176b47bb0f32f9a7");
  EXPECT_EQ(ha1("p\xc3\xa4ss", "", {"--charset", "ISO-8859-1"}),
            "d112b535d4d702760852d1a331bf88d0");
  EXPECT_EQ(ha1(decomposed, "", {"--charset", "ISO-8859-1"}), "refused");
  EXPECT_EQ(ha1("p\xe4ss", ", charset=UTF-8", {}), "refused");
}

TEST_F(DigestPasteTest, ThePasswordInTheOtherNormalFormIsFound) {
  const auto composed = scratch_.file("composed", "p\xc3\xa4ss");
  const auto decomposed = scratch_.file("decomposed", "pa\xcc\x88ss");
  const auto explained = [&](const std::string& given, const std::string& hashed) {
    const auto computed = json::parse(
        run(Arguments{"digest", "--json", "--password-file", hashed} + alice).out, nullptr, false);
    const auto outcome = run(Arguments{"digest", "--json", "--password-file", given, "--response",
                                       computed.value("response", "")} +
                             alice);
    return ids(json::parse(outcome.out, nullptr, false));
  };
  EXPECT_EQ(explained(composed, decomposed), std::vector<std::string>{"password-nfd"});
  EXPECT_EQ(explained(decomposed, composed), std::vector<std::string>{"password-nfc"});
}

}  // namespace
}  // namespace sipauth::e2e
