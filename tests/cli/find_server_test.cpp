// Finding the server, on records that stand in the test: RFC 3263 section 4 and the draw of RFC
// 2782.

#include "net/find_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "cli/zone.hpp"

namespace sipauth::net {
namespace {

using enum TransportKind;
using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> places(const Resolution& resolution) {
  std::vector<std::string> list;
  for (const auto& candidate : resolution.candidates) {
    list.push_back(std::string{transport_name(candidate.transport)} + ' ' + candidate.address +
                   ' ' + std::to_string(candidate.port));
  }
  return list;
}

NaptrRecord naptr(std::uint16_t order, std::string service, std::string replacement,
                  std::string flags = "s", std::string regexp = "") {
  return {
      order, 50, std::move(flags), std::move(service), std::move(regexp), std::move(replacement)};
}

/// A domain that has everything: TLS before TCP before UDP.
Zone everything() {
  return {.naptr = {{"a",
                     {naptr(30, "SIP+D2U", "_sip._udp.a"), naptr(20, "SIP+D2T", "_sip._tcp.a"),
                      naptr(10, "SIPS+D2T", "_sips._tcp.a")}}},
          .srv = {{"_sip._udp.a", {{1, 0, 5070, "u.a"}}},
                  {"_sip._tcp.a", {{1, 0, 5080, "t.a"}}},
                  {"_sips._tcp.a", {{1, 0, 5090, "s.a"}}}},
          .addresses = {{"a", {{"192.0.2.1", 60}}},
                        {"u.a", {{"192.0.2.2", 60}}},
                        {"t.a", {{"192.0.2.3", 60}}},
                        {"s.a", {{"192.0.2.4", 60}}}}};
}

Zone without_naptr() {
  auto zone = everything();
  zone.naptr.clear();
  return zone;
}

Zone with_naptr(std::vector<NaptrRecord> records) {
  auto zone = everything();
  zone.naptr["a"] = std::move(records);
  return zone;
}

Zone with_srv(const std::string& name, std::vector<SrvRecord> records) {
  auto zone = without_naptr();
  zone.srv = {{name, std::move(records)}};
  return zone;
}

Zone only_addresses() { return {.addresses = {{"a", {{"2001:db8::1", 60}, {"192.0.2.1", 60}}}}}; }

struct Case {
  std::string_view proves;
  Zone zone;
  Wanted wanted;
  std::vector<std::string> candidates;
  std::string_view problem = "";  ///< a part of one; empty: there is none
  bool speaks_tls = true;
};

void PrintTo(const Case& row, std::ostream* out) { *out << row.proves; }

class FindServer : public testing::TestWithParam<Case> {};

TEST_P(FindServer, Candidates) {
  const auto& row = GetParam();
  const auto found = search(row.zone, row.wanted, row.speaks_tls).found;
  EXPECT_EQ(places(found), row.candidates);
  EXPECT_EQ(found.error.has_value(), row.candidates.empty());
  std::string problems;
  for (const auto& problem : found.problems) problems += problem + '\n';
  if (row.problem.empty()) {
    EXPECT_EQ(problems, "");
  } else {
    EXPECT_THAT(problems, HasSubstr(std::string{row.problem}));
  }
}

const Wanted sip{.host = "a"};
const Wanted sips{.host = "a", .secure = true};

const std::vector<Case> transports{
    {"NumericHostIsTaken", everything(), {.host = "192.0.2.9"}, {"udp 192.0.2.9 5060"}},
    {"NumericHostOfSipsIsTls",
     everything(),
     {.host = "2001:db8::9", .secure = true},
     {"tls 2001:db8::9 5061"}},
    {"PortSkipsNaptrAndSrv", everything(), {.host = "a", .port = 5999}, {"udp 192.0.2.1 5999"}},
    {"PortOfSipsSkipsNaptrAndSrv",
     everything(),
     {.host = "a", .port = 5999, .secure = true},
     {"tls 192.0.2.1 5999"}},
    {"PortAndTransport",
     everything(),
     {.host = "a", .port = 5999, .transport = tcp},
     {"tcp 192.0.2.1 5999"}},
    {"NamedTransportHasItsSrv",
     everything(),
     {.host = "a", .transport = udp},
     {"udp 192.0.2.2 5070"}},
    {"NamedTlsHasTheSrvOfSips",
     everything(),
     {.host = "a", .transport = tls},
     {"tls 192.0.2.4 5090"}},
    {"NaptrOfTheLowestOrder", everything(), sip, {"tls 192.0.2.4 5090"}},
    {"NaptrWithTlsNeedsTls", everything(), sip, {"tcp 192.0.2.3 5080"}, "", false},
    {"SipsTakesOnlySips",
     with_naptr({naptr(10, "SIP+D2T", "_sip._tcp.a"), naptr(20, "SIPS+D2T", "_sips._tcp.a")}),
     sips,
     {"tls 192.0.2.4 5090"}},
    {"SipsIsNotDowngradedByNaptr",
     with_naptr({naptr(10, "SIP+D2U", "_sip._udp.a")}),
     sips,
     {"tls 192.0.2.4 5090"},
     "No NAPTR record can be followed"},
    {"SipsIsNotDowngradedBySrv",
     with_srv("_sip._udp.a", {{1, 0, 5070, "u.a"}}),
     sips,
     {"tls 192.0.2.1 5061"}},
    {"SrvOfUdpThenTcpWithoutNaptr",
     without_naptr(),
     sip,
     {"udp 192.0.2.2 5070", "tcp 192.0.2.3 5080"}},
    {"SrvOfSipsWithoutNaptr", without_naptr(), sips, {"tls 192.0.2.4 5090"}},
    {"SrvOfTcpAlone", with_srv("_sip._tcp.a", {{1, 0, 5080, "t.a"}}), sip, {"tcp 192.0.2.3 5080"}},
    {"SrvOfSipsIsNotForSip",
     with_srv("_sips._tcp.a", {{1, 0, 5090, "s.a"}}),
     sip,
     {"udp 192.0.2.1 5060"},
     "type sips:a"},
    {"AddressesWithoutRecords",
     only_addresses(),
     sip,
     {"udp 192.0.2.1 5060", "udp 2001:db8::1 5060"}},
    {"AddressesOfSipsWithoutRecords",
     only_addresses(),
     sips,
     {"tls 192.0.2.1 5061", "tls 2001:db8::1 5061"}},
    {"AddressesOfANamedTransport",
     only_addresses(),
     {.host = "a", .transport = tcp},
     {"tcp 192.0.2.1 5060", "tcp 2001:db8::1 5060"}},
    {"ThisHostIsNotLookedUp",
     {.srv = {{"_sip._udp.localhost", {{1, 0, 5070, "u.a"}}}},
      .addresses = {{"localhost", {{"127.0.0.1", 0}}}}},
     {.host = "localhost"},
     {"udp 127.0.0.1 5060"}},
};
INSTANTIATE_TEST_SUITE_P(Rfc3263, FindServer, testing::ValuesIn(transports),
                         [](const auto& row) { return std::string{row.param.proves}; });

const std::vector<Case> records{
    {"WebSocketNeedsItsUri",
     with_naptr({naptr(10, "SIPS+D2W", "_sips._ws.a"), naptr(20, "SIP+D2U", "_sip._udp.a")}),
     sip,
     {"udp 192.0.2.2 5070"}},
    {"ServiceAndFlagInAnyCase",
     with_naptr({naptr(1, "sip+d2t", "_sip._tcp.a", "S")}),
     sip,
     {"tcp 192.0.2.3 5080"}},
    {"ReplacementElsewhere",
     {.naptr = {{"a", {naptr(1, "SIP+D2U", "_sip._udp.provider")}}},
      .srv = {{"_sip._udp.provider", {{1, 0, 5071, "sip.provider"}}}},
      .addresses = {{"sip.provider", {{"198.51.100.1", 60}}}}},
     sip,
     {"udp 198.51.100.1 5071"}},
    {"FlagForAddressesIsNotFollowed",
     with_naptr({naptr(1, "SIP+D2U", "u.a", "a")}),
     sip,
     {"udp 192.0.2.2 5070", "tcp 192.0.2.3 5080"},
     "No NAPTR record can be followed"},
    {"RegularExpressionIsNotFollowed",
     with_naptr(
         {naptr(1, "SIP+D2U", ".", "s", "!^.*$!sip:b!"), naptr(2, "SIP+D2T", "_sip._tcp.a")}),
     sip,
     {"tcp 192.0.2.3 5080"}},
    {"TwoServicesOfOneOrder",
     with_naptr({naptr(1, "SIP+D2U", "_sip._udp.a"), naptr(1, "SIP+D2T", "_sip._tcp.a")}),
     sip,
     {"tcp 192.0.2.3 5080", "udp 192.0.2.2 5070"}},
    {"NaptrThatLeadsNowhere",
     {.naptr = {{"a", {naptr(1, "SIP+D2T", "_sip._tcp.gone")}}},
      .addresses = {{"a", {{"192.0.2.1", 60}}}}},
     sip,
     {"tcp 192.0.2.1 5060"},
     "leads to _sip._tcp.gone, where there is no SRV record"},
    {"NoSuchService",
     with_srv("_sip._udp.a", {{0, 0, 0, "."}}),
     {.host = "a", .transport = udp},
     {},
     "no such service"},
    {"NoSuchServiceOfOneTransport",
     {.srv = {{"_sip._udp.a", {{0, 0, 0, "."}}}, {"_sip._tcp.a", {{1, 0, 5080, "t.a"}}}},
      .addresses = {{"t.a", {{"192.0.2.3", 60}}}}},
     sip,
     {"tcp 192.0.2.3 5080"},
     "_sip._udp.a says"},
    {"TargetWithoutAddress",
     with_srv("_sip._udp.a", {{1, 0, 5060, "gone.a"}, {2, 0, 5070, "u.a"}}),
     sip,
     {"udp 192.0.2.2 5070"},
     "gone.a of _sip._udp.a has no address: no such name"},
    {"TargetsWithoutAddressAreNoReasonForTheDomainsOwn",
     with_srv("_sip._udp.a", {{1, 0, 5060, "gone.a"}}),
     sip,
     {},
     "has no address"},
    {"TargetThatIsAnAlias",
     {.srv = {{"_sip._udp.a", {{1, 0, 5070, "alias.a"}}}},
      .addresses = {{"alias.a", {{"192.0.2.2", 60}}}},
      .aliases = {{"alias.a", "u.a"}}},
     sip,
     {"udp 192.0.2.2 5070"},
     "is a CNAME of u.a"},
    {"TargetThatIsAnAddress",
     {.srv = {{"_sip._udp.a", {{1, 0, 5070, "192.0.2.7"}}}},
      .addresses = {{"192.0.2.7", {{"192.0.2.7", 0}}}}},
     sip,
     {"udp 192.0.2.7 5070"},
     "is an address; it has to be a name"},
    {"PortZero", with_srv("_sip._udp.a", {{1, 0, 0, "u.a"}}), sip, {}, "port 0"},
    {"OneAddressIsTriedOnce",
     with_srv("_sip._udp.a", {{1, 0, 5070, "u.a"}, {2, 0, 5070, "u.a"}, {3, 0, 5071, "u.a"}}),
     sip,
     {"udp 192.0.2.2 5070", "udp 192.0.2.2 5071"}},
    {"NaptrThatIsNotAnswered",
     {.srv = {{"_sip._udp.a", {{1, 0, 5070, "u.a"}}}},
      .addresses = {{"u.a", {{"192.0.2.2", 60}}}},
      .failing = {{"a", DnsStatus::timeout}}},
     sip,
     {"udp 192.0.2.2 5070"},
     "Whether there is a NAPTR record is not known: no answer"},
    {"SrvThatFails",
     {.addresses = {{"a", {{"192.0.2.1", 60}}}},
      .failing = {{"_sip._udp.a", DnsStatus::server_failed}}},
     sip,
     {"udp 192.0.2.1 5060"},
     "Whether there is an SRV record at _sip._udp.a is not known"},
};
INSTANTIATE_TEST_SUITE_P(Records, FindServer, testing::ValuesIn(records),
                         [](const auto& row) { return std::string{row.param.proves}; });

struct Failure {
  std::string_view proves;
  Zone zone;
  std::string_view says;
};

void PrintTo(const Failure& row, std::ostream* out) { *out << row.proves; }

class NothingFound : public testing::TestWithParam<Failure> {};

TEST_P(NothingFound, SaysWhy) {
  const auto found = search(GetParam().zone, sip).found;
  ASSERT_TRUE(found.error);
  EXPECT_EQ(found.error->kind, NetError::Kind::dns);
  EXPECT_THAT(found.error->text, HasSubstr(std::string{GetParam().says}));
}

Zone all_fail(DnsStatus status) {
  return {.failing = {{"a", status}, {"_sip._udp.a", status}, {"_sip._tcp.a", status}}};
}

const std::vector<Failure> failures{
    {"NoSuchName", {}, "There is no host a"},
    {"NoAnswer", all_fail(DnsStatus::timeout), "does not answer for a"},
    {"NoServer", all_fail(DnsStatus::unreachable), "No name server can be asked"},
    {"ServerFails", all_fail(DnsStatus::server_failed), "SERVFAIL"},
    {"NothingOfUse",
     {.naptr = {{"a", {naptr(1, "E2U+sip", ".", "u", "!^.*$!sip:b!")}}}},
     "no address of the family"},
    {"NoSuchService", with_srv("_sip._udp.a", {{0, 0, 0, "."}}), "no such service"},
    {"DeadEnds", with_srv("_sip._udp.a", {{1, 0, 5060, "gone.a"}}), "lead to no address"},
};
INSTANTIATE_TEST_SUITE_P(Errors, NothingFound, testing::ValuesIn(failures),
                         [](const auto& row) { return std::string{row.param.proves}; });

TEST(FindServerAsks, NothingForAnAddress) {
  EXPECT_THAT(search(everything(), {.host = "192.0.2.9"}).asked, ElementsAre());
}

TEST(FindServerAsks, AddressesOnlyWhereAPortIsNamed) {
  EXPECT_THAT(search(everything(), {.host = "a", .port = 5060}).asked, ElementsAre("A a"));
}

TEST(FindServerAsks, NoNaptrWhereATransportIsNamed) {
  EXPECT_THAT(search(everything(), {.host = "a", .transport = tcp}).asked,
              ElementsAre("A a", "SRV _sip._tcp.a", "A t.a"));
}

TEST(FindServerAsks, EachQuestionOnce) {
  auto asked = search(everything(), sip).asked;
  const auto count = asked.size();
  std::ranges::sort(asked);
  asked.erase(std::unique(asked.begin(), asked.end()), asked.end());
  EXPECT_EQ(asked.size(), count);
}

TEST(FindServerAsks, NoMoreThanABoundedNumber) {
  std::vector<SrvRecord> many;
  Zone zone;
  for (std::uint16_t i = 0; i < 1000; ++i) {
    const auto target = "t" + std::to_string(i);
    many.push_back({i, 0, 5060, target});
    zone.addresses[target] = {{"192.0.2." + std::to_string(i % 250), 60}};
  }
  zone.srv["_sip._udp.a"] = many;
  const auto result = search(zone, sip);
  EXPECT_EQ(result.found.candidates.size(), max_candidates);
  EXPECT_LE(result.asked.size(), 32U);
}

TEST(FindServer, WithoutTheModuleSaysThatRecordsWereNotAskedFor) {
  const auto zone = everything();
  const auto found = find_server(sip, {.fetch =
                                           [&](const std::vector<DnsQuestion>& questions) {
                                             EXPECT_EQ(questions.size(), 1U);
                                             return std::vector{zone.answer(questions.front())};
                                           },
                                       .only_addresses = "There is no module."});
  EXPECT_THAT(places(found), ElementsAre("udp 192.0.2.1 5060"));
  ASSERT_EQ(found.notes.size(), 1U);
  EXPECT_THAT(found.notes.front(), HasSubstr("There is no module."));
}

TEST(FindServer, InterruptedIsTheEndOfIt) {
  const auto found = find_server(
      sip, {.fetch = [](const auto&) -> std::expected<std::vector<DnsAnswer>, NetError> {
        return std::unexpected{NetError{NetError::Kind::interrupted, "x"}};
      }});
  ASSERT_TRUE(found.error);
  EXPECT_EQ(found.error->kind, NetError::Kind::interrupted);
}

}  // namespace
}  // namespace sipauth::net
