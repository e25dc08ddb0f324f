// A run with --bind that is interrupted takes back what it bound.

#include <gtest/gtest.h>

#include <csignal>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "e2e/tool.hpp"
#include "e2e/udp_peer.hpp"

namespace sipauth::e2e {
namespace {

using nlohmann::json;

std::string row_of(const std::string& request, std::string_view name) {
  const auto begin = request.find("\r\n" + std::string{name} + ": ");
  if (begin == std::string::npos) return {};
  const auto value = begin + name.size() + 4;
  return request.substr(value, request.find("\r\n", value) - value);
}

std::string challenge(const std::string& request, int number) {
  return answer_to(request, "SIP/2.0 401 Unauthorized",
                   "WWW-Authenticate: Digest realm=\"r\", nonce=\"n" + std::to_string(number) +
                       "\", algorithm=MD5, qop=\"auth\"\r\n");
}

// A registrar that takes any password and holds one Contact. It is silent from the `silent_from`th
// request on that comes after the first Contact, that one included, until the Contact is removed.
class Registrar {
 public:
  explicit Registrar(int silent_from) : silent_from_{silent_from} {}

  std::optional<std::string> operator()(const std::string& request) {
    const auto contact = row_of(request, "Contact");
    const bool removes = row_of(request, "Expires") == "0";
    const bool has_credentials = !row_of(request, "Authorization").empty();
    if (!contact.empty() && has_credentials) bound_ = removes ? "" : contact;
    if (!bound_.empty() && last_ != request) ++since_bound_;
    last_ = request;
    if (!removes && since_bound_ >= silent_from_) return std::nullopt;
    if (!has_credentials) return challenge(request, ++nonces_);
    return answer_to(request, "SIP/2.0 200 OK",
                     bound_.empty() ? "" : "Contact: " + bound_ + ";expires=60\r\n");
  }

  [[nodiscard]] const std::string& bound() const { return bound_; }

 private:
  int silent_from_;
  int since_bound_ = 0;
  int nonces_ = 0;
  std::string bound_;
  std::string last_;
};

class InterruptedBinding : public testing::TestWithParam<int> {};

// 1: the binding itself is not answered yet. 2: the request behind it.
TEST_P(InterruptedBinding, IsTakenBack) {
  Registrar registrar{GetParam()};
  Outcome outcome;
  {
    const UdpPeer peer{[&](const std::string& request) { return registrar(request); }};
    Tool tool{{"check", "sip:alice@" + peer.place(), "--bind", "--only", "SA-TX-04", "-vv",
               "--json", "--timeout", "30s"},
              {{"SIPAUTH_PASSWORD", "secret"}}};
    // It is retransmitted for want of an answer.
    ASSERT_TRUE(tool.wait_for("retransmission")) << tool.err();
    tool.send_signal(SIGINT);
    outcome = tool.finish();
  }
  EXPECT_EQ(registrar.bound(), "");
  EXPECT_EQ(outcome.exit, 130) << outcome.err;
  const auto document = json::parse(outcome.out, nullptr, false);
  ASSERT_TRUE(document.is_object()) << outcome.out;
  ASSERT_EQ(document["results"].size(), 1U);
  EXPECT_EQ(document["results"][0]["verdict"], "inconclusive");
  EXPECT_TRUE(document["results"][0].dump().contains("interrupted")) << document["results"];
  EXPECT_FALSE(document["notes"].dump().contains("did not remove")) << document["notes"];
}

INSTANTIATE_TEST_SUITE_P(Requests, InterruptedBinding, testing::Values(1, 2));

}  // namespace
}  // namespace sipauth::e2e
