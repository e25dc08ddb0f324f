// Digests: one of each algorithm, and the search for what went wrong.

#include <benchmark/benchmark.h>

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

void explanation_that_is_not_found(benchmark::State& state) {
  const auto input = input_for(algorithms().front());
  for (auto _ : state) {
    benchmark::DoNotOptimize(explain_mismatch(input, "00000000000000000000000000000000"));
  }
}
BENCHMARK(explanation_that_is_not_found);

}  // namespace
}  // namespace sipauth
