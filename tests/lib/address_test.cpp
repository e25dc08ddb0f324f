#include "sipauth/address.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "lib/header_values.hpp"

namespace sipauth {

using namespace header_values;
using namespace std::string_view_literals;

// `name <uri> parameters, rest`, absent parts left out.
static std::string reading(const NameAddr& address) {
  std::string line{address.display_name};
  if (!line.empty()) line += ' ';
  line += address.is_wildcard ? "*" : '<' + std::string{address.uri.text} + '>';
  line += address.parameters;
  if (!address.rest.empty()) line += ", " + std::string{address.rest};
  return line;
}

namespace {

class NameAddrTest : public testing::TestWithParam<Case> {};
TEST_P(NameAddrTest, IsReadAndReported) { expect_reading<NameAddr>(GetParam()); }

const std::vector<Case> legal_addresses{
    {.proves = "BracketsAlone", .text = "<sip:a@b>", .reading = "<sip:a@b>"},
    {.proves = "AddrSpecGivesItsParametersToTheHeader",
     .text = "sip:a@b;tag=1;x",
     .reading = "<sip:a@b>;tag=1;x"},
    {.proves = "QuotedNameAndParametersOnBothSides",
     .text = R"("Alice \"A\" <x>;y,z" <sip:a@b;lr>;tag=1)",
     .reading = R"("Alice \"A\" <x>;y,z" <sip:a@b;lr>;tag=1)"},
    {.proves = "NameOfTokens", .text = "Alice B. C <sip:a@b>", .reading = "Alice B. C <sip:a@b>"},
    {.proves = "NameTouchesTheBracket", .text = R"("A"<sip:a@b>)", .reading = R"("A" <sip:a@b>)"},
    {.proves = "TokenTouchesTheBracketAsRfc4475Wsinv",
     .text = "caller<sip:caller@example.com>;tag=1",
     .reading = "caller <sip:caller@example.com>;tag=1"},
    {.proves = "EmptyQuotedName", .text = R"("" <sip:a@b>)", .reading = R"("" <sip:a@b>)"},
    {.proves = "QuotedPairsOfControlBytesAsRfc4475Intmeth",
     .text = "\"BEL:\\\x07 NUL:\\\x00 DEL:\\\x7F\" <sip:a@b>"sv,
     .reading = "\"BEL:\\\x07 NUL:\\\x00 DEL:\\\x7F\" <sip:a@b>"sv},
    {.proves = "FoldingBetweenAllParts",
     .text = "\r\n \"A\"\r\n\t<sip:a@b>\r\n ;\r\n tag\r\n =\r\n 1",
     .reading = "\"A\" <sip:a@b>;\r\n tag\r\n =\r\n 1"},
    {.proves = "SecondAddressIsTheRest",
     .text = "<sip:a@b>;q=0.5 , \"B, C\" <sip:c@d>,<sip:e@f>",
     .reading = "<sip:a@b>;q=0.5, \"B, C\" <sip:c@d>,<sip:e@f>"},
    {.proves = "CommaWithinTheBracketsAndInAQuotedParameter",
     .text = "<sip:a,b@c>;x=\"1,2\";y, <sip:d@e>",
     .reading = "<sip:a,b@c>;x=\"1,2\";y, <sip:d@e>"},
    {.proves = "AddrSpecEndsAtTheComma",
     .text = "sip:a@b,sip:c@d",
     .reading = "<sip:a@b>, sip:c@d"},
    {.proves = "Wildcard", .text = "*", .reading = "*"},
    {.proves = "WildcardWithParameter", .text = "* ;expires=0", .reading = "*;expires=0"},
    {.proves = "WildcardInAList", .text = "*, x", .reading = "*, x"},
    {.proves = "AsteriskAsAName", .text = "* <sip:a@b>", .reading = "* <sip:a@b>"},
    {.proves = "OtherSchemes", .text = "<urn:service:sos>", .reading = "<urn:service:sos>"},
    {.proves = "InstanceAndQValue",
     .text = "<sip:a@b>;+sip.instance=\"<urn:uuid:0>\";q=1.000;expires=4294967295",
     .reading = "<sip:a@b>;+sip.instance=\"<urn:uuid:0>\";q=1.000;expires=4294967295"},
};
INSTANTIATE_TEST_SUITE_P(Legal, NameAddrTest, testing::ValuesIn(legal_addresses), name_of);

const std::vector<Case> illegal_addresses{
    {.proves = "OpenQuoteInTheName",
     .text = "\"Alice <sip:a@b>;tag=1",
     .reading = "\"Alice <sip:a@b>;tag=1",
     .reported = "SL-name-addr-quote 0+1"},
    {.proves = "BackslashAsTheLastByteOfTheName",
     .text = R"("Alice\" <sip:a@b>;tag=1)",
     .reading = R"("Alice\" <sip:a@b>;tag=1)",
     .reported = "SL-name-addr-quote 0+1"},
    {.proves = "SecondQuoteIsTheOpenOne",
     .text = R"("A" "B <sip:a@b>)",
     .reading = R"("A" "B <sip:a@b>)",
     .reported = "SL-name-addr-quote 4+1"},
    {.proves = "QuoteBehindABackslashOpensNothing",
     .text = R"(\"A <sip:a@b>)",
     .reading = R"(\"A <sip:a@b>)",
     .reported = "SL-name-addr-display 0+3"},
    {.proves = "TextBetweenQuoteAndBracket",
     .text = R"("A" B <sip:a@b>)",
     .reading = R"("A" B <sip:a@b>)",
     .reported = "SL-name-addr-display 0+5"},
    {.proves = "CommaInABareNameAsRfc4475Baddn",
     .text = "Bell, Alexander <sip:a@b>;tag=43",
     .reading = "Bell, Alexander <sip:a@b>;tag=43",
     .reported = "SL-name-addr-display 0+15"},
    {.proves = "Utf8InABareName",
     .text = "\xc3\x84 <sip:a@b>",
     .reading = "\xc3\x84 <sip:a@b>",
     .reported = "SL-name-addr-display 0+2"},
    {.proves = "OpenBracket",
     .text = "<sip:a@b",
     .reading = "<sip:a@b>",
     .reported = "SL-name-addr-bracket 0+1"},
    {.proves = "OpenBracketTakesTheParameters",
     .text = "A <sip:a@b;tag=1",
     .reading = "A <sip:a@b;tag=1>",
     .reported = "SL-name-addr-bracket 2+1"},
    {.proves = "BlanksWithinTheBrackets",
     .text = "< sip:a@b >;tag=1",
     .reading = "<sip:a@b>;tag=1",
     .reported = "SL-name-addr-blank 1+9"},
    {.proves = "StrayQuoteBehindTheBracket",
     .text = "<sip:a@b>\";tag=1",
     .reading = "<sip:a@b>;tag=1",
     .reported = "SL-name-addr-text 9+1"},
    {.proves = "LostSemicolon",
     .text = "<sip:a@b> tag=1, <sip:c@d>",
     .reading = "<sip:a@b>, <sip:c@d>",
     .reported = "SL-name-addr-text 10+5"},
    {.proves = "TextBehindAnAddrSpec",
     .text = "sip:a@b <sip:c@d>",
     .reading = "<sip:a@b>",
     .reported = "SL-name-addr-text 8+9"},
    {.proves = "QuestionMarkWithoutBrackets",
     .text = "sip:a@b?x=y",
     .reading = "<sip:a@b?x=y>",
     .reported = "SL-name-addr-brackets-needed 0+11"},
    {.proves = "TransportOutsideOfBrackets",
     .text = "sip:a@b;Transport=tcp;lr",
     .reading = "<sip:a@b>;Transport=tcp;lr",
     .reported = "SL-name-addr-parameter-outside 8+13 | SL-name-addr-parameter-outside 22+2"},
    {.proves = "UriIsReportedWhereItStands",
     .text = "\"A\" <sip:a@b:0x1;;>",
     .reading = "\"A\" <sip:a@b:0x1;;>",
     .reported = "SL-port 13+3 | SL-parameter-empty 17+0 | SL-parameter-empty 18+0"},
    {.proves = "NothingBehindTheSemicolon",
     .text = "<sip:a@b>;",
     .reading = "<sip:a@b>;",
     .reported = "SL-parameter-empty 10+0"},
    {.proves = "NothingBehindTheEqualSign",
     .text = "<sip:a@b>;tag=",
     .reading = "<sip:a@b>;tag=",
     .reported = "SL-parameter-value 14+0"},
    {.proves = "NothingInFrontOfTheEqualSign",
     .text = "<sip:a@b>;=1",
     .reading = "<sip:a@b>;=1",
     .reported = "SL-parameter-name 10+0"},
    {.proves = "OpenQuoteInAParameterCoversTheComma",
     .text = "<sip:a@b>;x=\"1, <sip:c@d>",
     .reading = "<sip:a@b>;x=\"1, <sip:c@d>",
     .reported = "SL-parameter-quote 12+1"},
    {.proves = "QuoteEndsWithABackslash",
     .text = R"(<sip:a@b>;x="\)",
     .reading = R"(<sip:a@b>;x="\)",
     .reported = "SL-parameter-quote 12+1"},
    {.proves = "TextBehindAQuotedValue",
     .text = R"(<sip:a@b>;x="1"2)",
     .reading = R"(<sip:a@b>;x="1"2)",
     .reported = "SL-parameter-value 15+1"},
    {.proves = "BlankInAValue",
     .text = "<sip:a@b>;tag=a b",
     .reading = "<sip:a@b>;tag=a b",
     .reported = "SL-parameter-value 14+3"},
    {.proves = "TagTwice",
     .text = "<sip:a@b>;tag=1;TAG=",
     .reading = "<sip:a@b>;tag=1;TAG=",
     .reported = "SL-parameter-value 20+0 | SL-parameter-repeated 16+3"},
    {.proves = "QValueAboveOne",
     .text = "<sip:a@b>;q=1.001",
     .reading = "<sip:a@b>;q=1.001",
     .reported = "SL-parameter-range 12+5"},
    {.proves = "QValueWithFourDecimals",
     .text = "<sip:a@b>;q=0.1234",
     .reading = "<sip:a@b>;q=0.1234",
     .reported = "SL-parameter-range 12+6"},
    {.proves = "NegativeExpires",
     .text = "<sip:a@b>;expires=-1",
     .reading = "<sip:a@b>;expires=-1",
     .reported = "SL-parameter-range 18+2"},
    {.proves = "ExpiresOfThirtyThreeBits",
     .text = "<sip:a@b>;expires=4294967296",
     .reading = "<sip:a@b>;expires=4294967296",
     .reported = "SL-parameter-range 18+10"},
};
INSTANTIATE_TEST_SUITE_P(Illegal, NameAddrTest, testing::ValuesIn(illegal_addresses), name_of);

