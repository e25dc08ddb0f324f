// Digests from several threads at once: the first of them opens libcrypto.

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "lib/digest_vectors.hpp"
#include "sipauth/digest.hpp"

namespace sipauth {
namespace {

using namespace vectors;

TEST(Threads, DoNotDisturbOneAnother) {
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([] {
      for (int round = 0; round < 200; ++round) {
        for (const auto& row : registers) {
          const auto trace = compute_digest(input_of(row));
          ASSERT_TRUE(trace);
          ASSERT_EQ(trace->response.view(), row.response);
        }
      }
    });
  }
}

}  // namespace
}  // namespace sipauth
