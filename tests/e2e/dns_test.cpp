// Targets that are found by the DNS, from outside: dnsmasq with records of the test, and name
// servers that misbehave.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "e2e/name_server.hpp"
#include "e2e/tool.hpp"
#include "e2e/udp_peer.hpp"

namespace sipauth::e2e {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

struct Told {
  Outcome outcome;
  json document;

  [[nodiscard]] std::string error() const {
    return document.contains("error") ? document["error"]["kind"].get<std::string>() : "";
  }
  [[nodiscard]] const json& resolution() const { return document.at("resolution"); }
};

Told tell(Arguments arguments, const std::string& name_server) {
  for (const auto* word : {"--json", "--quiet", "--seed", "1", "--dns-server"}) {
    arguments.emplace_back(word);
  }
  arguments.push_back(name_server);
  auto outcome = run(arguments);
  auto document = json::parse(outcome.out, nullptr, false);
  EXPECT_TRUE(document.is_object()) << outcome.out << outcome.err;
  return {std::move(outcome), std::move(document)};
}

std::string port_of(const std::string& place) { return place.substr(place.rfind(':') + 1); }

// A peer at whose place nobody listens any more.
std::string port_of_nobody() {
  const UdpPeer gone{[](const std::string&) { return std::nullopt; }};
  return port_of(gone.place());
}

/// `sipauth serve`, and names for it.
class DnsTest : public testing::Test {
 protected:
  DnsTest() {
    EXPECT_TRUE(server_.wait_for(" as strict"));
    const auto begin = server_.out().find("127.0.0.1:");
    if (begin != std::string::npos) {
      port_ = port_of(server_.out().substr(begin, server_.out().find(' ', begin) - begin));
    }
    host_ = "host-record=sip.a.test,127.0.0.1,300";
  }

  [[nodiscard]] std::string srv(const std::string& name, const std::string& port, int priority,
                                const std::string& target = "sip.a.test") const {
    return "srv-host=" + name + ',' + target + ',' + port + ',' + std::to_string(priority) + ",0";
  }