TEST(NameAddrError, SaysWhichByteWasNotRead) {
  using Kind = ParseError::Kind;
  expect_unread<NameAddr>({
      {"", {Kind::empty, 0}},
      {" \r\n\t", {Kind::empty, 4}},
      {"%", {Kind::not_an_address, 0}},
      {"/", {Kind::not_an_address, 0}},
      {"</>", {Kind::not_a_uri, 1}},
      {"<>", {Kind::not_a_uri, 1}},
      {"<", {Kind::not_a_uri, 1}},
      {"\"", {Kind::not_an_address, 0}},
      {"\"\\", {Kind::not_an_address, 0}},
      {" \"Alice\"", {Kind::not_an_address, 1}},
      {"alice@example.com", {Kind::not_an_address, 0}},
      {"<alice@example.com>", {Kind::not_a_uri, 6}},
      {"<<sip:a@b>>", {Kind::not_a_uri, 1}},
      {"A <urn:>", {Kind::not_a_uri, 7}},
      {";tag=1", {Kind::not_an_address, 0}},
      {",", {Kind::not_an_address, 0}},
  });
}

TEST(NameAddrTag, IsFoundInAnyCaseAndOnlyOutsideOfTheBrackets) {
  Diagnostics diagnostics;
  const auto outside = NameAddr::parse("<sip:a@b;tag=no>;x=\";tag=no\";TAG = 1", diagnostics);
  ASSERT_TRUE(outside);
  EXPECT_EQ(outside->tag(), "1");
  const auto without = NameAddr::parse("<sip:a@b;tag=no>", diagnostics);
  ASSERT_TRUE(without);
  EXPECT_EQ(without->tag(), std::nullopt);
  const auto empty = NameAddr::parse("<sip:a@b>;tag=", diagnostics);
  ASSERT_TRUE(empty);
  ASSERT_TRUE(empty->tag());
  EXPECT_EQ(*empty->tag(), "");
}

TEST(NameAddrMemory, NothingIsAllocatedInAnyPrefix) {
  expect_no_allocation_in_any_prefix<NameAddr>(
      " \"A\\\"\" B <sip:a%4:p@[::1]:1;lr;;x=\"?h=1>\" ;tag=\"1\\\" ;q=2;q=3 , \"C\" <sip:d");
}

TEST(NameAddrBounds, TenThousandAddressesAreReadInOnePassEach) {
  std::string contacts = "<sip:a@b>";
  for (int i = 1; i < 10'000; ++i) contacts += ", <sip:a@b>";
  int count = 0;
  for (std::string_view left = contacts; !left.empty(); ++count) {
    Diagnostics diagnostics;
    const auto address = NameAddr::parse(left, diagnostics);
    ASSERT_TRUE(address);
    ASSERT_LT(address->rest.size(), left.size());
    left = address->rest;
  }
  EXPECT_EQ(count, 10'000);
}

}  // namespace
}  // namespace sipauth
