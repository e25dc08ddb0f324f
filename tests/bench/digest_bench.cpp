// Digests: one of each algorithm, and the search for what went wrong.

#include <benchmark/benchmark.h>

#include <array>
#include <string>
#include <string_view>

#include "sipauth/digest.hpp"
#include "sipauth/explain.hpp"

namespace sipauth {
namespace {

DigestInput input_for(const Algorithm& algorithm) {
  return {.algorithm = &algorithm,
          .qop = Qop::auth,
          .username = "alice",
          .realm = "example.com",
          .password = "secret",
          .method = "REGISTER",
          .uri = "sip:example.com",
          .nonce = "dcd98b7102dd2f0e8b11d0f600bfb0c093",
          .nc = "00000001",
          .cnonce = "0a4f113b"};
}

void digest(benchmark::State& state) {
  const auto& algorithm = algorithms()[static_cast<std::size_t>(state.range(0))];
  state.SetLabel(std::string{algorithm.name});
  const auto input = input_for(algorithm);
  for (auto _ : state) {
    const auto trace = compute_digest(input);
    if (!trace) {
      state.SkipWithError(trace.error().sentence().data());
      break;
    }
    benchmark::DoNotOptimize(*trace);
  }
}
BENCHMARK(digest)->DenseRange(0, 5);

// What a registrar with stored HA1s does for every request.
void digest_from_ha1(benchmark::State& state) {
  auto input = input_for(algorithms().front());
  input.ha1 = "b1726872c344b6dc8365b774f8fd6412";
  for (auto _ : state) benchmark::DoNotOptimize(compute_digest(input));
}
BENCHMARK(digest_from_ha1);

// The whole search, singles and pairs, with all that a pasted trace adds to it.
void explanation_that_is_not_found(benchmark::State& state) {
  const auto& algorithm = algorithms()[static_cast<std::size_t>(state.range(0))];
  auto input = input_for(algorithm);
  input.uri = "sip:pbx.example.com:5070;transport=tcp";
  const auto others = std::to_array<std::string_view>({"proxy.test", "older"});
  ExplainContext context;
  context.request_uri = "sip:pbx.example.com";
  context.domain = "example.org";
  context.from = context.to = "\"Alice A\" <sip:4711@dom.test>;tag=1";
  context.contact = "<sip:alice@192.0.2.7:5062;ob>";
  context.realms = context.nonces = context.cnonces = others;
  const std::string expected(algorithm.hex_length, '0');
  std::size_t tried = 0;
  for (auto _ : state) {
    const auto search = explain_mismatch(input, expected, context);
    tried = search.tried;
    benchmark::DoNotOptimize(search.explanations);
  }
  state.SetLabel(std::string{algorithm.name} + ", " + std::to_string(tried) + " digests");
}
BENCHMARK(explanation_that_is_not_found)->DenseRange(0, 5)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace sipauth
