#include "net/certificate_names.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sipauth::net {
namespace {

struct Case {
  std::string_view proves;
  CertificateNames names;
  std::string_view domain;
  NameMatch match = NameMatch::none;
};

CertificateNames alternative(std::vector<std::string> uris, std::vector<std::string> dns,
                             std::vector<std::string> addresses = {}) {
  return {std::move(uris), std::move(dns), std::move(addresses), "example.com", true};
}

CertificateNames common(std::string name) { return {{}, {}, {}, std::move(name), false}; }

class CertificateNamesTest : public testing::TestWithParam<Case> {};

TEST_P(CertificateNamesTest, Match) {
  EXPECT_EQ(match_certificate(GetParam().names, GetParam().domain), GetParam().match)
      << GetParam().names.text();
}

const std::vector<Case> rows{
    {"SipUri", alternative({"sip:example.com"}, {}), "example.com", NameMatch::exact},
    {"SipUriInAnyCase", alternative({"SIP:Example.COM"}, {}), "example.com", NameMatch::exact},
    {"SipUriWithPortAndParameter", alternative({"sip:example.com:5061;x"}, {}), "example.com",
     NameMatch::exact},
    {"SecondSipUri", alternative({"sip:a.example", "sip:b.example"}, {}), "b.example",
     NameMatch::exact},
    {"SipsUriDoesNotCount", alternative({"sips:example.com"}, {}), "example.com"},
    {"SipUriWithUserDoesNotCount", alternative({"sip:example.com@example.com"}, {}), "example.com"},
    {"SipUriOfAnotherDomainRulesDnsOut", alternative({"sip:a.example"}, {"b.example"}),
     "b.example"},
    {"UriThatIsNoDomainLeavesDns", alternative({"sip:alice@a.example"}, {"b.example"}), "b.example",
     NameMatch::exact},
    {"Dns", alternative({}, {"example.com"}), "example.com", NameMatch::exact},
    {"DnsWithRootDot", alternative({}, {"example.com"}), "example.com.", NameMatch::exact},
    {"DnsOfTheParent", alternative({}, {"example.com"}), "pbx.example.com"},
    {"DnsOfAChild", alternative({}, {"pbx.example.com"}), "example.com"},
    {"DnsWithANul", alternative({}, {std::string{"example.com\0.evil", 17}}), "example.com"},
    {"Wildcard", alternative({}, {"*.example.com"}), "pbx.example.com", NameMatch::wildcard},
    {"ExactBeforeWildcard", alternative({}, {"*.example.com", "pbx.example.com"}),
     "pbx.example.com", NameMatch::exact},
    {"WildcardIsOneLabel", alternative({}, {"*.example.com"}), "a.b.example.com"},
    {"WildcardIsNotNoLabel", alternative({}, {"*.example.com"}), "example.com"},
    {"WildcardOfATopLevelDomain", alternative({}, {"*.com"}), "example.com"},
    {"WildcardWithinALabel", alternative({}, {"p*.example.com"}), "pbx.example.com"},
    {"WildcardAlone", alternative({}, {"*"}), "localhost"},
    {"CommonNameWhenThereIsNothingElse", common("example.com"), "example.com", NameMatch::exact},
    {"CommonNameBesideAlternatives", alternative({}, {"other.example"}), "example.com"},
    {"CommonNameBesideAnEmptyExtension", alternative({}, {}), "example.com"},
    {"IPv4", alternative({}, {}, {"127.0.0.1"}), "127.0.0.1", NameMatch::exact},
    {"IPv6InAnySpelling", alternative({}, {}, {"0000:0000:0000:0000:0000:0000:0000:0001"}), "[::1]",
     NameMatch::exact},
    {"OtherAddress", alternative({}, {}, {"127.0.0.2"}), "127.0.0.1"},
    {"AddressAsDnsName", alternative({}, {"127.0.0.1"}), "127.0.0.1"},
    {"AddressInASipUri", alternative({"sip:127.0.0.1"}, {}), "127.0.0.1", NameMatch::exact},
    {"IPv6InASipUri", alternative({"sip:[0:0::1]:5061"}, {}), "::1", NameMatch::exact},
    {"AddressInTheCommonName", common("127.0.0.1"), "127.0.0.1", NameMatch::exact},
    {"AddressIsNoWildcard", alternative({}, {"*.0.0.1"}), "127.0.0.1"},
    {"NoDomain", common(""), ""},
};
INSTANTIATE_TEST_SUITE_P(Rows, CertificateNamesTest, testing::ValuesIn(rows),
                         [](const auto& row) { return std::string{row.param.proves}; });

TEST(CertificateNames, TextIsFitForATerminal) {
  EXPECT_EQ(alternative({"sip:a"}, {"b\x1b[2J"}, {"127.0.0.1"}).text(),
            "URI:sip:a, DNS:b?[2J, IP:127.0.0.1");
  EXPECT_EQ(common("example.com").text(), "CN:example.com");
  EXPECT_EQ(common("").text(), "");
}

TEST(CertificateNames, AddressesDoNotGoIntoSni) {
  EXPECT_TRUE(is_dns_name("example.com"));
  for (const auto* address : {"127.0.0.1", "::1", "[::1]", ""}) {
    EXPECT_FALSE(is_dns_name(address)) << address;
  }
}

}  // namespace
}  // namespace sipauth::net
