// sipauth digest, from outside: what it computes, verifies and answers.

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "e2e/digest_tool.hpp"

namespace sipauth::e2e {
namespace {

TEST_F(DigestTest, ComputesWithEveryStep) {
  const auto result =
      digest_json(alice + Arguments{"--qop", "auth", "--nc", "00000001", "--cnonce", "0a4f113b"});
  EXPECT_EQ(outcome_.exit, match) << outcome_.err;
  EXPECT_EQ(result["schema"], "sipauth/1");
  EXPECT_EQ(result["command"], "digest");
  EXPECT_EQ(result["algorithm"], "MD5");
  EXPECT_EQ(result["qop"], "auth");
  EXPECT_EQ(result["a1"], "alice:example.com:***");
  EXPECT_EQ(result["ha1"], "b1726872c344b6dc8365b774f8fd6412");
  EXPECT_EQ(result["a2"], "REGISTER:sip:example.com");
  EXPECT_EQ(result["ha2"], "0264b00abe5b31d87fb22979689b883f");
  EXPECT_EQ(result["response"], right);
  EXPECT_EQ(result["rspauth"], "5d058d058f03ae90f9218493cdb48362");
  EXPECT_FALSE(result.contains("match"));
}

struct Computed {
  std::string_view proves;
  Arguments arguments;
  std::string_view response;
};

TEST_F(DigestTest, ComputesEveryForm) {
  const Arguments counted{"--nc", "00000001", "--cnonce", "0a4f113b"};
  const std::vector<Computed> rows{
      {"without qop", {}, "b75dc11e0cde1fc2f921ce28378036bb"},
      {"auth-int of an empty body", counted + Arguments{"--qop", "auth-int"},
       "ae127926d370f9fd7a61fbf3f0a66df6"},
      {"nc is 1 by default",
       {"--cnonce", "0a4f113b", "--qop", "auth"},
       "7fd96a22ed1d64a974701dbd8f92a14e"},
      {"session", counted + Arguments{"--qop", "auth", "--algorithm", "md5-sess"},
       "f017e479dbee9ec264fe1118766c910d"},
      {"SHA-256", counted + Arguments{"--qop", "auth", "--algorithm", "SHA-256"},
       "a55e42ad87e94eb5b9c03f5942cc829f83420868db57acc6f2dfb1f1084ae6cd"},
  };
  for (const auto& row : rows) {
    const auto result = digest_json(alice + row.arguments);
    EXPECT_EQ(result["response"], row.response) << row.proves << outcome_.err;
  }
}

TEST_F(DigestTest, ForPeopleEachStepHasItsLine) {
  const auto outcome = digest(alice);
  EXPECT_EQ(outcome.exit, match);
  for (const auto line :
       {"A1         alice:example.com:***\n", "A2         REGISTER:sip:example.com",
        "response   b75dc11e0cde1fc2f921ce28378036bb\n"}) {
    EXPECT_TRUE(outcome.out.contains(line)) << outcome.out;
  }
  EXPECT_FALSE(outcome.out.contains(password));
}

// --- verifying ---

struct Verified {
  std::string_view proves;
  Arguments arguments;
  std::string standard_input;
  int exit = match;
};

TEST_F(DigestTest, VerifiesWhateverIsPasted) {
  const auto header = "Authorization: " + credentials(right);
  const std::vector<Verified> rows{
      {"bare value as an argument", {"--header", credentials(right)}, ""},
      {"header line on standard input", {"--header", "-"}, header + "\n"},
      {"proxy's header in any case",
       {"--header", "-"},
       "proxy-authorization:" + credentials(right)},
      {"folded header",
       {"--header", "-"},
       "Authorization: Digest username=\"alice\",\n realm=\"example.com\",\n nonce=\"" + nonce +
           "\", uri=\"sip:example.com\",\n\tresponse=\"" + right +
           "\", cnonce=\"0a4f113b\", qop=auth, nc=00000001\n"},
      {"method of the request line", {"--header", "-"}, request("REGISTER", header)},
      {"request with LF alone", {"--header", "-"}, request("REGISTER", header, "\n")},
      {"request among others and log lines",
       {"--header", "-"},
       "U 10.0.0.1 -> 10.0.0.2\n" + request("REGISTER", "X: 1", "\n") + "\nU again\n" +
           request("REGISTER", header, "\n")},
      {"other method of the request line", {"--header", "-"}, request("INVITE", header), mismatch},
      {"--method wins", {"--header", "-", "--method", "REGISTER"}, request("INVITE", header)},
      {"other response", {"--header", credentials(std::string(32, '0'))}, "", mismatch},
      {"upper-case digits are another text",
       {"--header", credentials("7FD96A22ED1D64A974701DBD8F92A14E")},
       "",
       mismatch},
  };
  for (const auto& [proves, arguments, standard_input, exit] : rows) {
    const auto outcome = digest(arguments, standard_input);
    EXPECT_EQ(outcome.exit, exit) << proves << '\n' << outcome.out << outcome.err;
    EXPECT_EQ(outcome.out.starts_with("MATCH: "), exit == match) << proves;
    EXPECT_EQ(outcome.out.starts_with("MISMATCH: "), exit == mismatch) << proves;
  }
}

TEST_F(DigestTest, ExplainsAMismatch) {
  const auto result = digest_json({"--header", credentials(right), "--method", "INVITE"});
  EXPECT_EQ(outcome_.exit, mismatch);
  EXPECT_EQ(result["match"], false);
  EXPECT_EQ(result["expected"], right);
  EXPECT_NE(result["response"], right);
  ASSERT_EQ(result["explanations"].size(), 1U);
  EXPECT_EQ(result["explanations"][0]["id"], "other-method");
  EXPECT_EQ(result["explanations"][0]["change"], json({{"method", "REGISTER"}}));
}

TEST_F(DigestTest, ExplainsTwoMistakesAsOneExplanation) {
  const auto computed = digest_json({"--user", "alice", "--realm", "example.com", "--uri",
                                     "sip:example.com:5060", "--nonce", nonce, "--method", "INVITE",
                                     "--qop", "auth", "--cnonce", "0a4f113b"});
  const auto result = digest_json({"--header", credentials(computed["response"])});
  ASSERT_EQ(result["explanations"].size(), 1U) << result;
  EXPECT_EQ(result["explanations"][0]["id"], "other-method");
  EXPECT_EQ(result["explanations"][0]["also"], json({"uri-with-port"}));
  EXPECT_EQ(result["explanations"][0]["change"],
            json({{"method", "INVITE"}, {"uri", "sip:example.com:5060"}}));
}

TEST_F(DigestTest, RequestUriOfThePastedRequestIsTried) {
  auto computed =
      digest_json({"--user", "alice", "--realm", "example.com", "--uri", "sip:example.com:5060",
                   "--nonce", nonce, "--qop", "auth", "--cnonce", "0a4f113b"});
  const auto result =
      digest_json({"--header", "-"},
                  request("REGISTER", "Authorization: " + credentials(computed["response"])));
  std::vector<std::string> ids;
  for (const auto& explanation : result["explanations"]) ids.push_back(explanation["id"]);
  EXPECT_EQ(ids, (std::vector<std::string>{"uri-with-port", "request-uri"}));
}

TEST_F(DigestTest, AMistakeInThePasswordShowsNothingOfIt) {
  const auto file = scratch_.file("other", "secret\n\n");
  const auto outcome =
      run({"digest", "--json", "--header", credentials(right), "--password-file", file});
  const auto result = json::parse(outcome.out);
  EXPECT_EQ(result["explanations"][0]["id"], "password-newline");
  EXPECT_EQ(result["explanations"][0]["change"], json({{"password", "***"}}));
  EXPECT_FALSE(outcome.out.contains("secret"));
}

TEST_F(DigestTest, RealmFitsWithBackslashesDroppedOrKept) {
  const auto verified = [&](const std::string& hashed) {
    const auto computed =
        digest_json({"--user", "alice", "--realm", hashed, "--uri", "sip:b", "--nonce", "n"});
    return digest_json(
        {"--header", R"(Digest username="alice", realm="a\"b", nonce="n", uri="sip:b", )"
                     R"(response=")" +
                         computed["response"].get<std::string>() + '"'});
  };
  EXPECT_EQ(verified(R"(a"b)")["notes"], json::array());
  EXPECT_EQ(outcome_.exit, match);
  const auto kept = verified(R"(a\"b)");
  EXPECT_EQ(outcome_.exit, match);
  ASSERT_EQ(kept["notes"].size(), 1U);
  EXPECT_TRUE(kept["notes"][0].get<std::string>().contains("RFC 2617"));
}

TEST_F(DigestTest, OfSeveralCredentialsTheFittingOnesCount) {
  const auto other = "Proxy-Authorization: " + credentials(std::string(32, '0'));
  const auto result =
      digest_json({"--header", "-"}, other + "\nAuthorization: " + credentials(right) + "\n");
  EXPECT_EQ(outcome_.exit, match);
  EXPECT_EQ(result["header"], "Authorization");
}

TEST_F(DigestTest, BodyOfAPasteCountsWithTheCrLfItLost) {
  const std::string body = "v=0\r\ns=-\r\n";
  const auto computed = digest_json(alice + Arguments{"--qop", "auth-int", "--cnonce", "0a4f113b",
                                                      "--body-file", scratch_.file("body", body)});
  auto header = credentials(computed["response"]);
  header.replace(header.find("qop=auth"), 8, "qop=auth-int");
  header = "Authorization: " + header;

  digest_json({"--header", "-"}, request("REGISTER", header, "\r\n", body));
  EXPECT_EQ(outcome_.exit, match);
  auto pasted = request("REGISTER", header, "\r\n", body);
  std::erase(pasted, '\r');
  const auto result = digest_json({"--header", "-"}, pasted + '\n');
  EXPECT_EQ(outcome_.exit, match);
  EXPECT_EQ(result["notes"].size(), 1U);
  digest_json({"--header", "-"}, request("REGISTER", header, "\r\n", "v=1\r\ns=-\r\n"));
  EXPECT_EQ(outcome_.exit, mismatch);
}

TEST_F(DigestTest, HashedUserNameNeedsTheNameItself) {
  const std::string header =
      R"(Digest username="ce3e40a0c4ddf43d8a34a2d2a0c4b1bd", realm="example.com", nonce="n", )"
      R"(uri="sip:b", response="00", userhash=true)";
  EXPECT_EQ(digest({"--header", header}).exit, usage);
  EXPECT_EQ(digest({"--header", header, "--user", "alice"}).exit, mismatch);
}

// --- answering ---

TEST_F(DigestTest, AnswerIsVerified) {
  const std::string challenge =
      R"(Digest realm="a\"b", nonce="n", algorithm=SHA-512-256, qop="auth,auth-int", opaque="o")";
  const auto answer = digest_json({"--challenge", challenge, "--user", "alice", "--uri", "sip:b"});
  EXPECT_EQ(outcome_.exit, match) << outcome_.err;
  EXPECT_EQ(answer["header"], "Authorization");
  EXPECT_EQ(answer["algorithm"], "SHA-512-256");
  const std::string authorization = answer["authorization"];
  EXPECT_TRUE(authorization.contains(R"(realm="a\"b")")) << authorization;
  EXPECT_TRUE(authorization.contains(R"(opaque="o")")) << authorization;
  EXPECT_TRUE(authorization.contains("qop=auth, nc=00000001")) << authorization;
  const auto verified = digest_json({"--header", authorization});
  EXPECT_EQ(verified["match"], true);
}

TEST_F(DigestTest, HashedUserNameIsSentWhenAskedForAndVerified) {
  const auto answer =
      digest_json({"--challenge", R"(Digest realm="r", nonce="n", qop="auth", userhash=true)",
                   "--user", "alice", "--uri", "sip:r"});
  const std::string authorization = answer["authorization"];
  EXPECT_FALSE(authorization.contains("alice")) << authorization;
  EXPECT_TRUE(authorization.contains("userhash=true")) << authorization;
  EXPECT_EQ(digest_json({"--header", authorization, "--user", "alice"})["match"], true);

  // The right response beside the hash of another name leads a server to another user.
  auto other = authorization;
  const auto hash = other.find("username=\"") + 10;
  other[hash] = other[hash] == '0' ? '1' : '0';
  const auto result = digest_json({"--header", other, "--user", "alice"});
  EXPECT_EQ(outcome_.exit, mismatch);
  EXPECT_EQ(result["explanations"][0]["id"], "other-userhash");
}

TEST_F(DigestTest, EveryRandomCnonceIsAnotherOne) {
  const Arguments arguments{"--challenge", R"(Digest realm="r", nonce="n", qop="auth")",
                            "--user",      "alice",
                            "--uri",       "sip:r"};
  const auto first = digest_json(arguments)["cnonce"].get<std::string>();
  const auto second = digest_json(arguments)["cnonce"].get<std::string>();
  EXPECT_EQ(first.size(), 16U);
  EXPECT_NE(first, second);
}

TEST_F(DigestTest, TopmostChallengeThatCanBeAnsweredIs) {
  const std::string rows =
      "WWW-Authenticate: Basic realm=\"r\"\n"
      "WWW-Authenticate: Digest realm=\"r\", nonce=\"1\", algorithm=SHA-3\n"
      "WWW-Authenticate: Digest realm=\"r\", nonce=\"2\", qop=\"auth-conf\"\n"
      "Proxy-Authenticate: Digest realm=\"r\", nonce=\"3\", algorithm=SHA-256, qop=\"auth\"\n"
      "WWW-Authenticate: Digest realm=\"r\", nonce=\"4\", algorithm=MD5, qop=\"auth\"\n";
  const auto result = digest_json({"--challenge", "-", "--user", "alice", "--uri", "sip:r"}, rows);
  EXPECT_EQ(result["nonce"], "3");
  EXPECT_EQ(result["header"], "Proxy-Authorization");
  const auto md5 = digest_json(
      {"--challenge", "-", "--user", "alice", "--uri", "sip:r", "--algorithm", "md5"}, rows);
  EXPECT_EQ(md5["nonce"], "4");
}

TEST_F(DigestTest, AnswerToAWholeResponseHasTheMethodOfItsCSeq) {
  const std::string response =
      "SIP/2.0 407 Proxy Authentication Required\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\n"
      "From: <sip:a@b>;tag=1\r\nTo: <sip:a@b>;tag=2\r\nCall-ID: 1\r\nCSeq: 1 INVITE\r\n"
      "Proxy-Authenticate: Digest realm=\"r\", nonce=\"n\"\r\nContent-Length: 0\r\n\r\n";
  const auto result =
      digest_json({"--challenge", "-", "--user", "alice", "--uri", "sip:r"}, response);
  EXPECT_EQ(result["a2"], "INVITE:sip:r");
}

}  // namespace
}  // namespace sipauth::e2e
