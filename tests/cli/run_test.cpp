#include "commands/run.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "sip/dialogue.hpp"

namespace sipauth::commands {
namespace {

using testing::HasSubstr;

TargetOptions options_for(std::string target) {
  TargetOptions options;
  options.target = std::move(target);
  return options;
}

std::expected<Prepared, results::Error> prepared(const TargetOptions& options) {
  return prepare({.no_input = true}, options, true);
}

/// A file of the test's own that only its owner can read.
class SecretFile {
 public:
  explicit SecretFile(std::string_view text) {
    const int descriptor = ::mkstemp(name_.data());
    EXPECT_NE(descriptor, -1);
    EXPECT_EQ(::write(descriptor, text.data(), text.size()), static_cast<ssize_t>(text.size()));
    ::close(descriptor);
  }
  ~SecretFile() { ::unlink(name_.c_str()); }
  SecretFile(const SecretFile&) = delete;
  SecretFile& operator=(const SecretFile&) = delete;

  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  std::string name_ = testing::TempDir() + "sipauth-run-XXXXXX";
};

struct Refused {
  std::string_view proves;
  void (*change)(TargetOptions&);
  std::string_view says;
};

void PrintTo(const Refused& row, std::ostream* out) { *out << row.proves; }

class PrepareRefuses : public testing::TestWithParam<Refused> {};

TEST_P(PrepareRefuses, WithASentenceThatHelps) {
  auto options = options_for("sip:alice@127.0.0.1");
  GetParam().change(options);
  const auto result = prepared(options);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, "usage");
  EXPECT_THAT(result.error().text, HasSubstr(GetParam().says));
}

const std::vector<Refused> refused{
    {"NoTarget", [](auto& o) { o.target = ""; }, "There is no target"},
    {"UnknownTransport", [](auto& o) { o.transport = "sctp"; }, "type udp, tcp, tls, ws or wss"},
    {"KeyWithoutItsCertificate", [](auto& o) { o.tls_key = "key.pem"; }, "--tls-cert FILE"},
    {"NameServerByName", [](auto& o) { o.dns_server = "dns.example.com"; }, "--dns-server takes"},
    {"NameServerThatIsABuiltin", [](auto& o) { o.dns_server = "builtin:strict"; },
     "--dns-server takes"},
    {"SipsOverUdp",
     [](auto& o) {
       o.target = "sips:a@127.0.0.1";
       o.transport = "udp";
     },
     "sips: is never sent over udp"},
    {"UnknownProfileNamesTheNearest", [](auto& o) { o.target = "builtin:strickt"; }, "strict"},
    {"UnknownFault", [](auto& o) { o.target = "builtin:strict;fault=x"; }, "There is no fault"},
    {"BuiltinOverTls",
     [](auto& o) {
       o.target = "builtin:strict";
       o.transport = "tls";
     },
     "over udp or tcp"},
    {"BuiltinElsewhere",
     [](auto& o) {
       o.target = "builtin:strict";
       o.connect = "127.0.0.1:5060";
     },
     "inside this process"},
    {"BothFamilies", [](auto& o) { o.ipv4_only = o.ipv6_only = true; }, "either -4 or -6"},
    {"NoTimeAtAll", [](auto& o) { o.timeout_seconds = 0; }, "--timeout"},
    {"TimeOfDays", [](auto& o) { o.timeout_seconds = 100'000; }, "--timeout"},
    {"RateOfNothing", [](auto& o) { o.rate = 0; }, "--rate"},
    {"ConnectWithAUser", [](auto& o) { o.connect = "a@127.0.0.1"; }, "without a user"},
    {"ConnectToNowhere", [](auto& o) { o.connect = "127.0.0.1:0"; }, "--connect"},
    {"LineEndInAUser", [](auto& o) { o.user = "a\r\nX: y"; }, "--user holds"},
    {"LineEndInARealm", [](auto& o) { o.realm = "a\nb"; }, "--realm holds"},
    {"LineEndInTheUserAgent", [](auto& o) { o.user_agent = "a\nb"; }, "--user-agent holds"},
    {"AngleBracketInADomain", [](auto& o) { o.domain = "a>b"; }, "--domain holds"},
    {"HeaderWithoutAColon", [](auto& o) { o.headers = {"X-Test"}; }, "Name: value"},
    {"HeaderWithoutAName", [](auto& o) { o.headers = {": x"}; }, "Name: value"},
    {"HeaderWithALineEnd", [](auto& o) { o.headers = {"X: a\r\nVia: b"}; }, "control character"},
    {"HeaderOfOurs", [](auto& o) { o.headers = {"call-id: x"}; }, "written by the tool itself"},
    {"HeaderOfOursInItsCompactForm", [](auto& o) { o.headers = {"v: x"}; }, "leave that --header"},
    {"CredentialsOfTheirOwn", [](auto& o) { o.headers = {"Authorization: x"}; }, "tool itself"},
    {"PasswordOfNobody",
     [](auto& o) {
       o.target = "127.0.0.1";
       o.password_file = "-";
     },
     "Whose password is it?"},
    {"TwoPasswords",
     [](auto& o) {
       o.password_file = "a";
       o.ha1_file = "b";
     },
     "not both"},
    {"CardAndPassword",
     [](auto& o) {
       o.password_file = "a";
       o.aka_file = "b";
     },
     "one of --password-file, --ha1-file and --aka-file"},
    {"CardOfNobody",
     [](auto& o) {
       o.target = "127.0.0.1";
       o.aka_file = "-";
     },
     "Whose password is it?"},
    {"CardThatIsNotThere", [](auto& o) { o.aka_file = "/nonexistent"; },
     "Cannot read /nonexistent"},
    {"PasswordFileThatIsNotThere", [](auto& o) { o.password_file = "/nonexistent"; },
     "Cannot read /nonexistent"},
};
INSTANTIATE_TEST_SUITE_P(All, PrepareRefuses, testing::ValuesIn(refused),
                         [](const auto& row) { return std::string{row.param.proves}; });

TEST(Prepare, TakesTheUserOfTheTarget) {
  const auto result = prepared(options_for("sip:alice@pbx.example.com:5070"));
  ASSERT_TRUE(result) << result.error().text;
  EXPECT_EQ(result->identity.user, "alice");
  EXPECT_EQ(result->identity.domain, "pbx.example.com");
  EXPECT_EQ(result->identity.request_uri, "sip:pbx.example.com:5070");
  EXPECT_TRUE(result->has_user);
  EXPECT_FALSE(result->identity.has_password);
}

TEST(Prepare, LetsOptionsGoBeforeTheTarget) {
  auto options = options_for("sip:alice@127.0.0.1;transport=tcp");
  options.user = "bob";
  options.auth_user = "robert";
  options.domain = "example.com";
  options.transport = "TLS";
  options.headers = {"X-Test:  a b ", "Expires: 5"};
  const auto result = prepared(options);
  ASSERT_TRUE(result) << result.error().text;
  EXPECT_EQ(result->identity.user, "bob");
  EXPECT_EQ(result->identity.auth_user, "robert");
  EXPECT_EQ(result->identity.domain, "example.com");
  EXPECT_EQ(result->target.transport, net::TransportKind::tls);
  using Headers = std::vector<std::pair<std::string, std::string>>;
  EXPECT_EQ(result->identity.extra_headers, (Headers{{"X-Test", "a b"}, {"Expires", "5"}}));
}

TEST(Prepare, MakesUpAUserWhereThereIsNoneAndAsksForNoPassword) {
  ASSERT_EQ(::setenv("SIPAUTH_PASSWORD", "secret", 1), 0);
  auto options = options_for("127.0.0.1");
  options.seed = 7;
  const auto first = prepared(options);
  const auto second = prepared(options);
  ::unsetenv("SIPAUTH_PASSWORD");
  ASSERT_TRUE(first);
  EXPECT_FALSE(first->has_user);
  EXPECT_FALSE(first->identity.has_password);
  EXPECT_FALSE(first->identity.user.empty());
  EXPECT_EQ(first->identity.user, second->identity.user);
}

TEST(Prepare, KeepsSipsOverTcpSecure) {
  auto options = options_for("sips:alice@127.0.0.1");
  options.transport = "tcp";
  EXPECT_EQ(prepared(options)->target.transport, net::TransportKind::tls);
  options.transport = "ws";
  EXPECT_EQ(prepared(options)->target.transport, net::TransportKind::wss);
}

TEST(PreparePassword, ComesFromTheEnvironmentOnce) {
  ASSERT_EQ(::setenv("SIPAUTH_PASSWORD", "geheim", 1), 0);
  const auto result = prepared(options_for("sip:alice@127.0.0.1"));
  ASSERT_TRUE(result) << result.error().text;
  EXPECT_TRUE(result->identity.has_password);
  EXPECT_EQ(result->identity.password.reveal(), "geheim");
  EXPECT_EQ(std::getenv("SIPAUTH_PASSWORD"), nullptr);
}

TEST(PreparePassword, ComesFromAFile) {
  const SecretFile file{"geheim \r\n"};
  auto options = options_for("sip:alice@127.0.0.1");
  options.password_file = file.name();
  const auto result = prepared(options);
  ASSERT_TRUE(result) << result.error().text;
  EXPECT_EQ(result->identity.password.reveal(), "geheim ");
  EXPECT_FALSE(result->identity.password_is_ha1);
}

TEST(PreparePassword, OrItsHa1WhichMustLookLikeOne) {
  const std::string md5(32, 'a');
  for (const auto& [text, good] : {std::pair{md5, true},
                                   {std::string(64, 'F'), true},
                                   {"secret", false},
                                   {md5 + "0", false},
                                   {std::string(32, 'g'), false}}) {
    const SecretFile file{text + "\n"};
    auto options = options_for("sip:alice@127.0.0.1");
    options.ha1_file = file.name();
    const auto result = prepared(options);
    ASSERT_EQ(result.has_value(), good) << text;
    if (good) {
      EXPECT_TRUE(result->identity.password_is_ha1);
    } else {
      EXPECT_THAT(result.error().text, HasSubstr("HA1"));
      EXPECT_EQ(result.error().text.find(text), std::string::npos);
    }
  }
}

struct BuiltinUser {
  std::string_view user;
  std::string_view password;
};

TEST(PreparePassword, OfABuiltinRegistrarIsKnownAndTheEnvironmentIsNot) {
  ASSERT_EQ(::setenv("SIPAUTH_PASSWORD", "wrong", 1), 0);
  for (const auto& [user, password] :
       {BuiltinUser{"", "secret"}, {"alice", "secret"}, {"bob", "secret2"}, {"carol", ""}}) {
    auto options = options_for("builtin:strict");
    options.user = user;
    const auto result = prepared(options);
    ASSERT_TRUE(result) << result.error().text;
    EXPECT_TRUE(result->has_user);
    EXPECT_EQ(result->identity.user, user.empty() ? "alice" : user);
    EXPECT_EQ(result->identity.has_password, !password.empty()) << user;
    EXPECT_EQ(result->identity.password.reveal(), password) << user;
  }
  ::unsetenv("SIPAUTH_PASSWORD");
}

TEST(PreparePassword, FileGoesBeforeThatOfABuiltinRegistrar) {
  const SecretFile file{"wrong"};
  auto options = options_for("builtin:strict");
  options.password_file = file.name();
  EXPECT_EQ(prepared(options)->identity.password.reveal(), "wrong");
}

TEST(PrepareSeed, IsOneForABuiltinRegistrarAndAnyForALiveOne) {
  EXPECT_EQ(prepared(options_for("builtin:strict"))->seed, 1U);
  EXPECT_NE(prepared(options_for("127.0.0.1"))->seed, prepared(options_for("127.0.0.1"))->seed);
  auto options = options_for("127.0.0.1");
  options.seed = 42;
  EXPECT_EQ(prepared(options)->seed, 42U);
}

struct RateCase {
  std::string_view target;
  std::string_view connect;
  bool loopback = false;
  double rate = 0;
};

TEST(PrepareRate, IsPoliteUnlessThePacketsStayOnThisHost) {
  for (const auto& [target, connect, loopback, rate] :
       {RateCase{"127.0.0.1", "", true, 0}, RateCase{"builtin:strict", "", true, 0},
        RateCase{"pbx.example.com", "", false, 5},
        RateCase{"pbx.example.com", "127.0.0.1:5060", true, 0},
        RateCase{"127.0.0.1", "192.0.2.1:5060", false, 5}}) {
    auto options = options_for(std::string{target});
    options.connect = connect;
    const auto result = prepared(options);
    ASSERT_TRUE(result) << result.error().text;
    EXPECT_EQ(result->loopback, loopback) << target << ' ' << connect;
    EXPECT_EQ(result->requests_per_second, rate) << target << ' ' << connect;
    options.rate = 2.5;
    EXPECT_EQ(prepared(options)->requests_per_second, 2.5);
  }
}

TEST(Open, ReachesABuiltinRegistrarAsItsAlice) {
  const auto options = options_for("builtin:strict");
  auto run = open({}, options, *prepared(options));
  ASSERT_TRUE(run) << run.error().text;
  sip::Dialogue dialogue{*run->session};
  const auto challenged = dialogue.challenge();
  ASSERT_TRUE(challenged.challenged());
  EXPECT_TRUE(dialogue.answer(challenged).accepted());

  const auto facts = target_facts(run->target, &run->route->transport(), &run->session->recorder());
  EXPECT_EQ(facts.input, "builtin:strict");
  EXPECT_EQ(facts.uri, "sip:127.0.0.1");
  EXPECT_EQ(facts.transport, "udp");
  EXPECT_EQ(facts.address, "127.0.0.1");
  EXPECT_EQ(facts.port, 5060);
  EXPECT_FALSE(facts.server.empty());
}

TEST(Open, PutsTheFaultOnTheBuiltinRegistrar) {
  const auto options = options_for("builtin:strict;fault=missing-comma");
  ASSERT_TRUE(prepared(options)) << prepared(options).error().text;
  EXPECT_TRUE(open({}, options, *prepared(options)));
}

TEST(TargetFacts, TellPortAndNoAddressBeforeAnythingIsOpen) {
  const auto target = net::parse_target("tls:pbx.example.com");
  const auto facts = target_facts(*target, nullptr, nullptr);
  EXPECT_EQ(facts.address, "");
  EXPECT_EQ(facts.port, 5061);
  EXPECT_EQ(facts.transport, "tls");
}

TEST(ExitCode, FollowsTheKindOfError) {
  for (const auto& [kind, code] : std::vector<std::pair<std::string, int>>{{"usage", 2},
                                                                           {"no-password", 2},
                                                                           {"redacted", 2},
                                                                           {"dns", 3},
                                                                           {"refused", 3},
                                                                           {"timeout", 3},
                                                                           {"tls", 3},
                                                                           {"not-sip", 3},
                                                                           {"banned", 3},
                                                                           {"inconclusive", 3},
                                                                           {"credentials", 4},
                                                                           {"internal", 5},
                                                                           {"interrupted", 130},
                                                                           {"unheard-of", 5}}) {
    EXPECT_EQ(exit_code_of(kind), code) << kind;
  }
}

TEST(ErrorOf, NamesTheKindOfEveryTransportError) {
  using Kind = net::NetError::Kind;
  for (const auto& [kind, name] :
       std::vector<std::pair<Kind, std::string>>{{Kind::dns, "dns"},
                                                 {Kind::refused, "refused"},
                                                 {Kind::unreachable, "refused"},
                                                 {Kind::timeout, "timeout"},
                                                 {Kind::tls, "tls"},
                                                 {Kind::closed, "refused"},
                                                 {Kind::framing, "not-sip"},
                                                 {Kind::interrupted, "interrupted"},
                                                 {Kind::usage, "usage"},
                                                 {Kind::internal, "internal"}}) {
    const auto error = error_of(net::NetError{kind, "why"});
    EXPECT_EQ(error.kind, name);
    EXPECT_EQ(error.text, "why");
  }
}

class Silence : public testing::Test {
 protected:
  Silence() : run_{*open({}, options_, *prepared(options_))} {}

  const TargetOptions options_ = options_for("builtin:strict");
  commands::Run run_;
};

TEST_F(Silence, IsATimeoutThatSaysWhatToTryNext) {
  const auto error = error_of(sip::NoAnswer{}, *run_.session);
  EXPECT_EQ(error.kind, "timeout");
  EXPECT_THAT(error.text, HasSubstr("No answer from 127.0.0.1:5060 over udp within 5 s"));
}

TEST_F(Silence, BesideUnreadableAnswersIsNoSip) {
  run_.session->noise().unreadable = 1;
  EXPECT_EQ(error_of(sip::NoAnswer{}, *run_.session).kind, "not-sip");
}

TEST_F(Silence, AfterATransportErrorIsThatError) {
  const sip::NoAnswer silence{{}, net::NetError{net::NetError::Kind::refused, "nobody"}};
  EXPECT_EQ(error_of(silence, *run_.session).kind, "refused");
}

}  // namespace
}  // namespace sipauth::commands
