#include "registrar/builtin_transport.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "phone.hpp"

namespace sipauth::registrar {
namespace {

using namespace std::chrono_literals;

std::string query() {
  return write_request({.request_uri = "sip:test.local",
                        .via_host = "127.0.0.1:5062",
                        .branch = "z9hG4bK1",
                        .from = "<sip:alice@test.local>;tag=1",
                        .to = "<sip:alice@test.local>",
                        .call_id = "c"});
}

BuiltinTransport transport_to(std::string_view profile, std::vector<std::string> faults = {}) {
  return BuiltinTransport{
      Registrar{profile_with(profile, std::move(faults)), built_in_accounts(), 1}};
}

TEST(BuiltinTransport, TakesAMillisecondThereAndOneBack) {
  auto transport = transport_to("strict");
  ASSERT_TRUE(transport.send(query()));
  EXPECT_EQ(transport.clock().now(), 1ms);
  const auto received = transport.receive(5s);
  ASSERT_TRUE(received && *received);
  EXPECT_TRUE((*received)->bytes.starts_with("SIP/2.0 401 "));
  EXPECT_EQ((*received)->remote, "127.0.0.1:5060");
  EXPECT_EQ(transport.clock().now(), 2ms);
}

TEST(BuiltinTransport, JumpsToTheDeadlineWhenNothingIsInFlight) {
  auto transport = transport_to("strict");
  const auto received = transport.receive(300s);
  ASSERT_TRUE(received);
  EXPECT_FALSE(*received);
  EXPECT_EQ(transport.clock().now(), 300s);
}

TEST(BuiltinTransport, NeverMovesBack) {
  auto transport = transport_to("strict");
  static_cast<void>(transport.receive(300s));
  static_cast<void>(transport.receive(10s));
  EXPECT_EQ(transport.clock().now(), 300s);
}

TEST(BuiltinTransport, DeliversTheProvisionalAnswerFirst) {
  auto transport = transport_to("asterisk-2005-before");
  ASSERT_TRUE(transport.send(query()));
  EXPECT_TRUE((*transport.receive(5s))->bytes.starts_with("SIP/2.0 100 "));
  EXPECT_EQ(transport.clock().now(), 2ms);
  EXPECT_TRUE((*transport.receive(5s))->bytes.starts_with("SIP/2.0 401 "));
  EXPECT_EQ(transport.clock().now(), 3ms);
}

TEST(BuiltinTransport, HoldsALateAnswerBackUntilItIsDue) {
  auto transport = transport_to("strict", {"delay-first-401"});
  ASSERT_TRUE(transport.send(query()));
  EXPECT_FALSE(*transport.receive(500ms));
  EXPECT_EQ(transport.clock().now(), 500ms);
  // The retransmission is answered at once and overtakes it.
  ASSERT_TRUE(transport.send(query()));
  EXPECT_TRUE(*transport.receive(5s));
  EXPECT_EQ(transport.clock().now(), 502ms);
  EXPECT_TRUE(*transport.receive(5s));
  EXPECT_EQ(transport.clock().now(), 702ms);
  EXPECT_FALSE(*transport.receive(5s));
}

TEST(BuiltinTransport, AnAnswerDueAtTheDeadlineIsInTime) {
  auto transport = transport_to("strict");
  ASSERT_TRUE(transport.send(query()));
  EXPECT_TRUE(*transport.receive(2ms));
}

TEST(BuiltinTransport, ShowsTheAddressesThatStandInItsMessages) {
  auto transport = transport_to("strict");
  EXPECT_EQ(transport.kind(), net::TransportKind::builtin);
  EXPECT_FALSE(transport.is_reliable());
  ASSERT_TRUE(transport.send(query()));
  const auto received = *transport.receive(5s);
  EXPECT_TRUE(received->bytes.contains(";rport=5062;received=127.0.0.1\r\n"));
}

TEST(BuiltinTransport, TwoRunsAreTheSame) {
  const auto run = [] {
    auto transport = transport_to("kamailio-default");
    static_cast<void>(transport.send(query()));
    return (*transport.receive(5s))->bytes;
  };
  EXPECT_EQ(run(), run());
}

TEST(BuiltinTransport, EndsWhenTheRunIsInterrupted) {
  auto transport = transport_to("strict");
  net::stop_requested = true;
  const auto received = transport.receive(5s);
  net::stop_requested = false;
  ASSERT_FALSE(received);
  EXPECT_EQ(received.error().kind, net::NetError::Kind::interrupted);
  EXPECT_EQ(transport.clock().now(), 0s);
}

}  // namespace
}  // namespace sipauth::registrar
