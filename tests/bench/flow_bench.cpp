// Following registrations: the messages of many phones, one after another.

#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "sipauth/flow.hpp"

namespace sipauth {
namespace {

struct Kept {
  std::string text = {};
  bool from_phone = true;
};

std::string common(const std::string& call, const std::string& branch, int cseq) {
  return "Via: SIP/2.0/UDP 192.0.2.5:5060;branch=z9hG4bK" + branch +
         "\r\nFrom: <sip:alice@example.com>;tag=" + call +
         "\r\nTo: <sip:alice@example.com>\r\nCall-ID: " + call +
         "\r\nCSeq: " + std::to_string(cseq) + " REGISTER\r\nContent-Length: 0\r\n";
}

// Request, challenge, answer, success.
std::vector<Kept> registration(int number) {
  const auto call = "call-" + std::to_string(number);
  const auto nonce = "nonce-" + std::to_string(number);
  return {{"REGISTER sip:example.com SIP/2.0\r\n" + common(call, call + 'a', 1) + "\r\n", true},
          {"SIP/2.0 401 Unauthorized\r\n" + common(call, call + 'a', 1) +
               "WWW-Authenticate: Digest realm=\"example.com\", nonce=\"" + nonce +
               "\", qop=\"auth\", algorithm=SHA-256\r\n\r\n",
           false},
          {"REGISTER sip:example.com SIP/2.0\r\n" + common(call, call + 'b', 2) +
               "Authorization: Digest username=\"alice\", realm=\"example.com\", nonce=\"" + nonce +
               "\", uri=\"sip:example.com\", response=\"00\", algorithm=SHA-256, qop=auth, "
               "nc=00000001, cnonce=\"c\"\r\n\r\n",
           true},
          {"SIP/2.0 200 OK\r\n" + common(call, call + 'b', 2) + "\r\n", false}};
}

void follow_registrations(benchmark::State& state) {
  constexpr int phones = 1000;
  std::vector<Kept> messages;
  for (int number = 0; number < phones; ++number) {
    for (auto& message : registration(number)) messages.push_back(std::move(message));
  }
  for (auto _ : state) {
    FlowAnalysis analysis;
    std::int64_t time = 1'700'000'000'000'000'000;
    for (const auto& [text, from_phone] : messages) {
      analysis.add({.number = 1,
                    .time = time += 1'000'000,
                    .source = from_phone ? "192.0.2.5:5060" : "192.0.2.1:5060",
                    .destination = from_phone ? "192.0.2.1:5060" : "192.0.2.5:5060",
                    .transport = "udp",
                    .text = text});
    }
    benchmark::DoNotOptimize(analysis.finish());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(messages.size()));
}
BENCHMARK(follow_registrations);

}  // namespace
}  // namespace sipauth
