// Reading: whole messages, and the header values in them.

#include <benchmark/benchmark.h>

#include <cstdlib>
#include <string_view>

#include "sipauth/challenge.hpp"
#include "sipauth/credentials.hpp"
#include "sipauth/lint.hpp"
#include "sipauth/message.hpp"

namespace sipauth {
namespace {

constexpr std::string_view challenge_value =
    R"(Digest realm="example.com", nonce="5a1b2c3d4e5f60718293a4b5c6d7e8f901234567", )"
    R"(opaque="0123456789abcdef", stale=false, algorithm=MD5, qop="auth")";

constexpr std::string_view credentials_value =
    R"(Digest username="alice", realm="example.com", )"
    R"(nonce="5a1b2c3d4e5f60718293a4b5c6d7e8f901234567", uri="sip:example.com", )"
    R"(response="7fd96a22ed1d64a974701dbd8f92a14e", algorithm=MD5, cnonce="0a4f113b", )"
    R"(opaque="0123456789abcdef", qop=auth, nc=00000001)";

constexpr std::string_view unauthorized =
    "SIP/2.0 401 Unauthorized\r\n"
    "Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK776asdhds;rport=5060;received=192.0.2.1\r\n"
    "From: \"Alice\" <sip:alice@example.com>;tag=a73kszlfl\r\n"
    "To: <sip:alice@example.com>;tag=314159\r\n"
    "Call-ID: 1j9FpLxk3uxtm8tn@192.0.2.1\r\n"
    "CSeq: 1 REGISTER\r\n"
    "WWW-Authenticate: Digest realm=\"example.com\", "
    "nonce=\"5a1b2c3d4e5f60718293a4b5c6d7e8f901234567\", algorithm=MD5, qop=\"auth\"\r\n"
    "Server: registrar\r\n"
    "Allow: INVITE, ACK, CANCEL, OPTIONS, BYE, REFER, SUBSCRIBE, NOTIFY, INFO\r\n"
    "Content-Length: 0\r\n\r\n";

constexpr std::string_view three_challenges =
    "SIP/2.0 401 Unauthorized\r\n"
    "Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK776asdhds\r\n"
    "From: <sip:alice@example.com>;tag=1\r\n"
    "To: <sip:alice@example.com>;tag=2\r\n"
    "Call-ID: 1@192.0.2.1\r\n"
    "CSeq: 1 REGISTER\r\n"
    "WWW-Authenticate: Digest realm=\"example.com\", nonce=\"5a1b2c3d4e5f6071\", "
    "algorithm=SHA-512-256, qop=\"auth\"\r\n"
    "WWW-Authenticate: Digest realm=\"example.com\", nonce=\"5a1b2c3d4e5f6072\", "
    "algorithm=SHA-256, qop=\"auth\"\r\n"
    "WWW-Authenticate: Digest realm=\"example.com\", nonce=\"5a1b2c3d4e5f6073\", "
    "algorithm=MD5, qop=\"auth\"\r\n"
    "Content-Length: 0\r\n\r\n";

constexpr std::string_view register_with_credentials =
    "REGISTER sip:example.com SIP/2.0\r\n"
    "Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK776asdhds;rport\r\n"
    "Max-Forwards: 70\r\n"
    "From: \"Alice\" <sip:alice@example.com>;tag=a73kszlfl\r\n"
    "To: <sip:alice@example.com>\r\n"
    "Call-ID: 1j9FpLxk3uxtm8tn@192.0.2.1\r\n"
    "CSeq: 2 REGISTER\r\n"
    "Contact: <sip:alice@192.0.2.1:5060>;expires=3600\r\n"
    "Authorization: Digest username=\"alice\", realm=\"example.com\", "
    "nonce=\"5a1b2c3d4e5f60718293a4b5c6d7e8f901234567\", uri=\"sip:example.com\", "
    "response=\"7fd96a22ed1d64a974701dbd8f92a14e\", algorithm=MD5, cnonce=\"0a4f113b\", "
    "qop=auth, nc=00000001\r\n"
    "User-Agent: phone\r\n"
    "Content-Length: 0\r\n\r\n";

// One round of `read`, which says whether it could; a benchmark of refused input would mislead.
template <typename Read>
void run(benchmark::State& state, std::string_view text, Read read) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(text);
    if (!read(text)) {
      state.SkipWithError("the text was refused");
      break;
    }
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) *
                          static_cast<std::int64_t>(text.size()));
}

void challenge(benchmark::State& state) {
  run(state, challenge_value, [](std::string_view text) {
    Diagnostics diagnostics;
    const auto challenge = Challenge::parse(text, diagnostics);
    return challenge && challenge->nonce();
  });
}
BENCHMARK(challenge);

void credentials(benchmark::State& state) {
  run(state, credentials_value, [](std::string_view text) {
    Diagnostics diagnostics;
    const auto credentials = Credentials::parse(text, diagnostics);
    return credentials && credentials->response();
  });
}
BENCHMARK(credentials);

void message_401(benchmark::State& state) {
  run(state, unauthorized, [](std::string_view text) {
    Diagnostics diagnostics;
    const auto message = Message::parse(text, diagnostics);
    return message && message->status() == 401;
  });
}
BENCHMARK(message_401);

void message_401_and_its_challenge(benchmark::State& state) {
  run(state, unauthorized, [](std::string_view text) {
    Diagnostics diagnostics;
    const auto message = Message::parse(text, diagnostics);
    int challenges = 0;
    if (message) for_each_challenge(*message, [&](auto&&...) { ++challenges; });
    return challenges == 1;
  });
}
BENCHMARK(message_401_and_its_challenge);

void message_401_and_three_challenges(benchmark::State& state) {
  run(state, three_challenges, [](std::string_view text) {
    Diagnostics diagnostics;
    const auto message = Message::parse(text, diagnostics);
    int challenges = 0;
    if (message) for_each_challenge(*message, [&](auto&&...) { ++challenges; });
    return challenges == 3;
  });
}
BENCHMARK(message_401_and_three_challenges);

void register_and_its_credentials(benchmark::State& state) {
  run(state, register_with_credentials, [](std::string_view text) {
    Diagnostics diagnostics;
    const auto message = Message::parse(text, diagnostics);
    if (!message) return false;
    const auto credentials =
        Credentials::parse(message->value(HeaderId::authorization), diagnostics);
    return credentials && credentials->response();
  });
}
BENCHMARK(register_and_its_credentials);

void lint_of_a_401(benchmark::State& state) {
  run(state, unauthorized, [](std::string_view text) {
    Diagnostics diagnostics;
    return lint_message(text, diagnostics).has_value();
  });
}
BENCHMARK(lint_of_a_401);

}  // namespace
}  // namespace sipauth
