#include "sipauth/uri.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "lib/allocations.hpp"
#include "lib/header_values.hpp"

namespace sipauth {

using namespace header_values;
using namespace std::string_view_literals;

// `scheme user : password @ host : port parameters ? headers`, absent parts left out.
static std::string reading(const Uri& uri) {
  constexpr std::string_view schemes[] = {"sip", "sips", "tel", "other"};
  std::string line{schemes[static_cast<std::size_t>(uri.scheme)]};
  const auto add = [&](std::string_view what, std::string_view text) {
    if (!text.empty()) line += ' ' + std::string{what} + std::string{text};
  };
  add("user=", uri.user);
  add("password=", uri.password);
  add("host=", uri.host);
  if (uri.port) add("port=", std::to_string(*uri.port));
  add("", uri.parameters);
  add("?", uri.headers);
  return line;
}

namespace {

class UriTest : public testing::TestWithParam<Case> {};
TEST_P(UriTest, IsReadAndReported) { expect_reading<Uri>(GetParam()); }

const std::vector<Case> legal{
    {.proves = "HostAlone", .text = "sip:example.com", .reading = "sip host=example.com"},
    {.proves = "EveryPart",
     .text = "sip:alice@example.com:5060;transport=tcp;lr?subject=a&x=b",
     .reading = "sip user=alice host=example.com port=5060 ;transport=tcp;lr ?subject=a&x=b"},
    {.proves = "SchemeInAnyCase", .text = "SIPS:a@b", .reading = "sips user=a host=b"},
    {.proves = "Ipv6ReferenceKeepsItsBrackets",
     .text = "sip:alice@[2001:db8::1]:5060;lr",
     .reading = "sip user=alice host=[2001:db8::1] port=5060 ;lr"},
    {.proves = "PortWithinBracketsIsPartOfTheAddress",
     .text = "sip:[2001:db8::10:5070]",
     .reading = "sip host=[2001:db8::10:5070]"},
    {.proves = "MappedIpv4",
     .text = "sip:[::ffff:192.0.2.1]",
     .reading = "sip host=[::ffff:192.0.2.1]"},
    {.proves = "SemicolonAndQuestionMarkMayStandInTheUser",
     .text = "sip:alice;day=tuesday?a/b@example.com",
     .reading = "sip user=alice;day=tuesday?a/b host=example.com"},
    {.proves = "EscapesStayAsTheyStand",
     .text = "sip:%61%00lice%40x@example.com;p%5F=%20",
     .reading = "sip user=%61%00lice%40x host=example.com ;p%5F=%20"},
    {.proves = "MarksMayStandInTheUser",
     .text = "sip:-_.!~*'()&=+$,;?/@h",
     .reading = "sip user=-_.!~*'()&=+$,;?/ host=h"},
    {.proves = "BracketsAndColonsMayStandInAParameter",
     .text = "sip:h;maddr=[::1]:/&+$",
     .reading = "sip host=h ;maddr=[::1]:/&+$"},
    {.proves = "HeadersWithoutParameters", .text = "sip:h?a=", .reading = "sip host=h ?a="},
    {.proves = "SemicolonWithinHeadersIsNoParameter",
     .text = "sip:h?a=%3b",
     .reading = "sip host=h ?a=%3b"},
    {.proves = "LeadingZerosOfAPort", .text = "sip:h:0005060", .reading = "sip host=h port=5060"},
    {.proves = "LargestPort", .text = "sip:h:65535", .reading = "sip host=h port=65535"},
    {.proves = "TelephoneNumberIsTheUser",
     .text = "tel:+1-201-555-0123;phone-context=example.com",
     .reading = "tel user=+1-201-555-0123 ;phone-context=example.com"},
    {.proves = "OtherSchemesAreKeptWhole",
     .text = "urn:uuid:f81d4fae-7dec-11d0",
     .reading = "other"},
    {.proves = "HttpIsAnotherScheme", .text = "http://a@b:1/c?d#e", .reading = "other"},
    {.proves = "TorturedUserOfRfc4475",
     .text = "sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*:&it+has=1,weird!*pas$wo~d_too."
             "(doesn't-it)@example.com",
     .reading = "sip user=1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;* "
                "password=&it+has=1,weird!*pas$wo~d_too.(doesn't-it) host=example.com",
     .reported = "SL-uri-password 53+42"},
};
INSTANTIATE_TEST_SUITE_P(Legal, UriTest, testing::ValuesIn(legal), name_of);

const std::vector<Case> illegal{
    {.proves = "NothingBehindTheScheme",
     .text = "sip:",
     .reading = "sip",
     .reported = "SL-host-missing 4+0"},
    {.proves = "NothingBehindTheAtSign",
     .text = "sip:alice@",
     .reading = "sip user=alice",
     .reported = "SL-host-missing 10+0"},
    {.proves = "NothingInFrontOfTheAtSign",
     .text = "sip:@h",
     .reading = "sip host=h",
     .reported = "SL-uri-user-missing 4+0"},
    {.proves = "PasswordWithoutUser",
     .text = "sip::pw@h",
     .reading = "sip password=pw host=h",
     .reported = "SL-uri-user-missing 4+0 | SL-uri-password 5+2"},
    {.proves = "PasswordIsNoted",
     .text = "sip:a:b@h",
     .reading = "sip user=a password=b host=h",
     .reported = "SL-uri-password 6+1"},
    {.proves = "MailAddressAsUserEndsAtTheLastAtSign",
     .text = "sip:alice@home@example.com;lr",
     .reading = "sip user=alice@home host=example.com ;lr",
     .reported = "SL-uri-at-sign 9+1"},
    {.proves = "AtSignInAHeaderDoesNotMoveTheHost",
     .text = "sip:bob@example.com?Replaces=1@evil.example",
     .reading = "sip user=bob host=example.com ?Replaces=1@evil.example",
     .reported = "SL-uri-at-sign 30+1 | SL-uri-character 30+1"},
    {.proves = "AtSignInAParameterDoesNotMoveTheHost",
     .text = "sip:bob@example.com;x=@evil.example",
     .reading = "sip user=bob host=example.com ;x=@evil.example",
     .reported = "SL-uri-at-sign 22+1 | SL-uri-character 22+1"},
    {.proves = "PercentAtTheEnd",
     .text = "sip:h;a=%",
     .reading = "sip host=h ;a=%",
     .reported = "SL-uri-escape 8+1"},
    {.proves = "PercentWithOneDigit",
     .text = "sip:h;a=%4",
     .reading = "sip host=h ;a=%4",
     .reported = "SL-uri-escape 8+2"},
    {.proves = "PercentWithoutHexadecimalDigits",
     .text = "sip:%n%s@h",
     .reading = "sip user=%n%s host=h",
     .reported = "SL-uri-escape 4+3 | SL-uri-escape 6+2"},
    {.proves = "BlankInTheUser",
     .text = "sip:alice smith@h",
     .reading = "sip user=alice smith host=h",
     .reported = "SL-uri-character 9+1"},
    {.proves = "LooseRoutingBehindABlankAsRfc4475Lwsruri",
     .text = "sip:user@example.com; lr",
     .reading = "sip user=user host=example.com ; lr",
     .reported = "SL-uri-character 21+1"},
    {.proves = "ControlBytesAndUtf8",
     .text = "sip:a\0\xc3\xa4@h"sv,
     .reading = "sip user=a\0\xc3\xa4 host=h"sv,
     .reported = "SL-uri-character 5+3"},
    {.proves = "Ipv6WithoutBracketsAsRfc5118",
     .text = "sip:2001:db8::10",
     .reading = "sip host=2001",
     .reported = "SL-port 9+7"},
    {.proves = "OpenBracket",
     .text = "sip:[::1",
     .reading = "sip host=[::1",
     .reported = "SL-host-bracket 4+1"},
    {.proves = "BracketsRoundAName",
     .text = "sip:[example.com]",
     .reading = "sip host=[example.com]",
     .reported = "SL-host-character 4+13"},
    {.proves = "TextBehindABracket",
     .text = "sip:[::1]x:5060",
     .reading = "sip host=[::1] port=5060",
     .reported = "SL-host-character 9+1"},
    {.proves = "EscapeInTheHost",
     .text = "sip:a@ex%41mple.com",
     .reading = "sip user=a host=ex%41mple.com",
     .reported = "SL-host-character 6+13"},
    {.proves = "UnderscoreInTheHost",
     .text = "sip:my_pbx",
     .reading = "sip host=my_pbx",
     .reported = "SL-host-underscore 4+6"},
    {.proves = "PortIsMissing",
     .text = "sip:h:",
     .reading = "sip host=h",
     .reported = "SL-port 6+0"},
    {.proves = "PortIsTooLarge",
     .text = "sip:h:65536",
     .reading = "sip host=h",
     .reported = "SL-port 6+5"},
    {.proves = "PortOverflowsThirtyTwoBits",
     .text = "sip:h:4294972356",
     .reading = "sip host=h",
     .reported = "SL-port 6+10"},
    {.proves = "PortWithSign",
     .text = "sip:h:+1",
     .reading = "sip host=h",
     .reported = "SL-port 6+2"},
    {.proves = "EmptyParameter",
     .text = "sip:h;;lr",
     .reading = "sip host=h ;;lr",
     .reported = "SL-parameter-empty 6+0"},
    {.proves = "SemicolonAtTheEnd",
     .text = "sip:h;",
     .reading = "sip host=h ;",
     .reported = "SL-parameter-empty 6+0"},
    {.proves = "ParameterTwice",
     .text = "sip:h;transport=udp;Transport=tcp",
     .reading = "sip host=h ;transport=udp;Transport=tcp",
     .reported = "SL-parameter-repeated 20+9"},
    {.proves = "LifetimeOutOfRange",
     .text = "sip:h;ttl=256",
     .reading = "sip host=h ;ttl=256",
     .reported = "SL-parameter-range 10+3"},
    {.proves = "BlankInATelephoneNumber",
     .text = "tel:+1 2",
     .reading = "tel user=+1 2",
     .reported = "SL-uri-character 6+1"},
};
INSTANTIATE_TEST_SUITE_P(Illegal, UriTest, testing::ValuesIn(illegal), name_of);

TEST(UriError, SaysWhichByteWasNotRead) {
  using Kind = ParseError::Kind;
  expect_unread<Uri>({
      {"", {Kind::empty, 0}},
      {"/", {Kind::not_a_uri, 0}},
      {"%", {Kind::not_a_uri, 0}},
      {"alice@example.com", {Kind::not_a_uri, 5}},
      {"<sip:alice@example.com>", {Kind::not_a_uri, 0}},
      {"5sip:x", {Kind::not_a_uri, 4}},
      {":x", {Kind::not_a_uri, 0}},
      {"sip", {Kind::not_a_uri, 3}},
      {"urn:", {Kind::not_a_uri, 4}},
      {"tel:", {Kind::not_a_uri, 4}},
      {" sip:x", {Kind::not_a_uri, 0}},
  });
}

TEST(FindParameter, TellsAbsentEmptyAndQuotedApart) {
  constexpr auto list = ";a=b;LR;c=\"x;d=1\" ; e = f ;a=2;g="sv;
  EXPECT_EQ(find_parameter(list, "A"), "b");
  ASSERT_TRUE(find_parameter(list, "lr"));
  EXPECT_TRUE(find_parameter(list, "lr")->empty());
  EXPECT_NE(find_parameter(list, "lr")->data(), nullptr);
  EXPECT_EQ(find_parameter(list, "c"), "\"x;d=1\"");
  EXPECT_EQ(find_parameter(list, "d"), std::nullopt);
  EXPECT_EQ(find_parameter(list, "e"), "f");
  ASSERT_TRUE(find_parameter(list, "g"));
  EXPECT_TRUE(find_parameter(list, "g")->empty());
  EXPECT_EQ(find_parameter("", "a"), std::nullopt);
  EXPECT_EQ(find_parameter(";", "a"), std::nullopt);
  EXPECT_EQ(find_parameter(";a=\"open;b=1", "b"), std::nullopt);
}

TEST(UriMemory, NothingIsAllocatedAndEveryViewLiesInTheText) {
  const std::string text =
      "sip:a%4:\x01pw@b@[2001:db8::1]:99999;x=\"1;;ttl=a;lr;lr?h=%zz&x=<>\xff tail";
  for (std::size_t length = 0; length <= text.size(); ++length) {
    // A copy of its own size, so that a sanitizer sees the first byte read too far.
    const std::vector<char> bytes(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(length));
    const std::string_view part{bytes.data(), length};
    Diagnostics diagnostics;
    const auto before = allocations();
    const auto uri = Uri::parse(part, diagnostics);
    const auto after = allocations();
    EXPECT_EQ(after, before);
    for (const auto& diagnostic : diagnostics.list()) {
      EXPECT_LE(diagnostic.where.offset + diagnostic.where.length, length);
    }
    if (!uri) {
      EXPECT_LE(uri.error().offset, length);
      continue;
    }
    for (const auto view : {uri->scheme_name, uri->user, uri->password, uri->host, uri->parameters,
                            uri->headers, uri->text}) {
      if (view.data() == nullptr) continue;
      EXPECT_LE(span_of(view, part).offset + view.size(), length);
    }
  }
}

TEST(UriBounds, LongAndRepetitiveUrisAreReadOnce) {
  for (const auto* unit : {"a", ";", "@", "%", "?", ":", "[", "\"", ";lr", "&=", "\xff", "% "}) {
    std::string text = "sip:";
    while (text.size() < 65'000) text += unit;
    Diagnostics diagnostics;
    const auto uri = Uri::parse(text, diagnostics);
    ASSERT_TRUE(uri) << unit;
    EXPECT_EQ(uri->text.size(), text.size());
  }
}

}  // namespace
}  // namespace sipauth
