#include "net/target.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sipauth::net {
namespace {

struct Case {
  std::string_view proves;
  std::string_view text;
  std::string_view understood;
  std::string_view request_uri;
  std::string_view user = "";
  bool loopback = false;
};

void PrintTo(const Case& row, std::ostream* out) { *out << row.text; }

class TargetTest : public testing::TestWithParam<Case> {};

TEST_P(TargetTest, IsUnderstood) {
  const auto& row = GetParam();
  const auto target = parse_target(row.text);
  ASSERT_TRUE(target) << target.error();
  EXPECT_EQ(target->understood(), row.understood);
  EXPECT_EQ(target->request_uri(), row.request_uri);
  EXPECT_EQ(target->user, row.user);
  EXPECT_EQ(target->is_loopback(), row.loopback);
  EXPECT_EQ(target->input, row.text);
}

std::string name_of(const testing::TestParamInfo<Case>& row) {
  return std::string{row.param.proves};
}

const std::vector<Case> contract{
    {"SipUriWithUser", "sip:alice@pbx.example.com", "sip:alice@pbx.example.com, found by DNS",
     "sip:pbx.example.com", "alice"},
    {"UriKeepsItsPort", "sip:alice@127.0.0.1:5060;transport=udp",
     "sip:alice@127.0.0.1:5060 over UDP", "sip:127.0.0.1:5060", "alice", true},
    {"PortThatWasNotTypedIsNotInTheRequestUri", "sip:127.0.0.1;transport=tcp",
     "sip:127.0.0.1:5060 over TCP", "sip:127.0.0.1", "", true},
    {"TransportTlsHasItsOwnPort", "sip:pbx;transport=TLS", "sip:pbx over TLS", "sip:pbx"},
    {"SipsIsTls", "sips:bob@pbx", "sips:bob@pbx over TLS", "sip:pbx", "bob"},
    {"SipsOverTcpIsTlsToo", "sips:pbx;transport=tcp", "sips:pbx over TLS", "sip:pbx"},
    {"HostAlone", "pbx.example.com", "sip:pbx.example.com, found by DNS", "sip:pbx.example.com"},
    {"HostAndPort", "localhost:5080", "sip:localhost:5080 over UDP", "sip:localhost:5080", "",
     true},
    {"IPv6WithPort", "[::1]:5060", "sip:[::1]:5060 over UDP", "sip:[::1]:5060", "", true},
    {"IPv6InAUri", "sip:alice@[2001:db8::1]", "sip:alice@[2001:db8::1]:5060 over UDP",
     "sip:[2001:db8::1]", "alice"},
    {"UdpPrefix", "udp:pbx:5070", "sip:pbx:5070 over UDP", "sip:pbx:5070"},
    {"TcpPrefixWithSlashes", "tcp://pbx:5070", "sip:pbx:5070 over TCP", "sip:pbx:5070"},
    {"TlsPrefix", "tls:pbx", "sip:pbx over TLS", "sip:pbx"},
    {"WebSocketWithAPath", "ws://pbx:8088/ws", "sip:pbx:8088 over WS at /ws", "sip:pbx:8088"},
    {"WebSocketHasThePortOfTheWeb", "ws://alice@pbx", "sip:alice@pbx:80 over WS", "sip:pbx",
     "alice"},
    {"SecureWebSocket", "wss://alice@[::1]/", "sip:alice@[::1]:443 over WSS", "sip:[::1]", "alice",
     true},
    {"WebSocketAsParameter", "sip:pbx;transport=WS", "sip:pbx:80 over WS", "sip:pbx"},
    {"SipsOverWebSocketIsSecure", "sips:pbx;transport=ws", "sips:pbx:443 over WSS", "sip:pbx"},
    {"SipsOverSecureWebSocket", "sips:pbx:8089;transport=wss", "sips:pbx:8089 over WSS",
     "sip:pbx:8089"},
    {"QueryOfAWebSocket", "ws://pbx?token=a;b@c", "sip:pbx:80 over WS at /?token=a;b@c", "sip:pbx"},
    {"BuiltInOverTcp", "builtin:strict;transport=tcp", "the built-in registrar strict over TCP",
     "sip:127.0.0.1", "", true},
    {"BuiltIn", "builtin:strict", "the built-in registrar strict", "sip:127.0.0.1", "", true},
    {"BuiltInWithAFault", "builtin:strict;fault=stale-same-nonce;transport=udp",
     "the built-in registrar strict with fault stale-same-nonce", "sip:127.0.0.1", "", true},
};
INSTANTIATE_TEST_SUITE_P(Contract, TargetTest, testing::ValuesIn(contract), name_of);

const std::vector<Case> forgiven{
    {"AnyCaseOfScheme", "SIP:alice@PBX", "sip:alice@PBX, found by DNS", "sip:PBX", "alice"},
    {"BlanksRoundIt", " sip:pbx \n", "sip:pbx, found by DNS", "sip:pbx"},
    {"AngleBrackets", "<sip:alice@pbx>", "sip:alice@pbx, found by DNS", "sip:pbx", "alice"},
    {"SlashesOfTheWeb", "sip://pbx/", "sip:pbx, found by DNS", "sip:pbx"},
    {"BareIPv6", "::1", "sip:[::1]:5060 over UDP", "sip:[::1]", "", true},
    {"UserWithAnAtSign", "sip:alice@example.com@pbx", "sip:alice%40example.com@pbx, found by DNS",
     "sip:pbx", "alice@example.com"},
    {"EscapesInTheUserAreDecoded", "sip:a%6Cic%65%20b@pbx", "sip:alice%20b@pbx, found by DNS",
     "sip:pbx", "alice b"},
    {"PercentSignThatEscapesNothing", "sip:50%@pbx", "sip:50%25@pbx, found by DNS", "sip:pbx",
     "50%"},
    {"OtherParametersAndHeadersAreIgnored", "sip:+49;x=1@pbx;lr;user=phone?Subject=x",
     "sip:+49;x=1@pbx, found by DNS", "sip:pbx", "+49;x=1"},
    {"SameTransportTwice", "tcp:pbx;transport=tcp", "sip:pbx over TCP", "sip:pbx"},
    {"WholeNetworkOfLoopback", "127.8.9.1", "sip:127.8.9.1:5060 over UDP", "sip:127.8.9.1", "",
     true},
    {"NameThatOnlyLooksLikeLoopback", "127.example.com", "sip:127.example.com, found by DNS",
     "sip:127.example.com"},
};
INSTANTIATE_TEST_SUITE_P(Forgiven, TargetTest, testing::ValuesIn(forgiven), name_of);

TEST(Target, PathGoesToTheServerAsItIs) {
  EXPECT_EQ(parse_target("ws://a@pbx:8088/p@th/?x=%20;y")->path, "/p@th/?x=%20;y");
  EXPECT_EQ(parse_target("ws:pbx")->path, "/");
  EXPECT_EQ(parse_target("sip:pbx/x;transport=ws")->path, "/");
}

TEST(Target, DomainHasNoPort) {
  EXPECT_EQ(parse_target("sip:alice@pbx.example.com:5080")->domain(), "pbx.example.com");
  EXPECT_EQ(parse_target("[::1]:5060")->domain(), "[::1]");
  EXPECT_EQ(parse_target("builtin:strict")->domain(), "127.0.0.1");
}

struct Refused {
  std::string_view proves;
  std::string_view text;
  std::string_view says;  ///< a part of the sentence
};

class TargetRefused : public testing::TestWithParam<Refused> {};

TEST_P(TargetRefused, SaysWhatToType) {
  const auto target = parse_target(GetParam().text);
  ASSERT_FALSE(target) << target->understood();
  EXPECT_NE(target.error().find(GetParam().says), std::string::npos) << target.error();
  EXPECT_TRUE(target.error().ends_with('.')) << target.error();
}

const std::vector<Refused> refused{
    {"Nothing", "  ", "sip:USER@HOST"},
    {"SchemeAlone", "sip:", "no host"},
    {"UserWithoutHost", "sip:alice@", "no host"},
    {"WebSocketWithAFragment", "ws://pbx/ws#top", "%23"},
    {"PathBeyondAscii", "ws://pbx/w\xc3\xa4", "%XX"},
    {"WebSocketAgainstParameter", "ws://pbx;transport=wss", "keep one of them"},
    {"BuiltInOverWebSocket", "builtin:strict;transport=ws", "udp or tcp"},
    {"WebAddress", "https://pbx", "sip:USER@HOST"},
    {"PhoneNumber", "tel:+49301234", "sip:USER@HOST"},
    {"UnknownTransport", "sip:pbx;transport=sctp", "udp, tcp, tls, ws or wss"},
    {"TwoTransports", "sip:pbx;transport=tcp;transport=udp", "two transports"},
    {"PrefixAgainstParameter", "udp:pbx;transport=tcp", "keep one of them"},
    {"SipsOverUdp", "sips:pbx;transport=udp", "never sent over udp"},
    {"PortZero", "pbx:0", "1 to 65535"},
    {"PortTooLarge", "pbx:65536", "1 to 65535"},
    {"PortMissing", "pbx:", "1 to 65535"},
    {"PortWithASign", "pbx:+5060", "1 to 65535"},
    {"PortBehindIPv6", "[::1]:x", "1 to 65535"},
    {"IPv6WithoutItsBracket", "[::1", "in brackets"},
    {"NoIPv6InTheBrackets", "[pbx]", "in brackets"},
    {"RestBehindTheBracket", "[::1]5060", "in brackets"},
    {"IPv6ThatMayEndInAPort", "2001:db8::1:5060", "[2001:db8::1]:5060"},
    {"NotIPv4", "300.1.1.1", "four numbers"},
    {"ShortIPv4", "127.1", "four numbers"},
    {"PasswordIsNotEchoed", "sip:alice:hunter2@pbx", "--password-file"},
    {"ControlCharacterInTheUser", "sip:a%0d%0aX:1@pbx", "--password-file"},
    {"EscapedLineBreakInTheUser", "sip:a%0d%0ab@pbx", "control character"},
    {"BlankInside", "sip:alice smith@pbx", "%20"},
    {"LetterBeyondAscii",
     "sip:b\xc3\xbc"
     "cher.example",
     "xn--"},
    {"CharacterNoHostHas", "pbx$", "not a host name"},
    {"Maddr", "sip:pbx;maddr=10.0.0.1", "--connect"},
    {"BuiltInWithoutProfile", "builtin:", "builtin:strict"},
    {"BuiltInWithUnknownParameter", "builtin:strict;falt=x", "falt"},
    {"BuiltInOverTls", "builtin:strict;transport=tls", "udp or tcp"},
};
INSTANTIATE_TEST_SUITE_P(Rows, TargetRefused, testing::ValuesIn(refused),
                         [](const auto& row) { return std::string{row.param.proves}; });

TEST(TargetRefused, NoPasswordInTheSentence) {
  EXPECT_EQ(parse_target("sip:alice:hunter2@pbx").error().find("hunter2"), std::string::npos);
}

}  // namespace
}  // namespace sipauth::net