  Tool server_{{"serve", "--listen", "127.0.0.1:0"}};
  std::string port_;
  std::string host_;
};

TEST_F(DnsTest, NaptrAndSrvLeadToTheServer) {
  const NameServer names{{"naptr-record=a.test,10,50,s,SIP+D2T,,_sip._tcp.b.test",
                          "naptr-record=a.test,20,50,s,SIP+D2U,,_sip._udp.a.test",
                          srv("_sip._tcp.b.test", port_, 1), host_}};
  const auto told = tell({"probe", "sip:alice@a.test"}, names.place());
  EXPECT_EQ(told.outcome.exit, 0) << told.outcome.out;
  EXPECT_EQ(told.document["target"]["transport"], "tcp");
  EXPECT_EQ(told.document["target"]["address"], "127.0.0.1");
  EXPECT_EQ(std::to_string(told.document["target"]["port"].get<int>()), port_);
  EXPECT_EQ(told.document["target"]["uri"], "sip:a.test");
  const auto& found = told.resolution();
  EXPECT_EQ(found["name_servers"], names.place());
  EXPECT_EQ(found["naptr"]["records"][0]["followed"], true);
  EXPECT_EQ(found["naptr"]["records"][1]["followed"], false);
  EXPECT_EQ(found["srv"][0]["records"][0]["target"], "sip.a.test");
  EXPECT_EQ(found["srv"][0]["records"][0]["host"]["addresses"][0]["ttl"], 300);
  EXPECT_EQ(found["candidates"][0]["outcome"], "used");
}

TEST_F(DnsTest, DeadServersArePassedOver) {
  for (const std::string name : {"_sip._udp.a.test", "_sip._tcp.a.test"}) {
    const NameServer names{{srv(name, port_of_nobody(), 1), srv(name, port_, 2), host_}};
    const auto told = tell({"probe", "sip:alice@a.test"}, names.place());
    EXPECT_EQ(told.outcome.exit, 0) << told.outcome.out;
    const auto& candidates = told.resolution()["candidates"];
    ASSERT_EQ(candidates.size(), 2U);
    EXPECT_EQ(candidates[0]["outcome"], "passed-over");
    EXPECT_THAT(candidates[0]["why"].get<std::string>(), HasSubstr("Nothing listens"));
    EXPECT_EQ(candidates[1]["outcome"], "used");
  }
}

TEST_F(DnsTest, ServerThatIsUnavailableIsPassedOver) {
  const UdpPeer busy{[](const std::string& request) {
    return answer_to(request, "SIP/2.0 503 Service Unavailable", "");
  }};
  const NameServer names{{srv("_sip._udp.a.test", port_of(busy.place()), 1),
                          srv("_sip._udp.a.test", port_, 2), host_}};
  const auto told = tell({"probe", "sip:alice@a.test"}, names.place());
  EXPECT_EQ(told.outcome.exit, 0) << told.outcome.out;
  EXPECT_EQ(told.document["probe"]["status"], 401);
  EXPECT_EQ(told.resolution()["candidates"][0]["why"], "It answered 503 Service Unavailable.");
}

TEST_F(DnsTest, StaleTellsWhatWasPassedOver) {
  const NameServer names{
      {srv("_sip._udp.a.test", port_of_nobody(), 1), srv("_sip._udp.a.test", port_, 2), host_}};
  const auto told = tell({"stale", "sip:alice@a.test", "--only", "SA-CH-01"}, names.place());
  EXPECT_EQ(told.outcome.exit, 0) << told.outcome.out;
  EXPECT_THAT(told.document["notes"].dump(), HasSubstr("was passed over"));
}

TEST_F(DnsTest, PeopleSeeTheTree) {
  const NameServer names{{"naptr-record=a.test,10,50,s,SIP+D2U,,_sip._udp.a.test",
                          srv("_sip._udp.a.test", port_of_nobody(), 1),
                          srv("_sip._udp.a.test", port_, 2, "alias.a.test"),
                          srv("_sip._udp.a.test", port_, 3, "gone.a.test"), host_,
                          "cname=alias.a.test,sip.a.test"}};
  const auto outcome = run({"probe", "sip:alice@a.test", "--dns-server", names.place()});
  EXPECT_EQ(outcome.exit, 0);
  for (const std::string part :
       {"Target       sip:alice@a.test over UDP (127.0.0.1, port ",
        "Lookup       a.test, asked of ",
        "  NAPTR a.test\n    order 10 preference 50  SIP+D2U -> _sip._udp.a.test\n",
        "  SRV _sip._udp.a.test over UDP\n    priority 1 weight 0  sip.a.test port ",
        "      127.0.0.1, TTL 300 s  passed over: Nothing listens", "this one is used",
        "is a CNAME of sip.a.test", "gone.a.test of _sip._udp.a.test has no address"}) {
    EXPECT_THAT(outcome.out, HasSubstr(part));
  }
  EXPECT_THAT(outcome.err, HasSubstr("was passed over"));
}

TEST_F(DnsTest, SipsGoesOverTlsOnly) {
  const NameServer names{{"naptr-record=a.test,10,50,s,SIP+D2U,,_sip._udp.a.test",
                          srv("_sip._udp.a.test", port_, 1), srv("_sip._tcp.a.test", port_, 1),
                          host_}};
  const auto told = tell({"probe", "sips:alice@a.test"}, names.place());
  EXPECT_EQ(told.outcome.exit, 3);
  EXPECT_EQ(told.error(), "dns");
  EXPECT_TRUE(told.document["messages"].empty());
  EXPECT_TRUE(told.resolution()["candidates"].empty());
}

TEST_F(DnsTest, NameThatIsNotThere) {
  const NameServer names{{host_}};
  const auto told = tell({"probe", "sip:alice@b.test"}, names.place());
  EXPECT_EQ(told.outcome.exit, 3);
  EXPECT_EQ(told.error(), "dns");
  EXPECT_EQ(told.resolution()["naptr"]["status"], "no such name");
  EXPECT_THAT(told.document["error"]["text"].get<std::string>(), HasSubstr("no host b.test"));
}

TEST_F(DnsTest, NamedPortNeedsNoRecords) {
  const NameServer names{{srv("_sip._udp.sip.a.test", port_of_nobody(), 1), host_}};
  const auto told = tell({"probe", "sip:alice@sip.a.test:" + port_}, names.place());
  EXPECT_EQ(told.outcome.exit, 0) << told.outcome.out;
  EXPECT_EQ(told.resolution()["naptr"]["status"], "not asked");
  EXPECT_TRUE(told.resolution()["srv"].empty());
}

TEST_F(DnsTest, AddressLoadsNoModule) {
  const Environment traced{{"LD_DEBUG", "files"}};
  const auto by_address = run({"probe", "sip:alice@127.0.0.1:" + port_}, {}, traced);
  EXPECT_EQ(by_address.exit, 0);
  EXPECT_THAT(by_address.err, Not(HasSubstr("libcares")));
  const auto by_name = run({"probe", "sip:alice@localhost:" + port_}, {}, traced);
  EXPECT_EQ(by_name.exit, 0);
  EXPECT_THAT(by_name.err, HasSubstr("libcares"));
}

// Says SERVFAIL to everything.
std::string server_failure(std::string request) {
  request.at(2) = static_cast<char>(request.at(2) | '\x80');
  request.at(3) = '\x82';
  return request;
}

struct BadServer {
  std::string_view proves;
  UdpPeer::Answer answer;
  std::string_view says;
};

void PrintTo(const BadServer& row, std::ostream* out) { *out << row.proves; }

class BadNameServer : public testing::TestWithParam<BadServer> {};

TEST_P(BadNameServer, IsTold) {
  const UdpPeer peer{GetParam().answer};
  const auto told = tell({"probe", "sip:alice@a.test", "--timeout", "600ms"}, peer.place());
  EXPECT_EQ(told.outcome.exit, 3);
  EXPECT_EQ(told.error(), "dns");
  EXPECT_THAT(told.document["error"]["text"].get<std::string>(),
              HasSubstr(std::string{GetParam().says}));
}

INSTANTIATE_TEST_SUITE_P(
    Rows, BadNameServer,
    testing::Values(BadServer{"ServerFailure", server_failure, "SERVFAIL"},
                    BadServer{"Silence", [](const std::string&) { return std::nullopt; },
                              "does not answer for a.test"},
                    BadServer{"Noise", [](const std::string&) { return std::string(600, '\xff'); },
                              "does not answer for a.test"}),
    [](const auto& row) { return std::string{row.param.proves}; });

TEST(NameServerGone, IsTold) {
  const auto told = tell({"probe", "sip:alice@a.test"}, "127.0.0.1:" + port_of_nobody());
  EXPECT_EQ(told.error(), "dns");
  EXPECT_THAT(told.document["error"]["text"].get<std::string>(),
              HasSubstr("No name server can be asked"));
}

TEST(NameServerSilent, IsNoReasonToWaitAfterCtrlC) {
  const UdpPeer peer{[](const std::string&) { return std::nullopt; }};
  Tool tool{
      {"probe", "--json", "sip:alice@a.test", "--timeout", "50s", "--dns-server", peer.place()}};
  ASSERT_TRUE(tool.wait_for("probe: sip:alice@a.test"));
  tool.send_signal(SIGINT);
  const auto outcome = tool.finish();
  EXPECT_EQ(outcome.exit, 130);
  EXPECT_EQ(json::parse(outcome.out, nullptr, false)["error"]["kind"], "interrupted");
}

// A NAPTR record whose service would clear the screen.
std::string hostile_naptr(std::string request) {
  request.at(2) = static_cast<char>(request.at(2) | '\x80');
  request.at(3) = '\x80';
  const auto type = request.size() < 4 ? '\0' : request.at(request.size() - 3);
  if (type != 35) {
    request.at(3) = '\x83';
    return request;
  }
  request.at(7) = 1;
  using namespace std::string_literals;
  const auto data = "\0\x01\0\x01\x01s\x0bSIP+\x1b[2J\xff\0\n\0\0"s;
  return request + "\xc0\x0c\0\x23\0\x01\0\0\0\x3c\0"s + static_cast<char>(data.size()) + data;
}

TEST(Hostile, RecordsReachNoTerminal) {
  const UdpPeer peer{hostile_naptr};
  const auto outcome = run({"probe", "sip:alice@a.test", "--dns-server", peer.place()});
  EXPECT_EQ(outcome.exit, 3);
  EXPECT_THAT(outcome.out, HasSubstr("NAPTR a.test\n    order 1 preference 1  SIP+"));
  EXPECT_THAT(outcome.out, Not(HasSubstr("\x1b")));
  const auto told = tell({"probe", "sip:alice@a.test"}, peer.place());
  EXPECT_EQ(told.resolution()["naptr"]["records"].size(), 1U);
}

}  // namespace
}  // namespace sipauth::e2e
