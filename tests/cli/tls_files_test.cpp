// What a user hands to TLS in files: a certificate of the client, and a place for the secrets.

#ifdef SIPAUTH_TEST_TLS

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "cli/tls_peer.hpp"
#include "net/transport.hpp"
#include "sip/dialogue.hpp"

namespace sipauth::net {
namespace {

using namespace std::chrono_literals;
using peers::challenge_to;
using peers::Family;
using peers::TemporaryFile;
using peers::TlsConnection;
using peers::TlsPeer;
using testing::HasSubstr;

const peers::CertificateWish server{.alternative_names = "DNS:example.com"};

void answer_requests(TlsConnection& connection) {
  for (auto request = connection.read_request(); !request.empty();
       request = connection.read_request()) {
    connection.write(challenge_to(request, connection.is_certified() ? "known" : "stranger"));
  }
}

ConnectOptions options_for(const TlsPeer& peer, const TemporaryFile& trusted) {
  auto options = peers::loopback(peer.port());
  options.timeout = 20s;
  options.tls_name = "example.com";
  options.ca_file = trusted.path();
  return options;
}

// The nonce of the challenge, or why there is none.
std::string nonce_over(const ConnectOptions& options) {
  const auto transport = connect(TransportKind::tls, options);
  if (!transport) return transport.error().text;
  sip::Session session{**transport, peers::alice(), {}, {}, 1};
  try {
    return sip::Dialogue{session}.challenge().offer()->nonce;
  } catch (const sip::NoAnswer& silence) {
    return silence.error ? silence.error->text : "silence";
  }
}

TEST(TlsCertificate, IsShownWhereTheServerWantsOne) {
  const TemporaryFile trusted{peers::authority()};
  const auto credentials = peers::client_credentials();
  const TemporaryFile certificate{credentials.certificate};
  const TemporaryFile key{credentials.key};
  const TemporaryFile both{credentials.certificate + credentials.key};
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    TlsPeer peer{server, answer_requests, Family::ipv4, version, true};
    auto options = options_for(peer, trusted);
    options.certificate_file = certificate.path();
    options.key_file = key.path();
    EXPECT_EQ(nonce_over(options), "known");
    options.certificate_file = options.key_file = both.path();
    EXPECT_EQ(nonce_over(options), "known");
  }
}

// With TLS 1.2 the alert of OpenSSL tells nothing but that the handshake failed.
TEST(TlsCertificate, ServerThatMissesItIsUnderstood) {
  const TemporaryFile trusted{peers::authority()};
  TlsPeer peer{server, answer_requests, Family::ipv4, TLS1_3_VERSION, true};
  EXPECT_THAT(nonce_over(options_for(peer, trusted)),
              HasSubstr("wants a certificate of the client: --tls-cert FILE"));
}

TEST(TlsCertificate, ServerThatHangsUpMayWantOne) {
  const TemporaryFile trusted{peers::authority()};
  const auto credentials = peers::client_credentials();
  const TemporaryFile both{credentials.certificate + credentials.key};
  TlsPeer peer{server, [](TlsConnection& connection) { connection.read_request(); }};
  auto options = options_for(peer, trusted);
  EXPECT_THAT(nonce_over(options), HasSubstr("may want a certificate of the client"));
  options.certificate_file = options.key_file = both.path();
  EXPECT_THAT(nonce_over(options), testing::EndsWith("closed the connection."));
}

struct Unfit {
  std::string_view proves;
  std::string certificate;
  std::string key;
  std::string_view says;
};

TEST(TlsCertificate, WhatDoesNotFitIsSaid) {
  const TemporaryFile trusted{peers::authority()};
  TlsPeer peer{server, answer_requests};
  const auto [good, key] = peers::client_credentials();
  for (const auto& row : std::vector<Unfit>{
           {"key of another certificate", good, peers::foreign_key(), "does not belong to"},
           {"key of another kind", good, peers::elliptic_key(), "does not belong to"},
           {"key with a pass phrase", good, peers::locked_key(),
            "cannot be used (it has a pass phrase)"},
           {"key that is none", good, "x", "it must be a key in PEM"},
           {"certificate that is none", key, key, "it must hold a certificate in PEM"}}) {
    const TemporaryFile certificate_file{row.certificate};
    const TemporaryFile key_file{row.key};
    auto options = options_for(peer, trusted);
    options.certificate_file = certificate_file.path();
    options.key_file = key_file.path();
    const auto transport = connect(TransportKind::tls, options);
    ASSERT_FALSE(transport) << row.proves;
    EXPECT_EQ(transport.error().kind, NetError::Kind::usage);
    EXPECT_THAT(transport.error().text, HasSubstr(std::string{row.says})) << row.proves;
    EXPECT_THAT(transport.error().text,
                testing::AnyOf(HasSubstr(certificate_file.path()), HasSubstr(key_file.path())))
        << row.proves;
  }
  EXPECT_EQ(peer.accepted(), 0);
}

std::string text_of(const std::string& path) {
  std::ifstream file{path};
  return {std::istreambuf_iterator<char>{file}, {}};
}

TEST(TlsKeyLog, IsAppendedToAndForTheOwnerAlone) {
  const TemporaryFile trusted{peers::authority()};
  TlsPeer peer{server, answer_requests};
  const TemporaryFile log{""};
  ASSERT_EQ(::unlink(log.path().c_str()), 0);
  auto options = options_for(peer, trusted);
  options.key_log_file = log.path();
  EXPECT_EQ(nonce_over(options), "stranger");
  const auto first = text_of(log.path());
  EXPECT_THAT(first, testing::MatchesRegex("([A-Z0-9_]+ [0-9a-f]{64} [0-9a-f]+\n)+"));
  EXPECT_THAT(first, HasSubstr("CLIENT_TRAFFIC_SECRET_0 "));
  struct stat status{};
  ASSERT_EQ(::stat(log.path().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);

  EXPECT_EQ(nonce_over(options), "stranger");
  const auto second = text_of(log.path());
  EXPECT_TRUE(second.starts_with(first));
  EXPECT_GT(second.size(), first.size());
}

TEST(TlsKeyLog, PlaceThatCannotBeWrittenIsNamed) {
  const TemporaryFile trusted{peers::authority()};
  TlsPeer peer{server, answer_requests};
  auto options = options_for(peer, trusted);
  options.key_log_file = "/nonexistent/keys";
  const auto transport = connect(TransportKind::tls, options);
  ASSERT_FALSE(transport);
  EXPECT_EQ(transport.error().kind, NetError::Kind::usage);
  EXPECT_THAT(transport.error().text, HasSubstr("/nonexistent/keys"));
  EXPECT_THAT(transport.error().text, HasSubstr("No such file"));
}

}  // namespace
}  // namespace sipauth::net

#endif
