#include "net/transport.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <chrono>
#include <future>
#include <string>
#include <thread>

#include "cli/peers.hpp"
#include "net/stream_transport.hpp"

namespace sipauth::net {
namespace {

using namespace std::chrono_literals;
using peers::Family;
using peers::loopback;
using peers::opened;
using peers::response_to;
using peers::TcpConnection;
using peers::TcpPeer;
using peers::UdpPeer;
using testing::HasSubstr;

constexpr std::string_view request =
    "OPTIONS sip:127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/TCP a;branch=z9hG4bKa\r\nFrom: "
    "<sip:a@a>;tag=1\r\n"
    "To: <sip:a@a>\r\nCall-ID: a\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n";

// The next message within two seconds, or what came instead.
std::string next(Transport& transport, Duration within = 2s) {
  const auto received = transport.receive(transport.clock().now() + within);
  if (!received) return "error: " + received.error().text;
  return *received ? (*received)->bytes : "silence";
}

// A port on which nothing listens: bound once, and given back.
std::uint16_t closed_port(int type) {
  std::uint16_t port = 0;
  const auto socket = peers::bound_socket(type, Family::ipv4, port);
  return port;
}

TEST(UdpTransport, CarriesDatagramsBothWays) {
  for (const auto family : {Family::ipv4, Family::ipv6}) {
    UdpPeer peer{[](UdpPeer& self, const std::string& text) { self.send("got " + text); }, family};
    const auto transport = opened(TransportKind::udp, loopback(peer.port(), family));
    const std::string host = family == Family::ipv4 ? "127.0.0.1:" : "[::1]:";
    EXPECT_EQ(transport->remote(), host + std::to_string(peer.port()));
    EXPECT_TRUE(transport->local().starts_with(host)) << transport->local();
    EXPECT_FALSE(transport->is_reliable());
    ASSERT_TRUE(transport->send("hello"));
    EXPECT_EQ(next(*transport), "got hello");
    EXPECT_EQ(next(*transport, 0s), "silence");
  }
}

TEST(UdpTransport, LongestDatagramIsWhole) {
  const std::string longest(65'507, 'x');
  UdpPeer peer{[&](UdpPeer& self, const std::string&) { self.send(longest); }};
  const auto transport = opened(TransportKind::udp, loopback(peer.port()));
  ASSERT_TRUE(transport->send("hello"));
  EXPECT_EQ(next(*transport), longest);
}

TEST(UdpTransport, EmptyDatagramIsOne) {
  UdpPeer peer{[](UdpPeer& self, const std::string&) { self.send(""); }};
  const auto transport = opened(TransportKind::udp, loopback(peer.port()));
  ASSERT_TRUE(transport->send("hello"));
  EXPECT_EQ(next(*transport), "");
}

TEST(UdpTransport, MessageLongerThanADatagramIsRefusedWithAdvice) {
  const auto transport = opened(TransportKind::udp, loopback(closed_port(SOCK_DGRAM)));
  const auto sent = transport->send(std::string(65'508, 'x'));
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().kind, NetError::Kind::usage);
  EXPECT_THAT(sent.error().text, HasSubstr("transport=tcp"));
}

TEST(UdpTransport, ClosedPortIsRefusedOnceAndNamed) {
  const auto port = closed_port(SOCK_DGRAM);
  const auto transport = opened(TransportKind::udp, loopback(port));
  ASSERT_TRUE(transport->send("hello"));
  const auto received = transport->receive(transport->clock().now() + 2s);
  ASSERT_FALSE(received);
  EXPECT_EQ(received.error().kind, NetError::Kind::refused);
  EXPECT_THAT(received.error().text,
              HasSubstr("Nothing listens on udp 127.0.0.1:" + std::to_string(port)));
  EXPECT_EQ(next(*transport, 20ms), "silence");
}

TEST(UdpTransport, RefusalOfAnEarlierDatagramDoesNotEatTheNext) {
  const auto transport = opened(TransportKind::udp, loopback(closed_port(SOCK_DGRAM)));
  ASSERT_TRUE(transport->send("one"));
  ASSERT_TRUE(transport->send("two"));
  const auto received = transport->receive(transport->clock().now() + 2s);
  ASSERT_FALSE(received);
  EXPECT_EQ(received.error().kind, NetError::Kind::refused);
}

TEST(UdpTransport, SourceAddressIsBound) {
  UdpPeer peer{[](UdpPeer& self, const std::string&) { self.send("yes"); }};
  auto options = loopback(peer.port());
  options.source = "127.0.0.9";
  const auto transport = opened(TransportKind::udp, options);
  EXPECT_TRUE(transport->local().starts_with("127.0.0.9:"));
  ASSERT_TRUE(transport->send("hello"));
  EXPECT_EQ(next(*transport), "yes");
}

struct Unusable {
  std::string_view proves;
  ConnectOptions options;
  NetError::Kind kind = NetError::Kind::usage;
  std::string_view says;
};

class ConnectTest : public testing::TestWithParam<Unusable> {};

TEST_P(ConnectTest, SaysWhatIsWrong) {
  for (const auto kind : {TransportKind::udp, TransportKind::tcp}) {
    const auto transport = connect(kind, GetParam().options);
    ASSERT_FALSE(transport);
    EXPECT_EQ(transport.error().kind, GetParam().kind) << transport.error().text;
    EXPECT_THAT(transport.error().text, HasSubstr(std::string{GetParam().says}));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Rows, ConnectTest,
    testing::ValuesIn(std::vector<Unusable>{
        // A name that no name server is asked about.
        {"NoSuchHost", {.host = "nowhere..invalid"}, NetError::Kind::dns, "nowhere..invalid"},
        {"OtherFamily", {.host = "127.0.0.1", .ipv6_only = true}, NetError::Kind::dns, "-6"},
        {"SourceOfOtherFamily",
         {.host = "127.0.0.1", .source = "::1"},
         NetError::Kind::dns,
         "--source"},
        {"SourceIsNoAddress",
         {.host = "127.0.0.1", .source = "lo"},
         NetError::Kind::usage,
         "--source"},
        {"SourceOfAnotherHost",
         {.host = "127.0.0.1", .source = "192.0.2.1"},
         NetError::Kind::usage,
         "--source"},
        {"Multicast", {.host = "224.0.1.75"}, NetError::Kind::usage, "multicast"},
        {"Wildcard", {.host = "0.0.0.0"}, NetError::Kind::usage, "name one host"},
    }),
    [](const auto& row) { return std::string{row.param.proves}; });

TEST(TcpTransport, CutsMessagesAndSkipsKeepAlives) {
  TcpPeer peer{[](TcpConnection& connection) {
    const auto text = connection.read_request();
    connection.write("\r\n\r\n" + response_to(text, 401) + "\r\n" + response_to(text, 200));
    connection.wait_for_close();
  }};
  const auto transport = opened(TransportKind::tcp, loopback(peer.port()));
  EXPECT_TRUE(transport->is_reliable());
  ASSERT_TRUE(transport->send(request));
  EXPECT_EQ(next(*transport), response_to(request, 401));
  EXPECT_EQ(next(*transport), response_to(request, 200));
  EXPECT_GE(dynamic_cast<StreamTransport&>(*transport).keep_alives(), 2U);
  EXPECT_EQ(next(*transport, 0s), "silence");
}

TEST(TcpTransport, ClosedPortIsRefused) {
  const auto port = closed_port(SOCK_STREAM);
  const auto transport = connect(TransportKind::tcp, loopback(port));
  ASSERT_FALSE(transport);
  EXPECT_EQ(transport.error().kind, NetError::Kind::refused);
  EXPECT_THAT(transport.error().text, HasSubstr("tcp 127.0.0.1:" + std::to_string(port)));
}

TEST(TcpTransport, ServerThatAcceptsNobodyTimesOut) {
  std::uint16_t port = 0;
  const auto socket = peers::bound_socket(SOCK_STREAM, Family::ipv4, port);
  ASSERT_EQ(listen(socket.number(), 0), 0);
  auto options = loopback(port);
  options.timeout = 200ms;
  // The queue of a listener takes a few that nobody accepts; then the system drops the rest.
  std::vector<std::unique_ptr<Transport>> waiting;
  for (int i = 0; i < 8; ++i) {
    auto transport = connect(TransportKind::tcp, options);
    if (!transport) {
      EXPECT_EQ(transport.error().kind, NetError::Kind::timeout) << transport.error().text;
      return;
    }
    waiting.push_back(std::move(*transport));
  }
  FAIL() << "every connection was taken";
}

TEST(TcpTransport, ClosedStreamIsReportedOnceAndOpenedAgainByTheNextSend) {
  TcpPeer peer{[first = true](TcpConnection& connection) mutable {
    const auto text = connection.read_request();
    if (!std::exchange(first, false)) {
      connection.write(response_to(text, 200));
      connection.wait_for_close();
    }
  }};
  const auto transport = opened(TransportKind::tcp, loopback(peer.port()));
  ASSERT_TRUE(transport->send(request));
  const auto received = transport->receive(transport->clock().now() + 2s);
  ASSERT_FALSE(received);
  EXPECT_EQ(received.error().kind, NetError::Kind::closed);
  EXPECT_EQ(next(*transport, 10ms), "silence");
  ASSERT_TRUE(transport->send(request));
  EXPECT_EQ(next(*transport), response_to(request, 200));
  EXPECT_EQ(peer.accepted(), 2);
}

TEST(TcpTransport, StreamClosedWhileNobodyLookedIsOpenedAgain) {
  std::promise<void> closed;
  TcpPeer peer{[&, first = true](TcpConnection& connection) mutable {
    if (std::exchange(first, false)) {
      shutdown(connection.descriptor(), SHUT_RDWR);
      return closed.set_value();
    }
    connection.write(response_to(connection.read_request(), 200));
    connection.wait_for_close();
  }};
  const auto transport = opened(TransportKind::tcp, loopback(peer.port()));
  closed.get_future().wait();
  ASSERT_TRUE(transport->send(request));
  EXPECT_EQ(next(*transport), response_to(request, 200));
}

TEST(TcpTransport, MessageBeforeTheEndIsDeliveredBeforeTheEndIsTold) {
  TcpPeer peer{[](TcpConnection& connection) {
    connection.write(response_to(connection.read_request(), 200) + "SIP/2.0 1");
  }};
  const auto transport = opened(TransportKind::tcp, loopback(peer.port()));
  ASSERT_TRUE(transport->send(request));
  EXPECT_EQ(next(*transport), response_to(request, 200));
  EXPECT_THAT(next(*transport), HasSubstr("in the middle of a message"));
}

TEST(TcpTransport, ReaderThatStopsReadingIsGivenUp) {
  TcpPeer peer{[](TcpConnection& connection) { connection.wait_unread(); }};
  auto options = loopback(peer.port());
  options.timeout = 200ms;
  const auto transport = opened(TransportKind::tcp, options);
  const auto sent = transport->send(std::string(32U << 20, 'x'));
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().kind, NetError::Kind::timeout);
  EXPECT_THAT(sent.error().text, HasSubstr("does not read"));
}

TEST(Interrupt, EndsEveryBlockingCallWithinATenthOfASecond) {
  UdpPeer udp{[](UdpPeer&, const std::string&) {}};
  TcpPeer tcp{[](TcpConnection& connection) { connection.wait_for_close(); }};
  const auto datagrams = opened(TransportKind::udp, loopback(udp.port()));
  const auto stream = opened(TransportKind::tcp, loopback(tcp.port()));
  for (auto* transport : {datagrams.get(), stream.get()}) {
    std::thread signal{[] { stop_requested = true; }};
    const auto before = transport->clock().now();
    const auto received = transport->receive(before + 60s);
    signal.join();
    stop_requested = false;
    ASSERT_FALSE(received);
    EXPECT_EQ(received.error().kind, NetError::Kind::interrupted);
    EXPECT_LT(transport->clock().now() - before, 10s);
  }
}

TEST(TransportTable, FindsByNameAndByKind) {
  for (const auto& row : transports()) {
    EXPECT_EQ(&transport_row(row.kind), &row);
    EXPECT_EQ(find_transport(row.name), &row);
    EXPECT_EQ(find_transport(row.via), &row);  // case does not matter
    EXPECT_THAT(std::string{transport_choice}, HasSubstr(std::string{row.name}));
    EXPECT_EQ(row.secure, row.kind == row.secure_form && row.reliable);
  }
  EXPECT_EQ(find_transport("builtin"), nullptr);
  EXPECT_EQ(find_transport("sctp"), nullptr);
}

TEST(TransportTable, BuiltInIsReachedOverUdp) {
  EXPECT_EQ(transport_name(TransportKind::builtin), "udp");
}

}  // namespace
}  // namespace sipauth::net
