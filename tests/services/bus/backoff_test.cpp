#include "services/bus/redis/backoff.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace crier::services::bus::redis {
namespace {

using std::chrono::milliseconds;

TEST(Backoff, StaysUnderABoundThatDoublesUpToTheLargest) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Backoff backoff(milliseconds(100), milliseconds(5000), seed);
    for (const int bound : {100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000}) {
      const milliseconds wait = backoff.next();
      ASSERT_LE(wait, milliseconds(bound));
      ASSERT_GE(wait, Backoff::kFloor);
    }
  }
}

TEST(Backoff, UsesTheWholeRange) {
  milliseconds least = milliseconds::max();
  milliseconds most{0};
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    const milliseconds wait = Backoff(milliseconds(100), milliseconds(5000), seed).next();
    least = std::min(least, wait);
    most = std::max(most, wait);
  }
  EXPECT_LT(least, milliseconds(10));
  EXPECT_GT(most, milliseconds(90));
}

TEST(Backoff, BeginsAnewAfterReset) {
  Backoff backoff(milliseconds(100), milliseconds(5000), 1);
  for (int i = 0; i < 1000; ++i) (void)backoff.next();
  backoff.reset();
  EXPECT_LE(backoff.next(), milliseconds(100));
}

}  // namespace
}  // namespace crier::services::bus::redis
