// SA-TX-10 and -12: verdicts of real TLS and WebSocket servers on loopback.

#ifdef SIPAUTH_TEST_WEBSOCKET

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>

#include "cli/peer_run.hpp"
#include "registrar/profile.hpp"

namespace sipauth {
namespace {

registrar::Profile strict() { return *registrar::find_profile("strict"); }

struct Certificate {
  std::string_view proves;
  peers::CertificateWish wish;
  std::string_view domain;
  std::string_view verdict;
  std::string_view says;
};

TEST(TlsName, IsHeldAgainstTheSipDomain) {
  const Certificate rows[] = {
      {"a URI",
       {.alternative_names = "URI:sip:a.example"},
       "a.example",
       "pass",
       "URI:sip:a.example"},
      {"a DNS name", {.alternative_names = "DNS:a.example"}, "a.example", "pass", "DNS:a.example"},
      {"a CN where nothing else is",
       {.common_name = "a.example"},
       "a.example",
       "pass",
       "a.example"},
      {"a CN beside others",
       {.common_name = "a.example", .alternative_names = "DNS:b.example"},
       "a.example",
       "warn",
       "not for a.example"},
      {"a wildcard", {.alternative_names = "DNS:*.a.example"}, "sip.a.example", "warn", "wildcard"},
      {"another name", {.alternative_names = "DNS:srv.example"}, "a.example", "warn", "not for"},
      {"expired",
       {.alternative_names = "DNS:a.example", .expired = true},
       "a.example",
       "warn",
       "expired"},
      {"an issuer that nobody knows",
       {.alternative_names = "DNS:a.example", .self_signed = true},
       "a.example",
       "pass",
       "not trusted here"},
  };
  for (const auto& [proves, wish, domain, verdict, says] : rows) {
    const auto run = run_peer(tls_registrar(strict(), wish), "SA-TX-10", domain);
    const auto& finding = run["SA-TX-10"];
    EXPECT_EQ(verdict_name(finding.verdict), verdict) << proves << ": " << finding.observed;
    EXPECT_TRUE(finding.observed.contains(says)) << proves << ": " << finding.observed;
  }
}

struct Rules {
  std::string_view proves;
  WebSocketManners manners;
  std::string_view fault;
  std::string_view verdict;
  std::string_view says;
};

TEST(WebSocketRules, AreThoseOfRfc7118) {
  const Rules rows[] = {
      {"all is well", {}, "", "pass", "does not offer it gets 101"},
      {"400 without sip", {.refuses_without_sip = true}, "", "pass", "is refused"},
      {"101 without sip", {.takes_sip_again = false}, "", "fail", "did not take the subprotocol"},
      {"binary unanswered", {.answers_binary = false}, "", "warn", "binary frame"},
      {"Content-Length wanted", {.needs_content_length = true}, "", "warn", "Content-Length"},
      {"two in one", {.joins = true}, "", "fail", "2 SIP messages"},
      {"one in two", {.splits = true}, "", "fail", "spread over"},
      {"Basic", {}, "basic-offered", "fail", "Basic"},
  };
  for (const auto& [proves, manners, fault, verdict, says] : rows) {
    auto profile = strict();
    profile.trying = manners.joins;
    if (!fault.empty()) registrar::find_fault(fault)->apply(profile);
    const auto run = run_peer(websocket_registrar(profile, manners), "SA-TX-12");
    const auto& finding = run["SA-TX-12"];
    EXPECT_EQ(verdict_name(finding.verdict), verdict) << proves << ": " << finding.observed;
    EXPECT_TRUE(finding.observed.contains(says)) << proves << ": " << finding.observed;
    EXPECT_EQ(run.session->noise().strays, 0U) << proves;
  }
}

}  // namespace
}  // namespace sipauth

#endif
