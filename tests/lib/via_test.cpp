#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "lib/header_values.hpp"
#include "sipauth/address.hpp"

namespace sipauth {

using namespace header_values;

static std::string reading(const Via& via) {
  std::string line =
      std::string{via.protocol} + ' ' + std::string{via.transport} + ' ' + std::string{via.host};
  if (via.port) line += ' ' + std::to_string(*via.port);
  line += via.parameters;
  if (!via.rest.empty()) line += ", " + std::string{via.rest};
  return line;
}

static std::string reading(const CSeq& cseq) {
  return std::to_string(cseq.number) + ' ' + std::string{cseq.method};
}

namespace {

// --- Via ---

class ViaTest : public testing::TestWithParam<Case> {};
TEST_P(ViaTest, IsReadAndReported) { expect_reading<Via>(GetParam()); }

const std::vector<Case> legal_vias{
    {.proves = "HostAndPort",
     .text = "SIP/2.0/UDP pbx.example.com:5060;branch=z9hG4bK1;rport",
     .reading = "SIP/2.0 UDP pbx.example.com 5060;branch=z9hG4bK1;rport"},
    {.proves = "BlanksRoundSlashesAndColonAsRfc4475Wsinv",
     .text = "SIP  / 2.0\r\n  /UDP\r\n    192.0.2.2 : 5060 ; branch = z9hG4bK390skdjuw",
     .reading = "SIP  / 2.0 UDP 192.0.2.2 5060; branch = z9hG4bK390skdjuw"},
    {.proves = "Ipv6",
     .text = "SIP/2.0/TLS [2001:db8::1]:5061;branch=z9hG4bK1",
     .reading = "SIP/2.0 TLS [2001:db8::1] 5061;branch=z9hG4bK1"},
    {.proves = "ReceivedWithoutBracketsAsRfc5118",
     .text = "SIP/2.0/UDP [::1];received=2001:db8::9:255;branch=z9hG4bK1",
     .reading = "SIP/2.0 UDP [::1];received=2001:db8::9:255;branch=z9hG4bK1"},
    {.proves = "UnknownTransport",
     .text = "SIP/2.0/UNKNOWN h;branch=z9hG4bK1",
     .reading = "SIP/2.0 UNKNOWN h;branch=z9hG4bK1"},
    {.proves = "SeveralInOneRow",
     .text = "SIP/2.0/UDP a;branch=z9hG4bK1, SIP/2.0/UDP b;branch=z9hG4bK2",
     .reading = "SIP/2.0 UDP a;branch=z9hG4bK1, SIP/2.0/UDP b;branch=z9hG4bK2"},
    {.proves = "CookieInAnyCase",
     .text = "sip/2.0/udp h;BRANCH=Z9HG4BK1",
     .reading = "sip/2.0 udp h;BRANCH=Z9HG4BK1"},
    {.proves = "FilledRportAndLargestTtl",
     .text = "SIP/2.0/UDP h;rport=65535;ttl=255;branch=z9hG4bK1",
     .reading = "SIP/2.0 UDP h;rport=65535;ttl=255;branch=z9hG4bK1"},
};
INSTANTIATE_TEST_SUITE_P(Legal, ViaTest, testing::ValuesIn(legal_vias), name_of);

const std::vector<Case> illegal_vias{
    {.proves = "NoSentBy",
     .text = "SIP/2.0/UDP ;branch=z9hG4bK1",
     .reading = "SIP/2.0 UDP ;branch=z9hG4bK1",
     .reported = "SL-host-missing 12+0"},
    {.proves = "NothingBehindTheTransport",
     .text = "SIP/2.0/UDP",
     .reading = "SIP/2.0 UDP ",
     .reported = "SL-host-missing 11+0 | SL-via-branch-missing 11+0"},
    {.proves = "NoBranch",
     .text = "SIP/2.0/UDP h;rport, SIP/2.0/UDP i",
     .reading = "SIP/2.0 UDP h;rport, SIP/2.0/UDP i",
     .reported = "SL-via-branch-missing 19+0"},
    {.proves = "EmptyBranch",
     .text = "SIP/2.0/UDP h;branch=",
     .reading = "SIP/2.0 UDP h;branch=",
     .reported = "SL-parameter-value 21+0 | SL-via-branch-missing 21+0"},
    {.proves = "BranchWithoutValue",
     .text = "SIP/2.0/UDP h;branch",
     .reading = "SIP/2.0 UDP h;branch",
     .reported = "SL-via-branch-missing 20+0"},
    {.proves = "BranchOfRfc2543",
     .text = "SIP/2.0/UDP h;branch=1",
     .reading = "SIP/2.0 UDP h;branch=1",
     .reported = "SL-via-branch-cookie 21+1"},
    {.proves = "NothingBehindTheCookieAsRfc4475Badbranch",
     .text = "SIP/2.0/UDP h;branch=z9hG4bK",
     .reading = "SIP/2.0 UDP h;branch=z9hG4bK",
     .reported = "SL-via-branch-empty 21+7"},
    {.proves = "BranchTwice",
     .text = "SIP/2.0/UDP h;branch=z9hG4bK1;branch=z9hG4bK2",
     .reading = "SIP/2.0 UDP h;branch=z9hG4bK1;branch=z9hG4bK2",
     .reported = "SL-parameter-repeated 30+6"},
    {.proves = "AnotherVersion",
     .text = "SIP/7.0/UDP h;branch=z9hG4bK1",
     .reading = "SIP/7.0 UDP h;branch=z9hG4bK1",
     .reported = "SL-via-protocol 0+7"},
    {.proves = "PortOutOfRange",
     .text = "SIP/2.0/UDP h:70000;branch=z9hG4bK1",
     .reading = "SIP/2.0 UDP h;branch=z9hG4bK1",
     .reported = "SL-port 14+5"},
    {.proves = "PortWhoseShiftOverflows",
     .text = "SIP/2.0/UDP h:18446744073709556676;branch=z9hG4bK1",
     .reading = "SIP/2.0 UDP h;branch=z9hG4bK1",
     .reported = "SL-port 14+20"},
    {.proves = "TwoHosts",
     .text = "SIP/2.0/UDP a b;branch=z9hG4bK1",
     .reading = "SIP/2.0 UDP a b;branch=z9hG4bK1",
     .reported = "SL-host-character 12+3"},
    {.proves = "TextBehindABracketAndABlank",
     .text = "SIP/2.0/UDP [::1] x;branch=z9hG4bK1",
     .reading = "SIP/2.0 UDP [::1];branch=z9hG4bK1",
     .reported = "SL-host-character 18+1"},
    {.proves = "TtlOutOfRange",
     .text = "SIP/2.0/UDP h;ttl=4294967552;branch=z9hG4bK1",
     .reading = "SIP/2.0 UDP h;ttl=4294967552;branch=z9hG4bK1",
     .reported = "SL-parameter-range 18+10"},
};
INSTANTIATE_TEST_SUITE_P(Illegal, ViaTest, testing::ValuesIn(illegal_vias), name_of);

TEST(ViaError, SaysWhichByteWasNotRead) {
  using Kind = ParseError::Kind;
  expect_unread<Via>({
      {"", {Kind::empty, 0}},
      {"  ", {Kind::empty, 2}},
      {"SIP", {Kind::not_a_via, 3}},
      {"SIP/", {Kind::not_a_via, 4}},
      {"SIP/2.0", {Kind::not_a_via, 7}},
      {"SIP/2.0/", {Kind::not_a_via, 8}},
      {"SIP/2.0/;branch=z9hG4bK1", {Kind::not_a_via, 8}},
      {"SIP//UDP h", {Kind::not_a_via, 4}},
      {"/2.0/UDP h", {Kind::not_a_via, 0}},
      {"@", {Kind::not_a_via, 0}},
  });
}

TEST(ViaMemory, NothingIsAllocatedInAnyPrefix) {
  expect_no_allocation_in_any_prefix<Via>(
      " SIP / 3.0 / UDP [::1]x : 99999 ;branch=\"z\\\"\" ;ttl=-1;;=;rport=, SIP/2.0/UDP");
}

// --- CSeq ---

class CSeqTest : public testing::TestWithParam<Case> {};
TEST_P(CSeqTest, IsReadAndReported) { expect_reading<CSeq>(GetParam()); }

const std::vector<Case> cseqs{
    {.proves = "Usual", .text = "4711 REGISTER", .reading = "4711 REGISTER"},
    {.proves = "LeadingZerosAndFoldingAsRfc4475Wsinv",
     .text = "0009\r\n  INVITE",
     .reading = "9 INVITE"},
    {.proves = "MethodsKeepTheirCase", .text = "0 Register", .reading = "0 Register"},
    {.proves = "MethodOfEveryTokenCharacter",
     .text = "1 !interesting-Method0123456789_*+`.%indeed'~",
     .reading = "1 !interesting-Method0123456789_*+`.%indeed'~"},
    {.proves = "Largest", .text = "2147483647 A", .reading = "2147483647 A"},
    {.proves = "TwoToTheThirtyOne",
     .text = "2147483648 A",
     .reading = "2147483648 A",
     .reported = "SL-cseq-range 0+10"},
    {.proves = "LargestOfThirtyTwoBits",
     .text = "4294967295 A",
     .reading = "4294967295 A",
     .reported = "SL-cseq-range 0+10"},
    {.proves = "NoMethod", .text = "1", .reading = "1 ", .reported = "SL-method 1+0"},
    {.proves = "MethodWithOtherCharacters",
     .text = "1 IN@VITE",
     .reading = "1 IN@VITE",
     .reported = "SL-method 2+7"},
    {.proves = "TextBehindTheMethod",
     .text = "1 A b",
     .reading = "1 A",
     .reported = "SL-cseq-text 4+1"},
};
INSTANTIATE_TEST_SUITE_P(All, CSeqTest, testing::ValuesIn(cseqs), name_of);

TEST(CSeqError, SaysWhichByteWasNotRead) {
  using Kind = ParseError::Kind;
  expect_unread<CSeq>({
      {"", {Kind::empty, 0}},
      {" ", {Kind::empty, 1}},
      {"REGISTER", {Kind::not_a_cseq, 0}},
      {"REGISTER 1", {Kind::not_a_cseq, 0}},
      {"1REGISTER", {Kind::not_a_cseq, 1}},
      {"1e9 REGISTER", {Kind::not_a_cseq, 1}},
      {"-1 REGISTER", {Kind::not_a_cseq, 0}},
      {"+1 REGISTER", {Kind::not_a_cseq, 0}},
      {"4294967296 REGISTER", {Kind::not_a_number, 0}},
      {"4294967328 REGISTER", {Kind::not_a_number, 0}},
      {" 18446744073709551617 REGISTER", {Kind::not_a_number, 1}},
      {"9999999999999999999999999999999999999999 A", {Kind::not_a_number, 0}},
  });
}

TEST(CSeqMemory, NothingIsAllocatedInAnyPrefix) {
  expect_no_allocation_in_any_prefix<CSeq>(" 4294967295\r\n REG@STER x y");
}

}  // namespace
}  // namespace sipauth
