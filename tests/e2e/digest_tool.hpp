// What the tests of sipauth digest share: alice / example.com / secret and her credentials.
#pragma once

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "e2e/tool.hpp"

namespace sipauth::e2e {

using nlohmann::json;

inline constexpr int match = 0;
inline constexpr int mismatch = 1;
inline constexpr int usage = 2;

inline const std::string password = "secret";
inline const std::string nonce = "dcd98b7102dd2f0e8b11d0f600bfb0c093";
inline const std::string right = "7fd96a22ed1d64a974701dbd8f92a14e";

// alice / example.com / secret, REGISTER sip:example.com.
inline std::string credentials(const std::string& response) {
  return "Digest username=\"alice\", realm=\"example.com\", nonce=\"" + nonce +
         "\", uri=\"sip:example.com\", response=\"" + response +
         "\", algorithm=MD5, cnonce=\"0a4f113b\", qop=auth, nc=00000001";
}

inline std::string request(const std::string& method, const std::string& header,
                           const std::string& line_end = "\r\n", const std::string& body = "") {
  std::string text;
  for (const auto& line :
       {method + " sip:example.com:5060 SIP/2.0", std::string{"Via: SIP/2.0/UDP h;branch=z9hG4bK1"},
        std::string{"From: <sip:alice@example.com>;tag=1"}, std::string{"To: <sip:b@example.com>"},
        std::string{"Call-ID: 1"}, "CSeq: 2 " + method, header,
        "Content-Length: " + std::to_string(body.size())}) {
    text += line + line_end;
  }
  return text + line_end + body;
}

class DigestTest : public testing::Test {
 protected:
  Outcome digest(Arguments arguments, std::string_view standard_input = {}) {
    arguments.insert(arguments.begin(), "digest");
    arguments.insert(arguments.end(), {"--password-file", scratch_.file("password", password)});
    return run(arguments, standard_input);
  }

  json digest_json(Arguments arguments, std::string_view standard_input = {}) {
    arguments.emplace_back("--json");
    outcome_ = digest(std::move(arguments), standard_input);
    EXPECT_FALSE(outcome_.out.contains("\"secret\"")) << outcome_.out;
    return json::parse(outcome_.out, nullptr, false);
  }

  ScratchDirectory scratch_;
  Outcome outcome_;
};

inline const Arguments alice{"--user", "alice",           "--realm", "example.com",
                             "--uri",  "sip:example.com", "--nonce", nonce};

inline Arguments operator+(Arguments first, const Arguments& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

}  // namespace sipauth::e2e
