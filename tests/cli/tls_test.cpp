#ifdef SIPAUTH_TEST_TLS

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "cli/tls_peer.hpp"
#include "net/transport.hpp"
#include "sip/dialogue.hpp"

namespace sipauth::net {
namespace {

using namespace std::chrono_literals;
using peers::CertificateWish;
using peers::challenge_to;
using peers::Family;
using peers::loopback;
using peers::NoConnection;
using peers::TcpConnection;
using peers::TcpPeer;
using peers::TemporaryFile;
using peers::TlsConnection;
using peers::TlsPeer;
using testing::HasSubstr;

void answer_requests(TlsConnection& connection) {
  for (auto request = connection.read_request(); !request.empty();
       request = connection.read_request()) {
    connection.write(challenge_to(request, "over TLS"));
  }
}

ConnectOptions options_for(const TlsPeer& peer, const TemporaryFile& trusted, std::string name,
                           Family family = Family::ipv4) {
  auto options = loopback(peer.port(), family);
  options.timeout = 20s;  // a sanitizer makes handshakes slow
  options.tls_name = std::move(name);
  options.ca_file = trusted.path();
  return options;
}

struct NameCase {
  std::string_view proves;
  CertificateWish certificate;
  std::string name;          ///< --tls-name
  std::string refusal = "";  ///< a part of the sentence; empty: connected and verified
  bool by_wildcard = false;
  Family family = Family::ipv4;
};

class TlsNameTest : public testing::TestWithParam<NameCase> {};

TEST_P(TlsNameTest, IsBoundToTheDomain) {
  const auto& row = GetParam();
  TlsPeer peer{row.certificate, answer_requests, row.family};
  const TemporaryFile trusted{peers::authority()};
  const auto transport =
      connect(TransportKind::tls, options_for(peer, trusted, row.name, row.family));
  if (!row.refusal.empty()) {
    ASSERT_FALSE(transport);
    EXPECT_EQ(transport.error().kind, NetError::Kind::tls);
    EXPECT_THAT(transport.error().text, HasSubstr(row.refusal));
    return;
  }
  ASSERT_TRUE(transport) << transport.error().text;
  const auto facts = (*transport)->tls();
  ASSERT_TRUE(facts);
  EXPECT_TRUE(facts->verified);
  EXPECT_EQ(facts->verify_error, "");
  EXPECT_EQ(facts->by_wildcard, row.by_wildcard);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, TlsNameTest,
    testing::ValuesIn(std::vector<NameCase>{
        {"RightName", {.alternative_names = "DNS:pbx.example.com"}, "pbx.example.com"},
        {"WrongNameSaysWhatTheCertificateHolds",
         {.alternative_names = "DNS:other.example.com"},
         "pbx.example.com",
         "DNS:other.example.com, not for pbx.example.com"},
        {"WrongNameSaysWhatToDo",
         {.alternative_names = "DNS:other.example.com"},
         "pbx.example.com",
         "--tls-name"},
        {"WildcardConnectsAndIsTold",
         {.alternative_names = "DNS:*.example.com"},
         "pbx.example.com",
         "",
         true},
        {"SipUri", {.alternative_names = "URI:sip:example.com"}, "example.com"},
        {"SipUriOfAnotherDomainRulesDnsOut",
         {.alternative_names = "URI:sip:a.example,DNS:b.example"},
         "b.example",
         "URI:sip:a.example"},
        {"CommonNameAlone", {.common_name = "example.com"}, "example.com"},
        {"CommonNameBesideAlternatives",
         {.common_name = "example.com", .alternative_names = "DNS:a.example"},
         "example.com",
         "DNS:a.example"},
        {"IPv4Address", {.alternative_names = "IP:127.0.0.1"}, ""},
        {"IPv6Address", {.alternative_names = "IP:::1"}, "[::1]", "", false, Family::ipv6},
        {"OtherAddress", {.alternative_names = "IP:127.0.0.2"}, "", "IP:127.0.0.2"},
        {"Expired",
         {.alternative_names = "DNS:a.example", .expired = true},
         "a.example",
         "certificate has expired"},
        {"WeakKey", {.alternative_names = "DNS:a.example", .bits = 1024}, "a.example", "key too"},
    }),
    [](const auto& row) { return std::string{row.param.proves}; });

TEST(Tls, CarriesMessagesAndTellsItsFacts) {
  TlsPeer peer{{.alternative_names = "DNS:example.com"}, answer_requests};
  const TemporaryFile trusted{peers::authority()};
  const auto transport =
      peers::opened(TransportKind::tls, options_for(peer, trusted, "example.com"));
  EXPECT_EQ(transport->kind(), TransportKind::tls);
  EXPECT_TRUE(transport->is_reliable());
  const auto facts = *transport->tls();
  EXPECT_EQ(facts.version, "TLSv1.3");
  EXPECT_NE(facts.cipher, "");
  EXPECT_EQ(facts.subject, "CN=test");
  EXPECT_EQ(facts.issuer, "CN=Test authority");
  EXPECT_THAT(facts.not_after, HasSubstr("GMT"));
  EXPECT_EQ(facts.names, "DNS:example.com");

  sip::Session session{*transport, peers::alice(), {}, {}, 1};
  sip::Dialogue dialogue{session};
  for (int i = 0; i < 3; ++i) {
    const auto challenged = dialogue.challenge();
    ASSERT_TRUE(challenged.usable());
    EXPECT_EQ(challenged.offer()->nonce, "over TLS");
  }
  EXPECT_EQ(peer.accepted(), 1);
}

TEST(Tls, ClosedConnectionIsOpenedAgain) {
  TlsPeer peer{{.alternative_names = "DNS:example.com"}, [](TlsConnection& connection) {
                 connection.write(challenge_to(connection.read_request(), "once"));
               }};
  const TemporaryFile trusted{peers::authority()};
  const auto transport =
      peers::opened(TransportKind::tls, options_for(peer, trusted, "example.com"));
  sip::Session session{*transport, peers::alice(), {}, {}, 1};
  sip::Dialogue dialogue{session};
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(dialogue.challenge().usable());
  EXPECT_EQ(peer.accepted(), 3);
}

// Whether the server says so (close_notify) or just ends its TCP stream, a half that is closed
// opens a new connection, and no answer is lost.
TEST(Tls, HalfClosedConnectionIsOpenedAgain) {
  for (const auto end : {&TlsConnection::half_close, &TlsConnection::cut}) {
    TlsPeer peer{{.alternative_names = "DNS:example.com"}, [end](TlsConnection& connection) {
                   connection.write(challenge_to(connection.read_request(), "n"));
                   (connection.*end)();
                   while (!connection.read_request().empty()) continue;
                 }};
    const TemporaryFile trusted{peers::authority()};
    const auto transport = connect(TransportKind::tls, options_for(peer, trusted, "example.com"));
    ASSERT_TRUE(transport) << transport.error().text;
    sip::Session session{**transport, peers::alice(), {.timeout = 20s}, {}, 1};
    for (int i = 0; i < 3; ++i) {
      EXPECT_EQ(sip::Dialogue{session}.challenge().status, 401) << i;
    }
    EXPECT_EQ(peer.accepted(), 3);
  }
}

TEST(Tls, LongMessagesPassWhole) {
  TlsPeer peer{
      {.alternative_names = "DNS:example.com"}, [](TlsConnection& connection) {
        connection.write(challenge_to(connection.read_request(), std::string(60'000, 'n')));
        connection.read_request();
      }};
  const TemporaryFile trusted{peers::authority()};
  const auto transport =
      peers::opened(TransportKind::tls, options_for(peer, trusted, "example.com"));
  sip::Session session{*transport, peers::alice(), {}, {}, 1};
  const auto challenged = sip::Dialogue{session}.challenge();
  ASSERT_TRUE(challenged.usable());
  EXPECT_EQ(challenged.offer()->nonce.size(), 60'000U);
}

TEST(Tls, OnlyNamesGoIntoSni) {
  std::mutex mutex;
  std::vector<std::string> names;
  TlsPeer peer{{.alternative_names = "DNS:example.com,IP:127.0.0.1"},
               [&](TlsConnection& connection) {
                 {
                   const std::scoped_lock lock{mutex};
                   names.push_back(connection.server_name());
                 }
                 answer_requests(connection);
               }};
  const TemporaryFile trusted{peers::authority()};
  for (const auto* name : {"example.com", "127.0.0.1", ""}) {
    const auto transport = peers::opened(TransportKind::tls, options_for(peer, trusted, name));
    sip::Session session{*transport, peers::alice(), {}, {}, 1};
    EXPECT_TRUE(sip::Dialogue{session}.challenge().usable());
  }
  const std::scoped_lock lock{mutex};
  EXPECT_EQ(names, (std::vector<std::string>{"example.com", "", ""}));
}

TEST(Tls, SelfSignedIsNotTrustedByItself) {
  TlsPeer peer{{.alternative_names = "DNS:example.com", .self_signed = true}, answer_requests};
  for (const bool other_authority : {true, false}) {
    const TemporaryFile trusted{peers::authority()};
    auto options = options_for(peer, trusted, "example.com");
    if (!other_authority) options.ca_file.clear();
    const auto transport = connect(TransportKind::tls, options);
    ASSERT_FALSE(transport);
    EXPECT_EQ(transport.error().kind, NetError::Kind::tls);
    EXPECT_THAT(transport.error().text, HasSubstr("self-signed certificate"));
    EXPECT_THAT(transport.error().text, HasSubstr("CN=test"));
    EXPECT_THAT(transport.error().text, HasSubstr("--ca-file"));
  }
}

TEST(Tls, CertificateInTheCaFileIsTrusted) {
  for (const bool self_signed : {true, false}) {
    TlsPeer peer{{.alternative_names = "DNS:example.com", .self_signed = self_signed},
                 answer_requests};
    const TemporaryFile trusted{peer.certificate()};
    const auto transport = connect(TransportKind::tls, options_for(peer, trusted, "example.com"));
    ASSERT_TRUE(transport) << transport.error().text;
    EXPECT_TRUE((*transport)->tls()->verified);
  }
}

TEST(Tls, InsecureConnectsAndRecordsWhatVerificationSaid) {
  TlsPeer peer{{.alternative_names = "DNS:other.example", .self_signed = true}, answer_requests};
  const TemporaryFile trusted{peers::authority()};
  auto options = options_for(peer, trusted, "example.com");
  options.insecure = true;
  const auto transport = connect(TransportKind::tls, options);
  ASSERT_TRUE(transport) << transport.error().text;
  const auto facts = (*transport)->tls();
  EXPECT_FALSE(facts->verified);
  EXPECT_THAT(facts->verify_error, HasSubstr("self-signed certificate"));
  EXPECT_THAT(facts->verify_error, HasSubstr("DNS:other.example, not for example.com"));
}

TEST(Tls, CaFileThatCannotBeUsedIsNamed) {
  TlsPeer peer{{.alternative_names = "DNS:example.com"}, answer_requests};
  const TemporaryFile not_pem{"not a certificate"};
  for (const auto& path : {not_pem.path(), std::string{"/nonexistent/ca.pem"}}) {
    auto options = options_for(peer, not_pem, "example.com");
    options.ca_file = path;
    const auto transport = connect(TransportKind::tls, options);
    ASSERT_FALSE(transport);
    EXPECT_EQ(transport.error().kind, NetError::Kind::usage);
    EXPECT_THAT(transport.error().text, HasSubstr(path));
  }
}

TEST(Tls, OldVersionsAreRefused) {
  TlsPeer peer{
      {.alternative_names = "DNS:example.com"}, answer_requests, Family::ipv4, TLS1_1_VERSION};
  const TemporaryFile trusted{peers::authority()};
  const auto transport = connect(TransportKind::tls, options_for(peer, trusted, "example.com"));
  ASSERT_FALSE(transport);
  EXPECT_EQ(transport.error().kind, NetError::Kind::tls);
  EXPECT_THAT(transport.error().text, HasSubstr("TLS 1.2"));
}

TEST(Tls, Version12IsTaken) {
  TlsPeer peer{
      {.alternative_names = "DNS:example.com"}, answer_requests, Family::ipv4, TLS1_2_VERSION};
  const TemporaryFile trusted{peers::authority()};
  const auto transport = connect(TransportKind::tls, options_for(peer, trusted, "example.com"));
  ASSERT_TRUE(transport) << transport.error().text;
  EXPECT_EQ((*transport)->tls()->version, "TLSv1.2");
}

class NoTlsTest : public testing::TestWithParam<NoConnection> {};

TEST_P(NoTlsTest, SaysSo) { peers::expect_no_connection(TransportKind::tls, GetParam()); }

INSTANTIATE_TEST_SUITE_P(
    Rows, NoTlsTest,
    testing::ValuesIn(std::vector<NoConnection>{
        {"PlainSip",
         [](TcpConnection& connection) {
           connection.write("SIP/2.0 400 Bad Request\r\n\r\n");
           connection.wait_for_close();
         },
         NetError::Kind::tls, "does not speak TLS: its answer begins with \"SIP/2.0 400 Bad \""},
        {"BytesOfATerminal",
         [](TcpConnection& connection) {
           connection.write("\x1b[2J\xff");
           connection.wait_for_close();
         },
         NetError::Kind::tls, "begins with \".[2J.\""},
        {"RecordOfNoVersion",
         [](TcpConnection& connection) {
           connection.write("\x16SIP/2.0 400");
           connection.wait_for_close();
         },
         NetError::Kind::tls, "handshake"},
        {"Silence", [](TcpConnection& connection) { connection.wait_for_close(); },
         NetError::Kind::timeout, "did not finish the TLS handshake"},
        {"Close", [](TcpConnection& connection) { (void)connection.wait_readable(); },
         NetError::Kind::tls, "during the TLS handshake"},
    }),
    [](const auto& row) { return std::string{row.param.proves}; });

}  // namespace
}  // namespace sipauth::net

#endif
